"""Finds a shift: counts that can change together without anybody seeing it.

A count is raised by one child. Every sum that it stands in is then off by one, and is put right by a change of another
count in it, which may put other sums off; and so on until every sum holds. Two suppressed care types of two regions,
with totals that are published: when the first rises from 2 to 3, three others have to follow.

    region A   2 → 3   6 → 5   total 8
    region B   7 → 6   4 → 5   total 11
    total      9       10      total 19

The search goes from state to state: which sums are off, and by how much. It puts right the sum that leaves the least
choice, gives up a state where a sum leaves none, and takes up the most promising state first: little suppressed anew,
few sums off. It goes by layers: first the sums of the raised count's own measure are made to hold, then those between
measures, where the other measures mostly just have to follow.
"""

from heapq import heappop, heappush
from itertools import count as numbers
from typing import Final, NamedTuple

from app.insight.suppression.lattice import FEWEST
from app.insight.suppression.possible_truth import PossibleTruth, Shift

_STEP: Final = 1
_POOR: Final = 8
"""What a change costs, and what it costs more to take children from a count that has fewer than are needed."""

_Off = dict[int, int]
"""The sums that are off, and by how much each."""
_Steps = tuple[int, int, "_Steps | None"]
"""The last step (a cell, and its change by +1 or -1), and those before it."""


class Attempt(NamedTuple):
    """How to look for a shift.

    `suppressing`: whether more cells may be suppressed for it. `haste`: what a sum that is off counts for against the
    price of a cell; more of it finds a shift sooner, and not always the cheapest. `most_states`: when to give up.
    """

    suppressing: bool
    haste: int
    most_states: int


def find_shift(truth: PossibleTruth, cell: int, attempt: Attempt) -> Shift | None:
    """A shift that raises the count of this cell; None where this attempt finds none."""
    shift: Shift | None = {cell: 1}
    for layer in truth.layers:
        if shift is not None:
            shift = _Search(truth, cell, attempt, layer).completed(shift)
    return shift


class _Search:
    """Makes the sums of a layer hold, and of those below it."""

    def __init__(self, truth: PossibleTruth, raised: int, attempt: Attempt, layer: int) -> None:
        self._truth = truth
        self._raised = raised
        self._attempt = attempt
        self._terms = truth.by_price if attempt.suppressing else truth.suppressed_terms
        self._sums_of = truth.sums_of[layer]
        self._needed = FEWEST - truth.counts[raised]
        self._turns: dict[tuple[int, int], tuple[bool, int, int]] = {}
        self._order = numbers(0, -1)  # of equals the newest first
        self._queue: list[tuple[int, int, int, _Off, _Steps | None]] = []

    def completed(self, shift: Shift) -> Shift | None:
        """This shift with the steps that it takes; None where they are not found."""
        seen: set[frozenset[tuple[int, int]]] = set()
        heappush(self._queue, (0, next(self._order), 0, self._after({}, shift), None))
        while self._queue and len(seen) < self._attempt.most_states:
            _, _, cost, off, steps = heappop(self._queue)
            if steps is not None:
                off = self._after(off, {steps[0]: steps[1]})
            state = frozenset(off.items())
            if not off:
                complete = _together(shift, steps)
                if all(self._truth.counts[cell] + change >= 0 for cell, change in complete.items()):
                    return complete
            elif state not in seen:
                seen.add(state)
                self._extend(cost, off, steps)
        return None

    def _after(self, off: _Off, changes: Shift) -> _Off:
        """Which sums are off after some changes."""
        after = dict(off)
        for cell, change in changes.items():
            for number, sign in self._sums_of[cell]:
                amount = after.pop(number, 0) + sign * change
                if amount:
                    after[number] = amount
        return after

    def _extend(self, cost: int, off: _Off, steps: _Steps | None) -> None:
        """Queues every way to put right the sum that leaves the least choice."""
        _, choices, number = min(map(self._turn, off.items()))
        direction, haste = _against(off[number]), self._attempt.haste
        for cell, sign in self._terms[number] if choices else ():
            change = direction * sign
            if not self._possible(cell, change):
                continue
            left = len(off)
            for other, other_sign in self._sums_of[cell]:
                if other not in off:
                    left += 1
                elif off[other] + other_sign * change == 0:
                    left -= 1
            dearer = cost + self._price(cell, change)
            heappush(self._queue, (dearer + haste * left, next(self._order), dearer, off, (cell, change, steps)))

    def _turn(self, off: tuple[int, int]) -> tuple[bool, int, int]:
        """By how much choice a sum leaves; those of the raised cell last, for the steps to lead there."""
        turn = self._turns.get(off)
        if turn is None:
            number, direction = off[0], _against(off[1])
            choices = sum(self._possible(cell, direction * sign) for cell, sign in self._terms[number])
            is_first = any(number == first for first, _ in self._sums_of[self._raised])
            turn = self._turns[off] = (choices > 2 and is_first, choices, number)
        return turn

    def _possible(self, cell: int, change: int) -> bool:
        return cell != self._raised and (change > 0 or self._truth.counts[cell] > 0)

    def _price(self, cell: int, change: int) -> int:
        truth = self._truth
        poor = change < 0 and truth.counts[cell] < self._needed
        return (_STEP if truth.suppressed[cell] else truth.prices[cell]) + (_POOR if poor else 0)


def _against(amount: int) -> int:
    return -1 if amount > 0 else 1


def _together(shift: Shift, steps: _Steps | None) -> Shift:
    """The shift with these steps in it."""
    changes = dict(shift)
    while steps is not None:
        cell, change, steps = steps
        changes[cell] = changes.get(cell, 0) + change
    return {cell: change for cell, change in changes.items() if change}
