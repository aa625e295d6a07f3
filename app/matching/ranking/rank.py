"""The ranking itself: a pure function of the question and the candidates."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any, Final

import numpy as np

from app.matching.ranking.columns import NEVER, Array, Candidates, Codes
from app.matching.ranking.derived import Question, derive
from app.matching.ranking.factors import ORDERS, ROW_ORDERS, factors_of
from app.matching.ranking.filters import NEED_OF, possible, reasons_of
from app.matching.ranking.gathering import gather
from app.matching.ranking.model import (
    CONTRACT_KINDS,
    REASONS,
    Alternative,
    ContractKind,
    Decider,
    Exclusion,
    Offer,
    Outcome,
    Policy,
    Reason,
    Request,
    Result,
)

DEFAULT_POLICY: Final[Policy] = "timely-first"

_KINDS: Final[tuple[ContractKind | None, ...]] = (*CONTRACT_KINDS, None)


def rank(request: Request, offers: Iterable[Offer], *, today: date, policy: Policy = DEFAULT_POLICY) -> Outcome:
    """Rank the offers for the request: the same outcome whatever the order of the offers.

    Offers are told apart by their id, which must be unique. An offer of none of the choices is left out.
    Raises OverflowError or ValueError where a norm or a start falls outside the calendar.
    """
    specialisations, criteria = Codes(request.needs | request.wishes), Codes(request.characteristics)
    question = Question.of(request, today, specialisations, criteria)
    ranking = Ranking(question, gather(request, offers, specialisations, criteria), policy)
    return ranking.outcome()


class Ranking:
    """All candidates of a question judged and put in order; what is shown of them is written out when asked."""

    def __init__(self, question: Question, candidates: Candidates, policy: Policy) -> None:
        self.question = question
        self.policy = policy
        self.candidates = candidates
        self._derived = derive(candidates, question)
        self._factors = factors_of(candidates, self._derived, question)
        counts: Array = candidates.choice > 0
        self._out = reasons_of(candidates, self._derived, question) & counts
        out: Array = np.logical_or.reduce(self._out, axis=0)
        self._excluded: Array = out.nonzero()[0]
        self._fitting = self._in_order((counts & ~out).nonzero()[0])
        self._possible = self._in_order(possible(self._out, candidates, self._derived).nonzero()[0])

    def _in_order(self, positions: Array) -> Array:
        """The candidates in these positions, best first: by the factors in the order of the policy, then by id."""
        ids = self.candidates.offers["order"][positions].T
        factors = self._factors[ROW_ORDERS[self.policy]][:, positions]
        return positions[np.lexsort((ids[1], ids[0], *factors[::-1]))]

    def outcome(self) -> Outcome:
        """All of it."""
        norm = self.question.norm
        return Outcome(
            norm.today,
            self.policy,
            norm.deadline,
            norm.limit,
            tuple(self.results()),
            tuple(self.exclusions()),
            tuple(self.alternatives()),
        )

    def results(self, most: int | None = None) -> list[Result]:
        """The candidates that stay in, best first; at most so many."""
        known = self._standings(self._fitting[: None if most is None else most + 1])
        deciders: list[Decider | None] = [self._decider(better[7], worse[7]) for better, worse in pairwise(known)]
        if len(deciders) < len(known):
            deciders.append(None)
        return [Result._make((*each, decider)) for each, decider in zip(known[:most], deciders, strict=False)]

    def _decider(self, better: tuple[int, ...], worse: tuple[int, ...]) -> Decider:
        for factor, row in zip(ORDERS[self.policy], ROW_ORDERS[self.policy], strict=True):
            if better[row] != worse[row]:
                return factor
        return "id"

    def alternatives(self, most: int | None = None) -> list[Alternative]:
        """What would be possible, best first; at most so many."""
        chosen = self._possible[:most]
        reasons = [REASONS[row] for row in self._out[:, chosen].argmax(axis=0).tolist()]
        return [
            Alternative._make((*each, reason, NEED_OF[reason]))
            for each, reason in zip(self._standings(chosen), reasons, strict=True)
        ]

    def exclusions(self) -> list[Exclusion]:
        """The candidates that are out, by id."""
        ids = self.candidates.offers["order"][self._excluded].T
        chosen = self._excluded[np.lexsort((ids[1], ids[0]))]
        reasons = [tuple(REASONS[row] for row in np.flatnonzero(column)) for column in self._out[:, chosen].T]
        return [Exclusion._make((*each, why)) for each, why in zip(self._standings(chosen), reasons, strict=True)]

    def excluded_by_reason(self) -> dict[Reason, int]:
        """How many candidates each reason keeps out; one candidate can count in several."""
        counts = self._out.sum(axis=1).tolist()
        return {reason: count for reason, count in zip(REASONS, counts, strict=True) if count}

    @property
    def excluded_total(self) -> int:
        """How many candidates are out."""
        return len(self._excluded)

    def _standings(self, positions: Array) -> list[tuple[Any, ...]]:
        """What a result, an exclusion and an alternative have in common, in the order of their fields."""
        derived, described = self._derived, self.candidates.described
        columns = zip(
            positions.tolist(),
            self.candidates.choice[positions].tolist(),
            derived.start[positions].tolist(),
            derived.reference[positions].tolist(),
            derived.distance_km[positions].tolist(),
            derived.contract[positions].tolist(),
            map(tuple, self._factors[:, positions].T.tolist()),
            strict=True,
        )
        return [
            (
                position,
                described[position],
                choice,
                None if start == NEVER else date.fromordinal(start),
                date.fromordinal(reference),
                distance if distance == distance else None,  # noqa: PLR0124 - not a number is unequal to itself
                _KINDS[contract],
                factors,
                factors[0] == 0,
            )
            for position, choice, start, reference, distance, contract, factors in columns
        ]
