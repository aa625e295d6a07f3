"""Scales and ticks: round, few, around all values; and labels of periods where a year begins."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.insight.answers.periods import Period, on_day
from app.web.plots.scales import Bands, Scale, labelled, ticks
from tests.web.plots.played import periods


@pytest.mark.parametrize(
    ("low", "high", "most", "whole", "expected"),
    [
        (0, 37, 5, True, [0, 10, 20, 30, 40]),
        (0, 40, 5, True, [0, 10, 20, 30, 40]),  # ends where the values do
        (0, 3, 6, True, [0, 1, 2, 3]),
        (0, 1, 6, True, [0, 1]),  # no half children
        (0, 1, 6, False, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 0.93, 6, False, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 0.04, 6, False, [0, 0.01, 0.02, 0.03, 0.04]),
        (0, 1234, 6, True, [0, 500, 1000, 1500]),
        (-3, 7, 6, True, [-5, 0, 5, 10]),  # steps of 2 would be seven ticks
        (0, 0, 6, True, [0, 1]),
        (5, 5, 6, True, [5, 6]),
    ],
)
def test_ticks(low: float, high: float, most: int, whole: bool, expected: list[float]) -> None:
    assert ticks(low, high, most, whole=whole) == expected


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9), st.integers(3, 12), st.booleans())
def test_ticks_are_few_evenly_apart_and_hold_all_values(low: float, more: float, most: int, whole: bool) -> None:
    high = low + more
    found = ticks(low, high, most, whole=whole)
    assert 2 <= len(found) <= most
    slack = 1e-6 * max(abs(low), abs(high), 1)
    assert found[0] <= low + slack
    assert found[-1] >= high - slack
    steps = [after - before for before, after in pairwise(found)]
    assert max(steps) - min(steps) <= slack
    assert not whole or all(each.is_integer() for each in map(float, found))


@pytest.mark.parametrize(("low", "high", "most"), [(1, 0, 5), (0, 1, 2)])
def test_ticks_refuse_what_cannot_be(low: float, high: float, most: int) -> None:
    with pytest.raises(ValueError, match="ticks take"):
        ticks(low, high, most)


def test_a_scale_is_straight_also_upside_down() -> None:
    scale = Scale(0, 40, 200, 0)
    assert [scale.pixel(each) for each in (0, 10, 40, 80)] == [200, 150, 0, -200]


def test_bands_are_side_by_side() -> None:
    bands = Bands(4, 10, 50)
    assert bands.width == 10
    assert [bands.middle(each) for each in range(4)] == [15, 25, 35, 45]


@pytest.mark.parametrize(
    ("number", "first", "most", "expected"),
    [
        (3, date(2026, 11, 1), 5, ["2026-11", "2026-12", "2027-01"]),
        (6, date(2026, 11, 1), 3, ["2026-11", "2027-01", "2027-03"]),
        (12, date(2025, 12, 1), 5, ["2026-01", "2026-04", "2026-07", "2026-10"]),
        (24, date(2025, 3, 1), 5, ["2025-07", "2026-01", "2026-07", "2027-01"]),
        (60, date(2022, 1, 1), 5, ["2022-01", "2023-01", "2024-01", "2025-01", "2026-01"]),
        (3, date(2026, 2, 1), 1, ["2026-03"]),
        (2, date(2026, 2, 1), 1, ["2026-03"]),
        (0, date(2026, 2, 1), 1, []),
    ],
)
def test_labelled_months(number: int, first: date, most: int, expected: list[str]) -> None:
    months = periods(number, first)
    assert [months[each].name for each in labelled(months, most)] == expected


def test_labelled_quarters_and_years() -> None:
    quarters = periods(8, date(2025, 4, 1), "quarter")
    assert [quarters[each].name for each in labelled(quarters, 4)] == ["2025-Q3", "2026-Q1", "2026-Q3", "2027-Q1"]
    years = periods(5, date(2022, 1, 1), "year")
    assert labelled(years, 5) == [0, 1, 2, 3, 4]


def test_labelled_weeks_count_back_from_the_last() -> None:
    lasts = [date(2026, 11, 29) - timedelta(days=7 * each) for each in range(12, -1, -1)]
    weeks = [Period(last.isoformat(), last - timedelta(days=6), last) for last in lasts]
    assert labelled(weeks, 5) == [0, 3, 6, 9, 12]
    assert labelled(weeks[1:], 5) == [2, 5, 8, 11]
    assert labelled([on_day(date(2026, 11, 29))], 5) == [0]


@given(st.integers(0, 60), st.integers(0, 40), st.integers(1, 12))
def test_labels_are_few_and_there_is_one(number: int, later: int, most: int) -> None:
    months = periods(number, date(2022 + later // 12, later % 12 + 1, 1))
    found = labelled(months, most)
    assert len(found) <= most
    assert bool(found) == bool(months)
    assert all(0 <= each < number for each in found)
