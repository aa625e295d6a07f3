"""Confirming the capacity of all offers of a provider, or of a location, in one call."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.kit.security.callers import Caller, Role
from app.supply.capacity.counted_places import hold, settle
from app.supply.capacity.place_movements import Stay
from tests.conftest import NOW, SavepointDatabase, SettableClock
from tests.supply.capacity.locks import connection, waiting
from tests.supply.capacity_reports.sending import current, history, push
from tests.world import World, codes, problem

ALL = "/v1/providers/{}/capacity/confirmations"
HERE = "/v1/providers/{}/locations/here/capacity/confirmations"


async def _confirm(world: World, provider_id: str, path: str = ALL, **headers: str) -> httpx.Response:
    return await world.http.post(path.format(provider_id), headers=world.provider(provider_id) | headers)


def _statuses(answer: dict[str, Any]) -> dict[str, str]:
    """What came of each offer, by key; the counts must agree."""
    found = {item["offerKey"]: item["status"] for item in answer["items"]}
    told = list(found.values())
    assert (answer["confirmed"], answer["neverReported"]) == (told.count("confirmed"), told.count("never-reported"))
    return found


async def _two(world: World) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A provider with an offer at `here` and one at `elders`, both reported."""
    provider = await world.add_provider()
    await world.add_location(provider, "elders")
    one = await world.add_offer(provider, "een")
    two = await world.add_offer(provider, "twee", locationKey="elders")
    for offer in (one, two):
        await world.report(offer, placesTotal=4, placesFree=2, note="Noord")
    return provider, one, two


@pytest.mark.parametrize("path", [ALL, HERE])
async def test_is_the_owners_alone(world: World, path: str) -> None:
    provider, one, _ = await _two(world)
    problem(await world.http.post(path.format(provider)), 401, "unauthenticated")
    for headers in (world.provider(await world.add_provider()), world.gi, world.region()):
        problem(await world.http.post(path.format(provider), headers=headers), 403, "forbidden")
    assert len(await history(world, one)) == 1
    assert (await world.ok(world.http.post(path.format(provider), headers=world.admin)))["confirmed"] >= 1


async def test_of_what_is_not_there_is_404(world: World) -> None:
    provider, _, _ = await _two(world)
    for path in (ALL, HERE):
        problem(await _confirm(world, str(uuid4()), path), 404, "not-found")
    problem(
        await _confirm(world, provider, "/v1/providers/{}/locations/nergens/capacity/confirmations"), 404, "not-found"
    )
    other = await world.add_provider()
    problem(await _confirm(world, other, HERE), 404, "not-found")


async def test_takes_no_query_keys_and_no_figures(world: World) -> None:
    provider, _, _ = await _two(world)
    assert codes(await _confirm(world, provider, f"{ALL}?at=now")) == {"#/query/at": "unknown-query-key"}
    headers = world.provider(provider)
    answer = await world.http.post(ALL.format(provider), json={"placesFree": 1}, headers=headers)
    assert codes(answer) == {"#/placesFree": "unknown-field"}


async def test_repeats_all_figures_as_observed_now(world: World, clock: SettableClock) -> None:
    provider, one, two = await _two(world)
    elsewhere = await world.add_offer(key="een")
    before = [await current(world, offer) for offer in (one, two)]
    other = await world.report(elsewhere)
    clock.now = clock.now.replace(day=24)
    answer = await world.ok(_confirm(world, provider))
    assert answer["items"][0] == {
        "offerId": one["id"],
        "offerKey": "een",
        "status": "confirmed",
        "observedAt": "2026-11-24T10:00:00Z",
    }
    assert _statuses(answer) == {"een": "confirmed", "twee": "confirmed"}
    for offer, first in zip((one, two), before, strict=True):
        standing = await current(world, offer)
        assert standing == first | {
            "observedAt": "2026-11-24T10:00:00Z",
            "receivedAt": standing["receivedAt"],
            "confirmation": True,
        }
        assert await history(world, offer) == [first, standing]
    assert await current(world, elsewhere) == other


