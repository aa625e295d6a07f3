"""The audit log: who saw or changed which child's dossier, and the seals that show it when an entry is gone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Integer, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.dossiers.audit.grounds import Ground
from app.kit.database.tables import Table
from app.kit.database.trail import Action


class AuditEntryRow(Table):
    """That somebody saw or changed a dossier. A trigger refuses to change it, and to delete it within five years.

    `dossier_id` is the request's id, which says nothing of the child and goes nowhere but here once it is erased;
    `keeper_id` is the organisation whose dossier it was then. `organisation_id` is NULL where the service did it by
    itself. `seal` is the seal that it came under, NULL until then.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("action IN ('C', 'R', 'U', 'D')", name="action"),
        Index(None, "dossier_id", "id"),
        Index(None, "seal"),
        Index("ix_audit_entries_unsealed", "id", postgresql_where=text("seal IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(nullable=False)
    dossier_id: Mapped[UUID] = mapped_column(nullable=False)
    keeper_id: Mapped[UUID | None] = mapped_column()
    organisation_id: Mapped[UUID | None] = mapped_column()
    role: Mapped[str] = mapped_column(Text, nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)
    action: Mapped[Action] = mapped_column(Text, nullable=False)
    operation: Mapped[str] = mapped_column(Text, nullable=False)
    ground: Mapped[Ground] = mapped_column(Text, nullable=False)
    trace_id: Mapped[str] = mapped_column(Text, nullable=False)
    span_id: Mapped[str] = mapped_column(Text, nullable=False)
    seal: Mapped[int | None] = mapped_column(BigInteger)


class AuditSealRow(Table):
    """A seal over the entries that had none: a hash of them and of the seal before it; a trigger refuses changes."""

    __tablename__ = "audit_seals"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sealed_at: Mapped[datetime] = mapped_column(nullable=False)
    entries: Mapped[int] = mapped_column(Integer, nullable=False)
    previous: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
