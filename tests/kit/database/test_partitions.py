"""Monthly parts of a table: made once, read through the table, unknown to migrations, and nobody's to wait for."""

import asyncio
from datetime import date

import asyncpg
import pytest
from alembic import command

from app.kit.database import migrations
from app.kit.database.partitions import is_partition, make_partitions
from app.kit.database.sessions import Database, make_engine
from tests.patience import PATIENCE

TABLE = "insight_supply_days"
MONTHS = [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
PARTS = """
    SELECT relname, pg_get_expr(relpartbound, oid) FROM pg_class
    WHERE oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'insight_supply_days'::regclass)
    AND relkind = 'r' ORDER BY relname
"""


@pytest.mark.parametrize(
    ("name", "is_part"),
    [
        ("insight_supply_days_2026_11", True),
        ("insight_supply_days", False),
        ("reports_2026", False),
        ("organisations", False),
        ("a", False),
    ],
)
def test_the_part_of_a_month_is_known_by_its_name(name: str, is_part: bool) -> None:
    assert is_partition(name) is is_part
    assert migrations.is_ours(name, "table", None) is not is_part


async def test_parts_are_made_once_while_others_read(fresh_database_url: str) -> None:
    reader = await asyncpg.connect(fresh_database_url.replace("postgresql+asyncpg", "postgresql"))
    reading = reader.transaction()
    await reading.start()
    await reader.fetch(f"SELECT * FROM {TABLE}")  # noqa: S608 - our own word
    database = Database(make_engine(fresh_database_url, pool_size=2, patience=PATIENCE))
    for _ in range(2):
        async with asyncio.timeout(PATIENCE), database.write() as session:
            await make_partitions(session, TABLE, MONTHS)
    await reading.rollback()
    assert [tuple(row) for row in await reader.fetch(PARTS)] == [
        (f"{TABLE}_2026_11", "FOR VALUES FROM ('2026-11-01') TO ('2026-12-01')"),
        (f"{TABLE}_2026_12", "FOR VALUES FROM ('2026-12-01') TO ('2027-01-01')"),
        (f"{TABLE}_2027_01", "FOR VALUES FROM ('2027-01-01') TO ('2027-02-01')"),
    ]
    await reader.close()
    await database.close()
    await asyncio.to_thread(command.check, migrations.alembic_config(fresh_database_url))
