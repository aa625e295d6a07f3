"""The ranking itself: a pure function of the question and the candidates."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np

from app.ranking.candidates import candidates_of, put_contracts
from app.ranking.columns import NEVER, Array, Codes
from app.ranking.columns_of_offers import choice_of, columns_of
from app.ranking.derived_dates import Question, distance_km
from app.ranking.factors import (
    FACTOR_ORDERS,
    ORDERS,
    PERIOD_DAYS,
    UNKNOWN,
    UNKNOWN_PERIODS,
)
from app.ranking.filters import (
    MOST_YEARS_OFF,
    NEED_OF,
    bit_of,
    reasons_in,
)
from app.ranking.model import (
    CONTRACT_KINDS,
    FACTORS,
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

DEFAULT_POLICY: Final[Policy] = "timely-first"

_KINDS: Final[tuple[ContractKind | None, ...]] = (*CONTRACT_KINDS, None)
_BITS: Final = np.array([[bit_of(reason)] for reason in REASONS])
_AGE: Final = bit_of("age")
_FAR_OFF_AGE: Final = 1 << len(REASONS)
"""Beside the bit of the age, where it misses by more than a provider would make an exception for."""

_OUT, _POSSIBLE, _FITTING = range(3)
_STATE_OF: Final = np.zeros(2 * _FAR_OFF_AGE, np.int8)
"""Of a candidate with these reasons: whether it fits, or would be possible if one thing were arranged."""
_STATE_OF[[bit_of(reason) for reason in NEED_OF]] = _POSSIBLE
_STATE_OF[0] = _FITTING
_NEED_NUMBER: Final = np.zeros(_FAR_OFF_AGE, np.int8)
"""Of a candidate with these reasons the number of what it needs, from 1 in the order of NEEDS; 0 where it fits."""
_NEED_NUMBER[[bit_of(reason) for reason in NEED_OF]] = [NEEDS.index(need) + 1 for need in NEED_OF.values()]


class Listed(NamedTuple):
    """Candidates as columns, the best first: those that fit, then those that would be possible.

    `number` is what the caller knows an offer by, `start` a day as by `date.toordinal` or NEVER, `distance` in whole km
    (9999 where unknown), `needs` from 1 in the order of NEEDS, 0 where it fits.
    """

    number: Array
    start: Array
    choice: Array
    wishes: Array
    distance: Array
    needs: Array


def rank(request: Request, offers: Iterable[Offer], *, today: date, policy: Policy = DEFAULT_POLICY) -> Outcome:
    """Rank the offers for the request: the same outcome whatever the order of the offers.

    Offers are told apart by their id, which must be unique. An offer of none of the choices is left out.
    Raises OverflowError or ValueError where a norm or a start falls outside the calendar.
    """
    specialisations, criteria = Codes(request.needs | request.wishes), Codes(request.characteristics)
    listed = sorted((offer for offer in offers if choice_of(offer, request.choices)), key=lambda offer: offer.id)
    numbers = {offer.id: number for number, offer in enumerate(listed)}
    question = Question.of(request, today, specialisations, criteria, numbers.get)
    columns = columns_of(request.child, listed, specialisations, criteria)
    candidates = candidates_of(columns, question.today, places=request.places)
    put_contracts(candidates, columns.contracts, has_measure=request.child.binding_measure is not None)
    candidates["choice"] = [choice_of(offer, request.choices) for offer in listed]
    return Ranking(question, candidates, listed, policy).outcome()


class Ranking:
    """All candidates of a question judged and put in order; what is shown of them is written out when asked.

    `candidates` are records of `candidates.CANDIDATE`, its own, with contracts and choices filled in; `offers` has what
    words ask of each, by its number. `excepted` says by the id of an offer what would be held against it, had no
    exception been granted for this child.
    """

    def __init__(
        self, question: Question, candidates: Array, offers: Sequence[Described], policy: Policy = DEFAULT_POLICY
    ) -> None:
        self.question = question
        self.policy = policy
        self._candidates = candidates
        self._offers = offers
        self._distance = distance_km(candidates["unit_vector"], candidates["at_home"], question.origin)
        self.excepted: dict[str, list[Reason]] = {}
        self._reasons = self._exclude()
        for number, reason in question.exceptions:
            for position in (candidates["number"] == number).nonzero()[0].tolist():
                self._except(position, reason)
        state = _STATE_OF.take(self._reasons)
        self._reasons &= _FAR_OFF_AGE - 1
        ordered = self._in_order(state.nonzero()[0])
        fits = state.take(ordered) == _FITTING
        self._fitting, self._possible = ordered[fits], ordered[~fits]

    def _exclude(self) -> Array:
        """The bits of the reasons that keep each candidate out."""
        candidates, question = self._candidates, self.question
        age = np.maximum((candidates["months"] - question.birth_month) // 12, 0)
        years_off = np.maximum(candidates["age_min"] - age, age - candidates["age_max"])
        reasons: Array = (
            candidates["known_reasons"] + _AGE * (years_off > 0) + _FAR_OFF_AGE * (years_off > MOST_YEARS_OFF)
        )
        if question.gender is not None:
            reasons += bit_of("gender") * (candidates["genders"] & question.gender == 0)
        if question.needs:
            reasons += bit_of("needs") * (candidates["specialisations"] & question.needs != question.needs)
        if question.characteristics:
            reasons += bit_of("exclusion-criterion") * (
                candidates["exclusion_criteria"] & question.characteristics != 0
            )
        if not question.court_authorisation:
            reasons += bit_of("court-authorisation") * candidates["court"]
        if question.most_km is not None:
            reasons += bit_of("too-far") * (self._distance > np.array(question.most_km)[candidates["choice"] - 1])
        if question.declines:
            reasons += bit_of("declined-earlier") * self._declined()
        return reasons

    def _except(self, position: int, reason: Reason) -> None:
        """Holds a reason no more against the candidate in that position; its contracts count with their ceilings."""
        candidate, bit = self._candidates[position], bit_of(reason)
        lifts_ceiling = reason == "budget-ceiling" and candidate["covering"] != candidate["contract"]
        if self._reasons[position] & bit or lifts_ceiling:
            self.excepted.setdefault(self._offers[candidate["number"]].id, []).append(reason)
        self._reasons[position] &= ~(bit | _FAR_OFF_AGE if reason == "age" else bit)
        if reason == "budget-ceiling":
            self._candidates["contract"][position] = candidate["covering"]

    def _declined(self) -> Array:
        """Which candidates refused the child in a way that still stands, as `derived_dates.stands` says it of one."""
        candidates = self._candidates
        declined = np.zeros(len(candidates), np.bool_)
        for number, days_ago, for_want_of_room in self.question.declines:
            stands = candidates["number"] == number
            if for_want_of_room:
                stands &= candidates["report_age"] >= days_ago
            declined |= stands
        return declined

    def _in_order(self, positions: Array) -> Array:
        """The candidates in these positions, best first: by the factors in the order of the policy, then by id.

        `lexsort` sorts by its last key first, so the keys go in backwards: id, the last factor, …, the first factor.
        """
        candidates = self._candidates.take(positions)
        factors = self._factors(candidates, self._distance.take(positions))
        order = candidates["order"]
        keys = [order[:, 1], order[:, 0], *(factors[index] for index in reversed(FACTOR_ORDERS[self.policy]))]
        ordered: Array = positions[np.lexsort(keys)]
        return ordered

    def _factors(self, candidates: Array, distance: Array) -> tuple[Array, ...]:
        """For each factor, in the order of FACTORS, its value for each of these candidates."""
        question, start = self.question, candidates["start"]
        late = np.maximum(-((question.limit - start) // PERIOD_DAYS), 0)
        lacking = ~candidates["specialisations"] & question.wishes
        return (
            np.where(start == NEVER, UNKNOWN_PERIODS, late),
            candidates["choice"],
            np.bitwise_count(lacking) if question.wishes else lacking,
            candidates["contract"],
            candidates["wait"],
            np.where(np.isnan(distance), UNKNOWN, np.ceil(distance)).astype(np.int32),
            candidates["days"],
            candidates["report_age"],
        )

    def outcome(self) -> Outcome:
        """All of it."""
        norm = self.question.norm
        results, alternatives = self.best()
        return Outcome(
            norm.today,
            self.policy,
            norm.deadline,
            norm.limit,
            tuple(results),
            tuple(self.exclusions()),
            tuple(alternatives),
        )

    def listed(self) -> Listed:
        """All that fit and all that would be possible, as columns: for whoever asks it of thousands of children."""
        positions = np.concatenate([self._fitting, self._possible])
        candidates = self._candidates.take(positions)
        factors = dict(zip(FACTORS, self._factors(candidates, self._distance.take(positions)), strict=True))
        return Listed(
            candidates["number"],
            candidates["start"],
            factors["choice"],
            factors["wishes"],
            factors["distance"],
            _NEED_NUMBER.take(self._reasons.take(positions)),
        )

    def best(self, most: int | None = None) -> tuple[list[Result], list[Alternative]]:
        """The candidates that stay in and what would be possible, best first; at most so many of each."""
        fitting, possible = self._fitting[: None if most is None else most + 1], self._possible[:most]
        known = self._common_fields(np.concatenate([fitting, possible]))
        return self._results(known[: len(fitting)])[:most], self._alternatives(possible, known[len(fitting) :])

    def _results(self, known: list[tuple[Any, ...]]) -> list[Result]:
        deciders: list[Decider | None] = [self._decider(better[6], worse[6]) for better, worse in pairwise(known)]
        return [Result._make((*each, decider)) for each, decider in zip(known, [*deciders, None], strict=False)]

    def _decider(self, better: Sequence[int], worse: Sequence[int]) -> Decider:
        for factor, index in zip(ORDERS[self.policy], FACTOR_ORDERS[self.policy], strict=True):
            if better[index] != worse[index]:
                return factor
        return "id"

    def _alternatives(self, positions: Array, known: list[tuple[Any, ...]]) -> list[Alternative]:
        reasons = [REASONS[bits.bit_length() - 1] for bits in self._reasons.take(positions).tolist()]
        return [
            Alternative._make((*each, reason, NEED_OF[reason])) for each, reason in zip(known, reasons, strict=True)
        ]

    def exclusions(self) -> list[Exclusion]:
        """The candidates that are out, by id."""
        out = self._reasons.nonzero()[0]
        order = self._candidates["order"][out]
        chosen = out[np.lexsort((order[:, 1], order[:, 0]))]
        reasons = map(reasons_in, self._reasons[chosen].tolist())
        return [Exclusion._make((*each, why)) for each, why in zip(self._common_fields(chosen), reasons, strict=True)]

    def excluded(self) -> tuple[int, dict[Reason, int]]:
        """How many candidates are out, and how many each reason keeps out; one candidate can count in several."""
        counts = np.count_nonzero(self._reasons & _BITS, axis=1).tolist()
        return int(np.count_nonzero(self._reasons)), {
            reason: count for reason, count in zip(REASONS, counts, strict=True) if count
        }

    def _common_fields(self, positions: Array) -> list[tuple[Any, ...]]:
        """What a result, an exclusion and an alternative have in common, in the order of their fields."""
        candidates, distance = self._candidates.take(positions), self._distance.take(positions)
        factors = zip(*(each.tolist() for each in self._factors(candidates, distance)), strict=True)
        columns = [candidates[name].tolist() for name in ("number", "start", "reference", "contract")]
        return [
            (
                self._offers[number],
                factors[1],
                None if start == NEVER else date.fromordinal(start),
                date.fromordinal(reference),
                distance if distance == distance else None,  # noqa: PLR0124 - not a number is unequal to itself
                _KINDS[contract],
                factors,
                factors[0] == 0,
            )
            for number, start, reference, contract, distance, factors in zip(
                *columns, distance.tolist(), factors, strict=True
            )
        ]
