"""Placement stops: nobody is placed there from one date to another."""

from datetime import date
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import VersionedTable

ImposedBy = Literal["provider", "region", "inspectorate"]


class PlacementStopRow(VersionedTable):
    """A stop on a provider, or on one of its locations or offers; a region's own stop binds its own children."""

    __tablename__ = "placement_stops"
    __table_args__ = (
        CheckConstraint("imposed_by IN ('provider', 'region', 'inspectorate')", name="imposed_by"),
        CheckConstraint("(imposed_by = 'region') = (region_code IS NOT NULL)", name="region"),
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="period"),
        CheckConstraint("location_id IS NULL OR offer_id IS NULL", name="target"),
        Index(None, "provider_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"), nullable=False)
    location_id: Mapped[UUID | None] = mapped_column(ForeignKey("locations.id"))
    offer_id: Mapped[UUID | None] = mapped_column(ForeignKey("offers.id"))
    starts_on: Mapped[date] = mapped_column(Date, nullable=False)
    ends_on: Mapped[date | None] = mapped_column(Date)
    imposed_by: Mapped[ImposedBy] = mapped_column(Text, nullable=False)
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    reason: Mapped[str] = mapped_column(Text, nullable=False)
