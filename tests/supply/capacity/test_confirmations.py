"""Confirming capacity: "unchanged", in one call."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx

from tests.conftest import SettableClock
from tests.world import World, codes, problem


def _path(offer: dict[str, Any]) -> str:
    return f"/v1/offers/{offer['id']}/capacity/confirmations"


async def _confirm(world: World, offer: dict[str, Any], **headers: str) -> httpx.Response:
    return await world.http.post(_path(offer), headers=world.provider(offer["providerId"]) | headers)


async def _history(world: World, offer: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await world.ok(world.http.get(f"/v1/offers/{offer['id']}/capacity-history", headers=world.gi))
    items: list[dict[str, Any]] = answer["items"]
    return items


async def test_needs_a_token(world: World) -> None:
    problem(await world.http.post(_path(await world.add_offer())), 401, "unauthenticated")


async def test_is_the_owners_alone(world: World) -> None:
    offer = await world.add_offer()
    standing = await world.report(offer)
    for headers in (world.provider(await world.add_provider()), world.gi, world.region()):
        problem(await world.http.post(_path(offer), headers=headers), 403, "forbidden")
    assert await _history(world, offer) == [standing]


async def test_of_an_unknown_offer_is_404(world: World) -> None:
    problem(await world.http.post(_path({"id": str(uuid4())}), headers=world.admin), 404, "not-found")


async def test_takes_no_query_keys(world: World) -> None:
    offer = await world.add_offer()
    answer = await world.http.post(f"{_path(offer)}?at=now", headers=world.provider(offer["providerId"]))
    assert codes(answer) == {"#/query/at": "unknown-query-key"}


async def test_needs_something_to_confirm(world: World) -> None:
    offer = await world.add_offer()
    problem(await _confirm(world, offer), 409, "conflict")
    assert await _history(world, offer) == []


async def test_repeats_the_figures_that_stand_as_observed_now(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    first = await world.report(offer, placesTotal=4, placesFree=2, note="Noord", nextFreeOn="2026-12-01")
    clock.now = clock.now.replace(day=24)
    answer = await _confirm(world, offer)
    assert answer.status_code == 201
    confirmed = answer.json()
    assert confirmed == first | {
        "observedAt": "2026-11-24T10:00:00Z",
        "receivedAt": confirmed["receivedAt"],
        "confirmation": True,
    }
    read = await world.http.get(f"/v1/offers/{offer['id']}/capacity", headers=world.gi)
    assert (read.json(), read.headers["etag"]) == (confirmed, answer.headers["etag"])
    assert await _history(world, offer) == [first, confirmed]


async def test_a_report_after_it_is_no_confirmation(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    await _confirm(world, offer)
    assert (await world.report(offer, placesFree=0))["confirmation"] is False


async def test_confirming_again_with_the_same_key_gives_the_first_answer(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    first = await _confirm(world, offer, **{"Idempotency-Key": "een-sleutel"})
    clock.now = clock.now.replace(hour=12)
    again = await _confirm(world, offer, **{"Idempotency-Key": "een-sleutel"})
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["etag"] == first.headers["etag"]
    assert len(await _history(world, offer)) == 2
    assert (await _confirm(world, offer, **{"Idempotency-Key": "tweede"})).json()["observedAt"][11:13] == "12"
    assert len(await _history(world, offer)) == 3


async def test_a_key_of_another_offer_is_refused(world: World) -> None:
    one = await world.add_offer()
    other = await world.add_offer(one["providerId"])
    for offer in (one, other):
        await world.report(offer)
    assert (await _confirm(world, one, **{"Idempotency-Key": "een-sleutel"})).status_code == 201
    problem(await _confirm(world, other, **{"Idempotency-Key": "een-sleutel"}), 422, "idempotency-key-reused")


async def test_a_failed_confirmation_does_not_burn_the_key(world: World) -> None:
    offer = await world.add_offer()
    key = {"Idempotency-Key": "een-sleutel"}
    problem(await _confirm(world, offer, **key), 409, "conflict")
    await world.report(offer)
    assert (await _confirm(world, offer, **key)).status_code == 201
    by_another = world.provider(await world.add_provider()) | key
    problem(await world.http.post(_path(offer), headers=by_another), 403, "forbidden")


async def test_two_requests_at_once_with_the_same_key_confirm_once(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    await world.report(offer)
    key = {"Idempotency-Key": "een-sleutel"}
    answers = await asyncio.gather(*(_confirm(world, offer, **key) for _ in range(6)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert len(await _history(world, offer)) == 2
