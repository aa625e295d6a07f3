"""The service in a test: on this worker's database with a savepoint a test, or on a database of the test's own."""

import gc
import math
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from typing import Final

import httpx
import hypothesis
import pytest
from cachetools import LRUCache
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from app.finding.catalogue import follower as follower_module
from app.finding.catalogue.position import Position
from app.insight.answers import kept as kept_answers
from app.insight.supply_cells import repository as supply_cells
from app.kit.clock import Clock
from app.kit.database import roles
from app.kit.database.limits import Limits
from app.kit.database.roles import as_statement
from app.kit.database.sessions import (
    Database,
    DirectConnection,
    Driver,
    ReadSession,
    WriteSession,
    make_engine,
)
from app.kit.http.parts import compose_with, parts_of
from app.kit.http.rows import NOBODY
from app.main import create_app
from app.parts import Parts, compose
from app.settings import Settings
from tests import now as moments
from tests.declared import declared_by
from tests.patience import PATIENCE
from tests.world import World

pytest_plugins = ["tests.databases", "tests.replication"]

hypothesis.settings.register_profile("wijzer", deadline=None)  # a busy machine is no error
hypothesis.settings.load_profile("wijzer")

NOW = moments.NOW
"""As there."""


@pytest.fixture(
    params=[
        {"host": "127.0.0.1", "port": 1, "query": {}},  # nobody listens
        {"database": "no_such_database"},
        {"username": "no_such_user"},
    ],
    ids=["down", "no database", "no login"],
)
def away_url(request: pytest.FixtureRequest, database_url: str) -> str:
    """The URL of a database that cannot be reached, in each of the ways that this can be so."""
    return make_url(database_url).set(**request.param).render_as_string(hide_password=False)


