"""Worked cases: what is suppressed, and why."""

import os
import subprocess
import sys
from collections.abc import Mapping
from random import Random

import pytest

from app.insight.suppression import decision
from app.insight.suppression.decision import suppressed_in
from app.insight.suppression.dimensions import Row
from app.insight.suppression.lattice import Cell, Lattice, Sum
from app.insight.suppression.possible_truth import PossibleTruth, Shift
from app.insight.suppression.rows import lattice_of
from app.insight.suppression.shifts import Attempt, find_shift
from tests.insight.attack import known_small
from tests.insight.suppression.tables import cells, table

LINE = {"all": "a b c"}
SQUARE = {
    "a": "ax ay az",
    "b": "bx by bz",
    "c": "cx cy cz",
    "x": "ax bx cx",
    "y": "ay by cy",
    "z": "az bz cz",
    "all": "a b c",
}
"""Regions a, b and c by care types x, y and z, with all totals."""


@pytest.mark.parametrize(
    ("counts", "sums", "suppressed"),
    [
        ({"a": 5, "b": 9, "c": 0}, LINE, ""),  # none is small, and none at all may be told
        ({"a": 2, "b": 4, "c": 9}, LINE, "a b"),  # two small ones hide each other: each can be 0 to 6
        ({"a": 2, "b": 7, "c": 30}, LINE, "a b"),  # one alone would be the total less the rest; the smaller one joins
        ({"a": 4, "b": 5, "c": 5}, LINE, "a c"),  # of equals always the same
        ({"a": 1, "b": 2, "c": 9}, LINE, "a b c"),  # two that are 3 together would still be known to be small
        ({"a": 1, "b": 1, "c": 1}, LINE, "a b c all"),  # the total is small itself
        ({"a": 3, "b": 0, "c": 0}, LINE, "a all"),  # 0 is told, so the total is the one count again
        ({"a": 3, "b": 50}, {"A": "a", "all": "A b"}, "a A b"),  # a region of one municipality
        # a small total within a larger: its parts, and another part of the larger with the rest of that
        ({"a": 1, "b": 2, "c": 9, "d": 8}, {"R": "a b", "S": "c d", "all": "R S"}, "a b R d S"),
        # a small count in two breakdowns, by region and by care type: three others, the smallest that go round
        (
            {"ax": 3, "ay": 20, "az": 9, "bx": 12, "by": 30, "bz": 40, "cx": 50, "cy": 60, "cz": 70},
            SQUARE,
            "ax az bx bz",
        ),
        # two on a diagonal share a round
        (
            {"ax": 3, "ay": 20, "az": 9, "bx": 12, "by": 4, "bz": 40, "cx": 50, "cy": 60, "cz": 70},
            SQUARE,
            "ax ay bx by",
        ),
        # two breakdowns below one total that is published: what goes round in the one leaves the other alone
        (
            {"m": 3, "n": 30, "o": 9, "i": 20, "j": 22},
            {"region": "m n o", "regionByInstitution": "i j"},
            "m o",
        ),
        # two supraregions that share region q: p hides it in the one and r in the other, and s what both lose
        ({"p": 8, "q": 3, "r": 12, "s": 40}, {"north": "p q", "east": "q r", "all": "p q r s"}, "p q r s"),
        # p and q hide each other, and the supraregion that has only q gives way
        ({"p": 3, "q": 9, "r": 12, "s": 40}, {"north": "p q", "east": "q r s", "all": "p q r s"}, "p q east"),
        # measures: late + on time = all, in two regions; late in the one tells how many are on time
        (
            {"lateA": 2, "onTimeA": 20, "lateB": 10, "onTimeB": 30},
            {
                "A": "lateA onTimeA",
                "B": "lateB onTimeB",
                "late": "lateA lateB",
                "onTime": "onTimeA onTimeB",
                "all": "A B",
            },
            "lateA onTimeA lateB onTimeB",
        ),
    ],
)
def test_what_is_suppressed(counts: Mapping[str, int], sums: Mapping[str, str], suppressed: str) -> None:
    lattice = table(counts, sums)
    assert suppressed_in(lattice) == cells(suppressed)


