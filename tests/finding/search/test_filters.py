"""What GET /availability filters and counts by, each against what was made."""

from typing import Any

import pytest

from app.kit.security.callers import Role
from tests.world import World, codes

PATH = "/v1/availability"


async def _answer(world: World, **query: Any) -> dict[str, Any]:
    return await world.ok(world.http.get(PATH, params=query, headers=world.gi))


async def _ids(world: World, **query: Any) -> set[str]:
    return {each["offer"]["id"] for each in (await _answer(world, **query))["items"]}


async def _at(world: World, postcode: str, **fields: Any) -> str:
    provider = await world.add_provider()
    await world.add_location(provider, "here", postcode=postcode)
    return str((await world.add_offer(provider, locationKey="here", **fields))["id"])


async def test_region_and_municipality_may_repeat_and_hold_together(world: World) -> None:
    helder, schagen, alkmaar = [await _at(world, each) for each in ("1781AB", "1741AB", "1811AB")]
    assert await _ids(world, municipality=["GM0400", "GM0361"]) == {helder, alkmaar}
    assert await _ids(world, region=["JZ03", "JZ06"]) == {helder, schagen, alkmaar}
    assert await _ids(world, region="JZ03", municipality=["GM0400", "GM0361"]) == {helder}
    assert await _ids(world, region="JZ06", municipality="GM0400") == set()


async def test_so_they_may_in_the_other_lists(world: World) -> None:
    helder, schagen, alkmaar = [await _at(world, each) for each in ("1781AB", "1741AB", "1811AB")]
    owners = {
        offer: (await world.ok(world.http.get(f"/v1/offers/{offer}", headers=world.gi)))["providerId"]
        for offer in (helder, schagen, alkmaar)
    }
    for query, expected in (
        ({"municipality": ["GM0400", "GM0361"]}, {helder, alkmaar}),
        ({"region": ["JZ03", "JZ06"]}, {helder, schagen, alkmaar}),
        ({"region": "JZ03", "municipality": ["GM0400", "GM0361"]}, {helder}),
    ):
        offers = await world.ok(world.http.get("/v1/offers", params=query, headers=world.gi))
        assert {each["id"] for each in offers["items"]} == expected
        providers = await world.ok(world.http.get("/v1/providers", params=query, headers=world.gi))
        assert {each["id"] for each in providers["items"]} == {owners[each] for each in expected}


async def test_supraregion(world: World) -> None:
    inside, outside = await _at(world, "1781AB"), await _at(world, "3511AB")
    assert await _ids(world, supraregion="noord-holland") == {inside}
    assert await _ids(world, supraregion="noord-holland", region="JZ06") == set()
    assert outside in await _ids(world)
    answer = await world.http.get(PATH, params={"supraregion": "atlantis"}, headers=world.gi)
    assert codes(answer) == {"#/query/supraregion": "unknown-code"}


async def test_crisis_is_help_of_a_care_type_for_crises(world: World) -> None:
    plain, crisis = await _at(world, "1781AB"), await _at(world, "1781AB", careType="crisisopvang")
    assert await _ids(world, crisis="true") == {crisis}
    assert await _ids(world, crisis="false") == {plain}


async def test_a_characteristic_leaves_out_who_excludes_it(world: World) -> None:
    all_in = await _at(world, "1781AB")
    one = await _at(world, "1781AB", exclusionCriteria=["weglopen"])
    two = await _at(world, "1781AB", exclusionCriteria=["brandstichting", "weglopen"])
    assert await _ids(world, characteristic="weglopen") == {all_in}
    assert await _ids(world, characteristic=["brandstichting"]) == {all_in, one}
    assert await _ids(world, characteristic=["brandstichting", "weglopen"]) == {all_in}
    assert two in await _ids(world)


async def test_status_is_judged_for_so_many_places(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=2)
    for places, status in ((1, "free"), (2, "free"), (3, "waiting")):
        (item,) = (await _answer(world, places=places))["items"]
        assert item["availability"]["status"] == status
    assert await _ids(world, places=3, status="free") == set()
    assert codes(await world.http.get(f"{PATH}?places=0", headers=world.gi)) == {"#/query/places": "out-of-range"}


