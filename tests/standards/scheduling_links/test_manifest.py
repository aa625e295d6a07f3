"""GET /fhir/$bulk-publish: where the files are, since when, and how long they may be kept."""

import re

import pytest

from app.kit.security.callers import Role
from tests.conftest import SettableClock, serving
from tests.standards.fhir.checking import outcome
from tests.standards.scheduling_links.publishing import MANIFEST, lines, manifest
from tests.world import World

FILE = "/fhir/bulk-publish/NH/Slot.ndjson"


@pytest.mark.parametrize("path", [MANIFEST, FILE, "/fhir/bulk-publish/OperationOutcome.ndjson"])
async def test_needs_a_token(world: World, path: str) -> None:
    outcome(await world.http.get(path), 401, "login")


@pytest.mark.parametrize("role", list(Role))
async def test_every_professional_role_may_read(world: World, role: Role) -> None:
    await manifest(world, world.as_(role))
    assert lines(await world.http.get(FILE, headers=world.as_(role))) == []


@pytest.mark.parametrize(
    "path",
    [
        *("bulk-publish/XX/Slot.ndjson", "bulk-publish/nh/Slot.ndjson", "bulk-publish/NH/Patient.ndjson"),
        *("bulk-publish/NH/Slot", "bulk-publish/Slot.ndjson", "bulk-publish", "bulk-publish/NH/slot.ndjson"),
    ],
)
async def test_a_file_that_is_not_there(world: World, path: str) -> None:
    outcome(await world.http.get(f"/fhir/{path}", headers=world.gi), 404, "not-found")


@pytest.mark.parametrize(
    "since",
    [
        *("gisteren", "2026-11-22", "2026-11-22T10:00:00", "2026-02-30T10:00:00Z", "0001-01-01T00:00:00+14:00"),
        *("2026-11-22T10:00:00-00:00", "2026-11-22t10:00:00Z", "2026-11-22T10:00:00z", "2026-11-22 10:00:00Z"),
        *("2026-11-22T10:00:00 01:00", "20261122T100000Z", "1795341600"),
        ["2026-11-22T10:00:00Z", "2026-11-22T11:00:00Z"],
    ],
)
@pytest.mark.parametrize("path", [MANIFEST, FILE])
async def test_a_since_that_cannot_be(world: World, path: str, since: str | list[str]) -> None:
    answer = await world.http.get(path, params={"_since": since}, headers=world.gi)
    assert outcome(answer, 400, "value")["issue"][0]["diagnostics"] == "#/query/_since"


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        *((MANIFEST, accept, 200) for accept in ("", "*/*", "application/json", "application/fhir+json")),
        *((FILE, accept, 200) for accept in ("", "*/*", "application/fhir+ndjson", "application/ndjson")),
        (MANIFEST, "application/fhir+xml", 406),
        (FILE, "application/json", 406),
    ],
)
async def test_formats(world: World, path: str, accept: str, status: int) -> None:
    answer = await world.http.get(path, headers=world.gi | {"Accept": accept})
    assert answer.status_code == status
    if status == 406:
        outcome(answer, 406, "not-supported")


async def test_nothing_is_published_where_there_is_nothing(world: World) -> None:
    content = await manifest(world)
    assert content["output"] == []
    assert content["error"] == []
    assert content["transactionTime"] == "2026-11-21T23:00:00Z"


async def test_has_a_file_of_each_type_for_each_province(world: World) -> None:
    await world.add_offer()
    provider = await world.add_provider()
    await world.add_location(provider, postcode="6211AB")
    await world.add_offer(provider, locationKey="here")
    content = await manifest(world)
    assert content["request"] == "http://test/fhir/$bulk-publish"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", content["transactionTime"])
    assert [(each["type"], each["extension"]["state"]) for each in content["output"]] == [
        (type_, [state]) for type_ in ("Location", "Schedule", "Slot") for state in ("LI", "NH")
    ]
    for each in content["output"]:
        (found,) = lines(await world.http.get(each["url"], headers=world.gi))
        assert found["resourceType"] == each["type"]


