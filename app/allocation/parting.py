"""The cheapest way in which families may part, while it is said how many places of each offer go to families.

The families of one size at an offer are a slot: of an offer with 3 places, the slot of families of 2 has room for one.
Applicants go to slots or, where they take one place, to offers; slots go on to their offers, whose places they share.
"""

from typing import NamedTuple

import numpy as np

from app.allocation.applicants import LEVELS, Applicants
from app.allocation.levels import Packed, pack
from app.allocation.network import Network, above, cheapest, within
from app.domain.arrays import Array


class Shares(NamedTuple):
    """How many places of each slot go to families: at least and at most."""

    least: Array
    most: Array


class Relaxed(NamedTuple):
    """A cheapest way: what it costs on as many stages as had to be solved, and how many places each slot gives."""

    costs: tuple[int, ...]
    taken: Array


class Parting:
    """The network of applicants, slots and offers, whose costs are in `stages` of levels that fit in one number.

    `slot` is that of each option, -1 of one that takes one place; `offer` and `size` are of each slot. `effort` counts
    the arcs of the flows that were solved.
    """

    def __init__(self, applicants: Applicants) -> None:
        self.applicants, self.effort = applicants, 0
        size = applicants.size[applicants.owner]
        self.is_family = size > 1
        most = int(size.max(initial=1)) + 1
        keys, slots = np.unique(applicants.offer[self.is_family] * most + size[self.is_family], return_inverse=True)
        self.offer, self.size = keys // most, keys % most
        self.slot = np.full(len(size), -1, np.int64)
        self.slot[self.is_family] = slots
        self.stages = self._stages()

    def _stages(self) -> tuple[Packed, ...]:
        applicants = self.applicants
        nodes = len(applicants.size) + len(self.offer) + len(applicants.places) + 1
        stages, done, every = list[Packed](), 0, np.ones(len(applicants.owner), np.bool_)
        while done < len(LEVELS):
            stages.append(pack(applicants, every, done, nodes))
            done += stages[-1].levels
        return tuple(stages)

    def shares(self) -> Shares:
        """With nothing decided: any number of whole families that there is room for."""
        most = self.applicants.places[self.offer] // self.size * self.size
        return Shares(np.zeros_like(most), most)

    def costs_of(self, chosen: Array) -> tuple[int, ...]:
        """What the options of applicants cost by stage; NOWHERE (-1) in place of an option is no place."""
        placed = chosen >= 0
        return tuple(int(each.option[chosen[placed]].sum()) + int(each.none[~placed].sum()) for each in self.stages)

    def broken(self, taken: Array) -> Array:
        """The slots that have a part of a family."""
        return np.flatnonzero(taken % self.size)

    def relax(self, shares: Shares, best: tuple[int, ...]) -> Relaxed | None:
        """The cheapest way within these shares; None where none can be better than one that costs `best`.

        A next stage is solved only where those before it do not tell; it is solved over what is as good on those.
        """
        network = self._network(shares)
        if network is None:
            return None
        arcs, sent = np.arange(len(network.tail)), np.zeros(len(network.tail), np.int64)
        costs, taken = tuple[int, ...](), shares.least
        for stage in self.stages:
            unit = self._unit(stage)
            flow = self._cheapest(network, unit[arcs])
            if flow is None:
                return None
            sent[arcs] = flow
            costs = (*costs, int((sent * unit).sum()))
            so_far = best[: len(costs)]
            if costs > so_far:
                return None
            options = sent[: len(self.slot)]
            taken = np.bincount(self.slot[self.is_family], options[self.is_family], len(self.offer)).astype(np.int64)
            if costs < so_far and len(self.broken(taken)):
                return Relaxed(costs, taken)
            reduced = above(network, unit[arcs], flow)
            network, kept = within(network, reduced)
            arcs = arcs[kept]
        return Relaxed(costs, taken) if costs < best else None

    def worth(self, best: tuple[int, ...]) -> Array:
        """The options that can be in a way that costs `best` or less: those that add no more than that leaves."""
        network, unit = self._network(self.shares()), self._unit(self.stages[0])
        flow = None if network is None else self._cheapest(network, unit)
        if network is None or flow is None:
            raise ArithmeticError("no flow, where all could be without a place")
        adds = above(network, unit, flow)[: len(self.slot)] * self.applicants.size[self.applicants.owner]
        return np.flatnonzero(adds <= best[0] - int((flow * unit).sum()))

    def _cheapest(self, network: Network, cost: Array) -> Array | None:
        self.effort += len(cost)
        return cheapest(network, cost)

    def _unit(self, stage: Packed) -> Array:
        """What a place costs by each arc: by an option, by none; and nothing from there on."""
        size = self.applicants.size
        on = np.zeros(len(self.offer) + len(self.applicants.places), np.int64)
        return np.concatenate([stage.option // size[self.applicants.owner], stage.none // size, on])

    def _network(self, shares: Shares) -> Network | None:
        """Arcs of options, of being without a place, from slots to offers, and from offers on; None without room."""
        size, owner, places = self.applicants.size, self.applicants.owner, self.applicants.places
        left = places.copy()
        np.subtract.at(left, self.offer, shares.least)
        if (left < 0).any() or (shares.least > shares.most).any():
            return None
        every, slots, offers = np.arange(len(size)), np.arange(len(self.offer)), np.arange(len(places))
        to_slot, to_offer = len(size), len(size) + len(slots)
        sink = to_offer + len(offers)
        to = np.where(self.is_family, to_slot + self.slot, to_offer + self.applicants.offer)
        return Network(
            np.concatenate([owner, every, to_slot + slots, to_offer + offers]),
            np.concatenate([to, np.full(len(every), sink), to_offer + self.offer, np.full(len(offers), sink)]),
            np.concatenate([size[owner], size, shares.most - shares.least, left]),
            np.concatenate([size, -shares.least, np.zeros_like(places), [shares.least.sum() - size.sum()]]),
        )
