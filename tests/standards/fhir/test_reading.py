"""GET /fhir/{type}/{id}: who may read, what each resource holds, and how answers are kept."""

from typing import Any

import pytest

from app.kit.security.callers import Role
from tests.conftest import serving
from tests.standards.fhir.checking import (
    NOTHING,
    check_filled,
    extension_of,
    outcome,
    resource,
)
from tests.world import World

CAPACITY = "SDOHCC-ExtensionHealthcareServiceCapacityStatus"


async def _service(world: World, offer: dict[str, Any], **headers: str) -> dict[str, Any]:
    return resource(await world.http.get(f"/fhir/HealthcareService/{offer['id']}", headers=world.gi | headers))


async def _location_of(world: World, offer: dict[str, Any]) -> str:
    reference: str = (await _service(world, offer))["location"][0]["reference"]
    return f"/fhir/{reference}"


@pytest.mark.parametrize("path", ["HealthcareService", "Location", "Organization", f"Location/{NOTHING}"])
async def test_needs_a_token(world: World, path: str) -> None:
    answer = await world.http.get(f"/fhir/{path}")
    outcome(answer, 401, "login")
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    outcome(await world.http.get(f"/fhir/{path}", headers={"Authorization": "Bearer x"}), 401, "login")


@pytest.mark.parametrize("role", list(Role))
async def test_every_professional_role_may_read(world: World, role: Role) -> None:
    offer = await world.add_offer()
    path = f"/fhir/HealthcareService/{offer['id']}"
    assert resource(await world.http.get(path, headers=world.as_(role)))["id"] == offer["id"]


@pytest.mark.parametrize(
    "path",
    [
        f"HealthcareService/{NOTHING}",
        "Location/x",
        "Organization/1'; DROP TABLE offers--",
        "Location/%00",
        f"Organization/{NOTHING.upper().replace('0', 'A')}",
        f"Organization/{{{NOTHING}}}",
        f"urn/{NOTHING}",
        "Patient",
        "Patient/1",
        "CodeSystem/x",
        "",
    ],
)
async def test_what_is_not_there(world: World, path: str) -> None:
    outcome(await world.http.get(f"/fhir/{path}", headers=world.gi), 404, "not-found")


async def test_an_id_of_another_type_is_not_there(world: World) -> None:
    offer = await world.add_offer()
    outcome(await world.http.get(f"/fhir/Organization/{offer['id']}", headers=world.gi), 404, "not-found")
    outcome(await world.http.get(f"/fhir/HealthcareService/{offer['providerId']}", headers=world.gi), 404, "not-found")


async def test_a_location_where_nothing_is_offered_is_nobody_elses_business(world: World) -> None:
    provider = await world.add_provider()
    await world.add_location(provider, "secret", name="Geheim adres")
    answer = await world.http.get("/fhir/Location", headers=world.gi)
    assert resource(answer)["total"] == 0
    offer = await world.add_offer(provider, locationKey="secret")
    path = await _location_of(world, offer)
    assert resource(await world.http.get(path, headers=world.gi))["name"] == "Geheim adres"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_nothing_can_be_written(world: World, method: str) -> None:
    answer = await world.http.request(method, f"/fhir/Organization/{NOTHING}", headers=world.admin, json={})
    outcome(answer, 405, "not-supported")
    assert answer.headers["allow"] == "GET"


