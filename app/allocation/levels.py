"""Weighing several things one after another in one whole number, as far as it fits in 64 bits.

A level's base is one more than all applicants together can cost on the levels after it, so that no number of gains
there makes up for a loss of one here. With levels of 5 and 7 of which the second can come to 99 at most, the pair
(5, 7) is 5 x 100 + 7 = 507. What does not fit with those before it is solved after them.
"""

from collections.abc import Sequence
from math import lcm
from typing import Final, NamedTuple

import numpy as np

from app.allocation.applicants import Applicants
from app.domain.arrays import Array

MOST: Final = 2**61
"""What all costs, times the nodes of the network, stay under: the solver has 64 bits."""


class Packed(NamedTuple):
    """The costs of the next `levels` levels in one: of each option, and of being without a place.

    They are multiplied by `unit`, so that the cost of siblings divides over their places. `bases` are of each level.
    """

    levels: int
    option: Array
    none: Array
    unit: int
    bases: tuple[int, ...]


def pack(applicants: Applicants, alive: Array, done: int, nodes: int) -> Packed:
    """As many levels as fit, from the level `done` on; `alive` says which options there still are, and `nodes` how many
    the network has.

    Raises OverflowError where not even one fits.
    """
    unit = lcm(*set(applicants.size.tolist())) if len(applicants.size) else 1
    option, none = np.zeros(len(alive), np.int64), np.zeros(len(applicants.size), np.int64)
    bases, highest = list[int](), 0
    for level in range(done, len(applicants.cost)):
        most, total = _highest(applicants, alive, level)
        base = total + 1
        highest = highest * base + most
        if highest * unit * nodes >= MOST:
            break
        option = option * base + applicants.cost[level]
        none = none * base + applicants.none[level]
        bases.append(base)
    if not bases:
        raise OverflowError("these costs do not fit in 64 bits: fewer children, or a nearer horizon")
    return Packed(len(bases), option * unit, none * unit, unit, tuple(bases))


def _highest(applicants: Applicants, alive: Array, level: int) -> tuple[int, int]:
    """What one applicant can cost at most on a level, and what all can together."""
    cost = np.where(alive, applicants.cost[level], 0)
    each = applicants.none[level].copy()
    np.maximum.at(each, applicants.owner, cost)
    return int(each.max(initial=0)), int(each.sum())


def in_one(packed: Packed, costs: Sequence[int]) -> int:
    """The costs on the first levels in one, as those of an option."""
    cost = 0
    for base, each in zip(packed.bases, costs, strict=False):
        cost = cost * base + each
    return cost * packed.unit
