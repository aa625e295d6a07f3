"""What is read at once is what is read cell by cell; what is completed at once is what each rule lets by."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.kit.files.records import Record, trimmed
from app.kit.files.tables import Heading, read_heading
from app.supply.capacity.figures import UNKNOWN
from app.supply.capacity_reports.columns import LAYOUT
from app.supply.capacity_reports.lines import read_cells, read_line
from app.supply.capacity_reports.merge import Change, complete_one, complete_plain
from app.supply.capacity_reports.plain_lines import read_plain
from app.supply.capacity_reports.repository import Standing
from tests.now import NOW

OWNER = "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"
ODD = ["", "-", "1,5", "x", "#N/A", "Totaal", "2026-11-22", "nee", OWNER.upper(), "1E5", "\x1f", "1\x1f2", "\u0661"]
"""What may stand in any cell."""
PLACES = ["0", "3", "007", "99999", "100000", "123456"]
CELLS = {
    "offerId": [OWNER],
    "providerId": [OWNER, f"{OWNER}0"],
    "offerKey": [
        *("duinen", "gezinshuis-duinen", "groep-1", "jan-26", "mei-3", "totaal", "subtotaal-1", "sum", "Grand total"),
        *(
            "1",
            "1023",
            "12345678",
            "123456782",
            "groep-123456782",
            "aa-12.34.56.782",
            "a",
            "a" * 64,
            "a" * 65,
            "de_duin",
        ),
    ],
    "placesTotal": PLACES,
    "placesOccupied": PLACES,
    "placesReserved": PLACES,
    "placesFree": PLACES,
    "waitingCount": PLACES,
    "nextFreeOn": ["2026-12-14", "2026-06-31", "2999-01-01", "1999-12-31", "14-12-2026", "2026-12-14 00:00"],
    "waitDaysIntake": ["0", "14", "999", "3651"],
    "waitWeeksTreatment": ["0", "2", "99", "521", "522"],
    "acceptsReferrals": ["ja", "Nee", "TRUE", "onwaar", "1", "misschien"],
    "note": [
        *("Plek op groep Noord.", "Totaal verbouwd", "Sommige dagen", "'=1", "bel 06 12345678", "één"),
        "a" * 1990,
        "a" * 2001,
    ],
    "observedAt": [
        *("2026-11-22T09:00:00+01:00", "2026-11-22T09:00Z", "2026-11-22", "2026-02-30", "2026-11-22T25:00:00Z"),
        *("2026-11-22T09:00:00-00:00", "2026-11-22T09:00", "2026-11-22T00:00:00+01:00", "2026-11-22T09:00:00+99:00"),
    ],
}
GOOD = {"providerId": OWNER, "offerKey": "duinen", "placesFree": "2"}
CHANGES = [(name, cell) for name, cells in CELLS.items() for cell in (*cells, *ODD)]
ROWS = some.lists(some.sampled_from(CHANGES), max_size=2).map(lambda changes: GOOD | dict(changes))
"""A row that is good, save for two cells at most."""


def _heading(names: list[str]) -> Heading:
    return read_heading(LAYOUT, Record(1, names))


def _check(row: dict[str, str], names: list[str]) -> None:
    heading, record = _heading(names), Record(2, trimmed(row.get(name, "") for name in names))
    plain = read_plain(heading.columns, record)
    if plain is not None:
        assert read_cells(heading, record).content == plain
        assert read_line(heading, record) == read_cells(heading, record)


def test_a_good_row_with_any_one_cell_is_read_as_cell_by_cell() -> None:
    for name, cell in CHANGES:
        row = GOOD | {name: cell}
        _check(row, list(row))


@given(row=ROWS, order=some.randoms(use_true_random=False))
def test_a_plain_record_is_read_as_cell_by_cell(row: dict[str, str], order: Any) -> None:
    names = sorted({"offerId", *row})
    order.shuffle(names)
    _check(row, names)


@pytest.mark.parametrize(
    "row",
    [
        {"providerId": OWNER, "offerKey": "gezinshuis-duinen", "placesTotal": "8", "placesFree": "2"},
        {"providerId": OWNER, "offerKey": "1023", "placesFree": "2", "waitingCount": "", "note": ""},
        {"offerId": OWNER, "placesFree": "2", "nextFreeOn": "2026-12-14", "waitWeeksTreatment": "3"},
        {"offerId": OWNER, "placesFree": "2", "acceptsReferrals": "ja", "note": "Plek op groep Noord."},
        {"offerId": OWNER, "placesFree": "2", "observedAt": "2026-11-22T09:00:00+01:00"},
    ],
)
def test_what_providers_send_is_plain(row: dict[str, str]) -> None:
    assert read_plain(_heading(list(row)).columns, Record(2, list(row.values()))) is not None


NUMBERS = some.sampled_from([None, 0, 1, 2, 2.5, 3.0, 8])
COUNTS = some.sampled_from([None, 0, 4])
FIGURES = some.fixed_dictionaries(
    {
        **dict.fromkeys(("places_total", "places_occupied", "places_reserved"), NUMBERS),
        "places_free": some.sampled_from([0, 1, 1.5, 3.0]),
        "waiting_count": COUNTS,
        "next_free_on": some.sampled_from([None, date(2026, 1, 1), date(2027, 1, 1)]),
        **dict.fromkeys(("wait_days_intake", "wait_days_treatment"), COUNTS),
        "accepts_referrals": some.booleans(),
        "note": some.sampled_from([None, "vol"]),
    }
)


@given(
    stood=FIGURES | some.none(), said=FIGURES, names=some.sets(some.sampled_from([*UNKNOWN])), in_hours=some.booleans()
)
def test_what_is_completed_at_once_is_what_each_rule_lets_by(
    stood: dict[str, Any] | None, said: dict[str, Any], names: set[str], in_hours: bool
) -> None:
    named = {name: said[name] for name in names}
    change = Change(UUID(int=1), NOW, named, frozenset(), in_hours)
    before = None if stood is None else Standing(NOW, tuple(stood[name] for name in UNKNOWN))
    at_once = complete_plain(change, before)
    assert at_once is None or at_once == complete_one(change, before)


def test_what_adds_up_is_completed_at_once() -> None:
    stood = Standing(NOW, (8.0, 6.0, 1.0, 1.0, 0, None, 7, 14, True, None))
    made = complete_plain(Change(UUID(int=1), NOW, {"places_free": 0}, frozenset(), in_hours=False), stood)
    assert made is not None
    assert made.figures == (8, 6, 1, 0, 0, None, 7, 14, True, None)
