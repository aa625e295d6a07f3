"""Every answer over the whole demo data set, held against the published specification and against our own document."""

import json
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import validate

from app.demo.seed import seed
from app.kit.database.sessions import connect
from app.settings import Settings
from app.standards.hsds.document import document
from tests.conftest import NOW, SettableClock, serving
from tests.standards.hsds.standard import (
    checker,
    errors_of,
    page_errors,
    published_api,
    written,
)
from tests.world import World

KINDS = {
    "services": "service",
    "service_at_locations": "service_at_location",
    "organizations": "organization",
    "locations": "location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}


@pytest.fixture
async def demo_world(settings: Settings, fresh_database_url: str, clock: SettableClock) -> AsyncIterator[World]:
    """The service on the demo data set, with and without a token."""
    await seed(fresh_database_url, NOW.date(), past=False)
    database = connect(fresh_database_url)
    async with serving(settings.model_copy(update={"public_access": True}), database, clock) as made:
        await _make_odd(made)
        yield made
    await database.engine.dispose()


async def _make_odd(world: World) -> None:
    """What the demo data has none of: an ended offer, one by no address, one of a provider nobody can reach."""
    contact = {"email": "café@example.org", "website": "https://café.nl/über uns", "intakeDesk": "Désk"}
    bare = await world.add_provider(name="Bare", contact=contact)
    await world.add_location(bare, "niets", postcode=None, municipality="GM0400")
    ended = await world.add_offer(bare, locationKey="niets", unit="hours-per-week")
    await world.add_offer(bare, atHome=True, serviceArea=["GM0400", "GM0441"])
    await world.http.delete(f"/v1/offers/{ended['id']}", headers=world.provider(bare))


@cache
def _own(path: str) -> Draft202012Validator:
    described = document()
    answer = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return checker({**answer, "components": described["components"]})


def _own_errors(path: str, content: Any) -> list[str]:
    """What our own document has against an answer at a path."""
    return written(_own(path), content)


async def _pages(world: World, path: str, headers: dict[str, str]) -> AsyncIterator[Any]:
    page, number = {"last_page": False}, 0
    while not page["last_page"]:
        number += 1
        mark = "&" if "?" in path else "?"
        page = await world.ok(world.http.get(f"/hsds/{path}{mark}per_page=200&page={number}", headers=headers))
        yield page


@pytest.mark.parametrize("public", [False, True], ids=["token", "public"])
async def test_every_answer_over_the_demo_data(demo_world: World, public: bool) -> None:
    headers = {} if public else demo_world.gi
    for name, kind in KINDS.items():
        asked = {
            "services": ["services", "services?full=true"],
            "service_at_locations": ["service_at_locations", "service_at_locations?full=true"],
            "organizations": ["organizations", "organizations?full=true", "organizations?full_service=true"],
        }.get(name, [name])
        for path in asked[-1:] if public else asked:
            found = [page async for page in _pages(demo_world, path, headers)]
            assert [error for page in found for error in page_errors(kind, page)] == []
            assert [error for page in found for error in _own_errors(f"/{name}", page)] == []
            contents = [each for page in found for each in page["contents"]]
            assert len({each["id"] for each in contents}) == len(contents) == found[0]["total_items"] > 0
            mark = "&" if "?" in path else "?"
            streamed = await demo_world.http.get(f"/hsds/{path}{mark}format=ndjson", headers=headers)
            lines = [json.loads(line) for line in streamed.text.splitlines()]
            assert sorted(lines, key=lambda each: each["id"]) == sorted(contents, key=lambda each: each["id"])
        for each in contents[::23]:
            shown = await demo_world.ok(demo_world.http.get(f"/hsds/{name}/{each['id']}", headers=headers))
            assert errors_of(kind, shown) == []
            assert _own_errors(f"/{name}/{{id}}", shown) == []


async def test_services_stand_in_every_way_and_no_id_is_of_two_things(demo_world: World) -> None:
    page = await demo_world.ok(demo_world.http.get("/hsds/services?minimal=true", headers=demo_world.gi))
    assert {each["status"] for each in page["contents"]} == {"active", "temporarily closed", "inactive"}
    assert _own_errors("/services", page) == []
    assert [each for each in page["contents"] if errors_of("service", _standard_of(each))] == []
    seen: dict[str, set[str]] = {}
    async for page in _pages(demo_world, "services?full=true", demo_world.gi):
        for service in page["contents"]:
            _note(service, "service", seen)
    assert sum(map(len, seen.values())) == len(set.union(*seen.values()))


def _standard_of(minimal: dict[str, Any]) -> dict[str, Any]:
    """Without `modified_date`, which the API Reference names and the schema does not."""
    assert minimal["modified_date"] == minimal["last_modified"]
    return {name: value for name, value in minimal.items() if name != "modified_date"}


def _note(node: Any, kind: str, seen: dict[str, set[str]]) -> None:
    if isinstance(node, dict):
        if "id" in node:
            seen.setdefault(kind, set()).add(node["id"])
        for name, value in node.items():
            _note(value, name.removesuffix("s"), seen)
    elif isinstance(node, list):
        for each in node:
            _note(each, kind, seen)


async def test_what_it_is(world: World) -> None:
    info = await world.ok(world.http.get("/hsds/"))
    assert info == await world.ok(world.http.get("/hsds"))
    assert info == {
        "version": "3.1",
        "profile": "https://docs.openreferral.org/en/3.1/hsds/schema_reference.html",
        "openapi_url": "http://test/hsds/openapi.json",
    }
    schema = published_api()["paths"]["/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert written(checker(schema), info) == []
    assert (await world.ok(world.http.get(info["openapi_url"]))) == document()


def test_its_own_document_is_openapi() -> None:
    validate(document())


def _parameters(operation: dict[str, Any]) -> set[tuple[str, str]]:
    shared = published_api()["components"]["parameters"]
    given = [shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in operation["parameters"]]
    return {(each["in"], each["name"]) for each in given if each["in"] != "header"}


def test_it_has_every_path_and_parameter_that_the_standard_reads_with_and_no_other() -> None:
    ours, theirs = document()["paths"], published_api()["paths"]
    assert ours.keys() - theirs.keys() == {"/locations", "/locations/{id}"}
    assert theirs.keys() - ours.keys() == set()
    for path, item in theirs.items():
        asked = item["get"] | {"parameters": item["get"].get("parameters", []) + item.get("parameters", [])}
        assert _parameters(ours[path]["get"]) == _parameters(asked), path
