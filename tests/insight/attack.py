"""Attacks published counts: what do they, and the sums between them, tell of those that are suppressed?

    told = gathered(answer, another_answer)          # {Cell: count}, None where it is suppressed
    assert not known_small(told, sums)               # and so not `pinned` either

The sums are those of the lattice, or better, since nothing is then taken from the code under test, `sums_over_kinds`.
"""

from collections.abc import Iterable, Mapping
from math import ceil, floor, inf
from typing import Any, Final, NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from app.insight.suppression.lattice import FEWEST, Cell, Sum

_MORE_THAN_THERE_ARE: Final = 10**6
_CLOSE: Final = 1e-6


class Range(NamedTuple):
    """The fewest and the most that a count can be; the most is `inf` where nothing bounds it."""

    fewest: float
    most: float


class Kind(NamedTuple):
    """Children of one kind: every (dimension, value) that holds for them, and every measure that counts them."""

    places: frozenset[tuple[str, str]]
    measures: frozenset[str]


def gathered(*answers: Mapping[Cell, int | None]) -> dict[Cell, int]:
    """What several answers tell together; None is a count that an answer suppresses. They may not contradict."""
    told: dict[Cell, int] = {}
    for cell, count in ((cell, count) for answer in answers for cell, count in answer.items() if count is not None):
        assert told.setdefault(cell, count) == count, f"{cell} is {told[cell]} in one answer and {count} in another"
    return told


def sums_over_kinds(cells: Iterable[Cell], kinds: Iterable[Kind]) -> list[Sum]:
    """Of each cell that it is made of so many children of each kind, which nobody knows."""
    numbered = [(Cell(f"kind {number}"), *kind) for number, kind in enumerate(kinds)]
    return [
        Sum(cell, tuple(name for name, places, by in numbered if cell.measure in by and places.issuperset(cell.place)))
        for cell in cells
    ]


def pinned(told: Mapping[Cell, int], sums: Iterable[Sum], of: Iterable[Cell] | None = None) -> dict[Cell, int]:
    """The counts, of these or of all that are not told, for which only one whole number is possible."""
    found = {}
    for cell, (fewest, most) in ranges(told, sums, of).items():
        if most < inf and ceil(fewest - _CLOSE) == floor(most + _CLOSE):
            found[cell] = ceil(fewest - _CLOSE)
    return found


def known_small(told: Mapping[Cell, int], sums: Iterable[Sum], of: Iterable[Cell] | None = None) -> dict[Cell, Range]:
    """The counts, of these or of all that are not told, that must be below 5, with what they can be."""
    return {cell: each for cell, each in ranges(told, sums, of).items() if each.most < FEWEST - _CLOSE}


def ranges(told: Mapping[Cell, int], sums: Iterable[Sum], of: Iterable[Cell] | None = None) -> dict[Cell, Range]:
    """What each of these counts can be, or each that stands in a sum and is not told: by two linear programs each."""
    equations = list(sums)
    named = {cell for total, parts, _ in equations for cell in (total, *parts)}
    program = _Program(told, equations, sorted(named - told.keys()))
    return {cell: program.range_of(cell) for cell in (named - told.keys() if of is None else of)}


class _Program:
    """Every sum as an equation in the unknown counts, which are 0 or more."""

    def __init__(self, told: Mapping[Cell, int], sums: list[Sum], unknown: list[Cell]) -> None:
        self._column = {cell: number for number, cell in enumerate(unknown)}
        entries: dict[tuple[int, int], int] = {}
        self._right = np.zeros(len(sums))
        for row, (total, parts, rest) in enumerate(sums):
            self._right[row] += rest
            for cell, sign in ((total, 1), *((part, -1) for part in parts)):
                if cell in self._column:
                    at = (row, self._column[cell])
                    entries[at] = entries.get(at, 0) + sign
                else:
                    self._right[row] -= sign * told[cell]
        places = np.array(list(entries), np.int64).reshape(-1, 2).T
        self._left = csr_array((list(entries.values()), (places[0], places[1])), shape=(len(sums), len(unknown)))

    def range_of(self, cell: Cell) -> Range:
        """What a count can be: anything where it stands in no sum."""
        if cell not in self._column:
            return Range(0, inf)
        fewest, most = self._solved(cell, 1), -self._solved(cell, -1)
        return Range(fewest, inf if most > _MORE_THAN_THERE_ARE - 1 else most)

    def _solved(self, cell: Cell, sign: int) -> float:
        aim = np.zeros(len(self._column))
        aim[self._column[cell]] = sign
        bounds = (0, _MORE_THAN_THERE_ARE)
        solved: Any = linprog(aim, A_eq=self._left, b_eq=self._right, bounds=bounds, method="highs")
        assert solved.status == 0, f"what is told contradicts itself: {solved.message}"
        return float(solved.fun)
