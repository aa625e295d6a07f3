"""What of a lattice is told, and what is told of it beside counts."""

import pytest

from app.insight.suppression.dimensions import Row
from app.insight.suppression.lattice import Cell
from app.insight.suppression.published import Published
from app.insight.suppression.rows import lattice_of


def cell(measure: str, **place: str) -> Cell:
    """The cell of a place."""
    return Cell.of(measure, place)


def place(region: str, institution: str, care_type: str, children: int, late: int) -> Row:
    """Children of one kind."""
    counts = {"children": children, "onTime": children - late, "late": late}
    return Row({"region": region, "institution": institution, "careType": care_type}, counts)


ROWS = [
    place("JZ01", "one", "pleegzorg", 20, 5),
    place("JZ01", "one", "gezinshuis", 10, 3),
    place("JZ02", "one", "pleegzorg", 40, 10),
    place("JZ02", "other", "gezinshuis", 30, 8),
    place("JZ03", "other", "pleegzorg", 6, 0),
    place("JZ03", "other", "gezinshuis", 0, 0),
]


@pytest.fixture
def published() -> Published:
    """Counts by region and care type, and by region and institution, with 3 who are late suppressed."""
    breakdowns = [("region", "careType"), ("region", "institution")]
    lattice = lattice_of(ROWS, breakdowns, parts={"children": ("onTime", "late")})
    return Published(lattice, {cell("late", region="JZ01", careType="gezinshuis")})


def test_counts(published: Published) -> None:
    assert published.count(cell("children", careType="pleegzorg", region="JZ01")) == 20
    assert published.count(cell("late", careType="gezinshuis", region="JZ01")) is None
    assert published.count(cell("children", careType="gezinshuis", region="JZ03")) == 0


def test_a_place_without_rows_has_none(published: Published) -> None:
    assert published.count(cell("children", careType="dagbehandeling", region="JZ01")) == 0
    nothing = Published(lattice_of([], [("region",)]), frozenset())
    assert nothing.count(cell("children", region="JZ01")) == 0


def test_what_is_no_breakdown_of_the_lattice_is_not_answered(published: Published) -> None:
    for asked in (cell("children"), cell("children", careType="pleegzorg"), cell("children", region="JZ01")):
        with pytest.raises(LookupError, match="is not a count that is published"):
            published.count(asked)


def test_a_share_is_of_two_counts_that_are_told(published: Published) -> None:
    def share(**of: str) -> float | None:
        return published.share(cell("late", **of), cell("children", **of))

    assert share(region="JZ01", careType="pleegzorg") == 0.25
    assert share(region="JZ01", careType="gezinshuis") is None
    assert share(region="JZ03", careType="pleegzorg") == 0
    assert share(region="JZ03", careType="gezinshuis") is None
    late = cell("late", region="JZ01", careType="gezinshuis")
    assert published.share(cell("onTime", region="JZ01", careType="gezinshuis"), late) is None


def test_averages_and_medians_are_over_five_children_that_are_told(published: Published) -> None:
    assert published.has_enough(cell("late", region="JZ01", careType="pleegzorg"))
    assert published.has_enough(cell("children", region="JZ03", careType="pleegzorg"))
    assert not published.has_enough(cell("late", region="JZ01", careType="gezinshuis"))
    assert not published.has_enough(cell("late", region="JZ03", careType="pleegzorg"))
