"""Decides which cells of a lattice are suppressed."""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

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


class Earlier(NamedTuple):
    """What was decided before on cells that have been published or refused since; it stays as it is."""

    published: frozenset[Cell] = frozenset()
    suppressed: frozenset[Cell] = frozenset()


NOTHING_EARLIER: Final = Earlier()


def suppressed_in(lattice: Lattice, earlier: Earlier = NOTHING_EARLIER) -> frozenset[Cell]:
    """The cells to suppress: every count of 1 to 4, and others so that no such count can be derived.

    Whoever reads all that is published, and knows the sums and that no count is below 0, cannot tell of a suppressed
    small count that it is below 5, save where cells that were published earlier give that away by themselves. The same
    lattice gives the same cells, in whatever order it comes. Cells of `earlier` that the lattice does not have play no
    part. Raises ValueError where a cell that was published earlier is small, or was suppressed as well, and where a
    count would be a part of itself.
    """
    small = frozenset(cell for cell, count in lattice.counts.items() if is_small(count))
    if contradicted := earlier.published & (small | earlier.suppressed) & lattice.counts.keys():
        raise ValueError(f"{min(contradicted)} was published earlier, and is to be suppressed")
    withheld = (small | earlier.suppressed | lattice.hidden) & lattice.counts.keys()
    undecided = lattice.counts.keys() - earlier.published - earlier.suppressed - lattice.hidden
    truth = PossibleTruth(lattice.connected(undecided), earlier.published)
    for number, cell in enumerate(truth.cells):
        if cell in withheld:
            truth.suppress(number)
    _protect(truth)
    more = (cell for cell, suppressed in zip(truth.cells, truth.suppressed, strict=True) if suppressed)
    return withheld.union(more) - lattice.hidden


def suppressed_in_order(lattice: Lattice, known_on: Callable[[Cell], Any]) -> frozenset[Cell]:
    """The cells to suppress where some are published before others, as the months of a quarter before the quarter.

    `known_on` says of a cell when it is published: anything that can be ordered, such as the last day of its period
    and then the length, for the last month of a quarter to come before the quarter. What comes later changes nothing of
    what came earlier: a lattice that has more periods than another gives the same for those that both have. What is
    asked by a longer period is asked by the shorter ones in it too.
    """
    earlier = NOTHING_EARLIER
    for moment in sorted({known_on(cell) for cell in lattice.counts}):
        known = lattice.only(cell for cell in lattice.counts if known_on(cell) <= moment)
        suppressed = suppressed_in(known, earlier)
        earlier = Earlier(frozenset(known.counts) - known.hidden - suppressed, suppressed)
    return earlier.suppressed


def _protect(truth: PossibleTruth) -> None:
    """Finds for every small count another truth in which it is not small, and suppresses what that takes.

    One search serves many: the truth stays as it has been shifted, and a count that has not been small in it is safe.
    """
    safe: set[int] = set()
    for cell, count in enumerate(truth.true_counts):
        ways_out = _ways_out(truth, cell)
        while is_small(count) and cell not in safe:
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
            if truth.open[each]:
                truth.suppress(each)
        yield True
        around, wider = wider, truth.beside(wider)
