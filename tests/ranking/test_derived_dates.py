from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from app.ranking.derived_dates import Norm
from app.ranking.model import (
    FACTORS,
    Child,
    Choice,
    Contract,
    Measure,
    Offer,
)
from tests.ranking.builders import (
    CHILD,
    MEASURE,
    TODAY,
    a_child,
    a_contract,
    a_report,
    a_request,
    an_offer,
    choice_of,
    day,
    north,
    outcome_of,
)


@pytest.mark.parametrize(
    ("imposed_on", "needed_by", "deadline"),
    [
        (None, None, date(2027, 2, 22)),  # three months from today
        (date(2026, 11, 1), None, date(2027, 2, 1)),  # three months from the measure
        (date(2026, 11, 30), None, date(2027, 2, 28)),  # where there is no 30 February
        (date(2026, 11, 1), date(2026, 12, 5), date(2026, 12, 5)),  # the date that is asked for is sooner
        (date(2026, 11, 1), date(2027, 2, 1), date(2027, 2, 1)),
        (date(2026, 11, 1), date(2027, 2, 2), date(2027, 2, 1)),  # wanting it later does not move the norm
        (None, date(2028, 1, 1), date(2028, 1, 1)),
    ],
)
def test_deadline(imposed_on: date | None, needed_by: date | None, deadline: date) -> None:
    measure = None if imposed_on is None else Measure("21", imposed_on)

    norm = Norm.of(a_request(child=a_child(measure=measure), needed_by=needed_by), TODAY)

    assert norm == Norm(TODAY, deadline, deadline)


def test_a_preventive_measure_sets_no_norm() -> None:
    preventive = a_child(measure=Measure("31", date(2026, 9, 1)))

    assert Norm.of(a_request(child=preventive), TODAY).deadline == date(2027, 2, 22)
    assert Norm.of(a_request(child=preventive, needed_by=day(9)), TODAY).deadline == day(9)


@pytest.mark.parametrize(
    ("deadline", "limit"),
    [
        (day(-200), day(7)),  # long past
        (day(-1), day(7)),
        (day(0), day(7)),
        (day(6), day(7)),
        (day(7), day(7)),
        (day(8), day(8)),
    ],
)
def test_limit(deadline: date, limit: date) -> None:
    norm = Norm.of(a_request(needed_by=deadline), TODAY)

    assert (norm.deadline, norm.limit) == (deadline, limit)


@pytest.mark.parametrize(
    ("observed_at", "observed"),
    [
        (datetime(2026, 11, 21, 22, 59, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 23, 0, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 0, 30, tzinfo=timezone(timedelta(hours=1))), date(2026, 11, 22)),
        (datetime(2026, 11, 21, 21, 30, tzinfo=timezone(-timedelta(hours=1))), date(2026, 11, 21)),
    ],
)
def test_a_report_is_of_its_date_in_the_netherlands(observed_at: datetime, observed: date) -> None:
    (result,) = outcome_of(an_offer(capacity=replace(a_report(), observed_at=observed_at))).results
    assert result.factors[FACTORS.index("age-of-report")] == (TODAY - observed).days


def test_a_report_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        outcome_of(an_offer(capacity=a_report(observed_at=datetime(2026, 11, 22))))  # noqa: DTZ001 -- that is refused


@pytest.mark.parametrize(
    ("age", "report", "places", "start"),
    [
        (0, {}, 1, 0),  # a place free: today
        (30, {}, 1, 0),  # 30 days is not stale yet
        (31, {}, 1, None),  # stale
        (31, {"wait_days_intake": 90}, 1, None),  # a stale wait says nothing either
        (0, {}, 2, None),  # two needed, one free
        (0, {"places_free": 2}, 2, 0),
        (0, {"places_free": 2, "waiting_count": 1}, 1, 0),  # one left beside those who wait
        (0, {"places_free": 1, "waiting_count": 1}, 1, None),  # none left
        (0, {"places_free": 0, "next_free_on": day(20)}, 1, 20),  # the next one that comes free
        (20, {"places_free": 0, "next_free_on": day(-20)}, 1, 0),  # and never before today
        (19, {"places_free": 0, "next_free_on": day(-20)}, 1, None),  # it had come free before the report
        (20, {"places_free": 1, "next_free_on": day(-20)}, 2, 0),
        (19, {"places_free": 1, "next_free_on": day(-20)}, 2, None),
        (0, {"places_free": 1, "waiting_count": None}, 1, 0),  # an unknown number who wait counts as none
        (0, {"places_free": 1, "next_free_on": day(20)}, 2, 20),  # one free and one to come
        (0, {"places_free": 0, "next_free_on": day(20)}, 2, None),  # one to come is one too few
        (0, {"places_free": 1, "next_free_on": day(20)}, 1, 0),  # free now goes first
        (0, {"places_free": 0, "waiting_count": 1, "next_free_on": day(20)}, 1, None),  # it is another's
        (0, {"wait_days_intake": 0}, 1, 0),  # no wait is a wait that is given
        (0, {"places_free": 0, "wait_days_treatment": 0}, 1, 0),
        (0, {"wait_days_intake": 14}, 1, 14),  # a given wait goes before a free place
        (0, {"wait_days_treatment": 60}, 1, 60),
        (0, {"wait_days_intake": 14, "wait_days_treatment": 60}, 1, 74),  # to the first real help
        (10, {"wait_days_intake": 14}, 1, 4),  # counted from the report
        (14, {"wait_days_intake": 14}, 1, 0),
        (20, {"wait_days_intake": 14}, 1, 0),  # and never before today
    ],
)
def test_expected_start(age: int, report: dict[str, Any], places: int, start: int | None) -> None:
    expected = None if start is None else day(start)

    offer = an_offer(capacity=a_report(age, **report))
    (result,) = outcome_of(offer, places=places).results
    assert (result.expected_start, result.reference_date) == (expected, expected or TODAY)


