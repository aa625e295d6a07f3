"""Where the offers that fit a question are, and what is free there: what a map shows of all of them, whichever page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Array
from app.domain.geo import Point
from app.finding.catalogue.availability import STATUSES
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.entries import Entry
from app.finding.catalogue.records import numbers
from app.finding.search.fitting_offers import Found

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
    """Where a provider gives offers, by its name and that of the location; `free` as of `FoundPlaces`.

    `municipality` is None for help that comes to the child; `point` is None where no more is known of it.
    """

    offer_ids: Sequence[str]
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
    return f"{entry.provider.name}, {entry.location.get('name', '')}"


def by_municipality(found: Found, *, public: bool) -> list[FoundPlaces]:
    """What fits, by municipality.

    Of 2 free, none free and 20 free hours in Den Helder: 3 offers, 2 free places.
    """
    places = _municipalities(found)
    codes = [None, *numbers().municipalities]
    counted = _counted(places, _free(found, public=public))
    return [FoundPlaces(codes[place], count, free) for place, (count, free) in enumerate(counted) if count]


def by_location(catalogue: Catalogue, found: Found, *, public: bool) -> list[FoundLocation]:
    """What fits, by where it is given: what is read of an offer for people to read is read once for each location."""
    codes = [None, *numbers().municipalities]
    rows: dict[tuple[int, int, bytes], int] = {}
    row_of: list[int] = []
    first: list[tuple[Entry, int]] = []
    offer_ids: list[list[str]] = []
    for slot, place in zip(found.slots, _municipalities(found).tolist(), strict=True):
        entry = catalogue.entry(slot)
        key = (entry.provider.number, place, entry.shown_location)
        row = rows.setdefault(key, len(rows))
        if row == len(first):
            first.append((entry, place))
            offer_ids.append([])
        offer_ids[row].append(entry.id)
        row_of.append(row)
    counted = _counted(np.array(row_of, dtype=np.intp), _free(found, public=public))
    return [
        _location(entry, codes[place], ids, free)
        for (entry, place), ids, (_, free) in zip(first, offer_ids, counted, strict=True)
    ]


def _location(entry: Entry, municipality: str | None, offer_ids: Sequence[str], free: float | None) -> FoundLocation:
    location = entry.location
    latitude, longitude = location.get("latitude"), location.get("longitude")
    return FoundLocation(
        offer_ids=offer_ids,
        municipality=municipality,
        point=None if latitude is None or longitude is None else Point(latitude, longitude),
        provider=entry.provider.name,
        name=location.get("name", ""),
        free=free,
    )


def _counted(rows: Array, free: Array) -> Iterator[tuple[int, float | None]]:
    """For each row: how many offers are of it, and their free places; None where these are told of none of them.

    Of the rows 0, 1, 1 with 2, 1 and unknown free: 1 offer with 2, and 2 offers with 1.
    """
    told = ~np.isnan(free)
    count, number_told = np.bincount(rows), np.bincount(rows, weights=told)
    total = np.bincount(rows, weights=np.where(told, free, 0))
    for offers, known, places in zip(count.tolist(), number_told.tolist(), total.tolist(), strict=True):
        yield offers, places if known else None


def _municipalities(found: Found) -> Array:
    """The number of the municipality of each offer that fits; 0 for help that comes to the child."""
    offers = found.selection.offers.compress(found.fits)
    return np.where(offers["at_home"], 0, offers["municipality"])


def _free(found: Found, *, public: bool) -> Array:
    """The places that each offer that fits has free now; not a number where its figure is hours, or is not known."""
    offers, status = found.selection.offers.compress(found.fits), found.availabilities.status[found.fits]
    if public:
        return np.full(len(offers), np.nan)
    told = (status != _UNKNOWN) & ~offers["in_hours"]
    return np.where(told, np.where(status == _FREE, offers["places_free"], 0), np.nan)
