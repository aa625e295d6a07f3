"""The counts on one subject that can ever be published, and the sums between them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

FEWEST: Final = 5
"""The fewest children that may be told, save none: a count, or what a median or an average is taken over."""


class Cell(NamedTuple):
    """The name of one count: what is counted (`measure`), and of which children (`place`).

    A place is (dimension, value) pairs in the order of their dimensions; the empty one is all children.
    """

    measure: str
    place: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, measure: str, place: Mapping[str, str]) -> Self:
        """The cell of a place whose dimensions come in any order."""
        return cls(measure, tuple(sorted(place.items())))

    @property
    def breakdown(self) -> frozenset[str]:
        """The dimensions by which children are told apart here."""
        return frozenset(dimension for dimension, _ in self.place)


class Sum(NamedTuple):
    """A count that others add up to, and `rest`: a number that everybody is taken to know.

    Of 7 who came and 4 who went everybody may know the 3 by which those who are there are more: 7 is 4 and a rest of 3.
    """

    total: Cell
    parts: tuple[Cell, ...]
    rest: int = 0


def is_small(count: int) -> bool:
    """Whether so many children are too few to be told: 1 to 4."""
    return 0 < count < FEWEST


@dataclass(frozen=True)
class Lattice:
    """All counts on one subject of one day or period, and the sums between them.

    `hidden` are counts that nobody can ask for, and that others add up to or are made of; they are protected like the
    rest. `breakdowns` are the dimensions that can be asked for together: a place of these that has no count has none.
    Raises ValueError for a count below 0, a sum or a hidden count of what is not counted, and a sum that does not hold.
    """

    counts: Mapping[Cell, int]
    sums: Collection[Sum]
    hidden: frozenset[Cell] = frozenset()
    breakdowns: frozenset[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        for cell, count in self.counts.items():
            if count < 0:
                raise ValueError(f"{cell} is {count}: a count of children is 0 or more")
        named = self.hidden.union(*((total, *parts) for total, parts, _ in self.sums))
        if unknown := named - self.counts.keys():
            raise ValueError(f"{min(unknown)} is hidden or stands in a sum, and has no count")
        for total, parts, rest in self.sums:
            if self.counts[total] != rest + sum(self.counts[part] for part in parts):
                raise ValueError(f"the parts of {total} do not add up to it")
