"""Migrations: one line of them, there and back, with nothing between them and the tables of the code."""

import asyncio
from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import app.main  # noqa: F401 - puts every table in the metadata
from app.kit.database import migrations
from app.kit.database.tables import Table

LEFT = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'S')
    UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
"""
WAITING = """
    SELECT EXISTS (
        SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted)
"""
MIGRATION_LOCK = 7_201_847
"""The lock that migrations hold, in migrations/env.py, which only Alembic can import."""


async def run(url: str, statement: str) -> list[str]:
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    rows = await connection.fetch(statement)
    await connection.close()
    return [str(row[0]) for row in rows]


@pytest.fixture
async def empty_database_url(fresh_database_url: str) -> str:
    """A database with nothing in it."""
    await run(fresh_database_url, "DROP SCHEMA public CASCADE")
    await run(fresh_database_url, "CREATE SCHEMA public")
    return fresh_database_url


async def drift(url: str) -> list[Any]:
    """What `alembic revision --autogenerate` would put in a new migration."""

    def compare(connection: Connection) -> list[Any]:
        options = {"compare_type": True, "compare_server_default": True, "include_name": migrations.is_ours}
        found: list[Any] = compare_metadata(MigrationContext.configure(connection, opts=options), Table.metadata)
        return found

    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        found = await connection.run_sync(compare)
    await engine.dispose()
    return found


def test_there_is_one_newest_migration() -> None:
    script = ScriptDirectory.from_config(migrations.alembic_config())
    assert script.get_heads() == [migrations.head()]
    assert len(script.get_bases()) == 1


def test_up_down_and_up_again(empty_database_url: str) -> None:
    url = empty_database_url
    migrations.upgrade(url)
    assert asyncio.run(run(url, "SELECT version_num FROM alembic_version")) == [migrations.head()]
    assert asyncio.run(drift(url)) == []
    migrations.downgrade(url, "base")
    assert asyncio.run(run(url, LEFT)) == ["alembic_version"]
    migrations.upgrade(url)
    assert asyncio.run(drift(url)) == []


def test_once_more_changes_nothing(fresh_database_url: str) -> None:
    before = asyncio.run(run(fresh_database_url, LEFT))
    migrations.upgrade(fresh_database_url)
    assert asyncio.run(run(fresh_database_url, LEFT)) == before


def test_drift_would_be_seen(fresh_database_url: str) -> None:
    asyncio.run(run(fresh_database_url, "ALTER TABLE clients ADD COLUMN extra text"))
    asyncio.run(run(fresh_database_url, "DROP INDEX ix_clients_organisation_id"))
    assert {each[0] for each in asyncio.run(drift(fresh_database_url))} == {"remove_column", "add_index"}


async def test_a_migration_waits_for_another_and_then_finds_its_work_done(fresh_database_url: str) -> None:
    url = fresh_database_url
    other = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    await other.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
    await other.execute("DELETE FROM alembic_version")
    ours = asyncio.create_task(asyncio.to_thread(migrations.upgrade, url))
    async with asyncio.timeout(30):
        while not await other.fetchval(WAITING):
            assert not ours.done()
    await other.execute("INSERT INTO alembic_version VALUES ($1)", migrations.head())
    await other.close()
    await ours
    assert await run(url, "SELECT version_num FROM alembic_version") == [migrations.head()]
