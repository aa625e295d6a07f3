"""Answering a call: who may, what goes with each answer, and that an answer changed leaves its history."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kit.security.callers import Role
from app.reference.lists import reference
from tests.conftest import NOW, SavepointDatabase, SettableClock
from tests.dossiers.calls.scene import (
    CAN,
    DECLINE,
    answer,
    answers,
    close,
    contracted,
    get,
    post_answer,
    publish,
)
from tests.dossiers.referrals.scene import post_referral, referral_body
from tests.supply.providers.pages import walk
from tests.world import World, codes, problem

Json = dict[str, Any]
NAMING = {"group-composition", "other-care-needed", "need-too-heavy", "need-too-light"}
OTHERS = [Role.GI, Role.LOCAL_TEAM, Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE, Role.ADMIN]


async def _refused(world: World, body: Json, offer: Json | None = None) -> dict[str, str]:
    offer = offer or await contracted(world)
    call = await publish(world)
    found = codes(await post_answer(world, call, body, world.provider(offer["providerId"])))
    assert await answers(world, call) == []
    return found


async def test_needs_a_token(world: World) -> None:
    await contracted(world)
    call = await publish(world)
    problem(await post_answer(world, call, CAN, {}), 401, "unauthenticated")


@pytest.mark.parametrize("role", OTHERS, ids=str)
async def test_is_for_providers_only(world: World, role: Role) -> None:
    await contracted(world)
    call = await publish(world)
    problem(await post_answer(world, call, CAN, world.as_(role)), 403, "forbidden")
    assert await answers(world, call) == []


async def test_lists_all_errors_at_once(world: World) -> None:
    body = {
        "answer": "can",
        "offerId": "geen",
        "places": 0,
        "hoursPerWeek": True,
        "heldUntil": "2026-13-01",
        "conditions": "BSN 111222333",
        "note": "123456782",
        "reason": "no-place",
        "price": 100,
    }
    assert await _refused(world, body) == {
        "#/startOn": "missing",
        "#/offerId": "format",
        "#/places": "out-of-range",
        "#/hoursPerWeek": "type",
        "#/heldUntil": "format",
        "#/conditions": "bsn",
        "#/note": "bsn",
        "#/reason": "not-applicable",
        "#/price": "unknown-field",
    }
    assert await _refused(world, {"answer": "maybe"}) == {"#/answer": "unknown-code"}
    assert await _refused(world, {}) == {"#/answer": "missing"}


async def test_what_belongs_to_the_other_answer_is_refused(world: World) -> None:
    of_can = CAN | {"offerId": str(uuid4()), "places": 1, "hoursPerWeek": 2, "heldUntil": "2026-12-01"}
    assert await _refused(world, DECLINE | of_can | {"answer": "decline", "conditions": "Ja."}) == dict.fromkeys(
        ("#/startOn", "#/offerId", "#/places", "#/hoursPerWeek", "#/heldUntil", "#/conditions"), "not-applicable"
    )
    of_decline = {"reason": "no-place", "criteria": ["weglopen"], "specialisations": ["trauma"]}
    assert await _refused(world, of_decline | CAN) == dict.fromkeys(
        ("#/reason", "#/criteria", "#/specialisations"), "not-applicable"
    )
    assert await _refused(world, {"answer": "decline"}) == {"#/reason": "missing"}


@pytest.mark.parametrize("reason", reference().decline_reasons)
async def test_declines_with_every_reason_and_what_it_names(world: World, reason: str) -> None:
    offer = await contracted(world)
    call = await publish(world)
    headers = world.provider(offer["providerId"])
    bare = await post_answer(world, call, {"answer": "decline", "reason": reason}, headers)
    if reason == "contra-indication":
        assert codes(bare) == {"#/criteria": "missing"}
    elif reason in NAMING:
        assert codes(bare) == {"#/specialisations": "missing"}
    else:
        assert bare.status_code == 201
    named = {"criteria": ["weglopen"], "specialisations": ["trauma"]}
    told = (await answer(world, call, offer, {"answer": "decline", "reason": reason}, **named))["ownAnswer"]
    assert told["declined"] == {"reason": reason, **named}
    assert (told["startOn"], told["places"]) == (None, None)


async def test_a_day_that_has_passed_is_refused(world: World) -> None:
    body = CAN | {"startOn": "2026-11-21", "heldUntil": "2026-11-21", "places": 2}
    assert await _refused(world, body) == {
        "#/startOn": "in-past",
        "#/heldUntil": "in-past",
        "#/places": "out-of-range",
    }


async def test_the_offer_is_its_own_and_of_the_help_that_is_asked(world: World) -> None:
    offer, other = await contracted(world), await contracted(world)
    foster = await contracted(world, offer["providerId"], careType="pleegzorg-voltijd")
    ended = await contracted(world, offer["providerId"])
    headers = world.provider(offer["providerId"])
    await world.http.delete(f"/v1/offers/{ended['id']}", headers=headers)
    for each in ({"id": str(uuid4())}, other, ended):
        assert await _refused(world, CAN | {"offerId": each["id"]}, offer) == {"#/offerId": "unknown-offer"}
    assert await _refused(world, CAN | {"offerId": foster["id"]}, offer) == {"#/offerId": "other-care-type"}


async def test_is_kept_whole(world: World) -> None:
    offer = await contracted(world, name="Gezinshuis Zuid")
    contact = {"intakeDesk": "Aanmeldteam", "phone": None, "email": "aanmelden@example.org", "website": None}
    path = f"/v1/providers/{offer['providerId']}"
    owner = world.provider(offer["providerId"])
    provider = await world.ok(
        world.http.patch(path, json={"contact": contact}, headers=world.admin | {"If-Match": "*"})
    )
    call = await publish(world)
    body = CAN | {
        "offerId": offer["id"],
        "hoursPerWeek": 6,
        "heldUntil": "2026-12-11",
        "conditions": "  Na een kennismaking. ",
        "note": "Bel gerust.",
    }
    sent = await post_answer(world, call, body, owner)
    assert sent.status_code == 201
    kept = sent.json()["ownAnswer"]
    assert kept == {
        "callId": call["id"],
        "provider": {"id": offer["providerId"], "name": provider["name"], "contact": contact},
        "contract": {"kind": "regional", "ceilingReached": False},
        "stands": True,
        "at": "2026-11-22T10:00:00Z",
        "answer": "can",
        "startOn": "2026-12-14",
        "offerId": offer["id"],
        "offerName": "Gezinshuis Zuid",
        "places": 1,
        "hoursPerWeek": 6,
        "heldUntil": "2026-12-11",
        "conditions": "Na een kennismaking.",
        "declined": None,
        "note": "Bel gerust.",
    }
    assert await answers(world, call) == [kept]
    assert await get(world, call, owner) == sent.json()


async def test_another_answer_takes_its_place_and_leaves_it_in_the_history(world: World, clock: SettableClock) -> None:
    offer, other = await contracted(world), await contracted(world)
    call = await publish(world)
    await answer(world, call, offer)
    await answer(world, call, other)
    clock.now = NOW + timedelta(hours=1)
    await answer(world, call, offer, DECLINE)
    clock.now = NOW + timedelta(hours=2)
    last = (await answer(world, call, offer, startOn="2027-01-04"))["ownAnswer"]
    assert (last["startOn"], last["stands"]) == ("2027-01-04", True)
    assert (await get(world, call))["counts"] == {"addressed": 2, "can": 2, "declined": 0}
    own = world.provider(offer["providerId"])
    for headers, number in ((world.gi, 4), (own, 3)):
        pages = await walk(world, f"/v1/calls/{call['id']}/answers?limit=2", headers)
        history = [each for items in pages for each in items]
        assert len(history) == number
        mine = [each for each in history if each["provider"]["id"] == offer["providerId"]]
        assert [(each["answer"], each["stands"]) for each in mine] == [
            ("can", False),
            ("decline", False),
            ("can", True),
        ]
    assert [each["stands"] for each in await answers(world, call, query="?stands=true")] == [True, True]
    assert [each["stands"] for each in await answers(world, call, query="?stands=false")] == [False, False]


async def test_what_was_answered_is_never_changed_or_deleted(world: World, database: SavepointDatabase) -> None:
    offer = await contracted(world)
    await answer(world, await publish(world), offer)
    for statement in ("UPDATE call_answers SET note = 'x'", "DELETE FROM call_answers", "TRUNCATE call_answers"):
        with pytest.raises(DBAPIError, match="call_answers"):
            async with database.connection.begin_nested():
                await database.connection.execute(text(statement))


async def test_the_same_key_answers_once(world: World) -> None:
    offer = await contracted(world)
    call = await publish(world)
    headers = world.provider(offer["providerId"]) | {"Idempotency-Key": "answer-1"}
    sent = [await post_answer(world, call, CAN, headers) for _ in range(2)]
    assert sent[0].json() == sent[1].json()
    problem(await post_answer(world, call, DECLINE, headers), 422, "idempotency-key-reused")
    assert len(await answers(world, call)) == 1


@pytest.mark.parametrize("because", ["answered", "withdrawn"])
async def test_what_is_closed_takes_no_answer(world: World, because: str) -> None:
    offer = await contracted(world)
    call = await publish(world)
    await answer(world, call, offer)
    await world.ok(close(world, call, because))
    refused = await post_answer(world, call, DECLINE, world.provider(offer["providerId"]))
    assert problem(refused, 409, "call-not-open")["callStatus"] == "closed"
    assert (await get(world, call, world.provider(offer["providerId"])))["ownAnswer"]["answer"] == "can"


async def test_answers_are_taken_to_the_last_day_with_that_day(world: World, clock: SettableClock) -> None:
    offer = await contracted(world)
    call = await publish(world, respondBy="2026-11-27")
    clock.now = NOW.replace(day=27, hour=22, minute=59)
    await answer(world, call, offer)
    clock.now = NOW.replace(day=27, hour=23, minute=0)  # midnight in the Netherlands
    refused = await post_answer(world, call, DECLINE, world.provider(offer["providerId"]))
    assert problem(refused, 409, "call-not-open")["callStatus"] == "expired"
    assert (await get(world, call))["status"] == "expired"


async def test_a_stop_after_the_call_was_published_keeps_nobody_from_answering(world: World) -> None:
    """It may end before the start that is answered; the match shows the stop, and a referral can be declined."""
    offer = await contracted(world)
    call = await publish(world)
    await world.add_stop(offer["providerId"], to="2026-12-01")
    assert (await answer(world, call, offer))["ownAnswer"]["startOn"] == "2026-12-14"


async def test_a_referral_follows_by_the_usual_way_to_the_offer_that_it_names(world: World) -> None:
    offer = await contracted(world)
    await world.report(offer, placesFree=0)
    request = await world.add_request()
    call = await publish(world, request)
    named = (await answer(world, call, offer, offerId=offer["id"]))["ownAnswer"]["offerId"]
    sent = await world.ok(post_referral(world, request, referral_body({"id": named}, standsFor=1)))
    assert (sent["offerId"], sent["status"]) == (offer["id"], "sent")
