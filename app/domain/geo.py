"""Distances as the crow flies."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
"""The mean radius R1 of the earth (IUGG)."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place on earth, in degrees (WGS84)."""

    latitude: float
    longitude: float


def distance_km(a: Point, b: Point) -> float:
    """The great-circle distance in km, by the haversine formula."""
    north_a, north_b = radians(a.latitude), radians(b.latitude)
    half_north = sin((north_b - north_a) / 2)
    half_east = sin(radians(b.longitude - a.longitude) / 2)
    chord = half_north * half_north + cos(north_a) * cos(north_b) * half_east * half_east
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))
