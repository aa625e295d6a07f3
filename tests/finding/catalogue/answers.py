"""What must be answered about offers that are known, in plain Python."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any, Final

from app.domain.dates import AMSTERDAM
from app.domain.geo import distance_km
from app.domain.language import Language
from app.finding.matching.wording.alternatives import what_to_arrange
from app.finding.matching.wording.warnings import unconfirmed_place
from app.finding.search.schemas import AvailabilityQuery
from app.kit.schemas import write_time
from app.ranking.derived_dates import Norm
from app.ranking.model import (
    CONTRACT_KINDS,
    FACTORS,
    Alternative,
    Capacity,
    Offer,
    Request,
    Result,
)
from app.ranking.rules import STALE_AFTER_DAYS
from app.reference.lists import reference
from tests.finding.catalogue.known import Known
from tests.finding.matching.plain_words import explain, warnings

LAST: Final = 9_999_999


# --- what follows on a day ---


def _observed(capacity: Capacity) -> date:
    """The Dutch day of a report."""
    return capacity.observed_at.astimezone(AMSTERDAM).date()


def expected_start(offer: Offer, today: date, places: int = 1) -> date | None:
    """When help for so many children can start, as the rules say."""
    capacity = offer.capacity
    if capacity is None or (today - _observed(capacity)).days > STALE_AFTER_DAYS:
        return None
    waits = [days for days in (capacity.wait_days_intake, capacity.wait_days_treatment) if days is not None]
    if waits:
        return max(today, _observed(capacity) + timedelta(days=sum(waits)))
    in_hours = offer.unit == "hours-per-week"
    room = capacity.places_free - (capacity.waiting_count or 0)
    if room > 0 if in_hours else room >= places:
        return today
    if capacity.next_free_on is None or capacity.next_free_on < _observed(capacity):
        return None
    if room < 0 if in_hours else room + 1 < places:
        return None
    return max(today, capacity.next_free_on)


def _status(offer: Offer, start: date | None, today: date, places: int = 1) -> str:
    capacity = offer.capacity
    if capacity is not None and not capacity.accepts_referrals:
        return "closed"
    if any(stop.starts_on <= today <= (stop.ends_on or date.max) for stop in offer.stops):
        return "closed"
    if capacity is None or (today - _observed(capacity)).days > STALE_AFTER_DAYS:
        return "unknown"
    if start is None or start > today + timedelta(days=28):
        return "waiting"
    return "free" if _at_once(offer, capacity, places) else "soon"


def _at_once(offer: Offer, capacity: Capacity, places: int) -> bool:
    """Whether the report itself says that so many children can start."""
    waits = [each for each in (capacity.wait_days_intake, capacity.wait_days_treatment) if each is not None]
    if waits:
        return sum(waits) == 0
    room = capacity.places_free - (capacity.waiting_count or 0)
    return room > 0 if offer.unit == "hours-per-week" else room >= places


def _due(offer: Offer, start: date | None, today: date, places: int = 1) -> date | None:
    """Since when a place should be free that no report has told of."""
    capacity = offer.capacity
    if capacity is None or start != today or _observed(capacity) >= today or _at_once(offer, capacity, places):
        return None
    waits = [each for each in (capacity.wait_days_intake, capacity.wait_days_treatment) if each is not None]
    return _observed(capacity) + timedelta(days=sum(waits)) if waits else capacity.next_free_on


def _availability(
    offer: Offer, today: date, note: str | None, places: int = 1, *, public: bool = False
) -> dict[str, Any]:
    capacity, start = offer.capacity, expected_start(offer, today, places)
    waits = [] if capacity is None else [capacity.wait_days_intake, capacity.wait_days_treatment]
    known = [days for days in waits if days is not None]
    counts = {
        "placesTotal": None if capacity is None else capacity.places_total,
        "note": note,
        "placesFree": None if capacity is None else capacity.places_free,
        "waitingCount": None if capacity is None else capacity.waiting_count,
    }
    return {
        "status": _status(offer, start, today, places),
        "expectedStart": start,
        "waitDays": sum(known) if known else None,
        "waitDaysIntake": None if capacity is None else capacity.wait_days_intake,
        "waitDaysTreatment": None if capacity is None else capacity.wait_days_treatment,
        "observedAt": None if capacity is None else write_time(capacity.observed_at),
        "ageDays": None if capacity is None else (today - _observed(capacity)).days,
        **({} if public else counts),
    }


class Texts:
    """Writes an outcome."""

    def __init__(
        self,
        request: Request,
        language: Language,
        found: dict[str, Known],
        desks: dict[str, dict[str, Any]],
        today: date,
    ) -> None:
        self._request = request
        self._language = language
        self._found = found
        self._desks = desks
        self._today = today

    def _shown(self, each: Result | Alternative) -> dict[str, Any]:
        known = self._found[each.offer.id]
        return {
            "offer": known.shown,
            "provider": known.provider,
            "availability": _availability(known.for_children_of(self._request.child.region), self._today, known.note),
            "choice": each.choice,
            "expectedStart": each.expected_start,
            "distanceKm": None if each.distance_km is None else round(each.distance_km, 3),
        }

    def results(self, results: Sequence[Result], most: int) -> list[dict[str, Any]]:
        """The results, best first."""
        norm = Norm.of(self._request, self._today)
        written = []
        for place, (each, following) in enumerate(zip_longest(results[:most], results[1 : most + 1]), start=1):
            known = self._found[each.offer.id].for_children_of(self._request.child.region)
            due = _due(known, each.expected_start, self._today, self._request.places)
            said = warnings(each, self._request, norm, due.toordinal() if due else 0)
            written.append(
                {
                    **self._shown(each),
                    "rank": place,
                    "withinNorm": each.within_norm,
                    "contract": {"kind": each.contract, "ceilingReached": False},
                    "factors": dict(zip(FACTORS, each.factors, strict=True)),
                    "decidedBy": each.decided_by,
                    "explanation": explain(each, following, place, self._request, norm, self._language),
                    "warnings": [{"code": code, "detail": text.in_(self._language)} for code, text in said],
                }
            )
        return written

    def alternative(self, each: Alternative) -> dict[str, Any]:
        """What would be possible."""
        child, lists = self._request.child, reference()
        sentence = what_to_arrange(
            each,
            self._request,
            self._language,
            today=self._today,
            provider=self._found[each.offer.id].provider["name"],
            municipality=lists.municipalities[child.municipality].name,
            region=lists.regions[child.region].name,
            decline_reasons={code: value.name for code, value in lists.decline_reasons.items()},
        )
        ask = self._ask(each)
        if ask["phone"] or ask["email"]:
            words = ", ".join(ask[name] for name in ("name", "phone", "email") if ask[name])
            sentence += f" Contact: {words}."
        return {**self._shown(each), "reason": each.reason, "needs": each.needs, "ask": ask, "explanation": sentence}

    def _ask(self, each: Alternative) -> dict[str, Any]:
        """Who can arrange it."""
        if each.needs in {"provider-consent", "ask-again"}:
            provider = self._found[each.offer.id].provider
            contact = provider["contact"]
            reached = {"name": contact["intakeDesk"], "phone": contact["phone"], "email": contact["email"]}
            return {"of": "provider", "organisation": provider["name"], **reached, "openingHours": []}
        region = self._request.child.region
        desk = {name: value for name, value in self._desks.get(region, {}).items() if name != "region_code"}
        unsaid: dict[str, Any] = {"name": None, "phone": None, "email": None, "openingHours": []}
        return {"of": "region", "organisation": reference().regions[region].name, **unsaid, **desk}


# --- free places ---


def area_of(query: AvailabilityQuery) -> tuple[str | None, str | None]:
    """The region and the municipality whose contracts count."""
    code = query.contracted_for
    if code is None:
        return None, None
    municipality = reference().municipalities.get(code)
    return (code, None) if municipality is None else (municipality.region, code)


def places_of(query: AvailabilityQuery) -> list[str] | None:
    """The municipalities where the help may be given; None for anywhere."""
    lists = reference()
    if not (query.region or query.municipality or query.supraregion):
        return None
    return [
        each.code
        for each in lists.municipalities.values()
        if (not query.municipality or each.code in query.municipality)
        and (not query.region or each.region in query.region)
        and (query.supraregion is None or query.supraregion in lists.regions[each.region].supraregions)
    ]


def _takes_in(offer: Offer, query: AvailabilityQuery) -> bool:
    return (
        (query.age is None or offer.age_min <= query.age <= offer.age_max)
        and (query.gender is None or query.gender in offer.genders)
        and offer.specialisations.issuperset(query.specialisation)
        and offer.exclusion_criteria.isdisjoint(query.characteristic)
        and query.crisis in (None, reference().care_types[offer.care_type].crisis)
    )


def _distance(offer: Offer, query: AvailabilityQuery) -> float | None:
    if offer.at_home:
        return 0.0
    area = reference().postcodes[query.postcode] if query.postcode else None
    return None if area is None or offer.location is None else distance_km(area.point, offer.location.point)


def _best(offer: Offer, region: str, municipality: str | None, on: date) -> dict[str, Any] | None:
    """The best contract for children of there, as it goes over the wire."""
    covering = [
        (each.ceiling_reached, CONTRACT_KINDS.index(each.kind))
        for each in offer.contracts
        if (region in each.regions or municipality in each.municipalities)
        and each.starts_on <= on <= (each.ends_on or date.max)
    ]
    if not covering:
        return None
    reached, kind = min(covering)
    return {"kind": CONTRACT_KINDS[kind], "ceilingReached": reached}


def _warned(offer: Offer, shown: dict[str, Any], today: date, places: int, language: Language) -> list[dict[str, Any]]:
    due = _due(offer, shown["expectedStart"], today, places) if shown["status"] == "soon" else None
    if due is None:
        return []
    return [{"code": "unconfirmed-place", "detail": unconfirmed_place(due.toordinal()).in_(language)}]


def fitting(
    found: Sequence[Known], query: AvailabilityQuery, today: date, *, public: bool, language: Language = "nl"
) -> Iterator[tuple[tuple[float, float, str], dict[str, Any]]]:
    """Those that fit, each with its place in the order."""
    region, municipality = area_of(query)
    for known in found:
        offer = known.for_children_of(region)
        distance, start = _distance(offer, query), expected_start(offer, today, query.places)
        shown = _availability(offer, today, known.note, query.places, public=public)
        contract = None if region is None else _best(offer, region, municipality, start or today)
        if (
            not _takes_in(offer, query)
            or (query.radius_km is not None and distance is not None and distance > query.radius_km)
            or (query.status and shown["status"] not in query.status)
            or (region is not None and contract is None)
        ):
            continue
        yield (
            _key(query, offer, shown, distance),
            {
                "offer": {**known.shown, "careTypeName": reference().care_types[offer.care_type].name.nl},
                "provider": known.provider,
                "availability": shown,
                "distanceKm": None if distance is None else round(distance, 3),
                **({} if region is None else {"contract": contract}),
                "warnings": _warned(offer, shown, today, query.places, language),
            },
        )


def _key(
    query: AvailabilityQuery, offer: Offer, shown: dict[str, Any], distance: float | None
) -> tuple[float, float, str]:
    start = shown["expectedStart"].toordinal() if shown["expectedStart"] else LAST
    if query.sort == "nearest":
        return (LAST if distance is None else distance, start, offer.id)
    if query.sort == "freshest":
        return (-offer.capacity.observed_at.timestamp() if offer.capacity else 0.0, start, offer.id)
    return (shown["status"] == "closed", start, offer.id)
