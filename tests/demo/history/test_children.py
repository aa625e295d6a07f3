"""The children of the past, without a database: the same every time, and as many as are meant."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.demo.history.children import PAST_DAYS, SPAN_DAYS, children
from app.demo.history.institutions import INSTITUTIONS, organisations
from app.demo.history.kinds import KINDS, NEXT_PLACES
from app.domain.dates import whole_years
from app.reference.lists import reference

TODAY = date(2026, 11, 22)


def test_are_the_same_every_time() -> None:
    assert list(children(TODAY)) == list(children(TODAY))


def test_move_along_with_the_day() -> None:
    """On another day they are the same children, asked for as long ago, whose ages were the same."""
    day = date(2028, 2, 29)
    for one, other in zip(children(TODAY), children(day), strict=True):
        assert other.asked_on - one.asked_on == day - TODAY
        back = replace(other, birth_month=one.birth_month, asked_on=one.asked_on, imposed_on=one.imposed_on)
        assert back == one


def test_are_of_the_regions_that_the_demo_is_about() -> None:
    counts = Counter(each.region for each in children(TODAY))
    assert 300 <= counts.total() <= 500
    assert [region for region, _ in counts.most_common(3)] == ["JZ03", "JZ06", "JZ05"]
    assert counts.keys() == set(reference().supraregions["noord-holland"].regions)
    assert min(counts.values()) >= 10


def test_hold_to_the_lists() -> None:
    lists = reference()
    assert sum(kind.share for kind in KINDS) == 100
    for kind in KINDS:
        named = {*kind.choices, *kind.stand_ins, *kind.bridges, *NEXT_PLACES}
        assert named <= lists.care_types.keys()
        assert set(kind.measures) <= lists.measures.keys()
    for child in children(TODAY):
        assert lists.municipalities[child.municipality].region == child.region
        assert set(child.needs) <= lists.specialisations.keys()
        assert set(child.characteristics) <= lists.exclusion_criteria.keys()
        assert 0 <= whole_years(child.birth_month, child.asked_on) < 18
        assert 1 <= (TODAY - child.asked_on).days <= SPAN_DAYS


@pytest.mark.parametrize("region", ["JZ03", "JZ05", "JZ06"])
def test_have_every_kind_of_need_in_the_larger_regions(region: str) -> None:
    assert {each.kind for each in children(TODAY) if each.region == region} == set(KINDS)


def test_a_client_keeps_only_what_is_long_past() -> None:
    own = [each for each in children(TODAY) if each.institution.only_past]
    assert 5 <= len(own) <= 25
    assert max(each.asked_on for each in own) <= TODAY - timedelta(days=PAST_DAYS)


def test_the_institutions_are_nobody_real() -> None:
    assert all(each.name.startswith("Demo ") for each in organisations())
    assert {each.role for each in organisations()} == {"gi", "local-team"}
    assert len({each.id for each in organisations()}) == len(INSTITUTIONS) - 1


def test_a_team_has_no_secure_care_and_hardly_any_measure() -> None:
    teams = [each for each in children(TODAY) if each.institution.is_team]
    assert len(teams) > 30
    assert {each.measure for each in teams} == {None, "31"}
    assert not any(each.kind.is_secure for each in teams)
