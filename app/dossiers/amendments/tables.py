"""Amendments: referrals that become for more or fewer children, when both sides consent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from app.dossiers.amendments.states import STATUSES, AmendmentStatus
from app.dossiers.referrals.states import Side
from app.kit.database.tables import Table


class AmendmentRow(Table):
    """What one side proposed, and what came of it; `adds` and `removes` are the requests of the children."""

    __tablename__ = "referral_amendments"
    __table_args__ = (
        CheckConstraint("proposed_by IN ('provider', 'institution')", name="proposed_by"),
        CheckConstraint("status IN ({})".format(", ".join(f"'{each}'" for each in STATUSES)), name="status"),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(adds = '{}') <> (removes = '{}')", name="children"),
        Index(
            "uq_referral_amendments_referral_id_open",
            "referral_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
    )

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    proposed_by: Mapped[Side] = mapped_column(Text, nullable=False)
    adds: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), nullable=False)
    removes: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), nullable=False)
    why: Mapped[str] = mapped_column(Text, nullable=False)
    proposed_at: Mapped[datetime] = mapped_column(nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)
    status: Mapped[AmendmentStatus] = mapped_column(Text, nullable=False)
    decided_at: Mapped[datetime | None] = mapped_column()
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_because: Mapped[str | None] = mapped_column(Text)
