"""Who goes where at the lowest cost, as a flow from applicants to places; and what a place more would be worth.

It knows nothing of togetherness: siblings are as much flow as they are, which may part. OR-Tools is loaded when a flow
is asked for.
"""

from typing import NamedTuple

import numpy as np

from app.allocation.applicants import Applicants
from app.domain.arrays import Array


class Flow(NamedTuple):
    """How many of each applicant's children go by each option, and how many without a place; and the cost of all."""

    by_option: Array
    without: Array
    cost: int


class Open(NamedTuple):
    """What is still open: which options may be used, who may be without a place, and whose places are all taken."""

    options: Array
    without: Array
    full: Array

    @classmethod
    def at_first(cls, applicants: Applicants) -> "Open":
        """Everything, save offers that have too few places for all of the siblings.

        An offer without places stays open to a child: what a place there would be worth follows from who wants it.
        """
        size = applicants.size[applicants.owner]
        fits = (applicants.places[applicants.offer] >= size) | (size == 1)
        return cls(fits, np.ones(len(applicants.size), np.bool_), np.zeros(len(applicants.places), np.bool_))


def solve(applicants: Applicants, still: Open, option: Array, none: Array) -> Flow | None:
    """The flow with the lowest cost of what is still open; None where there is none.

    `option` and `none` are costs of a whole applicant, which its size divides.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # noqa: PLC0415 - only where one is solved

    size, owner = applicants.size, applicants.owner
    places, full = applicants.places, still.full
    used = np.flatnonzero(still.options & (places[applicants.offer] > 0))
    offers, offer = np.unique(np.concatenate([applicants.offer[used], np.flatnonzero(full)]), return_inverse=True)
    offer = offer[: len(used)]
    count, sink = len(size), len(size) + len(offers)
    network = SimpleMinCostFlow()
    by_option = network.add_arcs_with_capacity_and_unit_cost(
        owner[used], count + offer, size[owner[used]], option[used] // size[owner[used]]
    )
    to_none = network.add_arcs_with_capacity_and_unit_cost(
        np.arange(count), np.full(count, sink), np.where(still.without, size, 0), none // size
    )
    open_ = np.flatnonzero(~full[offers])
    network.add_arcs_with_capacity_and_unit_cost(
        count + open_, np.full(len(open_), sink), places[offers[open_]], np.zeros(len(open_), np.int64)
    )
    taken = np.where(full[offers], places[offers], 0)
    network.set_nodes_supplies(np.arange(sink + 1), np.concatenate([size, -taken, [taken.sum() - size.sum()]]))
    status = network.solve()
    if status == network.INFEASIBLE:
        return None
    if status != network.OPTIMAL:
        raise ArithmeticError(f"the flow was not solved: {status.name}")
    flow = np.zeros(len(owner), np.int64)
    flow[used] = network.flows(by_option)
    return Flow(flow, network.flows(to_none), network.optimal_cost())


class Prices(NamedTuple):
    """What the lowest cost says of its parts: `of_place` is what one place more at each offer would save.

    `of_child` is what a child of each applicant comes to, its place's price with it. An option's cost for a child and
    its price are never below that, and equal to it where some proposal of the lowest cost uses the option.
    """

    of_place: Array
    of_child: Array


def prices(applicants: Applicants, still: Open, option: Array, none: Array, flow: Flow) -> Prices:
    """The lowest prices that go with a flow of the lowest cost; those of `full` offers may lie below nothing.

    A place more at an offer is worth what the child that would gain most from it gains, and what the place that it
    leaves is then worth to others: so prices rise along chains of children until none rises any more.
    """
    owner, size = applicants.owner, applicants.size
    unit, unit_none = option // size[owner], none // size
    price = np.zeros(len(applicants.places), np.int64)
    price[still.full] = -(int(unit[still.options].max(initial=0)) + int(unit_none.max(initial=0)) + 1) * (len(size) + 2)
    used = np.flatnonzero(flow.by_option)
    by_offer = used[np.argsort(applicants.offer[used], kind="stable")]
    starts = np.searchsorted(applicants.offer[by_offer], np.arange(len(price) + 1))
    child = np.full(len(size), np.iinfo(np.int64).min)
    child[flow.without > 0] = unit_none[flow.without > 0]
    np.maximum.at(child, owner[used], unit[used] + price[applicants.offer[used]])
    rising = np.arange(len(size))
    while len(rising):
        options = _options_of(applicants.first, rising)
        options = options[still.options[options]]
        worth = child[owner[options]] - unit[options]
        asked = applicants.offer[options]
        better = worth > price[asked]
        asked, worth = asked[better], worth[better]
        np.maximum.at(price, asked, worth)
        risen = np.unique(asked)
        holders = by_offer[_options_of(starts, risen)]
        now = unit[holders] + price[applicants.offer[holders]]
        higher = now > child[owner[holders]]
        np.maximum.at(child, owner[holders[higher]], now[higher])
        rising = np.unique(owner[holders[higher]])
    return Prices(price, child)


def _options_of(first: Array, chosen: Array) -> Array:
    """The numbers from `first[n]` up to `first[n + 1]` of each n chosen, one after another."""
    counts = first[chosen + 1] - first[chosen]
    ends = np.cumsum(counts)
    if not len(ends):
        return np.empty(0, np.int64)
    numbers: Array = np.arange(ends[-1]) + np.repeat(first[chosen] - (ends - counts), counts)
    return numbers
