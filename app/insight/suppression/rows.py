"""Makes the lattice of rows: every count that can be asked for, and the sums that tie them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from app.insight.suppression.breakdowns import complete, steps
from app.insight.suppression.dimensions import Breakdown, Dimensions, Grouping, Place, Row
from app.insight.suppression.lattice import Cell, Lattice, Sum

_NO_PARTS: Final[Mapping[str, Collection[str]]] = MappingProxyType({})
_NO_GROUPINGS: Final[Mapping[str, Grouping]] = MappingProxyType({})

_NO_FLOWS: Final[Mapping[str, Collection[str]]] = MappingProxyType({})

_Counts = dict[Breakdown, dict[Place, dict[str, int]]]
"""By breakdown and place: how many of each measure."""


def lattice_of(
    rows: Sequence[Row],
    breakdowns: Iterable[Collection[str]],
    *,
    parts: Mapping[str, Collection[str]] = _NO_PARTS,
    flows: Mapping[str, Collection[str]] = _NO_FLOWS,
    groupings: Mapping[str, Grouping] = _NO_GROUPINGS,
) -> Lattice:
    """The lattice of all counts by each of these breakdowns; `()` is the total of all.

    `parts` says of a measure which others add up to it: {"children": ("onTime", "late")}. `groupings` are dimensions
    made of those of the rows, by name; a dimension that follows from another (the region of a municipality) is given
    as one, for the sums to be known. `flows` say which measures count those who go, of one that counts those who come:
    by how much these differ is taken to be known, since it tells two counts of who is there apart. Raises ValueError
    where rows differ in their dimensions or measures, where a breakdown has a dimension that is not there or follows
    from another in it, and where parts do not add up.
    """
    asked = frozenset(frozenset(each) for each in breakdowns)
    if not rows:
        return Lattice({}, [], breakdowns=asked)
    dimensions = _dimensions(rows, groupings)
    for each in asked:
        _check(each, dimensions)
    counts = {each: _counted(rows, each, dimensions) for each in complete(asked, dimensions)}
    return Lattice(
        {cell: count for each in counts for cell, count in _cells(counts[each])},
        [*_sums_of_places(counts, dimensions), *_sums_of_measures(counts, parts), *_known_differences(counts, flows)],
        frozenset(cell for each in counts.keys() - asked for cell, _ in _cells(counts[each])),
        asked,
    )


def _dimensions(rows: Sequence[Row], groupings: Mapping[str, Grouping]) -> Dimensions:
    """The dimensions of the rows, which must be the same in all."""
    first = rows[0]
    for row in rows:
        if row.place.keys() != first.place.keys() or row.counts.keys() != first.counts.keys():
            raise ValueError(f"{row} and {first} differ in their dimensions or measures")
    return Dimensions({name: {row.place[name] for row in rows} for name in first.place}, groupings)


def _check(breakdown: Breakdown, dimensions: Dimensions) -> None:
    if unknown := breakdown - dimensions.values.keys() - dimensions.groupings.keys():
        raise ValueError(f"there is no dimension {min(unknown)}")
    if following := breakdown - dimensions.finest(breakdown):
        raise ValueError(f"{min(following)} follows from another dimension of the breakdown {sorted(breakdown)}")


def _counted(rows: Sequence[Row], breakdown: Breakdown, dimensions: Dimensions) -> dict[Place, dict[str, int]]:
    """By place of the breakdown how many of each measure."""
    bases = sorted({dimensions.base(name) for name in breakdown})
    places_of: dict[Place, list[Place]] = {}
    counted: dict[Place, dict[str, int]] = {}
    for row in rows:
        within = tuple((name, row.place[name]) for name in bases)
        if within not in places_of:
            places_of[within] = list(dimensions.places(breakdown, dict(within)))
        for place in places_of[within]:
            counts = counted.setdefault(place, dict.fromkeys(row.counts, 0))
            for measure, count in row.counts.items():
                counts[measure] += count
    return counted


def _cells(counted: dict[Place, dict[str, int]]) -> Iterator[tuple[Cell, int]]:
    for place, counts in counted.items():
        for measure, count in counts.items():
            yield Cell(measure, place), count


def _sums_of_places(counts: _Counts, dimensions: Dimensions) -> Iterator[Sum]:
    for coarse, fine in steps(set(counts), dimensions):
        parts: dict[Place, list[Place]] = defaultdict(list)
        for place in counts[fine]:
            for wider in dimensions.places(coarse, dict(place)):
                parts[wider].append(place)
        for total, places in parts.items():
            for measure in counts[coarse][total]:
                yield Sum(Cell(measure, total), tuple(Cell(measure, place) for place in places))


def _sums_of_measures(counts: _Counts, parts: Mapping[str, Collection[str]]) -> Iterator[Sum]:
    for counted in counts.values():
        for place in counted:
            for total, measures in parts.items():
                yield Sum(Cell(total, place), tuple(Cell(measure, place) for measure in measures))


def _known_differences(counts: _Counts, flows: Mapping[str, Collection[str]]) -> Iterator[Sum]:
    for counted in counts.values():
        for place, found in counted.items():
            for come, gone in flows.items():
                rest = found[come] - sum(found[each] for each in gone)
                yield Sum(Cell(come, place), tuple(Cell(each, place) for each in gone), rest)
