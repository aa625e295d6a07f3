"""Reports that come at the same time share a statement, and each is answered as if it had come alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from app.kit.database.limits import Limits
from app.kit.database.sessions import connect
from app.settings import Settings
from app.supply.capacity import report_writer
from tests.conftest import NOW, SettableClock, serving
from tests.patience import PATIENCE
from tests.supply.capacity.locks import connection, waiting
from tests.world import World, problem


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes while a go is under way waits for it, however slow the machine."""
    monkeypatch.setattr(report_writer, "STUCK", PATIENCE)


def _put(world: World, offer: dict[str, Any], headers: dict[str, str] | None = None, **body: Any) -> Any:
    own = world.provider(offer["providerId"])
    return world.http.put(f"/v1/offers/{offer['id']}/capacity", json=body, headers=own | (headers or {}))


async def _reported(world: World, count: int) -> list[dict[str, Any]]:
    """So many offers of a provider, each with a report: two free places, nobody waiting."""
    provider = await world.add_provider()
    offers = [await world.add_offer(provider, f"k{number}") for number in range(count)]
    for each in offers:
        await world.report(each, placesFree=2)
    return offers


async def _free(world: World, offer: dict[str, Any]) -> int:
    shown = await world.ok(world.http.get(f"/v1/offers/{offer['id']}/capacity", headers=world.gi))
    return int(shown["placesFree"])


@dataclass
class Queue:
    """Requests that wait for a go which the test holds up."""

    observer: asyncpg.Connection
    writer: report_writer.ReportWriter
    sent: list[asyncio.Task[httpx.Response]] = field(default_factory=list)

    async def send(self, *requests: Any) -> None:
        """Each request, as far as the line for the next go; the first as far as the database."""
        for each in requests:
            asked = len(self.writer._together._waiting)  # noqa: SLF001 - nothing else tells who is in line
            self.sent.append(asyncio.create_task(each))
            if len(self.sent) == 1:
                await waiting(self.observer, 1)
                continue
            async with asyncio.timeout(PATIENCE):
                while len(self.writer._together._waiting) == asked:  # noqa: SLF001 - as above
                    await self.observer.fetchval("SELECT 1")

    async def answers(self) -> list[httpx.Response]:
        return list(await asyncio.gather(*self.sent))


@asynccontextmanager
async def _held_up(world: World, url: str) -> AsyncIterator[Queue]:
    """No report can be added for as long as the block lasts."""
    async with connection(url) as holder, connection(url) as observer, holder.transaction():
        await holder.execute("LOCK TABLE capacity_reports IN SHARE MODE")
        yield Queue(observer, world.parts.report_writer)


async def _transactions(url: str, offers: list[dict[str, Any]]) -> list[int]:
    """Of how many reports each transaction is the one that added them, of the newest of each offer."""
    async with connection(url) as reader:
        rows = await reader.fetch(
            "SELECT count(*) FROM capacity_reports WHERE id IN (SELECT report_id FROM current_capacities"
            " WHERE offer_id = ANY($1)) GROUP BY xmin ORDER BY 1",
            [each["id"] for each in offers],
        )
    return [row[0] for row in rows]


