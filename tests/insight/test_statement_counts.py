"""An answer takes as many statements whatever there is: of one child or of many, of two months or of two years."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest

from app.domain.dates import add_months
from app.insight.answers.definitions import Dimension, Resource
from app.insight.definitions.resources import RESOURCES
from app.insight.history.service import rebuild
from app.insight.settling.service import settle
from app.kit.security.callers import Role
from app.reference.lists import reference
from tests.conftest import SettableClock
from tests.insight.asked import bring_supply
from tests.insight.histories import LAST, Teller, end_of, seeded
from tests.world import World

MOST: Final = 30
"""Statements: what the largest answer takes, that of supply to an inspectorate with nothing kept or settled."""
TOWNS: Final = ("GM0400", "GM0441", "GM0361", "GM0405", "GM0363", "GM0344")
"""In five regions, of which two share a supraregion."""


async def _add(world: World, clock: SettableClock, towns: tuple[str, ...]) -> None:
    """A dozen children, and an offer with a report, for each of these towns; insight has taken them in."""
    offers = []
    for town in towns:
        provider_id = await world.add_provider()
        postcode = next(each.pc4 for each in reference().postcodes.values() if each.municipality == town)
        await world.add_location(provider_id, postcode=f"{postcode}AA")
        offer = await world.add_offer(provider_id, locationKey="here")
        await world.report(offer)
        offers.append(UUID(offer["id"]))
    clock.now = end_of(LAST) + timedelta(minutes=len(towns))
    async with world.parts.database.write() as session:
        teller = Teller(session, offers, seeded(len(towns)))
        for _ in range(12 * len(towns)):
            await teller.tell()
        await rebuild(session, clock())  # what they tell lies in the past
    await bring_supply(world)


async def _counts(
    world: World, statements: list[str], resource: Resource, months: int
) -> dict[tuple[str, Dimension], int]:
    """By who asks and what it is broken down by: how many statements an answer takes that nobody has asked for yet."""
    today = world.parts.clock().date()
    first = f"{add_months(today.replace(day=1), 1 - months):%Y-%m}"
    period = {"asOf": today.isoformat()} if resource.name == "waiting-children" else {"firstMonth": first}
    found = {}
    askers = {"region": world.region(), "institution": world.gi, "inspectorate": world.as_(Role.INSPECTORATE)}
    for asker, headers in askers.items():
        refused = resource.of_others | resource.overlapping if asker == "inspectorate" else frozenset[Dimension]()
        for by in (each for each in resource.by if each not in refused):
            statements.clear()
            path = f"/v1/insight/{resource.name}"
            await world.ok(world.http.get(path, params={"by": by, **period}, headers=headers))
            found[asker, by] = len(statements)
    return found


@pytest.mark.parametrize("resource", RESOURCES, ids=[each.name for each in RESOURCES])
async def test_an_answer_takes_as_many_statements_whatever_there_is(
    world: World, clock: SettableClock, statements: list[str], resource: Resource
) -> None:
    await _add(world, clock, TOWNS[:1])
    few = await _counts(world, statements, resource, months=2)
    await _add(world, clock, TOWNS)
    assert await _counts(world, statements, resource, months=24) == few
    assert max(few.values()) <= MOST


async def test_what_is_settled_is_not_decided_again_and_what_is_kept_is_not_counted_again(
    world: World, clock: SettableClock, statements: list[str]
) -> None:
    """The second time that an inspectorate, a region or an institution asks, only what the answer says of itself is
    looked up; and one is told nothing of what another was."""
    await _add(world, clock, TOWNS)
    async with world.parts.database.write() as session:
        await settle(session, clock() + timedelta(days=1))
    clock.now += timedelta(days=1)
    headers = world.as_(Role.INSPECTORATE)
    for name in ("norms", "supply"):
        for most in (MOST, 9):  # seven, and the savepoint of the test there and back
            statements.clear()
            await world.ok(world.http.get(f"/v1/insight/{name}?by=region", headers=headers))
            assert len(statements) <= most
        assert not any("insight_needs" in each for each in statements)
    regions = [world.region(each) for each in ("JZ03", "JZ06")]
    told = [await world.ok(world.http.get("/v1/insight/supply?by=region", headers=each)) for each in regions]
    assert [{row["code"] for row in each["items"]} for each in told] == [{"JZ03"}, {"JZ06"}]
    for headers in (*regions, world.gi):
        for name in ("norms", "supply"):
            found = await world.ok(world.http.get(f"/v1/insight/{name}?by=region", headers=headers))
            statements.clear()
            assert await world.ok(world.http.get(f"/v1/insight/{name}?by=region", headers=headers)) == found
            assert len(statements) <= 9
            assert not any("JOIN insight_" in each for each in statements)
