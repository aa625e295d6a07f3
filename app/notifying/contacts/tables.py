"""How organisations are reached."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import VersionedTable


class ContactRow(VersionedTable):
    """How an organisation that is no provider is reached: the name of a desk or team, never of a person.

    `role` and `region_code` are those of the organisation, which has no foreign key: those of an external issuer need
    not be registered here. `opening_hours` and `teams` are as they go over the wire. A trigger tells the catalogue of a
    region's (migration 0023).
    """

    __tablename__ = "contacts"
    __table_args__ = (
        CheckConstraint("role <> 'provider'", name="role"),
        CheckConstraint("(role = 'region') = (region_code IS NOT NULL)", name="region"),
        Index(None, "municipalities", postgresql_using="gin"),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(Text, nullable=False)
    region_code: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    opening_hours: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, nullable=False, server_default="[]")
    teams: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, nullable=False, server_default="[]")
    municipalities: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False, server_default="{}")
