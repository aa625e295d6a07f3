"""What the answers must be: SQL says which offers a question is about, plain Python which fit and in what order."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest
from typing import Any, Final
from uuid import UUID

import asyncpg

from app.domain.geo import Point, distance_km
from app.domain.language import Language
from app.kit.db import Driver
from app.kit.schemas import write_time
from app.matching.ranking.derived import STALE_AFTER_DAYS, Norm
from app.matching.ranking.model import (
    CONTRACT_KINDS,
    FACTORS,
    REASONS,
    Alternative,
    Capacity,
    Contract,
    Location,
    Offer,
    Request,
    Result,
    Stop,
)
from app.matching.ranking.rank import rank
from app.matching.schemas import MatchRequest
from app.matching.service import ranked_request
from app.matching.wording.alternatives import REASON_LABELS, what_to_arrange
from app.matching.wording.explanation import Context, explain
from app.matching.wording.warning import warnings
from app.reference.lists import reference
from app.search.schemas import AvailabilityQuery

LAST: Final = 9_999_999

_OFFERS = """
    SELECT o.*, l.name AS location_name, l.city, l.postcode, l.municipality_code, l.latitude, l.longitude,
           p.name AS provider_name, p.intake_desk, p.phone, p.email, p.website,
           k.observed_at, k.places_total, k.places_free, k.waiting_count, k.next_free_on, k.wait_days_intake,
           k.wait_days_treatment, k.accepts_referrals
    FROM offers o
    JOIN providers p ON p.id = o.provider_id
    LEFT JOIN locations l ON l.id = o.location_id
    LEFT JOIN current_capacities k ON k.offer_id = o.id
    WHERE o.ended_at IS NULL
"""
_CONTRACTS = """
    SELECT o.id AS offer, c.* FROM offers o JOIN contracts c ON c.provider_id = o.provider_id
    WHERE c.care_types IS NULL OR o.care_type = ANY(c.care_types)
"""
_STOPS = """
    SELECT o.id AS offer, s.* FROM offers o JOIN placement_stops s ON s.provider_id = o.provider_id
    WHERE (s.location_id IS NULL OR s.location_id = o.location_id) AND (s.offer_id IS NULL OR s.offer_id = o.id)
"""
_CONTRACTED = """
    EXISTS (
        SELECT FROM contracts c
        WHERE c.provider_id = o.provider_id AND (c.care_types IS NULL OR o.care_type = ANY(c.care_types))
            AND (c.regions && ARRAY[$1::text] OR c.municipalities && ARRAY[$2::text])
    )
"""
_GIVEN_IN = "(l.municipality_code = ANY($3::text[]) OR (o.at_home AND o.service_area && $3::text[]))"
_CANDIDATES = f"""
    SELECT o.id FROM offers o LEFT JOIN locations l ON l.id = o.location_id
    WHERE o.ended_at IS NULL AND o.care_type = ANY($4::text[]) AND (
        {_CONTRACTED} OR {_GIVEN_IN}
        OR EXISTS (
            SELECT FROM unnest($5::text[], $6::uuid[], $7::uuid[]) AS choice (care_type, offer, provider)
            WHERE choice.care_type = o.care_type
                AND (choice.offer = o.id OR choice.offer IS NULL)
                AND (choice.provider = o.provider_id OR choice.provider IS NULL)
                AND (choice.offer IS NOT NULL OR choice.provider IS NOT NULL)
        )
    )
"""  # noqa: S608 - the conditions are those above
_FOUND = f"""
    SELECT o.id FROM offers o LEFT JOIN locations l ON l.id = o.location_id
    WHERE o.ended_at IS NULL
        AND (cardinality($4::text[]) = 0 OR o.care_type = ANY($4))
        AND ($1::text IS NULL OR {_CONTRACTED})
        AND ($3::text[] IS NULL OR {_GIVEN_IN})
        AND ($5::uuid IS NULL OR o.provider_id = $5)
