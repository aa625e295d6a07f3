"""Questions and children, so few that small counts are everywhere and often alone."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

from hypothesis import strategies as st

from app.insight.suppression.dimensions import Grouping, Row
from app.insight.suppression.lattice import Cell, Lattice
from app.insight.suppression.published import Published
from app.insight.suppression.rows import lattice_of
from tests.insight.attack import Kind

VALUES: Final = {
    "region": ("JZ01", "JZ02", "JZ03", "JZ04"),
    "careType": ("pleegzorg", "gezinshuis", "dagbehandeling"),
    "institution": ("one", "other"),
}
SUPRAREGION: Final = Grouping("region", {"JZ01": ["north"], "JZ02": ["north", "east"], "JZ03": ["east"]})
"""They overlap, and the fourth region is in none."""
PARTS: Final = {"children": ("onTime", "late")}

COUNTS: Final = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4, 5, 7, 9, 20])


@dataclass(frozen=True)
class Case:
    """Rows, and what can be asked of them."""

    values: Mapping[str, Collection[str]]
    rows: tuple[Row, ...]
    breakdowns: tuple[tuple[str, ...], ...]
    groupings: Mapping[str, Grouping]

    @property
    def measures(self) -> tuple[str, ...]:
        """What is counted."""
        return tuple(self.rows[0].counts)

    @property
    def lattice(self) -> Lattice:
        """The lattice of all that can be asked."""
        parts = PARTS if "late" in self.measures else {}
        return lattice_of(self.rows, self.breakdowns, parts=parts, groupings=self.groupings)

    @property
    def kinds(self) -> list[Kind]:
        """Every kind of children that there could be, whether or not there are any."""
        leaves = ("onTime", "late") if "late" in self.measures else ("children",)
        return [
            Kind(self._all_of(dict(zip(self.values, values, strict=True))), frozenset({"children", leaf}))
            for values in product(*self.values.values())
            for leaf in leaves
        ]

    def _all_of(self, place: Mapping[str, str]) -> frozenset[tuple[str, str]]:
        """A place with the groups that it is in."""
        groups = {
            (name, group)
            for name, grouping in self.groupings.items()
            for group in grouping.groups.get(place.get(grouping.of, ""), ())
        }
        return frozenset(place.items()) | groups

    def cells(self) -> Iterator[tuple[tuple[str, ...], Cell]]:
        """Every count that can be asked, by breakdown."""
        groups = {name: sorted(set().union(*each.groups.values())) for name, each in self.groupings.items()}
        values = {**self.values, **groups}
        for breakdown in self.breakdowns:
            for place in product(*(values[name] for name in breakdown)):
                for measure in self.measures:
                    yield breakdown, Cell.of(measure, dict(zip(breakdown, place, strict=True)))

    def answers(self, published: Published) -> Iterator[dict[Cell, int | None]]:
        """The answer to every question: a breakdown, filtered by a value of one of its dimensions or by none."""
        for breakdown in self.breakdowns:
            asked = [cell for name, cell in self.cells() if name == breakdown]
            yield {cell: published.count(cell) for cell in asked}
            for chosen in sorted({pair for cell in asked for pair in cell.place}):
                yield {cell: published.count(cell) for cell in asked if chosen in cell.place}


@st.composite
def rows(draw: st.DrawFn, values: Mapping[str, Collection[str]], *, measured: bool) -> tuple[Row, ...]:
    """A row for most kinds of children, and for at least one."""
    places = [dict(zip(values, each, strict=True)) for each in product(*values.values())]
    chosen = draw(st.lists(st.booleans(), min_size=len(places) - 1, max_size=len(places) - 1))
    kept = [places[0], *(place for place, keep in zip(places[1:], chosen, strict=True) if keep)]
    return tuple(Row(place, draw(_counts(measured=measured))) for place in kept)


@st.composite
def _counts(draw: st.DrawFn, *, measured: bool) -> dict[str, int]:
    children = draw(COUNTS)
    if not measured:
        return {"children": children}
    late = draw(st.integers(0, children))
    return {"children": children, "onTime": children - late, "late": late}


@st.composite
def cases(draw: st.DrawFn, most_dimensions: int = 3) -> Case:
    """Two or three dimensions, some breakdowns by none, one or two of them, with supraregions or without."""
    names = draw(st.permutations(["region", "careType", "institution"]))[: draw(st.integers(2, most_dimensions))]
    values = {name: VALUES[name][: draw(st.integers(2, len(VALUES[name])))] for name in names}
    groupings = {"supraregion": SUPRAREGION} if "region" in names and draw(st.booleans()) else {}
    possible = _breakdowns([*names, *groupings])
    breakdowns = draw(st.lists(st.sampled_from(possible), min_size=1, max_size=5, unique=True))
    return Case(values, draw(rows(values, measured=draw(st.booleans()))), tuple(breakdowns), groupings)


def _breakdowns(names: Collection[str]) -> list[tuple[str, ...]]:
    found = [(), *((name,) for name in names), *combinations(names, 2)]
    return [each for each in found if not {"region", "supraregion"} <= set(each)]
