"""Expected waits of offers: who sees them, which reports count, and what stands beside them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.domain.dates import dutch_day
from app.supply.capacity import expected_waits
from app.supply.capacity.expected_waits import histories
from tests.conftest import NOW, SettableClock
from tests.world import World, problem

Json = dict[str, Any]
NOTHING = dict.fromkeys(("days", "soonest", "latest", "ahead", "placesFreed", "weeks"))


async def waits(world: World, offer: Json) -> Json:
    return await world.ok(world.http.get(f"/v1/offers/{offer['id']}/expected-wait", headers=world.gi))


def weeks_ago(weeks: int) -> str:
    moment: datetime = NOW - timedelta(weeks=weeks)
    return moment.isoformat()


async def full_offer(world: World, weeks: int = 20, gap: int | None = None, **fields: Any) -> Json:
    """An offer that reported each week: one of who waited went in each fortnight, 3 wait, and it states 30 days."""
    offer = await world.add_offer(unit=fields.pop("unit", "places"))
    for week in range(weeks, -1, -1):
        if gap is None or not gap <= week < gap + 6:
            figures = {"placesTotal": 4, "placesOccupied": 4, "placesFree": 0, "waitingCount": 3 + week // 2}
            said = figures | {"waitDaysIntake": 30, "observedAt": weeks_ago(week)} | fields
            await world.report(offer, **said)
    return offer


async def test_needs_a_token_and_an_offer(world: World) -> None:
    problem(await world.http.get(f"/v1/offers/{uuid4()}/expected-wait"), 401, "unauthenticated")
    path = f"/v1/offers/{uuid4()}/expected-wait"
    problem(await world.http.get(path, headers=world.gi), 404, "not-found")


async def test_stands_beside_what_the_provider_states(world: World) -> None:
    found = await waits(world, await full_offer(world))
    known = {name: found[name] for name in ("ahead", "placesFreed", "weeks", "statedDays")}
    assert known == {"ahead": 3, "placesFreed": 10, "weeks": 20, "statedDays": 30}
    assert 14 < found["soonest"] < found["days"] < found["latest"] < 120


async def test_only_the_weeks_since_a_gap_count(world: World) -> None:
    found = await waits(world, await full_offer(world, weeks=24, gap=15))
    assert (found["weeks"], found["placesFreed"]) == (14, 7)


@pytest.mark.parametrize(
    "fields",
    [
        {"weeks": 8},
        {"gap": 3},
        {"unit": "hours-per-week"},
        {"acceptsReferrals": False},
        {"waitingCount": None},
        {"placesTotal": None, "placesOccupied": None},
    ],
    ids=str,
)
async def test_says_nothing_where_the_reports_say_too_little(world: World, fields: Json) -> None:
    found = await waits(world, await full_offer(world, **fields))
    assert found == NOTHING | {"statedDays": 30}


async def test_says_nothing_of_an_offer_that_never_reported(world: World) -> None:
    assert await waits(world, await world.add_offer()) == NOTHING | {"statedDays": None}


async def test_a_place_that_is_free_is_no_wait(world: World) -> None:
    offer = await full_offer(world)
    await world.report(offer, placesTotal=6, placesOccupied=1, placesFree=5, waitingCount=3)
    found = await waits(world, offer)
    assert (found["days"], found["latest"], found["statedDays"]) == (0, 0, None)


async def test_histories_are_those_of_all_offers_that_count_children_parted_where_there_is_a_gap(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expected_waits, "_AT_ONCE", 1)  # read one after another, as many are
    await full_offer(world, weeks=24, gap=15)
    await full_offer(world, weeks=2)
    await full_offer(world, unit="hours-per-week")
    async with world.parts.database.read() as session:
        found = [weeks async for weeks in histories(session, dutch_day(NOW), 30)]
    assert sorted(map(len, found)) == [3, 8, 15]  # a report stands for 30 days
    last = max(found, key=len)[-1]
    assert (last.free, last.taken, last.waiting, last.stated) == (0, 4, 3, 30)


async def test_what_was_stated_runs_down_while_nothing_new_is_reported(world: World, clock: SettableClock) -> None:
    await full_offer(world)
    clock.now = NOW + timedelta(weeks=2)
    async with world.parts.database.read() as session:
        [weeks] = [weeks async for weeks in histories(session, dutch_day(clock.now), 30)]
    assert [week.stated for week in weeks[-3:]] == [30, 23, 16]
