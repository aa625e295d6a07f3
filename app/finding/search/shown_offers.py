"""How the offers that fit a question are shown: bytes that were written before, put together."""

from datetime import date
from functools import cache, lru_cache
from typing import Final

import numpy as np
import orjson

from app.domain.arrays import Array
from app.domain.language import Language
from app.finding.catalogue.availability import STATUSES, Availabilities, available_today, show
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.entries import Entry
from app.finding.matching.wording.warnings import unconfirmed_place
from app.finding.search.fitting_offers import CLOSED, Found
from app.finding.search.schemas import AvailabilityFilter
from app.kit.json_bytes import to_json
from app.ranking.model import CONTRACT_KINDS
from app.reference.lists import reference

_ITEM: Final = b'{"offer":%b,"careTypeName":%b},"provider":%b,"availability":%b,"distanceKm":%b%b,"warnings":[%b]}'
_CONTRACT: Final = b',"contract":%b'
_NULL: Final = b"null"
_CONTRACTS: Final = {
    (number, usable): orjson.dumps({"kind": kind, "ceilingReached": not usable})
    for number, kind in enumerate(CONTRACT_KINDS)
    for usable in (True, False)
}
_SOON: Final = STATUSES.index("soon")


@cache
def _care_type_names(language: Language) -> dict[str, bytes]:
    return {each.code: orjson.dumps(each.name.in_(language)) for each in reference().care_types.values()}


def items(
    catalogue: Catalogue,
    query: AvailabilityFilter,
    found: Found,
    page: Array,
    day: date,
    language: Language,
    *,
    public: bool,
) -> list[orjson.Fragment]:
    """The offers in these positions as they go over the wire; for the public without counts and notes."""
    contracted = query.contracted_for is not None
    known, names = catalogue.entries, _care_type_names(language)
    entries = [known[slot] for slot in found.selection.slots[page].tolist()]
    rows = zip(
        entries,
        _shown(catalogue, query, found, entries, page, day, public=public),
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
                entry.shown[:-1],  # the bytes of an object, without the brace that closes it
                names[entry.care_type],
                entry.provider.shown,
                availability,
                _rounded(distance),
                _CONTRACT % _CONTRACTS[contract, usable] if contracted else b"",
                _warning(due, language) if due else b"",
            )
        )
        for entry, availability, distance, contract, usable, due in rows
    ]


def contracts(catalogue: Catalogue, found: Found) -> dict[str, bytes]:
    """The best contract of each offer that fits, as it goes over the wire, by the offer's id."""
    entries = [catalogue.entry(slot).id for slot in found.slots]
    kinds = zip(found.contract[found.fits].tolist(), found.usable[found.fits].tolist(), strict=True)
    return {offer_id: _CONTRACTS[each] for offer_id, each in zip(entries, kinds, strict=True)}


def _warned(available: Availabilities, page: Array) -> Array:
    """Since when a place should be free that no report has told of; 0 where that is not what an offer is shown as."""
    return np.where(available.status[page] == _SOON, available.due[page], 0)


@lru_cache(1024)
def _warning(due: int, language: Language) -> bytes:
    return orjson.dumps({"code": "unconfirmed-place", "detail": unconfirmed_place(due).in_(language)})


def _shown(
    catalogue: Catalogue,
    query: AvailabilityFilter,
    found: Found,
    entries: list[Entry],
    page: Array,
    day: date,
    *,
    public: bool,
) -> list[bytes]:
    """The availabilities of a page's offers as they go over the wire."""
    offers, today = found.selection.offers.take(page), day.toordinal()
    available = Availabilities(*(column[page] for column in found.availabilities))
    stopped_here = (available.status == CLOSED) & offers["accepts_referrals"]
    if public or query.places > 1 or stopped_here.any():
        notes = [entry.note for entry in entries]
        return [to_json(each) for each in show(offers, available, today, notes, public=public)]
    return [each.shown for each in available_today(catalogue, entries, today)]


def _rounded(km: float) -> bytes:
    return _NULL if km != km else repr(round(km, 3)).encode()  # noqa: PLR0124 - not a number is unequal to itself
