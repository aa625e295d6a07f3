import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.geo import EARTH_RADIUS_KM, Point, distance_km

AMSTERDAM, DEN_HELDER = Point(52.37, 4.9), Point(52.95, 4.76)

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


def test_between_two_cities() -> None:
    assert distance_km(DEN_HELDER, AMSTERDAM) == pytest.approx(65.181, abs=0.0005)


@pytest.mark.parametrize(
    ("a", "b", "share_of_circumference"),
    [
        (Point(0, 0), Point(0, 90), 1 / 4),
        (Point(90, 0), Point(-90, 0), 1 / 2),  # pole to pole
        (Point(0, 0), Point(0, 180), 1 / 2),
        (Point(0, -179), Point(0, 179), 2 / 360),  # across the date line
        (Point(52, 5), Point(52, 5), 0),
    ],
)
def test_known_arcs(a: Point, b: Point, share_of_circumference: float) -> None:
    assert distance_km(a, b) == pytest.approx(2 * math.pi * EARTH_RADIUS_KM * share_of_circumference)


@given(points, points)
def test_is_symmetric_and_never_beyond_half_the_earth(a: Point, b: Point) -> None:
    there, back = distance_km(a, b), distance_km(b, a)

    assert there == pytest.approx(back)
    assert 0 <= there <= math.pi * EARTH_RADIUS_KM + 1e-6
