"""Siblings in one place each: a search over how many places of each offer go to families.

Where that is decided for every offer nothing is left to part: families are shared over whole family places and other
children over the rest, each as one. Before, the cheapest way in which families may part (`parting`) says what there is
to be had at best. Offers at which it has half a family are decided one after another, both ways; ways that can be no
better than what was found are left (branch and bound). A child that takes several places is a family too.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from app.allocation.applicants import Applicants
from app.allocation.parting import Parting, Relaxed, Shares
from app.allocation.stable import NOWHERE
from app.domain.arrays import Array

EFFORT: Final = 8_000_000
"""How long is searched at most, in arcs of flows that were solved: the same on every machine, of any speed."""
_TRIED: Final = 20
"""At how many offers it is tried what deciding them would do, before one is decided."""
_OF_BROKEN: Final = 8
"""The first way down decides, at each step, one in so many of the offers that are to be decided."""

Alone = Callable[[Applicants], Array]
"""The best options of applicants who take one place each."""


def put_together(applicants: Applicants, alone: Alone) -> tuple[Array, bool]:
    """The best option of each applicant, or NOWHERE; and whether nothing better exists.

    The search begins with one way down; what can be in nothing better than that is left out of the rest of it.
    """
    kept = np.flatnonzero(applicants.places[applicants.offer] >= applicants.size[applicants.owner])
    first = _Search(_narrowed(applicants, kept), alone)
    first.dive()
    worth = first.parting.worth(first.costs)
    rest = _Search(_narrowed(first.parting.applicants, worth), alone)
    rest.keep(_mapped(first.best, np.searchsorted(worth, first.best)))
    proven = rest.run()
    return _mapped(rest.best, kept[worth[rest.best]] if len(worth) else rest.best), proven


def _mapped(chosen: Array, options: Array) -> Array:
    return np.where(chosen == NOWHERE, NOWHERE, options)


def _narrowed(applicants: Applicants, kept: Array) -> Applicants:
    """The same applicants with these options alone, and the offers of these; `rows` are of no use then."""
    offers, offer = np.unique(applicants.offer[kept], return_inverse=True)
    owner = applicants.owner[kept]
    return applicants._replace(
        first=np.searchsorted(owner, np.arange(len(applicants.size) + 1)),
        owner=owner,
        offer=offer,
        cost=applicants.cost[:, kept],
        offer_ids=tuple(applicants.offer_ids[at] for at in offers.tolist()),
        places=applicants.places[offers],
        rows=(),
    )


class _Search:
    """The search; `best` are the options of the best way that was found, and `costs` what that comes to by stage."""

    def __init__(self, applicants: Applicants, alone: Alone) -> None:
        self.parting, self.alone = Parting(applicants), alone
        self.best = np.full(len(applicants.size), NOWHERE, np.int64)
        self.costs = self.parting.costs_of(self.best)

    def keep(self, chosen: Array) -> None:
        """Takes these options for the best where they are."""
        costs = self.parting.costs_of(chosen)
        if costs < self.costs:
            self.best, self.costs = chosen, costs

    def dive(self) -> None:
        """One way down, to begin with something good: several decisions at once where there are many."""
        shares = self.parting.shares()
        relaxed = self.parting.relax(shares, self.costs)
        while relaxed is not None:
            broken = self.parting.broken(relaxed.taken)
            if not len(broken) or self.parting.effort > EFFORT:
                self._look(relaxed.taken // self.parting.size * self.parting.size)
                return
            few = broken[: max(1, len(broken) // _OF_BROKEN)]
            ways = self._ways(shares, relaxed, few)
            relaxed, shares = ways[-1] if ways else (None, shares)

    def run(self) -> bool:
        """Looks at all ways, the best first; whether it came to the end."""
        shares = self.parting.shares()
        root = self.parting.relax(shares, self.costs)
        ways = [] if root is None else [(root, shares)]
        while ways:
            if self.parting.effort > EFFORT:
                return False
            relaxed, shares = ways.pop()
            if relaxed.costs >= self.costs:
                continue
            broken = self.parting.broken(relaxed.taken)
            if len(broken):
                ways.extend(self._decided(shares, relaxed, broken))
            else:
                self._look(relaxed.taken)
        return True

    def _decided(self, shares: Shares, relaxed: Relaxed, broken: Array) -> list[tuple[Relaxed, Shares]]:
        """The ways of that decision, of a few, which leaves least to be had."""
        tried = list[list[tuple[Relaxed, Shares]]]()
        for slot in broken[:_TRIED].tolist():
            ways = self._ways(shares, relaxed, np.array([slot]))
            if len(ways) < 2:
                return ways
            tried.append(ways)
        return max(tried, key=lambda ways: (ways[-1][0].costs, ways[0][0].costs))

    def _ways(self, shares: Shares, relaxed: Relaxed, slots: Array) -> list[tuple[Relaxed, Shares]]:
        """The two ways to decide these slots, of those that can be better than the best; the better last.

        No more than the whole families that they have now, or one more at least.
        """
        size, down, up = self.parting.size[slots], shares.most.copy(), shares.least.copy()
        down[slots] = relaxed.taken[slots] // size * size
        up[slots] = down[slots] + size
        ways = [Shares(shares.least, down), Shares(up, shares.most)]
        found = [(self.parting.relax(way, self.costs), way) for way in ways]
        return sorted(
            [(each, way) for each, way in found if each is not None], key=lambda each: each[0].costs, reverse=True
        )

    def _look(self, taken: Array) -> None:
        """The best way with so many places for families at each slot: slots are offers of their own then."""
        parting, applicants = self.parting, self.parting.applicants
        left = applicants.places.copy()
        np.subtract.at(left, parting.offer, taken)
        parting.effort += len(applicants.owner)
        self.keep(
            self.alone(
                applicants._replace(
                    size=np.ones_like(applicants.size),
                    offer=np.where(parting.is_family, len(left) + parting.slot, applicants.offer),
                    places=np.concatenate([left, taken // parting.size]),
                )
            )
        )
