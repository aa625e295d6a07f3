"""No interleaving of load and change loses an update, and none of a transaction that was rolled back comes in."""

import asyncio
import itertools
from typing import Final

import pytest

from app.domain.language import Language
from app.finding.catalogue import follower as follower_module
from app.finding.catalogue.follower import Follower
from app.finding.matching import service as matching
from app.kit.database.sessions import Database, Driver
from tests.conftest import NOW
from tests.finding.catalogue.conftest import Open
from tests.finding.catalogue.dataset import Changer
from tests.finding.catalogue.questions import Asker
from tests.finding.catalogue.same import assert_same
from tests.finding.catalogue.test_same_as_sql import written
from tests.finding.catalogue.truth import Truth

WRITERS: Final = 5
LOADING: Final = 5
"""Workers that load one after another while the writers write."""
LANGUAGE: Final[Language] = "nl"

_KILL = """
    SELECT count(pg_terminate_backend(pid, 60_000)) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'beschikbaarheidswijzer'
"""


ONE_CHANGE: Final = (
    "UPDATE current_capacities SET waiting_count = 77",
    "UPDATE offers SET name = 'Nu anders', age_max = 22",
    "UPDATE offers SET ended_at = now() WHERE id < '80000000-0000-0000-0000-000000000000'",
    "UPDATE providers SET name = 'Nu anders'",
    "UPDATE locations SET latitude = 52.5, longitude = 5.5, municipality_code = 'GM0400'",
    "UPDATE contracts SET ceiling_reached = NOT ceiling_reached",
    "DELETE FROM contracts",
    "UPDATE placement_stops SET ends_on = starts_on",
    "DELETE FROM placement_stops",
)


async def assert_current(follower: Follower, database: Database) -> None:
    """It holds what a load gives now."""
    loaded = Follower(database)
    await loaded.catch_up()
    assert_same(follower.catalogue, loaded.catalogue)
    await loaded.close()


async def begin_late(changer: Changer) -> Driver:
    """Begins a transaction that has its number, lower than that of all that come after it."""
    await changer.driver.execute("BEGIN")
    await changer.driver.fetchval("SELECT pg_current_xact_id()::text")
    return changer.driver


async def test_what_commits_late_comes_in(
    changer: Changer, open_changer: Open, follower: Follower, own_database: Database
) -> None:
    await follower.catch_up()
    for change in ONE_CHANGE:
        late = await begin_late(await open_changer(0))
        await changer.driver.execute("UPDATE offers SET description = 'later begun, done before'")
        await follower.catch_up()
        await late.execute(change)
        await follower.catch_up()
        await late.execute("COMMIT")
        await follower.catch_up()
        await assert_current(follower, own_database)


async def test_what_commits_during_and_after_a_load_comes_in(
    changer: Changer, open_changer: Open, own_database: Database
) -> None:
    for change in ONE_CHANGE:
        late = await begin_late(await open_changer(0))
        await changer.driver.execute("UPDATE providers SET phone = '1'")
        await late.execute(change if "providers" not in change else "UPDATE locations SET city = 'Elders'")
        follower = Follower(own_database)
        await follower.catch_up()
        await late.execute("COMMIT")
        await follower.catch_up()
        await assert_current(follower, own_database)
        await follower.close()


async def test_what_is_rolled_back_does_not_come_in(
    changer: Changer, open_changer: Open, follower: Follower, own_database: Database
) -> None:
    await follower.catch_up()
    before = follower.catalogue.table.tobytes()
    for change in ONE_CHANGE:
        late = await begin_late(await open_changer(0))
        await changer.driver.execute("SELECT")
        await late.execute("SAVEPOINT taken_back")
        await late.execute(change)
        await late.execute("ROLLBACK TO taken_back")
        await follower.catch_up()
        await late.execute(change)
        await late.execute("ROLLBACK")
        await follower.catch_up()
        assert follower.catalogue.table.tobytes() == before
    await assert_current(follower, own_database)


class Progress:
    """How many transactions the writers have made, to wait for, and whether that is enough."""

    def __init__(self) -> None:
        self.done = False
        self._made = 0
        self._changed = asyncio.Condition()

    async def finish(self) -> None:
        """The writers need write no more."""
        async with self._changed:
            self.done = True
            self._changed.notify_all()

    async def add(self) -> None:
        """One more."""
        async with self._changed:
            self._made += 1
            self._changed.notify_all()

    async def more(self, count: int) -> None:
        """Returns when so many more have been made, or no more are needed."""
        wanted = self._made + count
        async with self._changed:
            await self._changed.wait_for(lambda: self.done or self._made >= wanted)


async def _write(changer: Changer, progress: Progress) -> None:
    await changer.driver.execute("SET deadlock_timeout = '5ms'")
    for number in itertools.count():
        if progress.done:
            return
        if number % 10 == 0:
            await changer.look()
        await changer.transact()
        await progress.add()


async def _write_late(changer: Changer, progress: Progress) -> None:
    """Transactions that take their number early and commit when others have long been done."""
    while not progress.done:
        await changer.look()
        async with changer.driver.transaction():
            await changer.driver.fetchval("SELECT pg_current_xact_id()::text")
            await changer.add_offer()
            await changer.add_contract()
            await progress.more(changer.random.randint(5, 30))
            await changer.report()


async def test_many_writers_while_workers_load_follow_and_lose_their_connections(
    changer: Changer, open_changer: Open, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower_module, "RETRY", 0.0)
    progress, followers, tasks, killed = Progress(), list[Follower](), list[asyncio.Task[None]](), 0
    async with asyncio.timeout(120), asyncio.TaskGroup() as group:
        for seed in range(10, 10 + WRITERS):
            group.create_task(_write(await open_changer(seed), progress))
        for seed in (20, 21):
            group.create_task(_write_late(await open_changer(seed), progress))
        for _ in range(LOADING):
            followers.append(Follower(own_database))
            tasks.append(asyncio.create_task(followers[-1].follow()))
            await progress.more(40)
            killed += await changer.driver.fetchval(_KILL)
        await progress.finish()
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert killed >= LOADING
    truth, asker = await Truth.read(changer.driver), Asker(3)
    asker.offers = truth.offers
    asker.providers = [str(row["id"]) for row in await changer.driver.fetch("SELECT id FROM providers ORDER BY id")]
    questions = [asker.match() for _ in range(20)]
    expected = [written(await truth.match(each, NOW, LANGUAGE)) for each in questions]
    for each in followers:
        await each.try_to_catch_up()  # its connection may have been killed without its knowing
        await each.catch_up()
        await assert_current(each, own_database)
        found = [matching.match(each.catalogue, body, NOW, LANGUAGE, explain_all=True) for body in questions]
        assert written(found) == expected
        await each.close()
