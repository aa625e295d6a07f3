"""The actions of plans, and their history."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.insight.keeping.tables import KeptRow, KeptVersionRow, kept_rules
from app.insight.plans.states import Light, Status


class PlanActionRow(KeptRow):
    """An action of the plan of a region or supraregion; `figures` is as it goes over the wire."""

    __tablename__ = "plan_actions"
    __table_args__ = (
        *kept_rules(),
        CheckConstraint("status IN ('planned', 'running', 'done', 'stopped')", name="status"),
        CheckConstraint("light IN ('green', 'amber', 'red')", name="light"),
        CheckConstraint("direction_number BETWEEN 1 AND 999", name="direction_number"),
        Index(None, "region_code", "due_on", "id"),
        Index(None, "supraregion", "due_on", "id"),
    )

    direction_number: Mapped[int | None] = mapped_column(SmallInteger)
    direction_title: Mapped[str] = mapped_column(Text, nullable=False)
    title: Mapped[str] = mapped_column(Text, nullable=False)
    owner: Mapped[str] = mapped_column(Text, nullable=False)
    result: Mapped[str] = mapped_column(Text, nullable=False)
    due_on: Mapped[date] = mapped_column(Date, nullable=False)
    status: Mapped[Status] = mapped_column(Text, nullable=False)
    light: Mapped[Light] = mapped_column(Text, nullable=False)
    word: Mapped[str | None] = mapped_column(Text)
    figures: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, nullable=False)


class PlanActionVersionRow(KeptVersionRow):
    """How an action stood from a moment on; a trigger refuses to change or delete it."""

    __tablename__ = "plan_action_versions"

    kept_id: Mapped[UUID] = mapped_column(ForeignKey("plan_actions.id"), primary_key=True, sort_order=-1)
