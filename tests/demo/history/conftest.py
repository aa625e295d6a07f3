"""A service on the demo data set of a day, which the tests of a module share, and read only."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, time
from uuid import uuid4

import pytest

from app.demo.seed import seed
from app.kit.database.sessions import connect
from app.settings import Settings
from tests.conftest import serving
from tests.databases import run_sql, url_of
from tests.world import World

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def told_url(server_url: str, template_database: str) -> Iterator[str]:
    """A database with the demo data set of TODAY."""
    name = f"wijzer_told_{uuid4().hex}"
    asyncio.run(run_sql(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"'))
    asyncio.run(seed(url_of(server_url, name), TODAY))
    yield url_of(server_url, name)
    asyncio.run(run_sql(server_url, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
async def told(settings: Settings, told_url: str) -> AsyncIterator[World]:
    """The service on it, asked that morning."""
    database = connect(told_url, pool_size=2)
    async with serving(settings, database, lambda: datetime.combine(TODAY, time(9), UTC)) as world:
        yield world
    await database.engine.dispose()
