"""The reference lists: whole, open, in two languages, cacheable."""

from dataclasses import fields
from typing import Any

import pytest

from app.reference.lists import Reference, reference
from tests.world import World, codes, problem

LISTS = {
    "regions": 42,
    "supraregions": 5,
    "municipalities": 342,
    "care-types": 36,
    "specialisations": 23,
    "exclusion-criteria": 12,
    "decline-reasons": 14,
    "waiting-causes": 18,
    "closing-reasons": 13,
    "measures": 13,
    "referrers": 7,
    "product-codes": 450,
}
NAMED = [
    "measures",
    "care-types",
    "specialisations",
    "exclusion-criteria",
    "decline-reasons",
    "waiting-causes",
    "closing-reasons",
    "referrers",
]


async def read(world: World, path: str, **headers: str) -> list[dict[str, Any]]:
    """All items of a list, over its pages."""
    href, items = f"/v1/{path}", []
    while href:
        content = await world.ok(world.http.get(href, headers=headers))
        items += content["items"]
        href = content["_links"].get("next", {}).get("href", "")
    return items


@pytest.mark.parametrize(("name", "count"), LISTS.items())
async def test_is_whole_and_in_the_order_of_its_codes(world: World, name: str, count: int) -> None:
    items = await read(world, name)
    listed = [each["code"] for each in items]
    assert listed == sorted(set(listed))
    assert len(listed) == count
    assert all(each["name"].strip() for each in items)
    assert await read(world, f"{name}?limit=7") == items


