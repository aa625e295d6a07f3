from typing import Any

import pytest

from app.ranking.model import Choice, Policy
from app.ranking.rank import rank
from tests.ranking.builders import (
    TODAY,
    a_contract,
    a_report,
    a_request,
    an_offer,
    day,
    north,
    order_of,
    outcome_of,
    starting,
)

CHOICES = (Choice("gezinshuis"), Choice("logeren"))
SECOND = {"care_type": "logeren"}
WISHED = {"specialisations": frozenset({"lvb"})}
LIGHT = {"contracts": (a_contract(kind="light"),)}


@pytest.mark.parametrize(
    ("better", "worse", "decider"),
    [
        ({**SECOND, "capacity": starting(60)}, {"capacity": starting(61)}, "delay"),  # in time goes first
        ({"capacity": starting(116)}, {"capacity": None}, "delay"),  # two periods late goes before unknown
        ({"capacity": None}, {"capacity": starting(145)}, "delay"),  # and unknown before four
        ({"capacity": starting(60)}, {**SECOND, **WISHED, "capacity": starting(0)}, "choice"),
        ({**WISHED, **LIGHT}, {}, "wishes"),
        ({"location": north(90), "capacity": starting(30)}, LIGHT, "contract"),
        ({"capacity": starting(27), "location": None}, {"capacity": starting(28)}, "wait"),
        ({"capacity": None}, {"capacity": starting(144)}, "wait"),  # unknown counts as three periods
        ({"location": north(8.5), "capacity": starting(27)}, {}, "distance"),
        ({"location": north(99)}, {"location": None}, "distance"),
        ({"location": north(9.5)}, {"location": north(9.1), "capacity": starting(1)}, "start"),
        ({}, {"capacity": a_report(1)}, "age-of-report"),
    ],
)
def test_what_decides(better: dict[str, Any], worse: dict[str, Any], decider: str) -> None:
    outcome = outcome_of(
        an_offer("2", **better),
        an_offer("1", **worse),
        choices=CHOICES,
        wishes=frozenset({"lvb"}),
        needed_by=day(60),
    )

    first, last = outcome.results
    assert (first.offer.id, first.decided_by, last.decided_by) == ("2", decider, None)


def test_the_id_decides_as_text() -> None:
    outcome = outcome_of(an_offer("9"), an_offer("10"))

    assert [(result.offer.id, result.decided_by) for result in outcome.results] == [("10", "id"), ("9", None)]


def test_a_known_start_goes_before_an_unknown_one_that_counts_the_same() -> None:
    outcome = outcome_of(an_offer("1", capacity=None), an_offer("2", capacity=starting(90)), needed_by=day(20))

    assert [(result.offer.id, result.decided_by) for result in outcome.results] == [
        ("2", "start"),
        ("1", None),
    ]


@pytest.mark.parametrize(
    ("policy", "order", "decider"),
    [
        ("timely-first", ["second", "soon", "near"], "delay"),  # in time; then by wait
        ("choice-first", ["soon", "near", "second"], "wait"),
        ("soonest-first", ["second", "soon", "near"], "start"),
        ("nearest-first", ["second", "near", "soon"], "delay"),
    ],
)
def test_policies(policy: Policy, order: list[str], decider: str) -> None:
    outcome = outcome_of(
        an_offer("second", **SECOND, capacity=starting(9), location=north(50)),
        an_offer("soon", capacity=starting(11), location=north(30)),
        an_offer("near", capacity=starting(30), location=north(20)),
        policy=policy,
        choices=CHOICES,
        needed_by=day(10),
    )

    assert (order_of(outcome), outcome.results[0].decided_by) == (order, decider)
    assert outcome.policy == policy


def test_the_distance_goes_before_the_choice_where_nearest_is_first() -> None:
    near, far = an_offer("near", **SECOND, location=north(1.5)), an_offer("far", location=north(2.5))

    assert order_of(outcome_of(near, far, choices=CHOICES, policy="nearest-first")) == ["near", "far"]
    assert order_of(outcome_of(near, far, choices=CHOICES)) == ["far", "near"]


def test_what_a_result_carries() -> None:
    offer = an_offer("a", capacity=starting(30, age=5), location=north(40), contracts=LIGHT["contracts"])

    outcome = outcome_of(offer, choices=(Choice("logeren"), Choice("gezinshuis")), needed_by=day(8))

    (result,) = outcome.results
    assert result.offer is offer
    assert (result.choice, result.contract, result.decided_by) == (2, "light", None)
    assert (result.expected_start, result.reference_date, result.within_norm) == (day(30), day(30), False)
    assert result.distance_km == pytest.approx(40, abs=1e-5)
    assert result.factors == (1, 2, 0, 3, 1, result.factors[5], 30, 5)
    assert (outcome.today, outcome.deadline, outcome.limit) == (TODAY, day(8), day(8))


def test_an_unknown_start_refers_to_today_and_is_not_within_the_norm() -> None:
    (result,) = outcome_of(an_offer(capacity=None)).results

    assert (result.expected_start, result.reference_date, result.within_norm) == (None, TODAY, False)


def test_an_offer_of_no_choice_is_not_reported() -> None:
    outcome = outcome_of(an_offer("a", care_type="logeren"), an_offer("b", care_type="logeren", contracts=()))

    assert (outcome.results, outcome.excluded, outcome.alternatives) == ((), (), ())


def test_exclusions_are_ordered_by_id_and_alternatives_by_the_factors() -> None:
    outcome = outcome_of(
        an_offer("b", contracts=(), capacity=starting(200)),
        an_offer("c", contracts=()),
        an_offer("a", contracts=(), capacity=starting(300)),
    )

    assert [exclusion.offer.id for exclusion in outcome.excluded] == ["a", "b", "c"]
    assert [alternative.offer.id for alternative in outcome.alternatives] == ["c", "b", "a"]


def test_alternatives_follow_the_policy() -> None:
    near = an_offer("near", contracts=(), capacity=starting(2), location=north(1))
    soon = an_offer("soon", contracts=(), capacity=starting(1), location=north(2))

    orders = [
        [alternative.offer.id for alternative in outcome_of(near, soon, policy=policy).alternatives]
        for policy in ("nearest-first", "soonest-first")
    ]
    assert orders == [["near", "soon"], ["soon", "near"]]


def test_timely_first_is_the_default_and_any_iterable_will_do() -> None:
    outcome = rank(a_request(), iter([an_offer()]), today=TODAY)

    assert (outcome.policy, order_of(outcome)) == ("timely-first", ["a"])


def test_no_offers() -> None:
    assert outcome_of().results == ()
