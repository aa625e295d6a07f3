"""Who delivered its waiting children when, and which requests are kept so."""

from datetime import date, datetime
from typing import Literal, get_args
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Identity, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import Table

Kind = Literal["delivered", "confirmed"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class DeliveryRow(Table):
    """That an institution delivered its waiting children (or confirmed that its dossiers are complete) for a month.

    `reference_day` is the day that it is about, and `month` (YYYY-MM) that of this day. What came of the lines is
    counted; a confirmation has none. `institution` is what it calls itself. The owner has no foreign key, as in
    `requests`.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("kind IN ({})".format(", ".join(f"'{each}'" for each in KINDS)), name="kind"),
        Index(None, "month", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(nullable=False)
    institution: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[Kind] = mapped_column(Text, nullable=False)
    month: Mapped[str] = mapped_column(Text, nullable=False)
    reference_day: Mapped[date] = mapped_column(Date, nullable=False)
    lines: Mapped[int] = mapped_column(Integer, nullable=False)
    accepted: Mapped[int] = mapped_column(Integer, nullable=False)
    unchanged: Mapped[int] = mapped_column(Integer, nullable=False)
    rejected: Mapped[int] = mapped_column(Integer, nullable=False)
    closed: Mapped[int] = mapped_column(Integer, nullable=False)
    at: Mapped[datetime] = mapped_column(nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)

    @property
    def counts(self) -> bool:
        """Whether the month is accounted for by it: not where every line was rejected."""
        return self.kind == "confirmed" or self.rejected < self.lines


class DeliveredRequestRow(Table):
    """That an institution has delivered a request, which it may therefore leave out to have it closed."""

    __tablename__ = "delivered_requests"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), primary_key=True)


class DeliveryReminderRow(Table):
    """That an institution was reminded of a month (YYYY-MM); once, however many processes remind."""

    __tablename__ = "delivery_reminders"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(Text, primary_key=True)
    reminded_at: Mapped[datetime] = mapped_column(nullable=False)
