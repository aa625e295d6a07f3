"""The target of a day: straight between points, nothing before the first, the last for ever."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.insight.targets.line import Point, target_on

SECURE = [Point(date(2022, 1, 1), 235), Point(date(2024, 12, 31), 100)]
STEPS = [Point(date(2026, 1, 1), 10), Point(date(2026, 1, 11), 20), Point(date(2026, 1, 12), 0)]


@pytest.mark.parametrize(
    ("points", "day", "expected"),
    [
        (SECURE, date(2021, 12, 31), None),
        (SECURE, date(2022, 1, 1), 235),
        (SECURE, date(2022, 1, 2), 235 - 135 / 1095),
        (SECURE, date(2024, 12, 30), 100 + 135 / 1095),
        (SECURE, date(2024, 12, 31), 100),
        (SECURE, date(2030, 6, 1), 100),
        (STEPS, date(2026, 1, 6), 15),  # upward, halfway
        (STEPS, date(2026, 1, 11), 20),  # on a point in between
        (STEPS, date(2026, 1, 12), 0),  # from one day to the next
        ([Point(date(2026, 1, 1), 7)], date(2025, 12, 31), None),
        ([Point(date(2026, 1, 1), 7)], date(2026, 1, 1), 7),
        ([Point(date(2026, 1, 1), 7)], date(2999, 1, 1), 7),
    ],
)
def test_the_target_of_a_day(points: list[Point], day: date, expected: float | None) -> None:
    assert target_on(points, day) == (None if expected is None else pytest.approx(expected, abs=1e-9))


@given(
    st.dictionaries(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 1000), min_size=1, max_size=6),
    st.integers(-400, 40_000),
)
def test_stays_between_the_points_around_it(given_points: dict[date, int], days: int) -> None:
    points = [Point(*each) for each in sorted(given_points.items())]
    day = points[0].on + timedelta(days=days)
    aimed_at = target_on(points, day)
    if days < 0:
        assert aimed_at is None
        return
    earlier = [point for point in points if point.on <= day][-1]
    later = next((point for point in points if point.on >= day), earlier)
    low, high = sorted([earlier.places, later.places])
    assert aimed_at is not None
    assert low - 1e-9 <= aimed_at <= high + 1e-9
    if earlier.on == day:
        assert aimed_at == earlier.places
