"""Rings of corners in whole units: shared borders dropped, written as paths, and a spot well inside."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import hypot

Corner = tuple[int, int]
Ring = list[Corner]
"""Corners in order; the last is joined to the first."""

_GRID = 24
"""Steps across and down in which a spot well inside is sought."""


def united(rings: Iterable[Ring]) -> list[Ring]:
    """The outline of areas together: a border that two of them share is walked both ways, and is left out.

    Of the squares (0,0) (1,0) (1,1) (0,1) and (1,0) (2,0) (2,1) (1,1) the step from (1,0) to (1,1) is in the one and
    that from (1,1) to (1,0) in the other; what remains is one ring of six corners.
    """
    steps = {step for ring in rings for step in _steps(ring)}
    onward: dict[Corner, list[Corner]] = defaultdict(list)
    for start, end in sorted(steps):
        if (end, start) not in steps:
            onward[start].append(end)
    found = []
    for start in sorted(onward):
        while onward[start]:
            found.extend(_split(_walk(start, onward)))
    return found


def _steps(ring: Ring) -> Iterable[tuple[Corner, Corner]]:
    return zip(ring, [*ring[1:], ring[0]], strict=True)


def _walk(start: Corner, onward: dict[Corner, list[Corner]]) -> Ring:
    """A closed walk from a corner along steps that are left."""
    ring = [start]
    while True:
        corner = onward[ring[-1]].pop()
        if corner == start:
            return ring
        ring.append(corner)


def _split(walk: Ring) -> list[Ring]:
    """A walk that comes twice past a corner is two rings that touch there."""
    rings, ring, place = [], [], {}  # type: list[Ring], Ring, dict[Corner, int]
    for corner in walk:
        if corner in place:
            since = place[corner]
            rings.append(ring[since:])
            for each in ring[since:]:
                del place[each]
            del ring[since:]
        place[corner] = len(ring)
        ring.append(corner)
    return [each for each in [*rings, ring] if len(each) > 2]


def path_of(rings: Iterable[Ring]) -> str:
    """The rings as an SVG path of relative steps: "M1 2l3 0 0 4z"."""
    return "".join(_ring_path(ring) for ring in rings)


def _ring_path(ring: Ring) -> str:
    steps = " ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(ring))
    return f"M{ring[0][0]} {ring[0][1]}l{steps}z".replace(" -", "-")


def is_inside(x: float, y: float, rings: Iterable[Ring]) -> bool:
    """Whether a spot is inside: a line from it to the right crosses the rings an odd number of times."""
    crossings = 0
    for ring in rings:
        for (ax, ay), (bx, by) in _steps(ring):
            crossings += (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax)
    return crossings % 2 == 1


def middle_of(rings: Sequence[Ring]) -> Corner:
    """The whole spot inside that is furthest from every border, among a grid of them."""
    xs, ys = zip(*(corner for ring in rings for corner in ring), strict=True)
    spots = {
        (round(min(xs) + (max(xs) - min(xs)) * i / _GRID), round(min(ys) + (max(ys) - min(ys)) * j / _GRID))
        for i in range(1, _GRID)
        for j in range(1, _GRID)
    }
    inside = [spot for spot in sorted(spots) if is_inside(*spot, rings)]
    return max(inside, key=lambda spot: min(_distance(spot, *step) for ring in rings for step in _steps(ring)))


def _distance(spot: Corner, start: Corner, end: Corner) -> float:
    """From a spot to a straight border."""
    (x, y), (ax, ay), (bx, by) = spot, start, end
    across, down = bx - ax, by - ay
    share = ((x - ax) * across + (y - ay) * down) / (across * across + down * down)
    share = min(1, max(0, share))
    return hypot(x - ax - share * across, y - ay - share * down)
