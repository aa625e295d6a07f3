"""Thousands of small proposals against every way that there is, counted from the case alone."""

from dataclasses import replace

import numpy as np
import pytest

from app.allocation.model import Method, Proposal
from app.allocation.propose import propose
from tests.allocation.cases import candidate, case_of, case_with, child
from tests.allocation.plain import Plain, Way


def way_of(proposal: Proposal) -> Way:
    return {line.child: line.offer for line in proposal.lines}


@pytest.mark.parametrize("part", range(4))
def test_both_proposals_are_what_they_are_said_to_be(part: int) -> None:
    """2,000 cases in all: families and few places, offers that do not fit as it is, children who take two places."""
    families = left = kept_out = 0
    for number in range(part * 500, (part + 1) * 500):
        case = case_with(np.random.default_rng([18, number]), most_children=6, most_offers=4, most_families=2)
        plain = Plain(case)
        ways = list(plain.ways())
        _is_stable(plain, ways, propose(replace(case, method="stable")))
        _is_least_late(plain, ways, propose(replace(case, method="least-lateness")))
        families += any(len(each) > 1 for each in plain.families)
        left += any(None in way.values() for way in ways[-1:])
        kept_out += bool((case.candidates["needs"] > 0).any())
    assert min(families, left, kept_out) > 120


def _is_stable(plain: Plain, ways: list[Way], proposal: Proposal) -> None:
    assert [each for each in ways if not plain.pointing(each)] == [way_of(proposal)]
    _adds_up(plain, proposal, "stable")


def _is_least_late(plain: Plain, ways: list[Way], proposal: Proposal) -> None:
    way = way_of(proposal)
    assert way in ways
    assert (proposal.proven, plain.counted(way)) == (True, min(map(plain.counted, ways)))
    _adds_up(plain, proposal, "least-lateness")


def _adds_up(plain: Plain, proposal: Proposal, method: Method) -> None:
    """The price is what the lines come to."""
    way, price = way_of(proposal), proposal.prices[method]
    days, without, *_ = plain.counted(way)
    assert (price.days_late, len(way) - price.placed, price.late) == (days, without, plain.late(way))
    assert price.first_choices == sum(plain.options[id_][offer].choice == 1 for id_, offer in way.items() if offer)
    assert price.envy == len(plain.pointing(way))


# --- a place more, and how many are late ---


def test_a_place_more_can_make_more_children_late_where_that_makes_all_fewer_days_late() -> None:
    """Two children whose help is due in 10 days, and a place where Ann can start at once and Bo a day late.

    Ann goes there, and Bo is 81 days late. With a place at another offer, where Ann starts a day late, both are: 2 days
    together. No other way has so few, so whoever weighs days first has no way to keep the number of late children.
    """
    ann, bo = child("ann", over=-10), child("bo", over=-10)
    lists = {ann: [candidate("here"), candidate("there", starts_in=11)], bo: [candidate("here", starts_in=11)]}
    before, after = case_of(lists, {"here": 1, "there": 0}), case_of(lists, {"here": 1, "there": 1})
    found = [propose(each).prices["least-lateness"] for each in (before, after)]
    assert [(each.days_late, each.late) for each in found] == [(81, 1), (2, 2)]
    plain = Plain(after)
    assert min(plain.counted(way)[0] for way in plain.ways() if plain.late(way) < 2) == 81
