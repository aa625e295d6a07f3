"""Finding free places: which offers fit the question, in which order, and which page of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np
import orjson

from app.domain.arrays import Array
from app.domain.language import Language
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.follower import Follower
from app.finding.catalogue.position import Position
from app.finding.search import fitting_offers, found_places, repository, shown_offers
from app.finding.search.fitting_offers import CLOSED, Found
from app.finding.search.found_places import FoundLocation, FoundPlaces
from app.finding.search.schemas import AvailabilityFilter, AvailabilityQuery
from app.kit.database.sessions import Database
from app.kit.errors import InputError, InvalidInputError
from app.kit.pages import invalid_cursor
from app.ranking.facts import NEVER
from app.reference.lists import reference

KEY: Final = (date, str, float, float, UUID)
"""What a cursor holds: the day that the order is counted from, what had been seen when the first page was made, and
the last offer's place in the order: two figures and its id."""

_LAST: Final = 9_999_999.0
_LONGEST: Final = 600

Figures = tuple[Array, Array]


@dataclass(frozen=True, slots=True)
class Start:
    """Where a page starts: after `key`, in the order of `day`, without what changed since `seen`."""

    day: date
    seen: Position
    key: tuple[float, float, UUID] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A page as it goes over the wire, the key of the next (None on the last), and the counts where they are asked."""

    items: list[orjson.Fragment]
    following: list[Any] | None
    facets: dict[fitting_offers.FacetName, dict[str, int]] | None


async def find_words(database: Database, query: AvailabilityQuery) -> bytes | None:
    """The ids of the offers with the words that are asked for; None where no words are."""
    words = query.q
    if words is None:
        return None
    care_types = [] if query.facets else query.care_type
    return await database.on_replica(lambda session: repository.find_ids(session, words, care_types))


async def find(
    follower: Follower,
    query: AvailabilityQuery,
    words: bytes | None,
    key: list[Any] | None,
    today: date,
    language: Language,
    *,
    public: bool,
    counts: bool = False,
) -> Answer:
    """The page that comes after `key`, of the offers in `words` where it is given; for the public no counts and notes.

    With `counts` its offers count as shown to who refers.

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
    found = fitting_offers.find(catalogue, query, start.day, words=words, facets=query.facets)
    facets = fitting_offers.count(found, list(reference().care_types)) if query.facets else None
    fits = found.fits
    if start.key is not None:
        fits &= ~catalogue.changed_since(found.selection.slots, start.seen)
    figures = _figures(query, found)
    page = _page(found, fits.nonzero()[0], figures, start, query.limit)
    items = shown_offers.items(catalogue, query, found, page[: query.limit], start.day, language, public=public)
    if counts:
        known = catalogue.entries
        catalogue.note_shown([known[slot].id for slot in found.selection.slots[page[: query.limit]].tolist()])
    if len(page) <= query.limit:
        return Answer(items, None, facets)
    last = page[query.limit - 1]
    entry = catalogue.entry(found.selection.slots[last])
    first, second = (float(each[last]) for each in figures)
    return Answer(items, [start.day, start.seen.brief(_LONGEST), first, second, entry.id], facets)


def find_one(
    catalogue: Catalogue, offer_id: UUID, today: date, language: Language, *, public: bool
) -> orjson.Fragment | None:
    """An offer as a list shows it; None where it is not given now."""
    query = AvailabilityQuery(offer=offer_id)
    found = fitting_offers.find(catalogue, query, today)
    shown = shown_offers.items(catalogue, query, found, found.fitting, today, language, public=public)
    return shown[0] if shown else None


def count_places(catalogue: Catalogue, query: AvailabilityFilter, today: date, *, public: bool) -> list[FoundPlaces]:
    """All offers that fit the question, counted by the municipality where the help is given."""
    return found_places.by_municipality(fitting_offers.find(catalogue, query, today), public=public)


def list_locations(
    catalogue: Catalogue, query: AvailabilityFilter, today: date, *, public: bool
) -> list[FoundLocation]:
    """All offers that fit the question, by the location where the help is given."""
    return found_places.by_location(catalogue, fitting_offers.find(catalogue, query, today), public=public)


def contracts_for(
    catalogue: Catalogue, area: str, offer_ids: Collection[str], today: date
) -> dict[str, orjson.Fragment]:
    """The best contract that covers the area (GM… or JZ…) of those of these offers that have one, by the offer's id."""
    query = AvailabilityQuery.model_validate({"contractedFor": area})
    found = fitting_offers.find(catalogue, query, today, among=offer_ids)
    return {each: orjson.Fragment(shown) for each, shown in shown_offers.contracts(catalogue, found).items()}


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


def _check(query: AvailabilityQuery) -> None:
    errors = fitting_offers.filter_errors(query, "#/query")
    if query.sort == "nearest" and query.postcode is None:
        errors.append(InputError("#/query/sort", "needs-postcode", fitting_offers.NEEDS_POSTCODE))
    if errors:
        raise InvalidInputError(*errors)


def _figures(query: AvailabilityQuery, found: Found) -> Figures:
    """The two figures that the order goes by; smaller comes first, and of equals the smaller id."""
    available, distance = found.availabilities, found.distance_km
    start = np.where(available.start == NEVER, _LAST, available.start)
    if query.sort == "nearest":
        return np.where(np.isnan(distance), _LAST, distance), start
    if query.sort == "freshest":
        return found.selection.offers["observed_at"] / -1e6, start
    return (available.status == CLOSED).astype(np.float64), start


def _page(found: Found, fitting: Array, figures: Figures, start: Start, limit: int) -> Array:
    """The positions of the page's offers in their order, and of the one after it."""
    first, second = figures[0][fitting], figures[1][fitting]
    high, low = found.selection.offers["order"][fitting].T
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
