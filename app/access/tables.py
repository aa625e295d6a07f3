"""Organisations and the machine clients that act for them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, LargeBinary, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import Table, VersionedTable


class OrganisationRow(VersionedTable):
    """An organisation with its role, and the one thing that it owns in that role."""

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("(role = 'provider') = (provider_id IS NOT NULL)", name="provider"),
        CheckConstraint("(role = 'region') = (region_code IS NOT NULL)", name="region"),
        CheckConstraint("(role = 'supraregion') = (supraregion_code IS NOT NULL)", name="supraregion"),
        CheckConstraint("institution IS NULL OR role IN ('gi', 'local-team')", name="institution"),
        CheckConstraint(
            "role IN ('provider', 'gi', 'local-team', 'region', 'supraregion', 'national', 'inspectorate', 'admin', "
            "'referrer')",
            name="role",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(Text, nullable=False)
    role: Mapped[str] = mapped_column(Text, nullable=False)
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("providers.id"))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    supraregion_code: Mapped[str | None] = mapped_column(Text)
    institution: Mapped[str | None] = mapped_column(Text)


class ClientRow(Table):
    """A machine client: its secret is kept as a salted scrypt hash; `rights` are those beyond its role's."""

    __tablename__ = "clients"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), nullable=False, index=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    rights: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False, server_default="{}", default=list)
    demo: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false", default=False)
    created_at: Mapped[datetime] = mapped_column(nullable=False, server_default=func.now())
    revoked_at: Mapped[datetime | None] = mapped_column()


class RevocationRow(Table):
    """A client whose tokens of up to `revoked_at`, and sessions of the web app begun up to then, count no more.

    Clients of other issuers too, as `<issuer>#<sub>`, which are not registered here.
    """

    __tablename__ = "revocations"

    client_id: Mapped[str] = mapped_column(Text, primary_key=True)
    revoked_at: Mapped[datetime] = mapped_column(nullable=False)
