"""What a jeugdregio has agreed with its local teams, providers and expert team."""

from sqlalchemy import Boolean, CheckConstraint, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.dossiers.agreements.steps import Step
from app.kit.database.tables import VersionedTable


class RegionalAgreementsRow(VersionedTable):
    """The agreements of a region; a region without a row has the defaults of `agreements.schemas`.

    A number of days that is NULL means that the region has no such agreement. The region's code has no foreign key,
    because the first row comes with the tables, before the reference data does.
    """

    __tablename__ = "regional_agreements"
    __table_args__ = (
        CheckConstraint("contact_local_team_days BETWEEN 1 AND 365", name="contact_local_team_days"),
        CheckConstraint("expert_team_days BETWEEN 1 AND 365", name="expert_team_days"),
        CheckConstraint("authorisation_warning_days BETWEEN 1 AND 365", name="authorisation_warning_days"),
        CheckConstraint("next_place_days BETWEEN 1 AND 365", name="next_place_days"),
        CheckConstraint("referral_answer_days BETWEEN 1 AND 60", name="referral_answer_days"),
        CheckConstraint("urgent_answer_days BETWEEN 1 AND 60", name="urgent_answer_days"),
        CheckConstraint("crisis_answer_hours BETWEEN 1 AND 168", name="crisis_answer_hours"),
        CheckConstraint("arrangement_answer_days BETWEEN 1 AND 60", name="arrangement_answer_days"),
        CheckConstraint("cardinality(escalation_ladder) > 0", name="escalation_ladder"),
    )

    region_code: Mapped[str] = mapped_column(Text, primary_key=True)
    contact_local_team_days: Mapped[int | None] = mapped_column(SmallInteger)
    expert_team_days: Mapped[int | None] = mapped_column(SmallInteger)
    also_without_measure: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false")
    authorisation_warning_days: Mapped[int] = mapped_column(SmallInteger, nullable=False, server_default="28")
    next_place_days: Mapped[int] = mapped_column(SmallInteger, nullable=False, server_default="42")
    referral_answer_days: Mapped[int] = mapped_column(SmallInteger, nullable=False)
    urgent_answer_days: Mapped[int] = mapped_column(SmallInteger, nullable=False, server_default="2")
    crisis_answer_hours: Mapped[int] = mapped_column(SmallInteger, nullable=False, server_default="24")
    arrangement_answer_days: Mapped[int] = mapped_column(SmallInteger, nullable=False, server_default="5")
    escalation_ladder: Mapped[list[Step]] = mapped_column(ARRAY(Text), nullable=False)
    supraregion: Mapped[str | None] = mapped_column(Text)
