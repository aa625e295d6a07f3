"""Lists: what is asked holds all at once, pages by number, streams of all of it, in a bounded number of statements."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.standards.hsds import service
from app.standards.hsds.identifiers import derived_id, service_at_location_id
from app.standards.hsds.taxonomies import taxonomies, term_id, terms
from tests.standards.hsds.asking import get, ids, lines
from tests.standards.hsds.standard import errors_of, page_errors
from tests.world import HOME, World

HOUSE, FOSTER = term_id("care-types", "gezinshuis"), term_id("care-types", "pleegzorg-voltijd")
TRAUMA, FIRE = term_id("specialisations", "trauma"), term_id("exclusion-criteria", "brandstichting")
CARE_TYPES, SPECIALISATIONS, EXCLUSIONS = taxonomies()


async def _region(world: World) -> dict[str, str]:
    """Three offers of two providers, by name: ids, and those of the providers."""
    lighthouse = await world.add_provider(name="Jeugdhulp De Vuurtoren")
    polder = await world.add_provider(name="Stichting De Polder")
    await world.add_location(lighthouse, "zee")
    await world.add_location(polder, "stad", postcode="1811AB", name="De Hoge Toren")
    made = {
        "house": await world.add_offer(lighthouse, name="Zeezicht", locationKey="zee", specialisations=["trauma"]),
        "foster": await world.add_offer(
            lighthouse, name="Netwerk", careType="pleegzorg-voltijd", atHome=True, serviceArea=[HOME]
        ),
        "group": await world.add_offer(
            polder, name="Groep Noord", locationKey="stad", exclusionCriteria=["brandstichting"], serviceArea=["GM0361"]
        ),
    }
    return {name: offer["id"] for name, offer in made.items()} | {"lighthouse": lighthouse, "polder": polder}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"house", "foster", "group"}),
        ({"search": "gezinshuis"}, {"house", "group"}),
        ({"search": "vuurtoren"}, {"house", "foster"}),
        ({"taxonomy_term_id": HOUSE}, {"house", "group"}),
        ({"taxonomy_term_id": FOSTER}, {"foster"}),
        ({"taxonomy_term_id": TRAUMA}, {"house"}),
        ({"taxonomy_term_id": FIRE}, {"group"}),
        ({"taxonomy_term_id": uuid4()}, set()),
        ({"taxonomy_id": CARE_TYPES}, {"house", "foster", "group"}),
        ({"taxonomy_id": SPECIALISATIONS}, {"house"}),
        ({"taxonomy_id": EXCLUSIONS}, {"group"}),
        ({"taxonomy_id": HOUSE}, set()),
        ({"taxonomy_id": SPECIALISATIONS, "taxonomy_term_id": HOUSE}, {"house"}),
        ({"taxonomy_id": EXCLUSIONS, "taxonomy_term_id": TRAUMA}, set()),
        ({"organization_id": "lighthouse"}, {"house", "foster"}),
        ({"organization_id": "polder", "search": "gezinshuis"}, {"group"}),
        ({"organization_id": "polder", "taxonomy_term_id": TRAUMA}, set()),
        ({"organization_id": uuid4()}, set()),
    ],
)
async def test_what_is_asked_of_services_holds_all_at_once(
    world: World, query: dict[str, Any], found: set[str]
) -> None:
    made = await _region(world)
    asked = {name: made.get(str(value), value) for name, value in query.items()}
    expected = {made[name] for name in found}
    assert await ids(world, "services", **asked) == expected
    assert await ids(world, "services", minimal="true", **asked) == expected
    assert {each["id"] for each in await lines(world, "services", **asked)} == expected
    at_locations = await get(world, "service_at_locations", **asked)
    assert {each["service_id"] for each in at_locations["contents"]} == expected - {made["foster"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"house", "group"}),
        ({"postcode": "1781"}, {"house"}),
        ({"postcode": "1811"}, {"house", "group"}),
        ({"postcode": "1811", "proximity": "5000"}, {"group"}),
        ({"postcode": "1781", "proximity": "5000"}, {"house"}),
        ({"postcode": "1811", "proximity": "60000"}, {"house", "group"}),
        ({"postcode": "6211", "proximity": "60000"}, set()),
        ({"postcode": "1781", "proximity": "0"}, {"house"}),  # in the very middle
    ],
)
async def test_services_at_locations_around_a_postcode(world: World, query: dict[str, str], found: set[str]) -> None:
    made = await _region(world)
    page = await get(world, "service_at_locations", **query)
    assert page_errors("service_at_location", page) == []
    assert {each["service_id"] for each in page["contents"]} == {made[name] for name in found}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"lighthouse", "polder"}),
        ({"search": "vuurtoren"}, {"lighthouse"}),
        ({"taxonomy_term_id": HOUSE}, {"lighthouse", "polder"}),
        ({"taxonomy_term_id": TRAUMA}, {"lighthouse"}),
        ({"taxonomy_id": EXCLUSIONS}, {"polder"}),
        ({"taxonomy_id": SPECIALISATIONS, "taxonomy_term_id": FOSTER}, set()),  # no one offer has both
        ({"taxonomy_term_id": uuid4()}, set()),
        ({"taxonomy_term_id": HOUSE, "search": "polder"}, {"polder"}),
    ],
)
async def test_what_is_asked_of_organizations_holds_all_at_once(
    world: World, query: dict[str, Any], found: set[str]
) -> None:
    made = await _region(world)
    assert await ids(world, "organizations", **query) == {made[name] for name in found}


async def test_an_organization_whose_offer_ended_does_not_offer_it(world: World) -> None:
    made = await _region(world)
    await world.http.delete(f"/v1/offers/{made['house']}", headers=world.provider(made["lighthouse"]))
    assert await ids(world, "organizations", taxonomy_term_id=TRAUMA) == set()
    organization = await get(world, f"organizations/{made['lighthouse']}")
    assert {each["id"]: each["status"] for each in organization["services"]} == {
        made["house"]: "inactive",
        made["foster"]: "active",
    }


async def test_an_organization_with_all_that_is_its_own(world: World) -> None:
    contact = {"intakeDesk": "Aanmeldteam", "phone": "088 000 0123"}
    provider = await world.add_provider(name="De Vuurtoren", agbCode="22220002", kvkNumber="12345678", contact=contact)
    offer = await world.add_offer(provider)
    await world.report(offer)
    organization = await get(world, f"organizations/{provider}")
    assert errors_of("organization", organization) == []
    numbers = [(each.get("identifier_scheme"), each["identifier"]) for each in organization["organization_identifiers"]]
    assert numbers == [("NL-KVK", "12345678"), (None, "22220002")]
    assert [each["number"] for each in organization["phones"]] == ["088 000 0123"]
    assert [each["department"] for each in organization["contacts"]] == ["Aanmeldteam"]
    assert [each["name"] for each in organization["locations"]] == ["Locatie"]
    (listed,) = organization["services"]
    assert listed["id"] == offer["id"]
    assert "capacities" not in listed
    (whole,) = (await get(world, f"organizations/{provider}", full_service="true"))["services"]
    assert whole["capacities"][0]["available"] == 1
    assert "organization" not in whole
    for query, shown in ({"full": "true"}, listed), ({"full_service": "true"}, whole):
        page = await get(world, "organizations", **query)
        assert page_errors("organization", page) == []
        assert page["contents"] == [organization | {"services": [shown]}]


async def test_locations_and_their_addresses(world: World) -> None:
    provider = await world.add_provider()
    await world.add_location(provider, "heel", name="Zee", street="Dorpsstraat", houseNumber="12a", postcode="1781 ab")
    await world.add_location(provider, "half", name="Duin", postcode="1781AB")  # in no street
    await world.add_location(await world.add_provider(), "elders", name="Stad", postcode="1811AB")
    found = {each["name"]: each for each in (await get(world, "locations", organization_id=provider))["contents"]}
    assert found.keys() == {"Zee", "Duin"}
    assert [errors_of("location", each) for each in found.values()] == [[], []]
    assert found["Duin"]["addresses"] == []
    (address,) = found["Zee"]["addresses"]
    expected = {
        "address_1": "Dorpsstraat 12a",
        "city": "Den Helder",
        "region": "Kop van Noord-Holland",
        "state_province": "Noord-Holland",
        "postal_code": "1781AB",
        "country": "NL",
        "address_type": "physical",
        "location_id": found["Zee"]["id"],
    }
    assert address == expected | {"id": address["id"]}
    assert await get(world, f"locations/{found['Zee']['id']}") == found["Zee"]
    assert {each["name"] for each in (await get(world, "locations", search="alkmaar"))["contents"]} == {"Stad"}


async def test_a_service_at_a_location_is_found_by_its_own_id(world: World) -> None:
    made = await _region(world)
    page = await get(world, "service_at_locations", full="true")
    assert page_errors("service_at_location", page) == []
    for each in page["contents"]:
        assert each["id"] != each["service_id"]
        assert await get(world, f"service_at_locations/{each['id']}") == each
        (link,) = (await get(world, f"services/{each['service_id']}"))["service_at_locations"]
        assert link["id"] == each["id"]
    at_home = service_at_location_id(UUID(made["foster"]))
    answer = await world.http.get(f"/hsds/service_at_locations/{at_home}", headers=world.gi)
    assert answer.status_code == 404


def test_ids_are_the_same_everywhere_and_of_no_two_things() -> None:
    for id_ in (uuid4(), derived_id("phone", "x"), UUID(int=0), UUID(int=2**128 - 1)):
        turned = service_at_location_id(id_)
        assert turned != id_
        assert (turned.version, turned.variant) == (id_.version, id_.variant)
        assert service_at_location_id(turned) == id_
    assert derived_id("phone", 1) != derived_id("contact", 1)
    assert str(term_id("care-types", "gezinshuis")) == "da2a48ea-d44e-5029-ba94-b7b69d5c55f6"


async def test_pages_give_each_exactly_once(world: World) -> None:
    provider = await world.add_provider()
    await world.add_location(provider)
    made = {(await world.add_offer(provider, locationKey="here"))["id"] for _ in range(5)}
    pages = [await get(world, "services", per_page=2, page=number) for number in (1, 2, 3, 4)]
    assert [{page["total_items"], page["total_pages"]} for page in pages] == 4 * [{5, 3}]
    told = [(page["page_number"], page["size"], page["first_page"], page["last_page"], page["empty"]) for page in pages]
    assert told == [
        (1, 2, True, False, False),
        (2, 2, False, False, False),
        (3, 1, False, True, False),
        (4, 0, False, True, True),
    ]
    assert sorted(each["id"] for page in pages for each in page["contents"]) == sorted(made)


@pytest.mark.parametrize("path", ["services", "service_at_locations", "organizations", "locations"])
async def test_nothing_at_all_is_an_empty_page(world: World, path: str) -> None:
    numbers = {"total_items": 0, "total_pages": 0, "page_number": 1, "size": 0}
    empty = numbers | {"first_page": True, "last_page": True, "empty": True, "contents": []}
    assert await get(world, path) == empty
    assert await lines(world, path) == []


async def test_a_minimal_list_is_one_page_unless_one_is_asked_for(world: World) -> None:
    provider = await world.add_provider()
    await world.add_location(provider)
    made = {(await world.add_offer(provider, locationKey="here"))["id"] for _ in range(service.PER_PAGE + 1)}
    assert await ids(world, "services", minimal="true") == made
    for query in ({"page": 2}, {"page": 2, "per_page": service.PER_PAGE}):
        assert (await get(world, "services", minimal="true", **query))["size"] == 1
    assert (await get(world, "services"))["size"] == service.PER_PAGE


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
async def test_a_stream_gives_each_exactly_once_whatever_its_batches(
    world: World, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    provider = await world.add_provider()
    await world.add_location(provider)
    made = [(await world.add_offer(provider, locationKey="here"))["id"] for _ in range(count)]
    for query in ({}, {"minimal": "true"}, {"full": "true"}):
        assert [each["id"] for each in await lines(world, "services", **query)] == sorted(made)
    assert len(await lines(world, "service_at_locations")) == count
    assert len(await lines(world, "organizations")) == 1
    assert len(await lines(world, "locations")) == 1


async def test_taxonomies_and_their_terms(world: World) -> None:
    page = await get(world, "taxonomies")
    assert page_errors("taxonomy", page) == []
    assert [each["id"] for each in page["contents"]] == [str(each) for each in taxonomies()]
    for each in page["contents"]:
        assert await get(world, f"taxonomies/{each['id']}") == each
    found = await lines(world, "taxonomy_terms")
    assert [each["id"] for each in found] == [str(each) for each in terms()]
    assert [error for each in found for error in errors_of("taxonomy_term", each)] == []
    assert await get(world, f"taxonomy_terms/{HOUSE}") == next(each for each in found if each["code"] == "gezinshuis")
    reference = await world.ok(world.http.get("/v1/care-types?limit=200"))
    of_care = await get(world, "taxonomy_terms", taxonomy_id=CARE_TYPES, per_page=200)
    assert [each["code"] for each in of_care["contents"]] == list(
        dict.fromkeys(each["code"] for each in found if each["taxonomy_id"] == str(CARE_TYPES))
    )
    assert {each["code"] for each in of_care["contents"]} == {each["code"] for each in reference["items"]}
    assert (await get(world, "taxonomy_terms", search="pleegzorg voltijd", taxonomy_id=CARE_TYPES))["total_items"] == 1
    assert (await get(world, "taxonomy_terms", top_only="true"))["total_items"] == len(found)
    assert (await get(world, "taxonomy_terms", parent_id=HOUSE))["empty"]
    assert (await get(world, "taxonomies", search="zorgvormen"))["total_items"] == 1
    paged = [each for n in (1, 2) for each in (await get(world, "taxonomies", per_page=2, page=n))["contents"]]
    assert paged == page["contents"]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("services", 2),
        ("services?full=true", 2),
        ("services?minimal=true", 1),
        ("services?format=ndjson&full=true", 1),
        ("service_at_locations?full=true&postcode=1811&proximity=100000", 2),
        ("organizations", 2),
        ("organizations?full_service=true", 4),
        ("locations", 2),
        ("taxonomies", 0),
        ("taxonomy_terms", 0),
    ],
)
async def test_a_page_takes_as_many_statements_however_much_is_on_it(
    world: World, statements: list[str], path: str, most: int
) -> None:
    await _region(world)
    for expected in (3, 6):
        statements.clear()
        answer = await world.http.get(f"/hsds/{path}", headers=world.gi)
        assert answer.status_code == 200
        assert len([each for each in statements if "SAVEPOINT" not in each]) == most
        if path.startswith("services?full"):
            assert answer.json()["size"] == expected
        await _region(world)