async def test_they_share_a_transaction_and_each_is_answered_with_its_own(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    offers = await _reported(world, 4)
    async with _held_up(world, fresh_database_url) as queue:
        await queue.send(*(_put(world, each, placesFree=number) for number, each in enumerate(offers)))
    answers = await queue.answers()
    assert [answer.json()["placesFree"] for answer in answers] == [0, 1, 2, 3]
    assert [answer.json()["offerId"] for answer in answers] == [each["id"] for each in offers]
    for answer, offer in zip(answers, offers, strict=True):
        again = await world.http.get(f"/v1/offers/{offer['id']}/capacity", headers=world.gi)
        assert (again.json(), again.headers["etag"]) == (answer.json(), answer.headers["etag"])
    assert await _transactions(fresh_database_url, offers) == [1, 3]


async def test_a_wrong_one_among_good_ones_has_its_own_error_and_they_are_stored(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    first, good, waits, ended, halves, late, new = await _reported(world, 7)
    await world.report(waits, placesFree=1, waitingCount=3)
    other = await world.add_offer()
    mine = world.provider(first["providerId"])
    gone = await world.http.delete(f"/v1/offers/{ended['id']}", headers=mine)
    assert gone.status_code == 204
    early = (NOW - timedelta(days=1)).isoformat()
    async with _held_up(world, fresh_database_url) as queue:
        await queue.send(
            *(_put(world, first, placesFree=5), _put(world, good, placesFree=6), _put(world, waits, placesFree=7)),
            _put(world, ended, placesFree=8),
            _put(world, halves, placesFree=1.5),
            _put(world, late, placesFree=9, observedAt=early),
            _put(world, other, mine, placesFree=3),
            _put(world, other, placesFree=4),
            _put(world, first | {"id": str(uuid4())}, placesFree=1),
            _put(world, new, placesFree=4),
        )
    answers = await queue.answers()
    assert [each.status_code for each in answers] == [200, 200, 400, 409, 400, 200, 403, 200, 404, 200]
    assert problem(answers[2], 400, "invalid-input")["errors"][0]["pointer"] == "#/waitingCount"
    assert problem(answers[4], 400, "invalid-input")["errors"][0]["pointer"] == "#/placesFree"
    assert answers[5].json()["placesFree"] == 2, "an older report changes nothing now"
    assert [await _free(world, each) for each in (first, good, late, new, other)] == [5, 6, 2, 4, 4]
    assert [await _free(world, each) for each in (waits, halves)] == [1, 2]


async def test_two_of_one_offer_follow_each_other(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    first, twice = await _reported(world, 2)
    async with _held_up(world, fresh_database_url) as queue:
        await queue.send(
            _put(world, first, placesFree=1),
            _put(world, twice, placesFree=1, waitingCount=4, acceptsReferrals=True),
            _put(world, twice, placesFree=5),
        )
    answers = await queue.answers()
    assert [each.status_code for each in answers] == [200, 200, 400], "the third would lose what the second said"
    assert await _free(world, twice) == 1


async def test_one_that_another_holds_waits_alone(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    held, free = await _reported(world, 2)
    async with connection(fresh_database_url) as holder, connection(fresh_database_url) as observer:
        async with holder.transaction():
            await holder.execute("SELECT FROM current_capacities WHERE offer_id = $1 FOR UPDATE", held["id"])
            sending = asyncio.create_task(_put(world, held, placesFree=6))
            await waiting(observer, 1)
            answer = await _put(world, free, placesFree=7)
            assert answer.json()["placesFree"] == 7
        assert (await sending).json()["placesFree"] == 6


async def test_nobody_is_told_of_a_report_that_a_lost_connection_took_along(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    offers = await _reported(world, 3)
    async with _held_up(world, fresh_database_url) as queue:
        await queue.send(_put(world, offers[0], placesFree=9))
        [pid] = await waiting(queue.observer, 1)
        await queue.send(*(_put(world, each, placesFree=9) for each in offers[1:]))
        assert await queue.observer.fetchval("SELECT pg_terminate_backend($1, 60_000)", pid)
        problem(await queue.sent[0], 503, "unavailable")
        assert await _free(world, offers[0]) == 2
    assert [each.status_code for each in await queue.answers()] == [503, 200, 200], "they were of the next go"
    assert [await _free(world, each) for each in offers] == [2, 9, 9]
    again = await _put(world, offers[0], placesFree=9)
    assert again.status_code == 200


async def test_a_client_that_hangs_up_takes_nobody_along(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    begun, gone, stays = await _reported(world, 3)
    async with _held_up(world, fresh_database_url) as queue:
        await queue.send(*(_put(world, each, placesFree=9) for each in (begun, gone, stays)))
        for each in queue.sent[:2]:
            each.cancel()
        await asyncio.wait(queue.sent[:2])
    assert (await queue.sent[2]).json()["placesFree"] == 9
    assert [await _free(world, each) for each in (begun, gone, stays)] == [9, 2, 9]


async def test_who_waits_too_long_for_a_lock_is_told_so_and_nothing_is_stored(
    fresh_database_url: str, settings: Settings, clock: SettableClock
) -> None:
    limits = Limits(statement=PATIENCE, lock=0.05, idle=PATIENCE, silence=PATIENCE, patience=PATIENCE)
    database = connect(fresh_database_url, limits=limits)
    async with serving(settings, database, clock) as world:
        offers = await _reported(world, 2)
        async with _held_up(world, fresh_database_url):
            answers = await asyncio.gather(*(_put(world, each, placesFree=9) for each in offers))
        for each in answers:
            problem(each, 503, "locked")
        assert [await _free(world, each) for each in offers] == [2, 2]
    await database.close()


async def test_what_was_counted_since_is_overruled(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    [offer] = await _reported(world, 1)
    async with connection(fresh_database_url) as other:
        await other.execute(
            "UPDATE current_capacities SET counted_at = $1, counted_from = report_id, places_free = 1", NOW
        )
        answer = await _put(world, offer, placesFree=3)
        assert (answer.json()["placesFree"], answer.json()["countedAt"]) == (3, None)
        row = await other.fetchrow("SELECT difference, counted_from FROM current_capacities")
        assert tuple(row) == (2, None)
