"""A referral that becomes for more or fewer children: by the consent of both sides, and its places with it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import (
    OTHER_GI,
    OUTSIDE,
    brought_to,
    decide,
    get,
    items,
    places,
    post_referral,
    refer,
    request_of,
)
from tests.supply.capacity.locks import meeting
from tests.world import World, codes, problem

Json = dict[str, Any]


async def propose(
    world: World, referral: Json, children: list[str], headers: dict[str, str] | None = None, **more: Any
) -> httpx.Response:
    path = f"/v1/referrals/{referral['id']}/amendments"
    body = {"children": children, "why": "Er is iets veranderd.", **more}
    return await world.http.post(path, json=body, headers=headers or world.gi)


async def settle(
    world: World, amendment: Json, decision: str, headers: dict[str, str], why: str | None = "Akkoord."
) -> httpx.Response:
    path = f"/v1/referrals/{amendment['referralId']}/amendments/{amendment['number']}/decisions"
    return await world.http.post(path, json={"decision": decision, "why": why}, headers=headers)


async def _offer(world: World, free: int = 3) -> Json:
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=4, placesOccupied=0, placesReserved=0, placesFree=free)
    return offer


async def _sibling(world: World, **fields: Any) -> Json:
    return await world.add_request(siblingGroup="gezin-31", **fields)


async def test_who_may_amend_a_referral(world: World) -> None:
    child, offer = await _sibling(world), await _offer(world)
    referral, joins = await refer(world, offer, child), await _sibling(world)
    own, wanted = world.provider(offer["providerId"]), [child["id"], joins["id"]]
    path, body = f"/v1/referrals/{referral['id']}/amendments", {"children": wanted, "why": "Erbij."}
    problem(await world.http.post(path, json=body), 401, "unauthenticated")
    problem(await propose(world, referral, wanted, world.region()), 403, "forbidden")
    others = (world.as_(Role.GI, **OTHER_GI), world.provider((await world.contracted_offer())["providerId"]))
    for headers in others:
        problem(await propose(world, referral, wanted, headers), 404, "not-found")
    amendment = await world.ok(propose(world, referral, wanted))
    for headers in others:
        problem(await settle(world, amendment, "agree", headers), 404, "not-found")
        problem(await world.http.get(path, headers=headers), 404, "not-found")
    problem(await settle(world, amendment, "agree", world.gi), 403, "forbidden")
    problem(await settle(world, amendment, "withdraw", own), 403, "forbidden")
    problem(await settle(world, amendment | {"number": 2}, "agree", own), 404, "not-found")
    assert codes(await settle(world, amendment, "refuse", own, why=None)) == {"#/why": "missing"}


async def test_what_cannot_join_is_told(world: World) -> None:
    child, offer = await _sibling(world), await _offer(world)
    referral = await refer(world, offer, child)
    stranger, closed = await world.add_request(), await _sibling(world)
    closing = {"status": "closed", "closedReason": "help-not-needed"}
    sent = world.http.patch(f"/v1/requests/{closed['id']}", json=closing, headers=world.gi | {"If-Match": "*"})
    await world.ok(sent)
    for other in (stranger["id"], closed["id"], str(uuid4())):
        assert codes(await propose(world, referral, [child["id"], other])) == {"#/children/1": "cannot-join"}
    assert codes(await propose(world, referral, [child["id"]])) == {"#/children": "no-change"}
    joins = await _sibling(world)
    assert codes(await propose(world, referral, [joins["id"]])) == {"#/children": "withdraw-instead"}
    own = world.provider(offer["providerId"])
    assert codes(await propose(world, referral, [child["id"]], own)) == {"#/children/0": "not-of-referral"}
    assert codes(await propose(world, referral, [referral["children"][0]["id"]], own)) == {"#/children": "no-change"}


@pytest.mark.parametrize("status", ["started", "ended", "declined", "withdrawn"])
async def test_what_runs_or_is_over_is_not_amended(world: World, status: str) -> None:
    child = await _sibling(world)
    referral = await brought_to(world, await refer(world, await _offer(world), child), status)
    joins = await _sibling(world)
    problem(await propose(world, referral, [child["id"], joins["id"]]), 409, "not-amendable")


async def test_care_outside_the_contracts_has_nobody_to_consent(world: World) -> None:
    child = await _sibling(world)
    referral, joins = await world.ok(post_referral(world, child, OUTSIDE)), await _sibling(world)
    problem(await propose(world, referral, [child["id"], joins["id"]]), 409, "not-amendable")


async def test_a_sibling_joins_an_accepted_referral_with_a_place(world: World) -> None:
    child, offer = await _sibling(world), await _offer(world)
    referral = await brought_to(world, await refer(world, offer, child), "accepted")
    joins, own = (
        await _sibling(world, child={"birthMonth": "2017-03", "gender": "male"}),
        world.provider(offer["providerId"]),
    )
    amendment = await world.ok(propose(world, referral, [child["id"], joins["id"]]))
    assert (amendment["status"], amendment["possible"], amendment["proposedBy"]) == (
        "open",
        ["withdraw"],
        "institution",
    )
    assert await places(world, offer) == (0, 1, 2), "nothing has changed yet"
    assert (await items(world, "/v1/notices", own))[-1]["details"] == {"amendment": "1", "became": "open", "adds": "1"}
    [seen] = await items(world, f"/v1/referrals/{referral['id']}/amendments", own)
    [who] = seen["adds"]
    assert (who["requestId"], who["age"], who["gender"], seen["possible"]) == (None, 9, "male", ["agree", "refuse"])
    agreed = await world.ok(settle(world, amendment, "agree", own))
    assert (agreed["status"], agreed["possible"]) == ("agreed", [])
    assert await places(world, offer) == (0, 2, 1)
    now = await get(world, referral)
    assert (now["status"], now["places"]) == ("accepted", 2)
    assert {each["requestId"]: each["isIn"] for each in now["children"]} == {child["id"]: True, joins["id"]: True}
    assert who["id"] in {each["id"] for each in now["children"]}
    assert (await request_of(world, joins))["status"] == "placed"
    told = (await items(world, "/v1/notices", world.gi))[-1]
    assert (told["decision"], told["details"]["became"]) == ("amend", "agreed")
    problem(await settle(world, amendment, "agree", own), 409, "amendment-decided")
    await world.ok(decide(world, referral, "start"))
    assert await places(world, offer) == (2, 0, 1)
    assert (await request_of(world, joins))["status"] == "helped"


async def test_without_a_place_nobody_joins_until_there_is_one(world: World, clock: SettableClock) -> None:
    child, offer = await _sibling(world), await _offer(world, free=1)
    referral = await brought_to(world, await refer(world, offer, child), "accepted")
    joins, own = await _sibling(world), world.provider(offer["providerId"])
    amendment = await world.ok(propose(world, referral, [child["id"], joins["id"]]))
    problem(await settle(world, amendment, "agree", own), 409, "no-place")
    assert len((await get(world, referral))["children"]) == 1
    assert await places(world, offer) == (0, 1, 0)
    clock.now += timedelta(hours=1)
    await world.report(offer, placesTotal=4, placesOccupied=0, placesReserved=1, placesFree=1)
    assert (await settle(world, amendment, "agree", own)).status_code == 201, "it is still open"
    assert await places(world, offer) == (0, 2, 0)


@pytest.mark.parametrize("status", ["sent", "seen", "waitlisted", "accepted"])
async def test_a_provider_takes_one_child_and_not_both(world: World, status: str) -> None:
    children, offer = [await _sibling(world) for _ in range(2)], await _offer(world)
    referral = await brought_to(world, await refer(world, offer, children[0]), status)
    own = world.provider(offer["providerId"])
    stays = (await get(world, referral, own))["children"][0]
    assert stays["requestId"] is None
    amendment = await world.ok(propose(world, referral, [stays["id"]], own))
    assert (amendment["possible"], len(amendment["removes"])) == (["withdraw"], 1)
    [seen] = await items(world, f"/v1/referrals/{referral['id']}/amendments", world.gi)
    await world.ok(settle(world, amendment, "agree", world.gi))
    now = await get(world, referral)
    assert (now["status"], now["places"]) == (status, 1)
    assert [each["requestId"] for each in now["children"] if not each["isIn"]] == [seen["removes"][0]["requestId"]]
    assert await places(world, offer) == ((0, 1, 2) if status == "accepted" else (0, 0, 3))
    gone = next(each for each in children if each["id"] == seen["removes"][0]["requestId"])
    assert (await request_of(world, gone))["status"] == "open"
    body = {"what": "withdraw", "value": None, "why": "Toch wel.", "only": [gone["id"]]}
    path = f"/v1/referrals/{referral['id']}/corrections"
    problem(await world.http.post(path, json=body, headers=world.gi), 409, "not-last-decision")
    back = await world.ok(propose(world, referral, [each["id"] for each in children]))
    await world.ok(settle(world, back, "agree", own))
    assert (await get(world, referral))["places"] == 2, "both sides can agree otherwise"
    assert await places(world, offer) == ((0, 2, 1) if status == "accepted" else (0, 0, 3))


@pytest.mark.parametrize(("decision", "became"), [("refuse", "refused"), ("withdraw", "withdrawn")])
async def test_without_consent_all_stays_as_it_was(world: World, decision: str, became: str) -> None:
    child, offer = await _sibling(world), await _offer(world)
    referral = await brought_to(world, await refer(world, offer, child), "accepted")
    joins, own = await _sibling(world), world.provider(offer["providerId"])
    wanted = [child["id"], joins["id"]]
    amendment = await world.ok(propose(world, referral, wanted))
    assert problem(await propose(world, referral, wanted), 409, "amendment-open")["number"] == 1
    settled = await world.ok(settle(world, amendment, decision, own if decision == "refuse" else world.gi))
    assert (settled["status"], settled["decidedBecause"]) == (became, "Akkoord.")
    for side in (own, world.gi):
        listed = await world.ok(world.http.get(f"/v1/referrals/{referral['id']}/amendments", headers=side))
        told = [(each["status"], each["adds"][0]["age"]) for each in listed["items"]]
        assert told == [(became, settled["adds"][0]["age"])]
    assert await places(world, offer) == (0, 1, 2)
    assert len((await get(world, referral))["children"]) == 1
    assert (await request_of(world, joins))["status"] == "open"
    assert (await world.ok(propose(world, referral, wanted)))["number"] == 2


async def test_what_was_proposed_may_be_outdated(world: World) -> None:
    child, offer = await _sibling(world), await _offer(world)
    referral = await refer(world, offer, child)
    joins, own = await _sibling(world), world.provider(offer["providerId"])
    amendment = await world.ok(propose(world, referral, [child["id"], joins["id"]]))
    body = {"siblingGroup": "gezin-9"}
    await world.ok(world.http.patch(f"/v1/requests/{joins['id']}", json=body, headers=world.gi | {"If-Match": "*"}))
    problem(await settle(world, amendment, "agree", own), 409, "amendment-outdated")
    assert (await world.ok(settle(world, amendment, "refuse", own)))["status"] == "refused"


async def test_agreed_while_the_institution_withdraws(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    child, offer = await _sibling(world), await _offer(world)
    referral = await brought_to(world, await refer(world, offer, child), "accepted")
    joins = await _sibling(world)
    amendment = await world.ok(propose(world, referral, [child["id"], joins["id"]]))
    sent = [settle(world, amendment, "agree", world.provider(offer["providerId"])), decide(world, referral, "withdraw")]
    answers = await meeting(fresh_database_url, "SELECT FROM requests FOR UPDATE", *sent)
    assert answers.keys() <= {201, 409}
    assert (await get(world, referral))["status"] == "withdrawn"
    assert await places(world, offer) == (0, 0, 3)
    assert {(await request_of(world, each))["status"] for each in (child, joins)} == {"open"}


async def test_who_joins_passes_the_same_door(world: World) -> None:
    child, offer = await _sibling(world), await world.contracted_offer(ageMax=14)
    await world.report(offer, placesTotal=4, placesFree=4)
    referral, joins = await refer(world, offer, child), await _sibling(world, child={"birthMonth": "2010-03"})
    wanted = [child["id"], joins["id"]]
    refused = problem(await propose(world, referral, wanted), 409, "offer-excluded")
    assert refused["reasons"] == ["age"]
    assert refused["children"] == [{"requestId": joins["id"], "reasons": ["age"]}]
    despite = [{"reason": "age", "because": "Zij blijven samen."}]
    own = world.provider(offer["providerId"])
    narrowed = await propose(world, referral, [referral["children"][0]["id"]], own, despite=despite)
    assert codes(narrowed)["#/despite"] == "not-applicable"
    await world.ok(propose(world, referral, wanted, despite=despite))
    assert [each["reason"] for each in (await get(world, referral))["despite"]] == ["age"]
