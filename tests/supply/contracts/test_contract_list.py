"""Listing contracts: what each party sees, by provider and region, page by page."""

from typing import Any

import pytest

from tests.supply.providers.pages import flat, walk
from tests.world import HOME, World, codes

PATH = "/v1/contracts"


async def _contracts(world: World) -> tuple[str, str]:
    """Two providers with contracts, of which the month of the first day tells which is which."""
    one, other = await world.add_provider(), await world.add_provider()
    areas: list[tuple[str, dict[str, Any]]] = [
        (one, {"regions": ["JZ03"]}),
        (one, {"regions": ["JZ06"]}),
        (one, {"kind": "supraregional", "regions": ["JZ03", "JZ06"]}),
        (other, {"regions": [], "municipalities": [HOME]}),
        (other, {"kind": "national", "regions": [], "municipalities": ["GM0361", "GM0363"]}),
    ]
    for month, (provider_id, area) in enumerate(areas, 1):
        await world.add_contract(provider_id, validFrom=f"2026-{month:02}-01", **area)
    return one, other


async def _months(world: World, headers: dict[str, str], **query: str) -> list[int]:
    answer = await world.ok(world.http.get(PATH, params=query, headers=headers))
    return [int(item["validFrom"][5:7]) for item in answer["items"]]


async def test_each_party_sees_its_own(world: World) -> None:
    one, other = await _contracts(world)
    assert await _months(world, world.admin) == [1, 2, 3, 4, 5]
    assert await _months(world, world.region()) == [1, 3, 4]
    assert await _months(world, world.region("JZ06")) == [2, 3, 5]
    assert await _months(world, world.region("JZ01")) == []
    assert await _months(world, world.provider(one)) == [1, 2, 3]
    assert await _months(world, world.provider(other)) == [4, 5]
    assert await _months(world, world.provider(await world.add_provider())) == []


async def test_is_filtered_by_provider_and_region_within_what_is_seen(world: World) -> None:
    one, other = await _contracts(world)
    assert await _months(world, world.admin, provider=one) == [1, 2, 3]
    assert await _months(world, world.admin, region="JZ03") == [1, 3, 4]
    assert await _months(world, world.admin, region="JZ06", provider=other) == [5]
    assert await _months(world, world.region(), region="JZ06") == [3]
    assert await _months(world, world.region(), provider=other) == [4]
    assert await _months(world, world.provider(one), region="JZ03") == [1, 3]
    assert await _months(world, world.provider(one), provider=other) == []


async def test_refuses_a_wrong_question(world: World) -> None:
    answer = await world.http.get(f"{PATH}?provider=1&region=JZ40&limit=0&kind=light", headers=world.admin)
    assert codes(answer) == {
        "#/query/provider": "format",
        "#/query/region": "unknown-code",
        "#/query/limit": "out-of-range",
        "#/query/kind": "unknown-query-key",
    }


@pytest.mark.parametrize("cursor", ["onzin", "WyJhIiwiYiJd", "WzEsMl0"])  # none, ["a","b"], [1,2]
async def test_refuses_a_cursor_that_is_not_its_own(world: World, cursor: str) -> None:
    answer = await world.http.get(f"{PATH}?cursor={cursor}", headers=world.admin)
    assert codes(answer) == {"#/query/cursor": "invalid-cursor"}


async def test_the_pages_give_each_exactly_once_by_first_day_also_where_days_are_equal(world: World) -> None:
    provider_id = await world.add_provider()
    days = ["2026-03-01", "2026-01-01", "2026-02-01", "2026-02-01", "2026-02-01"]
    made = [(await world.add_contract(provider_id, validFrom=day))["id"] for day in days]
    await world.add_contract(await world.add_provider(), validFrom="2026-02-01")
    pages = await walk(world, f"{PATH}?provider={provider_id}&limit=2", world.region())
    assert [len(items) for items in pages] == [2, 2, 1]
    assert flat(pages, "validFrom") == sorted(days)
    assert set(flat(pages)) == set(made)
    assert len(flat(await walk(world, f"{PATH}?limit=2", world.admin))) == 6
