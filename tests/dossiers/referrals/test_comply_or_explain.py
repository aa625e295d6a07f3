"""Comply or explain at the door: what the match would leave out goes through only with a word why for each reason."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import (
    OUTSIDE,
    brought_to,
    decide,
    get,
    items,
    post_referral,
    refer,
    referral_body,
)
from tests.world import World, codes, problem

Json = dict[str, Any]

BECAUSE = "De gemeente en de aanbieder zijn het eens."
LATER = "2026-12-15"


def words(*reasons: str) -> list[Json]:
    """A word for each of these reasons."""
    return [{"reason": each, "because": BECAUSE} for each in reasons]


# of each reason: the offer, the request and what else is so
OFFERS: dict[str, tuple[Json, Json]] = {
    "age": ({"ageMin": 14}, {}),
    "gender": ({"genders": ["male"]}, {}),
    "needs": ({}, {"needs": ["trauma"]}),
    "exclusion-criterion": ({"exclusionCriteria": ["weglopen"]}, {"characteristics": ["weglopen"]}),
    "court-authorisation": ({"needsCourtAuthorisation": True}, {}),
    "outside-service-area": ({"serviceArea": ["GM0441"]}, {}),
    "too-far": ({}, {"child": {"postcode": "1621"}, "choices": [{"careType": "gezinshuis", "maxDistanceKm": 5}]}),
    "too-few-places": ({}, {"places": 4}),
    "not-contracted": ({}, {"child": {"municipality": "GM0361"}}),
}


@pytest.mark.parametrize("reason", [*OFFERS, "placement-stop", "closed-to-referrals", "budget-ceiling"])
async def test_each_reason_of_the_match_takes_a_word(world: World, reason: str) -> None:
    of_offer, of_request = OFFERS.get(reason, ({}, {}))
    offer = await world.add_offer(**of_offer)
    ceiling = {"ceiling": {"reached": reason == "budget-ceiling", "exemptsMeasure": False}}
    await world.add_contract(offer["providerId"], **ceiling)
    await world.report(offer, placesTotal=3, acceptsReferrals=reason != "closed-to-referrals")
    if reason == "placement-stop":
        await world.add_stop(offer["providerId"])
    request = await world.add_request(**of_request)
    path = f"/v1/requests/{request['id']}/matches?explain=true"
    matched = await world.ok(world.http.get(path, headers=world.gi))
    assert [each["reason"] for each in matched["excluded"]["byReason"]] in ([reason], []), "one thing at a time"

    told = problem(await post_referral(world, request, referral_body(offer)), 409, "offer-excluded")
    assert told["reasons"] == [reason]
    assert told["children"] == [{"requestId": request["id"], "reasons": [reason]}]
    sent = await refer(world, offer, request, despite=words(reason))
    assert sent["despite"] == [{"reason": reason, "because": BECAUSE, "by": "institution", "on": "2026-11-22"}]
    of_provider = await get(world, sent, world.provider(offer["providerId"]))
    assert of_provider["despite"] == sent["despite"], "both sides see it"
    [event] = await items(world, f"/v1/referrals/{sent['id']}/history", world.gi)
    assert event["details"] == {"despite": words(reason)}


async def test_every_reason_takes_its_own_word(world: World) -> None:
    offer, request = await world.add_offer(ageMin=14, genders=["male"]), await world.add_request()
    await world.add_stop(offer["providerId"])
    some = referral_body(offer, despite=words("age", "gender"))
    told = problem(await post_referral(world, request, some), 409, "offer-excluded")
    assert told["reasons"] == ["not-contracted", "placement-stop"]
    assert "plaatsingsstop" in told["detail"]
    assert await items(world, "/v1/referrals", world.gi) == []
    await refer(world, offer, request, despite=words("gender", "age", "placement-stop", "not-contracted"))


@pytest.mark.parametrize(
    ("despite", "wrong"),
    [
        (words("age"), {"#/despite/0/reason": "not-applicable"}),
        (words("not-contracted", "gender"), {"#/despite/1/reason": "not-applicable"}),
        (words("not-contracted", "not-contracted"), {"#/despite": "repeated"}),
        (
            [{"reason": "zomaar", "because": ""}],
            {"#/despite/0/reason": "unknown-code", "#/despite/0/because": "too-short"},
        ),
        ([{"reason": "not-contracted", "because": "BSN 111222333"}], {"#/despite/0/because": "bsn"}),
        ([{"reason": "not-contracted"}], {"#/despite/0/because": "missing"}),
    ],
)
async def test_a_word_is_for_what_stands_in_the_way(world: World, despite: list[Json], wrong: Json) -> None:
    body = referral_body(await world.add_offer(), despite=despite)
    assert codes(await post_referral(world, await world.add_request(), body)) == wrong


async def test_care_outside_the_contracts_has_no_match_to_explain(world: World) -> None:
    answer = await post_referral(world, await world.add_request(), OUTSIDE | {"despite": words("not-contracted")})
    assert codes(answer) == {"#/despite/0/reason": "not-applicable"}


@pytest.mark.parametrize("stands_for", ["alternative", "bridging"])
async def test_other_help_is_judged_by_its_own_care_type(world: World, stands_for: str) -> None:
    foster = await world.add_offer(careType="pleegzorg-voltijd", ageMax=4)
    request = await world.add_request(choices=[{"careType": "gezinshuis", "maxDistanceKm": 1}])
    body = referral_body(foster, standsFor=stands_for)
    told = problem(await post_referral(world, request, body), 409, "offer-excluded")
    assert told["reasons"] == ["not-contracted", "age"]


async def test_of_siblings_each_has_its_own_reasons(world: World) -> None:
    offer = await world.contracted_offer(ageMin=6, genders=["female"])
    await world.report(offer, placesTotal=1)
    girl = await world.add_request(siblingGroup="g1")
    boy = await world.add_request(siblingGroup="g1", child={"gender": "male", "birthMonth": "2022-01"})
    told = problem(await post_referral(world, girl, referral_body(offer)), 409, "offer-excluded")
    assert told["reasons"] == ["age", "gender", "too-few-places"]
    by_child = {each["requestId"]: each["reasons"] for each in told["children"]}
    assert by_child == {girl["id"]: ["too-few-places"], boy["id"]: ["age", "gender", "too-few-places"]}
    assert (await refer(world, offer, girl, despite=words(*told["reasons"])))["places"] == 2


async def test_the_ground_may_move_before_the_acceptance(world: World) -> None:
    offer = await world.contracted_offer()
    referral = await refer(world, offer)
    await world.add_stop(offer["providerId"])
    await world.report(offer, acceptsReferrals=False)  # this one is in already
    for decision in ("accept", "waitlist"):
        told = problem(await decide(world, referral, decision), 409, "offer-excluded")
        assert told["reasons"] == ["placement-stop"]
        assert "children" not in told, "a provider sees no requests"
    assert codes(await decide(world, referral, "decline", despite=words("placement-stop"))) == {
        "#/despite": "not-applicable"
    }
    accepted = await world.ok(decide(world, referral, "accept", despite=words("placement-stop")))
    assert [(each["reason"], each["by"]) for each in accepted["despite"]] == [("placement-stop", "provider")]
    started = await world.ok(decide(world, accepted, "start"))
    assert started["despite"] == accepted["despite"], "who starts it need not say it again"


async def test_what_its_sender_said_counts_at_the_acceptance(world: World) -> None:
    referral = await refer(world, await world.add_offer(), despite=words("not-contracted"))
    assert (await world.ok(decide(world, referral, "accept")))["status"] == "accepted"


async def test_at_the_start_only_contract_ceiling_stop_and_age_are_looked_at_again(world: World) -> None:
    provider = await world.add_provider()
    offer = await world.add_offer(provider, "k")
    contract = await world.add_contract(provider)
    referral = await brought_to(world, await refer(world, offer), "accepted")
    await world.add_offer(provider, "k", ageMin=14, genders=["male"], needsCourtAuthorisation=True)
    await world.add_stop(provider)
    path, reached = f"/v1/contracts/{contract['id']}", {"ceiling": {"reached": True, "exemptsMeasure": False}}
    await world.ok(world.http.patch(path, json=reached, headers=world.admin | {"If-Match": "*"}))
    told = problem(await decide(world, referral, "start"), 409, "offer-excluded")
    assert told["reasons"] == ["budget-ceiling", "placement-stop", "age"]
    ended = {"validTo": "2026-11-21"}
    await world.ok(world.http.patch(path, json=ended, headers=world.admin | {"If-Match": "*"}))
    told = problem(await decide(world, referral, "start"), 409, "offer-excluded")
    assert told["reasons"] == ["not-contracted", "placement-stop", "age"]
    started = await world.ok(decide(world, referral, "start", despite=words(*told["reasons"])))
    assert {each["reason"] for each in started["despite"]} == set(told["reasons"])


async def test_a_referral_that_was_declined_goes_there_again_only_with_a_word(
    world: World, clock: SettableClock
) -> None:
    offers = {reason: await world.contracted_offer() for reason in ("insufficient-information", "no-place")}
    request = await world.add_request()
    for reason, offer in offers.items():
        await world.ok(decide(world, await refer(world, offer, request), "decline", reason=reason))
        told = problem(await post_referral(world, request, referral_body(offer)), 409, "offer-excluded")
        assert told["reasons"] == ["declined-earlier"]
    clock.now += timedelta(days=1)
    for offer in offers.values():
        await world.report(offer)
    for_good, for_room = offers.values()
    problem(await post_referral(world, request, referral_body(for_good)), 409, "offer-excluded")
    await refer(world, for_room, request)  # a report of a later day tells of new room
    await refer(world, for_good, despite=[])  # another child may
    clock.now += timedelta(days=27)
    await refer(world, for_good, request)


async def test_a_region_sees_how_often_by_reason(world: World) -> None:
    twice = await refer(world, await world.add_offer(ageMin=14), despite=words("not-contracted", "age"))
    await world.add_stop(twice["providerId"])
    await world.ok(decide(world, twice, "accept", despite=words("placement-stop", "age")))
    await refer(world, await world.add_offer(), despite=words("not-contracted"))
    counted = await world.ok(world.http.get("/v1/referral-counts", headers=world.region()))
    assert counted["despite"] == [
        {"reason": "not-contracted", "count": 2},
        {"reason": "placement-stop", "count": 1},
        {"reason": "age", "count": 1},
    ]
    other = await world.ok(world.http.get("/v1/referral-counts", headers=world.region("JZ06")))
    assert other["despite"] == []


async def test_a_stop_imposed_while_a_referral_is_sent_is_seen_by_one_of_them(committing_world: World) -> None:
    world = committing_world
    offers = [await world.contracted_offer() for _ in range(4)]
    requests = [await world.add_request() for _ in offers]
    sent: list[Any] = [world.add_stop(offer["providerId"]) for offer in offers]
    bodies = [post_referral(world, *each) for each in zip(requests, map(referral_body, offers), strict=True)]
    answers = (await asyncio.gather(*sent, *bodies))[len(offers) :]
    for answer, offer, request in zip(answers, offers, requests, strict=True):
        assert answer.status_code in {201, 409}, answer.text
        if answer.status_code == 201:  # it went first, so it shows what came after it
            assert [each["reason"] for each in (await get(world, answer.json()))["concerns"]] == ["placement-stop"]
        again = await post_referral(world, request, referral_body(offer, standsFor="alternative"))
        assert again.status_code == 409
