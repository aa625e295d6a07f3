"""Decides what may be told of a resource in one period: what is told at all, and what of that is suppressed.

Counts that add up to each other are decided on together, others apart. Told are figures of all, by supraregion and by
region; any other breakdown where its places have five children on average. Of 500 children by region and care type, in
1,100 places, hardly a count could be told, and to keep all the others from following from totals, these could not be
told either: so nobody is told any of them, 0 no more than 3, and by region and by care type nearly everything is.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from app.insight.answers.definitions import Dimension, Resource
from app.insight.suppression.decision import suppressed_in
from app.insight.suppression.dimensions import Breakdown, Grouping, Row
from app.insight.suppression.lattice import FEWEST, Cell
from app.insight.suppression.published import Published
from app.insight.suppression.rows import lattice_of
from app.reference.lists import reference

_AREAS: Final[tuple[Dimension, ...]] = ("region", "supraregion")
_TOWN: Final[Dimension] = "municipality"
_ALWAYS: Final[tuple[Breakdown, ...]] = (frozenset(), frozenset({"supraregion"}), frozenset({"region"}))
_KEPT: Final = 256
"""Decisions on a resource and period that a worker keeps; some 100 kB each for a country of municipalities."""

Counted = tuple[tuple[tuple[str, str], ...], tuple[int, ...]]
"""Where children are, by dimension, and how many of each count: as it can be looked up."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What may be told of one period: by the name of each count what is published, and which breakdowns are not."""

    published: Mapping[str, Published]
    untold: Mapping[str, Collection[Breakdown]]

    def withheld(self, place: Mapping[str, str]) -> frozenset[str]:
        """The counts of a place that are suppressed, or not told. Raises LookupError for a place nobody can ask of."""
        pairs, breakdown = tuple(sorted(place.items())), frozenset(place)
        return frozenset(
            name
            for name, published in self.published.items()
            if breakdown in self.untold[name] or published.count(Cell(name, pairs)) is None
        )

    def has_enough(self, name: str, place: Mapping[str, str]) -> bool:
        """Whether a middle over these children may be published, of whom a count is: 5 or more."""
        return self.published[name].has_enough(Cell.of(name, place))


def dimensions_of(resource: Resource) -> tuple[Dimension, ...]:
    """What a resource can be broken down by within a region, each child under one code."""
    return tuple(each for each in resource.by if each not in _AREAS and each not in resource.overlapping)


def counts_of(resource: Resource) -> tuple[str, ...]:
    """The names of the counts of children of a resource."""
    return tuple(each.name for each in resource if each.kind == "count" and each.is_of_children)


@lru_cache(_KEPT)
def decided(resource: Resource, rows: tuple[Counted, ...]) -> Decided:
    """The decision on the counts of one period; each of `rows` has its region, and `dimensions_of` the resource.

    The same counts, the same decision.
    """
    published, untold = dict[str, Published](), dict[str, Collection[Breakdown]]()
    numbers = {name: number for number, name in enumerate(counts_of(resource))}
    asked = _breakdowns(resource)
    for family in _families(resource):
        own = [numbers[name] for name in family]
        counted = [
            (dict(place), counts) for place, all_of_it in rows if any(counts := [all_of_it[each] for each in own])
        ]
        told = [each for each in asked if each in _ALWAYS or _is_dense(counted, each)]
        one = _publish(resource, family, counted, told)
        published |= dict.fromkeys(family, one)
        untold |= dict.fromkeys(family, frozenset(asked).difference(told))
    return Decided(published, untold)


@cache
def _families(resource: Resource) -> list[list[str]]:
    """The counts of children of a resource, those together that add up to each other."""
    families: list[set[str]] = []
    for each in resource:
        if each.kind == "count" and each.is_of_children:
            joined = {each.name, *each.parts}.union(*(other for other in families if other & {each.name, *each.parts}))
            families = [other for other in families if not other & joined] + [joined]
    return [sorted(each) for each in families]


@cache
def _breakdowns(resource: Resource) -> list[Breakdown]:
    """All that can be asked: by area, and in each area by one dimension more; a municipality is in one region."""
    together = dimensions_of(resource)
    apart = [each for each in together if each != _TOWN]
    within = [area | {name} for area in _ALWAYS for name in apart]
    return [*_ALWAYS, *([frozenset({_TOWN})] if _TOWN in together else []), *within]


def _is_dense(counted: Sequence[tuple[Mapping[str, str], Sequence[int]]], breakdown: Breakdown) -> bool:
    """Whether the largest of these counts is five or more on average over the places of a breakdown that have any."""
    names = sorted("region" if name == "supraregion" else name for name in breakdown)
    places = {tuple(place[name] for name in names) for place, _ in counted}
    largest = max((sum(numbers) for numbers in zip(*(counts for _, counts in counted), strict=True)), default=0)
    return largest >= FEWEST * len(places)


def _publish(
    resource: Resource,
    family: Sequence[str],
    counted: Iterable[tuple[Mapping[str, str], Sequence[int]]],
    told: Sequence[Breakdown],
) -> Published:
    lists = reference()
    groupings = {"supraregion": Grouping("region", {each.code: each.supraregions for each in lists.regions.values()})}
    base = "region"
    if frozenset({_TOWN}) in told:
        base = _TOWN
        towns = {each.code: [each.region] for each in lists.municipalities.values()}
        groupings["region"] = Grouping(_TOWN, towns)
    names = sorted(frozenset({base}).union(*told) - groupings.keys())
    sums: dict[tuple[str, ...], Counter[str]] = {}
    for place, counts in counted:
        sums.setdefault(tuple(place[name] for name in names), Counter()).update(dict(zip(family, counts, strict=True)))
    lattice = lattice_of(
        [Row(dict(zip(names, codes, strict=True)), {name: sums[codes][name] for name in family}) for codes in sums],
        told,
        parts={each.name: each.parts for each in resource if each.parts and each.name in family},
        groupings=groupings,
    )
    return Published(lattice, suppressed_in(lattice))
