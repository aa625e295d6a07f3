"""Finding free places: which offers fit the question, in which order, and which page of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np
import orjson

from app.catalogue.availability import STATUSES, Availabilities, availabilities, show, shown_today
from app.catalogue.blocks import given_in
from app.catalogue.catalogue import Catalogue
from app.catalogue.entries import Entry
from app.catalogue.following import Follower
from app.catalogue.gathering import Area, Gathered, gather, gather_all
from app.catalogue.position import Position
from app.catalogue.records import municipality_mask, numbers
from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.kit.pagination import invalid_cursor
from app.kit.respond import to_json
from app.matching.ranking.columns import NEVER, Array, genders_mask, place_of
from app.matching.ranking.derived import NOT_COVERED, best_contract, distance_km
from app.matching.ranking.filters import stopped
from app.matching.ranking.model import CONTRACT_KINDS
from app.reference.lists import reference
from app.search.schemas import AvailabilityQuery

KEY: Final = (date, str, float, float, UUID)
"""What a cursor holds: the day that the order is counted from, what had been seen when the first page was made, and
the last offer's place in the order: two figures and its id."""

_LAST: Final = 9_999_999.0
_CLOSED: Final = STATUSES.index("closed")
_LONGEST: Final = 600

_ITEM: Final = b'{"offer":%b,"provider":%b,"availability":%b,"distanceKm":%b,"contract":%b}'
_NULL: Final = b"null"
_CONTRACTS: Final = {
    (number, usable): orjson.dumps({"kind": kind, "ceilingReached": not usable})
    for number, kind in enumerate(CONTRACT_KINDS)
    for usable in (True, False)
}


@dataclass(frozen=True, slots=True)
class Start:
    """Where a page starts: after `key`, in the order of `day`, without what changed since `seen`."""

    day: date
    seen: Position
    key: tuple[float, float, UUID] | None


@dataclass(frozen=True, slots=True)
class Found:
    """All offers that fit a question, and what the order and the answer ask of each."""

    gathered: Gathered
    availabilities: Availabilities
    distance_km: Array
    contract: Array
    usable: Array
    figures: tuple[Array, Array]


async def find(
    follower: Follower, query: AvailabilityQuery, key: list[Any] | None, today: date, *, public: bool
) -> tuple[list[orjson.Fragment], list[Any] | None]:
    """The page that comes after `key`, as it goes over the wire, and the key of the next; for the public no counts.

    An offer that changes between two pages may have moved in the order; it is left out of the later ones, so that
    none is shown twice. `CatalogueStaleError` where the page before knew of more than can be had now.
    """
    _check(query)
    start = _start(follower.catalogue, key, today)
    if not follower.catalogue.position.covers(start.seen) and not await follower.try_to_catch_up():
        follower.check()  # the page before was made by a worker that has seen more
    catalogue = follower.catalogue
    if start.key is not None and start.seen.xmin < catalogue.known_from:
        raise invalid_cursor()  # what changed since cannot be told any more
    found, fitting = _search(catalogue, query, start)
    page = _page(found, fitting, start, query.limit)
    items = _items(catalogue, query, found, page[: query.limit], start.day, public=public)
    if len(page) <= query.limit:
        return items, None
    last = page[query.limit - 1]
    shown = catalogue.entry(found.gathered.slots[last])
    first, second = (float(figures[last]) for figures in found.figures)
    return items, [start.day, _text(start.seen), first, second, shown.id]


def _start(catalogue: Catalogue, key: list[Any] | None, today: date) -> Start:
    """The start of the page; the day of the first one is today's or yesterday's."""
    if key is None:
        return Start(today, catalogue.position, None)
    day, seen, first, second, id_ = key
    try:
        position = Position.parse(seen)
    except ValueError as error:
        raise invalid_cursor() from error
    if not today - timedelta(days=1) <= day <= today:
        raise invalid_cursor()
    return Start(day, position, (first, second, id_))


def _text(seen: Position) -> str:
    """For a cursor; where many transactions were running it says that it has seen less, which leaves out more."""
    text = str(seen)
    return text if len(text) <= _LONGEST else f"{seen.xmin}:{seen.xmin}:"


def _check(query: AvailabilityQuery) -> None:
    text = Text(nl="Dit vraagt ook een postcode.", en="This takes a postcode as well.")
    errors = []
    if query.radius_km is not None and query.postcode is None:
        errors.append(InputError("#/query/radiusKm", "needs-postcode", text))
    if query.sort == "nearest" and query.postcode is None:
        errors.append(InputError("#/query/sort", "needs-postcode", text))
    if errors:
        raise InvalidInputError(*errors)


def _area(query: AvailabilityQuery) -> Area | None:
    code = query.contracted_for
    if code is None:
        return None
    municipality = reference().municipalities.get(code)
    return Area(code, None) if municipality is None else Area(municipality.region, code)


