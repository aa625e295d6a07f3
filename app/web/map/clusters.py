"""Offers that are near each other on the drawing, taken together so that a finger can touch each mark."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from app.web.map.projection import Spot
from app.web.map.views import TARGET


@dataclass(frozen=True, slots=True)
class Placed:
    """Offers on the drawing: what they are counted under, where, how many, and their free places; None where not told.

    They are counted under a region, a municipality or a location: by its code or name.
    """

    area: str
    pixel: Spot
    free: float | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Cluster:
    """Offers that one mark stands for: how many, their free places in all, where, and the areas that they are of."""

    areas: tuple[str, ...]
    pixel: Spot
    count: int
    free: float | None


def clusters_of(offers: Iterable[Placed]) -> list[Cluster]:
    """The offers in clusters whose targets do not overlap, the largest first.

    Offers of one area at one place stay together. The place with most offers gets a mark, then the next one whose
    target fits beside those that are there, and so on; what did not fit joins the mark that is nearest. At 40, 70 and
    110 pixels from the left, with 5, 1 and 2 offers, there are marks at 40 and 110, with 6 and 2.
    """
    places = _places(offers)
    at: dict[Spot, Cluster] = {}
    for each in places:
        at.setdefault(each.pixel, each)  # many are at one place, such as the middle of a postcode
    marks: list[Cluster] = []
    for each in at.values():
        if all(_apart(each, mark) >= TARGET for mark in marks):
            marks.append(each)
    nearest = {pixel: min(marks, key=partial(_apart, each)) for pixel, each in at.items()}
    parts: dict[Cluster, list[Cluster]] = {mark: [] for mark in marks}
    for each in places:
        parts[nearest[each.pixel]].append(each)
    return sorted((_together(*each) for each in parts.items()), key=_order)


def _places(offers: Iterable[Placed]) -> list[Cluster]:
    """The offers by area and place, those with most first."""
    held: dict[tuple[str, Spot], list[Placed]] = defaultdict(list)
    for each in offers:
        held[each.area, each.pixel].append(each)
    places = [
        Cluster((area,), pixel, sum(each.count for each in there), _sum(each.free for each in there))
        for (area, pixel), there in held.items()
    ]
    return sorted(places, key=_order)


def _order(cluster: Cluster) -> tuple[int, tuple[str, ...], Spot]:
    return -cluster.count, cluster.areas, cluster.pixel


def _together(mark: Cluster, parts: Sequence[Cluster]) -> Cluster:
    """The parts at the place of the mark, whose area is named first."""
    others = {area for each in parts for area in each.areas} - {*mark.areas}
    return Cluster(
        (*mark.areas, *sorted(others)), mark.pixel, sum(each.count for each in parts), _sum(each.free for each in parts)
    )


def _apart(one: Cluster, other: Cluster) -> float:
    """How far two squares are shifted from each other, the larger of across and down."""
    return max(abs(one.pixel.x - other.pixel.x), abs(one.pixel.y - other.pixel.y))


def _sum(numbers: Iterable[float | None]) -> float | None:
    """Those that are known in all; None where none is."""
    known = [each for each in numbers if each is not None]
    return sum(known) if known else None
