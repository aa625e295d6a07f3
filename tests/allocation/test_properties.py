"""What must always hold of a proposal."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.allocation.applicants import applicants_of
from app.allocation.least_lateness import least_lateness
from app.allocation.model import Case, Places
from app.allocation.propose import propose
from app.allocation.stable import NOWHERE, envious, stable
from tests.allocation.cases import candidate, case_of, cases, child, reordered
from tests.allocation.oracles import all_ways, best_by_milp, blocking, deferred_acceptance, totals


@given(cases())
@settings(max_examples=30, deadline=None)
def test_the_least_lateness_is_the_best_of_all_ways(case: Case) -> None:
    applicants = applicants_of(case)
    best = min(totals(applicants, chosen) for chosen in all_ways(applicants))
    assert totals(applicants, least_lateness(applicants).chosen) == best


@given(cases(most_children=14, most_offers=8))
@settings(max_examples=30, deadline=None)
def test_another_solver_finds_no_fewer_days_late(case: Case) -> None:
    applicants = applicants_of(case)
    if len(applicants.size):
        assert totals(applicants, least_lateness(applicants).chosen)[0] == best_by_milp(applicants, 0)


@given(cases(most_children=9, most_offers=5))
@settings(max_examples=30, deadline=None)
def test_nobody_can_point_to_a_place_in_a_stable_proposal(case: Case) -> None:
    applicants = applicants_of(case)
    assert blocking(applicants, stable(applicants)) == []


@given(cases(most_children=5, most_offers=3))
@settings(max_examples=30, deadline=None)
def test_one_way_alone_is_stable(case: Case) -> None:
    applicants = applicants_of(case)
    unblocked = [each.tolist() for each in all_ways(applicants) if not blocking(applicants, each)]
    assert unblocked == [stable(applicants).tolist()]


@given(cases(most_children=9, most_offers=5))
@settings(max_examples=30, deadline=None)
def test_without_siblings_it_is_deferred_acceptance(case: Case) -> None:
    alone = replace(case, children=tuple(replace(each, group=None) for each in case.children))
    applicants = applicants_of(alone)
    assert stable(applicants).tolist() == deferred_acceptance(applicants).tolist()


@given(cases(most_children=9, most_offers=5), st.data())
@settings(max_examples=30, deadline=None)
def test_envy_is_counted_as_it_is_defined(case: Case, data: st.DataObject) -> None:
    applicants = applicants_of(case)
    room, chosen = applicants.places.copy(), np.full(len(applicants.size), NOWHERE)
    for who in data.draw(st.permutations(range(len(chosen)))):
        fits = [each for each in applicants.options(who) if room[applicants.offer[each]] >= applicants.size[who]]
        chosen[who] = data.draw(st.sampled_from([NOWHERE, *fits]))
        if chosen[who] != NOWHERE:
            room[applicants.offer[chosen[who]]] -= applicants.size[who]
    expected = {who for who, _ in blocking(applicants, chosen)}
    assert set(np.flatnonzero(envious(applicants, chosen)).tolist()) == expected


@given(cases(), st.data())
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_input_changes_nothing(case: Case, data: st.DataObject) -> None:
    case = replace(case, changes=2)
    children = data.draw(st.permutations(range(len(case.children))))
    offers = data.draw(st.permutations(range(len(case.places))))
    assert propose(reordered(case, children, offers)) == propose(case)


@given(cases(), st.data())
@settings(max_examples=30, deadline=None)
def test_a_place_more_never_adds_days_late(case: Case, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(case.places) - 1))
    more = [Places(each.offer, each.places + (number == at)) for number, each in enumerate(case.places)]
    days = [
        totals(applicants, least_lateness(applicants).chosen)[0]
        for applicants in map(applicants_of, (case, replace(case, places=tuple(more))))
    ]
    assert days[1] <= days[0]


@given(cases())
@settings(max_examples=30, deadline=None)
def test_siblings_go_together_and_places_hold(case: Case) -> None:
    lines = {line.child: line for line in propose(case).lines}
    offers = [(each.group, lines[each.id].offer) for each in case.children if each.group]
    assert all(here == there for (one, here), (other, there) in pairwise(sorted(offers, key=str)) if one == other)
    for each in case.places:
        assert sum(line.offer == each.offer for line in lines.values()) <= each.places


@given(cases())
@settings(max_examples=30, deadline=None)
def test_a_change_does_what_is_said_of_it(case: Case) -> None:
    proposal = propose(replace(case, changes=3))
    for effect in proposal.effects:
        if effect.change != "place":
            continue
        more = tuple(Places(each.offer, each.places + (each.offer == effect.offer)) for each in case.places)
        then = propose(replace(case, places=more)).prices[case.method]
        assert effect.days_saved == proposal.prices[case.method].days_late - then.days_late
        assert effect.placed == then.placed - proposal.prices[case.method].placed


@given(cases())
@settings(max_examples=30, deadline=None)
def test_without_siblings_the_price_of_a_place_is_what_one_more_saves(case: Case) -> None:
    case = replace(case, children=tuple(replace(each, group=None) for each in case.children))
    applicants = applicants_of(case)
    solved = least_lateness(applicants)
    for number, price in enumerate(solved.prices.of_place.tolist()):
        places = applicants.places.copy()
        places[number] += 1
        more = applicants._replace(places=places)
        option, none = solved.packed.option, solved.packed.none
        then = min(option[each[each != NOWHERE]].sum() + none[each == NOWHERE].sum() for each in all_ways(more))
        now = option[solved.chosen[solved.chosen != NOWHERE]].sum() + none[solved.chosen == NOWHERE].sum()
        assert now - then == price


def test_costs_that_do_not_fit_are_refused() -> None:
    with pytest.raises(OverflowError, match="64 bits"):
        _far(10**9)


def _far(days: int) -> None:
    applicants = applicants_of(case_of({child("k0"): [candidate("o0")]}, {"o0": 1}))
    least_lateness(applicants._replace(none=applicants.none + days**2))