async def test_an_offer(world: World) -> None:
    provider = await world.add_provider(name="Demo De Vuurtoren", contact={"intakeDesk": "Intake", "phone": "088"})
    offer = await world.add_offer(
        provider,
        "duinen",
        description="Vier plekken.",
        ageMin=4,
        ageMax=12,
        genders=["female"],
        specialisations=["trauma"],
        exclusionCriteria=["brandstichting"],
        serviceArea=["GM0400"],
        needsCourtAuthorisation=True,
    )
    await world.report(offer, placesFree=2, waitingCount=1, waitDaysIntake=3, note="Groep Noord.")
    found = await _service(world, offer)
    assert found["id"] == offer["id"]
    assert found["active"] is True
    assert found["name"] == "Gezinshuis De Duinen"
    assert found["comment"] == "Vier plekken."
    assert found["providedBy"] == {"reference": f"Organization/{provider}", "display": "Demo De Vuurtoren"}
    assert {"system": "phone", "value": "088", "use": "work"} in found["telecom"]
    assert [each["value"] for each in found["identifier"]] == [f"urn:uuid:{offer['id']}", f"{provider}/duinen"]
    assert found["type"][0]["coding"][0]["code"] == "gezinshuis"
    assert found["type"][0]["text"] == "Gezinshuis"
    assert found["characteristic"][0]["coding"][0]["code"] == "trauma"
    assert found["coverageArea"][0]["display"] == "Den Helder"
    assert found["coverageArea"][0]["identifier"]["value"].endswith("/tooi/id/gemeente/gm0400")
    texts = [each["code"]["text"] for each in found["eligibility"]]
    assert texts == ["Leeftijd: 4 tot en met 12 jaar", "Meisjes", "Er is een machtiging van de kinderrechter nodig"]
    ages = extension_of(found, "/age-range").popitem()[1]
    assert (ages["low"]["value"], ages["high"]["value"]) == (4, 12)
    assert extension_of(found, "/exclusion").popitem()[1]["coding"][0]["code"] == "brandstichting"
    capacity = extension_of(found, CAPACITY)
    assert capacity["capacityStatus"]["coding"][0]["code"] == "waitlist"
    assert capacity["capacityNotes"] == (
        "Verwachte start: 25 november 2026. Wachttijd: 3 dagen. Wachtenden: 1. Groep Noord."
    )
    own = extension_of(found, "/availability")
    assert own.pop("status")["code"] == "soon"
    assert own == {
        "expectedStart": "2026-11-25",
        "waitDays": 3,
        "observedAt": "2026-11-22T10:00:00Z",
        "placesFree": 2,
        "unit": "places",
        "waitingCount": 1,
    }


async def test_a_provider(world: World) -> None:
    contact = {"intakeDesk": "Aanmeldteam", "phone": "088 000 0123", "email": "in@example.org"}
    provider = await world.add_provider(name="Demo", agbCode="22220001", kvkNumber="12345678", contact=contact)
    found = resource(await world.http.get(f"/fhir/Organization/{provider}", headers=world.gi))
    assert [(each["system"], each["value"]) for each in found["identifier"]] == [
        ("urn:ietf:rfc:3986", f"urn:uuid:{provider}"),
        ("http://fhir.nl/fhir/NamingSystem/agb-z", "22220001"),
        ("http://fhir.nl/fhir/NamingSystem/kvk", "12345678"),
    ]
    assert found["contact"][0]["name"]["text"] == "Aanmeldteam"
    assert [each["value"] for each in found["telecom"]] == ["088 000 0123", "in@example.org"]


async def test_a_location(world: World) -> None:
    provider = await world.add_provider()
    await world.add_location(provider, street="Kanaalweg", houseNumber="1a", postcode="1781AB")
    path = await _location_of(world, await world.add_offer(provider, locationKey="here"))
    found = resource(await world.http.get(path, headers=world.gi))
    address = found["address"]
    parts = [each["valueString"] for each in address.pop("_line")[0]["extension"]]
    assert parts == ["Kanaalweg", "1a"]
    assert address == {
        "use": "work",
        "type": "physical",
        "line": ["Kanaalweg 1a"],
        "city": "Den Helder",
        "district": "Den Helder",
        "state": "NH",
        "postalCode": "1781AB",
        "country": "NL",
    }
    assert found["managingOrganization"]["reference"] == f"Organization/{provider}"
    assert 52 < found["position"]["latitude"] < 53


