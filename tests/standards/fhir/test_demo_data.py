"""All of the demo data set, as FHIR and as published: every resource is one of R4, and refers to what is there."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.demo.seed import seed
from app.kit.database.sessions import connect
from app.settings import Settings
from tests.conftest import NOW, SettableClock, serving
from tests.standards.fhir.checking import resource, resources
from tests.standards.scheduling_links.publishing import published
from tests.world import World


@pytest.fixture
async def demo(settings: Settings, fresh_database_url: str, clock: SettableClock) -> AsyncIterator[World]:
    """The service on a database with the demo data."""
    await seed(fresh_database_url, NOW.date(), past=False)
    database = connect(fresh_database_url, pool_size=2)
    async with serving(settings, database, clock) as made:
        yield made
    await database.engine.dispose()


async def _all(world: World, type_: str) -> dict[str, dict[str, Any]]:
    """Every resource of a type, by its reference."""
    found: list[dict[str, Any]] = []
    url: str | None = f"/fhir/{type_}?_count=200"
    while url is not None:
        answer = await world.http.get(url, headers=world.gi)
        found += resources(answer)
        links = {link["relation"]: link["url"] for link in resource(answer)["link"]}
        url = links.get("next")
    return {f"{type_}/{each['id']}": each for each in found}


def _references(element: Any) -> set[str]:
    if isinstance(element, list):
        return set().union(*map(_references, element))
    if not isinstance(element, dict):
        return set()
    own = {element["reference"]} if "reference" in element else set()
    return own.union(*map(_references, element.values()))


async def test_all_of_it_is_valid_and_whole(demo: World) -> None:
    services, places, owners = [await _all(demo, type_) for type_ in ("HealthcareService", "Location", "Organization")]
    assert (len(services), len(owners)) == (1526, 120)
    assert len(places) > 100
    known = places.keys() | owners.keys()
    assert _references([*services.values(), *places.values(), *owners.values()]) == known
    statuses = {
        each["extension"][0]["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] for each in services.values()
    }
    assert statuses == {"capacity", "waitlist", "no-capacity", "unknown"}
    published_places, schedules, slots = [await published(demo, type_) for type_ in ("Location", "Schedule", "Slot")]
    assert {f"Location/{each['id']}" for each in published_places} == places.keys()
    assert _references(schedules) == places.keys()
    assert _references(slots) == {f"Schedule/{each['id']}" for each in schedules}
    assert {f"HealthcareService/{each['id']}" for each in schedules} == services.keys()
    assert {each["status"] for each in slots} == {"free", "busy"}
