"""The factors that order the results, and the policies that permute them. Smaller is better in each."""

from typing import Final

from app.ranking.model import FACTORS, Factor, Policy

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

FACTOR_ORDERS: Final[dict[Policy, list[int]]] = {
    policy: [FACTORS.index(factor) for factor in order] for policy, order in ORDERS.items()
}
"""The same as indexes in FACTORS: for "choice-first" 1 (choice), 0 (delay), 2 (wishes), and so on."""
