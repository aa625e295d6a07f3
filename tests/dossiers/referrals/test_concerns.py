"""Moved house, moved ground: an open referral shows what has come to stand in its way, and both sides are told once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.dossiers.referrals.concern_teller import ConcernTeller
from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import brought_to, decide, get, items, refer, request_of
from tests.supply.capacity.locks import connection
from tests.world import World, problem

Json = dict[str, Any]
ANY: Json = {"If-Match": "*"}


async def told(world: World, referral: Json) -> list[tuple[str, list[str]]]:
    """What the service told of concerns: the same to both sides."""
    sides = [
        [
            (each["actor"], each["details"]["reasons"])
            for each in await items(world, "/v1/notices", headers)
            if each["decision"] == "concern" and each["referralId"] == referral["id"]
        ]
        for headers in (world.gi, world.provider(referral["providerId"]))
    ]
    assert sides[0] == sides[1]
    return sides[0]


async def look(world: World) -> int:
    """Judges all that moved, as the job does; how many referrals were told of."""
    async with world.parts.database.write() as session:
        return await ConcernTeller(world.parts.follower, world.parts.clock).tell(session)


async def concerns(world: World, referral: Json) -> list[str]:
    """The reasons of the concerns that a referral shows: the same to both sides."""
    own = (await get(world, referral))["concerns"]
    assert (await get(world, referral, world.provider(referral["providerId"])))["concerns"] == own
    return [each["reason"] for each in own]


async def move(world: World, request: Json, municipality: str) -> Json:
    path, body = f"/v1/requests/{request['id']}", {"child": {"municipality": municipality}}
    return await world.ok(world.http.patch(path, json=body, headers=world.gi | ANY))


@pytest.mark.parametrize("status", ["sent", "accepted"])
async def test_a_child_that_moves_takes_its_open_referrals_along(world: World, status: str) -> None:
    request, offer = await world.add_request(), await world.contracted_offer()
    referral = await brought_to(world, await refer(world, offer, request), status)
    done = await brought_to(world, await refer(world, await world.contracted_offer(), request), "declined")
    await move(world, request, "GM0361")
    now = await get(world, referral)
    assert now["child"]["municipality"] == "GM0361"
    assert now["concerns"] == [{"reason": "not-contracted", "since": "2026-11-22"}]
    assert (await get(world, done))["child"]["municipality"] == "GM0400", "what is done stays as it was"
    of_provider = await items(world, "/v1/notices", world.provider(offer["providerId"]))
    moved = [each for each in of_provider if each["decision"] == "move"]
    assert [each["details"] for each in moved] == [{"old": "GM0400", "new": "GM0361"}]
    assert await told(world, referral) == [("service", ["not-contracted"])]
    by_region = [
        (await world.ok(world.http.get("/v1/referral-counts", headers=world.region(code))))["total"]
        for code in ("JZ03", "JZ06")
    ]
    assert by_region == [1, 1]


async def test_a_move_to_where_the_contract_holds_is_told_and_is_no_concern(world: World) -> None:
    request, offer = await world.add_request(), await world.contracted_offer()
    referral = await refer(world, offer, request)
    await move(world, request, "GM0441")
    assert (await get(world, referral))["child"]["municipality"] == "GM0441"
    assert await concerns(world, referral) == []
    assert await told(world, referral) == []
    path = f"/v1/requests/{request['id']}"
    await world.ok(world.http.patch(path, json={"places": 1}, headers=world.gi | ANY))
    history = await items(world, f"/v1/referrals/{referral['id']}/history", world.gi)
    assert [each["decision"] for each in history] == ["send", "move"]


async def test_what_started_does_not_move(world: World) -> None:
    request = await world.add_request()
    referral = await brought_to(world, await refer(world, await world.contracted_offer(), request), "started")
    await move(world, request, "GM0361")
    now = await get(world, referral)
    assert (now["child"]["municipality"], now["concerns"]) == ("GM0400", [])


async def _end(world: World, offer: Json, _: Json) -> None:
    path = f"/v1/offers/{offer['id']}"
    assert (await world.http.delete(path, headers=world.provider(offer["providerId"]))).status_code == 204


async def _change(world: World, offer: Json, _: Json, **fields: Any) -> None:
    await world.add_offer(offer["providerId"], "k", **fields)


async def _stop(world: World, offer: Json, _: Json) -> None:
    await world.add_stop(offer["providerId"])


async def _contract(world: World, _: Json, contract: Json, **fields: Any) -> None:
    path = f"/v1/contracts/{contract['id']}"
    await world.ok(world.http.patch(path, json=fields, headers=world.admin | ANY))


GROUNDS: dict[str, tuple[Any, Json]] = {
    "offer-ended": (_end, {}),
    "other-care-type": (_change, {"careType": "pleegzorg-voltijd"}),
    "age": (_change, {"ageMin": 14}),
    "gender": (_change, {"genders": ["male"]}),
    "needs": (_change, {"specialisations": []}),
    "exclusion-criterion": (_change, {"exclusionCriteria": ["weglopen"], "specialisations": ["trauma"]}),
    "placement-stop": (_stop, {}),
    "not-contracted": (_contract, {"validTo": "2026-11-21"}),
    "budget-ceiling": (_contract, {"ceiling": {"reached": True, "exemptsMeasure": False}}),
}


@pytest.mark.parametrize("reason", GROUNDS)
@pytest.mark.parametrize("status", ["seen", "accepted"])
async def test_ground_that_moves_is_shown_and_told_to_both_sides_once(
    committing_world: World, clock: SettableClock, reason: str, status: str
) -> None:
    world = committing_world
    kept = {} if reason == "needs" else {"specialisations": ["trauma"]}
    offer = await world.add_offer(key="k", specialisations=["trauma"])
    contract = await world.add_contract(offer["providerId"])
    request = await world.add_request(needs=["trauma"], characteristics=["weglopen"])
    referral = await brought_to(world, await refer(world, offer, request), status)
    assert await look(world) == 0
    change, fields = GROUNDS[reason]
    await change(world, offer, contract, **(kept | fields if change is _change else fields))
    assert await concerns(world, referral) == [reason], "at once"
    assert await look(world) == 1
    assert await told(world, referral) == [("service", [reason])]
    clock.now += timedelta(days=1)
    assert await look(world) == 0, "it is known"
    assert (await get(world, referral))["concerns"] == [{"reason": reason, "since": "2026-11-22"}]


async def test_a_concern_that_is_over_is_told_anew_when_it_comes_back(committing_world: World) -> None:
    world = committing_world
    offer = await world.contracted_offer()
    referral = await refer(world, offer)
    stop = await world.add_stop(offer["providerId"])
    assert await look(world) == 1
    path, own = f"/v1/placement-stops/{stop['id']}", world.provider(offer["providerId"])
    await world.ok(world.http.patch(path, json={"to": "2026-11-21"}, headers=own | ANY))
    assert await concerns(world, referral) == []
    assert await look(world) == 0
    await world.ok(world.http.patch(path, json={"to": None}, headers=own | ANY))
    assert await look(world) == 1
    assert await told(world, referral) == [("service", ["placement-stop"])] * 2


async def test_what_was_explained_is_no_concern(committing_world: World) -> None:
    world = committing_world
    despite = [{"reason": "not-contracted", "because": "De gemeente regelt het."}]
    referral = await refer(world, await world.add_offer(), despite=despite)
    assert await look(world) == 0
    assert await concerns(world, referral) == []


async def test_a_contract_that_ends_by_itself_is_told_on_the_day(committing_world: World, clock: SettableClock) -> None:
    world = committing_world
    offer = await world.add_offer()
    await world.add_contract(offer["providerId"], validTo="2026-11-23")
    referral = await refer(world, offer)
    for days, count in ((0, 0), (1, 0), (1, 1), (1, 0)):
        clock.now += timedelta(days=days)
        assert await look(world) == count
    assert (await get(world, referral))["concerns"] == [{"reason": "not-contracted", "since": "2026-11-24"}]


async def test_a_provider_learns_nothing_that_the_referral_does_not_say(world: World) -> None:
    offer = await world.contracted_offer(exclusionCriteria=["weglopen"])
    request = await world.add_request()
    referral = await refer(world, offer, request)
    path = f"/v1/requests/{request['id']}"
    changed = {"characteristics": ["weglopen"], "needs": ["trauma"]}
    await world.ok(world.http.patch(path, json=changed, headers=world.gi | ANY))
    assert await concerns(world, referral) == []
    assert (await world.ok(decide(world, referral, "accept")))["status"] == "accepted"


async def test_several_workers_tell_each_concern_once(committing_world: World) -> None:
    world = committing_world
    offers = [await world.contracted_offer() for _ in range(5)]
    referrals = [await refer(world, offer) for offer in offers]
    for offer in offers:
        await world.add_stop(offer["providerId"])
    assert sum(await asyncio.gather(*(look(world) for _ in range(4)))) == 5
    for referral in referrals:
        assert await told(world, referral) == [("service", ["placement-stop"])]


async def test_a_referral_that_is_being_decided_on_waits_for_the_next_turn(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    busy, free = [await refer(world, await world.contracted_offer()) for _ in range(2)]
    for referral in (busy, free):
        await world.add_stop(referral["providerId"])
    async with connection(fresh_database_url) as holder, holder.transaction():
        await holder.execute("SELECT FROM requests WHERE id = $1 FOR UPDATE", busy["requestId"])
        assert await look(world) == 1
    assert await told(world, busy) == []
    assert await look(world) == 1
    assert await told(world, busy) == await told(world, free)


async def test_a_move_and_an_acceptance_at_once(committing_world: World) -> None:
    world = committing_world
    request, offer = await world.add_request(), await world.contracted_offer()
    await world.report(offer, placesTotal=1)
    referral = await refer(world, offer, request)
    answer, _ = await asyncio.gather(decide(world, referral, "accept"), move(world, request, "GM0361"))
    assert answer.status_code in {201, 409}
    if answer.status_code == 409:
        assert problem(answer, 409, "offer-excluded")["reasons"] == ["not-contracted"]
    now = await get(world, referral)
    assert (now["child"]["municipality"], await concerns(world, referral)) == ("GM0361", ["not-contracted"])
    assert await told(world, referral) == [("service", ["not-contracted"])]
    assert (await request_of(world, request))["child"]["municipality"] == "GM0361"
