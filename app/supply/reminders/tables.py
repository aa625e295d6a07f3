"""What providers were reminded of."""

from datetime import date, datetime
from typing import Final, Literal, get_args
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, ForeignKey, Identity, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import Table

Reason = Literal[
    "never-reported",
    "older-than-7-days",
    "older-than-14-days",
    "older-than-30-days",
    "refused-for-want-of-room",
    "doubted-by-referrers",
]
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
AT_ONCE: Final[frozenset[Reason]] = frozenset({"refused-for-want-of-room", "doubted-by-referrers"})
"""Not of a figure's age: they say that it may be wrong, and are between the provider and whoever looked."""


class ReminderRow(Table):
    """That the provider of an offer was reminded of its figures, for a reason; once, however many processes remind.

    `since` is what makes a series of them: when the report that stood was observed, or, where there never was one,
    when the offer was made. It is not the report's id, because counting places from a referral adds a report that was
    observed no later. `mail_key` is the mail that says it; NULL where the provider has no address. `doubted_by` has
    the organisations that doubt the figures, where that is the reason. `muted`: it was not mailed, because the provider
    had asked for none.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("offer_id", "since", "reason"),
        CheckConstraint("reason IN ({})".format(", ".join(f"'{each}'" for each in REASONS)), name="reason"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offers.id"), nullable=False)
    since: Mapped[datetime] = mapped_column(nullable=False)
    reason: Mapped[Reason] = mapped_column(Text, nullable=False)
    reminded_at: Mapped[datetime] = mapped_column(nullable=False)
    mail_key: Mapped[str | None] = mapped_column(Text)
    doubted_by: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), nullable=False, server_default="{}", default=list)
    muted: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false", default=False)


class ReminderMuteRow(Table):
    """That a provider gets no reminders by mail up to and with a day; it is reminded all the same, and told so."""

    __tablename__ = "reminder_mutes"

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"), primary_key=True)
    until: Mapped[date] = mapped_column(Date, nullable=False)
    set_at: Mapped[datetime] = mapped_column(nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)
