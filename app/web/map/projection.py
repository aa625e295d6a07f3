"""From degrees to the plane of the map: the Dutch grid (Rijksdriehoeksmeting), in units that make short paths."""

from functools import lru_cache
from typing import Final, NamedTuple

from app.domain.geo import Point

UNIT_M: Final = 250
"""Metres in a unit of the map; the outlines are in whole units."""
LEFT_M: Final = 10_000
TOP_M: Final = 625_000
"""The corner of the map in the Dutch grid, north-west of all of the Netherlands."""

_AMERSFOORT: Final = Point(latitude=52.15517440, longitude=5.38720621)
_EAST: Final = (
    (0, 1, 190094.945),
    (1, 1, -11832.228),
    (2, 1, -114.221),
    (0, 3, -32.391),
    (1, 0, -0.705),
    (3, 1, -2.340),
    (1, 3, -0.608),
    (0, 2, -0.008),
    (2, 3, 0.148),
)
_NORTH: Final = (
    (1, 0, 309056.544),
    (0, 2, 3638.893),
    (2, 0, 73.077),
    (1, 2, -157.984),
    (3, 0, 59.788),
    (0, 1, 0.433),
    (2, 2, -6.439),
    (1, 1, -0.032),
    (0, 4, 0.092),
    (1, 4, -0.054),
)
"""Powers of the degrees north and east of Amersfoort, and what each term weighs."""


class Spot(NamedTuple):
    """A place on the map in its units: from the left, and from the top."""

    x: float
    y: float


def dutch_grid(point: Point) -> tuple[float, float]:
    """Metres east and north in the Dutch grid (EPSG:28992), right to some 25 cm within the Netherlands.

    The polynomials of Schreutelkamp and Strang van Hees, Geodesia 43 (2001).
    """
    north = 0.36 * (point.latitude - _AMERSFOORT.latitude)
    east = 0.36 * (point.longitude - _AMERSFOORT.longitude)
    return (
        155_000 + sum(weight * north**p * east**q for p, q, weight in _EAST),
        463_000 + sum(weight * north**p * east**q for p, q, weight in _NORTH),
    )


@lru_cache(maxsize=2**14)
def spot(point: Point) -> Spot:
    """Where a place on earth is on the map; kept, as most places are the middle of one of some 4,000 postcodes."""
    east, north = dutch_grid(point)
    return Spot((east - LEFT_M) / UNIT_M, (TOP_M - north) / UNIT_M)
