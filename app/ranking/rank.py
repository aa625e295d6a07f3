"""The ranking itself: a pure function of the question and the candidates."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final

from app.ranking.derived_dates import Norm, stands
from app.ranking.factors import FACTOR_ORDERS, ORDERS
from app.ranking.facts import NEVER, Asked, Candidate, Counted
from app.ranking.facts_of_offers import Codes, asked_by, closed_of, facts_of, term_of
from app.ranking.filters import NEED_OF, bit_of, reasons_in
from app.ranking.model import (
    CONTRACT_KINDS,
    NEEDS,
    REASONS,
    Alternative,
    ContractKind,
    Decider,
    Described,
    Exclusion,
    Offer,
    Outcome,
    Policy,
    Reason,
    Request,
    Result,
)
from app.ranking.order import best_of, report_age, weigh
from app.ranking.rules import (
    DECLINED_EARLIER,
    count_reasons,
    covering,
    for_help,
    hold_no_more,
    judge_all,
    those_possible,
    those_that_fit,
)

DEFAULT_POLICY: Final[Policy] = "timely-first"

_KINDS: Final[tuple[ContractKind | None, ...]] = (*CONTRACT_KINDS, None)
_NEED_NUMBERS: Final = {0: 0} | {bit_of(reason): NEEDS.index(need) + 1 for reason, need in NEED_OF.items()}


Listed = tuple[int, int, int, int, int, int]
"""A candidate that fits, or that would be possible: the number that the caller knows the offer by, its start as a day
(as by `date.toordinal`) or NEVER, the distance in whole km (9999 where unknown), the choice, wishes that it lacks, and
what it needs, from 1 in the order of NEEDS, 0 where it fits."""


def rank(request: Request, offers: Iterable[Offer], *, today: date, policy: Policy = DEFAULT_POLICY) -> Outcome:
    """Rank the offers for the request: the same outcome whatever the order of the offers.

    Offers are told apart by their id, which must be unique. An offer of none of the choices is left out.
    Raises OverflowError or ValueError where a norm or a start falls outside the calendar.
    """
    listed = list(offers)
    return judged(request, listed, listed, today=today, policy=policy).outcome()


def judged(
    request: Request, offers: Sequence[Offer], described: Sequence[Described], *, today: date, policy: Policy
) -> "Ranking":
    """The same, of which can be asked what is wanted: what words ask of each offer is in `described`, in that order."""
    norm = Norm.of(request, today)
    specialisations, criteria = Codes(request.needs | request.wishes), Codes(request.characteristics)
    facts = [
        facts_of(offer, number, specialisations, criteria, [closed_of(each) for each in offer.stops])
        for number, offer in enumerate(offers)
    ]
    child = request.child
    terms = [for_help([term_of(each) for each in offer.contracts], offer.care_type) for offer in offers]
    counted = Counted(facts, [covering(each, child.region, child.municipality) for each in terms])
    asked = asked_by(request, norm, specialisations, criteria)
    return Ranking(request, norm, asked, counted, described, policy)


class Ranking:
    """All candidates for a request judged; they are put in order, and what is shown of them written, when asked.

    `asked` is the request in the terms of the rules, `counted` are the offers that may be candidates, and `offers` has
    what words ask of each, by its number. `excepted` says by the id of an offer what would be held against it, had no
    exception been granted for this child.
    """

    def __init__(
        self,
        request: Request,
        norm: Norm,
        asked: Asked,
        counted: Counted,
        offers: Sequence[Described],
        policy: Policy = DEFAULT_POLICY,
    ) -> None:
        self.norm = norm
        self.policy = policy
        self.order = FACTOR_ORDERS[policy]
        self.excepted: dict[str, list[Reason]] = {}
        self.asked = asked
        self.offers = offers
        self._found = judge_all(asked, counted)
        if request.declines or request.exceptions:
            self._note_history(request, {each.offer.id: each for each in self._found})

    def _note_history(self, request: Request, by_id: dict[str, Candidate]) -> None:
        """What refused this child before, and then what is not held against an offer."""
        for decline in request.declines:
            found = by_id.get(decline.offer_id)
            if found is not None and stands(decline, self.norm.today, report_age(found.offer, self.asked.today)):
                found.reasons |= DECLINED_EARLIER
        for granted in request.exceptions:
            found = by_id.get(granted.offer_id)
            if found is not None and hold_no_more(found, bit_of(granted.reason)):
                self.excepted.setdefault(granted.offer_id, []).append(granted.reason)

    def outcome(self) -> Outcome:
        """All of it."""
        norm, (results, alternatives) = self.norm, self.best()
        excluded = tuple(self.exclusions())
        return Outcome(
            norm.today, self.policy, norm.deadline, norm.limit, tuple(results), excluded, tuple(alternatives)
        )

    def listed(self, until: int = NEVER) -> list[Listed]:
        """All that fit and then all that would be possible, best first, of those that start on that day or before it:
        for who asks it of thousands of children."""
        within = self._found if until == NEVER else [each for each in self._found if each.start <= until]
        found = [*self._best(those_that_fit(within)), *self._best(those_possible(within))]
        return [
            (
                each.offer.number,
                each.start,
                each.factors[5],
                each.choice,
                each.factors[2],
                _NEED_NUMBERS[each.reasons],
            )
            for each in found
        ]

    def front(self, most: int) -> tuple[list[Candidate], list[Candidate]]:
        """The best that fit, one more than so many, and as many of what would be possible: as `lines` writes them."""
        return self._best(those_that_fit(self._found), most + 1), self._best(those_possible(self._found), most)

    def best(self) -> tuple[list[Result], list[Alternative]]:
        """The candidates that stay in and what would be possible, best first."""
        fitting = self._best(those_that_fit(self._found))
        deciders: list[Decider | None] = [self._decider(better, worse) for better, worse in pairwise(fitting)]
        results = [
            Result._make((*self._common_fields(each), decider))
            for each, decider in zip(fitting, [*deciders, None], strict=False)
        ]
        return results, [self.alternative(each) for each in self._best(those_possible(self._found))]

    def _best(self, found: list[Candidate], most: int | None = None) -> list[Candidate]:
        return best_of(found, self.asked, self.order, len(found) if most is None else most)

    def _decider(self, better: Candidate, worse: Candidate) -> Decider:
        for factor, index in zip(ORDERS[self.policy], self.order, strict=True):
            if better.factors[index] != worse.factors[index]:
                return factor
        return "id"

    def alternative(self, found: Candidate) -> Alternative:
        """A candidate that would be possible, in the ranking's own terms."""
        (reason,) = reasons_in(found.reasons)
        return Alternative._make((*self._common_fields(found), reason, NEED_OF[reason]))

    def exclusions(self) -> list[Exclusion]:
        """The candidates that are out, by id."""
        out = sorted((each for each in self._found if each.reasons), key=_id_of)
        for each in out:
            weigh(each, self.asked)
        return [Exclusion._make((*self._common_fields(each), reasons_in(each.reasons))) for each in out]

    def excluded(self) -> tuple[int, dict[Reason, int]]:
        """How many candidates are out, and how many each reason keeps out; one candidate can count in several."""
        counts = zip(REASONS, count_reasons(self._found), strict=True)
        total = len(self._found) - len(those_that_fit(self._found))
        return total, {reason: count for reason, count in counts if count}

    def _common_fields(self, found: Candidate) -> tuple[Any, ...]:
        """What a result, an exclusion and an alternative have in common, in the order of their fields."""
        return (
            self.offers[found.offer.number],
            found.choice,
            None if found.start == NEVER else date.fromordinal(found.start),
            date.fromordinal(found.reference),
            None if found.distance < 0 else found.distance,
            _KINDS[found.contract],
            tuple(found.factors),
            found.factors[0] == 0,
        )


def _id_of(found: Candidate) -> str:
    return found.offer.id