async def test_facets_count_with_all_filters_but_their_own(world: World) -> None:
    free = await world.add_offer(await world.add_provider())
    await world.report(free, placesFree=1)
    await _at(world, "1811AB")
    await _at(world, "1811AB", careType="logeren")
    provider = await world.add_provider()
    await world.add_offer(provider, atHome=True, serviceArea=["GM0400", "GM0361"], careType="ambulante-begeleiding")
    answer = await _answer(world, facets="true", careType="gezinshuis", municipality="GM0361", limit=1)
    assert answer["facets"] == {
        "careType": {"ambulante-begeleiding": 1, "gezinshuis": 1, "logeren": 1},
        "status": {"unknown": 1},
        "municipality": {"GM0361": 1, "GM0400": 1},
    }
    assert len(answer["items"]) == 1
    every = (await _answer(world, facets="true"))["facets"]
    assert every["municipality"] == {"GM0361": 3, "GM0400": 2}
    assert every["status"] == {"free": 1, "unknown": 3}
    assert "facets" not in await _answer(world)


async def test_a_facet_is_what_its_filter_would_give(world: World) -> None:
    for number, postcode in enumerate(("1781AB", "1741AB", "1811AB", "1811AB", "3511AB")):
        await _at(world, postcode, careType=("gezinshuis", "logeren")[number % 2])
    asked: dict[str, Any] = {"region": ["JZ03", "JZ06"], "careType": ["gezinshuis", "logeren"], "q": "gezinshuis"}
    facets = (await _answer(world, facets="true", **asked))["facets"]
    for name in ("careType", "status", "municipality"):
        for value, number in facets[name].items():
            assert len(await _ids(world, **asked | {name: value})) == number, (name, value)


async def test_an_item_tells_its_care_type_its_waits_total_and_note(world: World) -> None:
    provider = await world.add_provider()
    offer = await world.add_offer(provider)
    await world.report(offer, placesFree=0, placesTotal=4, waitDaysIntake=7, waitDaysTreatment=14, note="Bel eerst.")
    (item,) = (await _answer(world))["items"]
    assert item["offer"]["careTypeName"] == "Gezinshuis"
    assert "contract" not in item
    available = item["availability"]
    assert (available["waitDays"], available["waitDaysIntake"], available["waitDaysTreatment"]) == (21, 7, 14)
    assert (available["placesTotal"], available["note"]) == (4, "Bel eerst.")
    headers = world.gi | {"Accept-Language": "en"}
    (item,) = (await world.ok(world.http.get(PATH, headers=headers)))["items"]
    assert item["offer"]["careTypeName"] == "Family-style group home"
    await world.report(offer, placesFree=1, waitingCount=0)
    (item,) = (await _answer(world))["items"]
    assert item["availability"]["note"] is None
    await world.add_contract(provider)
    (item,) = (await _answer(world, contractedFor="GM0400"))["items"]
    assert item["contract"]["kind"] == "regional"


@pytest.mark.parametrize("postcode", ["1781", "1781AB", "1781 AB", "1781ab"])
async def test_a_postcode_with_or_without_letters(world: World, postcode: str) -> None:
    await world.add_offer()
    (item,) = (await _answer(world, postcode=postcode, sort="nearest"))["items"]
    assert item["distanceKm"] == 0 or item["distanceKm"] < 5


async def test_a_cursor_belongs_to_its_question(world: World) -> None:
    provider = await world.add_provider()
    for number in range(3):
        await world.add_offer(provider, name=f"Huis {number}")
    asked: dict[str, Any] = {"careType": "gezinshuis", "region": "JZ03", "limit": 1}
    following = (await _answer(world, **asked))["_links"]["next"]["href"]
    cursor = following.rpartition("cursor=")[2]
    assert len((await _answer(world, **asked | {"limit": 2}, cursor=cursor))["items"]) == 2
    assert len((await _answer(world, **asked, sort="soonest", facets="true", cursor=cursor))["items"]) == 1
    for other in ({"careType": "logeren"}, {"sort": "freshest"}, {"places": 2}, {"region": "JZ06"}, {"q": "huis"}):
        answer = await world.http.get(PATH, params={**asked, **other, "cursor": cursor}, headers=world.gi)
        assert codes(answer) == {"#/query/cursor": "invalid-cursor"}, other


