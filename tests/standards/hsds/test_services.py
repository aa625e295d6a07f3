"""An offer as a service: what is said of it, and how it stands."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.dates import dutch_day, dutch_midnight
from app.kit.clock import system_clock
from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import brought_to, refer
from tests.standards.hsds.asking import get, ids, lines
from tests.standards.hsds.standard import errors_of
from tests.world import HOME, World

CONTACT = {
    "intakeDesk": "Aanmeldteam",
    "phone": "088 000 0123",
    "email": "aanmelden@example.org",
    "website": "https://example.org",
}


async def _full(world: World) -> dict[str, Any]:
    """An offer with all that there can be of one."""
    provider = await world.add_provider(name="De Vuurtoren", agbCode="22220001", kvkNumber="12345678", contact=CONTACT)
    await world.add_location(provider, "zee", name="Zeezicht", street="Dorpsstraat", houseNumber="12a")
    offer = await world.add_offer(
        provider,
        name="Gezinshuis De Duinen",
        description="Vier plekken.",
        ageMin=4,
        genders=["female", "other"],
        specialisations=["trauma"],
        exclusionCriteria=["brandstichting"],
        serviceArea=[HOME],
        needsCourtAuthorisation=True,
        locationKey="zee",
    )
    await world.report(
        offer, placesTotal=8, placesOccupied=6, placesFree=1, note="Op Noord.", observedAt="2026-11-20T09:00:00+01:00"
    )
    return offer


async def test_says_all_there_is_to_say(world: World) -> None:
    offer = await _full(world)
    service = await get(world, f"services/{offer['id']}")
    assert errors_of("service", service) == []
    of_service = {"service_id": offer["id"]}
    (capacity,) = service.pop("capacities")
    assert capacity.pop("unit") | {"id": ""} == {
        "id": "",
        "name": "Plek",
        "scheme": "beschikbaarheidswijzer",
        "identifier": "places",
    }
    del capacity["id"], capacity["unit_id"]
    assert capacity == of_service | {
        "available": 1,
        "maximum": 8,
        "description": "Lege plekken; wie wacht gaat voor. Op Noord.",
        "updated": "2026-11-20T08:00:00.000Z",
    }
    terms = [(each["link_type"], each["taxonomy_term"]["code"]) for each in service.pop("attributes")]
    assert terms == [("care_type", "gezinshuis"), ("specialisation", "trauma"), ("exclusion", "brandstichting")]
    (area,) = service.pop("service_areas")
    assert (area["name"], area["uri"]) == ("Den Helder", "https://identifier.overheid.nl/tooi/id/gemeente/gm0400")
    (phone,) = service.pop("phones")
    assert (phone["number"], phone["type"]) == ("088 000 0123", "voice")
    (contact,) = service.pop("contacts")
    assert (contact["department"], contact["email"]) == ("Aanmeldteam", "aanmelden@example.org")
    (link,) = service.pop("service_at_locations")
    assert link["service_id"] == offer["id"]
    assert link["location"]["name"] == "Zeezicht"
    assert {phone["service_id"], contact["service_id"], area["service_id"]} == {offer["id"]}
    organization = service.pop("organization")
    assert (organization["name"], organization["website"]) == ("De Vuurtoren", "https://example.org")
    del service["last_modified"]
    assert service == {
        "id": offer["id"],
        "organization_id": offer["providerId"],
        "name": "Gezinshuis De Duinen",
        "description": "Vier plekken.",
        "email": "aanmelden@example.org",
        "status": "active",
        "eligibility_description": "Jeugdigen van 4 tot en met 17 jaar: meisjes en jeugdigen van een ander geslacht. "
        "Niet bij: Brandstichting. Alleen met een machtiging van de rechter.",
        "minimum_age": 4,
        "maximum_age": 17,
        "assured_date": "2026-11-20",
        "assurer_email": "aanmelden@example.org",
    }


async def test_what_is_not_known_is_left_out(world: World) -> None:
    provider = await world.add_provider(contact={"email": "café@example.org", "phone": None})
    offer = await world.add_offer(provider, atHome=True)
    service = await get(world, f"services/{offer['id']}")
    assert errors_of("service", service) == []
    assert not {"description", "email", "assured_date", "assurer_email", "alert"} & service.keys()
    lists = ("phones", "contacts", "capacities", "service_at_locations")
    assert [service[name] for name in lists] == [[], [], [], []]
    assert [area["name"] for area in service["service_areas"]] == ["Nederland"]


async def test_a_list_has_what_is_no_array(world: World) -> None:
    offer = await _full(world)
    (service,) = (await get(world, "services"))["contents"]
    whole = await get(world, f"services/{offer['id']}")
    assert service["organization"]["name"] == "De Vuurtoren"
    assert not [name for each in (service, service["organization"]) for name in each if isinstance(each[name], list)]
    assert {name: whole[name] for name in service.keys() - {"organization"}} == {
        name: service[name] for name in service.keys() - {"organization"}
    }
    assert (await get(world, "services", full="true"))["contents"] == [whole]
    assert await lines(world, "services", full="true") == [whole]
    (minimal,) = (await get(world, "services", minimal="true"))["contents"]
    assert minimal == {name: service[name] for name in ("id", "name", "status", "last_modified")} | {
        "modified_date": service["last_modified"]
    }


@pytest.mark.parametrize("unit", ["places", "trajectories", "hours-per-week"])
async def test_capacity_counts_in_the_offers_unit(world: World, unit: str) -> None:
    offer = await world.add_offer(unit=unit)
    await world.report(offer, placesFree=7)
    (capacity,) = (await get(world, f"services/{offer['id']}"))["capacities"]
    assert (capacity["available"], capacity["unit"]["identifier"]) == (7, unit)
    assert "maximum" not in capacity


async def test_an_ended_offer_is_inactive_and_active_when_given_again(world: World) -> None:
    offer = await world.add_offer(key="duinen")
    path = f"services/{offer['id']}"
    headers = world.provider(offer["providerId"])
    assert (await world.http.delete(f"/v1/offers/{offer['id']}", headers=headers)).status_code == 204
    assert (await get(world, path))["status"] == "inactive"
    assert (await get(world, "services", minimal="true"))["contents"][0]["status"] == "inactive"
    await world.add_offer(offer["providerId"], "duinen")
    assert (await get(world, path))["status"] == "active"


async def test_an_offer_that_takes_no_referrals_is_temporarily_closed(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer, acceptsReferrals=False)
    service = await get(world, f"services/{offer['id']}")
    assert (service["status"], service["alert"]) == (
        "temporarily closed",
        "Er worden nu geen aanmeldingen aangenomen.",
    )
    assert (await get(world, "services", minimal="true"))["contents"][0]["status"] == "temporarily closed"


@pytest.mark.parametrize(
    ("stop", "closed"),
    [
        ({}, True),
        ({"from": "2026-11-22"}, True),
        ({"from": "2026-11-23"}, False),  # tomorrow
        ({"to": "2026-11-22"}, True),
        ({"to": "2026-11-21"}, False),
        ({"locationKey": "here"}, True),
        ({"locationKey": "elsewhere"}, False),
        ({"offerId": "this"}, True),
        ({"offerId": "other"}, False),
    ],
)
async def test_a_placement_stop_closes_it_for_as_long_as_it_lasts(
    world: World, stop: dict[str, str], closed: bool
) -> None:
    offer = await world.add_offer()
    provider = offer["providerId"]
    await world.add_location(provider, "elsewhere")
    other = await world.add_offer(provider, locationKey="elsewhere")
    await world.report(offer)
    if "offerId" in stop:
        stop = {"offerId": {"this": offer["id"], "other": other["id"]}[stop["offerId"]]}
    await world.add_stop(provider, None, **stop)
    service = await get(world, f"services/{offer['id']}")
    assert service["status"] == ("temporarily closed" if closed else "active")
    assert service.get("alert") == ("Er geldt een plaatsingsstop." if closed else None)
    assert service["capacities"][0]["available"] == 1  # what was reported stays what was reported


async def _modified(world: World, offer: dict[str, Any]) -> datetime:
    service = await get(world, f"services/{offer['id']}")
    (minimal,) = [each for each in await lines(world, "services", minimal="true") if each["id"] == offer["id"]]
    assert minimal["last_modified"] == service["last_modified"]
    return datetime.fromisoformat(service["last_modified"])


async def test_whatever_changes_moves_last_modified(world: World, clock: SettableClock) -> None:
    clock.now = system_clock().replace(microsecond=0)  # that of the database, which dates a new stop
    offer = await world.add_offer(key="duinen")
    provider = offer["providerId"]

    async def later() -> None:
        clock.now += timedelta(days=1)

    async def moved() -> bool:
        return await _modified(world, offer) == clock.now

    await later()
    await world.add_offer(provider, "duinen", name="Gezinshuis Het Duin")
    assert await moved()
    await later()
    headers = world.provider(provider) | {"If-Match": "*"}
    await world.ok(world.http.patch(f"/v1/providers/{provider}", json={"name": "De Baken"}, headers=headers))
    assert await moved()
    await later()
    await world.add_location(provider, name="Elders")
    assert await moved()
    await later()
    stop = await world.add_stop(provider, None, **{"from": str(dutch_day(clock.now) + timedelta(days=2))})
    first = await _modified(world, offer)
    clock.now += timedelta(days=2)
    today = dutch_day(clock.now)
    assert first < dutch_midnight(today) == await _modified(world, offer)  # it is in force now
    headers = world.provider(provider) | {"If-Match": "*"}
    body = {"to": str(today + timedelta(days=1))}
    await world.ok(world.http.patch(f"/v1/placement-stops/{stop['id']}", json=body, headers=headers))
    assert await moved()
    clock.now += timedelta(days=2)
    assert await _modified(world, offer) == dutch_midnight(today + timedelta(days=2))  # it has ended
    assert (await get(world, f"services/{offer['id']}"))["status"] == "active"


async def test_a_report_moves_last_modified_though_it_observes_the_past(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer(key="duinen")
    provider = offer["providerId"]
    clock.now = datetime(2020, 1, 1, tzinfo=UTC)
    await world.add_offer(provider, "duinen", name="Gezinshuis Het Duin", locationKey="here")
    await world.add_location(provider, name="Duin")
    headers = world.provider(provider) | {"If-Match": "*"}
    await world.ok(world.http.patch(f"/v1/providers/{provider}", json={"name": "De Baken"}, headers=headers))
    before = await _modified(world, offer)
    assert before == clock.now
    clock.now += timedelta(minutes=1)
    await world.report(offer, observedAt="2019-11-01T00:00:00Z")
    after = await _modified(world, offer)
    assert after > before
    assert await ids(world, "services", modified_after=after.isoformat()) == {offer["id"]}
    assert await ids(world, "services", modified_after=(after + timedelta(milliseconds=2)).isoformat()) == set()


async def test_places_that_were_counted_are_updated_when_they_were_counted(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.add_contract(offer["providerId"])
    await world.report(offer, placesTotal=4, placesFree=2, observedAt="2026-11-20T09:00:00Z")
    clock.now = datetime(2999, 1, 1, 12, tzinfo=UTC)
    despite = [{"reason": "age", "because": "Zo oud wordt niemand."}]
    await brought_to(world, await refer(world, offer, despite=despite), "accepted")
    service = await get(world, f"services/{offer['id']}")
    (capacity,) = service["capacities"]
    assert (capacity["available"], capacity["updated"]) == (1, "2999-01-01T12:00:00.000Z")
    assert service["assured_date"] == "2026-11-20"  # the provider said nothing since
    assert await _modified(world, offer) == clock.now


@pytest.mark.parametrize(
    ("since", "found"),
    [
        ("2020-01-01", 1),
        ("2020-01-01T00:00:00", 1),
        ("2020-01-01T00:00:00Z", 1),
        ("2020-01-01T00:00:00.123456+01:00", 1),
        ("2999-12-31", 0),
        ("9999-12-31T23:59:59", 0),
    ],
)
async def test_modified_after_takes_a_date_or_a_time_in_utc_unless_it_says(
    world: World, since: str, found: int
) -> None:
    await world.add_offer()
    assert len(await ids(world, "services", modified_after=since)) == found
    assert len(await ids(world, "service_at_locations", modified_after=since)) == found
    assert len(await lines(world, "services", modified_after=since, minimal="true")) == found


async def test_times_are_utc_with_milliseconds(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer, observedAt="2026-11-20T09:00:00.5+01:00")
    (capacity,) = (await get(world, f"services/{offer['id']}"))["capacities"]
    assert capacity["updated"] == "2026-11-20T08:00:00.500Z"
    assert datetime.fromisoformat(capacity["updated"]).tzinfo == UTC
