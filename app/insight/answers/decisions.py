"""Decides what may be told of a resource in one period: what is told at all, and what of that is suppressed.

Counts that add up to each other are decided on together, others apart. Told are figures of all, by supraregion and by
region; any other breakdown where its places have five children on average. Of 500 children by region and care type, in
1,100 places, hardly a count could be told, and to keep all the others from following from totals, these could not be
told either: so nobody is told any of them, 0 no more than 3, and by region and by care type nearly everything is.

What is contained in a count is decided on with it, for the difference is a count too (`lattices`).

Two more things say of children what neither shows alone. Of who is there at the end of two months, the difference is
who came less who went between them: so who came and who went is decided as if everybody knew that difference, and who
is there is suppressed in all months where it is in one. And what was put right since does not change most places: what
was suppressed of a period as known when it ended, stays so as known later (`before`).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

from app.insight.answers.definitions import Dimension, Resource
from app.insight.answers.lattices import Counts, Tier, families_of, lattice_of_tiers, tiers_of
from app.insight.suppression.decision import suppressed_in
from app.insight.suppression.dimensions import Breakdown
from app.insight.suppression.lattice import FEWEST, Cell
from app.insight.suppression.published import Published

_AREAS: Final[tuple[Dimension, ...]] = ("region", "supraregion")
_TOWN: Final[Dimension] = "municipality"
_ALWAYS: Final[tuple[Breakdown, ...]] = (frozenset(), frozenset({"supraregion"}), frozenset({"region"}))
_KEPT: Final = 256
"""Decisions on a resource and period that a worker keeps; some 100 kB each for a country of municipalities."""

Counted = tuple[tuple[tuple[str, str], ...], tuple[int, ...]]
"""Where children are, by dimension, and how many of each count: as it can be looked up."""


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """What may be told of one period: by the name of each count what is published, and which breakdowns are not."""

    published: Mapping[str, Published]
    untold: Mapping[str, Collection[Breakdown]]
    linked: Mapping[str, str] = field(default_factory=dict)
    """The names under which counts are published that have another one."""

    def withheld(self, place: Mapping[str, str]) -> frozenset[str]:
        """The counts of a place that are suppressed, or not told. Raises LookupError for a place nobody can ask of."""
        pairs, breakdown = tuple(sorted(place.items())), frozenset(place)
        return frozenset(
            name
            for name, untold in self.untold.items()
            if breakdown in untold or self.published[name].count(Cell(self.published_as(name), pairs)) is None
        )

    def has_enough(self, name: str, place: Mapping[str, str]) -> bool:
        """Whether a middle over these children may be published, of whom a count is: 5 or more."""
        return self.published[name].has_enough(Cell.of(self.published_as(name), place))

    def published_as(self, name: str) -> str:
        """The name of a count where it is published."""
        return self.linked.get(name, name)

    def with_flow(self, flow: "Decided") -> "Decided":
        """With what was decided of the counts of a flow."""
        return Decided({**self.published, **flow.published}, {**self.untold, **flow.untold}, self.linked)

    def with_linked(self, found: "Decided", names: Mapping[str, str]) -> "Decided":
        """With what was decided of counts that others tell too; `names` are those there, by the own name of each."""
        published = {own: found.published[name] for own, name in names.items()}
        untold = {own: found.untold[name] for own, name in names.items()}
        return Decided({**self.published, **published}, {**self.untold, **untold}, {**self.linked, **names})


def dimensions_of(resource: Resource) -> tuple[Dimension, ...]:
    """What a resource can be broken down by within a region, each child under one code."""
    return tuple(each for each in resource.by if each not in _AREAS and each not in resource.overlapping)


def counts_of(resource: Resource) -> tuple[str, ...]:
    """The names of the counts of children of a resource."""
    return tuple(each.name for each in resource if each.kind == "count" and each.is_of_children)


@lru_cache(_KEPT)
def decided(resource: Resource, rows: tuple[Counted, ...], before: Decided | None = None) -> Decided:
    """The decision on the counts of one period; each of `rows` has its region, and `dimensions_of` the resource.

    The same counts, the same decision. Counts of a flow are left to `decided_flow`, those that are linked to what they
    are linked with. `before` is what was decided of
    the period as known when it ended.
    """
    elsewhere = of_flow(resource) | {own for each in resource.linked for own, _ in each.names}
    apart = [each for each in families_of(resource) if not elsewhere & {*each}]
    return _together([_decided(resource, each, [rows], _dense(resource, each, [rows]), before) for each in apart])


@lru_cache(8)
def decided_flow(
    resource: Resource, months: tuple[tuple[Counted, ...], ...], before: tuple[Decided, ...] | None = None
) -> tuple[Decided, ...]:
    """The decisions on the counts of a flow in each of all its months; `before` as of `decided`, of each.

    They are told by the same breakdowns in every month: what stands would tell of who came and went.
    """
    tied = [each for each in families_of(resource) if of_flow(resource) & {*each}]
    told = frozenset[Breakdown](breakdowns_of(resource)).intersection(
        *(_dense(resource, each, months) for each in tied)
    )
    found: list[list[Decided]] = [[] for _ in months]
    for family in tied:
        if resource.flow is not None and resource.flow.stands in family:
            standing = _decided(resource, family, months, told, before[0] if before else None)
            for each in found:
                each.append(standing)
        else:
            for number, rows in enumerate(months):
                was = before[number] if before else None
                found[number].append(_of_month(resource, tuple(family), rows, told, was))
    return tuple(_together(each) for each in found)


def forget() -> None:
    """Lets go of what was decided; the next time it is decided again."""
    for each in (decided, decided_flow, _of_month):
        each.cache_clear()


@lru_cache(_KEPT)
def _of_month(
    resource: Resource,
    family: tuple[str, ...],
    rows: tuple[Counted, ...],
    told: frozenset[Breakdown],
    before: Decided | None,
) -> Decided:
    return _decided(resource, family, [rows], told, before)


def _together(found: Iterable[Decided]) -> Decided:
    published, untold = dict[str, Published](), dict[str, Collection[Breakdown]]()
    for each in found:
        published |= each.published
        untold |= each.untold
    return Decided(published, untold)


def of_flow(resource: Resource) -> frozenset[str]:
    """The counts of a flow, with those that add up to them: what tells of two months more than of each."""
    if resource.flow is None:
        return frozenset()
    named = {resource.flow.stands, resource.flow.comes, *resource.flow.goes}
    return frozenset(name for each in families_of(resource) if named & {*each} for name in each)


def nothing_told(resource: Resource, names: Collection[str]) -> Decided:
    """That these counts are not told by anything."""
    return Decided({}, dict.fromkeys(names, frozenset(breakdowns_of(resource))))


def _decided(
    resource: Resource,
    family: Sequence[str],
    days: Sequence[tuple[Counted, ...]],
    told: Collection[Breakdown],
    before: Decided | None,
) -> Decided:
    """The decision on counts that add up to each other, told by these breakdowns: one for all `days`.

    Those that are contained in one of them are told by fewer, where they have too few children for that.
    """
    asked, counted = frozenset(breakdowns_of(resource)), [_counted(resource, family, rows) for rows in days]
    also, tiers = frozenset[Cell](), list[Tier]()
    told_of: dict[str, frozenset[Breakdown]] = {}
    for whole, names in tiers_of(resource, family):
        by = frozenset(told) if whole is None else told_of[whole] & _dense(resource, names, days)
        if before is not None:
            by -= frozenset(before.untold[names[0]])
            also |= before.published[names[0]].suppressed
        told_of |= dict.fromkeys(names, by)
        tiers.append(Tier(names, [each for each in breakdowns_of(resource) if each in by]))
    published = _published(resource, tiers, counted, also)
    return Decided(dict.fromkeys(family, published), {name: asked - by for name, by in told_of.items()})


def _counted(resource: Resource, family: Sequence[str], rows: Iterable[Counted]) -> Counts:
    """Of rows those of which one of these counts is, with these counts."""
    numbers = {name: number for number, name in enumerate(counts_of(resource))}
    own = [numbers[name] for name in family]
    return [
        (dict(place), dict(zip(family, counts, strict=True)))
        for place, all_of_it in rows
        if any(counts := [all_of_it[each] for each in own])
    ]


@cache
def breakdowns_of(resource: Resource) -> list[Breakdown]:
    """All that can be asked: by area, and in each area by one dimension more; a municipality is in one region."""
    together = dimensions_of(resource)
    apart = [each for each in together if each != _TOWN]
    within = [area | {name} for area in _ALWAYS for name in apart]
    return [*_ALWAYS, *([frozenset({_TOWN})] if _TOWN in together else []), *within]


def _dense(resource: Resource, family: Sequence[str], days: Sequence[tuple[Counted, ...]]) -> frozenset[Breakdown]:
    """The breakdowns by which counts are told: of areas, and those whose places have five children on average."""
    counted = [_counted(resource, family, rows) for rows in days]
    return frozenset(each for each in breakdowns_of(resource) if each in _ALWAYS or _is_dense(counted, each))


def _is_dense(days: Sequence[Counts], breakdown: Breakdown) -> bool:
    """Whether the largest of these counts is five or more on average over the places of a breakdown that have any."""
    names = sorted("region" if name == "supraregion" else name for name in breakdown)
    places = sum(len({tuple(place[name] for name in names) for place, _ in counted}) for counted in days)
    largest = Counter[str]()
    for counted in days:
        for _, counts in counted:
            largest.update(counts)
    return max(largest.values(), default=0) >= FEWEST * places


def _published(resource: Resource, tiers: Sequence[Tier], days: Sequence[Counts], also: frozenset[Cell]) -> Published:
    lattice = lattice_of_tiers(resource, tiers, [row for counted in days for row in counted])
    apart = [lattice_of_tiers(resource, tiers, counted).counts for counted in days] if len(days) > 1 else ()
    return Published(lattice, suppressed_in(lattice, also, apart))
