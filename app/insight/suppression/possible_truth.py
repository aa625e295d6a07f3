"""Another truth that everything published agrees with: the cells and sums of a lattice by number, and their counts."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from graphlib import TopologicalSorter
from math import log2
from typing import Final

from app.insight.suppression.lattice import Cell, Lattice

Term = tuple[int, int]
"""The number of a cell in a sum, or of a sum that a cell stands in, and its sign: a total counts +1, a part -1."""
Shift = dict[int, int]
"""By how many children each of some cells changes, so that every sum still holds."""

_COUNT: Final = 20
_ZERO: Final = 64
_LEVEL: Final = 64


class PossibleTruth:
    """A count for each cell with which every sum holds, and which cells can change without anybody seeing it.

    The counts are the true ones until a shift is applied. Numbers follow the names of the cells, so that the order in
    which counts come makes no difference.
    """

    def __init__(self, lattice: Lattice, days: Sequence[Mapping[Cell, int]]) -> None:
        """`days` are the counts of each day that is told of: what is shifted is on all of them, so the least counts."""
        self.cells = sorted(lattice.counts)
        self.true_counts = [min(counts.get(cell, 0) for counts in days) for cell in self.cells]
        self.counts = list(self.true_counts)
        self.suppressed = [False for _ in self.cells]
        number_of = {cell: number for number, cell in enumerate(self.cells)}
        self.sums = [
            ((number_of[total], 1), *((number_of[part], -1) for part in parts))
            for total, parts in sorted({(total, tuple(sorted(parts))) for total, parts, _ in lattice.sums})
        ]
        self.sums_of = self._layers()
        self.layers = range(len(self.sums_of))
        self.prices = self._prices()
        self.by_price = [sorted(terms, key=lambda term: self.prices[term[0]]) for terms in self.sums]
        self.suppressed_terms: list[list[Term]] = [[] for _ in self.sums]
        self._chain_of = self._chains()
        self._told_of = Counter(self._chain_of)

    def _layers(self) -> list[list[list[Term]]]:
        """By layer and cell: the sums that the cell stands in, of that layer and of those before it.

        First come the sums within one measure, then those between measures.
        """
        layer_of = [self._layer(terms) for terms in self.sums]
        layers: list[list[list[Term]]] = []
        for layer in sorted({0, *layer_of}):
            layers.append([[] for _ in self.cells])
            for number, terms in enumerate(self.sums):
                for cell, sign in terms if layer_of[number] <= layer else ():
                    layers[-1][cell].append((number, sign))
        return layers

    def _layer(self, terms: Iterable[Term]) -> int:
        return int(len({self.cells[cell].measure for cell, _ in terms}) > 1)

    def _prices(self) -> list[int]:
        """What it costs to suppress each cell: more for more children, and for a total of totals.

        A count of 0 costs as much as a large one: it can be given children, and has none to give.
        """
        parts: dict[int, set[int]] = {}
        for terms in self.sums:
            parts.setdefault(terms[0][0], set()).update(cell for cell, _ in terms[1:])
        levels = [0 for _ in self.cells]
        for cell in TopologicalSorter(parts).static_order():
            levels[cell] = max((1 + levels[part] for part in parts.get(cell, ())), default=0)
        return [
            _LEVEL * level + (_COUNT + int(4 * log2(count)) if count else _ZERO)
            for level, count in zip(levels, self.true_counts, strict=True)
        ]

    def _chains(self) -> list[int]:
        """By cell: a number that it shares with every cell that a chain of sums leads to."""
        chain_of = [-1 for _ in self.cells]
        for first in range(len(self.cells)):
            if chain_of[first] < 0:
                found = [first]
                chain_of[first] = first
                for cell in found:
                    for number, _ in self.sums_of[-1][cell]:
                        new = [each for each, _ in self.sums[number] if chain_of[each] < 0]
                        for each in new:
                            chain_of[each] = first
                        found += new
        return chain_of

    def suppress(self, cell: int) -> None:
        """From now on this cell can change unseen."""
        if self.suppressed[cell]:
            return
        self.suppressed[cell] = True
        self._told_of[self._chain_of[cell]] -= 1
        for number, sign in self.sums_of[-1][cell]:
            self.suppressed_terms[number].append((cell, sign))

    def tells_nothing_of(self, cell: int) -> bool:
        """Whether every cell that a chain of sums leads to from this one is suppressed, itself too."""
        return not self._told_of[self._chain_of[cell]]

    def begin_again(self) -> None:
        """Makes the counts the true ones."""
        self.counts = list(self.true_counts)

    def apply(self, shift: Shift, children: int) -> None:
        """Shifts so many children, or as many as there are, and suppresses every cell that changes."""
        times = min([children, *(self.counts[cell] // -change for cell, change in shift.items() if change < 0)])
        for cell, change in shift.items():
            self.counts[cell] += times * change
            self.suppress(cell)

    def beside(self, cells: Collection[int]) -> list[int]:
        """These cells and those that stand in a sum with one of them."""
        sums = {number for each in cells for number, _ in self.sums_of[-1][each]}
        return sorted({*cells, *(cell for number in sums for cell, _ in self.sums[number])})
