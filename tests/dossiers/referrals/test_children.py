"""For whom a referral is: the children that it was sent for, whatever becomes of their group."""

from datetime import timedelta
from typing import Any

from tests.conftest import NOW, SettableClock
from tests.dossiers.referrals.scene import (
    brought_to,
    decide,
    get,
    items,
    places,
    post_referral,
    refer,
    referral_body,
    request_of,
)
from tests.world import World, codes, problem

Json = dict[str, Any]
TODAY = "2026-11-22"


async def _siblings(world: World, count: int, group: str = "gezin-31") -> list[Json]:
    return [await world.add_request(siblingGroup=group) for _ in range(count)]


async def _offer(world: World, free: int = 4) -> Json:
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=6, placesOccupied=1, placesReserved=0, placesFree=free)
    return offer


async def _statuses(world: World, requests: list[Json]) -> list[str]:
    return [(await request_of(world, request))["status"] for request in requests]


async def test_who_joins_the_group_later_is_no_part_of_what_was_sent_before(world: World) -> None:
    two, offer = await _siblings(world, 2), await _offer(world)
    together = await brought_to(world, await refer(world, offer, two[0]), "accepted")
    third = await world.add_request(siblingGroup="gezin-31")
    own = await refer(world, await world.contracted_offer(), third)

    await world.ok(decide(world, together, "start"))

    assert await _statuses(world, [*two, third]) == ["helped", "helped", "open"]
    assert (await get(world, own))["status"] == "sent"
    assert await places(world, offer) == (3, 0, 2)
    assert {each["requestId"] for each in (await get(world, together))["children"]} == {each["id"] for each in two}


async def test_who_leaves_the_group_keeps_its_place(world: World) -> None:
    two, offer = await _siblings(world, 2), await _offer(world)
    together = await brought_to(world, await refer(world, offer, two[0]), "accepted")
    path = f"/v1/requests/{two[1]['id']}"
    await world.ok(world.http.patch(path, json={"siblingGroup": None}, headers=world.gi | {"If-Match": "*"}))
    await world.ok(decide(world, together, "start"))
    assert await _statuses(world, two) == ["helped", "helped"]
    assert await places(world, offer) == (3, 0, 2)


async def test_closing_one_childs_request_gives_back_its_own_place_alone(world: World) -> None:
    two, offer = await _siblings(world, 2), await _offer(world)
    together = await brought_to(world, await refer(world, offer, two[0]), "accepted")
    body = {"status": "closed", "closedReason": "help-not-needed"}
    for child, left, free in ((two[0], 1, 3), (two[1], 0, 4)):
        path = f"/v1/requests/{child['id']}"
        await world.ok(world.http.patch(path, json=body, headers=world.gi | {"If-Match": "*"}))
        assert await places(world, offer) == (1, left, free)
    now = await get(world, together)
    assert (now["status"], now["withdrawnBecause"]) == ("withdrawn", "request-closed")


async def test_one_child_withdraws_and_the_others_stay(world: World) -> None:
    three, offer = await _siblings(world, 3), await _offer(world)
    together = await brought_to(world, await refer(world, offer, three[0]), "accepted")
    left = await world.ok(decide(world, together, "withdraw", only=[three[2]["id"]]))
    assert (left["status"], left["places"]) == ("accepted", 2)
    assert {each["requestId"]: each["isIn"] for each in left["children"]} == {
        three[0]["id"]: True,
        three[1]["id"]: True,
        three[2]["id"]: False,
    }
    assert await places(world, offer) == (1, 2, 2)
    assert await _statuses(world, three) == ["placed", "placed", "open"]
    notice = (await items(world, "/v1/notices", world.provider(offer["providerId"])))[-1]
    assert (notice["decision"], notice["status"], notice["details"]) == ("withdraw", "accepted", {"places": "1"})
    whole = await world.ok(decide(world, left, "withdraw", only=[three[0]["id"], three[1]["id"]]))
    assert (whole["status"], whole["withdrawnBecause"]) == ("withdrawn", "by-institution")
    assert await places(world, offer) == (1, 0, 4)


