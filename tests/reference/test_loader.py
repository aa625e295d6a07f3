"""The reference data in the database: the same rows as the lists, however often it is loaded."""

from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import IntegrityError

from app.reference.lists import reference
from app.reference.loader import load

TABLES = ("regions", "municipalities", "care_types")


async def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row, with the place where PostgreSQL keeps it: a row that is written again moves."""
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    found = {
        table: [tuple(row) for row in await connection.fetch(f"SELECT ctid::text, xmin::text, * FROM {table}")]  # noqa: S608
        for table in TABLES
    }
    await connection.close()
    return found


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    await connection.execute(statement)
    await connection.close()


async def test_the_tables_hold_the_lists(database_url: str) -> None:
    found, lists = await rows(database_url), reference()
    assert {row[2:] for row in found["regions"]} == {(each.code, each.name) for each in lists.regions.values()}
    assert {row[2:] for row in found["municipalities"]} == {
        (each.code, each.name, each.region) for each in lists.municipalities.values()
    }
    assert {row[2:] for row in found["care_types"]} == {
        (each.code, each.name.nl, each.name.en, each.cbs_form_code, each.residential)
        for each in lists.care_types.values()
    }
    assert [len(found[table]) for table in TABLES] == [42, 342, 36]


async def test_once_more_changes_nothing(fresh_database_url: str) -> None:
    before = await rows(fresh_database_url)
    await load(fresh_database_url)
    assert await rows(fresh_database_url) == before


async def test_what_differs_is_mended_and_what_went_out_stays(fresh_database_url: str) -> None:
    url = fresh_database_url
    before = await rows(url)
    await execute(url, "UPDATE municipalities SET name = 'Helder', region_code = 'JZ06' WHERE code = 'GM0400'")
    await execute(url, "UPDATE regions SET name = 'Kop' WHERE code = 'JZ03'")
    await execute(url, "DELETE FROM care_types WHERE code = 'gezinshuis'")
    await execute(url, "INSERT INTO municipalities VALUES ('GM0000', 'Opgeheven', 'JZ03')")
    await load(url)
    after = await rows(url)
    assert ("GM0000", "Opgeheven", "JZ03") in {row[2:] for row in after["municipalities"]}
    for table in TABLES:
        assert {row[2:] for row in after[table]} - {("GM0000", "Opgeheven", "JZ03")} == {
            row[2:] for row in before[table]
        }


async def test_a_load_that_fails_leaves_nothing_behind(fresh_database_url: str) -> None:
    url = fresh_database_url
    await execute(url, "UPDATE regions SET name = 'Oud'")
    await execute(url, "ALTER TABLE care_types ADD CONSTRAINT refuse CHECK (name_nl = '') NOT VALID")
    await execute(url, "DELETE FROM care_types WHERE code = 'gezinshuis'")
    before = await rows(url)
    with pytest.raises(IntegrityError, match="refuse"):
        await load(url)
    assert await rows(url) == before
