"""The history of an offer's capacity: every report that ever came in, by the time observed."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.conftest import SavepointDatabase
from tests.supply.providers.pages import flat, walk
from tests.world import World, codes, problem

TIMES = [
    "2026-11-18T22:59:59.999Z",
    "2026-11-18T23:00:00Z",
    "2026-11-19T12:00:00Z",
    "2026-11-19T22:59:59.999999Z",
    "2026-11-19T23:00:00Z",
]


async def _reported(world: World) -> str:
    """The path of a history with a report at each of the times, of 0, 1, … free places, sent in another order."""
    offer = await world.add_offer()
    for place in (2, 0, 4, 1, 3):
        await world.report(offer, placesFree=place, observedAt=TIMES[place])
    return f"/v1/offers/{offer['id']}/capacity-history"


async def test_needs_a_token(world: World) -> None:
    problem(await world.http.get(f"/v1/offers/{uuid4()}/capacity-history"), 401, "unauthenticated")


async def test_of_an_unknown_offer_is_404(world: World) -> None:
    answer = await world.http.get(f"/v1/offers/{uuid4()}/capacity-history", headers=world.gi)
    problem(answer, 404, "not-found")


async def test_refuses_a_wrong_question(world: World) -> None:
    offer = await world.add_offer()
    path = f"/v1/offers/{offer['id']}/capacity-history?from=gisteren&to=2026-11-31&limit=201&cursor=WyJhIl0&since=x"
    assert codes(await world.http.get(path, headers=world.gi)) == {
        "#/query/from": "format",
        "#/query/to": "format",
        "#/query/limit": "out-of-range",
        "#/query/since": "unknown-query-key",
    }
    providers = f"/v1/offers/{offer['id']}/capacity-history?cursor=WyJhIiwiYiJd"
    assert codes(await world.http.get(providers, headers=world.gi)) == {"#/query/cursor": "invalid-cursor"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("?from=2026-11-19", [1, 2, 3, 4]),
        ("?to=2026-11-19", [0, 1, 2, 3]),
        ("?from=2026-11-19&to=2026-11-19", [1, 2, 3]),
        ("?from=2026-11-21", []),
        ("?from=2026-11-20&to=2026-11-19", []),
        ("?from=0001-01-01&to=9999-12-31", [0, 1, 2, 3, 4]),
    ],
)
async def test_gives_the_days_asked_for_both_included(world: World, query: str, found: list[int]) -> None:
    path = await _reported(world)
    assert flat(await walk(world, path + query, world.gi), "placesFree") == found


async def test_the_pages_give_each_exactly_once_in_order(world: World) -> None:
    path = await _reported(world)
    pages = await walk(world, f"{path}?limit=2", world.gi)
    assert [len(items) for items in pages] == [2, 2, 1]
    assert flat(pages, "placesFree") == [0, 1, 2, 3, 4]
    pages = await walk(world, f"{path}?from=2026-11-19&to=2026-11-19&limit=2", world.gi)
    assert flat(pages, "placesFree") == [1, 2, 3]


async def test_the_pages_give_each_exactly_once_where_times_are_equal(world: World) -> None:
    offer = await world.add_offer()
    for place in range(5):
        await world.report(offer, placesFree=place)
    pages = await walk(world, f"/v1/offers/{offer['id']}/capacity-history?limit=2", world.gi)
    assert flat(pages, "placesFree") == [0, 1, 2, 3, 4]


async def test_is_the_offers_own_also_after_it_ended(world: World) -> None:
    one, other = await world.add_offer(), await world.add_offer()
    await world.report(one, placesFree=1)
    await world.report(other, placesFree=2)
    await world.http.delete(f"/v1/offers/{one['id']}", headers=world.provider(one["providerId"]))
    path = f"/v1/offers/{one['id']}/capacity-history"
    assert flat(await walk(world, path, world.gi), "placesFree") == [1]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE capacity_reports SET places_free = 9", "DELETE FROM capacity_reports"],
    ids=["update", "delete"],
)
async def test_the_database_itself_refuses_to_change_it(
    world: World, database: SavepointDatabase, statement: str
) -> None:
    path = await _reported(world)
    with pytest.raises(DBAPIError, match="rows are added, never changed or deleted"):
        async with database.connection.begin_nested():
            await database.connection.execute(text(statement))
    assert flat(await walk(world, path, world.gi), "placesFree") == [0, 1, 2, 3, 4]
