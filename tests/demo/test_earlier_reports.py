"""The capacity reports of the two years before the last weeks: each month has figures, and what stands stays so."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from app.demo.actions import target_of
from app.demo.capacity_reports import HISTORY_DAYS, MISSING, reports
from app.demo.data import DemoData, demo_data
from app.demo.earlier_reports import earlier_reports
from app.demo.rows import Report
from app.domain.dates import add_months, dutch_day, dutch_midnight
from app.reference.lists import reference

TODAY = date(2026, 11, 22)
STALE_DAYS = 30


@pytest.fixture(scope="module")
def data() -> DemoData:
    return demo_data(TODAY)


@pytest.fixture(scope="module")
def earlier(data: DemoData) -> dict[str, list[Report]]:
    """The earlier reports of each offer, by its id."""
    return {str(habit.offer_id): list(earlier_reports(habit, TODAY)) for habit in data.habits}


def test_are_the_same_every_time(earlier: dict[str, list[Report]]) -> None:
    again = demo_data(TODAY)
    for habit in again.habits:
        assert list(earlier_reports(habit, TODAY)) == earlier[str(habit.offer_id)]


def test_end_where_the_others_begin(data: DemoData, earlier: dict[str, list[Report]]) -> None:
    begin = dutch_midnight(TODAY - timedelta(days=HISTORY_DAYS))
    for habit in data.habits:
        own = earlier[str(habit.offer_id)]
        assert [each.observed_at for each in own] == sorted(each.observed_at for each in own)
        assert bool(own) == (habit.early and habit.state != MISSING)
        assert all(each.observed_at < begin for each in own)
        assert all(each.observed_at >= begin for each in reports(habit, None, TODAY))


def _standing(reported: Sequence[Report], day: date) -> Report | None:
    """The report that stands when a day ends, where it is not stale."""
    known = [each for each in reported if dutch_day(each.observed_at) <= day]
    fresh = known and (day - dutch_day(known[-1].observed_at)).days <= STALE_DAYS
    return known[-1] if fresh else None


@pytest.mark.parametrize("months", range(4, 25))
def test_every_month_ends_with_figures(earlier: dict[str, list[Report]], months: int) -> None:
    day = add_months(TODAY.replace(day=1), 1 - months) - timedelta(days=1)
    standing = [_standing(each, day) is not None for each in earlier.values() if each]
    assert 0.85 * len(standing) < sum(standing) < len(standing)


def test_add_up(earlier: dict[str, list[Report]]) -> None:
    for own in earlier.values():
        for report in own:
            taken = (report.places_occupied or 0) + (report.places_reserved or 0) + report.places_free
            assert report.places_total is None or taken <= report.places_total
            assert min(taken, report.waiting_count) >= 0


def _places(data: DemoData, earlier: dict[str, list[Report]], care_type: str, day: date) -> float:
    """The places of a care type in Noord-Holland."""
    lists = reference()
    here = lists.supraregions["noord-holland"].regions
    where = {place.id: lists.municipalities[place.municipality_code].region for place in data.locations}
    offered = [each for each in data.offers if each.care_type == care_type and where[each.location_id] in here]
    standing = [_standing(earlier[str(each.id)], day) for each in offered]
    return sum(each.places_total or 0 for each in standing if each is not None)


def test_secure_places_go_down_along_the_target_line(data: DemoData, earlier: dict[str, list[Report]]) -> None:
    days = [add_months(TODAY, -months) for months in (24, 18, 12, 6)]
    places = [_places(data, earlier, "jeugdzorgplus", day) for day in days]
    assert places == sorted(places, reverse=True)
    assert places[0] > places[1] > places[2] > places[3]
    [target] = [each["places"] for each in target_of(TODAY)["points"] if each["on"] == days[2].isoformat()]
    assert target <= places[2] <= 1.25 * target
    small = [_places(data, earlier, "kleinschalige-woonvorm", day) for day in days]
    assert small[0] < small[2] < small[3]
