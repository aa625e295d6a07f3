"""A target line: points in time, and straight lines between them."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple


class Point(NamedTuple):
    """How many places are aimed at on a day."""

    on: date
    places: float


def target_on(points: Sequence[Point], day: date) -> float | None:
    """How many places are aimed at on that day, unrounded; `points` are in the order of their days.

    None before the first point; the last one holds on. Of 235 on 1 January 2022 and 100 on 31 December 2024:

    | day | aimed at |
    | --- | --- |
    | 31 December 2021 | None |
    | 2 January 2022, 1 of 1,095 days later | 235 - 135 / 1,095 |
    | 1 January 2025 | 100 |
    """
    passed = [point for point in points if point.on <= day]
    if not passed:
        return None
    last = passed[-1]
    if len(passed) == len(points):
        return last.places
    coming = points[len(passed)]
    return last.places + (coming.places - last.places) * (day - last.on).days / (coming.on - last.on).days
