"""The history of an action: who changed what when, which nobody can change."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kit.security.callers import Role
from tests.conftest import OWNER, SavepointDatabase, SettableClock
from tests.insight.plans.scene import PATH, add_action, change, supraregion, withdraw
from tests.insight.targets.scene import add_target
from tests.world import World, codes


async def test_says_who_changed_what_when(world: World, clock: SettableClock) -> None:
    action = await add_action(world)
    clock.now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    await change(world, action, light="amber", word="Trager dan gedacht.")
    await change(world, action, light="amber")  # as it was
    clock.now = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    await withdraw(world, action, world.as_(Role.REGION, client_id="tweede-client"))
    found = await world.ok(world.http.get(f"{PATH}/{action['id']}/history", headers=supraregion(world)))
    first, second, third = found["items"]
    assert {name: first[name] for name in ("version", "at", "clientId", "what")} == {
        "version": 1,
        "at": "2026-11-22T10:00:00Z",
        "clientId": "test-region-JZ03",
        "what": "added",
    }
    told = {each["field"]: (each["old"], each["new"]) for each in first["changes"]}
    assert told["light"] == (None, "green")
    assert not told.keys() & {"id", "region", "supraregion", "word", "withdrawnAt", "why"}
    assert second == {
        "version": 2,
        "at": "2026-11-23T09:30:00Z",
        "clientId": "test-region-JZ03",
        "what": "changed",
        "changes": [
            {"field": "light", "old": "green", "new": "amber"},
            {"field": "word", "old": None, "new": "Trager dan gedacht."},
        ],
    }
    assert third == {
        "version": 3,
        "at": "2026-11-24T09:30:00Z",
        "clientId": "tweede-client",
        "what": "withdrawn",
        "changes": [
            {"field": "withdrawnAt", "old": None, "new": "2026-11-24T09:30:00Z"},
            {"field": "why", "old": None, "new": "Dubbel ingevoerd"},
        ],
    }


async def test_goes_by_pages(world: World) -> None:
    action, other = await add_action(world), await add_action(world)
    for number in range(4):
        await change(world, action, word=str(number))
        await change(world, other, word=f"anders {number}")
    path = f"{PATH}/{action['id']}/history?limit=2"
    versions, changes = [], []
    while path:
        page = await world.http.get(path, headers=world.region())
        versions += [each["version"] for each in page.json()["items"]]
        changes += [each["changes"][0] for each in page.json()["items"]]
        path = page.links["next"]["url"] if "next" in page.links else ""
    assert versions == [1, 2, 3, 4, 5]
    assert changes[3] == {"field": "word", "old": "1", "new": "2"}, "also the first of a page has what was before it"
    elsewhere = f"{PATH}/{other['id']}/history?limit=2"
    first = (await world.http.get(elsewhere, headers=world.region())).links["next"]["url"]
    wrong = first.replace(other["id"], action["id"])
    assert codes(await world.http.get(wrong, headers=world.region())) == {"#/query/cursor": "invalid-cursor"}


@pytest.mark.parametrize("table", ["plan_action_versions", "target_line_versions"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET client_id = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
async def test_is_never_changed(world: World, database: SavepointDatabase, table: str, statement: str) -> None:
    await add_action(world)
    await add_target(world)
    with pytest.raises(DBAPIError, match=f"{table} is a history: rows are added, never changed or deleted"):
        async with database.write(OWNER) as session:
            await session.execute(text(statement.format(table)))
