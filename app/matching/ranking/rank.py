"""The ranking itself: a pure function of the question and the candidates."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final

import numpy as np

from app.matching.ranking import prepared as of
from app.matching.ranking.columns import NEVER, Array, Codes
from app.matching.ranking.derived import Question, distance_km
from app.matching.ranking.factors import ORDERS, PERIOD_DAYS, ROW_ORDERS, UNKNOWN, UNKNOWN_PERIODS
from app.matching.ranking.filters import MOST_YEARS_OFF, NEED_OF, bit_of, reasons_in
from app.matching.ranking.gathering import choice_of, gather
from app.matching.ranking.model import (
    CONTRACT_KINDS,
    FACTORS,
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
from app.matching.ranking.prepared import Prepared, prepare

DEFAULT_POLICY: Final[Policy] = "timely-first"

_KINDS: Final[tuple[ContractKind | None, ...]] = (*CONTRACT_KINDS, None)
_PLACES: Final = np.arange(len(REASONS))
_AGE: Final = bit_of("age")
_TALKABLE: Final = sum(bit_of(reason) for reason in NEED_OF)


def rank(request: Request, offers: Iterable[Offer], *, today: date, policy: Policy = DEFAULT_POLICY) -> Outcome:
    """Rank the offers for the request: the same outcome whatever the order of the offers.

    Offers are told apart by their id, which must be unique. An offer of none of the choices is left out.
    Raises OverflowError or ValueError where a norm or a start falls outside the calendar.
    """
    specialisations, criteria = Codes(request.needs | request.wishes), Codes(request.characteristics)
    question = Question.of(request, today, specialisations, criteria)
    listed = sorted((offer for offer in offers if choice_of(offer, request.choices)), key=lambda offer: offer.id)
    candidates = gather(request.child, listed, specialisations, criteria)
    prepared = prepare(candidates, question.today, places=request.places, has_measure=request.child.measure is not None)
    choices = np.array([choice_of(offer, request.choices) for offer in listed], np.int64)
    return Ranking(question, prepared, choices, listed, policy).outcome()


class Ranking:
    """All candidates of a question judged and put in order; what is shown of them is written out when asked.

    `choices` has the number, from 1, of the choice that each belongs to; `offers` has each by its NUMBER.
    """

    def __init__(
        self,
        question: Question,
        prepared: Prepared,
        choices: Array,
        offers: Sequence[Described],
        policy: Policy = DEFAULT_POLICY,
    ) -> None:
        self.question = question
        self.policy = policy
        self._offers = offers
        self._columns = columns = prepared.columns
        self._order = prepared.order
        self._distance = distance_km(prepared.place, columns[of.AT_HOME] != 0, question.origin)
        self._factors = self._judge(choices)
        years_off, self._reasons = self._exclude(choices)
        self._fitting = self._in_order((self._reasons == 0).nonzero()[0])
        alone = (self._reasons & (self._reasons - 1)) == 0
        may_be = (self._reasons & _TALKABLE != 0) & alone & ((self._reasons != _AGE) | (years_off <= MOST_YEARS_OFF))
        self._possible = self._in_order(may_be.nonzero()[0])

    def _judge(self, choices: Array) -> Array:
        """For each factor, in the order of FACTORS, its value for each candidate."""
        columns, question = self._columns, self.question
        factors = np.empty((len(FACTORS), len(choices)), np.int64)
        late = np.maximum(-((question.limit - columns[of.START]) // PERIOD_DAYS), 0)
        factors[0] = np.where(columns[of.START] == NEVER, UNKNOWN_PERIODS, late)
        factors[1] = choices
        factors[2] = np.bitwise_count(~columns[of.SPECIALISATIONS] & question.wishes) if question.wishes else 0
        factors[3:5] = columns[of.CONTRACT : of.WAIT + 1]
        factors[5] = np.where(np.isnan(self._distance), UNKNOWN, np.ceil(self._distance))
        factors[6:8] = columns[of.DAYS : of.REPORT_AGE + 1]
        return factors

    def _exclude(self, choices: Array) -> tuple[Array, Array]:
        """By how many years each candidate's age misses, and the bits of the reasons that keep it out."""
        columns, question = self._columns, self.question
        age = (columns[of.MONTHS] - question.birth_month) // 12
        years_off = np.maximum(columns[of.AGE_MIN] - age, age - columns[of.AGE_MAX])
        reasons = columns[of.KNOWN_REASONS] + _AGE * (years_off > 0)
        reasons += bit_of("gender") * (columns[of.GENDERS] & question.gender == 0)
        if question.needs:
            reasons += bit_of("needs") * (columns[of.SPECIALISATIONS] & question.needs != question.needs)
        if question.characteristics:
            reasons += bit_of("exclusion-criterion") * (columns[of.CRITERIA] & question.characteristics != 0)
        if not question.court_authorisation:
            reasons += bit_of("court-authorisation") * columns[of.COURT]
        if question.most_km is not None:
            reasons += bit_of("too-far") * (self._distance > np.array(question.most_km)[choices - 1])
        return years_off, reasons

    def _in_order(self, positions: Array) -> Array:
        """The candidates in these positions, best first: by the factors in the order of the policy, then by id."""
        factors = self._factors.take(positions, axis=1)
        ids = self._order.take(positions, axis=1)
        keys = [ids[1], ids[0], *(factors[row] for row in reversed(ROW_ORDERS[self.policy]))]
        ordered: Array = positions[np.lexsort(keys)]
        return ordered

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
        deciders: list[Decider | None] = [self._decider(better[6], worse[6]) for better, worse in pairwise(known)]
        if len(deciders) < len(known):
            deciders.append(None)
        return [Result._make((*each, decider)) for each, decider in zip(known[:most], deciders, strict=False)]

    def _decider(self, better: Sequence[int], worse: Sequence[int]) -> Decider:
        for factor, row in zip(ORDERS[self.policy], ROW_ORDERS[self.policy], strict=True):
            if better[row] != worse[row]:
                return factor
        return "id"

    def alternatives(self, most: int | None = None) -> list[Alternative]:
        """What would be possible, best first; at most so many."""
        chosen = self._possible[:most]
        reasons = [REASONS[bits.bit_length() - 1] for bits in self._reasons[chosen].tolist()]
        return [
            Alternative._make((*each, reason, NEED_OF[reason]))
            for each, reason in zip(self._standings(chosen), reasons, strict=True)
        ]

    def exclusions(self) -> list[Exclusion]:
        """The candidates that are out, by id."""
        out = self._reasons.nonzero()[0]
        chosen = out[np.lexsort((self._order[1][out], self._order[0][out]))]
        reasons = map(reasons_in, self._reasons[chosen].tolist())
        return [Exclusion._make((*each, why)) for each, why in zip(self._standings(chosen), reasons, strict=True)]

    def excluded(self) -> tuple[int, dict[Reason, int]]:
        """How many candidates are out, and how many each reason keeps out; one candidate can count in several."""
        bits = self._reasons[self._reasons != 0]
        counts = ((bits[:, np.newaxis] >> _PLACES) & 1).sum(axis=0).tolist()
        return len(bits), {reason: count for reason, count in zip(REASONS, counts, strict=True) if count}

    def _standings(self, positions: Array) -> list[tuple[Any, ...]]:
        """What a result, an exclusion and an alternative have in common, in the order of their fields."""
        columns = self._columns.take(positions, axis=1)
        rows = zip(
            columns[of.NUMBER].tolist(),
            columns[of.START].tolist(),
            columns[of.REFERENCE].tolist(),
            self._distance.take(positions).tolist(),
            columns[of.CONTRACT].tolist(),
            self._factors.take(positions, axis=1).T.tolist(),
            strict=True,
        )
        return [
            (
                self._offers[number],
                factors[1],
                None if start == NEVER else date.fromordinal(start),
                date.fromordinal(reference),
                distance if distance == distance else None,  # noqa: PLR0124 - not a number is unequal to itself
                _KINDS[contract],
                tuple(factors),
                factors[0] == 0,
            )
            for number, start, reference, distance, contract, factors in rows
        ]