def _search(catalogue: Catalogue, query: AvailabilityQuery, start: Start) -> tuple[Found, Array]:
    """What the question is about, and the positions of the offers that fit."""
    gathered, area = _gather(catalogue, query), _area(query)
    offers, today = gathered.offers, start.day.toordinal()
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
    if start.key is not None:
        fits &= ~catalogue.changed_since(gathered.slots, start.seen)
    figures = _figures(query, offers, available, distance)
    return Found(gathered, available, distance, contract, usable, figures), fits.nonzero()[0]


def _gather(catalogue: Catalogue, query: AvailabilityQuery) -> Gathered:
    area = _area(query)
    if area is None:
        return gather_all(catalogue, query.care_type)
    return gather(catalogue, query.care_type or list(reference().care_types), area)


def _places(query: AvailabilityQuery) -> list[str]:
    """The municipalities where the help may be given."""
    inside = reference().municipalities_of(query.region) if query.region else [str(query.municipality)]
    return [code for code in inside if query.municipality in (None, code)]


def _origin(query: AvailabilityQuery) -> tuple[float, float, float] | None:
    area = reference().postcodes.get(query.postcode) if query.postcode else None
    return None if area is None else place_of(area.point)


def _takes_in(offers: Array, query: AvailabilityQuery) -> Array:
    specialisations = numbers().specialisations.mask(query.specialisation)
    fits: Array = (offers["specialisations"] & specialisations) == specialisations
    if query.age is not None:
        fits &= (offers["age_min"] <= query.age) & (query.age <= offers["age_max"])
    if query.gender is not None:
        fits &= (offers["genders"] & genders_mask([query.gender])) != 0
    return fits


def _figures(
    query: AvailabilityQuery, offers: Array, available: Availabilities, distance: Array
) -> tuple[Array, Array]:
    """The two figures that the order goes by; smaller comes first, and of equals the smaller id."""
    start = np.where(available.start == NEVER, _LAST, available.start)
    if query.sort == "nearest":
        return np.where(np.isnan(distance), _LAST, distance), start
    if query.sort == "freshest":
        return offers["observed_at"] / -1e6, start
    return (available.status == _CLOSED).astype(np.float64), start


def _page(found: Found, fitting: Array, start: Start, limit: int) -> Array:
    """The positions of the page's offers in their order, and of the one after it."""
    first, second = found.figures[0][fitting], found.figures[1][fitting]
    high, low = found.gathered.offers["order"][fitting].T
    if start.key is not None:
        after = _after(start.key, first, second, high, low)
        fitting, first, second, high, low = (column[after] for column in (fitting, first, second, high, low))
    if len(fitting) > limit + 1:
        near = first <= np.partition(first, limit)[limit]
        fitting, first, second, high, low = (column[near] for column in (fitting, first, second, high, low))
    page: Array = fitting[np.lexsort((low, high, second, first))][: limit + 1]
    return page


def _after(key: tuple[float, float, UUID], first: Array, second: Array, high: Array, low: Array) -> Array:
    last_high, last_low = divmod(key[2].int, 1 << 64)
    later_id = (high > last_high) | ((high == last_high) & (low > last_low))
    after: Array = (first > key[0]) | ((first == key[0]) & ((second > key[1]) | ((second == key[1]) & later_id)))
    return after


def _items(
    catalogue: Catalogue, query: AvailabilityQuery, found: Found, page: Array, day: date, *, public: bool
) -> list[orjson.Fragment]:
    """The offers of a page as they go over the wire."""
    contracted = query.contracted_for is not None
    known = catalogue.entries
    entries = [known[slot] for slot in found.gathered.slots[page].tolist()]
    rows = zip(
        entries,
        _shown(catalogue, found, entries, page, day, public=public),
        found.distance_km[page].tolist(),
        found.contract[page].tolist(),
        found.usable[page].tolist(),
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
            )
        )
        for entry, availability, distance, contract, usable in rows
    ]


def _shown(
    catalogue: Catalogue, found: Found, entries: list[Entry], page: Array, day: date, *, public: bool
) -> list[bytes]:
    """The availabilities of a page's offers as they go over the wire."""
    offers, today = found.gathered.offers.take(page), day.toordinal()
    available = Availabilities(*(column[page] for column in found.availabilities))
    stopped_here = (available.status == _CLOSED) & offers["accepts_referrals"]
    if public or stopped_here.any():
        return [to_json(each) for each in show(offers, available, today, public=public)]
    return shown_today(catalogue, entries, today)


def _rounded(km: float) -> bytes:
    return _NULL if km != km else repr(round(km, 3)).encode()  # noqa: PLR0124 - not a number is unequal to itself
