"""Ranking the catalogue for one child, and saying it in words. Nothing is stored."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Final, cast

from orjson import Fragment

from app.catalogue.availability import shown_today
from app.catalogue.catalogue import Catalogue
from app.catalogue.entries import Entry
from app.catalogue.records import numbers
from app.domain.dates import YearMonth
from app.domain.language import Language, Text
from app.kit import metrics
from app.kit.schemas import write_time
from app.matching import schemas
from app.matching.candidates import candidates_for
from app.matching.ranking.derived import Question
from app.matching.ranking.model import (
    CONTRACT_KINDS,
    FACTORS,
    Alternative,
    Child,
    Choice,
    Measure,
    Policy,
    Request,
    Result,
    Standing,
)
from app.matching.ranking.rank import Ranking
from app.matching.wording.alternatives import REASON_LABELS, what_to_arrange
from app.matching.wording.explanation import Context, explain
from app.matching.wording.warning import warnings
from app.reference.lists import reference

_CONTRACTS: Final = {kind: {"kind": kind, "ceilingReached": False} for kind in (*CONTRACT_KINDS, None)}


def match(
    catalogue: Catalogue, body: schemas.MatchRequest, now: datetime, language: Language, *, explain_all: bool
) -> dict[str, Any]:
    """The ranking for a child in the shape of `schemas.MatchAnswer`, with its texts in `language`."""
    request = ranked_request(body)
    ranking = ranking_of(catalogue, request, now.date(), body.policy)
    metrics.MATCHES.labels(body.policy).inc()
    answer = _Answer(catalogue, ranking, request, language)
    return {
        "generatedAt": write_time(now),
        "policy": ranking.policy,
        "deadline": ranking.question.norm.deadline,
        "results": answer.results(body.limit),
        "alternatives": answer.alternatives(body.limit),
        "excluded": answer.excluded(explain_all=explain_all),
    }


def ranking_of(catalogue: Catalogue, request: Request, today: date, policy: Policy) -> Ranking:
    """The offers of the catalogue, ranked for a request on that day."""
    question = Question.of(request, today, numbers().specialisations, numbers().criteria)
    candidates, choices = candidates_for(catalogue, request, question.today)
    return Ranking(question, candidates, choices, catalogue.entries, policy)


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


@cache
def _labels() -> dict[str, Text]:
    return {code: value.name for code, value in reference().specialisations.items()}


class _Answer:
    """Writes a ranking in one language."""

    def __init__(self, catalogue: Catalogue, ranking: Ranking, request: Request, language: Language) -> None:
        self._catalogue = catalogue
        self._ranking = ranking
        self._request = request
        self._language = language
        self._context = Context(request.wishes, ranking.question.norm, _labels())

    def results(self, most: int) -> list[dict[str, Any]]:
        """The results, best first, at most so many."""
        found = self._ranking.results(most + 1)
        shown = self._shown(found[:most])
        for place, (each, result) in enumerate(zip(shown, found, strict=False), start=1):
            following = found[place] if place < len(found) else None
            each["rank"] = place
            each["withinNorm"] = result.within_norm
            each["contract"] = _CONTRACTS[result.contract]
            each["factors"] = dict(zip(FACTORS, result.factors, strict=True))
            each["decidedBy"] = result.decided_by
            each["explanation"] = explain(result, following, place, self._context, self._language)
            each["warnings"] = [
                {"code": code, "detail": text.in_(self._language)}
                for code, text in warnings(result, self._request, self._context.norm)
            ]
        return shown

    def _shown(self, standings: Sequence[Result | Alternative]) -> list[dict[str, Any]]:
        """What results and alternatives have in common; no stop closes either, or more would be in the way."""
        entries = [_entry(each) for each in standings]
        available = shown_today(self._catalogue, entries, self._ranking.question.today)
        return [
            {
                "offer": Fragment(entry.shown),
                "provider": Fragment(entry.provider.shown),
                "availability": availability,
                "choice": each.choice,
                "expectedStart": each.expected_start,
                "distanceKm": None if each.distance_km is None else round(each.distance_km, 3),
            }
            for each, entry, availability in zip(standings, entries, available, strict=True)
        ]

    def alternatives(self, most: int) -> list[dict[str, Any]]:
        """The alternatives, best first, at most so many, with what to arrange and with whom."""
        found = self._ranking.alternatives(most)
        shown = self._shown(found)
        lists, child = reference(), self._request.child
        municipality, region = lists.municipalities[child.municipality].name, lists.regions[child.region].name
        for each, alternative in zip(shown, found, strict=True):
            each["reason"] = alternative.reason
            each["needs"] = alternative.needs
            each["explanation"] = what_to_arrange(
                alternative,
                self._request,
                self._language,
                provider=_entry(alternative).provider.name,
                municipality=municipality,
                region=region,
            )
        return shown

    def excluded(self, *, explain_all: bool) -> dict[str, Any]:
        """How many were excluded, by reason, and where asked every one of them."""
        total, counts = self._ranking.excluded()
        answer: dict[str, Any] = {
            "total": total,
            "byReason": [
                {"reason": reason, "count": count, "detail": REASON_LABELS[reason].in_(self._language)}
                for reason, count in counts.items()
            ],
        }
        if explain_all:
            answer["offers"] = [
                {
                    "offerId": each.offer.id,
                    "name": _entry(each).name,
                    "providerName": _entry(each).provider.name,
                    "choice": each.choice,
                    "reasons": each.reasons,
                }
                for each in self._ranking.exclusions()
            ]
        return answer


def _entry(standing: Standing) -> Entry:
    """What the catalogue keeps of the offer; a ranking of its candidates has nothing else."""
    return cast("Entry", standing.offer)
