"""The factors that order the results, and the policies that permute them. Smaller is better in each."""

from collections.abc import Callable
from math import ceil
from operator import itemgetter
from typing import Final

from app.domain.dates import ceil_div
from app.matching.ranking.derived import Norm
from app.matching.ranking.model import (
    CONTRACT_KINDS,
    FACTORS,
    Candidate,
    ContractKind,
    Factor,
    Policy,
    Request,
)

PERIOD_DAYS: Final = 28
UNKNOWN_PERIODS: Final = 3
UNKNOWN: Final = 9999

_CONTRACT: Final[dict[ContractKind | None, int]] = {
    **{kind: value for value, kind in enumerate(CONTRACT_KINDS)},
    None: len(CONTRACT_KINDS),
}
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

PICKERS: Final[dict[Policy, Callable[[tuple[int, ...]], tuple[int, ...]]]] = {
    policy: itemgetter(*[FACTORS.index(factor) for factor in order]) for policy, order in ORDERS.items()
}
"""For each policy what puts factors in that order."""


def factors_of(candidate: Candidate, request: Request, norm: Norm) -> tuple[int, ...]:
    """The candidate's factors, in the order of FACTORS.

    Where every contract that covers the child has reached its ceiling, the contract factor is that of the
    best of them, so that alternatives still stand by the contract that an exception would use.
    """
    start, distance, age = candidate.expected_start, candidate.distance_km, candidate.report_age
    if start is None:
        delay = wait = UNKNOWN_PERIODS
        days = UNKNOWN
    else:
        delay = max(0, ceil_div((start - norm.limit).days, PERIOD_DAYS))
        days = (start - norm.today).days
        wait = days // PERIOD_DAYS
    return (
        delay,
        candidate.choice,
        len(request.wishes - candidate.offer.specialisations),
        _CONTRACT[candidate.contract],
        wait,
        UNKNOWN if distance is None else ceil(distance),
        days,
        UNKNOWN if age is None else age,
    )
