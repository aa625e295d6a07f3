"""Dates and times as they come in and go out, through a capacity report."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.schemas import write_time
from tests.world import World, codes


async def put(world: World, **fields: Any) -> Any:
    offer = await world.add_offer()
    path = f"/v1/offers/{offer['id']}/capacity"
    return await world.http.put(path, json={"placesFree": 1, **fields}, headers=world.provider(offer["providerId"]))


@pytest.mark.parametrize(
    ("sent", "returned"),
    [
        ("2026-11-20T09:00:00Z", "2026-11-20T09:00:00Z"),
        ("2026-11-20T09:00:00+01:00", "2026-11-20T08:00:00Z"),
        ("2026-11-20T00:30:00+02:00", "2026-11-19T22:30:00Z"),
        ("2026-11-19T23:30:00-05:00", "2026-11-20T04:30:00Z"),
        ("2026-11-20T09:00:00+05:45", "2026-11-20T03:15:00Z"),
        ("2026-11-20T09:00:00+00:00", "2026-11-20T09:00:00Z"),
        ("2026-11-20T09:00:00.25+01:00", "2026-11-20T08:00:00.250000Z"),
    ],
)
async def test_a_time_with_any_offset_comes_back_in_utc(world: World, sent: str, returned: str) -> None:
    answer = await put(world, observedAt=sent)
    assert answer.status_code == 200, answer.text
    assert answer.json()["observedAt"] == returned


@pytest.mark.parametrize(
    "sent",
    [
        "2026-11-20T09:00:00",  # where on earth?
        "2026-11-20t09:00:00Z",
        "2026-11-20T09:00:00z",
        "2026-11-20 09:00:00Z",
        "2026-11-20T09:00:00-00:00",
        "2026-11-20T09:00:00+0100",
        "2026-11-20",
        "20-11-2026 09:00",
        "09:00:00Z",
        "gisteren",
        "",
        "2026-11-20T25:00:00Z",
        "2026-02-30T09:00:00Z",
        "2026-11-20T09:00:00+25:00",
        "20261120T090000Z",
        "1700000000",  # seconds since 1970, as pydantic would read it
        1_700_000_000,
        True,
        ["2026-11-20T09:00:00Z"],
        "0001-01-01T00:00:00+01:00",  # the year 0 in UTC
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-01:00",  # the year 10000
        "12026-11-20T09:00:00Z",
    ],
)
async def test_what_is_no_time_is_refused(world: World, sent: object) -> None:
    assert codes(await put(world, observedAt=sent)) == {"#/observedAt": "format"}


@pytest.mark.parametrize("sent", ["2026-11-22", "2028-02-29", "2027-01-01"])
async def test_a_date_comes_back_as_that_date(world: World, sent: str) -> None:
    answer = await put(world, nextFreeOn=sent)
    assert answer.status_code == 200, answer.text
    assert answer.json()["nextFreeOn"] == sent


@pytest.mark.parametrize(
    "sent",
    [
        "2026-11-22T00:00:00",
        "2026-11-22T00:00:00Z",
        "2026-11-22T10:00:00+01:00",
        "22-11-2026",
        "2026/11/22",
        "20261122",
        "2026-11",
        "2026-W47-7",
        "2027-02-29",
        "0000-01-01",
        "10000-01-01",
        "+026-11-22",
        "\uff12\uff10\uff12\uff16-11-22",  # digits, and not these
        "1700006400",  # midnight in seconds since 1970: as long as a date, and no date
        1_700_006_400,
        False,
        "",
    ],
)
async def test_what_is_no_date_is_refused(world: World, sent: object) -> None:
    assert codes(await put(world, nextFreeOn=sent)) == {"#/nextFreeOn": "format"}


@given(st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31)), st.integers(-720, 720))  # noqa: DTZ001
def test_a_written_time_is_the_same_moment(local: datetime, minutes: int) -> None:
    moment = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    written = write_time(moment)
    assert written.endswith("Z")
    assert datetime.fromisoformat(written) == moment
    assert datetime.fromisoformat(written).tzinfo == UTC
