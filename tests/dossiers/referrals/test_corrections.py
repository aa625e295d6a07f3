"""Mistakes put right: a decision gets its right date or is taken back, and all that followed from it follows again."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.dossiers.calls.scene import answer as answer_call
from tests.dossiers.calls.scene import answers, contracted, publish
from tests.dossiers.calls.scene import get as get_call
from tests.dossiers.referrals.scene import (
    OTHER_GI,
    brought_to,
    decide,
    get,
    items,
    places,
    refer,
    request_of,
)
from tests.world import World, codes, problem

Json = dict[str, Any]
TODAY = "2026-11-22"
SIDE = {"accept": "provider", "decline": "provider", "withdraw": "gi", "start": "gi", "end": "gi"}


async def correct(
    world: World,
    referral: Json,
    what: str,
    value: str | None = None,
    headers: dict[str, str] | None = None,
    **more: Any,
) -> httpx.Response:
    own = world.provider(referral["providerId"]) if SIDE[what] == "provider" else world.gi
    body = {"what": what, "value": value, "why": "Verkeerde knop.", **more}
    path = f"/v1/referrals/{referral['id']}/corrections"
    return await world.http.post(path, json=body, headers=headers or own)


async def _offer(world: World, free: int = 2, **fields: Any) -> Json:
    offer = await world.contracted_offer(**fields)
    await world.report(offer, placesTotal=4, placesOccupied=1, placesReserved=0, placesFree=free)
    return offer


async def test_without_a_token_or_the_right_nobody_corrects(world: World) -> None:
    referral = await brought_to(world, await refer(world, await _offer(world)), "started")
    path, body = f"/v1/referrals/{referral['id']}/corrections", {"what": "start", "value": None, "why": "Fout."}
    problem(await world.http.post(path, json=body), 401, "unauthenticated")
    for headers, status in (
        (world.region(), 403),
        (world.admin, 403),
        (world.as_(Role.GI, **OTHER_GI), 404),
        (world.provider((await world.contracted_offer())["providerId"]), 404),
        (world.expert_team("JZ06"), 404),
    ):
        assert (await world.http.post(path, json=body, headers=headers)).status_code == status
    problem(await correct(world, referral, "start", headers=world.provider(referral["providerId"])), 403, "forbidden")
    assert (await get(world, referral))["status"] == "started"


async def test_bad_input_is_told(world: World) -> None:
    referral = await brought_to(world, await refer(world, await _offer(world)), "started")
    path = f"/v1/referrals/{referral['id']}/corrections"
    answer = await world.http.post(path, json={"what": "see"}, headers=world.gi)
    assert set(codes(answer)) == {"#/what", "#/value", "#/why"}
    assert codes(await correct(world, referral, "start", "2026-11-23")) == {"#/value": "in-future"}
    assert codes(await correct(world, referral, "start", "2026-10-11")) == {"#/value": "order"}
    declined = await brought_to(world, await refer(world, await _offer(world)), "declined")
    assert codes(await correct(world, declined, "decline", TODAY)) == {"#/value": "not-applicable"}


@pytest.mark.parametrize(
    ("status", "what", "back_to", "held"),
    [
        ("accepted", "accept", "sent", (1, 0, 2)),
        ("declined", "decline", "sent", (1, 0, 2)),
        ("withdrawn", "withdraw", "sent", (1, 0, 2)),
        ("started", "start", "accepted", (1, 1, 1)),
        ("ended", "end", "started", (2, 0, 1)),
    ],
)
async def test_each_decision_can_be_taken_back(
    world: World, status: str, what: str, back_to: str, held: tuple[int, int, int]
) -> None:
    offer, request = await _offer(world), await world.add_request()
    referral = await brought_to(world, await refer(world, offer, request), status)
    answer = await world.ok(correct(world, referral, what))
    assert answer["referral"]["status"] == back_to
    assert await places(world, offer) == held
    expected = {"sent": "open", "accepted": "placed", "started": "helped"}[back_to]
    assert (await request_of(world, request))["status"] == expected
    last = (await items(world, f"/v1/referrals/{referral['id']}/history", world.gi))[-1]
    assert (last["decision"], last["status"]) == ("correct", back_to)
    assert last["details"] == {"what": what, "why": "Verkeerde knop."}
    other = world.gi if SIDE[what] == "provider" else world.provider(offer["providerId"])
    assert (await items(world, "/v1/notices", other))[-1]["decision"] == "correct", "the other side is told"


@pytest.mark.parametrize("reported", [True, False])
async def test_an_acceptance_that_is_taken_back_gives_its_place_back(
    world: World, clock: SettableClock, reported: bool
) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=3, placesOccupied=0, placesReserved=0, placesFree=3)
    clock.now += timedelta(minutes=1)
    referral = await brought_to(world, await refer(world, offer), "accepted")
    if reported:  # its provider counts the promise
        clock.now += timedelta(minutes=1)
        await world.report(offer, placesTotal=3, placesOccupied=0, placesReserved=1, placesFree=2)
    for _ in range(2):
        clock.now += timedelta(minutes=1)
        await world.ok(correct(world, referral, "accept"))
        assert await places(world, offer) == (0, 0, 3)
        clock.now += timedelta(minutes=1)
        await world.ok(decide(world, referral, "accept"))
        assert await places(world, offer) == (0, 1, 2)
    await world.ok(correct(world, referral, "accept"))
    await world.ok(decide(world, referral, "decline"))
    assert await places(world, offer) == (0, 0, 3)


async def test_a_decline_of_an_accepted_referral_gives_the_place_back_to_it(world: World) -> None:
    offer, request = await _offer(world), await world.add_request()
    referral = await brought_to(world, await refer(world, offer, request), "accepted")
    await world.ok(decide(world, referral, "decline"))
    assert (await world.ok(correct(world, referral, "decline")))["referral"]["status"] == "accepted"
    assert await places(world, offer) == (1, 1, 1)
    assert (await request_of(world, request))["placedOn"] == TODAY


async def test_what_a_later_report_freed_is_taken_again(world: World, clock: SettableClock) -> None:
    offer = await _offer(world, free=1)
    referral = await brought_to(world, await refer(world, offer), "accepted")
    await world.ok(decide(world, referral, "withdraw"))
    clock.now += timedelta(hours=1)
    await world.report(offer, placesTotal=4, placesOccupied=1, placesReserved=0, placesFree=1)
    await world.ok(correct(world, referral, "withdraw"))
    assert await places(world, offer) == (1, 1, 0)


async def test_a_place_that_went_to_another_does_not_come_back(world: World) -> None:
    offer = await _offer(world, free=1)
    referral = await brought_to(world, await refer(world, offer), "accepted")
    await world.ok(decide(world, referral, "withdraw"))
    await brought_to(world, await refer(world, offer), "accepted")
    problem(await correct(world, referral, "withdraw"), 409, "no-place")
    assert (await get(world, referral))["status"] == "withdrawn"
    assert await places(world, offer) == (1, 1, 0)


async def test_a_start_that_is_taken_back_brings_back_what_it_withdrew(world: World) -> None:
    request = await world.add_request()
    waits = await brought_to(world, await refer(world, await world.contracted_offer(), request), "waitlisted")
    kept, gone = await _offer(world, free=1), await _offer(world, free=1)
    has_place = await brought_to(world, await refer(world, kept, request), "accepted")
    had_place = await brought_to(world, await refer(world, gone, request), "accepted")
    started = await brought_to(world, await refer(world, await _offer(world), request), "started")
    await brought_to(world, await refer(world, gone), "accepted")

    answer = await world.ok(correct(world, started, "start"))

    assert set(answer["restored"]) == {waits["id"], has_place["id"]}
    assert [each["referralId"] for each in answer["notRestored"]] == [had_place["id"]]
    assert "aan een ander gegeven" in answer["notRestored"][0]["because"]
    assert (await get(world, waits))["status"] == "waitlisted"
    assert (await get(world, has_place))["status"] == "accepted"
    assert (await get(world, had_place))["status"] == "withdrawn"
    assert await places(world, kept) == (1, 1, 0)
    assert await places(world, gone) == (1, 1, 0)
    assert (await request_of(world, request))["status"] == "placed"
    notice = (await items(world, "/v1/notices", world.provider(waits["providerId"])))[-1]
    assert (notice["decision"], notice["actor"]) == ("restore", "service")


async def test_the_last_decision_is_corrected_first(world: World) -> None:
    referral = await brought_to(world, await refer(world, await _offer(world)), "ended")
    for what in ("accept", "start"):
        told = problem(await correct(world, referral, what), 409, "not-last-decision")
        assert told["referralStatus"] == "ended"
    for what in ("end", "start", "accept"):
        await world.ok(correct(world, referral, what))
    assert (await get(world, referral))["status"] == "sent"


async def test_what_the_service_withdrew_comes_back_with_its_cause(world: World) -> None:
    request = await world.add_request()
    other = await refer(world, await world.contracted_offer(), request)
    await brought_to(world, await refer(world, await world.contracted_offer(), request), "started")
    told = problem(await correct(world, other, "withdraw"), 409, "not-last-decision")
    assert "neem díe start terug" in told["detail"]


async def test_a_child_that_is_helped_elsewhere_waits_nowhere_again(world: World) -> None:
    request = await world.add_request()
    declined = await brought_to(world, await refer(world, await world.contracted_offer(), request), "declined")
    started = await brought_to(world, await refer(world, await world.contracted_offer(), request), "started")
    told = problem(await correct(world, declined, "decline"), 409, "helped-elsewhere")
    assert told["referralId"] == started["id"]


async def test_dates_get_right(world: World, clock: SettableClock) -> None:
    request, offer = await world.add_request(), await _offer(world)
    referral = await brought_to(world, await refer(world, offer, request), "accepted")
    await world.ok(correct(world, referral, "accept", "2026-12-01"))
    assert (await get(world, referral))["expectedStart"] == "2026-12-01"
    await world.ok(decide(world, referral, "start", date="2026-11-20"))
    await world.ok(correct(world, referral, "start", "2026-11-18"))
    shown = {each["name"]: each["date"] for each in (await request_of(world, request))["milestones"]}
    assert ((await get(world, referral))["startedOn"], shown["help"]) == ("2026-11-18", "2026-11-18")
    clock.now += timedelta(days=7)
    await world.ok(decide(world, referral, "end", date="2026-11-28"))
    assert codes(await correct(world, referral, "end", "2026-11-17")) == {"#/value": "order"}
    await world.ok(correct(world, referral, "end", "2026-11-26"))
    await world.ok(correct(world, referral, "start", "2026-11-19"))
    assert codes(await correct(world, referral, "start", "2026-11-27")) == {"#/value": "order"}
    now = await get(world, referral)
    assert (now["startedOn"], now["endedOn"], now["children"][0]["endedOn"]) == (
        "2026-11-19",
        "2026-11-26",
        "2026-11-26",
    )
    last = (await items(world, f"/v1/referrals/{referral['id']}/history", world.gi))[-1]
    assert last["details"] == {"what": "start", "why": "Verkeerde knop.", "old": "2026-11-18", "new": "2026-11-19"}


async def test_after_28_days_the_expert_team_corrects(world: World, clock: SettableClock) -> None:
    referral = await brought_to(world, await refer(world, await _offer(world)), "started")
    experts = world.expert_team()
    clock.now += timedelta(days=28)
    await world.ok(correct(world, referral, "start", "2026-11-20"))
    clock.now += timedelta(seconds=1)
    problem(await correct(world, referral, "start", "2026-11-21"), 409, "correction-too-late")
    answer = await world.ok(correct(world, referral, "start", "2026-11-21", headers=experts))
    told = answer["referral"]
    assert (told["startedOn"], told["childReference"], told["requestId"], told["possible"]) == (
        "2026-11-21",
        None,
        None,
        [],
    )


async def test_one_child_that_ended_alone_comes_back_alone(world: World) -> None:
    two, offer = [await world.add_request(siblingGroup="gezin-31") for _ in range(2)], await _offer(world, free=3)
    referral = await brought_to(world, await refer(world, offer, two[0]), "started")
    only = [two[1]["id"]]
    await world.ok(decide(world, referral, "end", only=only))
    assert await places(world, offer) == (2, 0, 2)
    assert codes(await correct(world, referral, "end", only=[two[0]["id"]])) == {"#/only": "not-of-referral"}
    await world.ok(correct(world, referral, "end", only=only))
    assert await places(world, offer) == (3, 0, 1)
    alone = await world.add_request()
    accepted = await brought_to(world, await refer(world, await _offer(world), alone), "accepted")
    problem(await correct(world, accepted, "withdraw", only=[alone["id"]]), 409, "not-last-decision")


async def test_the_same_key_corrects_once(world: World) -> None:
    referral = await brought_to(world, await refer(world, await _offer(world)), "started")
    headers = world.gi | {"Idempotency-Key": "correctie-1"}
    first = await correct(world, referral, "start", headers=headers)
    again = await correct(world, referral, "start", headers=headers)
    assert (first.status_code, again.content) == (201, first.content)


async def test_what_is_not_decided_can_be_changed_by_its_sender(world: World) -> None:
    referral = await refer(world, await world.contracted_offer(), remark="Graag eerst bellen.")
    path = f"/v1/referrals/{referral['id']}"
    problem(await world.http.patch(path, json={"urgency": "crisis"}, headers=world.gi), 428, "if-match-required")
    etag = (await world.http.get(path, headers=world.gi)).headers["etag"]
    change = {"urgency": "crisis", "wishedStart": "2026-11-25", "remark": None}
    answer = await world.http.patch(path, json=change, headers=world.gi | {"If-Match": etag})
    changed = answer.json()
    assert (changed["summary"]["urgency"], changed["summary"]["wishedStart"]) == ("crisis", "2026-11-25")
    assert changed["remark"] is None
    problem(await world.http.patch(path, json=change, headers=world.gi | {"If-Match": etag}), 412, "stale-version")
    notice = (await items(world, "/v1/notices", world.provider(referral["providerId"])))[-1]
    assert (notice["decision"], notice["details"]) == ("change", {"changed": ["remark", "urgency", "wishedStart"]})
    await brought_to(world, referral, "accepted")
    headers = world.gi | {"If-Match": "*"}
    problem(await world.http.patch(path, json={"urgency": "regular"}, headers=headers), 409, "referral-decided")
    own = world.provider(referral["providerId"])
    problem(
        await world.http.patch(path, json={"urgency": "regular"}, headers=own | {"If-Match": "*"}), 403, "forbidden"
    )


async def test_a_milestone_is_put_right_at_any_time_and_a_derived_status_is_refused(world: World) -> None:
    request = await world.add_request()
    path, headers = f"/v1/requests/{request['id']}", world.gi | {"If-Match": "*"}
    told = problem(await world.http.patch(path, json={"status": "open"}, headers=headers), 409, "conflict")
    assert "volgt uit wat er gebeurt" in told["detail"]
    body = {"status": "closed", "closedReason": "help-not-needed"}
    await world.ok(world.http.patch(path, json=body, headers=headers))
    now = await world.ok(world.http.put(f"{path}/milestones/course", json={"date": "2026-11-02"}, headers=headers))
    assert (now["status"], now["milestones"]) == ("closed", [{"name": "course", "date": "2026-11-02"}])


async def test_a_start_that_is_taken_back_opens_the_calls_that_it_closed(world: World, clock: SettableClock) -> None:
    offer = await contracted(world)
    await contracted(world, offer["providerId"], careType="pleegzorg-voltijd")
    request = await world.add_request(choices=[{"careType": "gezinshuis"}, {"careType": "pleegzorg-voltijd"}])
    open_again = await publish(world, request, careTypes=["gezinshuis"], respondBy="2026-12-01")
    await answer_call(world, open_again, offer)
    expired = await publish(world, request, careTypes=["pleegzorg-voltijd"], respondBy="2026-11-22")
    other = await publish(world, await world.add_request())
    started = await brought_to(world, await refer(world, await _offer(world), request), "started")
    clock.now += timedelta(days=1)

    answer = await world.ok(correct(world, started, "start"))

    assert answer["restoredCalls"] == [open_again["id"]]
    assert [(each["callId"], each["referralId"]) for each in answer["notRestored"]] == [(expired["id"], None)]
    assert "22 november 2026" in answer["notRestored"][0]["because"]
    shown = await get_call(world, open_again)
    assert (shown["status"], shown["closedBecause"], shown["closedAt"]) == ("open", None, None)
    assert len(await answers(world, open_again)) == 1
    assert (await get_call(world, expired))["closedBecause"] == "help-started"
    assert (await get_call(world, other))["status"] == "open"
    history = await items(world, f"/v1/requests/{request['id']}/history", world.gi)
    assert [each["changes"] for each in history if each["what"] == "call-reopened"] == [
        [{"field": f"calls.{open_again['id']}", "old": "closed", "new": "open"}]
    ]


async def test_a_call_stays_closed_where_another_took_its_place(world: World) -> None:
    await contracted(world)
    request = await world.add_request()
    first = await publish(world, request)
    started = await brought_to(world, await refer(world, await _offer(world), request), "started")
    second = await publish(world, request)
    answer = await world.ok(correct(world, started, "start"))
    assert (answer["restoredCalls"], [each["callId"] for each in answer["notRestored"]]) == ([], [first["id"]])
    assert (await get_call(world, second))["status"] == "open"


async def test_a_call_stays_closed_while_other_help_runs(world: World, clock: SettableClock) -> None:
    await contracted(world)
    request = await world.add_request()
    call = await publish(world, request)
    wrong = await brought_to(world, await refer(world, await _offer(world), request), "started")
    clock.now += timedelta(hours=1)
    at_home = await _offer(world, careType="ambulante-begeleiding")
    right = await brought_to(world, await refer(world, at_home, request, standsFor="alternative"), "started")
    answer = await world.ok(correct(world, wrong, "start"))
    assert [each["callId"] for each in answer["notRestored"]] == [call["id"]]
    clock.now += timedelta(hours=1)
    assert (await world.ok(correct(world, right, "start")))["restoredCalls"] == [], "it closed none"
