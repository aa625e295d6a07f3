"""What a report says itself is free; what should have come free since is asked for, wherever an offer is shown."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import NOW, SettableClock
from tests.world import World

CHOICE = [{"careType": "gezinshuis"}]
DUE = "De plek had op 24 november vrij moeten komen; vraag of dat zo is."


async def _item(world: World) -> dict[str, Any]:
    answer = await world.ok(world.http.get("/v1/availability", headers=world.gi))
    item: dict[str, Any] = answer["items"][0]
    return item


@pytest.mark.parametrize(
    ("figures", "statuses"),
    [
        # today, tomorrow, the day that it is about, and the day after that
        ({"placesFree": 1}, ["free", "free", "free", "free"]),
        ({"placesFree": 2, "waitingCount": 1}, ["free", "free", "free", "free"]),
        ({"placesFree": 0, "waitDaysIntake": 0}, ["free", "free", "free", "free"]),
        ({"placesFree": 1, "waitingCount": 1}, ["waiting", "waiting", "waiting", "waiting"]),
        ({"placesFree": 0, "nextFreeOn": "2026-11-24"}, ["soon", "soon", "soon!", "soon!"]),
        ({"placesFree": 1, "waitingCount": 1, "nextFreeOn": "2026-11-24"}, ["soon", "soon", "soon!", "soon!"]),
        ({"placesFree": 1, "nextFreeOn": "2026-11-24"}, ["free", "free", "free", "free"]),
        ({"placesFree": 0, "waitDaysIntake": 1, "waitDaysTreatment": 1}, ["soon", "soon", "soon!", "soon!"]),
        ({"placesFree": 1, "waitDaysIntake": 2}, ["soon", "soon", "soon!", "soon!"]),
        ({"placesFree": 0, "nextFreeOn": "2026-11-22"}, ["soon", "soon!22", "soon!22", "soon!22"]),
        ({"placesFree": 0, "nextFreeOn": "2026-11-24", "acceptsReferrals": False}, ["closed"] * 4),
    ],
)
async def test_free_is_what_the_report_says_itself(
    world: World, clock: SettableClock, figures: dict[str, Any], statuses: list[str]
) -> None:
    offer = await world.add_offer()
    await world.report(offer, **figures)
    await world.add_contract(offer["providerId"])
    for days, expected in enumerate(statuses):
        clock.now = NOW + timedelta(days=days)
        item = await _item(world)
        status, _, day = expected.partition("!")
        assert item["availability"]["status"] == status
        detail = DUE.replace("24", day) if day else DUE
        warned = [{"code": "unconfirmed-place", "detail": detail}] if "!" in expected else []
        assert item["warnings"] == warned
        for result in (await world.match(choices=CHOICE))["results"]:
            assert result["availability"] == item["availability"]
            assert [each for each in result["warnings"] if each["code"] == "unconfirmed-place"] == warned
        if status == "soon" and warned:
            assert item["availability"]["expectedStart"] == str(clock.now.date())


async def test_after_thirty_days_nothing_is_known(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=0, nextFreeOn="2026-11-24")
    clock.now += timedelta(days=31)
    item = await _item(world)
    assert (item["availability"]["status"], item["warnings"]) == ("unknown", [])


async def test_the_warning_is_in_the_language_asked_for(world: World, clock: SettableClock) -> None:
    await world.report(await world.add_offer(), placesFree=0, nextFreeOn="2026-11-24")
    clock.now += timedelta(days=3)
    headers = world.gi | {"Accept-Language": "en"}
    [item] = (await world.ok(world.http.get("/v1/availability?status=soon", headers=headers)))["items"]
    assert item["warnings"][0]["detail"] == "The place should have come free on 24 November; ask whether it has."
    assert (await world.ok(world.http.get("/v1/availability?status=free", headers=headers)))["items"] == []


async def test_siblings_are_judged_by_the_places_that_they_need(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=1, nextFreeOn="2026-11-24")
    await world.add_contract(offer["providerId"])
    clock.now += timedelta(days=3)
    for places, warned in ((1, False), (2, True)):
        [result] = (await world.match(choices=CHOICE, places=places))["results"]
        assert ("unconfirmed-place" in {each["code"] for each in result["warnings"]}) is warned


async def test_unknown_waiting_counts_as_none_and_is_shown_as_unknown(world: World) -> None:
    await world.report(await world.add_offer(), placesFree=1)
    available = (await _item(world))["availability"]
    assert (available["status"], available["placesFree"], available["waitingCount"]) == ("free", 1, None)


async def test_the_standards_say_no_more(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=0, nextFreeOn="2026-11-24")
    path = f"/fhir/HealthcareService/{offer['id']}"
    for days, code, sentence in ((0, "waitlist", "24 november 2026"), (3, "waitlist", DUE)):
        clock.now = NOW + timedelta(days=days)
        service = await world.ok(world.http.get(path, headers=world.gi))
        text = str(service["extension"])
        assert f"'code': '{code}'" in text
        assert "'code': 'soon'" in text
        assert sentence in text
    assert "Verwachte start" not in text


async def test_half_hours_in_the_standards(world: World) -> None:
    offer = await world.add_offer(unit="hours-per-week")
    await world.report(offer, placesFree=2.5, placesTotal=20)
    service = await world.ok(world.http.get(f"/fhir/HealthcareService/{offer['id']}", headers=world.gi))
    assert "{'url': 'placesFree', 'valueDecimal': 2.5}" in str(service)
    available = (await _item(world))["availability"]
    assert available["placesFree"] == 2.5
    shown = await world.http.get(f"/hsds/services/{offer['id']}", headers=world.gi)
    assert '"available":2.5' in shown.text
    assert '"maximum":20,' in shown.text
