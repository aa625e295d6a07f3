"""A ranking as it goes over the wire, in one language.

It is most of the work of a match, so results and alternatives are written out here as the bytes of JSON, around the
bytes that the catalogue keeps of offers and providers. Tests hold all of it against `answer_schemas.MatchAnswer`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final, cast

import orjson

from app.domain.language import Language, Text
from app.finding.catalogue.availability import available_today, unconfirmed
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.desks import Desk
from app.finding.catalogue.entries import Available, Entry
from app.finding.matching.wording.alternatives import exception_granted, what_to_arrange
from app.finding.matching.wording.explanation import Context, explain
from app.finding.matching.wording.factor_phrases import KEPT
from app.finding.matching.wording.warnings import WarningCode, warnings
from app.ranking.derived_dates import Norm
from app.ranking.model import (
    CONTRACT_KINDS,
    FACTORS,
    Alternative,
    Exclusion,
    Need,
    Reason,
    Request,
    Result,
    Standing,
)
from app.ranking.rank import Ranking
from app.ranking.reason_labels import REASON_LABELS
from app.reference.lists import reference

_SHOWN: Final = b'"offer":%b,"provider":%b,"availability":%b,"choice":%d,"expectedStart":%b,"distanceKm":%b,'
_FACTORS: Final = b'"factors":{' + b",".join(b'"%b":%%d' % factor.encode() for factor in FACTORS) + b"},"
_RESULT: Final = (
    b'{"rank":%d,'
    + _SHOWN
    + b'"withinNorm":%b,"contract":%b,'
    + _FACTORS
    + b'"decidedBy":%b,"explanation":%b,"warnings":[%b]%b}'
)
_ALTERNATIVE: Final = b"{" + _SHOWN + b'"reason":"%b","needs":"%b","ask":%b,"explanation":%b%b}'

_OF_PROVIDERS: Final[frozenset[Need]] = frozenset(["provider-consent", "ask-again"])
"""What a provider arranges itself; the rest is the region's."""
_NULL: Final = b"null"
_CONTRACTS: Final = {kind: orjson.dumps({"kind": kind, "ceilingReached": False}) for kind in (*CONTRACT_KINDS, None)}
_DECIDERS: Final = {decider: orjson.dumps(decider) for decider in (*FACTORS, "id", None)}
_YES_NO: Final = (b"false", b"true")


