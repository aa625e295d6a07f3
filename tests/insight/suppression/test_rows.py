"""The lattice of rows: which counts it has, and what ties them."""

import pytest

from app.insight.suppression.decision import suppressed_in
from app.insight.suppression.dimensions import Grouping, Row
from app.insight.suppression.lattice import Cell, Lattice, Sum
from app.insight.suppression.rows import lattice_of
from tests.insight.attack import known_small


def row(children: int, **place: str) -> Row:
    """So many children of one kind."""
    return Row(place, {"children": children})


def cell(measure: str = "children", **place: str) -> Cell:
    """The cell of a place."""
    return Cell.of(measure, place)


ROWS = [
    row(3, municipality="GM0400", careType="pleegzorg"),
    row(8, municipality="GM0400", careType="gezinshuis"),
    row(9, municipality="GM0361", careType="pleegzorg"),
    row(7, municipality="GM0405", careType="pleegzorg"),
]
REGION = Grouping("municipality", {"GM0400": ["JZ03"], "GM0361": ["JZ03"], "GM0405": ["JZ06"]})


def test_counts_and_sums_by_dimensions_and_their_groups() -> None:
    lattice = lattice_of(ROWS, [(), ("region",), ("municipality",)], groupings={"region": REGION})
    first, second, third = (cell(municipality=code) for code in ("GM0400", "GM0361", "GM0405"))
    assert lattice.counts == {
        cell(): 27,
        cell(region="JZ03"): 20,
        cell(region="JZ06"): 7,
        first: 11,
        second: 9,
        third: 7,
    }
    assert set(lattice.sums) == {
        Sum(cell(), (cell(region="JZ03"), cell(region="JZ06"))),
        Sum(cell(region="JZ03"), (first, second)),
        Sum(cell(region="JZ06"), (third,)),
    }
    assert lattice.hidden == frozenset()


def test_what_two_breakdowns_have_in_common_ties_them_though_nobody_asks_for_it() -> None:
    lattice = lattice_of(ROWS, [("municipality",), ("region", "careType")], groupings={"region": REGION})
    assert lattice.hidden == {cell(region="JZ03"), cell(region="JZ06")}
    assert {each.total for each in lattice.sums} == lattice.hidden


def test_each_count_adds_up_in_each_measure_and_over_measures() -> None:
    rows = [
        Row({"region": "JZ03"}, {"children": 9, "onTime": 7, "late": 2}),
        Row({"region": "JZ06"}, {"children": 5, "onTime": 5, "late": 0}),
    ]
    lattice = lattice_of(rows, [(), ("region",)], parts={"children": ("onTime", "late")})
    assert Sum(cell("late"), (cell("late", region="JZ03"), cell("late", region="JZ06"))) in lattice.sums
    assert Sum(cell(), (cell("onTime"), cell("late"))) in lattice.sums
    assert len(lattice.sums) == 3 + 3


def test_groups_that_overlap_are_tied_by_what_they_are_made_of() -> None:
    """Two supraregions share JZ02, and JZ03 is in none: without them 20 less 18 are the 2 children of JZ03."""
    supraregion = Grouping("region", {"JZ01": ["north"], "JZ02": ["north", "east"]})
    rows = [row(9, region="JZ01"), row(9, region="JZ02"), row(2, region="JZ03")]
    lattice = lattice_of(rows, [(), ("supraregion",)], groupings={"supraregion": supraregion})

    assert lattice.hidden == {cell(region=code) for code in ("JZ01", "JZ02", "JZ03")}
    assert set(lattice.sums) == {
        Sum(cell(), (cell(region="JZ01"), cell(region="JZ02"), cell(region="JZ03"))),
        Sum(cell(supraregion="north"), (cell(region="JZ01"), cell(region="JZ02"))),
        Sum(cell(supraregion="east"), (cell(region="JZ02"),)),
    }
    assert suppressed_in(lattice) == {cell(supraregion="north")}


def test_groups_that_cross_are_tied_by_what_they_are_made_of() -> None:
    days = ["2026-01-01", "2026-01-05", "2026-02-01"]
    month = Grouping("day", dict(zip(days, (["January"], ["January"], ["February"]), strict=True)))
    week = Grouping("day", dict(zip(days, (["1"], ["2"], ["5"]), strict=True)))
    lattice = lattice_of(
        [row(9, day=day) for day in days], [("month",), ("week",)], groupings={"month": month, "week": week}
    )
    assert lattice.hidden == {cell(), *(cell(day=day) for day in days)}


