"""The lattice of counts that are decided on together: those that add up to each other, and those contained in one.

Of 12 children that wait over the norm it was explained of 10: whoever is told both knows that there are 2 of whom it
was not. So these 2 are a count of the lattice too, which nobody asks for, and which is kept as the others are.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from app.insight.answers.definitions import Dimension, Resource
from app.insight.suppression.dimensions import Breakdown, Grouping, Row
from app.insight.suppression.lattice import Cell, Lattice, Sum
from app.insight.suppression.rows import lattice_of
from app.reference.lists import reference

_TOWN: Final[Dimension] = "municipality"

Counts = Sequence[tuple[Mapping[str, str], Mapping[str, int]]]
"""Where children are, by dimension, and how many of each count."""


class Tier(NamedTuple):
    """Counts that are told by the same breakdowns: those that add up to each other, or those contained in one."""

    names: Sequence[str]
    told: Sequence[Breakdown]


@cache
def families_of(resource: Resource) -> list[list[str]]:
    """The counts of children of a resource, together where they add up to, contain or come and go."""
    families: list[set[str]] = []
    tied = [{each.name, *each.parts} for each in resource if each.kind == "count" and each.is_of_children]
    tied += [{total, *parts} for total, parts in (*resource.also, *resource.within)]
    if resource.flow is not None:
        tied.append({resource.flow.comes, *resource.flow.goes})
    for each in tied:
        joined = each.union(*(other for other in families if other & each))
        families = [other for other in families if not other & joined] + [joined]
    return [sorted(each) for each in families]


def tiers_of(resource: Resource, family: Sequence[str]) -> list[tuple[str | None, list[str]]]:
    """The counts of a family that add up to each other, then those contained in one, after what contains them."""
    groups = [(whole, parts) for whole, parts in resource.within if whole in family]
    own = {name for total, parts in _adding_up(resource) if total in family for name in (total, *parts)}
    contained = {name for _, parts in groups for name in parts} - own
    found: list[tuple[str | None, list[str]]] = [(None, [name for name in family if name not in contained])]
    for whole, parts in groups:
        if names := [name for name in parts if name in contained]:
            found.append((whole, names))
            contained -= {*names}
    return found


def lattice_of_tiers(resource: Resource, tiers: Sequence[Tier], counted: Counts) -> Lattice:
    """All counts of some tiers, with what is left of each count without those that it contains."""
    counts, sums = dict[Cell, int](), list[Sum]()
    hidden, asked = frozenset[Cell](), frozenset[Breakdown]()
    for number, tier in enumerate(tiers):
        rests = _rests(resource, tier, counted) if number else {}
        found = _lattice(resource, tier, tiers[0].told, counted, rests)
        counts |= found.counts
        hidden |= found.hidden.union(cell for cell in found.counts if cell.measure in rests)
        asked |= found.breakdowns
        sums += [*found.sums, *_with_rests(counts, found, rests)]
    return Lattice(counts, sums, hidden, asked)


def _rests(resource: Resource, tier: Tier, counted: Counts) -> dict[str, tuple[str, Sequence[str]]]:
    """By a name of its own each count that is left without these: of what, and without which.

    Of counts that are none everywhere it is what contains them, and no other count.
    """
    there = {name for _, counts in counted for name in tier.names if counts[name]}
    within = [(whole, parts) for whole, parts in resource.within if there & {*parts}]
    return {" without ".join((whole, *parts)): (whole, parts) for whole, parts in within}


def _with_rests(
    counts: Mapping[Cell, int], found: Lattice, rests: Mapping[str, tuple[str, Sequence[str]]]
) -> Iterator[Sum]:
    """That a count is what it contains and what is left, where all of these are told."""
    for cell in found.counts:
        if cell.measure in rests:
            whole, parts = rests[cell.measure]
            total, within = Cell(whole, cell.place), [Cell(name, cell.place) for name in parts]
            if counts.keys() >= {total, *within}:
                yield Sum(total, (*within, cell))


def _lattice(
    resource: Resource,
    tier: Tier,
    told: Sequence[Breakdown],
    counted: Counts,
    rests: Mapping[str, tuple[str, Sequence[str]]],
) -> Lattice:
    """The lattice of one tier; `told` are the breakdowns of them all."""
    lists, flow = reference(), resource.flow
    second = {total: parts for total, parts in resource.also if total in tier.names}
    if flow is not None and flow.comes in tier.names:
        second[flow.comes] = flow.goes
    groupings = {"supraregion": Grouping("region", {each.code: each.supraregions for each in lists.regions.values()})}
    base = "region"
    if frozenset({_TOWN}) in told:
        base = _TOWN
        towns = {each.code: [each.region] for each in lists.municipalities.values()}
        groupings["region"] = Grouping(_TOWN, towns)
    names = sorted(frozenset({base}).union(*told) - groupings.keys())
    sums: dict[tuple[str, ...], Counter[str]] = {}
    for place, counts in counted:
        sums.setdefault(tuple(place[name] for name in names), Counter()).update(counts)
    for found in sums.values():
        found.update(
            {name: found[whole] - sum(map(found.__getitem__, parts)) for name, (whole, parts) in rests.items()}
        )
    return lattice_of(
        [
            Row(dict(zip(names, codes, strict=True)), {name: sums[codes][name] for name in (*tier.names, *rests)})
            for codes in sums
        ],
        tier.told,
        parts={each.name: each.parts for each in resource if each.parts and each.name in tier.names},
        flows=second,
        groupings=groupings,
    )


def _adding_up(resource: Resource) -> Iterator[tuple[str, Sequence[str]]]:
    """The counts that others add up to, or come and go."""
    yield from ((each.name, each.parts) for each in resource if each.parts)
    yield from resource.also
    if resource.flow is not None:
        yield resource.flow.comes, resource.flow.goes
