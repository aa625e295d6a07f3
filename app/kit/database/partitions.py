"""Tables kept in a part for each month: whoever writes them makes the parts ahead, and migrations do not know these."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy import text

from app.domain.dates import add_months
from app.kit.database.sessions import WriteSession

_PARTITION: Final = re.compile(r"_\d{4}_\d{2}")
_THERE: Final = text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = CAST(:name AS regclass)")


def is_partition(name: str) -> bool:
    """Whether a table is the part of another for a month, by its name: insight_supply_days_2026_11."""
    return _PARTITION.fullmatch(name[-8:]) is not None


async def make_partitions(session: WriteSession, table: str, months: Iterable[date]) -> None:
    """Makes the parts of a table for these months (their first days) that are not there yet.

    Each is made beside the table and then attached, so that nobody who reads the table meanwhile has to wait.
    """
    there = set(await session.scalars(_THERE, {"name": table}))
    for month in months:
        name = f"{table}_{month:%Y_%m}"
        if name not in there:
            bounds = f"FROM ('{month}') TO ('{add_months(month, 1)}')"
            await session.execute(text(f"CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"))
            await session.execute(text(f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES {bounds}"))