@pytest.mark.parametrize(
    ("report", "places", "start"),
    [
        ({"places_free": 0.5}, 1, 0),  # any hour is room, whatever the number of children
        ({"places_free": 0.5}, 3, 0),
        ({"places_free": 1.5, "waiting_count": 2}, 1, None),
        ({"places_free": 2, "waiting_count": 2}, 1, None),
        ({"places_free": 2, "waiting_count": 2, "next_free_on": day(20)}, 1, 20),
        ({"places_free": 2, "waiting_count": 2, "next_free_on": day(20)}, 3, 20),
        ({"places_free": 1.5, "waiting_count": 2, "next_free_on": day(20)}, 1, None),  # it is another's
        ({"places_free": 0, "next_free_on": day(-1)}, 3, None),  # it had come free before the report
        ({"places_free": 0, "wait_days_treatment": 14}, 3, 14),
    ],
)
def test_expected_start_of_hours_a_week(report: dict[str, Any], places: int, start: int | None) -> None:
    offer = an_offer(capacity=a_report(places_total=1, **report), unit="hours-per-week")

    (result,) = outcome_of(offer, places=places).results
    assert result.expected_start == (None if start is None else day(start))


def test_trajectories_are_compared_with_children() -> None:
    (result,) = outcome_of(an_offer(unit="trajectories"), places=2).results

    assert result.expected_start is None


def distance_to(offer: Offer, child: Child) -> float | None:
    (result,) = outcome_of(offer, child=child).results
    return result.distance_km


def test_distance() -> None:
    assert distance_to(an_offer(location=north(10)), CHILD) == pytest.approx(10, abs=1e-5)
    assert distance_to(an_offer(location=None), CHILD) is None
    assert distance_to(an_offer(), a_child(origin=None)) is None
    assert distance_to(an_offer(at_home=True), a_child(origin=None)) == 0
    assert distance_to(an_offer(at_home=True, location=north(10)), CHILD) == 0


@pytest.mark.parametrize(
    ("different", "covers"),
    [
        ({}, True),
        ({"regions": frozenset({"JZ03"})}, False),
        ({"regions": frozenset(), "municipalities": frozenset({"GM0361"})}, True),  # by municipality
        ({"regions": frozenset(), "municipalities": frozenset({"GM0363"})}, False),
        ({"regions": frozenset(), "kind": "national"}, False),  # no kind covers by itself
        ({"care_types": frozenset({"gezinshuis"})}, True),
        ({"care_types": frozenset({"logeren"})}, False),
        ({"care_types": frozenset()}, False),
        ({"starts_on": TODAY}, True),  # its first day
        ({"starts_on": day(1)}, False),
        ({"ends_on": TODAY}, True),  # its last day
        ({"ends_on": day(-1)}, False),
    ],
)
def test_what_a_contract_covers(different: dict[str, Any], covers: bool) -> None:
    outcome = outcome_of(an_offer(contracts=(a_contract(**different),)))

    assert [exclusion.reasons for exclusion in outcome.excluded] == ([] if covers else [("not-contracted",)])


FREE = a_contract()
REACHED = a_contract(ceiling_reached=True)
EXEMPTING = a_contract(ceiling_reached=True, ceiling_exempts_measure=True)


@pytest.mark.parametrize(
    ("contracts", "has_measure", "kind", "usable"),
    [
        ((), False, None, False),
        ((FREE,), False, "regional", True),
        ((REACHED,), True, "regional", False),
        ((EXEMPTING,), False, "regional", False),  # it exempts only a child with a measure
        ((EXEMPTING,), True, "regional", True),
        ((REACHED, replace(FREE, kind="light")), False, "light", True),  # one with room goes first
        ((replace(REACHED, kind="light"), REACHED), False, "regional", False),  # the best of those without
        ((replace(FREE, kind="national"), replace(FREE, kind="supraregional")), False, "supraregional", True),
        ((replace(FREE, kind="light"), replace(FREE, kind="national")), False, "national", True),
        ((replace(FREE, kind="supraregional"), FREE), False, "regional", True),
        ((replace(FREE, ends_on=day(-1)), REACHED), False, "regional", False),  # a past one does not count
    ],
)
def test_the_best_contract(contracts: tuple[Contract, ...], has_measure: bool, kind: str | None, usable: bool) -> None:
    child = a_child(measure=MEASURE if has_measure else None)

    outcome = outcome_of(an_offer(contracts=contracts), child=child)
    (standing,) = outcome.results or outcome.excluded
    assert (standing.contract, bool(outcome.results)) == (kind, usable)


@pytest.mark.parametrize(
    ("choices", "number"),
    [
        ((Choice("gezinshuis"),), 1),
        ((Choice("logeren"),), 0),
        ((Choice("logeren"), Choice("gezinshuis")), 2),
        ((Choice("gezinshuis"), Choice("gezinshuis", offer_id="a")), 1),  # the first that fits
        ((Choice("gezinshuis", offer_id="b"), Choice("gezinshuis", offer_id="a")), 2),
        ((Choice("gezinshuis", provider_id="p2"), Choice("gezinshuis", provider_id="p1")), 2),
        ((Choice("gezinshuis", offer_id="a", provider_id="p2"),), 0),  # both have to fit
        ((Choice("logeren", offer_id="a"),), 0),  # a named offer of another care type
    ],
)
def test_the_choice_of_an_offer(choices: tuple[Choice, ...], number: int) -> None:
    assert choice_of(an_offer("a"), choices) == number
