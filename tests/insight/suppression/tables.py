"""Lattices written out by hand."""

from collections.abc import Mapping

from app.insight.suppression.lattice import Cell, Lattice, Sum


def cells(names: str) -> frozenset[Cell]:
    """The cells of these names."""
    return frozenset(map(Cell, names.split()))


def table(counts: Mapping[str, int], sums: Mapping[str, str]) -> Lattice:
    """A lattice of counts by name; what is given of a sum are its parts, of which its total is worked out."""
    known = dict(counts)
    for total, parts in sums.items():
        known[total] = sum(known[part] for part in parts.split())
    return Lattice(
        {Cell(name): count for name, count in known.items()},
        [Sum(Cell(total), tuple(map(Cell, parts.split()))) for total, parts in sums.items()],
    )
