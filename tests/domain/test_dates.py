from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.dates import (
    YearMonth,
    add_months,
    birthday,
    ceil_div,
    dutch_day,
    dutch_midnight,
    whole_years,
)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-22T22:59:59Z", "2026-11-22"),
        ("2026-11-22T23:00:00Z", "2026-11-23"),
        ("2026-03-28T22:59:59Z", "2026-03-28"),  # the night in which summer time begins
        ("2026-03-28T23:00:00Z", "2026-03-29"),
        ("2026-03-29T21:59:59Z", "2026-03-29"),
        ("2026-03-29T22:00:00Z", "2026-03-30"),
        ("2026-10-24T22:00:00Z", "2026-10-25"),  # the night in which it ends
        ("2026-10-25T22:59:59Z", "2026-10-25"),
        ("2026-10-25T23:00:00Z", "2026-10-26"),
        ("2026-11-22T20:00:00-05:00", "2026-11-23"),
    ],
)
def test_a_day_is_a_dutch_day(moment: str, day: str) -> None:
    assert dutch_day(datetime.fromisoformat(moment)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "midnight"),
    [
        ("2026-11-22", "2026-11-21T23:00:00Z"),
        ("2026-03-29", "2026-03-28T23:00:00Z"),
        ("2026-03-30", "2026-03-29T22:00:00Z"),
        ("2026-10-25", "2026-10-24T22:00:00Z"),
        ("2026-10-26", "2026-10-25T23:00:00Z"),
        ("0001-01-01", "0001-01-01T00:00:00Z"),
    ],
)
def test_a_day_begins_at_dutch_midnight(day: str, midnight: str) -> None:
    begins = dutch_midnight(date.fromisoformat(day))
    assert (begins, begins.tzinfo) == (datetime.fromisoformat(midnight), UTC)
    assert day == "0001-01-01" or dutch_day(begins) == date.fromisoformat(day)


def test_reads_and_writes_a_month() -> None:
    month = YearMonth.parse("2011-07")

    assert (month.year, month.month, str(month)) == (2011, 7, "2011-07")
    assert str(YearMonth.parse("0987-01")) == "0987-01"


@pytest.mark.parametrize(
    "text",
    [
        "2011-7",
        "2011-13",
        "2011-00",
        "2011",
        "2011-07-01",
        "2011-07\n",
        "\uff12\uff10\uff11\uff11-07",
        "0000-01",
        "",
    ],
)
def test_refuses_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        YearMonth.parse(text)


def test_months_are_ordered() -> None:
    assert YearMonth(2011, 12) < YearMonth(2012, 1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 15), 3, date(2026, 4, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),  # no 30 February
        (date(2027, 11, 30), 3, date(2028, 2, 29)),  # a leap year
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 1), 1, date(2026, 12, 1)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 1), 0, date(2026, 1, 1)),
    ],
)
def test_adds_months(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_adds_no_months_past_the_calendar() -> None:
    with pytest.raises(ValueError, match="calendar"):
        add_months(date(9999, 12, 31), 1)


@pytest.mark.parametrize(
    ("on", "age"),
    [
        (date(2026, 6, 30), 9),  # the day before the birth month
        (date(2026, 7, 1), 10),  # the first of it counts as the birthday
        (date(2026, 7, 31), 10),
        (date(2027, 1, 1), 10),
        (date(2016, 7, 1), 0),
        (date(2016, 6, 30), 0),  # not born yet
    ],
)
def test_age_in_whole_years(on: date, age: int) -> None:
    assert whole_years(YearMonth(2016, 7), on) == age


def test_a_birthday_is_the_first_day_of_that_age() -> None:
    assert birthday(YearMonth(2009, 2), 18) == date(2027, 2, 1)


@pytest.mark.parametrize(("days", "periods"), [(0, 0), (1, 1), (28, 1), (29, 2), (-1, 0), (-28, -1), (-29, -1)])
def test_division_rounded_up(days: int, periods: int) -> None:
    assert ceil_div(days, 28) == periods


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-21T22:59:59Z", date(2026, 11, 21)),  # winter: the day turns at 23:00 in UTC
        ("2026-11-21T23:00:00Z", date(2026, 11, 22)),
        ("2026-07-21T21:59:59Z", date(2026, 7, 21)),  # summer: at 22:00
        ("2026-07-21T22:00:00Z", date(2026, 7, 22)),
        ("2026-11-22T00:30:00+01:00", date(2026, 11, 22)),
        ("2026-11-21T18:30:00-05:00", date(2026, 11, 22)),
    ],
)
def test_a_day_is_the_one_in_the_netherlands(moment: str, day: date) -> None:
    assert dutch_day(datetime.fromisoformat(moment)) == day


def test_a_moment_without_offset_is_of_no_day() -> None:
    with pytest.raises(ValueError, match="offset"):
        dutch_day(datetime(2026, 11, 22))  # noqa: DTZ001 - that is what is wrong with it


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 1, 1), date(2026, 7, 1)])
def test_a_day_lasts_from_its_midnight_to_the_next(day: date) -> None:
    begins, ends = dutch_midnight(day), dutch_midnight(day + timedelta(days=1))

    assert begins.tzinfo is UTC
    assert [dutch_day(begins), dutch_day(ends - timedelta(seconds=1)), dutch_day(ends)] == [
        day,
        day,
        day + timedelta(days=1),
    ]


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-11-22", "2026-11-01", "2026-11-30"),
        ("2027-02-01", "2027-02-01", "2027-02-28"),
        ("2028-02-29", "2028-02-01", "2028-02-29"),
        ("2026-12-31", "2026-12-01", "2026-12-31"),
        ("2100-02-01", "2100-02-01", "2100-02-28"),
    ],
)
def test_the_days_of_a_month(day: str, first: str, last: str) -> None:
    month = YearMonth.of(date.fromisoformat(day))
    assert (month.first_day.isoformat(), month.last_day.isoformat()) == (first, last)
    assert str(month) == day[:7]
