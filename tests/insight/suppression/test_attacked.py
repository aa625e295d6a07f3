"""All answers to all questions together tell of no suppressed count of 1 to 4 that it is below 5.

The attack knows every count that was published, that each is made of kinds of children, and that there are no fewer
than none of a kind. It takes no sum from the code under test.
"""

from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings

from app.insight.suppression import decision
from app.insight.suppression.decision import suppressed_in
from app.insight.suppression.lattice import Cell, Lattice, is_small
from app.insight.suppression.published import Published
from app.insight.suppression.shifts import Attempt
from tests.insight.attack import Range, gathered, known_small, sums_over_kinds
from tests.insight.suppression.strategies import Case, cases

PACE: Final = settings(deadline=None, suppress_health_check=list(HealthCheck))


def given_away(case: Case, suppressed: Callable[[Lattice], frozenset[Cell]]) -> dict[Cell, Range]:
    """The small counts that all answers together tell to be small."""
    lattice = case.lattice
    told = gathered(*case.answers(Published(lattice, suppressed(lattice))))
    small = [cell for cell, count in lattice.counts.items() if is_small(count) and cell not in lattice.hidden]
    assert not told.keys() & set(small)
    sums = sums_over_kinds([cell for _, cell in case.cells()], case.kinds)
    return known_small(told, sums, small)


@settings(PACE, max_examples=120)
@given(cases())
def test_gives_no_small_count_away(case: Case) -> None:
    assert given_away(case, suppressed_in) == {}


@settings(PACE, max_examples=30)
@given(cases())
def test_gives_none_away_where_no_shift_is_found(case: Case) -> None:
    """However soon the search gives up, what is decided is safe; it suppresses more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decision, "ATTEMPTS", (Attempt(suppressing=True, haste=8, most_states=2),))
        assert given_away(case, suppressed_in) == {}


@settings(PACE, max_examples=60)
@given(cases())
def test_hidden_counts_are_protected_too(case: Case) -> None:
    """By the lattice's own sums: what nobody can ask cannot be derived either where it is small."""
    lattice = case.lattice
    published = lattice.counts.keys() - suppressed_in(lattice) - lattice.hidden
    hidden = [cell for cell in lattice.hidden if is_small(lattice.counts[cell])]
    assert known_small({cell: lattice.counts[cell] for cell in published}, lattice.sums, hidden) == {}
