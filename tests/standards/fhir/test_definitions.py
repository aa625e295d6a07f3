"""What describes the rest: the CapabilityStatement, and our own codes and extensions."""

from typing import Any

import pytest

from app.standards.fhir.parameters import INCLUDES, PARAMETERS
from app.standards.fhir.vocabulary import CANONICAL
from tests.standards.fhir.checking import outcome, resource, resources
from tests.world import World


async def test_the_capability_statement_is_open_and_says_what_can_be_asked(world: World) -> None:
    answer = await world.http.get("/fhir/metadata")
    found = resource(answer)
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert (found["fhirVersion"], found["kind"], found["status"]) == ("4.0.1", "instance", "active")
    assert found["implementation"]["url"] == "http://test/fhir"
    (rest,) = found["rest"]
    by_type = {each["type"]: each for each in rest["resource"]}
    for type_, parameters in PARAMETERS.items():
        assert [each["name"] for each in by_type[type_]["searchParam"]] == list(parameters)
        assert by_type[type_].get("searchInclude", []) == list(INCLUDES[type_])
    token_url = rest["security"]["extension"][0]["extension"][0]["valueUri"]
    assert token_url == "http://test/v1/oauth/token"
    again = await world.http.get("/fhir/metadata", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_every_type_named_can_be_searched(world: World) -> None:
    found = resource(await world.http.get("/fhir/metadata"))
    for each in found["rest"][0]["resource"]:
        resource(await world.http.get(f"/fhir/{each['type']}", headers=world.gi | {"Prefer": "handling=strict"}))


@pytest.mark.parametrize("type_", ["CodeSystem", "StructureDefinition"])
async def test_definitions_are_open_and_found_by_their_url(world: World, type_: str) -> None:
    found = resources(await world.http.get(f"/fhir/{type_}"))
    assert len(found) >= 3
    for each in found:
        assert each["url"] == f"{CANONICAL}/{type_}/{each['id']}"
        assert resource(await world.http.get(f"/fhir/{type_}/{each['id']}")) == each
        assert resources(await world.http.get(f"/fhir/{type_}", params={"url": each["url"]})) == [each]
    assert resource(await world.http.get(f"/fhir/{type_}?url=x"))["total"] == 0
    outcome(await world.http.get(f"/fhir/{type_}/x"), 404, "not-found")


def _codings(element: Any) -> list[dict[str, str]]:
    if isinstance(element, list):
        return [coding for each in element for coding in _codings(each)]
    if not isinstance(element, dict):
        return []
    own = [element] if {"system", "code", "display"} <= element.keys() else []
    return own + [coding for each in element.values() for coding in _codings(each)]


def _urls(element: Any) -> set[str]:
    if isinstance(element, list):
        return set().union(*map(_urls, element))
    return {element["url"]}.union(*(_urls(each) for each in element.get("extension", [])))


async def test_what_we_say_is_defined(world: World) -> None:
    offer = await world.add_offer(specialisations=["trauma"], exclusionCriteria=["brandstichting"])
    await world.report(offer)
    found = resource(await world.http.get(f"/fhir/HealthcareService/{offer['id']}", headers=world.gi))
    systems = {each["url"]: each for each in resources(await world.http.get("/fhir/CodeSystem"))}
    ours = [each for each in _codings(found) if each["system"].startswith(CANONICAL)]
    assert {each["system"] for each in ours} == set(systems)
    for each in ours:
        concepts = {concept["code"]: concept for concept in systems[each["system"]]["concept"]}
        assert concepts[each["code"]]["display"] == each["display"]
    known = {each["url"] for each in resources(await world.http.get("/fhir/StructureDefinition"))}
    assert {url for url in _urls(found["extension"]) if url.startswith(CANONICAL)} == known
