"""Capacity reports: an append-only history, and the one that stands now for each offer."""

from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import (
    REAL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Dialect,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Row,
    Text,
    TypeDecorator,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import Table
from app.kit.schemas import plain_number


class Amount(TypeDecorator[float]):
    """A number of places, or of hours a week, which may have a half; a whole one is read as such."""

    impl = REAL
    cache_ok = True

    def process_result_value(self, value: float | None, dialect: Dialect) -> float | None:  # noqa: ARG002 - its form
        return None if value is None else plain_number(value)


class Figures:
    """What a report says."""

    places_total: Mapped[float | None] = mapped_column(Amount)
    places_occupied: Mapped[float | None] = mapped_column(Amount)
    places_reserved: Mapped[float | None] = mapped_column(Amount)
    places_free: Mapped[float] = mapped_column(Amount, nullable=False)
    waiting_count: Mapped[int | None] = mapped_column(Integer)
    """NULL where the provider does not say how many wait; the ranking counts it as 0, a statement as unknown."""
    next_free_on: Mapped[date | None] = mapped_column(Date)
    wait_days_intake: Mapped[int | None] = mapped_column(Integer)
    wait_days_treatment: Mapped[int | None] = mapped_column(Integer)
    accepts_referrals: Mapped[bool] = mapped_column(Boolean, nullable=False)
    note: Mapped[str | None] = mapped_column(Text)
    observed_at: Mapped[datetime] = mapped_column(nullable=False)
    received_at: Mapped[datetime] = mapped_column(nullable=False, server_default=func.now())
    client_id: Mapped[str] = mapped_column(Text, nullable=False)
    confirmation: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false")
    counted_at: Mapped[datetime | None] = mapped_column()
    """When it was counted from a decision on a referral; NULL where the provider reported it itself."""


class CapacityReportRow(Figures, Table):
    """A report as it came in; a trigger refuses to change or delete it."""

    __tablename__ = "capacity_reports"
    __table_args__ = (
        Index(None, "offer_id", "observed_at", "id"),
        Index(
            "ix_capacity_reports_counted",
            "offer_id",
            "counted_at",
            "id",
            postgresql_where=text("counted_at IS NOT NULL"),
        ),
        Index(None, "received_at", postgresql_using="brin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offers.id"), nullable=False)


class CurrentCapacityRow(Figures, Table):
    """The report with the newest `observed_at` of an offer; of equals, the one that came in last.

    One that was counted from a referral keeps the `observed_at` of the report that it started from, so that counting
    makes no figures look fresh, and gives way to a report observed since `counted_at`; `counted_from` is the id of that
    report. `difference` is then how many
    places more the provider reported as free than were counted; for the past it follows from the two in the history.
    """

    __tablename__ = "current_capacities"
    __table_args__ = (
        CheckConstraint(
            "coalesce(places_occupied, 0) + coalesce(places_reserved, 0) + places_free <= places_total", name="places"
        ),
        CheckConstraint("places_free >= 0 AND waiting_count >= 0", name="counts"),
    )

    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offers.id"), primary_key=True)
    report_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    difference: Mapped[float | None] = mapped_column(Amount)
    counted_from: Mapped[int | None] = mapped_column(BigInteger)


class StandingReport(NamedTuple):
    """The report that stands, as the driver gave it back."""

    offer_id: UUID
    report_id: int
    places_total: float | None
    places_occupied: float | None
    places_reserved: float | None
    places_free: float
    waiting_count: int | None
    next_free_on: date | None
    wait_days_intake: int | None
    wait_days_treatment: int | None
    accepts_referrals: bool
    note: str | None
    observed_at: datetime
    received_at: datetime
    confirmation: bool
    counted_at: datetime | None
    difference: float | None


Standing: TypeAlias = CurrentCapacityRow | Row[Any] | StandingReport
"""The report that stands: its row, or the columns of it as a statement gave them back."""
