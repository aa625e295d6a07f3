"""Families kept together: the best of all ways, whatever their sizes, and what is said where the search ends early."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.allocation import together
from app.allocation.applicants import applicants_of
from app.allocation.least_lateness import least_lateness
from app.allocation.model import Candidate, Case, Child
from app.allocation.stable import NOWHERE
from tests.allocation.cases import TODAY, candidate, case_of, child
from tests.allocation.oracles import all_ways, best_by_milp, totals

# --- families of two and three, and children who take several places ---


@st.composite
def families(draw: st.DrawFn, most: int, offers: int) -> Case:
    """Few places and many who want several of them at one offer."""
    ids = [f"o{number}" for number in range(offers)]
    lists: dict[Child, list[Candidate]] = {}
    for number in range(draw(st.integers(1, most))):
        group = draw(st.sampled_from([None, "g0", "g1", "g2"]))
        places = 1 if group else draw(st.sampled_from([1, 1, 2, 3]))
        made = Child(f"k{number}", TODAY + timedelta(draw(st.integers(-20, 20))), TODAY, group=group, places=places)
        lists[made] = [
            candidate(offer, draw(st.integers(1, 3)), draw(st.sampled_from([0, 0, 14, 60])), draw(st.integers(0, 9)))
            for offer in draw(st.permutations(ids))
        ]
    return case_of(lists, {offer: draw(st.integers(0, 5)) for offer in ids}, "least-lateness")


@given(families(most=6, offers=3))
@settings(max_examples=30, deadline=None)
def test_families_of_any_size_go_the_best_of_all_ways(case: Case) -> None:
    applicants = applicants_of(case)
    solved = least_lateness(applicants)
    assert solved.proven
    assert totals(applicants, solved.chosen) == min(totals(applicants, each) for each in all_ways(applicants))


@given(families(most=16, offers=6))
@settings(max_examples=10, deadline=None)
def test_another_solver_finds_no_fewer_days_late_for_many_families(case: Case) -> None:
    applicants = applicants_of(case)
    solved = least_lateness(applicants)
    assert (solved.proven, totals(applicants, solved.chosen)[0]) == (True, best_by_milp(applicants, 0))


# --- a search that ends early ---


def crowded() -> Case:
    """Families of two that could each have a place at either of two offers of three places, beside children alone."""
    lists = {
        child(f"k{number}", over=number, group=f"g{number // 2}" if number < 6 else None): [
            candidate(offer, starts_in=7 * ((number + at) % 3)) for at, offer in enumerate(("o0", "o1", "o2"))
        ]
        for number in range(10)
    }
    return case_of(lists, {"o0": 3, "o1": 3, "o2": 1}, "least-lateness")


def test_a_search_without_an_end_says_that_it_proved_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    applicants = applicants_of(crowded())
    assert least_lateness(applicants).proven
    monkeypatch.setattr(together, "EFFORT", 0)
    cut = least_lateness(applicants)
    assert not cut.proven
    held = cut.chosen[cut.chosen != NOWHERE]
    taken = np.bincount(applicants.offer[held], applicants.size[applicants.owner[held]], len(applicants.places))
    assert (taken <= applicants.places).all()
