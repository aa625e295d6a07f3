"""The mails that wait, and what became of those that do not."""

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.language import Language
from app.kit.database.tables import Table

MailStatus = Literal["waiting", "sent", "refused", "expired"]


class MailRow(Table):
    """A mail; there is one with a key, whoever queues it again.

    `next_attempt_at` moves when an attempt begins, not when it ends: so an attempt that nobody heard of again is
    followed by another one.
    """

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'sent', 'refused', 'expired')", name="status"),
        CheckConstraint("(status = 'waiting') = (done_at IS NULL)", name="done"),
        Index(None, "next_attempt_at", "id", postgresql_where=text("status = 'waiting'")),
        Index(None, "done_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    key: Mapped[str] = mapped_column(Text, nullable=False, unique=True)
    recipient: Mapped[str] = mapped_column(Text, nullable=False)
    subject: Mapped[str] = mapped_column(Text, nullable=False)
    body: Mapped[str] = mapped_column(Text, nullable=False)
    language: Mapped[Language] = mapped_column(Text, nullable=False)
    queued_at: Mapped[datetime] = mapped_column(nullable=False)
    useful_until: Mapped[datetime] = mapped_column(nullable=False)
    status: Mapped[MailStatus] = mapped_column(Text, nullable=False, server_default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")
    next_attempt_at: Mapped[datetime] = mapped_column(nullable=False)
    done_at: Mapped[datetime | None] = mapped_column()
    reply: Mapped[str | None] = mapped_column(Text)
    """What the server said of the last attempt that it did not take."""
