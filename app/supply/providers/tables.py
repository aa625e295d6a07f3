"""Providers of youth care and the places where they give it."""

from uuid import UUID, uuid4

from sqlalchemy import Computed, Float, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import VersionedTable


class ProviderRow(VersionedTable):
    """A provider (jeugdhulpaanbieder) and how to reach its intake desk."""

    __tablename__ = "providers"
    __table_args__ = (
        Index(None, "search", postgresql_using="gin"),
        Index(None, "name", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(Text, nullable=False)
    agb_code: Mapped[str | None] = mapped_column(Text, unique=True)
    kvk_number: Mapped[str | None] = mapped_column(Text)
    intake_desk: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    website: Mapped[str | None] = mapped_column(Text)
    search: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('dutch'::regconfig, search_text(name))", persisted=True)
    )


class LocationRow(VersionedTable):
    """A place of a provider, known by the provider's own key."""

    __tablename__ = "locations"
    __table_args__ = (UniqueConstraint("provider_id", "key"), Index(None, "search", postgresql_using="gin"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"), nullable=False)
    key: Mapped[str] = mapped_column(Text, nullable=False)
    name: Mapped[str] = mapped_column(Text, nullable=False)
    street: Mapped[str | None] = mapped_column(Text)
    house_number: Mapped[str | None] = mapped_column(Text)
    postcode: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipalities.code"), nullable=False, index=True)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "to_tsvector('dutch'::regconfig, search_text("
            "name || ' ' || coalesce(street, '') || ' ' || coalesce(city, '')))",
            persisted=True,
        ),
    )
