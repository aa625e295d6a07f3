"""What may be published of a lattice: counts, and figures that are made of them."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from app.insight.suppression.lattice import FEWEST, Cell, Lattice


class Published:
    """The counts of a lattice that are not suppressed. An answer shows nothing else, whatever it is asked for."""

    def __init__(self, lattice: Lattice, suppressed: AbstractSet[Cell]) -> None:
        self._lattice = lattice
        self.suppressed = suppressed

    def count(self, cell: Cell) -> int | None:
        """How many; None where that is suppressed. Raises LookupError for a count that the lattice does not publish."""
        count = self._lattice.counts.get(cell)
        if cell in self._lattice.hidden or (count is None and cell.breakdown not in self._lattice.breakdowns):
            raise LookupError(f"{cell} is not a count that is published")
        return None if cell in self.suppressed else count or 0

    def counts(self) -> Iterator[tuple[Cell, int | None]]:
        """Every count that anybody can ask for, and how many; None where that is suppressed."""
        for cell, count in self._lattice.counts.items():
            if cell not in self._lattice.hidden:
                yield cell, None if cell in self.suppressed else count

    def share(self, part: Cell, whole: Cell) -> float | None:
        """The one count divided by the other; None where either is suppressed, and where the whole is none."""
        numerator, denominator = self.count(part), self.count(whole)
        return None if numerator is None or not denominator else numerator / denominator

    def has_enough(self, children: Cell) -> bool:
        """Whether an average, a median or a percentile over these children may be published: 5 or more, and told."""
        return (self.count(children) or 0) >= FEWEST
