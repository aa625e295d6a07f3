"""Many systems at once, and a database that goes away: what stands is the newest report, and nothing is half done."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.conftest import NOW
from tests.supply.capacity.locks import connection, meeting, waiting
from tests.supply.providers.pages import flat, walk
from tests.world import World, problem


def _path(offer: dict[str, Any]) -> str:
    return f"/v1/offers/{offer['id']}/capacity"


def _minutes_ago(minutes: int) -> str:
    return (NOW - timedelta(minutes=minutes)).isoformat()


async def _current(world: World, offer: dict[str, Any]) -> dict[str, Any]:
    return await world.ok(world.http.get(_path(offer), headers=world.gi))


async def _history(world: World, offer: dict[str, Any]) -> list[dict[str, Any]]:
    pages = await walk(world, f"{_path(offer)}-history?limit=200", world.gi)
    return [item for items in pages for item in items]


async def _confirm(world: World, offer: dict[str, Any], **headers: str) -> httpx.Response:
    path = f"{_path(offer)}/confirmations"
    return await world.http.post(path, headers=world.provider(offer["providerId"]) | headers)


async def test_forty_reports_at_once_end_with_the_newest_and_are_all_in_the_history(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    shuffled = [number * 17 % 40 for number in range(40)]
    reports = [world.report(offer, placesFree=ago, observedAt=_minutes_ago(ago)) for ago in shuffled]
    answers = await asyncio.gather(*reports)
    for ago, answer in zip(shuffled, answers, strict=True):
        assert answer["placesFree"] <= ago, "an answer shows what stands, which is never older than what was sent"
    assert (await _current(world, offer))["placesFree"] == 0
    assert flat([await _history(world, offer)], "placesFree") == list(range(39, -1, -1))


async def test_reports_and_confirmations_at_once_end_with_the_newest_figures(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    await world.report(offer, placesFree=99, observedAt=_minutes_ago(99))
    sent: list[Any] = []
    for ago in (3, 1, 4, 2, 5):
        sent += [world.report(offer, placesFree=ago, observedAt=_minutes_ago(ago)), _confirm(world, offer)]
    await asyncio.gather(*sent)
    history = await _history(world, offer)
    confirmed = [item for item in history if item["confirmation"]]
    assert len(confirmed) == 5
    assert sorted(item["placesFree"] for item in history if not item["confirmation"]) == [1, 2, 3, 4, 5, 99]
    assert len({item["placesFree"] for item in confirmed}) == 1, "a confirmation outdates the older reports after it"
    assert await _current(world, offer) == history[-1] == confirmed[-1]


async def test_two_first_reports_at_once_both_count(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    first = [world.report(offer, placesFree=ago, observedAt=_minutes_ago(ago)) for ago in (1, 2)]
    await asyncio.gather(*first)
    assert (await _current(world, offer))["placesFree"] == 1
    assert flat([await _history(world, offer)], "placesFree") == [2, 1]


async def test_of_two_reports_at_once_on_one_version_one_is_stale(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    offer = await world.add_offer()
    own = world.provider(offer["providerId"])
    first = await world.http.put(_path(offer), json={"placesFree": 1}, headers=own)
    based = own | {"If-Match": first.headers["etag"]}
    sent = [world.http.put(_path(offer), json={"placesFree": free}, headers=based) for free in (2, 3)]
    answers = await meeting(fresh_database_url, "SELECT FROM current_capacities FOR UPDATE", *sent)
    assert sorted(answers) == [200, 412]
    assert await _current(world, offer) == answers[200].json()
    assert len(await _history(world, offer)) == 2


@pytest.mark.parametrize("what", ["report", "confirmation"])
async def test_a_connection_that_is_lost_halfway_is_a_503_and_nothing_is_half_done(
    committing_world: World, fresh_database_url: str, what: str
) -> None:
    world = committing_world
    offer = await world.add_offer()
    standing = await world.report(offer)
    own = world.provider(offer["providerId"])

    async def send() -> httpx.Response:
        if what == "confirmation":
            return await _confirm(world, offer, **{"Idempotency-Key": "een-sleutel"})
        return await world.http.put(_path(offer), json={"placesFree": 5}, headers=own)

    async with connection(fresh_database_url) as holder, connection(fresh_database_url) as killer:
        async with holder.transaction():
            await holder.execute("SELECT FROM current_capacities FOR UPDATE")
            sending = asyncio.create_task(send())
            [pid] = await waiting(killer, 1)
            assert await killer.fetchval("SELECT pg_terminate_backend($1, 60_000)", pid)
            answer = await sending
        problem(answer, 503, "unavailable")
        assert int(answer.headers["retry-after"]) > 0
        assert await _history(world, offer) == [standing]
        assert await _current(world, offer) == standing
        again = await send()
        assert again.status_code == (201 if what == "confirmation" else 200)
        assert await _history(world, offer) == [standing, again.json()]
        assert await _current(world, offer) == again.json()
