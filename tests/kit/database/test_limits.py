"""Whoever meets a lock or a database that says nothing is told so in bounded time, and nobody else notices."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import text

from app.kit.database.limits import Limits, job_limits, request_limits
from app.kit.database.lock_waits import LockWatch
from app.kit.database.sessions import Database, connect
from app.kit.errors import LockedError, TooLongError
from app.settings import Settings
from scripts.drills._line import line_to
from tests.conftest import SettableClock, serving
from tests.patience import PATIENCE
from tests.world import World, problem

LONG = Limits(statement=PATIENCE, lock=PATIENCE, idle=PATIENCE, silence=PATIENCE, patience=PATIENCE)
SHORT = 0.05
POOL = 4


@asynccontextmanager
async def connected(url: str, limits: Limits) -> AsyncIterator[Database]:
    database = connect(url, pool_size=POOL, limits=limits)
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
async def other(fresh_database_url: str) -> AsyncIterator[Database]:
    """What another process has of the database."""
    async with connected(fresh_database_url, LONG) as made:
        yield made


@asynccontextmanager
async def locking(other: Database, statement: str) -> AsyncIterator[None]:
    """Another process holds what the statement locks, for as long as the block lasts."""
    async with other.write() as session:
        await session.execute(text(statement))
        yield
        await session.rollback()


async def put(world: World, offer: str, free: int = 1) -> httpx.Response:
    body = {"placesTotal": 4, "placesFree": free}
    return await world.http.put(f"/v1/offers/{offer}/capacity", json=body, headers=world.admin)


async def two_offers(world: World) -> tuple[str, str]:
    provider = await world.add_provider()
    first, second = await world.add_offer(provider), await world.add_offer(provider)
    return first["id"], second["id"]


async def test_each_connection_has_the_limits(fresh_database_url: str, settings: Settings) -> None:
    limits = replace(request_limits(settings), statement=3, lock=1.5, idle=4, silence=9)
    shown = {
        "statement_timeout": "3s",
        "lock_timeout": "1500ms",
        "idle_in_transaction_session_timeout": "4s",
    }
    async with connected(fresh_database_url, limits) as database, database.read() as session:
        for name, value in shown.items():
            assert await session.scalar(text(f"SHOW {name}")) == value


def test_the_driver_waits_longer_than_the_server_and_jobs_longer_than_requests(settings: Settings) -> None:
    of_requests, of_jobs = request_limits(settings), job_limits(settings)
    for each in (of_requests, of_jobs):
        assert each.connect_args["command_timeout"] > each.statement >= each.lock
        assert each.server_settings["tcp_keepalives_idle"] == "5"
    assert of_jobs.statement > of_requests.statement


@pytest.mark.parametrize("locked", ["SELECT FROM {} FOR UPDATE", "LOCK TABLE {}"])
async def test_who_needs_what_is_locked_is_told_so_and_nobody_else(
    settings: Settings, fresh_database_url: str, clock: SettableClock, other: Database, locked: str
) -> None:
    limits = replace(LONG, lock=SHORT)
    async with connected(fresh_database_url, limits) as database, serving(settings, database, clock) as world:
        offer, _ = await two_offers(world)
        async with locking(other, locked.format("offers")):
            answer = await put(world, offer)
            assert int(problem(answer, 503, "locked")["status"]) == 503
            assert int(answer.headers["retry-after"]) > 0
            assert (await world.http.get("/v1/health/ready")).status_code == 200
            assert (await world.http.get("/v1/care-types")).status_code == 200
        assert (await put(world, offer)).status_code in {200, 201}


async def test_callers_of_one_row_do_not_take_the_whole_pool(
    settings: Settings, fresh_database_url: str, clock: SettableClock, other: Database
) -> None:
    async with (
        connected(fresh_database_url, LONG) as database,
        serving(settings, database, clock) as world,
        LockWatch(database).running(),
    ):
        hot, quiet = await two_offers(world)
        async with locking(other, f"SELECT FROM offers WHERE id = '{hot}' FOR UPDATE"):
            tasks = [asyncio.create_task(put(world, hot)) for _ in range(5 * POOL)]
            assert (await put(world, quiet)).status_code in {200, 201}
            while sum(task.done() for task in tasks) < 5 * POOL - POOL // 2:
                await asyncio.wait([task for task in tasks if not task.done()], return_when=asyncio.FIRST_COMPLETED)
            assert (await put(world, quiet, 2)).status_code in {200, 201}
            for task in tasks:
                if task.done():
                    problem(task.result(), 503, "locked")
            assert sum(not task.done() for task in tasks) == POOL // 2, "these wait until they may"
        served = [await task for task in tasks]
        assert {answer.status_code for answer in served} <= {200, 201, 503}
        assert sum(answer.status_code < 300 for answer in served) == POOL // 2


async def test_a_queue_that_moves_is_left_alone(fresh_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for as long as a lock that is held: which is longer here, as the machine may be busy."""
    monkeypatch.setattr("app.kit.database.lock_waits.STUCK", PATIENCE)
    async with connected(fresh_database_url, LONG) as database, LockWatch(database, 1).running():

        async def count() -> None:
            async with database.write() as session:
                await session.execute(text("UPDATE regions SET name = name WHERE code = 'JZ03'"))

        await asyncio.gather(*(count() for _ in range(10 * POOL)))


async def test_a_statement_that_takes_too_long(fresh_database_url: str) -> None:
    async with connected(fresh_database_url, replace(LONG, statement=SHORT)) as database, database.read() as session:
        with pytest.raises(TooLongError):
            await session.execute(text("SELECT pg_sleep(600)"))


async def test_a_process_that_froze_lets_go_of_what_it_had_locked(fresh_database_url: str, other: Database) -> None:
    async with connected(fresh_database_url, replace(LONG, idle=SHORT)) as frozen, frozen.engine.connect() as session:
        await session.execute(text("SELECT FROM regions FOR UPDATE"))
        async with other.write() as writing:
            await writing.execute(text("SELECT FROM regions FOR UPDATE"))
        await session.invalidate()


async def test_a_lock_in_a_job_is_told_too(fresh_database_url: str, other: Database) -> None:
    async with (
        connected(fresh_database_url, replace(LONG, lock=SHORT)) as database,
        locking(other, "LOCK TABLE regions"),
        database.read() as session,
    ):
        with pytest.raises(LockedError):
            await session.execute(text("SELECT FROM regions"))


async def test_a_database_that_says_nothing(
    settings: Settings, fresh_database_url: str, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine is there, and takes what is sent: only the driver's own time helps."""
    monkeypatch.setattr("app.kit.database.limits.MARGIN", 0)
    async with line_to(fresh_database_url) as (line, url):
        database = connect(url, pool_size=1, limits=replace(LONG, statement=1, patience=1))
        async with serving(settings, database, clock) as world:
            assert (await world.http.get("/v1/health/ready")).status_code == 200
            line.swallow()
            async with asyncio.timeout(PATIENCE):
                problem(await world.http.get("/v1/health/ready"), 503, "unavailable")
            line.mend()
            answer = await world.http.get("/v1/health/ready")
            while answer.status_code != 200:
                answer = await world.http.get("/v1/health/ready")
        await database.close()
