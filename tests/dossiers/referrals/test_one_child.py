"""What a decision means for the child: its request, its other referrals, its siblings."""

from typing import Any

import pytest

from tests.dossiers.referrals.scene import (
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
from tests.world import World, problem

Json = dict[str, Any]
START: Json = {"date": "2026-11-20"}


def _help(request: Json) -> list[str]:
    return [each["date"] for each in request["milestones"] if each["name"] == "help"]


async def test_a_place_and_help_show_in_the_request(world: World) -> None:
    request = await world.add_request()
    referral = await refer(world, await world.contracted_offer(), request)
    assert (await request_of(world, request))["status"] == "open"
    await world.ok(decide(world, referral, "waitlist"))
    assert (await request_of(world, request))["status"] == "open", "a waiting list is no place"
    await world.ok(decide(world, referral, "accept"))
    assert (await request_of(world, request))["status"] == "placed"
    await world.ok(decide(world, referral, "start", **START))
    helped = await request_of(world, request)
    assert (helped["status"], _help(helped)) == ("helped", ["2026-11-20"])
    await world.ok(decide(world, referral, "end"))
    assert (await request_of(world, request))["status"] == "helped", "the institution closes it"


@pytest.mark.parametrize("decision", ["decline", "withdraw"])
async def test_without_its_place_the_child_waits_again(world: World, decision: str) -> None:
    request = await world.add_request()
    first = await brought_to(world, await refer(world, await world.contracted_offer(), request), "accepted")
    second = await brought_to(world, await refer(world, await world.contracted_offer(), request), "accepted")
    await world.ok(decide(world, first, decision))
    assert (await request_of(world, request))["status"] == "placed", "the other place is there still"
    await world.ok(decide(world, second, decision))
    assert (await request_of(world, request))["status"] == "open"


async def test_help_that_started_earlier_stays_the_first_help(world: World) -> None:
    request = await world.add_request()
    first = await brought_to(world, await refer(world, await world.contracted_offer(), request), "accepted")
    await world.ok(decide(world, first, "start", date="2026-11-10"))
    await world.ok(decide(world, first, "end", date="2026-11-15"))
    second = await brought_to(world, await refer(world, await world.contracted_offer(), request), "accepted")
    await world.ok(decide(world, second, "start", date="2026-11-20"))
    assert _help(await request_of(world, request)) == ["2026-11-10"]


async def test_when_help_starts_the_other_referrals_are_withdrawn_with_a_notice(world: World) -> None:
    request = await world.add_request()
    offers = {
        status: await world.contracted_offer() for status in ("sent", "seen", "waitlisted", "accepted", "declined")
    }
    for offer in offers.values():
        await world.report(offer, placesTotal=2, placesOccupied=0, placesFree=2)
    others = {
        status: await brought_to(world, await refer(world, offer, request), status) for status, offer in offers.items()
    }
    outside = await world.ok(post_referral(world, request, OUTSIDE))
    of_another_child = await refer(world, offers["accepted"])
    started = await brought_to(world, await refer(world, await world.contracted_offer(), request), "accepted")
    assert await places(world, offers["accepted"]) == (0, 1, 1)

    await world.ok(decide(world, started, "start", **START))

    for referral in (*(others[each] for each in ("sent", "seen", "waitlisted", "accepted")), outside):
        now = await get(world, referral)
        assert (now["status"], now["withdrawnBecause"]) == ("withdrawn", "other-referral-started")
    assert (await get(world, others["declined"]))["status"] == "declined"
    assert (await get(world, of_another_child))["status"] == "sent"
    for offer in offers.values():
        assert (await places(world, offer))[2] == 2, "every place is free again"
    for status in ("sent", "accepted"):
        notice = (await items(world, "/v1/notices", world.provider(offers[status]["providerId"])))[-1]
        assert notice["referralId"] == others[status]["id"]
        assert (notice["actor"], notice["decision"]) == ("service", "withdraw")
        assert notice["details"] == {"because": "other-referral-started"}
        assert notice["clientId"] is None


async def test_a_withdrawal_of_its_own_is_told_apart(world: World) -> None:
    referral = await refer(world, await world.contracted_offer())
    withdrawn = await world.ok(decide(world, referral, "withdraw"))
    assert withdrawn["withdrawnBecause"] == "by-institution"


async def test_siblings_are_placed_and_helped_together_each_with_its_own_clocks(world: World) -> None:
    together = await world.contracted_offer()
    children = [
        await world.add_request(siblingGroup="gezin-31", child={"measure": {"type": "21", "imposedOn": day}})
        for day in ("2026-10-12", "2026-11-02")
    ]
    referral = await refer(world, together, children[0])
    alone = await brought_to(world, await refer(world, await world.contracted_offer(), children[1]), "seen")
    await world.ok(decide(world, referral, "accept"))
    assert [(await request_of(world, child))["status"] for child in children] == ["placed", "placed"]
    await world.ok(decide(world, referral, "start", **START))
    now = [await request_of(world, child) for child in children]
    assert [(each["status"], _help(each)) for each in now] == [("helped", ["2026-11-20"])] * 2
    due = [next(clock["dueOn"] for clock in each["clocks"] if clock["clock"] == "help") for each in now]
    assert due == ["2027-01-12", "2027-02-02"]
    assert (await get(world, alone))["withdrawnBecause"] == "other-referral-started"


async def test_help_for_siblings_starts_after_the_measures_of_all(world: World) -> None:
    children = [
        await world.add_request(siblingGroup="gezin-31", child={"measure": {"type": "21", "imposedOn": day}})
        for day in ("2026-10-12", "2026-11-21")
    ]
    referral = await brought_to(world, await refer(world, await world.contracted_offer(), children[0]), "accepted")
    problem(await decide(world, referral, "start", **START), 400, "invalid-input")


async def test_a_sibling_who_is_helped_already_is_not_covered(world: World) -> None:
    children = [await world.add_request(siblingGroup="gezin-31") for _ in range(2)]
    path = f"/v1/requests/{children[1]['id']}/milestones/help"
    await world.ok(world.http.put(path, json={"date": "2026-10-20"}, headers=world.gi | {"If-Match": "*"}))
    referral = await refer(world, await world.contracted_offer(), children[0])
    assert referral["places"] == 1
    await brought_to(world, referral, "started")
    assert _help(await request_of(world, children[1])) == ["2026-10-20"]


async def test_closing_a_request_withdraws_what_is_open(world: World) -> None:
    request = await world.add_request()
    offer = await world.contracted_offer()
    await world.report(offer, placesFree=1)
    waits = await refer(world, await world.contracted_offer(), request)
    has_place = await brought_to(world, await refer(world, offer, request), "accepted")
    declined = await brought_to(world, await refer(world, await world.contracted_offer(), request), "declined")
    path, closing = f"/v1/requests/{request['id']}", {"status": "closed", "closedReason": "help-not-needed"}
    stale = world.gi | {"If-Match": '"99"'}
    problem(await world.http.patch(path, json=closing, headers=stale), 412, "stale-version")
    assert (await get(world, waits))["status"] == "sent"
    await world.ok(world.http.patch(path, json=closing, headers=world.gi | {"If-Match": "*"}))
    for referral in (waits, has_place):
        now = await get(world, referral)
        assert (now["status"], now["withdrawnBecause"]) == ("withdrawn", "request-closed")
    assert (await get(world, declined))["status"] == "declined"
    assert await places(world, offer) == (None, 0, 1)


async def test_the_history_of_the_request_tells_what_followed(world: World) -> None:
    request = await world.add_request()
    referral = await brought_to(world, await refer(world, await world.contracted_offer(), request), "accepted")
    events = await items(world, f"/v1/requests/{request['id']}/history", world.gi)
    assert [event["what"] for event in events] == ["created", "referral-sent", "referral-accepted", "followed-referral"]
    assert events[2]["changes"] == [{"field": f"referrals.{referral['id']}", "old": "sent", "new": "accepted"}]
    followed = {change["field"]: change["new"] for change in events[3]["changes"]}
    assert followed == {"placedOn": "2026-11-22", "status": "placed"}


async def test_closing_is_not_refused_for_the_version_that_it_moves_itself(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesFree=1)
    request = await world.add_request()
    referral = await refer(world, offer, request=request)
    await world.ok(decide(world, referral, "accept"))
    path, body = f"/v1/requests/{request['id']}", {"status": "closed", "closedReason": "as-planned"}
    etag = (await world.http.get(path, headers=world.gi)).headers["etag"]
    stale = await world.http.patch(path, json=body, headers=world.gi | {"If-Match": '"999"'})
    assert stale.status_code == 412
    answer = await world.http.patch(path, json=body, headers=world.gi | {"If-Match": etag})
    assert answer.status_code == 200, answer.text
