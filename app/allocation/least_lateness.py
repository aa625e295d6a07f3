"""The proposal of the least lateness: all children together the fewest days late, and so on down LEVELS.

The levels that fit in one number are solved at once, as a flow of the lowest cost. The next are solved over what is as
good on those before: the options that some proposal of that cost uses, which the prices tell. Siblings are kept
together: where the cheapest flow parts none of them it is the best; where it parts some, a flow in which they are put
together one by one shows how good can be reached, and CP-SAT proves the best among the options that can still be in it.
"""

from typing import Final, NamedTuple

import numpy as np

from app.allocation.applicants import LEVELS, Applicants
from app.allocation.flow import Flow, Open, Prices, prices, solve
from app.allocation.levels import Packed, pack
from app.allocation.stable import NOWHERE
from app.allocation.together import solve_together
from app.ranking.columns import Array

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
    still, done, first = Open.at_first(applicants), 0, None
    while True:
        packed = pack(applicants, still.options, done)
        flow, found = _cheapest(applicants, still, packed)
        first = first or (packed, found)
        chosen = _put_together(applicants, still, packed, found, flow)
        done += packed.levels
        if chosen is None or _cost(chosen, packed) > flow.cost:
            kept = _within(applicants, still, packed, found, flow.cost, chosen)
            chosen, proven = solve_together(applicants, kept, range(done - packed.levels, done), chosen)
            if not proven:
                return Solved(chosen, False, *first)
            if _cost(chosen, packed) > flow.cost:
                kept = _within(applicants, kept, packed, found, flow.cost, chosen)
                levels = range(done - packed.levels, len(LEVELS))
                return Solved(*solve_together(applicants, kept, levels, chosen), *first)
        if done == len(LEVELS):
            return Solved(chosen, True, *first)
        still = _as_good(applicants, still, packed, found)


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


def _cost(chosen: Array, packed: Packed) -> int:
    placed = chosen != NOWHERE
    return int(packed.option[chosen[placed]].sum()) + int(packed.none[~placed].sum())


def _as_good(applicants: Applicants, still: Open, packed: Packed, found: Prices) -> Open:
    """What proposals of the lowest cost are made of: options at their child's price, all places that have a price."""
    size, owner = applicants.size, applicants.owner
    tight = packed.option // size[owner] + found.of_place[applicants.offer] == found.of_child[owner]
    return Open(
        still.options & tight,
        still.without & (packed.none // size == found.of_child),
        still.full | (found.of_place > 0),
    )


def _within(
    applicants: Applicants, still: Open, packed: Packed, found: Prices, lowest: int, chosen: Array | None
) -> Open:
    """What a proposal can be made of that costs no more than `chosen`: an option adds what it is above its price."""
    if chosen is None:
        return still
    size, owner = applicants.size, applicants.owner
    most = _cost(chosen, packed) - lowest
    above = packed.option + size[owner] * (found.of_place[applicants.offer] - found.of_child[owner])
    return Open(
        still.options & (above <= most), still.without & (packed.none - size * found.of_child <= most), still.full
    )


def _put_together(applicants: Applicants, still: Open, packed: Packed, found: Prices, flow: Flow) -> Array | None:
    """The options of a flow, in which siblings who would part are put together one by one; None where that fails."""
    now: Flow | None = flow
    while now is not None:
        parted = _parted(applicants, now)
        if parted is None:
            return _options(applicants, now)
        fixed = _fix(applicants, still, packed, found, now, parted)
        if fixed is None:
            return None
        still = fixed
        now = solve(applicants, still, packed.option, packed.none)
    return None


def _parted(applicants: Applicants, flow: Flow) -> int | None:
    """The most urgent siblings who go different ways, or None."""
    ways = np.bincount(applicants.owner[flow.by_option > 0], minlength=len(applicants.size)) + (flow.without > 0)
    parted = np.flatnonzero(ways > 1)
    return int(parted[0]) if len(parted) else None


def _options(applicants: Applicants, flow: Flow) -> Array:
    chosen = np.full(len(applicants.size), NOWHERE, np.int64)
    used = np.flatnonzero(flow.by_option)
    chosen[applicants.owner[used]] = used
    return chosen


def _fix(applicants: Applicants, still: Open, packed: Packed, found: Prices, flow: Flow, parted: int) -> Open | None:
    """With these siblings together: where it costs least, with its places' prices, of where others put so leave room.

    None where no way is left to them.
    """
    options = np.array(applicants.options(parted))
    options = options[still.options[options]]
    size = int(applicants.size[parted])
    fixed = _fixed(applicants, still)
    room = applicants.places.copy()
    np.subtract.at(room, applicants.offer[fixed], applicants.size[applicants.owner[fixed]])
    options = options[room[applicants.offer[options]] >= size]
    if not len(options) and not still.without[parted]:
        return None
    above = packed.option[options] + size * found.of_place[applicants.offer[options]]
    there = _free(applicants, flow)[applicants.offer[options]] + flow.by_option[options]
    order = np.lexsort((options, -np.minimum(there, size), above))
    usable, without = still.options.copy(), still.without.copy()
    usable[applicants.first[parted] : applicants.first[parted + 1]] = False
    usable[options[order[:1]]] = True
    without[parted] = not len(options)
    return Open(usable, without, still.full)


def _free(applicants: Applicants, flow: Flow) -> Array:
    """How many places each offer has left."""
    used = np.flatnonzero(flow.by_option)
    free = applicants.places.copy()
    np.subtract.at(free, applicants.offer[used], flow.by_option[used])
    return free


def _fixed(applicants: Applicants, still: Open) -> Array:
    """The options of siblings who have one way left."""
    owner = applicants.owner
    ways = np.bincount(owner[still.options], minlength=len(applicants.size)) + still.without
    only = (ways == 1) & (applicants.size > 1)
    return np.flatnonzero(still.options & only[owner])
