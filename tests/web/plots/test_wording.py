"""Values and periods in Dutch."""

from datetime import date

import pytest

from app.insight.answers.periods import Period, period_of
from app.insight.answers.periods import Unit as Span
from app.web.plots.plot import Missing, Unit, Value
from app.web.plots.wording import number_in_words, period_in_short, period_in_words, value_in_words


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1000, "1.000"),
        (1234.5, "1.234,5"),
        (1234567, "1.234.567"),
        (0.04, "0"),
        (999.96, "1.000"),
        (-1234, "-1.234"),
        (-0.01, "0"),
    ],
)
def test_numbers(number: float, expected: str) -> None:
    assert number_in_words(number) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.125, "share", "12,5\N{NO-BREAK SPACE}%"),
        (1, "share", "100\N{NO-BREAK SPACE}%"),
        (1, "days", "1\N{NO-BREAK SPACE}dag"),
        (1200, "days", "1.200\N{NO-BREAK SPACE}dagen"),
        (12, "number", "12"),
        (Missing.HIDDEN, "number", "niet getoond"),
        (Missing.UNKNOWN, "share", "onbekend"),
    ],
)
def test_values(value: Value, unit: Unit, expected: str) -> None:
    assert value_in_words(value, unit) == expected


@pytest.mark.parametrize(
    ("span", "long", "short"),
    [("month", "maart 2026", "mrt"), ("quarter", "1e kwartaal 2026", "1e kw"), ("year", "2026", "2026")],
)
def test_periods(span: Span, long: str, short: str) -> None:
    period = period_of(date(2026, 3, 9), span)
    assert (period_in_words(period), period_in_short(period)) == (long, short)


@pytest.mark.parametrize("first", [date(2026, 12, 29), date(2027, 1, 4)])
def test_a_week_or_a_day_is_called_by_its_last_day(first: date) -> None:
    period = Period("2027-01-04", first, date(2027, 1, 4))
    assert (period_in_words(period), period_in_short(period)) == ("4 januari 2027", "4 jan")
