"""Puts the reference data in the database; safe to run again, and after a new year's list of municipalities."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from app.reference.lists import Reference, reference
from app.reference.tables import (
    CareTypeRow,
    MunicipalityRow,
    RegionRow,
)


def _rows(lists: Reference) -> Iterable[tuple[Any, list[dict[str, Any]]]]:
    yield (
        RegionRow,
        [{"code": r.code, "name": r.name} for r in lists.regions.values()],
    )
    yield (
        MunicipalityRow,
        [{"code": m.code, "name": m.name, "region_code": m.region} for m in lists.municipalities.values()],
    )
    yield (
        CareTypeRow,
        [
            {
                "code": care.code,
                "name_nl": care.name.nl,
                "name_en": care.name.en,
                "cbs_form_code": care.cbs_form_code,
                "residential": care.residential,
            }
            for care in lists.care_types.values()
        ],
    )


async def _upsert(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    statement = insert(table)
    key = [column.name for column in table.primary_key]
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name not in key}
    differs = table.c[next(iter(changed))].is_distinct_from(statement.excluded[next(iter(changed))])
    for name in list(changed)[1:]:
        differs = differs | table.c[name].is_distinct_from(statement.excluded[name])
    await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed, where=differs), rows)


async def load(dsn: str) -> None:
    """Brings the reference tables in line with the lists of this version; codes that went out stay, for history."""
    engine = create_async_engine(dsn, poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            for row_class, rows in _rows(reference()):
                await _upsert(connection, row_class.__table__, rows)
    finally:
        await engine.dispose()
