"""Reads from a replica: as fresh as the primary, from whichever server can give that, and never from a fork."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from app.kit.database.replica import (
    ReplicaPassedOverError,
    ReplicatedDatabase,
    _Primary,
    connect_with_replica,
)
from app.kit.database.sessions import (
    Database,
    ReadSession,
    connect,
    make_engine,
)
from app.kit.errors import NotFoundError
from app.kit.http.rows import NOBODY
from app.settings import Settings
from tests.conftest import SettableClock, serving
from tests.patience import PATIENCE
from tests.replication import Replication
from tests.world import World, problem

AS_OWNER = text("SET LOCAL ROLE NONE")
"""The service may not ask where data is."""
WHERE = text("SELECT current_setting('data_directory')")
COUNT = text("SELECT count(*) FROM regions")
LONG = PATIENCE
"""Seconds that no test should come to wait for."""

Connect = Callable[..., ReplicatedDatabase]


@pytest.fixture
async def connected(replication: Replication) -> AsyncIterator[Connect]:
    """Connects to the pair, or to a replica elsewhere; reads wait long and a replica that failed is asked at once."""
    made: list[ReplicatedDatabase] = []

    def make(url: str | None = None, **options: float) -> ReplicatedDatabase:
        replica = make_engine(url or replication.replica_url, pool_size=2)
        options = {"patience": LONG, "pause": 0.0, **options}
        made.append(ReplicatedDatabase(make_engine(replication.primary_url, pool_size=2), replica, **options))
        return made[-1]

    yield make
    for each in made:
        await each.close()


async def where(session: ReadSession) -> str:
    """The data directory of the server that answers."""
    await session.execute(AS_OWNER)
    return str(await session.scalar(WHERE))


async def count(session: ReadSession) -> tuple[str, int]:
    """Who answers, and how many regions it knows."""
    return await where(session), int(await session.scalar(COUNT) or 0)


async def add_region(database: Database, code: str = "JZ99") -> None:
    async with database.write() as session:
        await session.execute(text("INSERT INTO regions VALUES (:code, 'Nieuw')"), {"code": code})


def outcomes(outcome: str) -> float:
    return REGISTRY.get_sample_value("wijzer_replica_reads_total", {"outcome": outcome}) or 0


async def test_without_a_replica_the_primary_is_read(database_url: str) -> None:
    database = connect_with_replica(database_url, None)
    async with database.read_replica() as session:
        assert await session.scalar(COUNT) == 42
    assert await database.on_replica(lambda session: session.scalar(COUNT)) == 42
    with pytest.raises(DBAPIError, match="read-only"):
        await database.on_replica(lambda session: session.execute(text("DELETE FROM regions")))
    await database.close()


async def test_the_replica_is_read_as_the_caller(connected: Connect) -> None:
    """With the settings of its transaction, and those only: the next read on that connection has none."""
    database = connected()
    who = text("SELECT current_user || ' ' || pg_is_in_recovery()")

    async def ask(session: ReadSession) -> str:
        return str(await session.scalar(who))

    for settings, user in ((NOBODY, "wijzer_caller"), (None, "wijzer_service"), (NOBODY, "wijzer_caller")):
        assert await database.on_replica(ask, settings) == f"{user} true"
        async with database.read_replica(settings) as session:
            assert await ask(session) == f"{user} true"


async def test_the_replica_is_read(connected: Connect, replication: Replication) -> None:
    database = connected()
    before = outcomes("replica")
    assert await database.on_replica(where) == str(replication.replica.data)
    async with database.read_replica() as session:
        assert await where(session) == str(replication.replica.data)
        with pytest.raises(DBAPIError, match="read-only"):
            await session.execute(text("INSERT INTO regions VALUES ('JZ99', 'Nieuw')"))
    assert outcomes("replica") == before + 2


async def test_a_read_sees_all_that_was_committed_before_it_by_whomever(
    connected: Connect, replication: Replication
) -> None:
    database, other = connected(), connect(replication.primary_url, pool_size=1)
    for number in range(50):
        await add_region(other, f"X{number}")
        assert await database.on_replica(count) == (str(replication.replica.data), 43 + number)
    await other.close()


async def test_a_read_sees_one_moment(connected: Connect, replication: Replication) -> None:
    database = connected()
    async with database.read_replica() as session:
        assert await session.scalar(COUNT) == 42
        await add_region(database)
        await replication.catch_up()
        assert await session.scalar(COUNT) == 42


async def test_a_read_waits_for_a_replica_that_is_behind(connected: Connect, replication: Replication) -> None:
    database = connected()
    await replication.pause()
    await add_region(database)
    read = asyncio.create_task(database.on_replica(count))
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND query LIKE '%pg_control_checkpoint()%'"
    async with asyncio.timeout(LONG):
        while not await replication.replica.ask(asked, replication.database):
            assert not read.done()
    assert not read.done()
    await replication.resume()
    assert await read == (str(replication.replica.data), 43)


async def test_a_replica_that_stays_behind_is_passed_over(connected: Connect, replication: Replication) -> None:
    database = connected(patience=0.1)
    await database.on_replica(where)
    await replication.pause()
    await add_region(database)
    before = outcomes("lagging")
    with capture_logs() as logs:
        for _ in range(2):
            assert await database.on_replica(count) == (str(replication.primary.data), 43)
        async with database.read_replica() as session:
            assert await count(session) == (str(replication.primary.data), 43)
    assert logs == [
        {"event": "replica.lost", "log_level": "warning", "reason": "lagging", "error": "ReplicaPassedOverError"}
    ]
    assert outcomes("lagging") == before + 3
    await replication.resume()
    await replication.catch_up()
    with capture_logs() as logs:
        for _ in range(2):
            assert await database.on_replica(count) == (str(replication.replica.data), 43)
    assert logs == [{"event": "replica.back", "log_level": "info"}]


async def test_a_dead_replica_is_passed_over_until_it_is_back(connected: Connect, replication: Replication) -> None:
    database = connected()
    await database.on_replica(where)
    replication.kill_replica()
    with capture_logs() as logs:
        for _ in range(3):
            assert await database.on_replica(where) == str(replication.primary.data)
    assert [(each["event"], each["reason"]) for each in logs] == [("replica.lost", "unreachable")]
    replication.replica.start()
    with capture_logs() as logs:
        assert await database.on_replica(where) == str(replication.replica.data)
    assert [each["event"] for each in logs] == ["replica.back"]


async def test_a_replica_that_failed_is_left_alone_for_a_while(connected: Connect, replication: Replication) -> None:
    database = connected(pause=LONG)
    replication.kill_replica()
    assert await database.on_replica(where) == str(replication.primary.data)
    replication.replica.start()
    before = outcomes("paused")
    assert await database.on_replica(where) == str(replication.primary.data)
    assert outcomes("paused") == before + 1


async def test_a_replica_that_cannot_be_reached(connected: Connect, replication: Replication, away_url: str) -> None:
    database = connected(away_url)
    assert await database.on_replica(where) == str(replication.primary.data)


async def test_a_replica_that_is_silent(connected: Connect, replication: Replication) -> None:
    """A machine that hangs takes connections and packets, and answers nothing; neither do connections of the pool."""
    database = connected(patience=0.1)
    await database.on_replica(where)
    lines = (replication.replica.data / "postmaster.pid").read_text().splitlines()
    processes = [int(lines[0])]
    pids = "SELECT array_agg(pid) FROM pg_stat_activity WHERE datname = $1"
    processes += await replication.replica.ask(pids, replication.database)
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        async with asyncio.timeout(LONG):
            for _ in range(2):
                assert await database.on_replica(where) == str(replication.primary.data)
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)
    async with asyncio.timeout(LONG):
        while await database.on_replica(where) != str(replication.replica.data):
            pass


async def test_a_read_during_which_the_replica_dies_starts_anew(connected: Connect, replication: Replication) -> None:
    database = connected()
    seen: list[str] = []

    async def read(session: ReadSession) -> int:
        seen.append(await where(session))
        if len(seen) == 1:
            replication.kill_replica()
        return int(await session.scalar(COUNT) or 0)

    before = outcomes("interrupted")
    with capture_logs() as logs:
        assert await database.on_replica(read) == 42
        assert seen == [str(replication.replica.data), str(replication.primary.data)]
        await database.on_replica(where)
    assert outcomes("interrupted") == before + 1
    assert [(each["event"], each["reason"]) for each in logs] == [("replica.lost", "unreachable")]


async def test_a_read_that_conflicts_with_the_replay_starts_anew(connected: Connect, replication: Replication) -> None:
    database = connected()
    await replication.replica.ask("ALTER SYSTEM SET max_standby_streaming_delay = 0")
    await replication.replica.ask("SELECT pg_reload_conf()")
    seen: list[str] = []

    async def read(session: ReadSession) -> str:
        seen.append(await where(session))
        await session.scalar(COUNT)
        if len(seen) == 1:
            await replication.primary.ask("ALTER TABLE regions ADD COLUMN extra text", database=replication.database)
            await replication.catch_up()
        await session.scalar(COUNT)
        return seen[-1]

    with capture_logs() as logs:
        assert await database.on_replica(read) == str(replication.primary.data)
    assert seen == [str(replication.replica.data), str(replication.primary.data)]
    assert logs == []
    assert await database.on_replica(where) == str(replication.replica.data)


@pytest.mark.parametrize("error", [NotFoundError(), ZeroDivisionError()])
async def test_an_error_of_the_read_itself_is_no_reason_to_read_again(connected: Connect, error: Exception) -> None:
    calls: list[str] = []

    async def read(session: ReadSession) -> None:
        calls.append(await where(session))
        raise error

    with pytest.raises(type(error)):
        await connected().on_replica(read)
    assert len(calls) == 1


async def test_a_statement_that_is_wrong_is_no_outage(connected: Connect, replication: Replication) -> None:
    database = connected()
    with capture_logs() as logs, pytest.raises(DBAPIError, match="division by zero"):
        await database.on_replica(lambda session: session.scalar(text("SELECT 1 / 0")))
    assert logs == []
    assert await database.on_replica(where) == str(replication.replica.data)


async def test_a_dead_primary_is_the_readers_problem(connected: Connect, replication: Replication) -> None:
    replication.kill_primary()
    with capture_logs() as logs, pytest.raises(OSError, match="No such file"):
        await connected().on_replica(where)
    assert logs == []


async def test_a_replica_that_was_promoted_beside_the_primary_is_a_fork(
    connected: Connect, replication: Replication
) -> None:
    database = connected()
    assert await database.on_replica(count) == (str(replication.replica.data), 42)
    replication.promote()
    await replication.replica.ask("INSERT INTO regions VALUES ('JZ98', 'Vork')", database=replication.database)
    with capture_logs() as logs:
        assert await database.on_replica(count) == (str(replication.primary.data), 42)
    assert [(each["event"], each["reason"]) for each in logs] == [("replica.lost", "diverged")]


async def test_a_database_of_other_data_is_no_replica(
    connected: Connect, replication: Replication, database_url: str
) -> None:
    with capture_logs() as logs:
        assert await connected(database_url).on_replica(where) == str(replication.primary.data)
    assert [each["reason"] for each in logs] == ["diverged"]


STARTED = [datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2)]
PRIMARY = _Primary(system_identifier=7, timeline=2, started=STARTED[0], position=100)


@pytest.mark.parametrize(
    ("replica", "expected"),
    [
        ((7, 2, STARTED[1], True, 99), False),  # behind
        ((7, 2, STARTED[1], True, None), False),  # has just started
        ((7, 2, STARTED[1], True, 100), True),  # as far
        ((7, 2, STARTED[1], True, 101), True),  # further
        ((7, 1, STARTED[1], True, 500), None),  # replayed what the primary never had: left behind at a failover
        ((7, 3, STARTED[1], True, 500), None),  # follows another primary
        ((8, 2, STARTED[1], True, 500), None),  # other data
        ((7, 2, STARTED[0], False, None), True),  # promoted: the primary itself
        ((7, 1, STARTED[0], False, None), True),  # the same, before its first checkpoint on the new timeline
        ((7, 2, STARTED[1], False, None), None),  # promoted besides the primary, with the same number of timeline
        ((8, 2, STARTED[0], False, None), None),  # other data
    ],
)
def test_who_may_be_read(replica: tuple[Any, ...], expected: bool | None) -> None:
    names = ("system_identifier", "timeline", "started", "replays", "position")
    record = dict(zip(names, replica, strict=True))
    if expected is None:
        with pytest.raises(ReplicaPassedOverError, match="diverged"):
            PRIMARY.is_in(record)
    else:
        assert PRIMARY.is_in(record) is expected


@asynccontextmanager
async def served(settings: Settings, clock: SettableClock, database: Database) -> AsyncIterator[World]:
    """The service on this database."""
    async with serving(settings, database, clock) as world:
        yield world
    await database.close()


async def history(world: World, offer: dict[str, Any]) -> list[int]:
    """The free places of each report of an offer."""
    answer = await world.ok(world.http.get(f"/v1/offers/{offer['id']}/capacity-history", headers=world.gi))
    return [each["placesFree"] for each in answer["items"]]


async def test_the_capacity_history_comes_from_the_replica(
    settings: Settings, clock: SettableClock, replication: Replication
) -> None:
    database = connect_with_replica(replication.primary_url, replication.replica_url)
    assert isinstance(database, ReplicatedDatabase)
    sent: list[str] = []
    event.listen(database.replica.sync_engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    async with served(settings, clock, database) as world:
        offer = await world.add_offer()
        for free in (1, 2, 3):
            await world.report(offer, placesFree=free)
            assert sorted(await history(world, offer)) == list(range(1, free + 1))
        missing = f"/v1/offers/{offer['providerId']}/capacity-history"
        problem(await world.http.get(missing, headers=world.gi), 404, "not-found")
    assert sum("FROM capacity_reports" in statement for statement in sent) == 3


async def test_without_the_replica_all_goes_on(
    settings: Settings, clock: SettableClock, replication: Replication
) -> None:
    database = connect_with_replica(replication.primary_url, replication.replica_url)
    async with served(settings, clock, database) as world:
        offer = await world.add_offer()
        await world.report(offer)
        replication.kill_replica()
        assert await history(world, offer) == [1]
        assert (await world.http.get("/v1/health/ready")).status_code == 200


async def test_writing_goes_on_after_a_failover(
    settings: Settings, clock: SettableClock, replication: Replication
) -> None:
    database = connect_with_replica(replication.failover_url, replication.replica_url)
    async with served(settings, clock, database) as world:
        offer = await world.add_offer()
        await world.report(offer, placesFree=1)
        await replication.catch_up()
        replication.kill_primary()
        path, headers = f"/v1/offers/{offer['id']}/capacity", world.provider(offer["providerId"])
        problem(await world.http.put(path, json={"placesFree": 2}, headers=headers), 503, "unavailable")
        problem(await world.http.get("/v1/health/ready"), 503, "unavailable")
        problem(await world.http.get(f"{path}-history", headers=world.gi), 503, "unavailable")
        replication.promote()
        assert (await world.http.get("/v1/health/ready")).status_code == 200
        await world.report(offer, placesFree=3)
        with capture_logs() as logs:
            assert await history(world, offer) == [1, 3]
        assert not [each for each in logs if each["event"].startswith("replica.")]
