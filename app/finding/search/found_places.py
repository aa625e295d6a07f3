"""Where the offers that fit a question are, and what is free there: what a map shows of all of them, whichever page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from app.domain.geo import Point
from app.finding.catalogue.availability import STATUSES
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.entries import Entry
from app.finding.catalogue.records import numbers
from app.finding.search.fitting_offers import Found
from app.ranking.columns import Array

_FREE, _UNKNOWN = STATUSES.index("free"), STATUSES.index("unknown")


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """Offers in a municipality: how many, and their free places in all; None where that is told of none of them.

    `municipality` is None for help that comes to the child.
    """

    municipality: str | None
    offers: int
    free: float | None


@dataclass(frozen=True, slots=True)
class FoundLocation:
    """An offer and where it is given, by the names of its provider and its location; `free` as of `FoundPlaces`.

    `municipality` is None for help that comes to the child; `point` is None where no more is known of it.
    """

    offer_id: str
    municipality: str | None
    point: Point | None
    provider: str
    name: str
    free: float | None

    @property
    def label(self) -> str:
        """What it is called among others: two providers may each have a head office."""
        return f"{self.provider}, {self.name}"


def label_of(entry: Entry) -> str:
    """As `FoundLocation.label`, of an offer in the catalogue."""
    return f"{entry.provider.name}, {_location(entry).get('name', '')}"


def _location(entry: Entry) -> dict[str, Any]:
    return orjson.loads(entry.shown)["location"] or {}


def by_municipality(found: Found, *, public: bool) -> list[FoundPlaces]:
    """What fits, by municipality.

    Of 2 free, none free and 20 free hours in Den Helder: 3 offers, 2 free places.
    """
    offers, places = found.selection.offers[found.fits], _municipalities(found)
    free = _free(found, public=public)
    told = ~np.isnan(free)
    count = np.bincount(places)
    number_told = np.bincount(places, weights=told)
    total = np.bincount(places, weights=np.where(told, free, 0))
    codes = [None, *numbers().municipalities]
    return [
        FoundPlaces(codes[place], int(count[place]), float(total[place]) if number_told[place] else None)
        for place in (count.nonzero()[0].tolist() if len(offers) else [])
    ]


def each_location(catalogue: Catalogue, found: Found, *, public: bool) -> Iterator[FoundLocation]:
    """What fits, each on its own."""
    codes = [None, *numbers().municipalities]
    rows = zip(found.slots, _municipalities(found).tolist(), _free(found, public=public).tolist(), strict=True)
    for slot, place, free in rows:
        entry = catalogue.entry(slot)
        location = _location(entry)
        latitude, longitude = location.get("latitude"), location.get("longitude")
        yield FoundLocation(
            offer_id=entry.id,
            municipality=codes[place],
            point=None if latitude is None or longitude is None else Point(latitude, longitude),
            provider=entry.provider.name,
            name=location.get("name", ""),
            free=None if free != free else free,  # noqa: PLR0124 - not a number is unequal to itself
        )


def _municipalities(found: Found) -> Array:
    """The number of the municipality of each offer that fits; 0 for help that comes to the child."""
    offers = found.selection.offers[found.fits]
    return np.where(offers["at_home"], 0, offers["municipality"])


def _free(found: Found, *, public: bool) -> Array:
    """The places that each offer that fits has free now; not a number where its figure is hours, or is not known."""
    offers, status = found.selection.offers[found.fits], found.availabilities.status[found.fits]
    if public:
        return np.full(len(offers), np.nan)
    told = (status != _UNKNOWN) & ~offers["in_hours"]
    return np.where(told, np.where(status == _FREE, offers["places_free"], 0), np.nan)