def test_a_count_cannot_be_a_part_of_itself() -> None:
    one, other = Cell("one"), Cell("other")
    with pytest.raises(ValueError, match="cycle"):
        suppressed_in(Lattice({one: 3, other: 3}, [Sum(one, (other,)), Sum(other, (one,))]))


def test_a_hidden_count_hides_others_for_nothing() -> None:
    lattice = table({"a": 3, "b": 7, "c": 9}, LINE)
    assert suppressed_in(Lattice(lattice.counts, lattice.sums, cells("c"))) == cells("a")


def test_a_hidden_count_cannot_be_derived_either() -> None:
    lattice = table({"a": 30, "b": 3, "c": 9}, LINE)
    hidden = Lattice(lattice.counts, lattice.sums, cells("b"))
    assert suppressed_in(hidden) == cells("c")
    assert known_small({Cell("a"): 30, Cell("all"): 42}, lattice.sums, cells("b")) == {}


def test_counts_without_sums_are_each_on_their_own() -> None:
    assert suppressed_in(Lattice({Cell("a"): 3, Cell("b"): 5, Cell("c"): 0}, [])) == cells("a")
    assert suppressed_in(Lattice({}, [])) == frozenset()


def test_where_no_shift_is_found_all_that_hangs_together_is_suppressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in a sum with the small count is not enough: every one of these follows from the other sums."""
    monkeypatch.setattr(decision, "ATTEMPTS", ())
    square = {"ax": 3, "ay": 20, "az": 9, "bx": 12, "by": 30, "bz": 40, "cx": 50, "cy": 60, "cz": 70}
    lattice = table({**square, "apart": 8, "alone": 9}, {**SQUARE, "both": "apart alone"})
    assert suppressed_in(lattice) == lattice.counts.keys() - cells("apart alone both")


def test_nothing_is_looked_for_where_all_that_hangs_together_is_suppressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is what takes minutes where a country has few children in many places."""
    looked_for: list[str] = []

    def finding(truth: PossibleTruth, cell: int, attempt: Attempt) -> Shift | None:
        looked_for.append(truth.cells[cell].measure)
        return find_shift(truth, cell, attempt)

    monkeypatch.setattr(decision, "find_shift", finding)
    hopeless = {"a": 1, "b": 1, "c": 1}
    assert suppressed_in(table(hopeless | {"x": 2, "y": 30, "z": 7}, LINE | {"other": "x y z"})) == cells(
        "a b c all x z"
    )
    assert set(looked_for) == {"x"}


ROWS = [Row({"r": str(n % 7), "c": str(n % 11), "i": str(n % 3)}, {"n": n * n % 13}) for n in range(150)]
BREAKDOWNS = ["rc", "ri", "r", "c", ""]
"""Many counts that are equal, so that nothing but their names tells which goes first."""


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_what_comes_makes_no_difference(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a test's own dice
    rows = random.sample(ROWS, len(ROWS))
    lattice = lattice_of(rows, random.sample(BREAKDOWNS, len(BREAKDOWNS)))
    counts, sums = list(lattice.counts.items()), [Sum(total, parts[::-1]) for total, parts, _ in lattice.sums]
    random.shuffle(counts)
    random.shuffle(sums)
    expected = suppressed_in(lattice_of(ROWS, BREAKDOWNS))
    assert suppressed_in(lattice) == expected
    assert suppressed_in(Lattice(dict(counts), sums, lattice.hidden)) == expected


def test_every_process_decides_the_same() -> None:
    """The order of a Python set of texts differs from process to process."""
    program = (
        "from app.insight.suppression.decision import suppressed_in\n"
        "from app.insight.suppression.rows import lattice_of\n"
        "from tests.insight.suppression.test_decision import BREAKDOWNS, ROWS\n"
        "print(sorted(suppressed_in(lattice_of(ROWS, BREAKDOWNS))))"
    )
    said = {
        subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert "Cell(" in said.pop()
