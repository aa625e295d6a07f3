"""Changing rows: only what differs, with a new version, and create-or-replace by the owner's own key."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from app.kit.db import WriteSession
from app.kit.respond import check_version
from app.kit.tables import VersionedTable

Row = TypeVar("Row", bound=VersionedTable)


async def change(session: WriteSession, row: VersionedTable, values: Mapping[str, Any], now: datetime) -> bool:
    """Sets those `values` that differ, and then a new version; whether anything did."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    if differing:
        row.version += 1
        row.updated_at = now
        await session.flush()
    return bool(differing)


async def create_or_replace(
    session: WriteSession,
    row_class: type[Row],
    key: Mapping[InstrumentedAttribute[Any], Any],
    values: Mapping[str, Any],
    if_match: str | None,
    now: datetime,
) -> tuple[Row, bool]:
    """The row with this key and these values, and whether it is new.

    Two callers that create the same key at once end with one row: the second replaces what the first made.
    An `if_match` that is not the row's version, or where there is no row: `PreconditionFailedError`.
    """
    existing = select(row_class).where(*(column == value for column, value in key.items())).with_for_update()
    row = (await session.execute(existing)).scalar_one_or_none()
    if row is None:
        if if_match is not None:
            check_version(if_match, None)
        names = {column.key: value for column, value in key.items()}
        created = await session.scalar(
            insert(row_class).values({**names, **values}).on_conflict_do_nothing().returning(row_class)
        )
        if created is not None:
            await session.refresh(created)
            return created, True
        row = (await session.execute(existing)).scalar_one()
    check_version(if_match, row.version, required=False)
    await change(session, row, values, now)
    return row, False
