"""The norm clocks at their boundaries."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dossiers.requests.clock_model import LIGHTS, Agreed, Clock, Facts
from app.dossiers.requests.clocks import clocks, norm_changes, worst

MONDAY = date(2026, 10, 12)
"""When the measure was imposed, unless said."""

FACTS = Facts(requested_on=MONDAY, imposed_on=MONDAY)
AGREED = Agreed(contact_local_team_days=14, expert_team_days=42)
NOBODY = Agreed()


def _clock(name: str, facts: Facts, today: str, agreed: Agreed = AGREED) -> Clock:
    return next(each for each in clocks(facts, agreed, date.fromisoformat(today)) if each.name == name)


@pytest.mark.parametrize(
    ("name", "today", "light"),
    [
        # five working days: Tuesday 13 to Monday 19; amber on the fourth, as three quarters of five is 3.75
        ("protection-worker", "2026-10-12", "green"),
        ("protection-worker", "2026-10-15", "green"),
        ("protection-worker", "2026-10-16", "amber"),
        ("protection-worker", "2026-10-18", "amber"),  # the weekend takes no time
        ("protection-worker", "2026-10-19", "amber"),  # the last day is in time
        ("protection-worker", "2026-10-20", "red"),
        # six weeks: 42 days, amber after 31.5 of them
        ("course", "2026-10-12", "green"),
        ("course", "2026-11-12", "green"),
        ("course", "2026-11-13", "amber"),
        ("course", "2026-11-23", "amber"),
        ("course", "2026-11-24", "red"),
        # three months: 92 days, amber after 69 of them
        ("help", "2026-12-19", "green"),
        ("help", "2026-12-20", "amber"),
        ("help", "2027-01-12", "amber"),
        ("help", "2027-01-13", "red"),
        # two weeks, amber after 10.5 days
        ("local-team", "2026-10-22", "green"),
        ("local-team", "2026-10-23", "amber"),
        ("local-team", "2026-10-26", "amber"),
        ("local-team", "2026-10-27", "red"),
        # six weeks
        ("expert-team", "2026-11-12", "green"),
        ("expert-team", "2026-11-13", "amber"),
        ("expert-team", "2026-11-23", "amber"),
        ("expert-team", "2026-11-24", "red"),
    ],
)
def test_turns_on_its_day(name: str, today: str, light: str) -> None:
    assert _clock(name, FACTS, today).light == light


@pytest.mark.parametrize(
    ("name", "imposed_on", "due_on"),
    [
        ("protection-worker", "2026-12-23", "2026-12-31"),  # both Christmas days and a weekend between
        ("protection-worker", "2026-04-30", "2026-05-08"),  # Liberation Day and a weekend between
        ("protection-worker", "2026-10-17", "2026-10-23"),  # imposed on a Saturday
        ("course", "2026-12-23", "2027-02-03"),
        ("help", "2026-11-30", "2027-02-28"),  # no 30th of February
        ("help", "2027-11-30", "2028-02-29"),
        ("help", "2026-10-31", "2027-01-31"),
        ("help", "2026-08-31", "2026-11-30"),
    ],
)
def test_is_due_on_the_day_of_its_norm(name: str, imposed_on: str, due_on: str) -> None:
    facts = replace(FACTS, imposed_on=date.fromisoformat(imposed_on))
    assert _clock(name, facts, "2027-01-01").due_on == date.fromisoformat(due_on)


@pytest.mark.parametrize(
    ("needed_by", "due_on", "amber_from"),
    [
        ("2027-06-01", "2027-01-12", "2026-12-20"),  # later than the norm: the norm
        ("2026-11-09", "2026-11-09", "2026-11-02"),  # 28 days, amber after 21
        ("2026-10-12", "2026-10-12", "2026-10-12"),  # at once
        ("2026-10-01", "2026-10-01", "2026-10-01"),  # before the measure: overdue from the start
    ],
)
def test_help_is_due_by_the_earlier_of_norm_and_need(needed_by: str, due_on: str, amber_from: str) -> None:
    clock = _clock("help", replace(FACTS, needed_by=date.fromisoformat(needed_by)), "2026-10-12")
    assert (clock.due_on, clock.amber_from) == (date.fromisoformat(due_on), date.fromisoformat(amber_from))
    assert (clock.light == "red") is (clock.due_on < MONDAY)


@pytest.mark.parametrize(("days", "on_time"), [(0, True), (42, True), (43, False), (300, False)])
def test_done_says_whether_it_was_in_time(days: int, on_time: bool) -> None:
    clock = _clock("course", replace(FACTS, course_on=MONDAY + timedelta(days=days)), "2028-01-01")
    assert (clock.light, clock.on_time) == ("done", on_time)
    assert _clock("course", FACTS, "2028-01-01").on_time is None


@pytest.mark.parametrize(
    ("agreed", "names"),
    [
        (NOBODY, ["protection-worker", "course", "help"]),
        (Agreed(contact_local_team_days=14), ["protection-worker", "course", "help", "local-team"]),
        (Agreed(expert_team_days=42), ["protection-worker", "course", "help", "expert-team"]),
        (AGREED, ["protection-worker", "course", "help", "local-team", "expert-team"]),
    ],
)
def test_regional_agreements_count_only_where_the_region_has_them(agreed: Agreed, names: list[str]) -> None:
    assert [each.name for each in clocks(FACTS, agreed, MONDAY)] == names


UNMEASURED = replace(FACTS, imposed_on=None, requested_on=MONDAY + timedelta(days=3))
PREVENTIVE = replace(FACTS, is_preventive=True, requested_on=MONDAY + timedelta(days=3))


@pytest.mark.parametrize("facts", [UNMEASURED, PREVENTIVE], ids=["no measure", "a preventive one"])
def test_without_a_measure_there_are_no_norms_and_terms_only_where_the_region_says_so(facts: Facts) -> None:
    assert clocks(facts, AGREED, MONDAY) == []
    assert worst([], facts) is None
    assert norm_changes(facts) == (None, None)
    agreed = replace(AGREED, also_without_measure=True)
    assert [each.name for each in clocks(facts, agreed, MONDAY)] == ["local-team", "expert-team"]
    assert clocks(facts, Agreed(also_without_measure=True), MONDAY) == []


@pytest.mark.parametrize(
    ("name", "facts", "starts_on", "starts_from"),
    [
        # the worker: from when the institution knew, or else from the judge's word
        ("protection-worker", {"informed_on": "2026-10-15"}, "2026-10-15", "informedOn"),
        ("protection-worker", {"started_on": "2026-10-15"}, "2026-10-12", "imposedOn"),
        # the course and the help: from the judge's word, whatever else is known
        ("course", {"informed_on": "2026-10-15", "started_on": "2026-10-16"}, "2026-10-12", "imposedOn"),
        ("help", {"informed_on": "2026-10-15", "started_on": "2026-10-16"}, "2026-10-12", "imposedOn"),
        ("help", {"needed_again_on": "2026-11-02"}, "2026-11-02", "neededAgainOn"),
        ("help", {"needed_again_on": "2026-10-01"}, "2026-10-12", "imposedOn"),  # a measure came after it
        ("local-team", {"started_on": "2026-10-16"}, "2026-10-12", "requestedOn"),
        ("local-team", {"needed_again_on": "2026-11-02"}, "2026-11-02", "neededAgainOn"),
        # the six weeks of the region: from the execution, or else the judge's word, or else the request
        ("expert-team", {"informed_on": "2026-10-15"}, "2026-10-12", "imposedOn"),
        ("expert-team", {"started_on": "2026-10-16"}, "2026-10-16", "startedOn"),
        ("expert-team", {"started_on": "2026-10-16", "is_preventive": True}, "2026-10-16", "startedOn"),
        ("expert-team", {"is_preventive": True, "requested_on": "2026-10-20"}, "2026-10-12", "imposedOn"),
        ("expert-team", {"imposed_on": None, "requested_on": "2026-10-20"}, "2026-10-20", "requestedOn"),
        ("expert-team", {"imposed_on": None, "needed_again_on": "2026-11-02"}, "2026-11-02", "neededAgainOn"),
    ],
)
def test_says_from_which_day_it_counts(name: str, facts: dict[str, Any], starts_on: str, starts_from: str) -> None:
    changed: dict[str, Any] = {
        key: date.fromisoformat(day) if isinstance(day, str) else day for key, day in facts.items()
    }
    clock = _clock(name, replace(FACTS, **changed), "2026-11-22", replace(AGREED, also_without_measure=True))
    assert (clock.starts_on.isoformat(), clock.starts_from) == (starts_on, starts_from)


LATER = MONDAY + timedelta(days=20)


@pytest.mark.parametrize(
    ("name", "change", "done_on"),
    [
        ("local-team", {"local_team_on": LATER}, LATER),
        ("local-team", {"placed_on": LATER}, LATER),  # help could be arranged
        ("local-team", {"help_on": LATER}, LATER),
        ("local-team", {"local_team_on": LATER, "help_on": MONDAY}, MONDAY),  # the first of them
        ("local-team", {"expert_team_on": LATER}, None),  # an escalation to it says local_team_on too
        ("expert-team", {"expert_team_on": LATER}, LATER),
        ("expert-team", {"help_on": LATER}, LATER),
        ("expert-team", {"placed_on": LATER}, None),  # a place is no help yet
        ("expert-team", {"local_team_on": LATER}, None),
        ("help", {"placed_on": LATER}, None),
        ("protection-worker", {"help_on": LATER}, None),
        ("course", {"help_on": LATER}, None),
    ],
)
def test_is_ended_by_what_it_asks_for(name: str, change: dict[str, Any], done_on: date | None) -> None:
    assert _clock(name, replace(FACTS, **change), "2026-12-01").done_on == done_on


def test_the_local_team_is_counted_from_the_request() -> None:
    facts = replace(FACTS, requested_on=MONDAY + timedelta(days=30))
    clock = _clock("local-team", facts, "2026-12-01")
    assert (clock.starts_on, clock.due_on) == (date(2026, 11, 11), date(2026, 11, 25))


def test_of_a_closed_request_they_stand_as_on_its_last_day() -> None:
    facts = replace(FACTS, closed_on=date(2026, 11, 13))
    later = clocks(facts, AGREED, date(2029, 1, 1))
    assert later == clocks(replace(facts, closed_on=None), AGREED, date(2026, 11, 13))
    assert worst(later, facts) is None
    assert norm_changes(facts) == (None, None)


MAYBE_DAY = st.none() | st.dates(date(2025, 6, 1), date(2027, 6, 1))
ANY_FACTS = st.builds(
    Facts,
    requested_on=st.dates(date(2025, 6, 1), date(2027, 6, 1)),
    imposed_on=MAYBE_DAY,
    informed_on=MAYBE_DAY,
    started_on=MAYBE_DAY,
    is_preventive=st.booleans(),
    needed_again_on=MAYBE_DAY,
    needed_by=MAYBE_DAY,
    protection_worker_on=MAYBE_DAY,
    course_on=MAYBE_DAY,
    placed_on=MAYBE_DAY,
    help_on=MAYBE_DAY,
    local_team_on=MAYBE_DAY,
    expert_team_on=MAYBE_DAY,
    authorised_until=MAYBE_DAY,
    secure_since=MAYBE_DAY,
    secure_left_on=MAYBE_DAY,
    next_place_on=MAYBE_DAY,
    closed_on=MAYBE_DAY,
)
ANY_AGREED = st.builds(
    Agreed,
    contact_local_team_days=st.none() | st.integers(1, 365),
    expert_team_days=st.none() | st.integers(1, 365),
    also_without_measure=st.booleans(),
)
TODAYS = st.dates(date(2025, 6, 1), date(2027, 6, 1))


@given(facts=ANY_FACTS, agreed=ANY_AGREED, today=TODAYS)
def test_the_light_is_the_worst_of_the_clocks(facts: Facts, agreed: Agreed, today: date) -> None:
    found = clocks(facts, agreed, today)
    light = worst(found, facts)
    if facts.closed_on is not None or not found:
        assert light is None
    else:
        assert light is not None
        assert all(LIGHTS.index(each.light) <= LIGHTS.index(light) for each in found)
        assert light in [each.light for each in found]


@given(facts=ANY_FACTS, agreed=ANY_AGREED, today=TODAYS)
def test_a_clock_that_runs_only_gets_worse(facts: Facts, agreed: Agreed, today: date) -> None:
    before, after = (clocks(facts, agreed, day) for day in (today, today + timedelta(days=1)))
    for one, other in zip(before, after, strict=True):
        assert LIGHTS.index(other.light) - LIGHTS.index(one.light) in {0, 1, 2}
        assert one.amber_from <= one.due_on


@given(facts=ANY_FACTS, today=TODAYS)
def test_the_norm_changes_on_the_days_that_it_says(facts: Facts, today: date) -> None:
    amber_from, red_from = norm_changes(facts)
    norms = [each for each in clocks(facts, NOBODY, today) if each.norm == "inspectorates"]
    light = worst(norms, facts)
    assert (light == "red") is (red_from is not None and red_from <= today)
    assert (light in {"amber", "red"}) is (amber_from is not None and amber_from <= today)
