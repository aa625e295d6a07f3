"""A ranking as it goes over the wire, in one language. Tests hold it against `answer_schemas.MatchAnswer`."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, cast

import orjson

from app.domain.language import Language, Text
from app.finding.catalogue.availability import unconfirmed, write_availabilities
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.entries import Entry
from app.finding.matching.wording.alternatives import exception_granted, what_to_arrange
from app.finding.matching.wording.sayings import sayings_of, warning_line
from app.finding.matching.wording.warnings import watched_from
from app.kit.json_bytes import in_json
from app.ranking.facts import Candidate
from app.ranking.filters import NEED_OF, bit_of
from app.ranking.lines import Particulars, alternative_lines, not_written_on, result_lines
from app.ranking.model import Exclusion, Request
from app.ranking.rank import Ranking
from app.ranking.reason_labels import REASON_LABELS
from app.reference.lists import reference

_OF_PROVIDERS: Final = sum(
    bit_of(reason) for reason, need in NEED_OF.items() if need in {"provider-consent", "ask-again"}
)
"""Reasons, as bits, about which a provider itself can arrange something; about the others the region can."""


class Writer:
    """Writes what is shown of a ranking of the catalogue: at most so many results, and as many alternatives."""

    def __init__(
        self,
        catalogue: Catalogue,
        request: Request,
        ranking: Ranking,
        language: Language,
        limit: int,
        expected: Mapping[str, bytes] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._request = request
        self._ranking = ranking
        self._language = language
        self._limit = limit
        self._entries = cast("list[Entry]", ranking.offers)  # a ranking of the catalogue's offers has nothing else
        self._fitting, self._possible = ranking.front(limit)
        self._shown = [*self._fitting[:limit], *self._possible]
        self._sayings = sayings_of(request, ranking.norm, language, ranking.asked)
        self._expected = None if expected is None else dict(expected)

    @property
    def shown(self) -> list[str]:
        """The ids of the offers in the results and the alternatives."""
        return [each.offer.id for each in self._shown]

    def lines(self) -> tuple[orjson.Fragment, orjson.Fragment]:
        """The results, best first, and the alternatives with what to arrange and with whom."""
        ranking, today = self._ranking, self._ranking.asked.today
        unwritten = not_written_on(today, self._shown, self._entries)
        if unwritten:  # no stop closes a result or an alternative, or more would be in the way
            write_availabilities(self._catalogue, unwritten, today)
        particulars = self._particulars(today)
        results = result_lines(
            self._fitting, self._limit, ranking.order, self._entries, ranking.asked, self._sayings, particulars
        )
        desk = self._catalogue.desk_of(self._request.child.region)
        alternatives = alternative_lines(
            self._possible, self._entries, self._sayings, particulars, desk, _OF_PROVIDERS, self._arrange
        )
        return orjson.Fragment(results), orjson.Fragment(alternatives)

    def _particulars(self, today: int) -> Particulars:
        excepted = self._ranking.excepted
        return Particulars(
            {
                offer_id: warning_line("exception-granted", exception_granted(reasons), self._language)
                for offer_id, reasons in excepted.items()
            },
            {offer_id for offer_id, reasons in excepted.items() if "budget-ceiling" in reasons},
            self._expected,
            None if self._request.places == 1 else self._due(today),
            watched_from(self._request.child.birth_month).toordinal(),
        )

    def _due(self, today: int) -> list[int]:
        """Since when each result should have places that no report has told of; 0 where it need not."""
        own = [self._entries[each.offer.number] for each in self._fitting[: self._limit]]
        due: list[int] = unconfirmed(self._catalogue.records(own, self._request.places), today).tolist()
        return due

    def _arrange(self, found: Candidate) -> bytes:
        """What to arrange for an alternative, of which more counts than the day and the provider."""
        child, lists = self._request.child, reference()
        sentence = what_to_arrange(
            self._ranking.alternative(found),
            self._request,
            self._language,
            today=self._ranking.norm.today,
            provider=self._entries[found.offer.number].provider.name,
            municipality=lists.municipalities[child.municipality].name,
            region=lists.regions[child.region].name,
            decline_reasons=_decline_reasons(),
        )
        return in_json(sentence)

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
            answer["offers"] = [_excluded(each) for each in self._ranking.exclusions()]
        return answer


def _excluded(exclusion: Exclusion) -> dict[str, Any]:
    entry = cast("Entry", exclusion.offer)
    return {
        "offerId": entry.id,
        "name": entry.name,
        "providerName": entry.provider.name,
        "choice": exclusion.choice,
        "reasons": exclusion.reasons,
    }


@cache
def _decline_reasons() -> dict[str, Text]:
    return {code: value.name for code, value in reference().decline_reasons.items()}