@pytest.mark.parametrize("name", [*LISTS, "institutions", "postcodes/1781"])
async def test_is_open_and_cacheable(world: World, name: str) -> None:
    answer = await world.http.get(f"/v1/{name}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=3600"
    etag = answer.headers["etag"]
    again = await world.http.get(f"/v1/{name}", headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    with_token = await world.http.get(f"/v1/{name}", headers=world.gi)
    assert with_token.content == answer.content


async def test_asks_the_database_nothing(world: World, statements: list[str]) -> None:
    for name in [*LISTS, "institutions", "postcodes/1781"]:
        assert (await world.http.get(f"/v1/{name}")).status_code == 200
    assert statements == []


@pytest.mark.parametrize("name", NAMED)
async def test_names_are_in_the_callers_language_and_codes_are_not(world: World, name: str) -> None:
    dutch, english = await read(world, name), await read(world, name, **{"Accept-Language": "en"})
    assert [each["code"] for each in dutch] == [each["code"] for each in english]
    differing = [1 for one, other in zip(dutch, english, strict=True) if one["name"] != other["name"]]
    assert len(differing) > len(dutch) / 2
    assert await read(world, name, **{"Accept-Language": "nl"}) == dutch


async def test_some_items_as_they_are(world: World) -> None:
    found = {name: {each["code"]: each for each in await read(world, name)} for name in LISTS}
    assert found["regions"]["JZ03"] == {
        "code": "JZ03",
        "name": "Kop van Noord-Holland",
        "supraregions": ["noord-holland", "noord-holland-noord", "nw4"],
    }
    assert found["regions"]["JZ01"]["supraregions"] == []
    assert found["supraregions"]["noord-holland-noord"] == {
        "code": "noord-holland-noord",
        "name": "Noord-Holland Noord (specialistische jeugdhulp)",
        "regions": ["JZ03", "JZ05", "JZ06"],
    }
    assert found["measures"]["11"] == {"code": "11", "name": "Ondertoezichtstelling", "kind": "protection"}
    assert {each["kind"] for each in found["measures"].values()} == {"protection", "youth-probation", "preventive"}
    assert found["municipalities"]["GM0400"] == {
        "code": "GM0400",
        "name": "Den Helder",
        "provinceCode": "PV27",
        "provinceName": "Noord-Holland",
        "region": "JZ03",
    }
    assert found["care-types"]["pleegzorg-voltijd"] == {
        "code": "pleegzorg-voltijd",
        "name": "Pleegzorg voltijd",
        "cbsFormCode": "11",
        "categoryCodes": ["44"],
        "residential": True,
        "crisis": False,
        "needsCourtAuthorisation": False,
        "cbsForm": {"code": "11", "name": "Met verblijf: pleegzorg"},
        "categories": [{"code": "44", "name": "Jeugdhulp verblijf (excl. behandeling)"}],
    }
    for each in found["care-types"].values():
        assert each["cbsForm"]["code"] == each["cbsFormCode"]
        assert [category["code"] for category in each["categories"]] == each["categoryCodes"]
    assert found["product-codes"]["44A09"] == {
        "code": "44A09",
        "name": "Logeren: inspanningsgericht",
        "categoryCode": "44",
        "categoryName": "Jeugdhulp verblijf (excl. beh)",
        "cbsFormCode": "12",
    }
    ijw = {each["ijwCode"] for each in found["decline-reasons"].values()}
    assert None in ijw
    assert len(ijw) > 1


async def test_regions_and_supraregions_name_each_other(world: World) -> None:
    regions, supraregions = await read(world, "regions"), await read(world, "supraregions")
    assert {(each["code"], code) for each in regions for code in each["supraregions"]} == {
        (code, each["code"]) for each in supraregions for code in each["regions"]
    }
    assert max(len(each["supraregions"]) for each in regions) == 3


def test_the_regions_around_one_are_those_of_any_of_its_supraregions() -> None:
    lists = reference()
    assert lists.regions_around("JZ01") == ["JZ01"], "works together with none"
    assert lists.regions_around("JZ29") == ["JZ18", "JZ24", "JZ27", "JZ29", "JZ31"], "in one"
    assert set(lists.regions_around("JZ18")) == {"JZ18", "JZ24", "JZ27", "JZ29", "JZ31"}, "in a small and a large one"
    for code in lists.regions:
        assert code in lists.regions_around(code)
        assert all(code in lists.regions_around(other) for other in lists.regions_around(code))


async def test_institutions_of_a_region(world: World) -> None:
    everywhere = await read(world, "institutions")
    assert [each["name"] for each in everywhere] == sorted({each["name"] for each in everywhere})
    assert await read(world, "institutions?limit=2") == everywhere
    found = await read(world, "institutions?region=JZ03")
    assert found == [each for each in everywhere if "JZ03" in each["regions"]]
    assert {each["name"] for each in found} == {
        "De Jeugd- en Gezinsbeschermers",
        "William Schrikker Stichting",
        "Leger des Heils Jeugdbescherming & Reclassering",
    }
    assert await read(world, "institutions?region=JZ01") == [], "whose plan does not say"


async def test_every_municipality_is_of_a_region(world: World) -> None:
    regions = {each["code"] for each in await read(world, "regions")}
    assert {each["region"] for each in await read(world, "municipalities")} == regions


async def test_municipalities_of_a_region(world: World) -> None:
    found = await read(world, "municipalities?region=JZ03&limit=2")
    everywhere = await read(world, "municipalities")
    assert found == [each for each in everywhere if each["region"] == "JZ03"]
    assert {each["name"] for each in found} == {"Den Helder", "Hollands Kroon", "Schagen", "Texel"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("municipalities?region=JZ99", {"#/query/region": "unknown-code"}),
        ("municipalities?region=Texel", {"#/query/region": "region-code"}),
        ("institutions?region=JZ99", {"#/query/region": "unknown-code"}),
        ("institutions?q=leger", {"#/query/q": "unknown-query-key"}),
        ("municipalities?regio=JZ03", {"#/query/regio": "unknown-query-key"}),
        ("regions?q=texel", {"#/query/q": "unknown-query-key"}),
        ("product-codes?municipality=GM9999", {"#/query/municipality": "unknown-code"}),
        ("product-codes?q=", {"#/query/q": "too-short"}),
        ("product-codes?q=" + "x" * 101, {"#/query/q": "too-long"}),
        (
            "product-codes?municipality=Texel&q=&limit=0&x=1",
            {
                "#/query/municipality": "municipality-code",
                "#/query/q": "too-short",
                "#/query/limit": "out-of-range",
                "#/query/x": "unknown-query-key",
            },
        ),
    ],
)
async def test_bad_input_is_refused(world: World, path: str, expected: dict[str, str]) -> None:
    assert codes(await world.http.get(f"/v1/{path}")) == expected


@pytest.mark.parametrize("q", ["pleegzorg", "PLEEGZORG", "44a0", "gezins", "100%", "_"])
async def test_product_codes_by_part_of_a_code_or_a_name(world: World, q: str) -> None:
    everything = await read(world, "product-codes")
    answer = await world.http.get("/v1/product-codes", params={"q": q, "limit": 200})
    wanted = [each for each in everything if q.lower() in each["code"].lower() or q.lower() in each["name"].lower()]
    assert answer.json()["items"] == wanted
    assert bool(wanted) == (q not in {"100%", "_"})


async def test_the_standard_product_codes_hold_in_every_municipality(world: World) -> None:
    everything = await read(world, "product-codes")
    assert await read(world, "product-codes?municipality=GM0400") == everything


async def test_a_postcode(world: World) -> None:
    found = await world.ok(world.http.get("/v1/postcodes/1781"))
    assert found.keys() == {"pc4", "latitude", "longitude", "municipality", "city"}
    assert (found["pc4"], found["municipality"], found["city"]) == ("1781", "GM0400", "Den Helder")
    assert found["latitude"] == pytest.approx(52.95, abs=0.05)
    assert found["longitude"] == pytest.approx(4.76, abs=0.05)


async def test_a_postcode_that_is_not_there(world: World) -> None:
    content = problem(await world.http.get("/v1/postcodes/1000"), 404, "not-found")
    assert "1000" in content["detail"]


@pytest.mark.parametrize("postcode", ["1781AB", "1781 AB", "1781ab"])
async def test_a_whole_postcode_is_taken_for_its_digits(world: World, postcode: str) -> None:
    answer = await world.http.get(f"/v1/postcodes/{postcode}")
    assert (answer.status_code, answer.json()["pc4"]) == (200, "1781")


@pytest.mark.parametrize(
    "pc4", ["0781", "178", "17811", "1781A", "1781SS", "1781-AB", "abcd", "\u0661\u0667\u0668\u0661"]
)
async def test_a_postcode_that_is_none(world: World, pc4: str) -> None:
    assert codes(await world.http.get(f"/v1/postcodes/{pc4}")) == {"#/path/pc4": "pc4"}


@pytest.mark.parametrize("name", [each.name for each in fields(Reference)])
def test_nobody_can_change_a_list(name: str) -> None:
    known: Any = getattr(reference(), name)
    code, first = next(iter(known.items()))
    with pytest.raises(TypeError):
        del known[code]
    with pytest.raises(TypeError):
        known[code] = first
    with pytest.raises(AttributeError):
        known.pop(code)
