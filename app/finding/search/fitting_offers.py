"""Which offers fit a question on a day, and how they are shown: of all offers, or of some that changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
import orjson

from app.domain.language import Language, Text
from app.finding.catalogue.availability import (
    STATUSES,
    Availabilities,
    availabilities,
    show,
    shown_today,
)
from app.finding.catalogue.blocks import given_in
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.entries import Entry
from app.finding.catalogue.records import municipality_mask, numbers
from app.finding.catalogue.selection import (
    Area,
    Gathered,
    gather,
    gather_all,
    gather_slots,
)
from app.finding.matching.wording.warnings import unconfirmed_place
from app.finding.search.schemas import AvailabilityFilter
from app.kit.errors import InputError
from app.kit.http.respond import to_json
from app.ranking.columns import (
    NEVER,
    Array,
    genders_mask,
    place_of,
)
from app.ranking.derived_dates import NOT_COVERED, best_contract, distance_km
from app.ranking.filters import stopped
from app.ranking.model import CONTRACT_KINDS
from app.reference.lists import reference

_ITEM: Final = b'{"offer":%b,"provider":%b,"availability":%b,"distanceKm":%b,"contract":%b,"warnings":[%b]}'
_NULL: Final = b"null"
_CONTRACTS: Final = {
    (number, usable): orjson.dumps({"kind": kind, "ceilingReached": not usable})
    for number, kind in enumerate(CONTRACT_KINDS)
    for usable in (True, False)
}
CLOSED: Final = STATUSES.index("closed")
_SOON: Final = STATUSES.index("soon")
NEEDS_POSTCODE: Final = Text(nl="Dit vraagt ook een postcode.", en="This takes a postcode as well.")


@dataclass(frozen=True, slots=True)
class Found:
    """The offers that a question is about, which of them fit it, and what an answer shows of each."""

    gathered: Gathered
    availabilities: Availabilities
    distance_km: Array
    contract: Array
    usable: Array
    fits: Array

    @property
    def fitting(self) -> Array:
        """The positions of the offers that fit."""
        return self.fits.nonzero()[0]

    @property
    def slots(self) -> list[int]:
        """The slots of the offers that fit."""
        slots: list[int] = self.gathered.slots[self.fits].tolist()
        return slots


def filter_errors(query: AvailabilityFilter, where: str) -> list[InputError]:
    """What of the question cannot be asked together; `where` is the pointer to its fields."""
    if query.radius_km is not None and query.postcode is None:
        return [InputError(f"{where}/radiusKm", "needs-postcode", NEEDS_POSTCODE)]
    return []


def find(catalogue: Catalogue, query: AvailabilityFilter, day: date, among: Collection[str] | None = None) -> Found:
    """The offers that fit the question on that day; `among` has the ids of those that it is asked of, None for all."""
    area = _area(query)
    gathered = _gather(catalogue, query, area) if among is None else _gather_some(catalogue, query, area, among)
    offers, today = gathered.offers, day.toordinal()
    available = availabilities(offers, stopped(gathered.stops, len(offers), today), today)
    distance = distance_km(offers["place"], offers["at_home"], _origin(query))
    reference_day = np.where(available.start == NEVER, today, available.start)
    contract, usable = best_contract(gathered.contracts, reference_day, has_measure=False)
    fits = _takes_in(offers, query)
    if area is not None:
        fits &= contract != NOT_COVERED
    if query.region is not None or query.municipality is not None:
        fits &= given_in(offers, municipality_mask(_places(query)))
    if query.provider is not None:
        fits &= np.isin(gathered.slots, catalogue.slots_of(query.provider))
    if query.radius_km is not None:
        fits &= ~(distance > query.radius_km)
    if query.status:
        fits &= np.isin(available.status, [STATUSES.index(status) for status in query.status])
    return Found(gathered, available, distance, contract, usable, fits)


def _area(query: AvailabilityFilter) -> Area | None:
    code = query.contracted_for
    if code is None:
        return None
    municipality = reference().municipalities.get(code)
    return Area(code, None) if municipality is None else Area(municipality.region, code)


def _gather(catalogue: Catalogue, query: AvailabilityFilter, area: Area | None) -> Gathered:
    if area is None:
        return gather_all(catalogue, query.care_type)
    return gather(catalogue, query.care_type or list(reference().care_types), area)


def _gather_some(
    catalogue: Catalogue, query: AvailabilityFilter, area: Area | None, among: Collection[str]
) -> Gathered:
    """As `_gather`, of the offers with these ids."""
    slots = np.array([slot for slot in map(catalogue.find_slot, among) if slot is not None], np.int64)
    if query.care_type:
        asked = [numbers().care_types[code] for code in query.care_type]
        slots = slots[np.isin(catalogue.table["care_type"][slots], asked)]
    if area is None or not len(slots):
        return gather_slots(catalogue, slots)
    gathered = _gather(catalogue, query, area)
    kept = np.isin(gathered.slots, slots)
    position = np.cumsum(kept) - 1
    return Gathered(
        gathered.slots[kept],
        gathered.offers[kept],
        gathered.counts[kept],
        _moved(gathered.contracts, kept, position),
        _moved(gathered.stops, kept, position),
    )


def _moved(rows: Array, kept: Array, position: Array) -> Array:
    """The rows of the offers that are kept, with their new positions."""
    rows = rows[kept[rows["position"]]]
    rows["position"] = position[rows["position"]]
    return rows


def _places(query: AvailabilityFilter) -> list[str]:
    """The municipalities where the help may be given."""
    inside = reference().municipalities_of(query.region) if query.region else [str(query.municipality)]
    return [code for code in inside if query.municipality in (None, code)]


def _origin(query: AvailabilityFilter) -> tuple[float, float, float] | None:
    area = reference().postcodes.get(query.postcode) if query.postcode else None
    return None if area is None else place_of(area.point)


def _takes_in(offers: Array, query: AvailabilityFilter) -> Array:
    specialisations = numbers().specialisations.mask(query.specialisation)
    fits: Array = (offers["specialisations"] & specialisations) == specialisations
    if query.age is not None:
        fits &= (offers["age_min"] <= query.age) & (query.age <= offers["age_max"])
    if query.gender is not None:
        fits &= (offers["genders"] & genders_mask([query.gender])) != 0
    return fits


def items(
    catalogue: Catalogue,
    query: AvailabilityFilter,
    found: Found,
    page: Array,
    day: date,
    *,
    public: bool,
    language: Language = "nl",
) -> list[orjson.Fragment]:
    """The offers in these positions as they go over the wire; for the public without counts."""
    contracted = query.contracted_for is not None
    known = catalogue.entries
    entries = [known[slot] for slot in found.gathered.slots[page].tolist()]
    rows = zip(
        entries,
        _shown(catalogue, found, entries, page, day, public=public),
        found.distance_km[page].tolist(),
        found.contract[page].tolist(),
        found.usable[page].tolist(),
        _warned(found.availabilities, page).tolist(),
        strict=True,
    )
    return [
        orjson.Fragment(
            _ITEM
            % (
                entry.shown,
                entry.provider.shown,
                availability,
                _rounded(distance),
                _CONTRACTS[contract, usable] if contracted else _NULL,
                _warning(due, language) if due else b"",
            )
        )
        for entry, availability, distance, contract, usable, due in rows
    ]


def _warned(available: Availabilities, page: Array) -> Array:
    """Since when a place should be free that no report has told of; 0 where that is not what an offer is shown as."""
    return np.where(available.status[page] == _SOON, available.due[page], 0)


@lru_cache(1024)
def _warning(due: int, language: Language) -> bytes:
    return orjson.dumps({"code": "unconfirmed-place", "detail": unconfirmed_place(due).in_(language)})


def _shown(
    catalogue: Catalogue, found: Found, entries: list[Entry], page: Array, day: date, *, public: bool
) -> list[bytes]:
    """The availabilities of a page's offers as they go over the wire."""
    offers, today = found.gathered.offers.take(page), day.toordinal()
    available = Availabilities(*(column[page] for column in found.availabilities))
    stopped_here = (available.status == CLOSED) & offers["accepts_referrals"]
    if public or stopped_here.any():
        return [to_json(each) for each in show(offers, available, today, public=public)]
    return shown_today(catalogue, entries, today)


def _rounded(km: float) -> bytes:
    return _NULL if km != km else repr(round(km, 3)).encode()  # noqa: PLR0124 - not a number is unequal to itself
