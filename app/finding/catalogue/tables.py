"""What changed that match and search know of: a log that each worker follows."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import Table

Kind = Literal["capacity", "offer", "provider", "desk", "audience"]


class CatalogueChangeRow(Table):
    """A change, written by triggers (migration 0002) in the transaction that makes it, so that none is forgotten.

    `subject` is the offer whose capacity changed, the offer, the region's organisation that is reached otherwise
    (desk), or the provider that anything else is of: its particulars, locations, contracts and stops. Of an audience
    (migration 0034) it is the organisation, provider or region whose pages show something else. `xid` is the
    transaction (xid8): followers see by it what has been committed since they last looked, whatever the order of the
    commits. Every transaction before `oldest` had ended when the row was written.
    """

    __tablename__ = "catalogue_changes"
    __table_args__ = (CheckConstraint("kind IN ('capacity', 'offer', 'provider', 'desk', 'audience')", name="kind"),)

    xid: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, server_default=text("pg_current_xact_id()::text::bigint")
    )
    subject: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(Text, primary_key=True)
    oldest: Mapped[int] = mapped_column(
        BigInteger, nullable=False, server_default=text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    )


class CatalogueMarkRow(Table):
    """At that time every transaction before `xid` had ended. Changes before the oldest mark have been pruned."""

    __tablename__ = "catalogue_marks"

    marked_at: Mapped[datetime] = mapped_column(primary_key=True, server_default=func.now())
    xid: Mapped[int] = mapped_column(BigInteger, nullable=False)


class CatalogueOriginRow(Table):
    """Of which data the changes and marks are: cluster, timeline, database and table (`repository.claim_changes`)."""

    __tablename__ = "catalogue_origin"

    origin: Mapped[str] = mapped_column(Text, primary_key=True)
