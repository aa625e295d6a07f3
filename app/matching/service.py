"""Ranking the catalogue for one child, and saying it in words. Nothing is stored."""

from collections import Counter
from datetime import datetime
from operator import attrgetter
from typing import Any

from app.catalogue import catalogue
from app.catalogue.availability import availability, show
from app.catalogue.model import Entry
from app.domain.dates import YearMonth
from app.domain.language import Language
from app.kit import metrics
from app.kit.db import ReadSession
from app.kit.schemas import write_time
from app.matching import schemas
from app.matching.ranking.codec import Case
from app.matching.ranking.model import (
    FACTORS,
    REASONS,
    Alternative,
    Child,
    Choice,
    Measure,
    Offer,
    Outcome,
    Request,
    Result,
)
from app.matching.ranking.rank import rank
from app.matching.wording.alternatives import REASON_LABELS, what_to_arrange
from app.matching.wording.explanation import explain
from app.matching.wording.warning import warnings
from app.reference.lists import reference


async def match(
    session: ReadSession, body: schemas.MatchRequest, now: datetime, language: Language, *, explain_all: bool
) -> dict[str, Any]:
    """The ranking for a child in the shape of `schemas.MatchAnswer`, with its texts in `language`."""
    answer, _ = await match_with_case(session, body, now, language, explain_all=explain_all)
    return answer


async def match_with_case(
    session: ReadSession, body: schemas.MatchRequest, now: datetime, language: Language, *, explain_all: bool
) -> tuple[dict[str, Any], Case]:
    """The same, with all that went into the ranking, its offers by id."""
    today = now.date()
    request = ranked_request(body)
    entries = await catalogue.candidates(
        session,
        care_types=sorted({choice.care_type for choice in request.choices}),
        municipality=request.child.municipality,
        offers=[choice.offer_id for choice in request.choices],
        providers=[choice.provider_id for choice in request.choices],
        today=today,
    )
    known = {entry.offer.id: entry for entry in entries}
    offers = [entry.offer_for(request.child.region) for entry in entries]
    outcome = rank(request, offers, today=today, policy=body.policy)
    metrics.MATCHES.labels(body.policy).inc()
    answer = _Answer(outcome, request, known, language)
    content = {
        "generatedAt": write_time(now),
        "policy": outcome.policy,
        "deadline": outcome.deadline,
        "results": [answer.result(place) for place in range(1, min(body.limit, len(outcome.results)) + 1)],
        "alternatives": [answer.alternative(each) for each in outcome.alternatives[: body.limit]],
        "excluded": answer.excluded(explain_all=explain_all),
    }
    return content, Case(request, tuple(sorted(offers, key=attrgetter("id"))), today, body.policy)


def ranked_request(body: schemas.MatchRequest) -> Request:
    """The request in the ranking's own terms: the municipality's region, and the place of the postcode if known."""
    child, lists = body.child, reference()
    area = lists.postcodes.get(child.postcode) if child.postcode else None
    return Request(
        child=Child(
            birth_month=YearMonth.parse(child.birth_month),
            gender=child.gender,
            municipality=child.municipality,
            region=lists.municipalities[child.municipality].region,
            origin=area.point if area else None,
            measure=Measure(child.measure.type, child.measure.imposed_on) if child.measure else None,
            court_authorisation=child.court_authorisation,
        ),
        choices=tuple(_choice(each) for each in body.choices),
        needs=frozenset(body.needs),
        wishes=frozenset(body.wishes),
        characteristics=frozenset(body.characteristics),
        places=body.places,
        needed_by=body.needed_by,
    )


def _choice(choice: schemas.Choice) -> Choice:
    return Choice(
        care_type=choice.care_type,
        offer_id=str(choice.offer_id) if choice.offer_id else None,
        provider_id=str(choice.provider_id) if choice.provider_id else None,
        max_distance_km=choice.max_distance_km,
    )


class _Answer:
    """Writes an outcome in one language."""

    def __init__(self, outcome: Outcome, request: Request, entries: dict[str, Entry], language: Language) -> None:
        self._outcome = outcome
        self._request = request
        self._entries = entries
        self._language = language
        self._labels = {code: value.name for code, value in reference().specialisations.items()}

    def result(self, place: int) -> dict[str, Any]:
        """The result at a place, counting from 1."""
        result = self._outcome.results[place - 1]
        told = warnings(result, self._request, self._outcome.today)
        return {
            "rank": place,
            **self._shown(result),
            "withinNorm": result.within_norm,
            "contract": {"kind": result.contract, "ceilingReached": False},
            "factors": dict(zip(FACTORS, result.factors, strict=True)),
            "decidedBy": result.decided_by,
            "explanation": explain(self._outcome, place, self._request, self._language, self._labels),
            "warnings": [{"code": code, "detail": text.in_(self._language)} for code, text in told],
        }

    def _shown(self, standing: Result | Alternative) -> dict[str, Any]:
        offer: Offer = standing.offer
        entry = self._entries[offer.id]
        distance = standing.distance_km
        return {
            "offer": entry.shown_offer,
            "provider": entry.shown_provider,
            "availability": show(offer, availability(offer, self._outcome.today)),
            "choice": standing.choice,
            "expectedStart": standing.expected_start,
            "distanceKm": None if distance is None else round(distance, 3),
        }

    def alternative(self, alternative: Alternative) -> dict[str, Any]:
        """An alternative, with what to arrange and with whom."""
        lists, child = reference(), self._request.child
        text = what_to_arrange(
            alternative,
            self._request,
            provider=self._entries[alternative.offer.id].shown_provider["name"],
            municipality=lists.municipalities[child.municipality].name,
            region=lists.regions[child.region].name,
        )
        return {
            **self._shown(alternative),
            "reason": alternative.reason,
            "needs": alternative.needs,
            "explanation": text.in_(self._language),
        }

    def excluded(self, *, explain_all: bool) -> dict[str, Any]:
        """How many were excluded, by reason, and where asked every one of them."""
        excluded = self._outcome.excluded
        counts = Counter(reason for each in excluded for reason in each.reasons)
        answer: dict[str, Any] = {
            "total": len(excluded),
            "byReason": [
                {"reason": reason, "count": counts[reason], "detail": REASON_LABELS[reason].in_(self._language)}
                for reason in REASONS
                if counts[reason]
            ],
        }
        if explain_all:
            answer["offers"] = [
                {
                    "offerId": each.offer.id,
                    "name": self._entries[each.offer.id].shown_offer["name"],
                    "providerName": self._entries[each.offer.id].shown_provider["name"],
                    "choice": each.choice,
                    "reasons": each.reasons,
                }
                for each in excluded
            ]
        return answer