async def test_one_child_ends_and_its_one_place_with_it(world: World) -> None:
    two, offer = await _siblings(world, 2), await _offer(world)
    together = await brought_to(world, await refer(world, offer, two[0]), "started")
    one = await world.ok(decide(world, together, "end", only=[two[1]["id"]]))
    assert one["status"] == "started"
    assert [each["endedOn"] for each in one["children"] if each["requestId"] == two[1]["id"]] == [TODAY]
    assert await places(world, offer) == (2, 0, 3)
    both = await world.ok(decide(world, together, "end"))
    assert both["status"] == "ended"
    assert await places(world, offer) == (1, 0, 4)


async def test_only_names_children_that_the_referral_is_for(world: World) -> None:
    two, stranger = await _siblings(world, 2), await world.add_request()
    together = await brought_to(world, await refer(world, await _offer(world), two[0]), "accepted")
    for wrong in ([stranger["id"]], [two[0]["id"], stranger["id"]]):
        assert codes(await decide(world, together, "withdraw", only=wrong)) == {"#/only": "not-of-referral"}
    assert codes(await decide(world, together, "withdraw", only=[])) == {"#/only": "too-few"}
    assert codes(await decide(world, together, "start", only=[two[0]["id"]])) == {"#/only": "not-applicable"}


async def test_help_for_one_narrows_what_it_shares_with_siblings(world: World) -> None:
    two, offer = await _siblings(world, 2), await _offer(world)
    together = await brought_to(world, await refer(world, offer, two[0]), "accepted")
    own = (await world.ok(post_referral(world, two[1], referral_body(await world.contracted_offer()))))["id"]
    alone = await world.ok(world.http.get(f"/v1/referrals/{own}", headers=world.gi))
    alone = await world.ok(decide(world, alone, "withdraw", only=[two[0]["id"]]))
    await brought_to(world, alone, "started")
    now = await get(world, together)
    assert (now["status"], now["places"]) == ("accepted", 1)
    assert await places(world, offer) == (1, 1, 3)
    assert await _statuses(world, two) == ["placed", "helped"]


async def test_an_end_from_before_the_report_makes_no_place(world: World, clock: SettableClock) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=4, placesOccupied=3, placesReserved=0, placesFree=1)
    referral = await brought_to(world, await refer(world, offer), "accepted")
    await world.ok(decide(world, referral, "start", date="2026-11-22"))
    clock.now += timedelta(days=14)
    await world.report(offer, placesTotal=4, placesOccupied=3, placesReserved=0, placesFree=1)
    await world.ok(decide(world, referral, "end", date="2026-11-29"))
    assert await places(world, offer) == (3, 0, 1), "the provider knew that the child had left"


async def test_an_end_of_the_day_itself_moves_what_was_reported_before_it(world: World, clock: SettableClock) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=4, placesOccupied=2, placesReserved=0, placesFree=2)
    referral = await brought_to(world, await refer(world, offer), "started")
    clock.now += timedelta(hours=1)
    await world.report(offer, placesTotal=4, placesOccupied=3, placesReserved=0, placesFree=1)
    clock.now += timedelta(hours=1)
    await world.ok(decide(world, referral, "end", date=TODAY))
    assert await places(world, offer) == (2, 0, 2)


async def test_a_start_from_before_the_report_gives_back_what_was_reserved(world: World, clock: SettableClock) -> None:
    offer = await world.contracted_offer()
    referral = await refer(world, offer)
    clock.now = NOW + timedelta(days=2)
    await world.report(offer, placesTotal=4, placesOccupied=3, placesReserved=0, placesFree=1)
    await world.ok(decide(world, referral, "accept"))
    assert await places(world, offer) == (3, 1, 0)
    await world.ok(decide(world, referral, "start", date=TODAY))
    assert await places(world, offer) == (3, 0, 1), "it is one of the three"


