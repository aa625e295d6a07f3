"""Target lines of regions and supraregions, and their history."""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.insight.keeping.tables import KeptRow, KeptVersionRow, kept_rules

Bound = Literal["at-most", "at-least"]


class TargetLineRow(KeptRow):
    """How many places a region or supraregion aims at over time; `points` is as it goes over the wire.

    `care_types` NULL means those of all care types together, `provider_id` NULL those of all providers.
    """

    __tablename__ = "target_lines"
    __table_args__ = (
        *kept_rules(),
        CheckConstraint("bound IN ('at-most', 'at-least')", name="bound"),
        CheckConstraint("jsonb_array_length(points) > 0", name="points"),
        Index(None, "region_code", "created_at", "id"),
        Index(None, "supraregion", "created_at", "id"),
    )

    title: Mapped[str] = mapped_column(Text, nullable=False)
    source: Mapped[str] = mapped_column(Text, nullable=False)
    care_types: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("providers.id"))
    bound: Mapped[Bound] = mapped_column(Text, nullable=False)
    points: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, nullable=False)


class TargetLineVersionRow(KeptVersionRow):
    """How a target line stood from a moment on; a trigger refuses to change or delete it."""

    __tablename__ = "target_line_versions"

    kept_id: Mapped[UUID] = mapped_column(ForeignKey("target_lines.id"), primary_key=True, sort_order=-1)
