"""Many decisions at once: the last place goes to one, nobody waits for another in a circle, nothing is half done."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

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
from tests.supply.capacity.locks import connection, meeting, waiting
from tests.world import World, problem

Json = dict[str, Any]


async def test_of_fifty_who_accept_the_last_place_one_gets_it(committing_world: World) -> None:
    world = committing_world
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=8, placesOccupied=7, placesReserved=0, placesFree=1)
    referrals = [await refer(world, offer) for _ in range(50)]
    answers = await asyncio.gather(*(decide(world, each, "accept") for each in referrals))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 49}
    for answer in answers:
        if answer.status_code == 409:
            stands = problem(answer, 409, "no-place")["capacity"]
            assert (stands["placesOccupied"], stands["placesReserved"], stands["placesFree"]) == (7, 1, 0)
    assert await places(world, offer) == (7, 1, 0)
    now = Counter([(await get(world, each))["status"] for each in referrals])
    assert now == {"accepted": 1, "sent": 49}
    history = await items(world, f"/v1/offers/{offer['id']}/capacity-history?limit=200", world.gi)
    assert [each["placesFree"] for each in history] == [1, 0]


async def test_reports_and_decisions_at_once_break_no_bound(committing_world: World) -> None:
    world = committing_world
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=6, placesOccupied=0, placesFree=6)
    referrals = [await brought_to(world, await refer(world, offer), "seen") for _ in range(12)]
    sent: list[Any] = []
    for number, referral in enumerate(referrals):
        sent.append(decide(world, referral, "accept"))
        if number % 3 == 0:
            sent.append(world.report(offer, placesTotal=6, placesOccupied=3, placesReserved=0, placesFree=3))
    answers = [each for each in await asyncio.gather(*sent) if isinstance(each, httpx.Response)]
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses.keys() <= {201, 409}
    assert 3 <= statuses[201] <= 12, "there is always room for the first three"
    accepted = Counter([(await get(world, each))["status"] for each in referrals])
    assert accepted == {"accepted": statuses[201], "seen": statuses[409]}
    now = [each or 0 for each in await places(world, offer)]
    assert min(now) >= 0
    assert sum(now) <= 6


async def test_two_who_start_help_for_one_child_at_once(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    request = await world.add_request()
    offers = [await world.contracted_offer() for _ in range(2)]
    for offer in offers:
        await world.report(offer, placesTotal=1, placesOccupied=0, placesFree=1)
    referrals = [await brought_to(world, await refer(world, offer, request), "accepted") for offer in offers]
    starting = [decide(world, each, "start") for each in referrals]
    answers = await meeting(fresh_database_url, "SELECT FROM requests FOR UPDATE", *starting)
    assert sorted(answers) == [201, 409]
    told = problem(answers[409], 409, "decision-not-possible")
    assert (told["referralStatus"], told["possible"]) == ("withdrawn", [])
    now = [await get(world, each) for each in referrals]
    assert sorted(each["status"] for each in now) == ["started", "withdrawn"]
    by_status = {each["status"]: offer for each, offer in zip(now, offers, strict=True)}
    assert await places(world, by_status["started"]) == (1, 0, 0)
    assert await places(world, by_status["withdrawn"]) == (0, 0, 1)
    assert (await request_of(world, request))["status"] == "helped"


async def test_starts_that_give_back_each_others_places_wait_in_no_circle(committing_world: World) -> None:
    world = committing_world
    offers = [await world.contracted_offer() for _ in range(3)]
    for offer in offers:
        await world.report(offer, placesTotal=20, placesOccupied=0, placesFree=20)
    children = []
    for turn in range(9):
        request = await world.add_request()
        order = offers[turn % 3 :] + offers[: turn % 3]
        children.append([await brought_to(world, await refer(world, each, request), "accepted") for each in order])
    answers = await asyncio.gather(*(decide(world, referrals[0], "start") for referrals in children))
    assert [answer.status_code for answer in answers] == [201] * 9
    assert [await places(world, offer) for offer in offers] == [(3, 0, 17)] * 3


async def test_siblings_decided_on_at_once_wait_in_no_circle(committing_world: World) -> None:
    world = committing_world
    offer = await world.contracted_offer()
    children = [await world.add_request(siblingGroup="gezin-31") for _ in range(3)]
    together = await brought_to(world, await refer(world, offer, children[0]), "accepted")
    closing = {"status": "closed", "closedReason": "registered-in-error"}
    others = [await refer(world, await world.contracted_offer(), child) for child in children]
    sent = [
        decide(world, together, "start"),
        *(decide(world, each, "see") for each in others),
        *(
            world.http.patch(f"/v1/requests/{child['id']}", json=closing, headers=world.gi | {"If-Match": "*"})
            for child in reversed(children[1:])
        ),
    ]
    start, *answers = await asyncio.gather(*sent)
    assert start.status_code == 201, start.text
    assert len(answers) == 5
    assert all(answer.status_code in {200, 201, 409} for answer in answers), [answer.text for answer in answers]
    assert (await get(world, together))["status"] == "started"


async def test_a_place_accepted_while_the_institution_withdraws_is_not_lost(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=2, placesOccupied=0, placesFree=2)
    referral = await refer(world, offer)
    sent = [decide(world, referral, "accept"), decide(world, referral, "withdraw")]
    answers = await meeting(fresh_database_url, "SELECT FROM requests FOR UPDATE", *sent)
    assert 201 in answers
    assert (await get(world, referral))["status"] == "withdrawn"
    assert (await places(world, offer))[2] == 2


async def test_one_referral_to_an_offer_however_many_are_sent_at_once(committing_world: World) -> None:
    world = committing_world
    request, offer = await world.add_request(), await world.contracted_offer()
    sent = [post_referral(world, request, referral_body(offer)) for _ in range(8)]
    answers = await asyncio.gather(*sent)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}


@pytest.mark.parametrize("held", ["current_capacities", "requests"])
async def test_a_connection_that_is_lost_halfway_leaves_every_number_right(
    committing_world: World, fresh_database_url: str, held: str
) -> None:
    world = committing_world
    request, offers = await world.add_request(), [await world.contracted_offer() for _ in range(2)]
    for offer in offers:
        await world.report(offer, placesTotal=2, placesOccupied=0, placesFree=2)
    first, other = [await brought_to(world, await refer(world, offer, request), "accepted") for offer in offers]
    before = [await get(world, first), await get(world, other), await request_of(world, request)]

    async with (
        connection(fresh_database_url) as holder,
        connection(fresh_database_url) as killer,
        holder.transaction(),
    ):
        await holder.execute(f"SELECT FROM {held} FOR UPDATE")
        starting = asyncio.create_task(decide(world, first, "start"))
        [pid] = await waiting(killer, 1)
        assert await killer.fetchval("SELECT pg_terminate_backend($1, 60_000)", pid)
        answer = await starting
    problem(answer, 503, "unavailable")
    assert [await get(world, first), await get(world, other), await request_of(world, request)] == before
    assert [await places(world, offer) for offer in offers] == [(0, 1, 1), (0, 1, 1)]
    await world.ok(decide(world, first, "start"))
    assert [await places(world, offer) for offer in offers] == [(1, 0, 1), (0, 0, 2)]