class Writer:
    """Writes what is shown of a ranking of the catalogue."""

    def __init__(
        self,
        catalogue: Catalogue,
        request: Request,
        norm: Norm,
        language: Language,
        excepted: Mapping[str, Sequence[Reason]],
        expected: Mapping[str, bytes] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._request = request
        self._norm = norm
        self._language = language
        self._excepted = excepted
        self._expected = expected

    def results(self, found: Sequence[Result], most: int) -> orjson.Fragment:
        """The results, best first, at most so many; one more, if there is one, tells what the last is better than."""
        context = Context(self._request.wishes, self._norm, _labels())
        items = []
        available = self._available(found[:most])
        days = self._due(found[:most], available)
        rows = zip(found[:most], self._shown(found[:most], available), days, strict=True)
        for rank, (result, shown, due) in enumerate(rows, start=1):
            following = found[rank] if rank < len(found) else None
            items.append(
                _RESULT
                % (
                    rank,
                    *shown,
                    _YES_NO[result.within_norm],
                    self._contract(result),
                    *result.factors,
                    _DECIDERS[result.decided_by],
                    orjson.dumps(explain(result, following, rank, context, self._language)),
                    self._warnings(result, due),
                    self._wait(result),
                )
            )
        return _list(items)

    def alternatives(self, found: Sequence[Alternative]) -> orjson.Fragment:
        """The alternatives, with what to arrange and with whom."""
        lists, child = reference(), self._request.child
        municipality, region = lists.municipalities[child.municipality].name, lists.regions[child.region].name
        items = []
        for alternative, shown in zip(found, self._shown(found, self._available(found)), strict=True):
            arrange = what_to_arrange(
                alternative,
                self._request,
                self._language,
                today=self._norm.today,
                provider=_entry(alternative).provider.name,
                municipality=municipality,
                region=region,
                decline_reasons=_decline_reasons(),
            )
            asked = self._desk(alternative)
            reason, needs = alternative.reason.encode(), alternative.needs.encode()
            items.append(
                _ALTERNATIVE
                % (*shown, reason, needs, asked.shown, orjson.dumps(arrange + asked.words), self._wait(alternative))
            )
        return _list(items)

    def _wait(self, standing: Standing) -> bytes:
        """The field with our estimate, null where there is none; nothing where it was ranked by what is stated."""
        if self._expected is None:
            return b""
        return b',"expectedWait":' + self._expected.get(standing.offer.id, _NULL)

    def _desk(self, alternative: Alternative) -> Desk:
        """Who can arrange it: the provider itself, or the desk of the child's region."""
        if alternative.needs in _OF_PROVIDERS:
            return _entry(alternative).provider.desk
        return self._catalogue.desk_of(self._request.child.region)

    def _available(self, standings: Sequence[Result | Alternative]) -> list[Available]:
        """No stop closes a result or an alternative, or more would be in the way."""
        entries = [_entry(each) for each in standings]
        return available_today(self._catalogue, entries, self._norm.today.toordinal())

    def _shown(
        self, standings: Sequence[Result | Alternative], available: Sequence[Available]
    ) -> list[tuple[Any, ...]]:
        """What results and alternatives have in common."""
        return [
            (
                _entry(each).shown,
                _entry(each).provider.shown,
                availability.shown,
                each.choice,
                _NULL if each.expected_start is None else _day(each.expected_start),
                _NULL if each.distance_km is None else repr(round(each.distance_km, 3)).encode(),
            )
            for each, availability in zip(standings, available, strict=True)
        ]

    def _contract(self, result: Result) -> bytes:
        """The contract that counts; one whose ceiling is reached counts only by an exception."""
        if "budget-ceiling" in self._excepted.get(result.offer.id, ()):
            return orjson.dumps({"kind": result.contract, "ceilingReached": True})
        return _CONTRACTS[result.contract]

    def _due(self, found: Sequence[Result], available: Sequence[Available]) -> list[int]:
        """Since when each should have a place that no report has told of; 0 where it need not."""
        if self._request.places == 1:
            return [each.due for each in available]
        offers = self._catalogue.records([_entry(each) for each in found], self._request.places)
        due: list[int] = unconfirmed(offers, self._norm.today.toordinal()).tolist()
        return due

    def _warnings(self, result: Result, due: int) -> bytes:
        found = warnings(result, self._request, self._norm, due)
        if excepted := self._excepted.get(result.offer.id):
            found.append(("exception-granted", exception_granted(excepted)))
        return b",".join([_warning(code, text, self._language) for code, text in found])

    def excluded(self, ranking: Ranking, *, explain_all: bool) -> dict[str, Any]:
        """How many were excluded, by reason, and where asked every one of them."""
        total, counts = ranking.excluded()
        answer: dict[str, Any] = {
            "total": total,
            "byReason": [
                {"reason": reason, "count": count, "detail": REASON_LABELS[reason].in_(self._language)}
                for reason, count in counts.items()
            ],
        }
        if explain_all:
            answer["offers"] = [_excluded(each) for each in ranking.exclusions()]
        return answer


def _excluded(exclusion: Exclusion) -> dict[str, Any]:
    return {
        "offerId": exclusion.offer.id,
        "name": _entry(exclusion).name,
        "providerName": _entry(exclusion).provider.name,
        "choice": exclusion.choice,
        "reasons": exclusion.reasons,
    }


def _entry(standing: Standing) -> Entry:
    """What the catalogue keeps of the offer; a ranking of its candidates has nothing else."""
    return cast("Entry", standing.offer)


def _list(items: list[bytes]) -> orjson.Fragment:
    return orjson.Fragment(b"[" + b",".join(items) + b"]")


@lru_cache(KEPT)
def _day(day: date) -> bytes:
    return orjson.dumps(day)


@lru_cache(KEPT)
def _warning(code: WarningCode, text: Text, language: Language) -> bytes:
    return orjson.dumps({"code": code, "detail": text.in_(language)})


@cache
def _decline_reasons() -> dict[str, Text]:
    return {code: value.name for code, value in reference().decline_reasons.items()}


@cache
def _labels() -> dict[str, Text]:
    return {code: value.name for code, value in reference().specialisations.items()}
