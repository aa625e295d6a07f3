"""What follows from a date is judged when somebody asks: here only the clock moves, and nothing is written."""

from datetime import timedelta
from typing import Any

from tests.conftest import NOW, SettableClock
from tests.world import World, match_request

CHOICE = [{"careType": "gezinshuis"}]


async def _item(world: World, **query: Any) -> dict[str, Any]:
    answer = await world.ok(world.http.get("/v1/availability", params=query, headers=world.gi))
    item: dict[str, Any] = answer["items"][0] if answer["items"] else {}
    return item


async def _reasons(world: World) -> list[str]:
    """Why the one offer that there is does not fit; none where it does."""
    answer = await world.ok(
        world.http.post("/v1/matches?explain=true", json=match_request(choices=CHOICE), headers=world.gi)
    )
    assert len(answer["results"]) + len(answer["excluded"]["offers"]) == 1
    reasons: list[str] = [*answer["excluded"]["offers"], {"reasons": []}][0]["reasons"]
    return reasons


async def test_a_report_turns_stale(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=1)
    await world.add_contract(offer["providerId"])
    for days, status, start in (
        (0, "free", "2026-11-22"),
        (1, "free", "2026-11-23"),
        (30, "free", "2026-12-22"),
        (31, "unknown", None),
        (0, "free", "2026-11-22"),
    ):
        clock.now = NOW + timedelta(days=days)
        available = (await _item(world))["availability"]
        assert (available["status"], available["expectedStart"], available["ageDays"]) == (status, start, days)
        result = (await world.match(choices=CHOICE))["results"][0]
        assert (result["expectedStart"], result["factors"]["age-of-report"]) == (start, days)
        assert result["availability"] == available


async def test_a_wait_comes_to_its_end(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=0, waitDaysIntake=20, waitDaysTreatment=10)
    await world.add_contract(offer["providerId"])
    for days, status in ((0, "waiting"), (2, "soon"), (29, "soon"), (30, "soon")):
        clock.now = NOW + timedelta(days=days)
        available = (await _item(world))["availability"]
        assert (available["status"], available["expectedStart"]) == (status, "2026-12-22")
        assert (await world.match(choices=CHOICE))["results"][0]["factors"]["start"] == 30 - days


async def test_a_contract_starts_and_ends(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    await world.add_contract(offer["providerId"], validFrom="2026-11-24", validTo="2026-11-25")
    for days, covered in ((0, False), (1, False), (2, True), (3, True), (4, False)):
        clock.now = NOW + timedelta(days=days)
        assert bool(await _item(world, contractedFor="JZ03")) == covered
        assert await _reasons(world) == ([] if covered else ["not-contracted"])


async def test_a_stop_starts_and_ends(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    await world.add_contract(offer["providerId"])
    period: dict[str, Any] = {"from": "2026-11-23", "to": "2026-11-24"}
    await world.add_stop(offer["providerId"], **period)
    for days, stopped in ((0, False), (1, True), (2, True), (3, False)):
        clock.now = NOW + timedelta(days=days)
        assert (await _item(world))["availability"]["status"] == ("closed" if stopped else "free")
        assert await _reasons(world) == (["placement-stop"] if stopped else [])


async def test_midnight_in_the_netherlands_is_when_the_day_turns(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    await world.add_contract(offer["providerId"])
    for hour, minute, age in ((22, 59, 0), (23, 0, 1)):
        clock.now = NOW.replace(hour=hour, minute=minute)
        assert (await _item(world))["availability"]["ageDays"] == age
        result = (await world.match(choices=CHOICE))["results"][0]
        assert (result["factors"]["age-of-report"], result["expectedStart"]) == (age, f"2026-11-{22 + age}")


async def test_a_report_at_half_past_midnight_is_of_the_new_day(world: World, clock: SettableClock) -> None:
    clock.now = NOW.replace(hour=23, minute=30)
    offer = await world.add_offer()
    await world.report(offer, placesFree=0, waitDaysTreatment=1, observedAt="2026-11-23T00:20:00+01:00")
    available = (await _item(world))["availability"]
    assert (available["ageDays"], available["expectedStart"]) == (0, "2026-11-24")