async def test_bridging_takes_a_place_and_ends_no_wait(world: World) -> None:
    request, offer = await world.add_request(), await _offer(world)
    first = await refer(world, await world.contracted_offer(), request)
    bridge = await brought_to(world, await refer(world, offer, request, standsFor="bridging"), "started")
    now = await request_of(world, request)
    assert (now["status"], now["bridgedOn"], now["placedOn"]) == ("open", TODAY, None)
    assert [clock["light"] for clock in now["clocks"] if clock["clock"] == "help"] != ["done"]
    assert (await get(world, first))["status"] == "sent"
    assert await places(world, offer) == (2, 0, 3)
    await world.ok(decide(world, bridge, "end"))
    assert (await request_of(world, request))["bridgedOn"] is None
    assert await places(world, offer) == (1, 0, 4)


async def test_an_alternative_is_help(world: World) -> None:
    request = await world.add_request()
    await brought_to(
        world, await refer(world, await world.contracted_offer(), request, standsFor="alternative"), "started"
    )
    assert (await request_of(world, request))["status"] == "helped"


async def test_one_child_has_no_two_stays_at_once(world: World) -> None:
    request = await world.add_request()
    first = await brought_to(world, await refer(world, await world.contracted_offer(), request), "accepted")
    await world.ok(decide(world, first, "start", date="2026-11-10"))
    second = await brought_to(world, await refer(world, await world.contracted_offer(), request), "accepted")
    told = problem(await decide(world, second, "start", date="2026-11-20"), 409, "overlapping-stay")
    assert told["referralId"] == first["id"]
    at_home = await world.contracted_offer(careType="opvoedondersteuning")
    beside = await brought_to(world, await refer(world, at_home, request, standsFor="alternative"), "accepted")
    await world.ok(decide(world, beside, "start", date="2026-11-20"))
    await world.ok(decide(world, first, "end", date="2026-11-20"))
    again = await brought_to(world, await refer(world, await world.contracted_offer(), request), "accepted")
    assert (await world.ok(decide(world, again, "start", date="2026-11-20")))["status"] == "started"


async def test_a_milestone_of_its_own_is_apart_from_the_help_of_referrals(world: World) -> None:
    request = await world.add_request()
    path, headers = f"/v1/requests/{request['id']}/milestones/help", world.gi | {"If-Match": "*"}
    await world.ok(world.http.put(path, json={"date": "2026-11-01"}, headers=headers))
    await brought_to(world, await refer(world, await world.contracted_offer(), request), "started")
    shown = {each["name"]: each["date"] for each in (await request_of(world, request))["milestones"]}
    assert shown == {"help": "2026-11-01"}
    await world.ok(world.http.delete(path, headers=headers))
    shown = {each["name"]: each["date"] for each in (await request_of(world, request))["milestones"]}
    assert shown == {"help": TODAY}, "what the referral says stays"


async def test_a_provider_says_that_the_start_slips_and_that_a_child_left(world: World) -> None:
    offer = await _offer(world)
    referral = await brought_to(world, await refer(world, offer), "accepted")
    assert codes(await decide(world, referral, "delay", expectedStart=None)) == {"#/expectedStart": "missing"}
    slipped = await world.ok(decide(world, referral, "delay", expectedStart="2026-12-07"))
    assert (slipped["status"], slipped["expectedStart"]) == ("accepted", "2026-12-07")
    notice = (await items(world, "/v1/notices", world.gi))[-1]
    assert (notice["decision"], notice["details"]) == ("delay", {"expectedStart": "2026-12-07"})
    await world.ok(decide(world, referral, "start", date=TODAY))
    assert codes(await decide(world, referral, "left", date="2026-11-21")) == {"#/date": "order"}
    left = await world.ok(decide(world, referral, "left", date=TODAY))
    assert (left["status"], left["leftOn"], left["endedOn"]) == ("started", TODAY, None)
    assert await places(world, offer) == (2, 0, 3), "the institution confirms it"
    ended = await world.ok(decide(world, referral, "end", date="2026-11-22"))
    assert (ended["status"], ended["endedOn"]) == ("ended", "2026-11-22")
    assert await places(world, offer) == (1, 0, 4)
