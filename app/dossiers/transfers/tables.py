"""Transfers: dossiers that go to another institution, and what the old one keeps to account for."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.dossiers.transfers.states import STATUSES, TransferStatus
from app.kit.database.tables import Table, VersionedTable


class TransferRow(VersionedTable):
    """A proposal of one institution or local team to hand a dossier over to another, and what came of it.

    `request_id` is the dossier that it was proposed for; all that go along stand in `transfer_requests`. The names are
    those of the day on which it was proposed. As in `requests`, the sender has no foreign key.
    """

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{each}'" for each in STATUSES)), name="status"),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("sender_id <> receiver_id", name="parties"),
        Index(None, "sender_id", "proposed_at", "id"),
        Index(None, "receiver_id", "proposed_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), nullable=False)
    sender_id: Mapped[UUID] = mapped_column(nullable=False)
    sender: Mapped[str | None] = mapped_column(Text)
    receiver_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), nullable=False)
    receiver: Mapped[str] = mapped_column(Text, nullable=False)
    why: Mapped[str] = mapped_column(Text, nullable=False)
    proposed_at: Mapped[datetime] = mapped_column(nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)
    status: Mapped[TransferStatus] = mapped_column(Text, nullable=False)
    decided_at: Mapped[datetime | None] = mapped_column()
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_because: Mapped[str | None] = mapped_column(Text)


class TransferRequestRow(Table):
    """A dossier that a transfer is for; of one that was handed over what the sender has to account for.

    `is_open` is the transfer's own status, here so that an index keeps a dossier out of two open transfers. `held_from`
    is when the sender got it; `clocks` and `referrals` are its norms and how many referrals it had, as they stood on
    the day on which it was handed over.
    """

    __tablename__ = "transfer_requests"
    __table_args__ = (
        CheckConstraint(
            "(held_from IS NULL) = (clocks IS NULL) AND (clocks IS NULL) = (referrals IS NULL)", name="account"
        ),
        Index("uq_transfer_requests_request_id_open", "request_id", unique=True, postgresql_where=text("is_open")),
        Index(None, "request_id"),
    )

    transfer_id: Mapped[UUID] = mapped_column(ForeignKey("transfers.id"), primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    is_open: Mapped[bool] = mapped_column(Boolean, nullable=False)
    held_from: Mapped[datetime | None] = mapped_column()
    clocks: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    referrals: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
