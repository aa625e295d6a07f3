"""The reference lists: whole, open, in two languages, cacheable."""

from typing import Any

import pytest

from tests.world import World, codes, problem

LISTS = {
    "regions": 42,
    "municipalities": 342,
    "care-types": 36,
    "specialisations": 23,
    "exclusion-criteria": 12,
    "decline-reasons": 14,
    "waiting-causes": 12,
    "closing-reasons": 13,
    "product-codes": 450,
}
NAMED = ["care-types", "specialisations", "exclusion-criteria", "decline-reasons", "waiting-causes", "closing-reasons"]


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


@pytest.mark.parametrize("name", [*LISTS, "postcodes/1781"])
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
    for name in [*LISTS, "postcodes/1781"]:
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
        "supraregion": "noord-holland",
    }
    assert found["regions"]["JZ01"]["supraregion"] is None
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
    }
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
