"""Watches: questions for free places that are asked again and again, and what was found."""

from datetime import date, datetime
from typing import Any, Final, Literal, get_args
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.language import Language
from app.kit.database.tables import Table, VersionedTable

Channel = Literal["webhook", "email", "sse"]
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
FittingStatus = Literal["free", "soon"]


class WatchRow(VersionedTable):
    """A search, or a request whose match is watched, of one institution or local team.

    `care_types` are those that it can be about, empty for all. `fresh` says that it has to be held against all offers
    once more, because what changed before is not enough to go by. `request_version` is that of the request when it was
    last held against the offers.
    """

    __tablename__ = "watches"
    __table_args__ = (
        CheckConstraint("(search IS NULL) <> (request_id IS NULL)", name="subject"),
        CheckConstraint("('email' = ANY(channels)) = (email IS NOT NULL)", name="email"),
        CheckConstraint("channels <> '{}' AND channels <@ '{webhook,email,sse}'", name="channels"),
        Index(None, "organisation_id", "created_at", "id"),
        Index(None, "request_id", postgresql_where=text("request_id IS NOT NULL")),
        Index(None, "care_types", postgresql_using="gin"),
        Index(None, "expires_on"),
    )
    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012 - SQLAlchemy declares it as it is

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)
    label: Mapped[str | None] = mapped_column(Text)
    search: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("requests.id"))
    request_version: Mapped[int | None] = mapped_column(Integer)
    care_types: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    channels: Mapped[list[Channel]] = mapped_column(ARRAY(Text), nullable=False)
    email: Mapped[str | None] = mapped_column(Text)
    language: Mapped[Language] = mapped_column(Text, nullable=False)
    paused: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false", default=False)
    expires_on: Mapped[date] = mapped_column(Date, nullable=False)
    closed_on: Mapped[date | None] = mapped_column(Date)
    fresh: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="true", default=True)


class WatchMatchRow(Table):
    """A place that a watch found: an offer, from when it fitted until it was seen not to (`gone_at`).

    Of one place there is one row, which the partial index guards, so that it is told once. `told` is False for what
    fitted when the watch was made. `shown` is how the offer stood then: names, town, codes and ids.
    """

    __tablename__ = "watch_matches"
    __table_args__ = (
        Index(None, "watch_id", "offer_id", unique=True, postgresql_where=text("gone_at IS NULL")),
        Index(None, "watch_id", "id"),
        Index(None, "organisation_id", "id", postgresql_where=text("told")),
        Index(None, "offer_id", postgresql_where=text("gone_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    watch_id: Mapped[UUID] = mapped_column(ForeignKey("watches.id", ondelete="CASCADE"), nullable=False)
    organisation_id: Mapped[UUID] = mapped_column(nullable=False)
    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offers.id"), nullable=False)
    told: Mapped[bool] = mapped_column(Boolean, nullable=False)
    matched_at: Mapped[datetime] = mapped_column(nullable=False)
    gone_at: Mapped[datetime | None] = mapped_column()
    status: Mapped[FittingStatus] = mapped_column(Text, nullable=False)
    expected_start: Mapped[date] = mapped_column(Date, nullable=False)
    distance_km: Mapped[float | None] = mapped_column(Float)
    shown: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)


class WatchProgressRow(Table):
    """How far the watches have been held against the changes: one row, which whoever goes on with it holds.

    `day` and `position` (pg_snapshot) are those of the last time; NULL before the first.
    """

    __tablename__ = "watch_progress"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    day: Mapped[date | None] = mapped_column(Date)
    position: Mapped[str | None] = mapped_column(Text)
