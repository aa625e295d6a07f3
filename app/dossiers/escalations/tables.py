"""Escalations: requests put before a team that can do more, step by step."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.dossiers.agreements.steps import Step
from app.dossiers.escalations.states import OutcomeKind
from app.kit.database.tables import VersionedTable


class EscalationRow(VersionedTable):
    """A step of the ladder that a request was put before; it is open until it has an outcome.

    `local_team_id` and `supraregion` say who is asked, of the steps `local-team` and `supraregional-network`; NULL:
    nobody who is here. `questions` are those that were referred back and answered, as they go over the wire. As in
    `requests`, organisations have no foreign key. `lesson_…` is what is found by others of it, and nothing else of the
    row is ever shown with that: neither `lesson_id` nor the year leads back to it.
    """

    __tablename__ = "escalations"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (outcome_on IS NULL)", name="outcome"),
        CheckConstraint("(offered_by IS NULL) = (offered IS NULL)", name="offer"),
        CheckConstraint(
            "step IN ('local-team', 'expert-team', 'supraregional-network', 'national')",
            name="step",
        ),
        CheckConstraint("outcome_kind IN ('help', 'explanation', 'question')", name="outcome_kind"),
        Index(None, "request_id", "opened_at", "id"),
        CheckConstraint("num_nonnulls(lesson_id, lesson_year, lesson_text) IN (0, 3)", name="lesson"),
        Index("ix_escalations_lessons", "lesson_year", "lesson_id", postgresql_where="lesson_id IS NOT NULL"),
        Index(
            "ix_escalations_step_opened_at_open", "step", "opened_at", "request_id", postgresql_where="outcome IS NULL"
        ),
        Index(
            "uq_escalations_request_id_step_open", "request_id", "step", unique=True, postgresql_where="outcome IS NULL"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), nullable=False)
    step: Mapped[Step] = mapped_column(Text, nullable=False)
    opened_at: Mapped[datetime] = mapped_column(nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    asked: Mapped[str] = mapped_column(Text, nullable=False)
    skip_reason: Mapped[str | None] = mapped_column(Text)
    taken_by: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)
    outcome_kind: Mapped[OutcomeKind | None] = mapped_column(Text)
    outcome_on: Mapped[date | None] = mapped_column(Date)
    offered_by: Mapped[str | None] = mapped_column(Text)
    offered: Mapped[str | None] = mapped_column(Text)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, nullable=False, server_default="[]", default=list)
    lesson_id: Mapped[UUID | None] = mapped_column()
    lesson_year: Mapped[int | None] = mapped_column(SmallInteger)
    lesson_care_types: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    lesson_characteristics: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    lesson_causes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    lesson_text: Mapped[str | None] = mapped_column(Text)
    local_team_id: Mapped[UUID | None] = mapped_column()
    supraregion: Mapped[str | None] = mapped_column(Text)
