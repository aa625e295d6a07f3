"""What the answers must be: SQL says which offers a question is about, plain Python which fit and in what order."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.dates import dutch_day
from app.domain.language import Language
from app.finding.matching.schemas import MatchRequest
from app.finding.matching.service import ranked_request
from app.finding.search.schemas import AvailabilityQuery
from app.kit.database.sessions import Driver
from app.kit.schemas import write_time
from app.ranking.model import REASONS, RULES, Request
from app.ranking.rank import rank
from app.ranking.reason_labels import REASON_LABELS
from app.reference.lists import reference
from tests.finding.catalogue.answers import (
    Texts,
    area_of,
    fitting,
    places_of,
)
from tests.finding.catalogue.known import Known, by_offer, known_of

_OFFERS = """
    SELECT o.*, l.name AS location_name, l.city, l.postcode, l.municipality_code, l.latitude, l.longitude,
           p.name AS provider_name, p.intake_desk, p.phone, p.email, p.website,
           k.observed_at, k.places_total, k.places_free, k.waiting_count, k.next_free_on, k.wait_days_intake,
           k.wait_days_treatment, k.accepts_referrals, k.note
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


class Truth:
    """All that the database holds now, by `read`; questions go to the database again."""

    def __init__(self, driver: Driver, known: dict[UUID, Known], desks: dict[str, dict[str, Any]]) -> None:
        self._driver = driver
        self._known = known
        self._desks = desks

    @classmethod
    async def read(cls, driver: Driver) -> "Truth":
        """What there is at this moment; nobody may change it while it is asked."""
        contracts, stops = by_offer(await driver.fetch(_CONTRACTS)), by_offer(await driver.fetch(_STOPS))
        rows = await driver.fetch(_OFFERS)
        known = {row["id"]: known_of(row, contracts[row["id"]], stops[row["id"]]) for row in rows}
        said = await driver.fetch("SELECT region_code, name, phone, email FROM contacts WHERE role = 'region'")
        desks = {row["region_code"]: {**row, "openingHours": []} for row in said}
        return cls(driver, known, desks)

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
        outcome = rank(request, offers, today=dutch_day(now), policy=body.policy)
        texts = Texts(request, language, found, self._desks, dutch_day(now))
        reasons = [reason for each in outcome.excluded for reason in each.reasons]
        return {
            "generatedAt": write_time(now),
            "rules": RULES,
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
        region, municipality = area_of(query)
        places = places_of(query)
        rows = await self._driver.fetch(_FOUND, region, municipality, places, query.care_type, query.provider)
        known = [self._known[row["id"]] for row in rows]
        return [item for _, item in sorted(fitting(known, query, today, public=public), key=lambda each: each[0])]