"""  # noqa: S608 - the conditions are those above


@dataclass(frozen=True, slots=True)
class Known:
    """An offer as rows tell of it; `offer.stops` are those that bind everyone, `regional` those of regions."""

    offer: Offer
    regional: tuple[tuple[str, Stop], ...]
    shown: dict[str, Any]
    provider: dict[str, Any]

    def for_children_of(self, region: str | None) -> Offer:
        """The offer as children of the region find it; every stop counts where it is None."""
        binding = [stop for code, stop in self.regional if region in (None, code)]
        return replace(self.offer, stops=(*self.offer.stops, *binding))


class Truth:
    """All that the database holds now, by `read`; questions go to the database again."""

    def __init__(self, driver: Driver, known: dict[UUID, Known]) -> None:
        self._driver = driver
        self._known = known

    @classmethod
    async def read(cls, driver: Driver) -> "Truth":
        """What there is at this moment; nobody may change it while it is asked."""
        contracts, stops = _by_offer(await driver.fetch(_CONTRACTS)), _by_offer(await driver.fetch(_STOPS))
        rows = await driver.fetch(_OFFERS)
        return cls(driver, {row["id"]: _known(row, contracts[row["id"]], stops[row["id"]]) for row in rows})

    @property
    def offers(self) -> list[str]:
        """The ids of the offers that are given."""
        return sorted(map(str, self._known))

    async def candidates(self, request: Request) -> list[Known]:
        """The candidates for a child."""
        child, lists = request.child, reference()
        reach = [code for each in lists.regions_around(child.region) for code in lists.municipalities_of(each)]
        rows = await self._driver.fetch(
            _CANDIDATES,
            child.region,
            child.municipality,
            reach,
            [choice.care_type for choice in request.choices],
            [choice.care_type for choice in request.choices],
            [choice.offer_id for choice in request.choices],
            [choice.provider_id for choice in request.choices],
        )
        return [self._known[row["id"]] for row in rows]

    async def match(self, body: MatchRequest, now: datetime, language: Language) -> dict[str, Any]:
        """The answer to a match in which every exclusion is explained."""
        request = ranked_request(body)
        found = {each.offer.id: each for each in await self.candidates(request)}
        offers = [each.for_children_of(request.child.region) for each in found.values()]
        outcome = rank(request, offers, today=now.date(), policy=body.policy)
        texts = _Texts(request, language, found, now.date())
        reasons = [reason for each in outcome.excluded for reason in each.reasons]
        return {
            "generatedAt": write_time(now),
            "policy": body.policy,
            "deadline": outcome.deadline,
            "results": texts.results(outcome.results, body.limit),
            "alternatives": [texts.alternative(each) for each in outcome.alternatives[: body.limit]],
            "excluded": {
                "total": len(outcome.excluded),
                "byReason": [
                    {"reason": each, "count": reasons.count(each), "detail": REASON_LABELS[each].in_(language)}
                    for each in REASONS
                    if each in reasons
                ],
                "offers": [
                    {
                        "offerId": each.offer.id,
                        "name": found[each.offer.id].shown["name"],
                        "providerName": found[each.offer.id].provider["name"],
                        "choice": each.choice,
                        "reasons": list(each.reasons),
                    }
                    for each in outcome.excluded
                ],
            },
        }

    async def search(self, query: AvailabilityQuery, today: date, *, public: bool) -> list[dict[str, Any]]:
        """All free places that fit, in order."""
        region, municipality = _area(query)
        places = _places(query)
        rows = await self._driver.fetch(_FOUND, region, municipality, places, query.care_type, query.provider)
        known = [self._known[row["id"]] for row in rows]
        return [item for _, item in sorted(_items(known, query, today, public=public), key=lambda each: each[0])]


def _by_offer(rows: Sequence[asyncpg.Record]) -> defaultdict[UUID, list[asyncpg.Record]]:
    found = defaultdict[UUID, list[asyncpg.Record]](list)
    for row in rows:
        found[row["offer"]].append(row)
    return found


def _known(row: asyncpg.Record, contracts: Sequence[asyncpg.Record], stops: Sequence[asyncpg.Record]) -> Known:
    place = None
    if row["latitude"] is not None and row["longitude"] is not None:
        place = Location(row["municipality_code"], Point(row["latitude"], row["longitude"]))
    own = [(each["region_code"], Stop(each["starts_on"], each["ends_on"])) for each in stops]
    offer = Offer(
        id=str(row["id"]),
        provider_id=str(row["provider_id"]),
        care_type=row["care_type"],
        age_min=row["age_min"],
        age_max=row["age_max"],
        genders=frozenset(row["genders"]),
        contracts=tuple(_contract(each) for each in contracts),
        stops=tuple(stop for region, stop in own if region is None),
        capacity=_capacity(row),
        location=place,
        at_home=row["at_home"],
        service_area=None if row["service_area"] is None else frozenset(row["service_area"]),
        needs_court_authorisation=row["needs_court_authorisation"],
        specialisations=frozenset(row["specialisations"]),
        exclusion_criteria=frozenset(row["exclusion_criteria"]),
    )
    regional = tuple((region, stop) for region, stop in own if region is not None)
    return Known(offer, regional, _show_offer(row), _show_provider(row))


def _contract(row: asyncpg.Record) -> Contract:
    return Contract(
        kind=row["kind"],
        starts_on=row["valid_from"],
        ends_on=row["valid_to"],
        regions=frozenset(row["regions"]),
        municipalities=frozenset(row["municipalities"]),
        ceiling_reached=row["ceiling_reached"],
        ceiling_exempts_measure=row["ceiling_exempts_measure"],
    )


def _capacity(row: asyncpg.Record) -> Capacity | None:
    if row["observed_at"] is None:
        return None
    names = ("places_free", "waiting_count", "places_total", "next_free_on", "wait_days_intake", "wait_days_treatment")
    figures = {name: row[name] for name in (*names, "accepts_referrals")}
    return Capacity(observed_at=row["observed_at"].astimezone(UTC), **figures)


def _show_offer(row: asyncpg.Record) -> dict[str, Any]:
    location = None
    if row["location_id"] is not None:
        location = {
            "name": row["location_name"],
            "city": row["city"],
            "postcode": row["postcode"],
            "municipality": row["municipality_code"],
            "latitude": row["latitude"],
            "longitude": row["longitude"],
        }
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "description": row["description"],
        "careType": row["care_type"],
        "ageMin": row["age_min"],
        "ageMax": row["age_max"],
        "genders": row["genders"],
        "specialisations": row["specialisations"],
        "exclusionCriteria": row["exclusion_criteria"],
        "atHome": row["at_home"],
        "serviceArea": row["service_area"],
        "needsCourtAuthorisation": row["needs_court_authorisation"],
        "unit": row["unit"],
        "location": location,
    }


def _show_provider(row: asyncpg.Record) -> dict[str, Any]:
    contact = {
        "intakeDesk": row["intake_desk"],
        "phone": row["phone"],
        "email": row["email"],
        "website": row["website"],
    }
    return {"id": str(row["provider_id"]), "name": row["provider_name"], "contact": contact}


# --- what follows on a day ---


def expected_start(capacity: Capacity | None, today: date) -> date | None:
    """When help for one child can start, as MATCHING.md says."""
    if capacity is None or (today - capacity.observed_at.date()).days > STALE_AFTER_DAYS:
        return None
    waits = [days for days in (capacity.wait_days_intake, capacity.wait_days_treatment) if days is not None]
    if waits:
        return max(today, capacity.observed_at.date() + timedelta(days=sum(waits)))
    room = capacity.places_free - capacity.waiting_count
    if room >= 1:
        return today
    return max(today, capacity.next_free_on) if capacity.next_free_on is not None and room == 0 else None


def _status(offer: Offer, start: date | None, today: date) -> str:
    capacity = offer.capacity
    if capacity is not None and not capacity.accepts_referrals:
        return "closed"
    if any(stop.starts_on <= today <= (stop.ends_on or date.max) for stop in offer.stops):
        return "closed"
    if capacity is None or (today - capacity.observed_at.date()).days > STALE_AFTER_DAYS:
        return "unknown"
    if start is None or start > today + timedelta(days=28):
        return "waiting"
    return "free" if start <= today else "soon"


def _availability(offer: Offer, today: date, *, public: bool = False) -> dict[str, Any]:
    capacity, start = offer.capacity, expected_start(offer.capacity, today)
    waits = [] if capacity is None else [capacity.wait_days_intake, capacity.wait_days_treatment]
    known = [days for days in waits if days is not None]
    counts = {
        "placesFree": None if capacity is None else capacity.places_free,
        "waitingCount": None if capacity is None else capacity.waiting_count,
    }
    return {
        "status": _status(offer, start, today),
        "expectedStart": start,
        "waitDays": sum(known) if known else None,
        "observedAt": None if capacity is None else write_time(capacity.observed_at),
        "ageDays": None if capacity is None else (today - capacity.observed_at.date()).days,
        **({} if public else counts),
    }


class _Texts:
    """Writes an outcome."""

    def __init__(self, request: Request, language: Language, found: dict[str, Known], today: date) -> None:
        self._request = request
        self._language = language
        self._found = found
        self._today = today

    def _shown(self, each: Result | Alternative) -> dict[str, Any]:
        known = self._found[each.offer.id]
        return {
            "offer": known.shown,
            "provider": known.provider,
            "availability": _availability(known.for_children_of(self._request.child.region), self._today),
            "choice": each.choice,
            "expectedStart": each.expected_start,
            "distanceKm": None if each.distance_km is None else round(each.distance_km, 3),
        }

    def results(self, results: Sequence[Result], most: int) -> list[dict[str, Any]]:
        """The results, best first."""
        labels = {code: value.name for code, value in reference().specialisations.items()}
        norm = Norm.of(self._request, self._today)
        context = Context(self._request.wishes, norm, labels)
        written = []
        for place, (each, following) in enumerate(zip_longest(results[:most], results[1 : most + 1]), start=1):
            said = warnings(each, self._request, norm)
            written.append(
                {
                    **self._shown(each),
                    "rank": place,
                    "withinNorm": each.within_norm,
                    "contract": {"kind": each.contract, "ceilingReached": False},
                    "factors": dict(zip(FACTORS, each.factors, strict=True)),
                    "decidedBy": each.decided_by,
                    "explanation": explain(each, following, place, context, self._language),
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
            provider=self._found[each.offer.id].provider["name"],
            municipality=lists.municipalities[child.municipality].name,
            region=lists.regions[child.region].name,
        )
        return {**self._shown(each), "reason": each.reason, "needs": each.needs, "explanation": sentence}


# --- free places ---


def _area(query: AvailabilityQuery) -> tuple[str | None, str | None]:
    """The region and the municipality whose contracts count."""
    code = query.contracted_for
    if code is None:
        return None, None
    municipality = reference().municipalities.get(code)
    return (code, None) if municipality is None else (municipality.region, code)


def _places(query: AvailabilityQuery) -> list[str] | None:
    if query.region is None and query.municipality is None:
        return None
    inside = reference().municipalities_of(query.region) if query.region else [str(query.municipality)]
    return [code for code in inside if query.municipality in (None, code)]


def _takes_in(offer: Offer, query: AvailabilityQuery) -> bool:
    return (
        (query.age is None or offer.age_min <= query.age <= offer.age_max)
        and (query.gender is None or query.gender in offer.genders)
        and offer.specialisations.issuperset(query.specialisation)
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


def _items(
    found: Sequence[Known], query: AvailabilityQuery, today: date, *, public: bool
) -> Iterator[tuple[tuple[float, float, str], dict[str, Any]]]:
    """Those that fit, each with its place in the order."""
    region, municipality = _area(query)
    for known in found:
        offer = known.for_children_of(region)
        distance, start = _distance(offer, query), expected_start(offer.capacity, today)
        shown = _availability(offer, today, public=public)
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
                "offer": known.shown,
                "provider": known.provider,
                "availability": shown,
                "distanceKm": None if distance is None else round(distance, 3),
                "contract": contract,
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
