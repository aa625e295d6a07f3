"""Each clock over HTTP on its last day and the day after: holidays, and the nights of summer and winter time.

A day is a Dutch day: it begins at 22:00 UTC in summer and at 23:00 UTC in winter, on the day before.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import SettableClock
from tests.dossiers.agreements.test_agreements import DEFAULT
from tests.dossiers.referrals.scene import items, request_of
from tests.world import World, codes, request_body

Json = dict[str, Any]

SUMMER = 22
WINTER = 23


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _midnight(day: str, hour: int) -> datetime:
    """The moment at which that Dutch day ends."""
    return _moment(day) + timedelta(hours=hour)


async def _agree(world: World, **fields: Any) -> None:
    body = DEFAULT | {"contactLocalTeamDays": 14, "expertTeamDays": 42, "alsoWithoutMeasure": True, **fields}
    headers = world.region() | {"If-Match": "*"}
    await world.ok(world.http.put("/v1/regions/JZ03/agreements", json=body, headers=headers))


async def _made(world: World, clock: SettableClock, first_day: str, child: Json) -> Json:
    clock.now = _moment(first_day) + timedelta(hours=12)
    await _agree(world)
    return await world.add_request(child=child, requestedOn=first_day)


async def _stands(world: World, made: Json, name: str) -> tuple[str, int]:
    shown = await request_of(world, made)
    [found] = [each for each in shown["clocks"] if each["clock"] == name]
    return found["light"], found["daysLeft"]


@pytest.mark.parametrize(
    ("name", "first_day", "due", "hour"),
    [
        # five working days: neither Good Friday 3 April 2026 nor Easter Monday; summer time began on 29 March
        ("protection-worker", "2026-03-31", "2026-04-09", SUMMER),
        ("protection-worker", "2026-03-27", "2026-04-07", SUMMER),  # from winter time into summer time
        ("protection-worker", "2026-04-24", "2026-05-04", SUMMER),  # King's Day, Monday 27 April
        ("protection-worker", "2026-05-01", "2026-05-11", SUMMER),  # Liberation Day
        ("protection-worker", "2026-05-11", "2026-05-19", SUMMER),  # Ascension Day, Thursday 14 May
        ("protection-worker", "2026-05-19", "2026-05-27", SUMMER),  # Whit Monday, 25 May
        ("protection-worker", "2026-12-22", "2026-12-30", WINTER),  # Christmas on a Friday and a Saturday
        ("protection-worker", "2026-12-28", "2027-01-05", WINTER),  # New Year's Day
        ("protection-worker", "2026-10-19", "2026-10-26", WINTER),  # summer time ends on Sunday 25 October
        # six weeks: last days on the nights of summer and winter time, and on Christmas Day, which takes time too
        ("course", "2026-02-14", "2026-03-28", WINTER),  # the night of 28 March, which lasts an hour less
        ("course", "2026-02-15", "2026-03-29", SUMMER),  # the day that lasts 23 hours
        ("course", "2026-09-12", "2026-10-24", SUMMER),  # the night that lasts an hour more
        ("course", "2026-09-13", "2026-10-25", WINTER),  # the day that lasts 25 hours
        ("course", "2026-11-13", "2026-12-25", WINTER),
        # three months
        ("help", "2026-11-30", "2027-02-28", WINTER),
        ("help", "2025-12-29", "2026-03-29", SUMMER),
        ("help", "2026-07-25", "2026-10-25", WINTER),
        ("help", "2026-01-27", "2026-04-27", SUMMER),
        # two weeks, six weeks
        ("local-team", "2026-03-15", "2026-03-29", SUMMER),
        ("local-team", "2026-10-11", "2026-10-25", WINTER),
        ("local-team", "2026-12-11", "2026-12-25", WINTER),
        ("expert-team", "2026-02-15", "2026-03-29", SUMMER),
        ("expert-team", "2026-09-13", "2026-10-25", WINTER),
    ],
)
async def test_is_in_time_until_the_dutch_midnight_after_its_last_day(
    world: World, clock: SettableClock, name: str, first_day: str, due: str, hour: int
) -> None:
    made = await _made(world, clock, first_day, {"measure": {"type": "11", "imposedOn": first_day}})
    assert next(each["dueOn"] for each in made["clocks"] if each["clock"] == name) == due
    midnight = _midnight(due, hour)
    clock.now = midnight - timedelta(seconds=1)
    assert await _stands(world, made, name) == ("amber", 0)
    clock.now = midnight
    assert await _stands(world, made, name) == ("red", -1)


@pytest.mark.parametrize(
    ("first_day", "due", "hour"),
    [("2026-03-15", "2026-03-29", SUMMER), ("2026-10-11", "2026-10-25", WINTER)],
    ids=["into summer time", "into winter time"],
)
async def test_without_a_measure_lists_and_lights_turn_at_the_same_moment(
    world: World, clock: SettableClock, first_day: str, due: str, hour: int
) -> None:
    made = await _made(world, clock, first_day, {"measure": None})
    for after, light in ((-1, "amber"), (0, "red")):
        clock.now = _midnight(due, hour) + timedelta(seconds=after)
        shown = await request_of(world, made)
        assert shown["light"] == light
        assert [each["id"] for each in await items(world, f"/v1/requests?light={light}", world.gi)] == [made["id"]]


@pytest.mark.parametrize(
    ("until", "hour"),
    [("2026-03-29", SUMMER), ("2026-10-25", WINTER), ("2026-12-25", WINTER), ("2027-04-27", SUMMER)],
)
async def test_a_court_authorisation_holds_on_its_last_day(
    world: World, clock: SettableClock, until: str, hour: int
) -> None:
    child = {"measure": None, "courtAuthorisation": True, "courtAuthorisationUntil": until}
    made = await _made(world, clock, "2026-03-01", child)
    for after, light, code in ((-1, "amber", "ends"), (0, "red", "ended")):
        clock.now = _midnight(until, hour) + timedelta(seconds=after)
        assert (await _stands(world, made, "court-authorisation"))[0] == light
        warnings = [each["code"] for each in (await request_of(world, made))["warnings"]]
        assert f"court-authorisation-{code}" in warnings


async def test_over_the_norm_begins_at_the_dutch_midnight(world: World, clock: SettableClock) -> None:
    made = await _made(world, clock, "2026-10-19", {"measure": {"type": "41", "imposedOn": "2026-10-19"}})
    clock.now = _moment("2026-10-26T22:59:59")
    assert await items(world, "/v1/breakthrough-list", world.gi) == []
    clock.now = _moment("2026-10-26T23:00:00")
    [item] = await items(world, "/v1/breakthrough-list", world.gi)
    assert (item["requestId"], item["overNormSince"], item["daysOver"]) == (made["id"], "2026-10-27", 1)


@pytest.mark.parametrize(
    ("now", "today", "tomorrow"),
    [
        ("2026-07-14T21:30:00", "2026-07-14", "2026-07-15"),
        ("2026-07-14T22:30:00", "2026-07-15", "2026-07-16"),  # half past midnight in summer
        ("2026-10-24T22:30:00", "2026-10-25", "2026-10-26"),  # the night that lasts an hour more
        ("2026-10-25T22:30:00", "2026-10-25", "2026-10-26"),
        ("2026-10-25T23:30:00", "2026-10-26", "2026-10-27"),
        ("2027-03-27T23:30:00", "2027-03-28", "2027-03-29"),  # the night that lasts an hour less
        ("2027-03-28T22:30:00", "2027-03-29", "2027-03-30"),
    ],
)
async def test_what_has_not_come_yet_is_judged_by_the_dutch_day(
    world: World, clock: SettableClock, now: str, today: str, tomorrow: str
) -> None:
    clock.now = _moment(now)
    days = ("imposedOn", "informedOn", "startedOn")
    made = await world.add_request(child={"measure": {"type": "21", **dict.fromkeys(days, today)}})
    assert made["requestedOn"] == today
    early = {"measure": {"type": "21", **dict.fromkeys(days, tomorrow)}}
    answer = await world.http.post("/v1/requests", json=request_body(child=early), headers=world.gi)
    assert codes(answer) == {f"#/child/measure/{day}": "in-future" for day in days}


async def test_done_on_the_last_day_is_in_time_and_a_day_later_is_not(world: World, clock: SettableClock) -> None:
    """Of the fixed worker, due on Tuesday after Easter; half past midnight of that Tuesday is Monday in UTC."""
    made = await _made(world, clock, "2026-03-27", {"measure": {"type": "11", "imposedOn": "2026-03-27"}})
    path, headers = f"/v1/requests/{made['id']}/milestones/protection-worker", world.gi | {"If-Match": "*"}
    clock.now = _moment("2026-04-06T22:30:00")
    assert codes(await world.http.put(path, json={"date": "2026-04-08"}, headers=headers)) == {"#/date": "in-future"}
    for now, day, on_time in (
        ("2026-04-06T22:30:00", "2026-04-07", True),
        ("2026-04-07T22:30:00", "2026-04-08", False),
    ):
        clock.now = _moment(now)
        shown = await world.ok(world.http.put(path, json={"date": day}, headers=headers))
        assert (shown["clocks"][0]["light"], shown["clocks"][0]["onTime"]) == ("done", on_time)


async def test_of_a_closed_request_the_days_left_are_those_of_its_last_day(world: World, clock: SettableClock) -> None:
    made = await _made(world, clock, "2026-10-12", {"measure": {"type": "11", "imposedOn": "2026-10-12"}})
    clock.now = _moment("2026-10-24T22:30:00")  # 25 October in the Netherlands
    path, sent = f"/v1/requests/{made['id']}", {"status": "closed", "closedReason": "help-not-needed"}
    closed = await world.ok(world.http.patch(path, json=sent, headers=world.gi | {"If-Match": "*"}))
    assert (closed["closedOn"], await _stands(world, made, "course")) == ("2026-10-25", ("green", 29))
    clock.now += timedelta(days=400)
    assert await _stands(world, made, "course") == ("green", 29)
