"""Which offers fit a question on a day: of all offers, or of some that changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np

from app.domain.arrays import Array
from app.domain.language import Text
from app.finding.catalogue.availability import (
    STATUSES,
    Availabilities,
    availabilities,
)
from app.finding.catalogue.blocks import given_counts, given_in
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.records import municipality_mask, numbers
from app.finding.catalogue.selection import (
    Area,
    Selection,
    select_contracted,
    select_slots,
)
from app.finding.search.distances import distance_km
from app.finding.search.schemas import AvailabilityFilter
from app.kit.errors import InputError
from app.ranking.facts import NEVER, NOT_COVERED
from app.ranking.facts_of_offers import genders_mask, unit_vector
from app.reference.lists import reference

FacetName = Literal["careType", "status", "municipality"]
CLOSED: Final = STATUSES.index("closed")
NEEDS_POSTCODE: Final = Text(nl="Dit vraagt ook een postcode.", en="This takes a postcode as well.")


@dataclass(frozen=True, slots=True)
class Found:
    """The offers that a question is about, which of them fit it, and what an answer shows of each."""

    selection: Selection
    availabilities: Availabilities
    distance_km: Array
    contract: Array
    usable: Array
    fits: Array
    fits_but: Mapping[FacetName, Array]
    """What fits but for one filter, for each filter that is counted by; none where it was not asked."""

    @property
    def fitting(self) -> Array:
        """The positions of the offers that fit."""
        return self.fits.nonzero()[0]

    @property
    def slots(self) -> list[int]:
        """The slots of the offers that fit."""
        slots: list[int] = self.selection.slots[self.fits].tolist()
        return slots


def filter_errors(query: AvailabilityFilter, where: str) -> list[InputError]:
    """What of the question cannot be asked together; `where` is the pointer to its fields."""
    if query.radius_km is not None and query.postcode is None:
        return [InputError(f"{where}/radiusKm", "needs-postcode", NEEDS_POSTCODE)]
    return []


def find(
    catalogue: Catalogue,
    query: AvailabilityFilter,
    day: date,
    among: Collection[str] | None = None,
    words: bytes | None = None,
    *,
    facets: bool = False,
) -> Found:
    """The offers that fit the question on that day; `among` has the ids of those that it is asked of, None for all.

    `words` has those with the words that are asked for, as `repository.find_ids` has them. With `facets` the offers
    of other care types are looked at too, so that they can be counted.
    """
    area = _area(query)
    if query.offer is not None:
        among = {str(query.offer)}.intersection([str(query.offer)] if among is None else among)
    selection = _select(catalogue, query, area, among, facets=facets)
    offers, today = selection.offers, day.toordinal()
    available = availabilities(offers, catalogue.stopped(selection.slots, today, selection.region), today)
    distance = distance_km(offers["unit_vector"], offers["at_home"], _origin(query))
    reference_day = np.where(available.start == NEVER, today, available.start)
    contract, usable = selection.contracts_on(reference_day)
    fits = _takes_in(offers, query)
    if area is not None:
        fits &= contract != NOT_COVERED
    if words is not None:
        fits &= _has_words(offers, words)
    if query.provider is not None:
        fits &= np.isin(selection.slots, catalogue.slots_of(query.provider))
    if query.radius_km is not None:
        fits &= ~(distance > query.radius_km)
    own = _of_facets(query, offers, available)
    if not facets:
        for each in own.values():
            fits &= each
        return Found(selection, available, distance, contract, usable, fits, {})
    fits_but = {
        name: np.logical_and.reduce([fits, *(each for other, each in own.items() if other != name)]) for name in own
    }
    fits = np.logical_and.reduce([fits, *own.values()])
    return Found(selection, available, distance, contract, usable, fits, fits_but)


def _of_facets(query: AvailabilityFilter, offers: Array, available: Availabilities) -> dict[FacetName, Array]:
    """What fits each of the filters that are counted by."""
    everything = np.ones(len(offers), np.bool_)
    statuses = [STATUSES.index(status) for status in query.status]
    care_types = [numbers().care_types[code] for code in query.care_type]
    inside = municipality_mask(query.municipality)
    area = reference().municipalities_in(regions=query.region, supraregion=query.supraregion)
    if query.municipality and area is not None:  # both hold of one place
        inside &= municipality_mask(area)
    return {
        "careType": np.isin(offers["care_type"], care_types) if care_types else everything,
        "status": np.isin(available.status, statuses) if statuses else everything,
        "municipality": given_in(offers, inside) if query.municipality else everything,
    }


def _has_words(offers: Array, ids: bytes) -> Array:
    """Which offers are among those with these ids; `order` has an id in two halves, as they stand in it."""
    halves = np.frombuffer(ids, ">u8").astype(np.uint64).reshape(-1, 2)
    order = offers["order"]
    found: Array = np.isin(order[:, 0], halves[:, 0]) & np.isin(order[:, 1], halves[:, 1])
    return found


def count(found: Found, names: Sequence[str]) -> dict[FacetName, dict[str, int]]:
    """How many offers there are by each value of what is counted by; `names` are the care types in their order."""
    offers, status = found.selection.offers, found.availabilities.status
    care_types = np.bincount(offers["care_type"][found.fits_but["careType"]], minlength=len(names))
    statuses = np.bincount(status[found.fits_but["status"]], minlength=len(STATUSES))
    places = given_counts(offers[found.fits_but["municipality"]])
    return {
        "careType": _positive(names, care_types),
        "status": _positive(STATUSES, statuses),
        "municipality": _positive(list(numbers().municipalities), places[1:]),
    }


def _positive(names: Sequence[str], counts: Array) -> dict[str, int]:
    return {name: number for name, number in zip(names, counts.tolist(), strict=False) if number}


def _area(query: AvailabilityFilter) -> Area | None:
    code = query.contracted_for
    if code is None:
        return None
    municipality = reference().municipalities.get(code)
    return Area(code, None) if municipality is None else Area(municipality.region, code)


def _select(
    catalogue: Catalogue, query: AvailabilityFilter, area: Area | None, among: Collection[str] | None, *, facets: bool
) -> Selection:
    """The offers that are looked at; `among` and `facets` as in `find`."""
    care_types = [] if facets else query.care_type
    if among is not None:
        return _select_some(catalogue, care_types, query.places, area, among)
    if area is None:
        return select_slots(catalogue, _live_near(catalogue, care_types, query, facets=facets), query.places)
    return _select_in(catalogue, care_types, query.places, area)


def _select_in(catalogue: Catalogue, care_types: Sequence[str], places: int, area: Area) -> Selection:
    """The offers that a contract covers for the children of an area."""
    return select_contracted(catalogue, care_types or list(reference().care_types), area, places)


def _live_near(catalogue: Catalogue, care_types: Sequence[str], query: AvailabilityFilter, *, facets: bool) -> Array:
    """The slots of the offers of these types without most of those elsewhere than is asked.

    What is left out so is not copied and worked out: that is most of what a question takes that is about a place.
    """
    slots, table, known = catalogue.live(care_types), catalogue.table, numbers().municipalities
    area = reference().municipalities_in(regions=query.region, supraregion=query.supraregion)
    for codes in (area, None if facets else query.municipality):
        if codes:
            there = np.isin(table["municipality"][slots], [known[code] for code in codes if code in known])
            slots = slots[there | table["at_home"][slots]]
    if query.radius_km is not None:
        distance = distance_km(table["unit_vector"][slots], table["at_home"][slots], _origin(query))
        slots = slots[~(distance > query.radius_km)]
    return slots


def _select_some(
    catalogue: Catalogue, care_types: Sequence[str], places: int, area: Area | None, among: Collection[str]
) -> Selection:
    """As `_select`, of the offers with these ids."""
    slots = np.array([slot for slot in map(catalogue.find_slot, among) if slot is not None], np.int64)
    if care_types:
        of_types = [numbers().care_types[code] for code in care_types]
        slots = slots[np.isin(catalogue.table["care_type"][slots], of_types)]
    if area is None or not len(slots):
        return select_slots(catalogue, slots, places)
    selection = _select_in(catalogue, care_types, places, area)
    kept = np.isin(selection.slots, slots)
    terms = [own for own, is_kept in zip(selection.terms, kept.tolist(), strict=True) if is_kept]
    return Selection(selection.slots[kept], selection.offers.compress(kept), terms, selection.region)


def _origin(query: AvailabilityFilter) -> tuple[float, float, float] | None:
    area = reference().postcodes.get(query.postcode) if query.postcode else None
    return None if area is None else unit_vector(area.point)


def _takes_in(offers: Array, query: AvailabilityFilter) -> Array:
    specialisations = numbers().specialisations.mask(query.specialisation)
    fits: Array = (offers["specialisations"] & specialisations) == specialisations
    if query.characteristic:
        fits &= (offers["exclusion_criteria"] & numbers().criteria.mask(query.characteristic)) == 0
    if query.crisis is not None:
        crisis = [numbers().care_types[each.code] for each in reference().care_types.values() if each.crisis]
        fits &= np.isin(offers["care_type"], crisis) == query.crisis
    area = reference().municipalities_in(regions=query.region, supraregion=query.supraregion)
    if area is not None:
        fits &= given_in(offers, municipality_mask(area))
    if query.age is not None:
        fits &= (offers["age_min"] <= query.age) & (query.age <= offers["age_max"])
    if query.gender is not None:
        fits &= (offers["genders"] & genders_mask([query.gender])) != 0
    return fits
