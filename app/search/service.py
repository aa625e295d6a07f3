"""Finding free places: which offers fit the question, in which order, and which page of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.catalogue import catalogue
from app.catalogue.availability import Availability, availability, show
from app.catalogue.model import Entry
from app.catalogue.repository import Area
from app.domain.dates import YearMonth
from app.domain.geo import Point, distance_km
from app.domain.language import Text
from app.kit.db import ReadSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.pagination import invalid_cursor
from app.matching.ranking.derived import best_contract
from app.matching.ranking.model import Child, ContractKind, Offer
from app.reference.lists import reference
from app.search.schemas import AvailabilityQuery

_LAST = 9_999_999
_ANY_MONTH = YearMonth(2010, 1)
Key = tuple[float, float, str]


@dataclass(frozen=True, slots=True)
class Found:
    """An offer that fits the question. `key` is its place in the order: smaller comes first."""

    entry: Entry
    offer: Offer
    availability: Availability
    distance_km: float | None
    contract: tuple[ContractKind, bool] | None
    key: Key


async def find(
    session: ReadSession, query: AvailabilityQuery, key: list[Any] | None, today: date
) -> tuple[list[Found], list[Any] | None]:
    """The page that comes after `key` (the day of the order, and a place in it), and the key of the next.

    It carries the day that the order is counted from, so that places do not change order when midnight falls
    between two pages.
    """
    _check(query)
    day = _day_of(key, today)
    entries = await catalogue.found(
        session,
        care_types=query.care_type,
        contracted_for=_area(query),
        located_in=_places(query),
        provider=query.provider,
        today=today,
    )
    fitting = sorted(_fitting(entries, query, day), key=lambda found: found.key)
    if key:
        fitting = [found for found in fitting if found.key > tuple(key[1:])]
    shown = fitting[: query.limit]
    following = [day, *shown[-1].key] if len(fitting) > len(shown) else None
    return shown, following


def _day_of(key: list[Any] | None, today: date) -> date:
    """The day that the order is counted from: that of the first page, which is today's or yesterday's."""
    if key is None:
        return today
    day: date = key[0]
    if not today - timedelta(days=1) <= day <= today:
        raise invalid_cursor()
    return day


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


def _places(query: AvailabilityQuery) -> list[str] | None:
    if query.region is None and query.municipality is None:
        return None
    inside = reference().municipalities_of(query.region) if query.region else [query.municipality]
    return [code for code in inside if code is not None and query.municipality in (None, code)]


def _fitting(entries: Iterable[Entry], query: AvailabilityQuery, day: date) -> Iterator[Found]:
    origin = _origin(query)
    area = _area(query)
    for entry in entries:
        offer = entry.offer_for(area.region if area else None)
        if not _takes_in(offer, query):
            continue
        distance = _distance(offer, origin)
        if query.radius_km is not None and distance is not None and distance > query.radius_km:
            continue
        found = availability(offer, day)
        if query.status and found.status not in query.status:
            continue
        contract = _contract(offer, area, found, day)
        if area is not None and contract is None:
            continue
        yield Found(entry, offer, found, distance, contract, _key(query, offer, found, distance))


def _takes_in(offer: Offer, query: AvailabilityQuery) -> bool:
    return (
        (query.age is None or offer.age_min <= query.age <= offer.age_max)
        and (query.gender is None or query.gender in offer.genders)
        and offer.specialisations.issuperset(query.specialisation)
    )


def _origin(query: AvailabilityQuery) -> Point | None:
    area = reference().postcodes.get(query.postcode) if query.postcode else None
    return area.point if area else None


def _distance(offer: Offer, origin: Point | None) -> float | None:
    if offer.at_home:
        return 0.0
    return None if origin is None or offer.location is None else distance_km(origin, offer.location.point)


def _contract(offer: Offer, area: Area | None, found: Availability, day: date) -> tuple[ContractKind, bool] | None:
    """The kind of the best contract on the day that help would start, and whether its ceiling stands in the way."""
    if area is None:
        return None
    anyone = Child(_ANY_MONTH, "other", area.municipality or "", area.region)
    kind, usable = best_contract(offer, anyone, found.expected_start or day)
    return None if kind is None else (kind, not usable)


def _key(query: AvailabilityQuery, offer: Offer, found: Availability, distance: float | None) -> Key:
    start = float(found.expected_start.toordinal()) if found.expected_start else float(_LAST)
    closed = found.status == "closed"
    if query.sort == "nearest":
        return (float(_LAST) if distance is None else distance, start, offer.id)
    if query.sort == "freshest":
        observed = offer.capacity.observed_at.timestamp() if offer.capacity else 0.0
        return (-observed, start, offer.id)
    return (float(closed), start, offer.id)


def item(found: Found, *, public: bool) -> dict[str, Any]:
    """A place that was found as it goes over the wire; for the public without counts."""
    contract = found.contract
    return {
        "offer": found.entry.shown_offer,
        "provider": found.entry.shown_provider,
        "availability": show(found.offer, found.availability, public=public),
        "distanceKm": None if found.distance_km is None else round(found.distance_km, 3),
        "contract": None if contract is None else {"kind": contract[0], "ceilingReached": contract[1]},
    }