@pytest.mark.parametrize(
    ("report", "code", "status"),
    [
        ({"placesFree": 1}, "capacity", "free"),
        ({"placesFree": 0, "nextFreeOn": "2026-12-20"}, "waitlist", "soon"),
        ({"placesFree": 0}, "waitlist", "waiting"),
        ({"placesFree": 1, "acceptsReferrals": False}, "no-capacity", "closed"),
        ({"placesFree": 1, "observedAt": "2026-10-01T00:00:00Z"}, "unknown", "unknown"),
        (None, "unknown", "unknown"),
    ],
)
async def test_the_capacity_status(world: World, report: dict[str, Any] | None, code: str, status: str) -> None:
    offer = await world.add_offer()
    if report is not None:
        await world.report(offer, **report)
    found = await _service(world, offer)
    codings = extension_of(found, CAPACITY)["capacityStatus"]["coding"]
    assert codings[0]["code"] == code
    assert codings[0]["system"].startswith("http://hl7.org/fhir/us/sdoh-clinicalcare/") is (code != "unknown")
    assert codings[-1]["code"] == extension_of(found, "/availability")["status"]["code"] == status


async def test_a_stop_in_force_closes(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    await world.add_stop(offer["providerId"], world.region("JZ06"), imposedBy="region")
    assert extension_of(await _service(world, offer), "/availability")["status"]["code"] == "closed"


async def test_an_offer_that_ended_stays_without_availability(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    before = await _service(world, offer)
    headers = world.provider(offer["providerId"])
    assert (await world.http.delete(f"/v1/offers/{offer['id']}", headers=headers)).status_code == 204
    after = await _service(world, offer)
    assert after["active"] is False
    assert [each["url"].rpartition("/")[2] for each in after["extension"]] == ["age-range"]
    assert after["meta"]["versionId"] != before["meta"]["versionId"]


async def test_the_public_sees_no_counts_and_no_notes(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=0, waitingCount=4, waitDaysIntake=60, note="Bel Noord.")
    settings = world.parts.settings.model_copy(update={"public_access": True})
    async with serving(settings, world.parts.database, world.parts.clock) as public:
        path = f"/fhir/HealthcareService/{offer['id']}"
        answer = await public.http.get(path)
        own = extension_of(resource(answer), "/availability")
        assert own["waitDays"] == 60
        assert not {"placesFree", "unit", "waitingCount"} & own.keys()
        notes = extension_of(resource(answer), CAPACITY)["capacityNotes"]
        assert notes == "Verwachte start: 21 januari 2027. Wachttijd: 60 dagen."
        assert answer.headers["cache-control"] == "public, max-age=60"
        known = await public.http.get(path, headers=public.gi)
        assert "Bel Noord." in known.text
        assert known.headers["cache-control"] == "private, no-cache"
        assert known.headers["etag"] != answer.headers["etag"]
        for each in (path, "/fhir/HealthcareService"):
            assert "Bel Noord" not in (await public.http.get(each)).text
        outcome(await public.http.get(path, headers={"Authorization": "Bearer x"}), 401, "login")


async def test_in_the_callers_language(world: World) -> None:
    offer = await world.add_offer(careType="pleegzorg-voltijd")
    assert (await _service(world, offer))["type"][0]["text"] == "Pleegzorg voltijd"
    english = await _service(world, offer, **{"Accept-Language": "en"})
    assert english["language"] == "en"
    assert english["eligibility"][0]["code"]["text"] == "Age: 0 up to and including 17"
    assert english["type"][0]["coding"][0]["code"] == "pleegzorg-voltijd"


async def test_text_that_fhir_cannot_hold_is_cleaned(world: World) -> None:
    provider = await world.add_provider(
        name="De\x01Duinen\x0b", contact={"phone": "\x02", "website": "https://x.nl/\x1f"}
    )
    await world.add_location(provider, street="\x0c", city="\x0e")
    offer = await world.add_offer(provider, locationKey="here", name="\x03", description="")
    found = await _service(world, offer)
    assert "name" not in found
    assert "comment" not in found
    assert found["providedBy"]["display"] == "De Duinen"
    place = resource(await world.http.get(await _location_of(world, offer), headers=world.gi))
    assert "line" not in place["address"]
    assert place["address"]["city"] == "Den Helder"
    organization = resource(await world.http.get(f"/fhir/Organization/{provider}", headers=world.gi))
    assert organization["telecom"] == [{"system": "url", "value": "https://x.nl/", "use": "work"}]
    check_filled(organization)
