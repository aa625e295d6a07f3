"""What children are told apart by, and how the values of one dimension are grouped into those of another."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import NamedTuple

Place = tuple[tuple[str, str], ...]
"""Of some dimensions a value each, in the order of the dimensions."""
Breakdown = frozenset[str]
"""Dimensions by which children are told apart together."""


class Row(NamedTuple):
    """How many children there are of one kind: a value for each dimension, and a count for each measure.

    A child is in one row only. What is not known of it is a value too, such as "unknown". A row may count no children:
    its counts are then published as 0, and can be suppressed to hide another.
    """

    place: Mapping[str, str]
    counts: Mapping[str, int]


class Grouping(NamedTuple):
    """Groups of the values of the dimension `of`: of each value the groups that it is in, none, one or several.

    Municipalities are grouped into regions, regions into supraregions (a region may be in two), months into quarters
    (a month whose quarter is not over into none).
    """

    of: str
    groups: Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Dimensions:
    """The dimensions of rows, with the values that each has in them, and the groupings made of these, by name."""

    values: Mapping[str, Collection[str]]
    groupings: Mapping[str, Grouping]

    def reach(self, breakdown: Iterable[str]) -> Breakdown:
        """These dimensions, and all that follow from their values."""
        found = set(breakdown)
        while more := {name for name, each in self.groupings.items() if each.of in found} - found:
            found |= more
        return frozenset(found)

    def finest(self, names: Breakdown) -> Breakdown:
        """Of these dimensions the ones that do not follow from another of them."""
        follow = frozenset[str]().union(*(self.reach({name}) - {name} for name in names))
        return names - follow

    def base(self, dimension: str) -> str:
        """The dimension of the rows that this one is made of."""
        while dimension in self.groupings:
            dimension = self.groupings[dimension].of
        return dimension

    def places(self, breakdown: Breakdown, place: Mapping[str, str]) -> Iterator[Place]:
        """The places of a coarser breakdown that a place falls under; more than one where groups overlap."""
        ordered = sorted(breakdown)
        for values in product(*(sorted(self._found(name, place)) for name in ordered)):
            yield tuple(zip(ordered, values, strict=True))

    def _found(self, dimension: str, place: Mapping[str, str]) -> set[str]:
        if dimension in place:
            return {place[dimension]}
        grouping = self.groupings[dimension]
        return {group for value in self._found(grouping.of, place) for group in grouping.groups.get(value, ())}

    @cached_property
    def dividing(self) -> Breakdown:
        """The dimensions in which each child has exactly one value, so that its counts add up to all children."""
        return frozenset(name for name in (*self.values, *self.groupings) if self._divides(name))

    def _divides(self, name: str) -> bool:
        base = self.base(name)
        return all(len(self._found(name, {base: value})) == 1 for value in self.values[base])

    def stands_alone(self, name: str, used: Breakdown) -> bool:
        """Whether counts by this dimension say of those by the others that are used no more than sums do."""
        akin = {other for other in used if self.base(other) == self.base(name)}
        chain = all(other in self.reach({name}) or name in self.reach({other}) for other in akin)
        return name in self.values or (name in self.dividing and chain)
