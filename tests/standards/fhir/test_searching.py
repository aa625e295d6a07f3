"""GET /fhir/{type}: what is found, how it is paged, and what is made of what is not known."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.standards.fhir.vocabulary import SPECIALISATION
from tests.conftest import serving
from tests.standards.fhir.checking import (
    NOTHING,
    outcome,
    resource,
    resources,
)
from tests.world import World

SERVICES = "/fhir/HealthcareService"
AGB = "http://fhir.nl/fhir/NamingSystem/agb-z"


async def _names(world: World, path: str, **query: Any) -> list[str]:
    answer = await world.http.get(path, params=query or None, headers=world.gi)
    return sorted(each.get("name", "") for each in resources(answer))


async def _scene(world: World) -> dict[str, str]:
    """Two providers: De Vuurtoren in Den Helder with two offers, Café Ünder in Alkmaar with one."""
    one = await world.add_provider(name="De Vuurtoren", agbCode="22220001", kvkNumber="12345678")
    two = await world.add_provider(name="Café Ünder", kvkNumber="12345678")
    await world.add_location(one, "zee", name="Zeezicht")
    await world.add_location(two, "stad", name="Stadszicht", postcode="1811AB")
    given = {
        "Huis": await world.add_offer(one, "huis", name="Huis", locationKey="zee", specialisations=["trauma", "lvb"]),
        "Gezin": await world.add_offer(one, "gezin", name="Gezin", careType="pleegzorg-voltijd", locationKey="zee"),
        "Groep, Noord": await world.add_offer(two, "groep", name="Groep, Noord", locationKey="stad"),
    }
    places = resources(await world.http.get("/fhir/Location", headers=world.gi))
    return (
        {name: offer["id"] for name, offer in given.items()}
        | {"one": one, "two": two}
        | {place["name"]: place["id"] for place in places}
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Gezin", "Groep, Noord", "Huis"]),
        ({"_id": "{Huis},{Gezin}"}, ["Gezin", "Huis"]),
        ({"_id": "{Huis},x"}, ["Huis"]),
        ({"_id": "x"}, []),
        ({"name": "hu"}, ["Huis"]),
        ({"name": "uis"}, []),
        ({"name:contains": "UI"}, ["Huis"]),
        ({"name:exact": "huis"}, []),
        ({"name:exact": "Huis"}, ["Huis"]),
        ({"name": r"groep\, noord"}, ["Groep, Noord"]),
        ({"name": "groep, noord"}, ["Groep, Noord"]),  # or a name that starts with a space and noord
        ({"name": "%"}, []),
        ({"name": "_uis"}, []),
        ({"name": "hu,ge"}, ["Gezin", "Huis"]),
        ({"name": ["hu", "ge"]}, []),
        ({"organization": "{one}"}, ["Gezin", "Huis"]),
        ({"organization": "Organization/{one}"}, ["Gezin", "Huis"]),
        ({"organization:Organization": "{one}"}, ["Gezin", "Huis"]),
        ({"organization": "http://test/fhir/Organization/{one}"}, ["Gezin", "Huis"]),
        ({"organization": "Location/{one}"}, []),
        ({"location": "Location/{Stadszicht}"}, ["Groep, Noord"]),
        ({"service-type": "pleegzorg-voltijd"}, ["Gezin"]),
        ({"service-type": "{care}|gezinshuis"}, ["Groep, Noord", "Huis"]),
        ({"service-type": "|gezinshuis"}, []),
        ({"service-type": "{care}|"}, ["Gezin", "Groep, Noord", "Huis"]),
        ({"characteristic": f"{SPECIALISATION}|"}, ["Huis"]),
        ({"service-type": "http://else|"}, []),
        ({"service-type": "|"}, []),
        ({"location": "http://else/fhir/Location/{Stadszicht}"}, []),
        ({"location": "http://test/fhir/Location/{Stadszicht}"}, ["Groep, Noord"]),
        ({"location": "http://test/else/Location/{Stadszicht}"}, []),
        ({"service-type": "http://else|gezinshuis"}, []),
        ({"service-type": "gezinshuis,pleegzorg-voltijd", "organization": "{one}"}, ["Gezin", "Huis"]),
        ({"characteristic": "trauma"}, ["Huis"]),
        ({"characteristic": ["trauma", "ass"]}, []),
        ({"active": "true"}, ["Gezin", "Groep, Noord", "Huis"]),
        ({"active": "false"}, []),
        ({"active": "true,false"}, ["Gezin", "Groep, Noord", "Huis"]),
        ({"active": "x|true"}, []),
        ({"identifier": "urn:uuid:{Huis}"}, ["Huis"]),
        ({"identifier": "urn:ietf:rfc:3986|urn:uuid:{Huis}"}, ["Huis"]),
        ({"identifier": "{key}|{two}/groep"}, ["Groep, Noord"]),
        ({"identifier": "{one}/groep"}, []),
        ({"identifier": "x/groep"}, []),
        ({"_lastUpdated": "ge2000"}, ["Gezin", "Groep, Noord", "Huis"]),
        ({"_lastUpdated": ["ge2000", "lt2001"]}, []),
        ({"name": ""}, ["Gezin", "Groep, Noord", "Huis"]),
        ({"name": "a\x00b"}, []),
        ({"identifier": "' OR 1=1 --"}, []),
    ],
)
async def test_offers(world: World, query: dict[str, Any], found: list[str]) -> None:
    ids = await _scene(world)
    canonical = "https://github.com/beschikbaarheidswijzer/beschikbaarheidswijzer/fhir"
    words = ids | {"care": f"{canonical}/CodeSystem/care-type", "key": f"{canonical}/NamingSystem/offer-key"}
    filled = {
        name: [each.format(**words) for each in (value if isinstance(value, list) else [value])]
        for name, value in query.items()
    }
    assert await _names(world, SERVICES, **filled) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Stadszicht", "Zeezicht"]),
        ("address-state=NH", ["Stadszicht", "Zeezicht"]),
        ("address-state=ZH", []),
        ("address-state:contains=h", ["Stadszicht", "Zeezicht"]),
        ("address-state:exact=nh", []),
        ("address-city=den", ["Zeezicht"]),
        ("address-postalcode=18", ["Stadszicht"]),
        ("status=active", ["Stadszicht", "Zeezicht"]),
        ("status=suspended", []),
        ("organization={one}", ["Zeezicht"]),
        ("name=stad", ["Stadszicht"]),
        ("identifier={two}/stad", ["Stadszicht"]),
    ],
)
async def test_locations(world: World, query: str, found: list[str]) -> None:
    ids = await _scene(world)
    assert await _names(world, f"/fhir/Location?{query.format(**ids)}") == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=cafe under", ["Café Ünder"]),
        ("name=CAFÉ", ["Café Ünder"]),
        ("name:exact=cafe under", []),
        (f"identifier={AGB}|22220001", ["De Vuurtoren"]),
        ("identifier=12345678", ["Café Ünder", "De Vuurtoren"]),
        (f"identifier={AGB}|12345678", []),
        (f"identifier={AGB}|", ["De Vuurtoren"]),
        ("identifier=urn:uuid:{two}", ["Café Ünder"]),
        ("active=true", ["Café Ünder", "De Vuurtoren"]),
        ("active=false", []),
    ],
)
async def test_providers(world: World, query: str, found: list[str]) -> None:
    ids = await _scene(world)
    assert await _names(world, f"/fhir/Organization?{query.format(**ids)}") == found


async def test_a_city_that_is_not_given_is_that_of_the_municipality(world: World) -> None:
    provider = await world.add_provider()
    await world.add_location(provider, postcode=None, municipality="GM0361")
    await world.add_offer(provider, locationKey="here")
    answer = await world.http.get("/fhir/Location?address-city=alkmaar", headers=world.gi)
    assert resources(answer)[0]["address"]["city"] == "Alkmaar"


async def test_pages_give_each_exactly_once(world: World) -> None:
    provider = await world.add_provider()
    await world.add_location(provider)
    ids = {(await world.add_offer(provider, f"o{number}", locationKey="here"))["id"] for number in range(5)}
    await world.add_offer()
    seen: list[str] = []
    url: str | None = f"http://test{SERVICES}?_count=2&organization=Organization/{provider}&_format=json"
    while url is not None:
        answer = await world.http.get(url, headers=world.gi)
        found = resource(answer)
        assert found["total"] == 5
        seen += [each["resource"]["id"] for each in found["entry"]]
        links = {link["relation"]: link["url"] for link in found["link"]}
        assert parse_qs(urlsplit(links["self"]).query)["organization"] == [f"Organization/{provider}"]
        assert all(each["fullUrl"] == f"http://test{SERVICES}/{each['resource']['id']}" for each in found["entry"])
        url = links.get("next")
    assert sorted(seen) == sorted(ids)


async def test_includes_what_is_referred_to_once(world: World) -> None:
    ids = await _scene(world)
    query = "_include=HealthcareService:organization&_include=HealthcareService:location:Location"
    answer = await world.http.get(f"{SERVICES}?{query}&organization={ids['one']}", headers=world.gi)
    included = resources(answer, "include")
    assert {(each["resourceType"], each["id"]) for each in included} == {
        ("Organization", ids["one"]),
        ("Location", ids["Zeezicht"]),
    }
    assert resource(answer)["total"] == 2
    for each in included:
        path = f"/fhir/{each['resourceType']}/{each['id']}"
        assert resource(await world.http.get(path, headers=world.gi)) == each
    places = await world.http.get("/fhir/Location?_include=Location:organization", headers=world.gi)
    assert len(resources(places, "include")) == 2


async def test_a_search_sends_few_statements(world: World, statements: list[str]) -> None:
    await _scene(world)
    sent = []
    for count in (1, 200):
        statements.clear()
        query = f"_count={count}&_include=HealthcareService:organization&_include=HealthcareService:location"
        resource(await world.http.get(f"{SERVICES}?{query}", headers=world.gi))
        sent.append(len([each for each in statements if each.lstrip().startswith("SELECT")]))
    assert sent == [4, 4]  # how many, which, and of two types what comes with them


@pytest.mark.parametrize("query", ["_summary=count", "_count=0", "_summary=count&_count=1"])
async def test_only_how_many(world: World, query: str) -> None:
    await _scene(world)
    found = resource(await world.http.get(f"{SERVICES}?name=g&{query}", headers=world.gi))
    assert found["total"] == 2
    assert "entry" not in found
    assert [link["relation"] for link in found["link"]] == ["self"]


async def test_what_is_not_known_is_left_aside_and_refused_when_asked(world: World) -> None:
    await _scene(world)
    query = "name=huis&colour=red&_sort=name&_include=Patient:x&_count=7"
    found = resource(await world.http.get(f"{SERVICES}?{query}", headers=world.gi))
    assert found["total"] == 1
    assert found["link"][0]["url"] == f"http://test{SERVICES}?name=huis&_count=7"
    lenient = world.gi | {"Prefer": "handling=lenient"}
    assert resource(await world.http.get(f"{SERVICES}?{query}", headers=lenient))["total"] == 1
    for prefer in ("handling=strict", "respond-async, handling=strict", "return=minimal; handling = strict"):
        answer = await world.http.get(f"{SERVICES}?{query}", headers=world.gi | {"Prefer": prefer})
        issues = outcome(answer, 400, *["not-supported"] * 3)["issue"]
        assert [each["diagnostics"] for each in issues] == ["#/query/colour", "#/query/_sort", "#/query/_include"]


async def test_all_that_is_wrong_is_told_at_once(world: World) -> None:
    query = "_count=-1&_count=veel&_lastUpdated=gisteren&name:missing=true&_cursor=onzin"
    answer = await world.http.get(f"{SERVICES}?{query}", headers=world.gi | {"Accept-Language": "en"})
    content = outcome(answer, 400, "value", "value", "value", "not-supported", "value")
    assert content["language"] == "en"
    assert content["issue"][2]["details"]["text"].startswith("This should be a date or time")


async def test_a_cursor_of_another_type_is_refused(world: World) -> None:
    await _scene(world)
    page = resource(await world.http.get(f"{SERVICES}?_count=1", headers=world.gi))
    cursor = page["link"][1]["url"].rpartition("=")[2]
    refused = outcome(await world.http.get(f"/fhir/Location?_cursor={cursor}", headers=world.gi), 400, "value")
    assert refused["issue"][0]["diagnostics"] == "#/query/_cursor"


async def test_by_form_is_the_same_search(world: World) -> None:
    ids = await _scene(world)
    path = f"{SERVICES}/_search"
    outcome(await world.http.post(path, data={"name": "huis"}), 401, "login")
    answer = await world.http.post(f"{path}?name=g", data={"organization": ids["one"]}, headers=world.gi)
    assert [each["name"] for each in resources(answer)] == ["Gezin"]
    assert resource(answer)["link"][0]["url"] == f"http://test{SERVICES}?name=g&organization={ids['one']}"
    assert resource(await world.http.post(path, data={}, headers=world.gi | FORM))["total"] == 3
    outcome(await world.http.post(path, json={"name": "huis"}, headers=world.gi), 415, "not-supported")
    for content in (b"name=\xff\xfe", b"&".join([b"name=x"] * 101)):
        answer = await world.http.post(path, content=content, headers=world.gi | FORM)
        outcome(answer, 400, "structure")


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_a_page_that_did_not_change_is_not_sent_again(world: World) -> None:
    await _scene(world)
    answer = await world.http.get(SERVICES, headers=world.gi)
    headers = world.gi | {"If-None-Match": answer.headers["etag"]}
    assert answer.headers["etag"].startswith('W/"')
    assert (await world.http.get(SERVICES, headers=headers)).status_code == 304
    await world.add_offer()
    assert (await world.http.get(SERVICES, headers=headers)).status_code == 200
    form = await world.http.post(f"{SERVICES}/_search", data={}, headers=headers | FORM)
    assert form.status_code == 200


async def test_what_changed_since_is_found_also_what_ended(world: World) -> None:
    ids = await _scene(world)
    before = resource(await world.http.get("/fhir/Organization?_count=1", headers=world.gi))
    moment = before["entry"][0]["resource"]["meta"]["lastUpdated"]
    found = resource(await world.http.get(f"/fhir/Organization?_lastUpdated={moment}", headers=world.gi))
    assert found["total"] >= 1
    assert (await world.http.delete(f"/v1/offers/{ids['Huis']}", headers=world.provider(ids["one"]))).status_code == 204
    assert await _names(world, SERVICES, active="false", _lastUpdated="ge2000") == ["Huis"]


async def test_the_public_searches_where_the_setting_allows(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=3, note="Bel Noord.")
    settings = world.parts.settings.model_copy(
        update={"public_access": True, "public_url": "https://wijzer.example.org", "rate_limit": "3/minute"}
    )
    async with serving(settings, world.parts.database, world.parts.clock) as public:
        answer = await public.http.get(SERVICES)
        assert answer.headers["cache-control"] == "public, max-age=60"
        assert not {"Bel Noord", "placesFree"} & set(answer.text.split('"'))
        assert "placesFree" not in answer.text
        assert resource(answer)["link"][0]["url"] == "https://wijzer.example.org/fhir/HealthcareService"
        outcome(await public.http.get(f"{SERVICES}/{NOTHING}"), 404, "not-found")
        await public.http.get(SERVICES)
        refused = await public.http.get(SERVICES)
        outcome(refused, 429, "throttled")
        assert int(refused.headers["retry-after"]) > 0
