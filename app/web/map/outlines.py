"""The outlines of the 42 regions and the 342 municipalities, as they ship with the product.

`scripts/vendor-map` makes their sheets of `app/reference/data/municipalities.geojson` (CBS/Kadaster, CC BY 4.0). A page
draws them with `<use>` out of these files, which a browser keeps, so that no answer has an outline in it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, Self

from app.web.map.projection import Spot

_SHEETS: Final = Path(__file__).parents[1] / "static/map"
REGIONS: Final = _SHEETS / "regions.svg"
MUNICIPALITIES: Final = _SHEETS / "municipalities.svg"
ATTRIBUTION: Final = "Grenzen: CBS/Kadaster, CC BY 4.0"
"""What stands at every map, as the licence asks."""

_AREA: Final = re.compile(r'<path id="(?P<code>\w+)" data-middle="(?P<x>\d+) (?P<y>\d+)" [^>]*?d="(?P<path>[^"]+)"/>')
_RING: Final = re.compile(r"M([^l]+)l([^z]+)z")
_NUMBER: Final = re.compile(r"-?\d+")


class Box(NamedTuple):
    """A rectangle on the map, in its units."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, boxes: Iterator[Self]) -> "Box":
        """The smallest rectangle that holds all of these; ValueError where there is none."""
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return cls(min(lefts), min(tops), max(rights), max(bottoms))

    def meets(self, other: "Box") -> bool:
        """Whether the two have any place in common."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )


@dataclass(frozen=True, slots=True)
class Outline:
    """An area on the map: its SVG path, a spot well inside it, the rectangle around it, and the file that has it."""

    code: str
    sheet: str
    path: str
    middle: Spot
    box: Box


@dataclass(frozen=True, slots=True)
class Outlines:
    """All outlines by code."""

    regions: Mapping[str, Outline]
    municipalities: Mapping[str, Outline]


@cache
def outlines() -> Outlines:
    """All outlines, read once."""
    return Outlines(_read(REGIONS), _read(MUNICIPALITIES))


def rings_of(path: str) -> list[list[tuple[int, int]]]:
    """The rings of a path of ours, each as its corners: "M1 2l3 0 0 4z" is (1, 2), (4, 2), (4, 6)."""
    rings = []
    for start, steps in _RING.findall(path):
        x, y = _numbers(start)
        ring = [(x, y)]
        deltas = iter(_numbers(steps))
        for across, down in zip(deltas, deltas, strict=True):
            x, y = x + across, y + down
            ring.append((x, y))
        rings.append(ring)
    return rings


def _numbers(text: str) -> list[int]:
    return [int(each) for each in _NUMBER.findall(text)]


def _read(file: Path) -> Mapping[str, Outline]:
    found = _AREA.finditer(file.read_text())
    return MappingProxyType({each["code"]: _outline(f"map/{file.name}", each) for each in found})


def _outline(sheet: str, found: re.Match[str]) -> Outline:
    xs, ys = zip(*(corner for ring in rings_of(found["path"]) for corner in ring), strict=True)
    middle = Spot(int(found["x"]), int(found["y"]))
    return Outline(found["code"], sheet, found["path"], middle, Box(min(xs), min(ys), max(xs), max(ys)))
