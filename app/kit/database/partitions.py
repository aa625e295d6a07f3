"""Tables kept in a part for each month: whoever writes them makes the parts ahead, and migrations do not know these."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy import text

from app.kit.database.sessions import WriteSession

_PARTITION: Final = re.compile(r"_\d{4}_\d{2}")
_MAKE: Final = text("SELECT make_part(CAST(:table AS regclass), :month)")
_THERE: Final = text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = CAST(:name AS regclass)")


def is_partition(name: str) -> bool:
    """Whether a table is the part of another for a month, by its name: insight_supply_days_2026_11."""
    return _PARTITION.fullmatch(name[-8:]) is not None


async def make_partitions(session: WriteSession, table: str, months: Iterable[date]) -> None:
    """Makes the parts of a table for these months (their first days) that are not there yet.

    By a function of migration 0050, as the service itself makes no tables.
    """
    there = set(await session.scalars(_THERE, {"name": table}))
    for month in months:
        name = f"{table}_{month:%Y_%m}"
        if name not in there:
            await session.execute(_MAKE, {"table": table, "month": month})
