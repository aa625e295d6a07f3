"""Sending a referral: whose request it is, what is refused, and what the referral says afterwards."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import (
    OTHER_GI,
    OUTSIDE,
    decide,
    get,
    items,
    post_referral,
    refer,
    referral_body,
)
from tests.world import World, codes, problem

TWO_CHOICES = [{"careType": "gezinshuis"}, {"careType": "pleegzorg-voltijd"}]


async def _list(world: World) -> list[dict[str, Any]]:
    return await items(world, "/v1/referrals", world.gi)


async def test_needs_a_token(world: World) -> None:
    request, offer = await world.add_request(), await world.contracted_offer()
    path = f"/v1/requests/{request['id']}/referrals"
    problem(await world.http.post(path, json=referral_body(offer)), 401, "unauthenticated")


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE, Role.ADMIN], ids=str)
async def test_is_for_institutions_and_local_teams_only(world: World, role: Role) -> None:
    request, offer = await world.add_request(), await world.contracted_offer()
    problem(await post_referral(world, request, referral_body(offer), world.as_(role)), 403, "forbidden")
    assert await _list(world) == []


async def test_from_anothers_request_looks_as_if_that_did_not_exist(world: World) -> None:
    request, offer = await world.add_request(), await world.contracted_offer()
    for headers in (world.as_(Role.GI, **OTHER_GI), world.as_(Role.LOCAL_TEAM)):
        mine = await post_referral(world, request, referral_body(offer), headers)
        none = await post_referral(world, {"id": uuid4()}, referral_body(offer), headers)
        assert problem(mine, 404, "not-found")["detail"] == problem(none, 404, "not-found")["detail"]
    assert await _list(world) == []


async def test_lists_all_errors_at_once(world: World) -> None:
    body = {
        "standsFor": 4,
        "offerId": "geen",
        "summary": {"needs": ["onzin"], "characteristics": ["weglopen", "weglopen"], "wishedStart": "morgen"},
        "remark": "Het kind heeft BSN 111222333.",
        "childName": "Jan",
    }
    assert codes(await post_referral(world, await world.add_request(), body)) == {
        "#/standsFor": "unknown-code",
        "#/offerId": "format",
        "#/summary/needs/0": "unknown-code",
        "#/summary/characteristics": "repeated",
        "#/summary/urgency": "missing",
        "#/summary/wishedStart": "format",
        "#/remark": "bsn",
        "#/childName": "unknown-field",
    }


@pytest.mark.parametrize("stands_for", [0, 4, -1, "1", "first", "choice", True, 1.0, None, [], {}], ids=repr)
async def test_stands_for_a_choice_an_alternative_or_outside(world: World, stands_for: Any) -> None:
    body = referral_body(await world.contracted_offer(), standsFor=stands_for)
    assert codes(await post_referral(world, await world.add_request(), body)) == {"#/standsFor": "unknown-code"}


async def test_goes_to_an_offer_or_outside_never_both_or_neither(world: World) -> None:
    offer, request, outside = await world.contracted_offer(), await world.add_request(), OUTSIDE["outsideCare"]
    for stands_for in (1, "alternative"):
        both = referral_body(offer, standsFor=stands_for, outsideCare=outside)
        assert codes(await post_referral(world, request, both)) == {"#/outsideCare": "not-applicable"}
        neither = referral_body(standsFor=stands_for)
        assert codes(await post_referral(world, request, neither)) == {"#/offerId": "missing"}
    both = referral_body(offer, standsFor="outside", outsideCare=outside)
    assert codes(await post_referral(world, request, both)) == {"#/offerId": "not-applicable"}
    neither = referral_body(standsFor="outside")
    assert codes(await post_referral(world, request, neither)) == {"#/outsideCare": "missing"}
    bsn = referral_body(standsFor="outside", outsideCare=outside | {"description": "123456782", "kind": "gratis"})
    wrong = {"#/outsideCare/description": "bsn", "#/outsideCare/kind": "unknown-code"}
    assert codes(await post_referral(world, request, bsn)) == wrong


async def test_to_an_unknown_or_ended_offer_is_refused(world: World) -> None:
    offer, request = await world.contracted_offer(), await world.add_request()
    unknown = await post_referral(world, request, referral_body({"id": str(uuid4())}))
    assert codes(unknown) == {"#/offerId": "unknown-offer"}
    await world.http.delete(f"/v1/offers/{offer['id']}", headers=world.provider(offer["providerId"]))
    problem(await post_referral(world, request, referral_body(offer)), 409, "conflict")
    assert await _list(world) == []


async def test_the_choice_is_one_of_the_requests_and_the_offer_one_of_the_choice(world: World) -> None:
    request = await world.add_request(choices=TWO_CHOICES)
    foster = await world.contracted_offer(careType="pleegzorg-voltijd")
    assert codes(await post_referral(world, request, referral_body(foster))) == {"#/offerId": "other-choice"}
    third = await post_referral(world, request, referral_body(foster, standsFor=3))
    assert codes(third) == {"#/standsFor": "no-such-choice"}
    assert (await refer(world, foster, request, standsFor=2))["standsFor"] == 2


async def test_a_choice_that_names_an_offer_or_a_provider_is_for_that_one(world: World) -> None:
    named, other = await world.contracted_offer(), await world.contracted_offer()
    for choice in ({"offerId": named["id"]}, {"providerId": named["providerId"]}):
        request = await world.add_request(choices=[{"careType": "gezinshuis", **choice}])
        assert codes(await post_referral(world, request, referral_body(other))) == {"#/offerId": "other-choice"}
        referral = await refer(world, other, request, standsFor="alternative")
        assert (referral["standsFor"], referral["firstChoice"]) == ("alternative", False)
        assert (await refer(world, named, request))["firstChoice"] is True


async def test_the_first_choice_is_the_first_as_first_stated(world: World) -> None:
    home, foster = await world.contracted_offer(), await world.contracted_offer(careType="pleegzorg-voltijd")
    request = await world.add_request(choices=[{"careType": "gezinshuis"}])
    before = await refer(world, home, request)
    assert (before["choicesVersion"], before["firstChoice"]) == (1, True)
    path = f"/v1/requests/{request['id']}"
    revised = world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(path, json={"choices": [{"careType": "pleegzorg-voltijd"}]}, headers=revised))
    after = await refer(world, foster, request)
    assert (after["standsFor"], after["choicesVersion"], after["firstChoice"]) == (1, 2, False)
    assert (await get(world, before))["choicesVersion"] == 1
    other_home = await world.contracted_offer()
    alternative = await refer(world, other_home, request, standsFor="alternative")
    assert (alternative["choicesVersion"], alternative["firstChoice"]) == (2, True)


async def test_says_what_the_request_says_unless_it_says_otherwise(world: World) -> None:
    request = await world.add_request(needs=["trauma"], characteristics=["weglopen"])
    as_is = await refer(world, await world.contracted_offer(specialisations=["trauma"]), request)
    assert as_is["summary"] == {
        "needs": ["trauma"],
        "characteristics": ["weglopen"],
        "urgency": "regular",
        "wishedStart": None,
    }
    told = {"needs": [], "characteristics": ["psychose"], "urgency": "crisis", "wishedStart": "2026-11-23"}
    other = await world.contracted_offer(specialisations=["trauma"])
    assert (await refer(world, other, request, summary=told))["summary"] == told


async def test_is_kept_whole(world: World) -> None:
    offer, request = await world.contracted_offer(name="Gezinshuis Zuid"), await world.add_request()
    answer = await post_referral(world, request, referral_body(offer, remark="  Graag eerst bellen. "))
    assert answer.status_code == 201
    sent = answer.json()
    assert answer.headers["location"] == f"/v1/referrals/{sent['id']}"
    provider = await world.ok(world.http.get(f"/v1/providers/{offer['providerId']}", headers=world.gi))
    assert sent == {
        "id": sent["id"],
        "status": "sent",
        "senderContact": None,
        "providerContact": provider["contact"],
        "possible": ["withdraw"],
        "requestId": request["id"],
        "childReference": request["childReference"],
        "rankingId": None,
        "institution": "De Jeugd- en Gezinsbeschermers",
        "offerId": offer["id"],
        "offerName": "Gezinshuis Zuid",
        "providerId": offer["providerId"],
        "providerName": provider["name"],
        "outsideCare": None,
        "standsFor": 1,
        "choicesVersion": 1,
        "firstChoice": True,
        "child": {"age": 12, "gender": "female", "municipality": "GM0400"},
        "summary": {"needs": [], "characteristics": [], "urgency": "regular", "wishedStart": None},
        "children": [
            {
                "id": sent["children"][0]["id"],
                "requestId": request["id"],
                "places": 1,
                "isIn": True,
                "startedOn": None,
                "endedOn": None,
                "endReason": None,
            }
        ],
        "places": 1,
        "remark": "Graag eerst bellen.",
        "sentAt": "2026-11-22T10:00:00Z",
        "answerDueAt": "2026-11-27T23:00:00Z",
        "leftOn": None,
        "overdue": False,
        "expectedStart": None,
        "startedOn": None,
        "endedOn": None,
        "endReason": None,
        "declined": None,
        "withdrawnBecause": None,
        "concerns": [],
        "despite": [],
    }
    read = await world.http.get(answer.headers["location"], headers=world.gi)
    assert (read.json(), read.headers["etag"]) == (sent, answer.headers["etag"])


async def test_care_outside_the_contracts_has_no_provider_here(world: World) -> None:
    request = await world.add_request()
    sent = await world.ok(post_referral(world, request, OUTSIDE))
    assert sent["outsideCare"] == OUTSIDE["outsideCare"]
    assert (sent["offerId"], sent["providerId"], sent["offerName"]) == (None, None, None)
    assert (sent["providerName"], sent["standsFor"], sent["firstChoice"]) == ("Demo De Es", "outside", False)


async def test_who_refers_is_told_by_the_token_or_by_its_organisation(world: World) -> None:
    body = {"name": "Lokaal team Den Helder", "role": "local-team"}
    organisation = await world.ok(world.http.post("/v1/organisations", json=body, headers=world.admin))
    team = world.as_(Role.LOCAL_TEAM, organisation_id=UUID(organisation["id"]))
    unknown = world.as_(Role.LOCAL_TEAM, organisation_id=UUID(int=5))
    for headers, name in ((team, "Lokaal team Den Helder"), (unknown, None)):
        request = await world.add_request(headers)
        sent = await world.ok(post_referral(world, request, referral_body(await world.contracted_offer()), headers))
        assert sent["institution"] == name


async def test_the_same_key_sends_once(world: World) -> None:
    request, offer = await world.add_request(), await world.contracted_offer()
    keyed = world.gi | {"Idempotency-Key": "aanmelding-1"}
    first = await post_referral(world, request, referral_body(offer), keyed)
    again = await post_referral(world, request, referral_body(offer), keyed)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert len(await _list(world)) == 1


async def test_a_second_to_the_same_offer_waits_until_the_first_is_done(world: World) -> None:
    request, offer = await world.add_request(), await world.contracted_offer()
    first = await refer(world, offer, request)
    told = problem(await post_referral(world, request, referral_body(offer)), 409, "conflict")
    assert told["referralId"] == first["id"]
    await refer(world, offer)  # another child may
    await decide(world, first, "decline")
    despite = [{"reason": "declined-earlier", "because": "Er is een plek vrijgekomen."}]
    again = await refer(world, offer, request, despite=despite)
    await decide(world, again, "withdraw")
    await refer(world, offer, request, despite=despite)


async def test_a_closed_request_is_referred_no_more(world: World) -> None:
    request, offer = await world.add_request(), await world.contracted_offer()
    closing = {"status": "closed", "closedReason": "help-not-needed"}
    path = f"/v1/requests/{request['id']}"
    await world.ok(world.http.patch(path, json=closing, headers=world.gi | {"If-Match": "*"}))
    problem(await post_referral(world, request, referral_body(offer)), 409, "conflict")
    await world.ok(world.http.patch(path, json={"status": "open"}, headers=world.gi | {"If-Match": "*"}))
    await refer(world, offer, request)


@pytest.mark.parametrize(
    ("sent_on", "urgency", "due_at"),
    [
        # the end of the fifth working day, in the Netherlands
        ("2026-11-22", "regular", "2026-11-27T23:00:00Z"),  # a Sunday
        ("2026-11-23", "regular", "2026-11-30T23:00:00Z"),  # a Monday
        ("2026-12-24", "regular", "2027-01-04T23:00:00Z"),  # Christmas, and New Year's Day
        ("2026-04-02", "regular", "2026-04-13T22:00:00Z"),  # Good Friday (Algemene termijnenwet), and Easter Monday
        # the second, of an urgent one
        ("2026-11-20", "urgent", "2026-11-24T23:00:00Z"),  # a Friday
        # in a crisis 24 hours, whatever the day
        ("2026-12-24", "crisis", "2026-12-25T22:00:00Z"),
        ("2026-10-24", "crisis", "2026-10-25T22:00:00Z"),  # the night in which summer time ends has an hour more
    ],
)
async def test_by_when_an_answer_is_due_depends_on_the_urgency(
    world: World, clock: SettableClock, sent_on: str, urgency: str, due_at: str
) -> None:
    clock.now = clock.now.fromisoformat(f"{sent_on}T22:00:00+00:00")
    request = await world.add_request(child={"measure": None})
    referral = await refer(world, await world.contracted_offer(), request, summary={"urgency": urgency})
    assert referral["answerDueAt"] == due_at


async def test_the_ranking_that_led_to_it_is_kept(world: World, clock: SettableClock) -> None:
    request, offer = await world.add_request(), await world.contracted_offer()
    await world.add_contract(offer["providerId"])
    path = f"/v1/requests/{request['id']}"
    shown = await world.ok(world.http.get(f"{path}/matches", headers=world.gi))
    between, last = [
        await _shown_after_a_change(world, request, offer, clock, placesFree=places_free) for places_free in (1, 2)
    ]
    named = await refer(world, offer, request, rankingId=shown["rankingId"])
    assert named["rankingId"] == shown["rankingId"]
    unnamed = await refer(world, await world.contracted_offer(), request)
    assert unnamed["rankingId"] == last["rankingId"], "the one that was shown last"
    kept = {each["id"]: each["kept"] for each in await items(world, f"{path}/rankings", world.gi)}
    assert kept == {shown["rankingId"]: True, between["rankingId"]: False, last["rankingId"]: True}


async def _shown_after_a_change(
    world: World, request: dict[str, Any], offer: dict[str, Any], clock: SettableClock, **report: Any
) -> dict[str, Any]:
    """Another ranking of the request, a minute later."""
    clock.now += timedelta(minutes=1)
    await world.report(offer, **report)
    return await world.ok(world.http.get(f"/v1/requests/{request['id']}/matches", headers=world.gi))


async def test_a_ranking_of_another_request_is_refused(world: World) -> None:
    offer, other = await world.contracted_offer(), await world.add_request()
    shown = await world.ok(world.http.get(f"/v1/requests/{other['id']}/matches", headers=world.gi))
    for ranking_id in (shown["rankingId"], str(uuid4())):
        body = referral_body(offer, rankingId=ranking_id)
        answer = await post_referral(world, await world.add_request(), body)
        assert codes(answer) == {"#/rankingId": "unknown-ranking"}
    assert await _list(world) == []


async def test_siblings_ask_their_places_together(world: World) -> None:
    offer = await world.contracted_offer()
    three = [await world.add_request(siblingGroup="gezin-31") for _ in range(3)]
    await world.add_request(siblingGroup="gezin-32")
    elsewhere = world.as_(Role.GI, **OTHER_GI)
    await world.add_request(elsewhere, siblingGroup="gezin-31")
    sent = await refer(world, offer, three[0])
    assert sent["places"] == 3
    told = problem(await post_referral(world, three[1], referral_body(offer)), 409, "conflict")
    assert told["referralId"] == sent["id"], "of the siblings together one referral is enough"
    assert (await refer(world, await world.contracted_offer(), await world.add_request(places=2)))["places"] == 2


async def test_the_request_knows_of_it(world: World) -> None:
    request = await world.add_request()
    sent = await refer(world, await world.contracted_offer(), request)
    _, event = await items(world, f"/v1/requests/{request['id']}/history", world.gi)
    assert event["what"] == "referral-sent"
    assert event["changes"] == [{"field": f"referrals.{sent['id']}", "old": None, "new": "sent"}]
