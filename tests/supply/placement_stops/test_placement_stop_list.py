"""Listing placement stops: what each party sees, when they are in force, page by page."""

from typing import Any

import pytest

from tests.supply.providers.pages import flat, walk
from tests.world import World, codes

PATH = "/v1/placement-stops"


async def _stop(
    world: World, provider_id: str, first_day: str, headers: dict[str, str] | None = None, **fields: Any
) -> str:
    return str((await world.add_stop(provider_id, headers, **{"from": first_day, **fields}))["id"])


async def _reasons(world: World, headers: dict[str, str], **query: str) -> list[str]:
    answer = await world.ok(world.http.get(PATH, params=query, headers=headers))
    return [item["reason"] for item in answer["items"]]


async def test_each_party_sees_those_that_bind_it(world: World) -> None:
    one, other = await world.add_provider(), await world.add_provider()
    await _stop(world, one, "2026-01-01", reason="een")
    await _stop(world, one, "2026-02-01", world.region(), imposedBy="region", reason="regio")
    await _stop(world, one, "2026-03-01", world.region("JZ06"), imposedBy="region", reason="regio-6")
    await _stop(world, other, "2026-04-01", world.admin, imposedBy="inspectorate", reason="inspectie")
    assert await _reasons(world, world.admin) == ["een", "regio", "regio-6", "inspectie"]
    assert await _reasons(world, world.region()) == ["een", "regio", "inspectie"]
    assert await _reasons(world, world.region("JZ06")) == ["een", "regio-6", "inspectie"]
    assert await _reasons(world, world.region("JZ01")) == ["een", "inspectie"]
    assert await _reasons(world, world.provider(one)) == ["een", "regio", "regio-6"]
    assert await _reasons(world, world.provider(other)) == ["inspectie"]
    assert await _reasons(world, world.region(), provider=one) == ["een", "regio"]
    assert await _reasons(world, world.provider(one), provider=other) == []


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("2026-10-31", []),
        ("2026-11-01", ["met einde"]),
        ("2026-11-10", ["met einde", "zonder einde"]),
        ("2026-11-20", ["met einde", "zonder einde"]),
        ("2026-11-21", ["zonder einde"]),
        ("9999-12-31", ["zonder einde"]),
    ],
)
async def test_finds_those_in_force_on_a_day_first_and_last_included(world: World, on: str, found: list[str]) -> None:
    provider_id = await world.add_provider()
    await _stop(world, provider_id, "2026-11-10", reason="zonder einde")
    await _stop(world, provider_id, "2026-11-01", reason="met einde", to="2026-11-20")
    assert await _reasons(world, world.admin, on=on) == found
    assert await _reasons(world, world.admin) == ["met einde", "zonder einde"]


async def test_refuses_a_wrong_question(world: World) -> None:
    answer = await world.http.get(f"{PATH}?provider=1&on=vandaag&limit=201&region=JZ03", headers=world.admin)
    assert codes(answer) == {
        "#/query/provider": "format",
        "#/query/on": "format",
        "#/query/limit": "out-of-range",
        "#/query/region": "unknown-query-key",
    }


@pytest.mark.parametrize("cursor", ["onzin", "WyJhIiwiYiJd", "WzEsMl0"])  # none, ["a","b"], [1,2]
async def test_refuses_a_cursor_that_is_not_its_own(world: World, cursor: str) -> None:
    answer = await world.http.get(f"{PATH}?cursor={cursor}", headers=world.admin)
    assert codes(answer) == {"#/query/cursor": "invalid-cursor"}


async def test_the_pages_give_each_exactly_once_by_first_day_also_where_days_are_equal(world: World) -> None:
    offer = await world.add_offer()
    provider_id = offer["providerId"]
    days = ["2026-11-03", "2026-11-01", "2026-11-02", "2026-11-02", "2026-11-02"]
    made = [await _stop(world, provider_id, day, locationKey="here") for day in days]
    await _stop(world, await world.add_provider(), "2026-11-02")
    pages = await walk(world, f"{PATH}?provider={provider_id}&limit=2", world.region())
    assert [len(items) for items in pages] == [2, 2, 1]
    assert flat(pages, "from") == sorted(days)
    assert set(flat(pages)) == set(made)
    assert set(flat(pages, "locationKey")) == {"here"}
    assert len(flat(await walk(world, f"{PATH}?limit=2", world.admin))) == 6
