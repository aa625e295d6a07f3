"""What organisations want to be told by mail."""

from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import VersionedTable


class NotificationSettingsRow(VersionedTable):
    """Of what an organisation is told by mail, and at which address of its own.

    As a webhook it stands for its organisation, role and provider (without foreign keys). `mails` is as it goes over
    the wire.
    """

    __tablename__ = "notification_settings"
    __table_args__ = (
        CheckConstraint("(role = 'provider') = (provider_id IS NOT NULL)", name="provider"),
        UniqueConstraint("organisation_id", "role", "provider_id", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(nullable=False)
    role: Mapped[str] = mapped_column(Text, nullable=False)
    provider_id: Mapped[UUID | None] = mapped_column(index=True)
    mails: Mapped[list[dict[str, str]]] = mapped_column(JSONB, nullable=False, server_default="[]")
