"""A database of a test's own with a made-up region in it, and catalogues that follow it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from app.finding.catalogue.follower import Follower
from app.kit.database.sessions import Database, connect
from tests.finding.catalogue.dataset import Changer, open_driver

Open = Callable[[int], Awaitable[Changer]]


@pytest.fixture
async def own_database(fresh_database_url: str) -> AsyncIterator[Database]:
    """The database as a worker knows it."""
    database = connect(fresh_database_url, pool_size=3)
    yield database
    await database.close()


@pytest.fixture
async def open_changer(fresh_database_url: str) -> AsyncIterator[Open]:
    """Makes a changer with a connection of its own, by its seed."""
    async with AsyncExitStack() as stack:

        async def make(seed: int) -> Changer:
            driver = await open_driver(fresh_database_url)
            stack.push_async_callback(driver.close)
            return Changer(driver, seed)

        yield make


@pytest.fixture
async def changer(open_changer: Open) -> Changer:
    """A changer of a database that it has filled."""
    changer = await open_changer(1)
    await changer.fill()
    return changer


@pytest.fixture
async def follower(own_database: Database) -> AsyncIterator[Follower]:
    """A worker's follower, which has loaded nothing yet."""
    follower = Follower(own_database)
    yield follower
    await follower.close()
