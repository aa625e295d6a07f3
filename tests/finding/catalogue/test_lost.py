"""A database that is lost: told, caught up with when it is back, and loaded anew where it may be another."""

import asyncio
import gc
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest
from structlog.testing import capture_logs

from app.finding.catalogue import follower as follower_module
from app.finding.catalogue import repository
from app.finding.catalogue.errors import CatalogueMissingError
from app.finding.catalogue.follower import STALE_AFTER, Follower
from app.finding.catalogue.repository import prune_changes
from app.kit.database.sessions import Database, Driver, connect
from app.settings import Settings
from tests.conftest import SettableClock, serving
from tests.finding.catalogue.conftest import Open
from tests.finding.catalogue.dataset import Changer
from tests.finding.catalogue.test_interleaving import assert_current
from tests.finding.catalogue.test_pages import all_ended
from tests.patience import PATIENCE
from tests.world import World, match_request, problem

READY: Final = "/v1/health/ready"


class Wire(Database):
    """A database whose followers can be cut off; requests still reach it."""

    cut = False
    driver_id = 0

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[Driver]:
        if self.cut:
            raise ConnectionRefusedError
        async with super().driver() as driver:
            self.driver_id = driver.get_server_pid()
            yield driver

    async def kill(self, changer: Driver) -> None:
        """Ends the follower's connection at the other side."""
        await changer.execute("SELECT pg_terminate_backend($1, 60_000)", self.driver_id)


