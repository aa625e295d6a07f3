"""What the tables have in common of what a region or supraregion keeps, and of the history of it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import Table, VersionedTable


class KeptRow(VersionedTable):
    """Something that one region or supraregion keeps.

    What was withdrawn stays, and is read where that is asked. Supraregions have no table to refer to.
    """

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    supraregion: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column()
    withdrawn_why: Mapped[str | None] = mapped_column(Text)
    withdrawn_by: Mapped[str | None] = mapped_column(Text)


class KeptVersionRow(Table):
    """How such a thing stood from a moment on; a trigger refuses to change or delete it.

    `kept_id` says of which thing, `version` is that of its row, `state` is the thing as it went over the wire then, in
    JSON, because JSONB loses the order of its fields.
    """

    __abstract__ = True

    kept_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)
    state: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


def kept_rules() -> tuple[CheckConstraint, CheckConstraint]:
    """The rules of every table of kept things: it is of one area, and withdrawn whole or not at all."""
    return (
        CheckConstraint("num_nonnulls(region_code, supraregion) = 1", name="area"),
        CheckConstraint("num_nulls(withdrawn_at, withdrawn_why, withdrawn_by) IN (0, 3)", name="withdrawn"),
    )