async def test_of_other_lists_too(world: World) -> None:
    provider = await world.add_provider()
    for number in range(3):
        await world.add_offer(provider, name=f"Huis {number}")
        await world.add_provider(name=f"Huis {number}")
    for path, other in (("offers", "careType=logeren"), ("providers", "q=huis"), ("municipalities", "region=JZ03")):
        first = await world.ok(world.http.get(f"/v1/{path}?limit=1", headers=world.gi))
        following = first["_links"]["next"]["href"]
        assert (await world.ok(world.http.get(following, headers=world.gi)))["items"]
        answer = await world.http.get(f"{following}&{other}", headers=world.gi)
        assert codes(answer) == {"#/query/cursor": "invalid-cursor"}


async def test_the_pages_of_fhir_too(world: World) -> None:
    provider = await world.add_provider()
    for number in range(3):
        await world.add_offer(provider, name=f"Huis {number}")
    first = await world.ok(world.http.get("/fhir/HealthcareService?name=huis&_count=1", headers=world.gi))
    following = next(each["url"] for each in first["link"] if each["relation"] == "next")
    assert (await world.http.get(following, headers=world.gi)).json()["entry"]
    answer = await world.http.get(following.replace("name=huis", "name=anders"), headers=world.gi)
    assert answer.status_code == 400


async def test_offers_that_are_contracted_for_an_area(world: World) -> None:
    regional, light, other, none = [await world.add_provider() for _ in range(4)]
    ids = {each: (await world.add_offer(each))["id"] for each in (regional, light, other, none)}
    logeren = (await world.add_offer(light, careType="logeren"))["id"]
    await world.add_contract(regional)
    await world.add_contract(light, kind="light", regions=[], municipalities=["GM0400"], careTypes=["gezinshuis"])
    await world.add_contract(other, regions=["JZ06"])
    await world.add_contract(none, validFrom="2020-01-01", validTo="2021-01-01")

    async def found(area: str) -> set[str]:
        answer = await world.ok(world.http.get("/v1/offers", params={"contractedFor": area}, headers=world.gi))
        return {each["id"] for each in answer["items"]}

    assert await found("GM0400") == {ids[regional], ids[light]}
    assert await found("JZ03") == {ids[regional]}
    assert await found("GM0361") == {ids[other]}
    assert logeren not in await found("GM0400")


async def test_providers_of_a_region(world: World) -> None:
    helder, alkmaar = await world.add_provider(), await world.add_provider()
    await world.add_location(helder, "here", postcode="1781AB")
    await world.add_location(alkmaar, "here", postcode="1811AB")

    async def found(**query: str) -> list[str]:
        answer = await world.ok(world.http.get("/v1/providers", params=query, headers=world.gi))
        return [each["id"] for each in answer["items"]]

    assert await found(region="JZ03") == [helder]
    assert await found(region="JZ06") == [alkmaar]
    assert await found(region="JZ03", municipality="GM0361") == []


async def test_a_referrer_searches_and_matches_and_stores_nothing(world: World) -> None:
    """It may say that figures are not right, as whoever sees them may; besides that it changes nothing."""
    headers = world.as_(Role.REFERRER)
    offer = await world.add_offer()
    for path in ("availability", "offers", f"offers/{offer['id']}", "providers", "me", "care-types"):
        assert (await world.http.get(f"/v1/{path}", headers=headers)).status_code == 200, path
    await world.match(headers=headers)
    document = world.app.openapi()
    told = {"/v1/matches", "/v1/oauth/token", "/v1/offers/{offerId}/capacity/doubts"}
    allowed = {"/v1/availability", "/v1/availability/events", "/v1/me"}
    allowed |= {"/v1/offers", "/v1/offers/{offerId}", "/v1/providers", "/v1/providers/{providerId}"}
    allowed |= {"/v1/providers/{providerId}/offers", *told}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            may = path in allowed and (method == "get" or path in told)
            if may or not path.startswith("/v1") or not operation.get("security"):
                continue
            url = path
            for parameter in operation.get("parameters", []):
                url = url.replace(f"{{{parameter['name']}}}", str(offer["id"]))
            answer = await world.http.request(method, url, headers=headers)
            assert answer.status_code == 403, (method, path, answer.text)