class Timer:
    """The time that a follower goes by."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def wire(fresh_database_url: str) -> AsyncIterator[Wire]:
    wire = Wire(connect(fresh_database_url, pool_size=4).engine)
    yield wire
    await wire.close()


@pytest.fixture
async def lost_world(settings: Settings, wire: Wire, clock: SettableClock) -> AsyncIterator[World]:
    """The service on that database."""
    async with serving(settings, wire, clock) as made:
        yield made


def loads(logs: list[MutableMapping[str, Any]]) -> int:
    """How often the whole was loaded."""
    return [each["event"] for each in logs].count("catalogue.loaded")


async def test_ready_and_answers_tell_and_it_comes_back_by_itself(
    lost_world: World, wire: Wire, open_changer: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower_module, "RETRY", 0.0)
    driver, follower, ask = (await open_changer(0)).driver, lost_world.parts.follower, lost_world.http.get
    offer = await lost_world.add_offer()
    await lost_world.report(offer)
    assert (await ask(READY)).status_code == 200
    answer = await ask("/v1/availability", headers=lost_world.gi)
    assert answer.headers["catalogue-age"] == "0"
    wire.cut = True
    await wire.kill(driver)
    task = asyncio.create_task(follower.follow())
    async with asyncio.timeout(PATIENCE):
        while (ready := await ask(READY)).status_code == 200:
            pass
    assert problem(ready, 503, "not-ready")["check"] == "catalogue"
    await driver.execute("UPDATE offers SET name = 'Intussen anders'")
    matched = lost_world.http.post("/v1/matches", json=match_request(), headers=lost_world.gi)
    for sent in (ask("/v1/availability", headers=lost_world.gi), matched):
        answer = await sent
        assert (answer.status_code, offer["name"] in answer.text) == (200, True)
        assert int(answer.headers["catalogue-age"]) > 0
    wire.cut = False
    async with asyncio.timeout(PATIENCE):
        while (await ask(READY)).status_code != 200:
            pass
    answer = await ask("/v1/availability", headers=lost_world.gi)
    assert answer.headers["catalogue-age"] == "0"
    assert answer.json()["items"][0]["offer"]["name"] == "Intussen anders"
    task.cancel()
    await asyncio.wait([task])


async def test_only_who_follows_keeps_what_is_there_from_the_collector(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower_module, "INTERVAL", 0.0)
    gc.unfreeze()
    follower = Follower(wire)
    await follower.catch_up()
    assert gc.get_freeze_count() == 0, "a catalogue that is loaded once is let go with all else"
    task = asyncio.create_task(follower.follow())
    async with asyncio.timeout(PATIENCE):
        while not gc.get_freeze_count():  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    await follower.close()
    gc.unfreeze()


async def test_silence_is_told_after_a_while(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower_module, "STALE_AFTER", STALE_AFTER)
    timer = Timer()
    follower = Follower(wire, timer=timer)
    with pytest.raises(CatalogueMissingError):
        follower.check()
    await follower.catch_up()
    timer.now += STALE_AFTER
    assert (follower.age, follower.headers) == (0.0, {"Catalogue-Age": "0"})
    timer.now += 0.5
    assert (follower.age, follower.headers) == (STALE_AFTER + 0.5, {"Catalogue-Age": "3"})
    await follower.catch_up()
    assert follower.age == 0.0
    wire.cut = True
    await follower.close()
    timer.now += 0.25
    assert not await follower.try_to_catch_up()
    assert follower.headers == {"Catalogue-Age": "1"}
    await follower.close()


async def test_a_lost_connection_takes_no_load(changer: Changer, wire: Wire, own_database: Database) -> None:
    follower = Follower(wire)
    await follower.catch_up()
    with capture_logs() as logs:
        for _ in range(5):
            await changer.transact()
            await wire.kill(changer.driver)
            assert not await follower.try_to_catch_up()
            assert await follower.try_to_catch_up()
    assert (loads(logs), [each["event"] for each in logs].count("catalogue.regained")) == (0, 5)
    await assert_current(follower, own_database)
    await follower.close()


async def test_another_server_takes_a_load(
    changer: Changer, wire: Wire, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(wire)
    await follower.catch_up()

    async def another(_: Driver) -> str:
        return "2026-11-22 10:00:00+00"

    monkeypatch.setattr(repository, "get_instance", another)
    with capture_logs() as logs:
        await wire.kill(changer.driver)
        await follower.try_to_catch_up()
        await follower.catch_up()
        await follower.catch_up()
    assert loads(logs) == 1
    await assert_current(follower, own_database)
    await follower.close()


async def prune(database: Database, driver: Driver) -> None:
    """As the job does, two hours after it did."""
    await driver.execute("UPDATE catalogue_marks SET marked_at = marked_at - interval '2 hours'")
    async with database.write() as session:
        await prune_changes(session)


async def test_changes_that_have_been_pruned_take_a_load(changer: Changer, wire: Wire, own_database: Database) -> None:
    follower = Follower(wire)
    await follower.catch_up()
    await changer.driver.execute("DELETE FROM contracts")
    await all_ended(changer.driver)
    for _ in range(3):
        await prune(own_database, changer.driver)
    assert await changer.driver.fetchval("SELECT count(*) FROM catalogue_changes") == 0
    with capture_logs() as logs:
        await follower.catch_up()
        await follower.catch_up()
    assert loads(logs) == 1
    await assert_current(follower, own_database)
    await follower.close()


async def test_what_somebody_may_still_need_is_not_pruned(
    changer: Changer, open_changer: Open, wire: Wire, own_database: Database
) -> None:
    late = (await open_changer(0)).driver
    await late.execute("BEGIN")
    await late.execute("UPDATE offers SET name = 'Laat'")
    oldest = int(await late.fetchval("SELECT pg_current_xact_id()::text"))
    await changer.driver.execute("UPDATE current_capacities SET waiting_count = 9")
    follower = Follower(wire)
    await follower.catch_up()
    while follower.catalogue.position.xmin < oldest:  # the server's own, such as to analyse a table, can be older
        await follower.catch_up()
    for _ in range(3):
        await prune(own_database, changer.driver)
    await late.execute("COMMIT")
    with capture_logs() as logs:
        await follower.catch_up()
    assert loads(logs) == 0
    await assert_current(follower, own_database)
    await follower.close()
