"""How cells are read: as people and Dutch spreadsheets write them, and refused where they may be two things."""

from datetime import date

import pytest

from app.kit.files.cells import (
    Cell,
    CellError,
    check_value,
    day,
    key,
    moment,
    number,
    yes_no,
)


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (number, "3", 3),
        (number, "-3", -3),
        (number, "3,0", 3),
        (number, "3.00", 3),
        (number, "1.200", 1200),
        (number, "1.200.000", 1200000),
        (number, "1\xa0200", 1200),
        (number, "\u221212", -12),
        (number, "2,5", 2.5),
        (number, "2.5", 2.5),
        (yes_no, "ja", True),
        (yes_no, "WAAR", True),
        (yes_no, "x", True),
        (yes_no, "TRUE", True),
        (yes_no, "Nee", False),
        (yes_no, "onwaar", False),
        (day, "1-12-2026", "2026-12-01"),
        (day, "01-12-2026", "2026-12-01"),
        (day, "2026-12-01", "2026-12-01"),
        (day, "1-12-2026 0:00", "2026-12-01"),
        (day, "2026-12-01T00:00:00", "2026-12-01"),
        (day, "1 december 2026", "2026-12-01"),
        (day, "1\xa0December\xa02026", "2026-12-01"),
        (day, "1-dec-26", "2026-12-01"),
        (day, "1 mrt. 2027", "2027-03-01"),
        (day, "46357", "2026-12-01"),
        (moment, "20-11-2026", date(2026, 11, 20)),
        (moment, "20-11-2026 0:00", date(2026, 11, 20)),
        (moment, "20-11-2026 0:00Z", "2026-11-20T00:00:00Z"),
        (moment, "20-11-2026 9:00", "2026-11-20T09:00:00+01:00"),
        (moment, "20-7-2026 09:00:30", "2026-07-20T09:00:30+02:00"),
        (moment, "2026-11-20T09:00:00Z", "2026-11-20T09:00:00Z"),
        (moment, "20-11-2026T09:00:00+00:00", "2026-11-20T09:00:00+00:00"),
        (moment, "46346,375", "2026-11-20T09:00:00+01:00"),
        (key, "gezinshuis\u200b-duinen", "gezinshuis-duinen"),
        (key, "0042", "0042"),
        (key, "groep-1-noord", "groep-1-noord"),
        (key, "12-xyz", "12-xyz"),
    ],
)
def test_what_a_cell_says(read: Cell, cell: str, value: object) -> None:
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "code", "said"),
    [
        (number, "twee", "type", "'twee'"),
        (number, "50%", "type", "'50%'"),
        (number, "1,200", "type", "duizendtal"),
        (number, "1e3", "type", "getal"),
        (number, "٣", "type", "getal"),
        (number, "9" * 16, "out-of-range", "te groot"),
        (yes_no, "misschien", "type", "ja of nee"),
        (day, "31-12-9999", "out-of-range", "laat de cel leeg"),
        (day, "2958465", "out-of-range", "laat de cel leeg"),
        (day, "0-1-1900", "out-of-range", "laat de cel leeg"),
        (day, "31-02-2026", "format", "22-11-2026"),
        (day, "1-12-26", "format", "meer dan één datum"),
        (day, "01/12/2026", "format", "22 november 2026"),
        (day, "1-12-2026 9:00", "format", "22-11-2026"),
        (day, "1 foo 2026", "format", "22 november 2026"),
        (day, "120", "format", "22-11-2026"),
        (day, "12345", "format", "22-11-2026"),
        (moment, "20-11-2026 25:00", "format", "22-11-2026"),
        (moment, "gisteren", "format", "22-11-2026"),
        (key, "1E+05", "mangled", "Tekst"),
        (key, "1,23457E+11", "mangled", "Tekst"),
        (key, "1-12-2026", "mangled", "Tekst"),
        (key, "2026-12-01T00:00:00", "mangled", "Tekst"),
        (key, "3-dec", "mangled", "Tekst"),
        (key, "mrt-26", "mangled", "Tekst"),
    ],
)
def test_what_a_cell_cannot_say(read: Cell, cell: str, code: str, said: str) -> None:
    with pytest.raises(CellError) as error:
        read(cell)
    assert error.value.code == code
    assert said in error.value.text.nl
    assert error.value.text.en != error.value.text.nl


@pytest.mark.parametrize("cell", ["#N/B", "#WAARDE!", "#DEEL/0!", "#n/a", "#REF!", "#NAAM?"])
def test_a_formula_that_failed(cell: str) -> None:
    with pytest.raises(CellError, match="error value"):
        check_value(cell)


@pytest.mark.parametrize("cell", ["#1", "# let op", "#urgent", "ja"])
def test_what_is_no_failed_formula(cell: str) -> None:
    check_value(cell)
