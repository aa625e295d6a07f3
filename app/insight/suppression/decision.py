"""Decides which cells of a lattice are suppressed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from app.insight.suppression.lattice import FEWEST, Cell, Lattice, is_small
from app.insight.suppression.possible_truth import PossibleTruth
from app.insight.suppression.shifts import Attempt, find_shift

ATTEMPTS: Final = (
    Attempt(suppressing=False, haste=4, most_states=200),
    Attempt(suppressing=True, haste=8, most_states=400),
    Attempt(suppressing=True, haste=32, most_states=1000),
    Attempt(suppressing=True, haste=1000, most_states=3000),
)
"""First without suppressing more, then as cheaply as can be, then in ever more haste."""


def suppressed_in(
    lattice: Lattice, also: AbstractSet[Cell] = frozenset(), days: Sequence[Mapping[Cell, int]] = ()
) -> frozenset[Cell]:
    """The cells to suppress: every count of 1 to 4, those in `also`, and others so that no such count can be derived.

    Whoever reads all that is published, and knows the sums and that no count is below 0, cannot tell of a suppressed
    small count that it is below 5. The same lattice gives the same cells, in whatever order it comes. Raises
    ValueError where a count would be a part of itself.

    Where the counts are told of several days, `days` has those of each, and the lattice has them added up: the same
    cells are suppressed on all days, and the other truth differs from the true one by the same children on each. So
    it does not matter who knows what came and went between the days. Of 6, 3 and 7 the 6 and the 7 are suppressed too.
    """
    days = days or [lattice.counts]
    small = frozenset(cell for counts in days for cell, count in counts.items() if is_small(count))
    truth = PossibleTruth(lattice, days)
    for number, cell in enumerate(truth.cells):
        if cell in small or cell in lattice.hidden or cell in also:
            truth.suppress(number)
    _protect(truth, [number for number, cell in enumerate(truth.cells) if cell in small])
    more = (cell for cell, suppressed in zip(truth.cells, truth.suppressed, strict=True) if suppressed)
    return small.union(more) - lattice.hidden


def _protect(truth: PossibleTruth, small: Iterable[int]) -> None:
    """Finds for every small count another truth in which it is not small, and suppresses what that takes.

    One search serves many: the truth stays as it has been shifted, and a count that has not been small in it is safe.
    Nothing is looked for where all is suppressed that a count could follow from: of too few children in too many places
    that takes minutes, and is in vain.
    """
    safe: set[int] = set()
    for cell in small:
        ways_out = _ways_out(truth, cell)
        while cell not in safe and not truth.tells_nothing_of(cell):
            shift = next(filter(None, (find_shift(truth, cell, attempt) for attempt in ATTEMPTS)), None)
            if shift is not None:
                truth.apply(shift, FEWEST - truth.counts[cell])
                safe.update(changed for changed in shift if truth.counts[changed] >= FEWEST)
            elif not next(ways_out, False):
                break


def _ways_out(truth: PossibleTruth, cell: int) -> Iterator[bool]:
    """What is done, one after the other, where no shift is found: begin again at the truth, then suppress around it.

    In the end everything is suppressed that has a chain of sums to the cell, and nothing can be derived from it.
    """
    truth.begin_again()
    yield True
    around, wider = [cell], truth.beside([cell])
    while len(wider) > len(around):
        for each in wider:
            truth.suppress(each)
        yield True
        around, wider = wider, truth.beside(wider)