async def test_of_a_location_leaves_the_others(world: World, clock: SettableClock) -> None:
    provider, one, two = await _two(world)
    clock.now = clock.now.replace(day=24)
    assert _statuses(await world.ok(_confirm(world, provider, HERE))) == {"een": "confirmed"}
    assert (await current(world, one))["observedAt"][:10] == "2026-11-24"
    assert (await current(world, two))["observedAt"][:10] == "2026-11-22"


async def test_tells_what_was_never_reported_and_leaves_what_has_ended(world: World) -> None:
    provider, one, _ = await _two(world)
    await world.add_offer(provider, "nieuw")
    await world.http.delete(f"/v1/offers/{one['id']}", headers=world.provider(provider))
    assert _statuses(await world.ok(_confirm(world, provider))) == {"nieuw": "never-reported", "twee": "confirmed"}
    assert len(await history(world, one)) == 1
    assert _statuses(await world.ok(_confirm(world, await world.add_provider()))) == {}


async def test_the_places_that_were_counted_are_confirmed(
    world: World, database: SavepointDatabase, clock: SettableClock
) -> None:
    provider, one, _ = await _two(world)
    async with database.write() as session:
        held = await hold(session, UUID(one["id"]))
        assert held is not None
        await settle(session, Caller("teller", UUID(int=1), Role.PROVIDER), held, [Stay(1, held.moment(NOW))], NOW)
    clock.now = clock.now.replace(day=24)
    await world.ok(_confirm(world, provider))
    standing = await current(world, one)
    assert (standing["placesFree"], standing["placesReserved"], standing["countedAt"]) == (1, 1, None)


async def test_the_same_key_gives_the_first_answer(world: World, clock: SettableClock) -> None:
    provider, one, _ = await _two(world)
    key = {"Idempotency-Key": "een-sleutel"}
    first = await _confirm(world, provider, **key)
    clock.now = clock.now.replace(hour=12)
    assert (await _confirm(world, provider, **key)).content == first.content
    assert len(await history(world, one)) == 2
    problem(await _confirm(world, provider, HERE, **key), 422, "idempotency-key-reused")


async def test_as_many_statements_for_one_offer_as_for_many(world: World, statements: list[str]) -> None:
    counts = []
    for many in (1, 25):
        provider = await world.add_provider()
        for number in range(many):
            await world.report(await world.add_offer(provider, f"o{number}"))
        statements.clear()
        assert (await world.ok(_confirm(world, provider)))["confirmed"] == many
        counts.append(len([each for each in statements if "providers" in each or "current_capacities" in each]))
    assert counts[0] == counts[1]


async def test_waits_for_others_over_the_same_offers_and_sees_what_they_said(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    provider = await world.add_provider()
    offers = [await world.add_offer(provider, f"o{number}") for number in range(6)]
    for offer in offers:
        await world.report(offer, placesFree=1)
    held = sorted(offer["id"] for offer in offers)[0]
    reports = [{"offerId": offer["id"], "placesFree": 7} for offer in reversed(offers)]
    async with connection(fresh_database_url) as holder, connection(fresh_database_url) as observer:
        async with holder.transaction():
            await holder.execute("SELECT FROM current_capacities WHERE offer_id = $1 FOR UPDATE", held)
            sending = [asyncio.create_task(push(world, world.admin, *reports))]
            await waiting(observer, 1)
            sending += [asyncio.create_task(_confirm(world, provider, path)) for path in (ALL, HERE, ALL)]
            await waiting(observer, 4)
        answers = await asyncio.gather(*sending)
    assert [answer.status_code for answer in answers] == [200] * 4
    for offer in offers:
        assert (await current(world, offer))["placesFree"] == 7, (
            "a confirmation repeats what stands when its turn comes"
        )
        assert len(await history(world, offer)) == 5
