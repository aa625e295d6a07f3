"""How FHIR answers are kept, told apart and given: versions, times of change, formats."""

from typing import Any

import pytest

from tests.conftest import SavepointDatabase, SettableClock
from tests.standards.fhir.checking import date_all, outcome, resource
from tests.world import World


async def _service(world: World, offer: dict[str, Any]) -> dict[str, Any]:
    return resource(await world.http.get(f"/fhir/HealthcareService/{offer['id']}", headers=world.gi))


async def test_who_has_the_version_gets_no_body(world: World) -> None:
    offer = await world.add_offer()
    path = f"/fhir/HealthcareService/{offer['id']}"
    answer = await world.http.get(path, headers=world.gi)
    found, etag = resource(answer), answer.headers["etag"]
    assert etag == f'W/"{found["meta"]["versionId"]}"'
    for tag in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        again = await world.http.get(path, headers=world.gi | {"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    since = {"If-Modified-Since": answer.headers["last-modified"]}
    assert (await world.http.get(path, headers=world.gi | since)).status_code == 304
    other = since | {"If-None-Match": '"other"'}
    assert (await world.http.get(path, headers=world.gi | other)).status_code == 200
    for wrong in ("gisteren", "Sat, 01 Jan 2000 00:00:00 GMT", "Sat, 01 Jan 2000 00:00:00 -0000"):
        assert (await world.http.get(path, headers=world.gi | {"If-Modified-Since": wrong})).status_code == 200


@pytest.mark.parametrize("change", ["capacity", "offer", "provider", "location", "stop", "day"])
async def test_every_change_makes_a_new_version(world: World, clock: SettableClock, change: str) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    headers = world.provider(offer["providerId"])
    before = await _service(world, offer)
    if change == "capacity":
        await world.report(offer, placesFree=1, waitDaysIntake=0)
    if change == "offer":
        await world.add_offer(offer["providerId"], offer["key"], locationKey="here", ageMin=3)
    if change == "provider":
        body = {"contact": {"phone": "088 000 0999"}}
        path = f"/v1/providers/{offer['providerId']}"
        await world.ok(world.http.patch(path, json=body, headers=headers | {"If-Match": "*"}))
    if change == "location":
        await world.add_location(offer["providerId"], name="Verhuisd")
    if change == "stop":
        await world.add_stop(offer["providerId"])
    if change == "day":
        clock.now = clock.now.replace(day=23)
    after = await _service(world, offer)
    assert after["meta"]["versionId"] != before["meta"]["versionId"]
    assert after["meta"]["lastUpdated"] >= before["meta"]["lastUpdated"]


async def test_last_updated_is_when_anything_in_it_last_changed(
    world: World, database: SavepointDatabase, clock: SettableClock
) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    stop = await world.add_stop(offer["providerId"], to="2026-11-10")
    place = f"/fhir/{(await _service(world, offer))['location'][0]['reference']}"
    headers = world.provider(offer["providerId"])

    async def updated(path: str) -> str:
        moment: str = resource(await world.http.get(path, headers=world.gi))["meta"]["lastUpdated"]
        return moment

    service = f"/fhir/HealthcareService/{offer['id']}"
    await date_all(database, "2026-11-21T08:00:00Z")
    assert await updated(service) == "2026-11-21T23:00:00Z"  # what is free is another every day
    assert await updated(place) == "2026-11-21T08:00:00Z"
    path = f"/v1/placement-stops/{stop['id']}"
    await world.ok(world.http.patch(path, json={"to": "2026-11-11"}, headers=headers | {"If-Match": "*"}))
    assert (await updated(service), await updated(place)) == ("2026-11-22T10:00:00Z", "2026-11-21T08:00:00Z")
    clock.now = clock.now.replace(hour=11)
    await world.add_location(offer["providerId"], name="Verhuisd")
    assert (await updated(service), await updated(place)) == ("2026-11-22T11:00:00Z", "2026-11-22T11:00:00Z")
    clock.now = clock.now.replace(hour=12)
    path = f"/v1/providers/{offer['providerId']}"
    await world.ok(world.http.patch(path, json={"name": "Anders"}, headers=headers | {"If-Match": "*"}))
    assert {await updated(each) for each in (service, place, path.replace("/v1/providers", "/fhir/Organization"))} == {
        "2026-11-22T12:00:00Z"
    }
    clock.now = clock.now.replace(day=23)
    assert await updated(service) == "2026-11-22T23:00:00Z"


@pytest.mark.parametrize(
    ("accept", "query", "status"),
    [
        ("application/fhir+json", "", 200),
        ("application/json", "", 200),
        ("text/html, application/fhir+json;q=0.5", "", 200),
        ("application/fhir+json; fhirVersion=4.0", "", 200),
        ("*/*", "", 200),
        ("", "", 200),
        ("application/fhir+xml", "?_format=json", 200),
        ("application/fhir+xml", "?_format=application/fhir%2Bjson", 200),
        ("application/fhir+xml", "?_format=application/fhir+json", 200),
        ("application/fhir+xml", "", 406),
        ("text/html", "", 406),
        ("application/fhir+json;q=0", "", 406),
        ("application/fhir+json; fhirVersion=3.0", "", 406),
        ("application/fhir+json", "?_format=xml", 406),
        ("*/*", "?_format=", 200),
    ],
)
async def test_only_json_is_given(world: World, accept: str, query: str, status: int) -> None:
    provider = await world.add_provider()
    headers = world.gi | {"Accept": accept}
    answer = await world.http.get(f"/fhir/Organization/{provider}{query}", headers=headers)
    assert answer.status_code == status
    if status == 406:
        outcome(answer, 406, "not-supported")
