"""The factors that order the results, and the policies that permute them. Smaller is better in each."""

from typing import Final

import numpy as np

from app.matching.ranking.columns import NEVER, Array, Candidates
from app.matching.ranking.derived import Derived, Question
from app.matching.ranking.model import FACTORS, Factor, Policy

PERIOD_DAYS: Final = 28
UNKNOWN_PERIODS: Final = 3
UNKNOWN: Final = 9999

_FRONTS: Final[dict[Policy, tuple[Factor, ...]]] = {
    "timely-first": (),
    "choice-first": ("choice",),
    "soonest-first": ("start", "choice"),
    "nearest-first": ("delay", "distance", "choice"),
}
ORDERS: Final[dict[Policy, tuple[Factor, ...]]] = {
    policy: (*front, *[factor for factor in FACTORS if factor not in front]) for policy, front in _FRONTS.items()
}
"""For each policy the factors in the order in which they are compared."""

ROW_ORDERS: Final[dict[Policy, list[int]]] = {
    policy: [FACTORS.index(factor) for factor in order] for policy, order in ORDERS.items()
}
"""The same, as rows of what `factors_of` gives."""


def factors_of(candidates: Candidates, derived: Derived, question: Question) -> Array:
    """For each factor, in the order of FACTORS, its value for each candidate.

    Where every contract that covers the child has reached its ceiling, the contract factor is that of the best of
    them, so that alternatives still stand by the contract that an exception would use.
    """
    start, distance = derived.start, derived.distance_km
    unknown = start == NEVER
    factors = np.empty((len(FACTORS), len(start)), np.int64)
    periods_late = -((question.limit - start) // PERIOD_DAYS)
    days = start - question.today
    factors[0] = np.where(unknown, UNKNOWN_PERIODS, np.maximum(periods_late, 0))
    factors[1] = candidates.choice
    factors[2] = np.bitwise_count(~candidates.offers["specialisations"] & question.wishes)
    factors[3] = derived.contract
    factors[4] = np.where(unknown, UNKNOWN_PERIODS, days // PERIOD_DAYS)
    factors[5] = np.where(np.isnan(distance), UNKNOWN, np.ceil(distance))
    factors[6] = np.where(unknown, UNKNOWN, days)
    factors[7] = np.where(candidates.offers["reported"], derived.report_age, UNKNOWN)
    return factors
