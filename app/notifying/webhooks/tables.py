"""Webhooks, and what was or is to be delivered to them."""

from datetime import datetime
from typing import Final, Literal, get_args
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import Table, VersionedTable

DeliveryState = Literal["pending", "delivered", "dead"]
STATES: Final[tuple[DeliveryState, ...]] = get_args(DeliveryState)

DeliveryError = Literal[
    "timeout",
    "connection",
    "tls",
    "unknown-host",
    "private-address",
    "not-https",
    "redirect",
    "status",
    "gone",
    "sealed-with-another-key",
]
"""Why an attempt failed; never a text of the target's, which could hold anything."""


class WebhookRow(VersionedTable):
    """Where an organisation wants to be told of which events.

    It stands for the caller that made it: its organisation (without a foreign key, as in `requests`), role and
    provider. Secrets are sealed (`secrets`); the previous one signs as well until `previous_until`.
    """

    __tablename__ = "webhooks"
    __table_args__ = (
        CheckConstraint("(role = 'provider') = (provider_id IS NOT NULL)", name="provider"),
        CheckConstraint("(previous_secret IS NULL) = (previous_until IS NULL)", name="previous"),
        CheckConstraint("disabled_because IN ('owner', 'gone')", name="disabled_because"),
        Index(None, "organisation_id", "created_at", "id"),
        Index(
            "ix_webhooks_capacity_changed",
            "provider_id",
            postgresql_where=text("disabled_because IS NULL AND 'capacity.changed' = ANY (types)"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(nullable=False)
    role: Mapped[str] = mapped_column(Text, nullable=False)
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("providers.id"))
    url: Mapped[str] = mapped_column(Text, nullable=False)
    description: Mapped[str | None] = mapped_column(Text)
    types: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    care_types: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    regions: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    providers: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    secret: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    previous_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None] = mapped_column()
    disabled_because: Mapped[Literal["owner", "gone"] | None] = mapped_column(Text)


class DeliveryRow(Table):
    """An event for one webhook.

    Of pending ones with the same `subject` only the first is delivered; the others wait. `due_at` is when it may be
    tried (again); while an attempt runs it lies in the future, so that another process takes over where this one dies.
    `attempts` counts attempts that began, so that each knows whether it is still the last.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'delivered', 'dead')", name="state"),
        CheckConstraint("(state = 'pending') = (ended_at IS NULL)", name="ended"),
        Index(None, "webhook_id", "id"),
        Index(None, "outbox_id"),
        Index("ix_webhook_deliveries_due", "webhook_id", "due_at", "id", postgresql_where=text("state = 'pending'")),
        Index(
            "ix_webhook_deliveries_in_line",
            *("webhook_id", "subject", "id"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_webhook_deliveries_open", "state", "created_at", postgresql_where=text("state <> 'delivered'")),
        Index(None, "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox_events.id"), nullable=False)
    subject: Mapped[str] = mapped_column(Text, nullable=False)
    state: Mapped[DeliveryState] = mapped_column(Text, nullable=False, server_default="pending", default="pending")
    due_at: Mapped[datetime] = mapped_column(nullable=False)
    attempts: Mapped[int] = mapped_column(SmallInteger, nullable=False, server_default="0", default=0)
    first_tried_at: Mapped[datetime | None] = mapped_column()
    last_tried_at: Mapped[datetime | None] = mapped_column()
    last_status: Mapped[int | None] = mapped_column(SmallInteger)
    last_error: Mapped[DeliveryError | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(nullable=False, server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column()
