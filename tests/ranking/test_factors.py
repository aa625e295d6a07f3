from typing import Any

import pytest

from app.ranking.factors import ORDERS
from app.ranking.model import (
    FACTORS,
    POLICIES,
    Capacity,
    Choice,
    Factor,
)
from tests.ranking.builders import (
    a_child,
    a_contract,
    a_report,
    an_offer,
    day,
    north,
    outcome_of,
    starting,
)


def factor(name: Factor, offer: dict[str, Any], **request: Any) -> int:
    """One factor of an offer that differs so, in or out."""
    outcome = outcome_of(an_offer(**offer), **request)
    (standing,) = outcome.results or outcome.excluded
    return standing.factors[FACTORS.index(name)]


@pytest.mark.parametrize(
    ("start", "delay"),
    [(0, 0), (9, 0), (10, 0), (11, 1), (38, 1), (39, 2), (66, 2), (67, 3), (94, 3), (95, 4), (400, 14)],
)
def test_delay_counts_periods_of_28_days_after_the_limit(start: int, delay: int) -> None:
    assert factor("delay", {"capacity": starting(start)}, needed_by=day(10)) == delay


def test_delay_of_an_overdue_child_counts_from_a_week_from_now() -> None:
    assert factor("delay", {"capacity": starting(7)}, needed_by=day(-100)) == 0
    assert factor("delay", {"capacity": starting(8)}, needed_by=day(-100)) == 1


@pytest.mark.parametrize("capacity", [None, a_report(31), a_report(places_free=0)])
def test_an_unknown_start(capacity: Capacity | None) -> None:
    offer = {"capacity": capacity}

    assert (factor("delay", offer), factor("wait", offer), factor("start", offer)) == (3, 3, 9999)


@pytest.mark.parametrize(("start", "wait"), [(0, 0), (27, 0), (28, 1), (55, 1), (56, 2), (84, 3), (112, 4)])
def test_wait_counts_whole_periods_of_28_days(start: int, wait: int) -> None:
    assert factor("wait", {"capacity": starting(start)}) == wait
    assert factor("start", {"capacity": starting(start)}) == start


def test_choice_counts_from_1() -> None:
    assert factor("choice", {}, choices=(Choice("gezinshuis"),)) == 1
    assert factor("choice", {}, choices=(Choice("logeren"), Choice("pleegzorg"), Choice("gezinshuis"))) == 3


@pytest.mark.parametrize(
    ("specialisations", "lacking"), [(set(), 2), ({"lvb"}, 1), ({"lvb", "ass", "vb"}, 0), ({"vb"}, 2)]
)
def test_wishes_counts_what_is_lacking(specialisations: set[str], lacking: int) -> None:
    offer = {"specialisations": frozenset(specialisations)}

    assert factor("wishes", offer, wishes=frozenset({"lvb", "ass"})) == lacking


@pytest.mark.parametrize(
    ("kind", "value"), [("regional", 0), ("supraregional", 1), ("national", 2), ("light", 3), (None, 4)]
)
def test_contract(kind: str | None, value: int) -> None:
    contracts = () if kind is None else (a_contract(kind=kind),)

    assert factor("contract", {"contracts": contracts}) == value


def test_contract_is_the_best_that_can_be_used() -> None:
    contracts = (a_contract(ceiling_reached=True), a_contract(kind="light"), a_contract(kind="national"))

    assert factor("contract", {"contracts": contracts}) == 2


def test_contract_of_an_alternative_is_the_one_that_an_exception_would_use() -> None:
    contracts = (a_contract(kind="supraregional", ceiling_reached=True),)

    assert factor("contract", {"contracts": contracts}) == 1


@pytest.mark.parametrize(("km", "value"), [(0, 0), (0.001, 1), (9.999, 10), (10.001, 11)])
def test_distance_is_rounded_up(km: float, value: int) -> None:
    assert factor("distance", {"location": north(km)}) == value


def test_distance_unknown_or_at_home() -> None:
    assert factor("distance", {"location": None}) == 9999
    assert factor("distance", {}, child=a_child(origin=None)) == 9999
    assert factor("distance", {"location": None, "at_home": True}) == 0


@pytest.mark.parametrize(("capacity", "age"), [(a_report(0), 0), (a_report(5), 5), (a_report(99), 99), (None, 9999)])
def test_age_of_the_report(capacity: Capacity | None, age: int) -> None:
    assert factor("age-of-report", {"capacity": capacity}) == age


def test_policies_permute_the_front() -> None:
    assert ORDERS == {
        "timely-first": FACTORS,
        "choice-first": (
            "choice", "delay", "wishes", "contract", "wait", "distance", "start", "age-of-report",
        ),
        "soonest-first": (
            "start", "choice", "delay", "wishes", "contract", "wait", "distance", "age-of-report",
        ),
        "nearest-first": (
            "delay", "distance", "choice", "wishes", "contract", "wait", "start", "age-of-report",
        ),
    }  # fmt: skip
    assert tuple(ORDERS) == POLICIES
