"""Contracts: which regions and municipalities have bought which care of a provider."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import VersionedTable
from app.ranking.model import ContractKind


class ContractRow(VersionedTable):
    """A contract; `care_types` NULL means all that the provider offers.

    One that was registered in error is withdrawn: the row stays, and nothing else asks for it any more
    (`repository.in_force`, `catalogue.repository`). `arrangement_id` is the arrangement of a child that it was made
    for, of which there is one contract at most; without a foreign key, because supply knows no dossiers.
    """

    __tablename__ = "contracts"
    __table_args__ = (
        CheckConstraint("kind IN ('regional', 'supraregional', 'national', 'light')", name="kind"),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="period"),
        CheckConstraint("cardinality(regions) + cardinality(municipalities) > 0", name="area"),
        CheckConstraint("num_nulls(withdrawn_at, withdrawn_why, withdrawn_by) IN (0, 3)", name="withdrawn"),
        UniqueConstraint("arrangement_id"),
        Index(None, "provider_id"),
        Index(None, "regions", postgresql_using="gin"),
        Index(None, "municipalities", postgresql_using="gin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"), nullable=False)
    kind: Mapped[ContractKind] = mapped_column(Text, nullable=False)
    regions: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    municipalities: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    care_types: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    product_codes: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    valid_from: Mapped[date] = mapped_column(Date, nullable=False)
    valid_to: Mapped[date | None] = mapped_column(Date)
    ceiling_reached: Mapped[bool] = mapped_column(Boolean, nullable=False)
    ceiling_exempts_measure: Mapped[bool] = mapped_column(Boolean, nullable=False)
    arrangement_id: Mapped[UUID | None] = mapped_column()
    withdrawn_at: Mapped[datetime | None] = mapped_column()
    withdrawn_why: Mapped[str | None] = mapped_column(Text)
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
