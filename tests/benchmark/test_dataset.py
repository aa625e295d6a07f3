"""The data set without a database: the same every time, whole, and true to the reference lists."""

from collections import Counter
from datetime import date
from itertools import chain
from typing import Any

import pytest

from app.reference.lists import reference
from scripts.benchmark.dataset import batches, fingerprint
from scripts.benchmark.grounds import STEADY_OFFERS, area
from scripts.benchmark.providers import provider
from scripts.benchmark.rows import COLUMNS, Record

TODAY = date(2026, 11, 22)
SIZE = 6_000

Tables = dict[str, list[Record]]


def _tables(size: int, today: date = TODAY) -> Tables:
    made = list(batches(size, today))
    return {table: list(chain.from_iterable(rows.tables[table] for rows in made)) for table in COLUMNS}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return _tables(SIZE)


def _column(tables: Tables, table: str, name: str) -> list[Any]:
    index = COLUMNS[table].index(name)
    return [row[index] for row in tables[table]]


def test_is_the_same_every_time(tables: Tables) -> None:
    assert _tables(SIZE) == tables


def test_a_small_one_is_the_start_of_a_large_one(tables: Tables) -> None:
    small = _tables(1_000)
    for table, rows in small.items():
        assert rows == tables[table][: len(rows)]


def test_has_the_numbers_that_it_should(tables: Tables) -> None:
    assert len(tables["offers"]) == SIZE
    assert len(tables["providers"]) == SIZE // 10
    assert len(tables["contracts"]) == SIZE * 5 // 2


@pytest.mark.parametrize("table", ["providers", "locations", "offers", "contracts", "placement_stops"])
def test_has_no_id_twice(tables: Tables, table: str) -> None:
    assert max(Counter(_column(tables, table, "id")).values()) == 1


def test_moves_with_the_day_in_dates_only(tables: Tables) -> None:
    later = _tables(SIZE, date(2028, 2, 29))
    assert later["offers"] == tables["offers"]
    assert later["contracts"] != tables["contracts"]
    assert later["capacity_reports"] != tables["capacity_reports"]


def test_has_offers_of_every_kind(tables: Tables) -> None:
    lists = reference()
    assert set(_column(tables, "offers", "care_type")) == lists.care_types.keys()
    assert set(chain.from_iterable(_column(tables, "offers", "specialisations"))) <= lists.specialisations.keys()
    assert set(chain.from_iterable(_column(tables, "offers", "exclusion_criteria"))) <= lists.exclusion_criteria.keys()
    assert {True, False} == set(_column(tables, "offers", "at_home"))
    assert None in _column(tables, "offers", "location_id")
    assert any(_column(tables, "offers", "service_area"))


def test_has_contracts_and_stops_of_every_kind(tables: Tables) -> None:
    assert set(_column(tables, "contracts", "kind")) == {"regional", "supraregional", "national", "light"}
    assert any(to is not None and to < TODAY for to in _column(tables, "contracts", "valid_to"))
    assert any(since > TODAY for since in _column(tables, "contracts", "valid_from"))
    ceilings = zip(
        _column(tables, "contracts", "ceiling_reached"),
        _column(tables, "contracts", "ceiling_exempts_measure"),
        strict=True,
    )
    assert set(ceilings) == {(False, False), (True, False), (True, True)}
    assert set(_column(tables, "placement_stops", "imposed_by")) == {"provider", "region", "inspectorate"}


def test_reports_are_of_every_age(tables: Tables) -> None:
    ages = {(TODAY - observed.date()).days for observed in _column(tables, "capacity_reports", "observed_at")}
    assert min(ages) == 0
    assert max(ages) > 30
    reported = set(_column(tables, "capacity_reports", "offer_id"))
    assert 0.85 < len(reported) / SIZE < 0.97


def test_the_grounds_share_no_region_and_no_supraregion() -> None:
    lists = reference()
    steady, growing = area("steady"), area("growing")
    assert {*steady.regions, *growing.regions} == lists.regions.keys()
    assert not set(steady.regions) & set(growing.regions)
    together, others = (
        {each for code in ground.regions for each in lists.regions[code].supraregions} for ground in (steady, growing)
    )
    assert together
    assert others
    assert not together & others


def test_no_provider_works_on_both_grounds() -> None:
    for number in range(SIZE // 10):
        plan = provider(number)
        assert plan.ground == ("steady" if number < STEADY_OFFERS // 10 else "growing")
        assert set(plan.served) <= set(plan.area.regions)


def test_its_fingerprint_tells_size_and_day() -> None:
    known = {fingerprint(6_000, TODAY), fingerprint(60_000, TODAY), fingerprint(6_000, date(2026, 11, 23))}
    assert len(known) == 3
    assert fingerprint(6_000, TODAY) in known
