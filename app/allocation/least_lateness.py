"""The proposal of the least lateness: all children together the fewest days late, and so on down LEVELS.

The levels that fit in one number are solved at once, as a flow of the lowest cost. The next are solved over what is as
good on those before: the options that some proposal of that cost uses, which the prices tell. Siblings, who could part
in such a flow, are put together by a search (`together`).
"""

from typing import Final, NamedTuple

import numpy as np

from app.allocation.applicants import LEVELS, Applicants
from app.allocation.flow import Flow, Open, Prices, prices, solve
from app.allocation.levels import Packed, pack
from app.allocation.stable import NOWHERE
from app.allocation.together import put_together
from app.domain.arrays import Array

_AT_FIRST: Final = 20
"""Options of each applicant that a flow begins with."""


class Solved(NamedTuple):
    """The option of each applicant or NOWHERE; and what the first levels say of a place more, in `packed` costs.

    `proven` says that nothing better exists; without it the search for siblings ended before that was sure.
    """

    chosen: Array
    proven: bool
    packed: Packed
    prices: Prices


def least_lateness(applicants: Applicants) -> Solved:
    """The best proposal, the only one but for equal draws. Raises OverflowError where the costs do not fit."""
    still = Open.at_first(applicants)
    packed = pack(applicants, still.options, 0, _nodes(applicants))
    flow, found = _cheapest(applicants, still, packed)
    if (applicants.size > 1).any():
        return Solved(*put_together(applicants, alone), packed, found)
    return Solved(_on(applicants, still, packed, flow, found), True, packed, found)


def alone(applicants: Applicants) -> Array:
    """The best option of each, or NOWHERE, of applicants who take one place each."""
    still = Open.at_first(applicants)
    packed = pack(applicants, still.options, 0, _nodes(applicants))
    return _on(applicants, still, packed, *_cheapest(applicants, still, packed))


def _on(applicants: Applicants, still: Open, packed: Packed, flow: Flow, found: Prices) -> Array:
    """The best of what is as good on the levels that are packed, level by level."""
    done = packed.levels
    while done < len(LEVELS):
        still = _as_good(applicants, still, packed, found)
        packed = pack(applicants, still.options, done, _nodes(applicants))
        flow, found = _cheapest(applicants, still, packed)
        done += packed.levels
    chosen = np.full(len(applicants.size), NOWHERE, np.int64)
    used = np.flatnonzero(flow.by_option)
    chosen[applicants.owner[used]] = used
    return chosen


def _nodes(applicants: Applicants) -> int:
    """How many nodes a flow of them has at most."""
    return len(applicants.size) + len(applicants.places) + 3


def _cheapest(applicants: Applicants, still: Open, packed: Packed) -> tuple[Flow, Prices]:
    """The cheapest flow and its prices.

    Few options of each are used, the cheapest, until no other one lies below what its child and its place come to: then
    no other one could have made the flow cheaper.
    """
    option, none, size, owner = packed.option, packed.none, applicants.size, applicants.owner
    used = still.options if still.full.any() else still.options & _cheap(applicants, still, option)
    while True:
        narrowed = still._replace(options=used)
        flow = solve(applicants, narrowed, option, none)
        if flow is None:
            raise ArithmeticError("no flow, where all could be without a place")
        found = prices(applicants, narrowed, option, none, flow)
        below = option // size[owner] + found.of_place[applicants.offer] < found.of_child[owner]
        missed = below & still.options & (applicants.places[applicants.offer] > 0) & ~used
        if not missed.any():
            return flow, prices(applicants, still, option, none, flow)
        used = used | missed


def _cheap(applicants: Applicants, still: Open, option: Array) -> Array:
    """The cheapest options of each, of those with a place."""
    order = np.lexsort((option, applicants.owner))
    usable = (still.options & (applicants.places[applicants.offer] > 0))[order]
    before: Array = np.cumsum(usable) - usable
    owner = applicants.owner[order]
    among = before - np.concatenate([before, [0]])[applicants.first[owner]]
    cheap = np.zeros(len(option), np.bool_)
    cheap[order[usable & (among < _AT_FIRST)]] = True
    return cheap


def _as_good(applicants: Applicants, still: Open, packed: Packed, found: Prices) -> Open:
    """What proposals of the lowest cost are made of: options at their child's price, all places that have a price."""
    size, owner = applicants.size, applicants.owner
    tight = packed.option // size[owner] + found.of_place[applicants.offer] == found.of_child[owner]
    return Open(
        still.options & tight,
        still.without & (packed.none // size == found.of_child),
        still.full | (found.of_place > 0),
    )
