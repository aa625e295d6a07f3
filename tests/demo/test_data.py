"""The demo data set, without a database: the same every time, whole, and true to the reference lists."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.demo.capacity_reports import Habit, reports
from app.demo.data import DemoData, demo_data
from app.demo.profiles import PROFILES
from app.demo.rows import Offer, Report
from app.domain.dates import dutch_day, dutch_midnight
from app.domain.identifiers import (
    AgbCode,
    KvkNumber,
    MunicipalityCode,
    Pc4,
    RegionCode,
)
from app.notifying.contacts.schemas import ContactIn
from app.reference.lists import reference

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def data() -> DemoData:
    return demo_data(TODAY)


@pytest.fixture(scope="module")
def newest(data: DemoData) -> dict[Any, Report | None]:
    """The report that stands for each offer."""
    return {habit.offer_id: max(reports(habit, None, TODAY), key=_observed, default=None) for habit in data.habits}


def _observed(report: Report) -> datetime:
    return report.observed_at


def test_is_the_same_every_time(data: DemoData) -> None:
    assert demo_data(TODAY) == data
    assert [list(reports(habit, None, TODAY)) for habit in data.habits[:50]] == [
        list(reports(habit, None, TODAY)) for habit in demo_data(TODAY).habits[:50]
    ]


def test_only_contracts_and_stops_move_with_the_day(data: DemoData) -> None:
    later = demo_data(date(2031, 2, 28))
    assert later.offers == data.offers
    assert later.habits == data.habits
    assert {contract.id for contract in later.contracts} == {contract.id for contract in data.contracts}
    assert later.contracts != data.contracts
    assert later.stops != data.stops


@pytest.mark.parametrize("today", [TODAY, date(2027, 1, 1), date(2028, 2, 29), date(2026, 12, 31), date(2027, 3, 31)])
def test_has_every_kind_of_contract_and_stop_on_any_day(today: date) -> None:
    data = demo_data(today)
    assert {contract.kind for contract in data.contracts} == {"regional", "supraregional", "national", "light"}
    assert any(contract.valid_to is not None and contract.valid_to < today for contract in data.contracts)
    assert any(contract.valid_from > today for contract in data.contracts)
    reached = {contract.ceiling_exempts_measure for contract in data.contracts if contract.ceiling_reached}
    assert reached == {True, False}
    assert {stop.imposed_by for stop in data.stops} == {"provider", "region", "inspectorate"}
    assert any(stop.ends_on is not None and stop.ends_on < today for stop in data.stops)
    assert any(stop.starts_on <= today and (stop.ends_on is None or stop.ends_on >= today) for stop in data.stops)
    assert any(stop.starts_on > today for stop in data.stops)
    assert {(stop.location_id is not None, stop.offer_id is not None) for stop in data.stops} == {
        (False, False),
        (True, False),
        (False, True),
    }


def test_is_as_large_as_it_should_be(data: DemoData) -> None:
    assert len(data.providers) == 120
    assert 1400 <= len(data.offers) <= 1600
    assert len(data.organisations) == 18
    assert len(data.clients) == 13
    assert len({client.organisation_id for client in data.clients}) == 12


def test_who_keeps_or_arranges_something_can_be_reached(data: DemoData) -> None:
    roles = {each.id: each.role for each in data.organisations}
    assert {each.role for each in data.contacts} == {"gi", "local-team", "region", "supraregion"}
    for each in data.contacts:
        assert roles[each.organisation_id] == each.role
        given = {"teams": each.teams, "municipalities": each.municipalities, "openingHours": each.opening_hours}
        ContactIn.model_validate({"name": each.name, "phone": each.phone, "email": each.email, **given})


def test_covers_every_care_type_in_every_region(data: DemoData) -> None:
    lists = reference()
    assert PROFILES.keys() == lists.care_types.keys()
    assert {offer.care_type for offer in data.offers} == lists.care_types.keys()
    where = {location.id: location.municipality_code for location in data.locations}
    assert {lists.municipalities[where[offer.location_id]].region for offer in data.offers} == lists.regions.keys()
    offered: dict[Any, set[str]] = {}
    for offer in data.offers:
        offered.setdefault(offer.provider_id, set()).add(offer.care_type)
    bought: dict[str, set[str]] = {region: set() for region in lists.regions}
    for contract in data.contracts:
        if contract.valid_from <= TODAY <= (contract.valid_to or TODAY):
            for region in contract.regions:
                covered = offered[contract.provider_id]
                bought[region] |= covered & set(contract.care_types) if contract.care_types else covered
    missing = [(region, code) for region in bought for code in lists.care_types.keys() - bought[region]]
    assert missing == []


@pytest.mark.parametrize("rows", ["providers", "locations", "offers", "contracts", "stops", "organisations", "clients"])
def test_has_no_id_twice(data: DemoData, rows: str) -> None:
    counts = Counter(row.id for row in getattr(data, rows))
    assert max(counts.values()) == 1


def test_names_nobody_real(data: DemoData) -> None:
    assert len({provider.name for provider in data.providers}) == len(data.providers)
    for provider in data.providers:
        assert provider.name.startswith("Demo ")
        assert provider.website.endswith(".example.org")
        assert provider.email.endswith(".example.org")
        assert provider.phone.startswith("088-0000")
        assert AgbCode.parse(provider.agb_code)
        assert KvkNumber.parse(provider.kvk_number)


def test_locations_are_where_their_postcode_is(data: DemoData) -> None:
    for location in data.locations:
        area = reference().postcodes[Pc4.parse(location.postcode)]
        assert (area.municipality, area.city) == (MunicipalityCode.parse(location.municipality_code), location.city)
        assert (area.point.latitude, area.point.longitude) == (location.latitude, location.longitude)


def test_offers_hold_to_the_lists(data: DemoData) -> None:
    lists = reference()
    places = {location.id: location for location in data.locations}
    for offer in data.offers:
        care_type = lists.care_types[offer.care_type]
        assert places[offer.location_id].provider_id == offer.provider_id
        assert 0 <= offer.age_min <= offer.age_max <= 23
        assert set(offer.genders) <= {"female", "male", "other"}
        assert set(offer.specialisations) <= lists.specialisations.keys()
        assert set(offer.exclusion_criteria) <= lists.exclusion_criteria.keys()
        assert {lists.product_codes[code].category_code for code in offer.product_codes} <= set(
            care_type.category_codes
        )
        assert offer.needs_court_authorisation == care_type.needs_court_authorisation
        assert not (offer.at_home and care_type.residential)
        assert offer.unit == "places" or not care_type.residential
        assert set(offer.service_area or []) <= lists.municipalities.keys()


def test_contracts_and_stops_hold_to_the_lists(data: DemoData) -> None:
    lists = reference()
    for contract in data.contracts:
        assert {RegionCode.parse(code) for code in contract.regions} <= lists.regions.keys()
        assert set(contract.municipalities) <= lists.municipalities.keys()
        assert contract.regions or contract.municipalities
        assert set(contract.care_types or []) <= lists.care_types.keys()
        assert set(contract.product_codes) <= lists.product_codes.keys()
        assert contract.valid_to is None or contract.valid_from <= contract.valid_to
    for stop in data.stops:
        assert (stop.imposed_by == "region") == (stop.region_code is not None)
        assert stop.ends_on is None or stop.starts_on <= stop.ends_on


@pytest.mark.parametrize("later", [0, 1, 6, 7, 29, 30, 61])
def test_reports_are_fresh_ageing_stale_and_missing_on_any_day(data: DemoData, later: int) -> None:
    today = TODAY + timedelta(days=later)
    ages = Counter[str]()
    for habit in data.habits:
        last = max((dutch_day(report.observed_at) for report in reports(habit, None, today)), default=None)
        ages["missing" if last is None else _band((today - last).days)] += 1
    shares = {band: count / len(data.habits) for band, count in ages.items()}
    assert shares == {
        "fresh": pytest.approx(0.60, abs=0.05),  # 55% and the 5% that take no referrals
        "ageing": pytest.approx(0.20, abs=0.04),
        "stale": pytest.approx(0.12, abs=0.04),
        "missing": pytest.approx(0.08, abs=0.03),
    }


def _band(age: int) -> str:
    assert 0 <= age <= 90
    return "fresh" if age <= 7 else "ageing" if age <= 30 else "stale"


@pytest.mark.parametrize(
    "holds",
    [
        pytest.param(lambda r: r.places_free > 0, id="free places"),
        pytest.param(lambda r: r.next_free_on is not None, id="a next free date"),
        pytest.param(lambda r: r.wait_days_intake is not None, id="a wait in days"),
        pytest.param(lambda r: r.waiting_count > 0 and r.wait_days_intake is None, id="a waiting list alone"),
        pytest.param(lambda r: not (r.places_free or r.waiting_count or r.next_free_on), id="full, nothing known"),
        pytest.param(lambda r: not r.accepts_referrals, id="no referrals"),
        pytest.param(lambda r: r.places_total is None, id="no total"),
        pytest.param(lambda r: r.confirmation, id="confirmed as unchanged"),
        pytest.param(lambda r: r.note is not None, id="a note"),
    ],
)
def test_reports_say_all_sorts_of_things(newest: dict[Any, Report | None], holds: Callable[[Report], bool]) -> None:
    assert sum(report is not None and holds(report) for report in newest.values()) > 10


def test_reports_add_up(data: DemoData) -> None:
    now = dutch_midnight(TODAY)
    for habit in data.habits:
        for report in reports(habit, None, TODAY):
            taken = (report.places_occupied or 0) + (report.places_reserved or 0) + report.places_free
            assert report.places_total is None or taken <= report.places_total
            assert min(taken, report.waiting_count) >= 0
            assert report.observed_at <= now


@pytest.mark.parametrize("days", [1, 5, 40])
def test_a_later_day_goes_on_with_the_same_history(data: DemoData, days: int) -> None:
    later = TODAY + timedelta(days=days)
    for habit in data.habits:
        first = list(reports(habit, None, TODAY))
        if first:
            added = list(reports(habit, dutch_day(first[-1].observed_at), later))
            assert _since(first, later) + added == list(reports(habit, None, later)) or not first


def _since(history: list[Report], today: date) -> list[Report]:
    return [report for report in history if (today - dutch_day(report.observed_at)).days <= 91]


def test_what_demo_clients_own_is_plain_and_fresh(data: DemoData) -> None:
    own = {each.provider_id for each in data.organisations if each.provider_id}
    assert len(own) == 2
    habits: dict[Any, Habit] = {habit.offer_id: habit for habit in data.habits}
    offers: list[Offer] = [offer for offer in data.offers if offer.provider_id in own]
    assert len(offers) >= 15
    for offer in offers:
        assert habits[offer.id].state == "fresh"
        assert offer.genders == ["female", "male", "other"]
        assert offer.exclusion_criteria == []