async def test_offers_without_an_address_are_named(world: World) -> None:
    provider = await world.add_provider()
    nowhere = await world.add_offer(provider, locationKey=None)
    await world.add_location(provider, "vague", postcode=None, municipality="GM0400")
    vague = await world.add_offer(provider, locationKey="vague")
    await world.add_offer()
    (error,) = (await manifest(world))["error"]
    assert error["type"] == "OperationOutcome"
    found = lines(await world.http.get(error["url"], headers=world.gi))
    said = {issue["diagnostics"] for each in found for issue in each["issue"] if issue["severity"] == "warning"}
    assert said == {f"HealthcareService/{each['id']}" for each in (nowhere, vague)}


@pytest.mark.parametrize("path", [MANIFEST, FILE])
async def test_who_has_it_already_gets_no_body(world: World, clock: SettableClock, path: str) -> None:
    offer = await world.add_offer()
    answer = await world.http.get(path, headers=world.gi)
    assert answer.headers["cache-control"] == "private, max-age=60"
    assert answer.headers["etag"].startswith('W/"')
    headers = world.gi | {"If-None-Match": answer.headers["etag"]}
    again = await world.http.get(path, headers=headers)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    assert (await world.http.get(path, headers=headers | {"Accept-Language": "en"})).status_code == 200
    assert (await world.http.get(f"{path}?_since=2026-11-22T00:00:00Z", headers=headers)).status_code == 200
    await world.report(offer)
    assert (await world.http.get(path, headers=headers)).status_code == 200
    clock.now = clock.now.replace(day=23)
    tomorrow = (await world.http.get(path, headers=world.gi)).headers["etag"]
    clock.now = clock.now.replace(day=22)
    assert (await world.http.get(path, headers=world.gi)).headers["etag"] != tomorrow


async def test_every_kind_of_change_makes_another_etag(world: World) -> None:
    offer = await world.add_offer()
    provider, headers = offer["providerId"], world.provider(offer["providerId"])
    path = f"/v1/providers/{provider}"
    seen = [(await world.http.get(FILE, headers=world.gi)).headers["etag"]]

    async def look() -> None:
        seen.append((await world.http.get(FILE, headers=world.gi)).headers["etag"])

    await world.report(offer)
    await look()
    await world.report(offer)  # the same again, observed at the same moment
    await look()
    await world.ok(world.http.post(f"/v1/offers/{offer['id']}/capacity/confirmations", headers=headers))
    await look()
    await world.add_stop(provider)
    await look()
    await world.add_location(provider, name="Anders")
    await look()
    await world.ok(world.http.patch(path, json={"name": "Anders"}, headers=headers | {"If-Match": "*"}))
    await look()
    await world.http.delete(f"/v1/offers/{offer['id']}", headers=headers)
    await look()
    assert len(set(seen)) == len(seen)


async def test_the_public_gets_it_where_the_setting_allows(world: World) -> None:
    await world.report(await world.add_offer())
    settings = world.parts.settings.model_copy(
        update={"public_access": True, "public_url": "https://wijzer.example.org"}
    )
    async with serving(settings, world.parts.database, world.parts.clock) as public:
        answer = await public.http.get(MANIFEST)
        assert answer.headers["cache-control"] == "public, max-age=60"
        assert answer.json()["request"] == "https://wijzer.example.org/fhir/$bulk-publish"
        assert answer.json()["output"][0]["url"].startswith("https://wijzer.example.org/fhir/bulk-publish/NH/")
        ours = await public.http.get(FILE)
        assert "slot-capacity" not in ours.text
        theirs = await public.http.get(FILE, headers=public.gi)
        assert "slot-capacity" in theirs.text
        assert ours.headers["etag"] != theirs.headers["etag"]
