"""Where somebody means: a municipality, a town or a postcode, as people type it."""

from dataclasses import dataclass
from functools import cache
from math import cos, radians
from typing import Final

from app.domain.geo import Point
from app.reference.lists import PostcodeArea, reference

MOST_SUGGESTED: Final = 6


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality, and the postcode from which its distances are counted."""

    name: str
    municipality: str
    pc4: str


@cache
def municipality_names() -> list[str]:
    """The names of all municipalities, in order."""
    return sorted(each.name for each in reference().municipalities.values())


def municipality_name(code: str) -> str:
    """The name of a municipality; its code where there is no such any more."""
    known = reference().municipalities.get(code)
    return known.name if known else code


def find_place(text: str) -> Place | None:
    """The place that is typed; None where there is no such, or more than one begins like that."""
    typed = text.strip().casefold()
    if typed[:4].isdecimal():
        area = reference().postcodes.get(typed[:4])
        return _of_area(area.pc4, area) if area else None
    found = _by_name().get(typed)
    if found is None:
        beginning = suggestions(text)
        return _by_name()[beginning[0].casefold()] if len(beginning) == 1 else None
    return found


def suggestions(text: str) -> list[str]:
    """The municipalities and towns whose names begin so, a few at most; municipalities first."""
    typed = text.strip().casefold()
    if not typed:
        return []
    return [place.name for name, place in _by_name().items() if name.startswith(typed)][:MOST_SUGGESTED]


def _of_area(name: str, area: PostcodeArea) -> Place:
    return Place(name, area.municipality, area.pc4)


@cache
def _by_name() -> dict[str, Place]:
    """All places by name in lower case; where a town and a municipality are called the same, the municipality."""
    inside: dict[str, list[PostcodeArea]] = {}
    towns: dict[str, Place] = {}
    for area in reference().postcodes.values():
        inside.setdefault(area.municipality, []).append(area)
        towns.setdefault(area.city.casefold(), _of_area(area.city, area))
    municipalities = {
        each.name.casefold(): Place(each.name, each.code, _middle(inside[each.code]).pc4)
        for each in reference().municipalities.values()
        if each.code in inside
    }
    return dict(sorted(municipalities.items())) | {name: towns[name] for name in sorted(towns.keys() - municipalities)}


def _middle(areas: list[PostcodeArea]) -> PostcodeArea:
    """The postcode nearest to the mean of all."""
    latitude = sum(each.point.latitude for each in areas) / len(areas)
    longitude = sum(each.point.longitude for each in areas) / len(areas)

    def apart(point: Point) -> float:
        return (point.latitude - latitude) ** 2 + ((point.longitude - longitude) * cos(radians(latitude))) ** 2

    return min(areas, key=lambda each: apart(each.point))
