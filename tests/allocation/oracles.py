"""Other ways to the same proposals, slow and plain: every way tried, deferred acceptance as in the book, a MILP."""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from app.allocation.applicants import Applicants
from app.allocation.stable import NOWHERE
from app.domain.arrays import Array


def totals(applicants: Applicants, chosen: Array) -> tuple[int, ...]:
    """What the options come to on each level."""
    placed = chosen != NOWHERE
    cost = applicants.cost[:, chosen[placed]].sum(axis=1) + applicants.none[:, ~placed].sum(axis=1)
    return tuple(cost.tolist())


def all_ways(applicants: Applicants) -> Iterator[Array]:
    """Every way in which nobody is at an offer without a place for it."""
    yield from _ways(applicants, 0, applicants.places.copy(), np.full(len(applicants.size), NOWHERE, np.int64))


def _ways(applicants: Applicants, who: int, room: Array, chosen: Array) -> Iterator[Array]:
    if who == len(chosen):
        yield chosen.copy()
        return
    yield from _ways(applicants, who + 1, room, chosen)
    size = applicants.size[who]
    for option in applicants.options(who):
        offer = applicants.offer[option]
        if room[offer] >= size:
            room[offer] -= size
            chosen[who] = option
            yield from _ways(applicants, who + 1, room, chosen)
            room[offer] += size
            chosen[who] = NOWHERE


def deferred_acceptance(applicants: Applicants) -> Array:
    """Gale and Shapley's, of applicants without siblings: all ask at once, an offer keeps the most urgent."""
    asked = applicants.first[:-1].copy()
    held: dict[int, list[int]] = {}
    free = list(range(len(applicants.size)))
    chosen = np.full(len(applicants.size), NOWHERE, np.int64)
    while free:
        who = free.pop()
        if asked[who] == applicants.first[who + 1]:
            chosen[who] = NOWHERE
            continue
        offer = int(applicants.offer[asked[who]])
        chosen[who] = asked[who]
        asked[who] += 1
        there = held.setdefault(offer, [])
        there.append(who)
        if len(there) > applicants.places[offer]:
            there.sort()
            free.append(there.pop())
    return chosen


def blocking(applicants: Applicants, chosen: Array) -> list[tuple[int, int]]:
    """The applicants, each with an option, who could point to places: free, or with others behind them."""
    found = []
    for who, size in enumerate(applicants.size.tolist()):
        for option in applicants.options(who):
            if option == chosen[who]:
                break
            offer = applicants.offer[option]
            before = [
                at
                for at, each in enumerate(chosen.tolist())
                if each != NOWHERE and applicants.offer[each] == offer and at < who
            ]
            if applicants.places[offer] - applicants.size[before].sum() >= size:
                found.append((who, option))
    return found


def best_by_milp(applicants: Applicants, level: int) -> int:
    """The lowest that a level alone can come to, by HiGHS."""
    return _lowest(applicants, level, [])


def best_in_order(applicants: Applicants) -> tuple[int, ...]:
    """The lowest that each level can come to with those before it at their lowest, by HiGHS."""
    found: list[int] = []
    for level in range(len(applicants.cost)):
        found.append(_lowest(applicants, level, found))
    return tuple(found)


def _lowest(applicants: Applicants, level: int, before: Sequence[int]) -> int:
    """The lowest of a level with those before it at these."""
    options, count = len(applicants.offer), len(applicants.size)
    ways = np.zeros((count, options + count))
    ways[applicants.owner, np.arange(options)] = 1
    ways[np.arange(count), options + np.arange(count)] = 1
    taken = np.zeros((len(applicants.places), options + count))
    taken[applicants.offer, np.arange(options)] = applicants.size[applicants.owner]
    costs = np.concatenate([applicants.cost, applicants.none], axis=1)
    rules = [LinearConstraint(ways, 1, 1), LinearConstraint(taken, -np.inf, applicants.places)]
    rules += [LinearConstraint(costs[at], lowest, lowest) for at, lowest in enumerate(before)]
    solved = milp(
        costs[level],
        constraints=rules,
        integrality=np.ones(options + count),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    assert solved.success
    found: int = round(solved.fun)
    return found
