"""The catalogue from a streaming replica: nothing is lost while it lags, dies, or becomes the primary."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Final

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from app.finding.catalogue import repository
from app.finding.catalogue.follower import Follower
from app.kit.database.replica import ReplicatedDatabase
from app.kit.database.sessions import make_engine
from scripts.drills._postgres import Server
from tests.finding.catalogue.dataset import Changer, open_driver
from tests.finding.catalogue.test_interleaving import ONE_CHANGE, assert_current, begin_late
from tests.replication import Replication

LONG: Final = 30.0
"""Seconds that no test should come to wait for."""

SOME_CHANGES: Final = ONE_CHANGE[:2] + ONE_CHANGE[5:6]

OpenOn = Callable[[Server], Awaitable[Changer]]


@pytest.fixture
async def open_on(replication: Replication) -> AsyncIterator[OpenOn]:
    """Makes a changer with a connection of its own to a server."""
    async with AsyncExitStack() as stack:

        async def make(server: Server) -> Changer:
            driver = await open_driver(server.url(replication.database))
            stack.callback(driver.terminate)
            return Changer(driver, 5)

        yield make


@pytest.fixture
async def changer(open_on: OpenOn, replication: Replication) -> Changer:
    """A changer of the primary that it has filled; the replica has it all."""
    changer = await open_on(replication.primary)
    await changer.fill()
    await replication.catch_up()
    return changer


@pytest.fixture
async def pair(replication: Replication) -> AsyncIterator[ReplicatedDatabase]:
    """The pair as a worker knows it, with patience."""
    engines = make_engine(replication.failover_url, pool_size=4), make_engine(replication.replica_url, pool_size=2)
    database = ReplicatedDatabase(*engines, patience=LONG, pause=0.0)
    yield database
    await database.close()


@pytest.fixture
async def follower(pair: ReplicatedDatabase) -> AsyncIterator[Follower]:
    follower = Follower(pair)
    yield follower
    await follower.close()


def outcomes(outcome: str) -> float:
    """How many reads ended so."""
    return REGISTRY.get_sample_value("wijzer_replica_reads_total", {"outcome": outcome}) or 0


async def test_a_replica_leaves_open_what_may_still_be_running(
    changer: Changer, open_on: OpenOn, pair: ReplicatedDatabase, replication: Replication
) -> None:
    late = await begin_late(await open_on(replication.primary))
    first = int(await late.fetchval("SELECT pg_current_xact_id()::text"))
    await late.execute(ONE_CHANGE[0])
    await changer.driver.execute(ONE_CHANGE[1])
    await replication.catch_up()

    async with pair.read_replica() as session:
        driver = await repository.driver_of_snapshot(session)
        assert await driver.fetchval("SELECT pg_is_in_recovery()")
        position = await repository.get_position(driver)
    assert position.running == ()
    assert position.xmin == position.xmax <= first
    async with pair.read() as session:
        position = await repository.get_position(await repository.driver_of_snapshot(session))
    assert first in position.running
    assert position.xmax > first


async def test_what_commits_after_a_load_from_the_replica_comes_in(
    changer: Changer, open_on: OpenOn, pair: ReplicatedDatabase, replication: Replication
) -> None:
    before = outcomes("replica")
    for change in SOME_CHANGES:
        late = await begin_late(await open_on(replication.primary))
        await changer.driver.execute("UPDATE placement_stops SET reason = 'Anders'")
        await late.execute(change)
        follower = Follower(pair)
        await follower.catch_up()
        await late.execute("COMMIT")
        await follower.catch_up()
        await assert_current(follower, pair)
        await follower.close()
    assert outcomes("replica") == before + 2 * len(SOME_CHANGES)


async def test_after_a_load_from_the_replica_the_position_is_the_primarys(
    changer: Changer, open_on: OpenOn, follower: Follower, replication: Replication
) -> None:
    late = await begin_late(await open_on(replication.primary))
    await late.execute(ONE_CHANGE[0])
    await changer.driver.execute(ONE_CHANGE[1])
    await follower.catch_up()
    changed = follower.catalogue.table["changed"][follower.catalogue.live([])]
    assert not follower.catalogue.position.unseen(changed).any()


async def test_a_paused_replica_is_passed_over(changer: Changer, replication: Replication) -> None:
    engines = make_engine(replication.primary_url, pool_size=4), make_engine(replication.replica_url, pool_size=2)
    hasty = ReplicatedDatabase(*engines, patience=1.0, pause=LONG)
    await replication.pause()
    for change in ONE_CHANGE:
        await changer.driver.execute(change)
    before, follower = outcomes("lagging"), Follower(hasty)
    await follower.catch_up()
    assert outcomes("lagging") == before + 1
    await replication.resume()
    await assert_current(follower, hasty)
    await follower.close()
    await hasty.close()


async def test_a_dead_replica_is_passed_over(
    changer: Changer, follower: Follower, pair: ReplicatedDatabase, replication: Replication
) -> None:
    await changer.driver.execute(ONE_CHANGE[1])
    replication.kill_replica()
    with capture_logs() as logs:
        await follower.catch_up()
    assert [each["reason"] for each in logs if each["event"] == "replica.lost"] == ["unreachable"]
    await changer.driver.execute(ONE_CHANGE[2])
    await follower.catch_up()
    await assert_current(follower, pair)


async def test_the_replica_becomes_the_primary(
    changer: Changer, open_on: OpenOn, follower: Follower, pair: ReplicatedDatabase, replication: Replication
) -> None:
    await follower.catch_up()
    await changer.driver.execute(ONE_CHANGE[1])
    await replication.catch_up()
    replication.kill_primary()
    assert not await follower.try_to_catch_up()
    replication.promote()
    with capture_logs() as logs:
        await follower.catch_up()
    assert [each["event"] for each in logs].count("catalogue.loaded") == 1
    promoted = await open_on(replication.replica)
    await promoted.look()
    for change in (ONE_CHANGE[0], *ONE_CHANGE[2:]):
        await promoted.driver.execute(change)
        await follower.catch_up()
    with capture_logs() as logs:
        await follower.catch_up()
    assert logs == []
    await assert_current(follower, pair)
