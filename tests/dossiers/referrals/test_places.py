"""Places move along with decisions: none is lost, none is given twice, whatever is decided in whatever order."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from app.dossiers.referrals.states import DECISIONS
from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import (
    OTHER_GI,
    OUTSIDE,
    brought_to,
    decide,
    get,
    places,
    post_referral,
    refer,
    referral_body,
)
from tests.world import World, problem

Json = dict[str, Any]


async def _offer(world: World, free: int = 2, occupied: int | None = 1, **fields: Any) -> Json:
    offer = await world.contracted_offer(**fields)
    await world.report(offer, placesTotal=4, placesOccupied=occupied, placesFree=free)
    return offer


@pytest.mark.parametrize(
    ("status", "occupied", "reserved", "free"),
    [
        ("sent", 1, None, 2),
        ("seen", 1, None, 2),
        ("waitlisted", 1, None, 2),
        ("declined", 1, None, 2),
        ("withdrawn", 1, None, 2),
        ("accepted", 1, 1, 1),
        ("started", 2, 0, 1),
        ("ended", 1, 0, 2),
    ],
)
async def test_each_status_holds_what_it_holds(
    world: World, status: str, occupied: int, reserved: int | None, free: int
) -> None:
    offer = await _offer(world)
    await brought_to(world, await refer(world, offer), status)
    assert await places(world, offer) == (occupied, reserved, free)


async def test_places_of_children_of_others_are_counted_too(world: World) -> None:
    """Whoever decides, though it sees nothing of them."""
    offer, others = await _offer(world), world.as_(Role.GI, **OTHER_GI)
    theirs = await world.ok(post_referral(world, await world.add_request(others), referral_body(offer), others))
    await world.ok(decide(world, theirs, "accept"))
    ours = await brought_to(world, await refer(world, offer), "accepted")
    await world.ok(decide(world, ours, "withdraw"))
    assert await places(world, offer) == (1, 1, 1)


@pytest.mark.parametrize("decision", ["decline", "withdraw"])
async def test_a_place_that_was_promised_is_given_back(world: World, decision: str) -> None:
    offer = await _offer(world)
    referral = await brought_to(world, await refer(world, offer), "accepted")
    await world.ok(decide(world, referral, decision))
    assert await places(world, offer) == (1, 0, 2)


async def test_without_a_place_nothing_is_accepted_and_the_caller_sees_what_stands(world: World) -> None:
    offer = await _offer(world, free=0)
    referral = await refer(world, offer)
    told = problem(await decide(world, referral, "accept"), 409, "no-place")
    standing = await world.ok(world.http.get(f"/v1/offers/{offer['id']}/capacity", headers=world.gi))
    assert told["capacity"] == standing
    assert (await get(world, referral))["status"] == "sent"
    await world.report(offer, placesTotal=5, placesOccupied=1, placesFree=1)
    await world.ok(decide(world, referral, "accept"))
    assert await places(world, offer) == (1, 1, 0)


async def test_where_nothing_was_reported_accepting_counts_nothing(world: World, clock: SettableClock) -> None:
    offer = await world.contracted_offer()
    referral = await brought_to(world, await refer(world, offer), "accepted")
    clock.now += timedelta(minutes=1)
    await world.report(offer, placesTotal=4, placesOccupied=1, placesReserved=2, placesFree=1)
    for decision in ("start", "end"):
        await world.ok(decide(world, referral, decision))
        assert await places(world, offer) == (1, 2, 1), "the provider's own figures know of this child already"


async def test_hours_are_not_places(world: World) -> None:
    offer = await _offer(world, unit="hours-per-week", free=0)
    await brought_to(world, await refer(world, offer), "ended")
    assert await places(world, offer) == (1, None, 0)


async def test_trajectories_are_counted_as_places_are(world: World) -> None:
    offer = await _offer(world, unit="trajectories", occupied=None)
    await brought_to(world, await refer(world, offer), "accepted")
    assert await places(world, offer) == (None, 1, 1)


async def test_care_outside_the_contracts_takes_no_place(world: World) -> None:
    referral = await world.ok(post_referral(world, await world.add_request(), OUTSIDE))
    assert (await brought_to(world, referral, "ended"))["endReason"] == "as-planned"


async def test_siblings_get_their_places_together_or_not_at_all(world: World) -> None:
    offer = await _offer(world, free=2)
    children = [await world.add_request(siblingGroup="gezin-31") for _ in range(3)]
    referral = await refer(world, offer, children[0])
    assert problem(await decide(world, referral, "accept"), 409, "no-place")["capacity"]["placesFree"] == 2
    await world.report(offer, placesTotal=4, placesOccupied=1, placesFree=3)
    await world.ok(decide(world, referral, "accept"))
    assert await places(world, offer) == (1, 3, 0)
    await world.ok(decide(world, referral, "start"))
    assert await places(world, offer) == (4, 0, 0)
    await world.ok(decide(world, referral, "end"))
    assert await places(world, offer) == (1, 0, 3)


@pytest.mark.parametrize("seed", range(4))
async def test_any_sequence_of_decisions_keeps_the_sums(world: World, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a test's own dice
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=5, placesOccupied=1, placesReserved=0, placesFree=3)
    referrals = [await refer(world, offer, await world.add_request(places=random.choice([1, 1, 2]))) for _ in range(5)]
    made: Counter[str] = Counter()
    for _ in range(50):
        chosen = random.randrange(len(referrals))
        answer = await decide(world, referrals[chosen], random.choice(OFTEN))
        if answer.status_code == 201:
            referrals[chosen] = answer.json()
            made[referrals[chosen]["status"]] += 1
        held = {status: sum(each["places"] for each in referrals if each["status"] == status) for status in _HOLDING}
        assert await places(world, offer) == (
            1 + held["started"],
            held["accepted"],
            3 - held["started"] - held["accepted"],
        )
    assert made["accepted"], "places were taken"


OFTEN = (*DECISIONS, "accept", "accept", "accept")
"""Every decision, and acceptances enough for places to be taken."""
_HOLDING = ("accepted", "started")
_OVER = ("declined", "withdrawn", "ended")


@pytest.mark.parametrize("seed", range(3))
async def test_reports_in_between_never_break_a_bound(world: World, clock: SettableClock, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a test's own dice
    offer = await _offer(world)
    referrals = [await refer(world, offer) for _ in range(5)]
    made: Counter[str] = Counter()
    for _ in range(50):
        clock.now += timedelta(minutes=1)
        if random.random() < 0.2:
            occupied, reserved = random.randint(0, 2), random.randint(0, 1)
            free = random.randint(0, 4 - occupied - reserved)
            figures = {"placesOccupied": occupied, "placesReserved": reserved, "placesFree": free}
            assert (await world.report(offer, placesTotal=4, **figures))["placesFree"] == free
        chosen = random.randrange(len(referrals))
        answer = await decide(world, referrals[chosen], random.choice(OFTEN))
        assert answer.status_code in {201, 409}, answer.text
        if answer.status_code == 201:
            status = answer.json()["status"]
            made[status] += 1
            if status in _OVER:
                referrals[chosen] = await refer(world, offer)
        now = [each or 0 for each in await places(world, offer)]
        assert min(now) >= 0
        assert sum(now) <= 4
    assert made["accepted"], "places were taken"
