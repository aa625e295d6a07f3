"""Offers: the help that a provider gives, of one care type, at one location or at home."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import Boolean, CheckConstraint, FetchedValue, ForeignKey, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import VersionedTable
from app.ranking.model import Gender

Unit = Literal["places", "trajectories", "hours-per-week"]


class OfferRow(VersionedTable):
    """An offer (aanbod), known by the provider's own key; ended, never deleted.

    `search` holds the Dutch stems of its own words and of the names of its provider, care type, town and
    municipality, so that one index answers the free-text question of the sociale kaart; triggers keep it (migrations
    0001 and 0013).
    """

    __tablename__ = "offers"
    __table_args__ = (
        UniqueConstraint("provider_id", "key"),
        CheckConstraint("age_min <= age_max", name="ages"),
        CheckConstraint("unit IN ('places', 'trajectories', 'hours-per-week')", name="unit"),
        Index(None, "search", postgresql_using="gin"),
        Index(None, "care_type", "location_id"),
        Index(None, "location_id"),
        Index(None, "name", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"), nullable=False)
    key: Mapped[str] = mapped_column(Text, nullable=False)
    name: Mapped[str] = mapped_column(Text, nullable=False)
    description: Mapped[str | None] = mapped_column(Text)
    care_type: Mapped[str] = mapped_column(ForeignKey("care_types.code"), nullable=False)
    age_min: Mapped[int] = mapped_column(SmallInteger, nullable=False)
    age_max: Mapped[int] = mapped_column(SmallInteger, nullable=False)
    genders: Mapped[list[Gender]] = mapped_column(ARRAY(Text), nullable=False)
    specialisations: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    exclusion_criteria: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    location_id: Mapped[UUID | None] = mapped_column(ForeignKey("locations.id"))
    at_home: Mapped[bool] = mapped_column(Boolean, nullable=False)
    service_area: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    needs_court_authorisation: Mapped[bool] = mapped_column(Boolean, nullable=False)
    product_codes: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    unit: Mapped[Unit] = mapped_column(Text, nullable=False)
    ended_at: Mapped[datetime | None] = mapped_column()
    search: Mapped[str] = mapped_column(TSVECTOR, FetchedValue(), nullable=False)
