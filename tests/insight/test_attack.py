"""The attack itself: that it finds what can be derived, and nothing else."""

from math import inf

import pytest

from app.insight.suppression.lattice import Cell, Sum
from tests.insight.attack import Kind, Range, gathered, known_small, pinned, ranges, sums_over_kinds

A, B, C, TOTAL = map(Cell, "abct")
LINE = [Sum(TOTAL, (A, B, C))]


def test_the_only_unknown_count_of_a_sum_is_pinned() -> None:
    assert pinned({TOTAL: 12, B: 4, C: 6}, LINE) == {A: 2}
    assert pinned({A: 2, B: 4, C: 6}, LINE) == {TOTAL: 12}


def test_of_two_unknown_counts_only_the_range_is_known() -> None:
    assert pinned({TOTAL: 12, C: 6}, LINE) == {}
    assert ranges({TOTAL: 12, C: 6}, LINE) == {A: Range(0, 6), B: Range(0, 6)}


def test_two_counts_that_must_be_small_are_not_pinned() -> None:
    told = {TOTAL: 12, C: 9}
    assert known_small(told, LINE) == {A: Range(0, 3), B: Range(0, 3)}
    assert pinned(told, LINE) == {}


def test_what_must_be_none_is_pinned() -> None:
    assert pinned({TOTAL: 6, C: 6}, LINE) == {A: 0, B: 0}


def test_nothing_bounds_a_total_of_which_nothing_is_told() -> None:
    assert ranges({C: 6}, LINE)[TOTAL] == Range(6, inf)
    assert ranges({C: 6}, LINE, [Cell("elsewhere")]) == {Cell("elsewhere"): Range(0, inf)}


def test_several_sums_pin_what_none_does_alone() -> None:
    """Two rows and two columns with totals; three of four counts are unknown, but one row has only one of them."""
    p, q, r, s, row, other, column, last = (Cell(name) for name in ("p", "q", "r", "s", "pq", "rs", "pr", "qs"))
    sums = [Sum(row, (p, q)), Sum(other, (r, s)), Sum(column, (p, r)), Sum(last, (q, s))]
    assert pinned({row: 9, other: 9, column: 8, last: 10, s: 7}, sums) == {p: 6, q: 3, r: 2}


def test_counts_that_whole_numbers_alone_pin() -> None:
    """2a + b = 3 with b below 2: a is between 1 and 1.5."""
    twice, rest = Cell("2a"), Cell("rest")
    sums = [Sum(twice, (A, A)), Sum(TOTAL, (twice, B)), Sum(Cell("one"), (B, rest))]
    assert pinned({TOTAL: 3, Cell("one"): 1}, sums, [A]) == {A: 1}


def test_answers_are_gathered_and_may_not_contradict() -> None:
    assert gathered({A: 5, B: None}, {B: 7, A: 5}) == {A: 5, B: 7}
    with pytest.raises(AssertionError, match="5 in one answer and 6 in another"):
        gathered({A: 5}, {A: 6})


def test_counts_that_contradict_their_sums_are_no_basis() -> None:
    with pytest.raises(AssertionError, match="contradicts itself"):
        ranges({TOTAL: 3, A: 4}, LINE)


def test_counts_by_kinds_of_children() -> None:
    """All counts are of the children of a few kinds; those by region and by type leave one kind for the third."""
    kinds = [
        Kind(frozenset({("region", region), ("type", care)}), frozenset({"children"}))
        for region, care in [("JZ01", "x"), ("JZ01", "y"), ("JZ02", "y")]
    ]
    first, second = (Cell.of("children", {"region": region}) for region in ("JZ01", "JZ02"))
    x, both = Cell.of("children", {"type": "x"}), Cell.of("children", {"region": "JZ01", "type": "y"})
    sums = sums_over_kinds([first, second, x, both], kinds)
    assert pinned({first: 9, second: 6, x: 7}, sums, [both]) == {both: 2}