def test_groups_of_groups() -> None:
    year = Grouping("quarter", {"Q1": ["2026"], "Q2": ["2026"]})
    quarter = Grouping("month", {"January": ["Q1"], "April": ["Q2"]})
    rows = [row(9, month="January"), row(8, month="April")]
    lattice = lattice_of(rows, [("month",), ("year",)], groupings={"year": year, "quarter": quarter})
    assert lattice.sums == [Sum(cell(year="2026"), (cell(month="January"), cell(month="April")))]


def test_breakdowns_that_go_round_are_tied_by_all_their_dimensions() -> None:
    """Nobody at institution i2 has care type c2, so the 20 at i2 in region r1 have c1, and of the 23 with c1 3 do not.

    Every count by two of the three is 20 or more, or none; the 3 is by all three, and no sum of those by two shows it.
    """
    of = {("r1", "c1", "i1"): 3, ("r1", "c1", "i2"): 20, ("r1", "c2", "i1"): 20, ("r2", "c1", "i1"): 20}
    of |= {("r2", "c1", "i2"): 20, ("r2", "c2", "i1"): 20}
    rows = [row(count, region=r, careType=c, institution=i) for (r, c, i), count in of.items()]
    pairs = [("region", "careType"), ("careType", "institution"), ("institution", "region")]
    lattice = lattice_of(rows, pairs)

    derived = cell(region="r1", careType="c1", institution="i1")
    assert derived in lattice.hidden
    told = {each: count for each, count in lattice.counts.items() if each not in lattice.hidden}
    assert derived in known_small(told, lattice.sums, [derived])
    told = {each: count for each, count in told.items() if each not in suppressed_in(lattice)}
    assert not known_small(told, lattice.sums, [derived])


def test_two_of_three_breakdowns_do_not_go_round() -> None:
    rows = [row(9, region="r1", careType="c1", institution="i1")]
    lattice = lattice_of(rows, [("region", "careType"), ("region", "institution"), ("region",)])
    assert lattice.hidden == frozenset()


def test_of_no_rows_every_count_is_none() -> None:
    assert lattice_of([], [("region",)]) == Lattice({}, [], breakdowns=frozenset({frozenset({"region"})}))


def test_rows_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in their dimensions or measures"):
        lattice_of([row(3, region="JZ01"), row(3, municipality="GM0400")], [()])
    with pytest.raises(ValueError, match="differ in their dimensions or measures"):
        lattice_of([row(3, region="JZ01"), Row({"region": "JZ02"}, {"late": 3})], [()])


def test_breakdowns_by_what_is_not_there_are_refused() -> None:
    with pytest.raises(ValueError, match="there is no dimension region"):
        lattice_of(ROWS, [("region",)])
    with pytest.raises(ValueError, match="region follows from another dimension of the breakdown"):
        lattice_of(ROWS, [("region", "municipality")], groupings={"region": REGION})


def test_measures_that_do_not_add_up_are_refused() -> None:
    rows = [Row({"region": "JZ03"}, {"children": 9, "onTime": 7, "late": 1})]
    with pytest.raises(ValueError, match=r"the parts of .* do not add up to it"):
        lattice_of(rows, [()], parts={"children": ("onTime", "late")})


@pytest.mark.parametrize(
    ("counts", "sums", "hidden", "why"),
    [
        ({"a": -1}, [], [], "is -1: a count of children is 0 or more"),
        ({"a": 3}, [("a", "b")], [], "'b'.* is hidden or stands in a sum, and has no count"),
        ({"a": 3}, [], ["b"], "'b'.* is hidden or stands in a sum, and has no count"),
        ({"a": 3, "b": 2}, [("a", "b")], [], "the parts of .*'a'.* do not add up to it"),
    ],
)
def test_a_lattice_that_cannot_be(
    counts: dict[str, int], sums: list[tuple[str, str]], hidden: list[str], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        Lattice(
            {Cell(name): count for name, count in counts.items()},
            [Sum(Cell(total), (Cell(part),)) for total, part in sums],
            frozenset(map(Cell, hidden)),
        )
