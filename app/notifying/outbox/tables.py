"""The outbox: events, written in the transaction of what happened and told to other systems after its commit."""

from datetime import datetime
from typing import Any, Final, Literal, get_args
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import Table

EventType = Literal[
    "capacity.changed",
    "referral.sent",
    "referral.decided",
    "arrangement.asked",
    "arrangement.decided",
    "transfer.changed",
    "escalation.changed",
    "call.published",
    "call.answered",
    "reminder.due",
    "delivery.due",
    "watch.matched",
    "webhook.test",
]
EVENT_TYPES: Final[tuple[EventType, ...]] = get_args(EventType)


class OutboxEventRow(Table):
    """An event that is to be told.

    It concerns one organisation (`organisation_id`), the organisations of one provider (`provider_id`), or, where both
    are NULL, everybody. Events with the same `subject` are told in the order of `id`. `taken_at` is when it was set
    out for those who asked for it, `mailed_at` when the mails that follow from it were queued; NULL until then, and of
    capacity.changed, of which nobody is mailed. A trigger on `current_capacities` writes capacity.changed
    (migration 0006).
    """

    __tablename__ = "outbox_events"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(organisation_id, provider_id) = CASE type WHEN 'capacity.changed' THEN 0 ELSE 1 END",
            name="concerns",
        ),
        CheckConstraint("type IN ({})".format(", ".join(f"'{each}'" for each in EVENT_TYPES)), name="type"),
        Index(None, "taken_at", "id"),
        Index(
            "ix_outbox_events_to_mail",
            "id",
            postgresql_where=text("mailed_at IS NULL AND type <> 'capacity.changed'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(Uuid, nullable=False, server_default=text("gen_random_uuid()"))
    type: Mapped[EventType] = mapped_column(Text, nullable=False)
    subject: Mapped[str] = mapped_column(Text, nullable=False)
    time: Mapped[datetime] = mapped_column(nullable=False)
    organisation_id: Mapped[UUID | None] = mapped_column()
    provider_id: Mapped[UUID | None] = mapped_column()
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    taken_at: Mapped[datetime | None] = mapped_column()
    mailed_at: Mapped[datetime | None] = mapped_column()