@pytest.fixture(autouse=True)
def _let_go() -> Iterator[None]:
    """A service that ran in a test has told the collector that it stays; it does not."""
    yield
    if gc.get_freeze_count():
        gc.unfreeze()


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue that nobody follows, or a follower that gets no turn on a busy machine, is not stale in a test."""
    monkeypatch.setattr(follower_module, "STALE_AFTER", math.inf)


@pytest.fixture(autouse=True)
def _kept_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """What insight keeps of an answer is of the test that asked: databases of tests begin in one state."""
    monkeypatch.setattr(kept_answers, "_kept", LRUCache(kept_answers.MOST, getsizeof=len))
    monkeypatch.setattr(supply_cells, "_kept", LRUCache(kept_answers.MOST, getsizeof=len))


NOTHING_SEEN = Position(1, 1, ())
ALL_SEEN = Position(2**62 - 1, 2**62 - 1, ())


SERVICE = dict(NOBODY) | {"role": roles.SERVICE}
"""The settings of what is done for no caller."""


OWNER: Final = {"role": "none"}
"""The settings of a transaction as whoever logs in, who owns the tables: for what the service has no right to."""


class SavepointDatabase(Database):
    """All sessions share one connection, whose transaction the test rolls back; each of theirs is a savepoint."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection.engine)
        self.connection = connection
        self._settings: Mapping[str, str] = SERVICE

    @asynccontextmanager
    async def _with(self, settings: Mapping[str, str] | None) -> AsyncIterator[None]:
        """The connection has these settings for as long as the block lasts, as a transaction of its own would."""
        before, settings = self._settings, SERVICE | dict(settings or {})
        if settings != before:
            await self._take(settings)
        try:
            yield
        finally:
            if settings != before:
                await self._take(before)

    async def _take(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        await self.connection.exec_driver_sql(as_statement(settings))

    @asynccontextmanager
    async def read(self, settings: Mapping[str, str] | None = None) -> AsyncIterator[ReadSession]:
        async with (
            self._with(settings),
            AsyncSession(self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session,
        ):
            yield ReadSession(session)

    @asynccontextmanager
    async def write(self, settings: Mapping[str, str] | None = None) -> AsyncIterator[WriteSession]:
        async with (
            self._with(settings),
            AsyncSession(
                self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False, autoflush=False
            ) as session,
            session.begin(),
        ):
            yield WriteSession(session)
        await self.committed()

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[DirectConnection]:
        async with self._with(None), self.connection.begin_nested():
            yield DirectConnection(self.connection)

    def beside(self, *, pool_size: int, limits: Limits) -> Database:  # noqa: ARG002 - none is given
        """Background work commits, in a database that the tests after this one share."""
        raise AssertionError("a test that starts background work needs a database of its own: fresh_database_url")

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[Driver]:
        await self.connection.exec_driver_sql("SELECT 1")  # the transaction begins
        raw = await self.connection.get_raw_connection()
        yield raw.driver_connection

    def snapshot(self, driver: Driver) -> AbstractAsyncContextManager[object]:
        return nullcontext(driver)


@pytest.fixture(scope="session")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """One engine for all tests of a worker, so that statements are compiled once.

    Its connection goes from test to test, so that PostgreSQL plans them once; a test rolls back what it did to it.
    """
    made = create_async_engine(
        database_url, pool_size=1, max_overflow=-1, connect_args={"prepared_statement_cache_size": 2000}
    )
    yield made
    await made.dispose()


@pytest.fixture
async def database(engine: AsyncEngine) -> AsyncIterator[SavepointDatabase]:
    """The database of a test: what it writes is gone after it."""
    async with engine.connect() as connection, connection.begin() as transaction:
        await connection.exec_driver_sql(as_statement(SERVICE))
        yield SavepointDatabase(connection)
        await transaction.rollback()


@pytest.fixture(scope="session")
def settings(database_url: str) -> Settings:
    """Demo mode, so that tokens can be signed; no rate limits."""
    return Settings(database_url=database_url, demo=True, rate_limit="", token_rate_limit="")


class SettableClock:
    """The service's clock in a test; set `now` to move it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> SettableClock:
    """The service's clock."""
    return SettableClock()


@asynccontextmanager
async def serving(settings: Settings, database: Database, clock: Clock) -> AsyncIterator[World]:
    """An application of its own, for a test with other settings or another database."""
    async with asking(create_app(settings, database=database, clock=clock)) as made:
        yield made


async def _begin_to_follow(app: FastAPI) -> None:
    """Loads the catalogue; in a test with savepoints what is written is never committed, so all is looked at anew."""
    parts = parts_of(app, Parts)
    follower = parts.follower
    await follower.try_to_catch_up()

    async def see_own() -> None:
        follower.catalogue.position = NOTHING_SEEN
        await follower.catch_up()
        follower.catalogue.position = ALL_SEEN

    if isinstance(parts.database, SavepointDatabase):
        parts.database.after_commit, parts.report_writer.when_stored = see_own, None


@asynccontextmanager
async def asking(app: FastAPI) -> AsyncIterator[World]:
    """The application, asked in this process over ASGI; an error in it fails the test only as the 500 that it is."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    await _begin_to_follow(app)
    hooks = {"response": [declared_by(app).check]}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", event_hooks=hooks) as http:
        yield World(app, http)
    await parts_of(app, Parts).follower.close()


@pytest.fixture(scope="session")
def app(settings: Settings, engine: AsyncEngine) -> FastAPI:
    """The application, composed once for all tests of a worker; `world` gives it the database and clock of a test."""
    return create_app(settings, database=Database(engine))


@pytest.fixture
async def world(
    app: FastAPI, settings: Settings, database: SavepointDatabase, clock: SettableClock
) -> AsyncIterator[World]:
    """The service on the test's own database."""
    compose_with(app, compose(settings, database, clock))
    async with asking(app) as made:
        yield made


@pytest.fixture
async def committing_world(settings: Settings, fresh_database_url: str, clock: SettableClock) -> AsyncIterator[World]:
    """The service on a database of its own with a real pool, for tests with concurrent requests."""
    database = Database(make_engine(fresh_database_url, pool_size=10, patience=PATIENCE))
    async with serving(settings, database, clock) as made:
        yield made
    await database.engine.dispose()


@pytest.fixture
def statements(database: SavepointDatabase) -> Iterator[list[str]]:
    """Every SQL statement that the service sends, savepoints aside."""
    sent: list[str] = []

    def note(_c: object, _cur: object, statement: str, _p: object, _ctx: object, _many: object) -> None:
        if not statement.startswith("SELECT set_config"):  # goes along with a BEGIN
            sent.append(statement)

    engine = database.connection.sync_connection.engine  # type: ignore[union-attr]
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
