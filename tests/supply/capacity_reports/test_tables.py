"""Tables in every form that Excel NL saves, and what is made to look like one or to do harm."""

import gzip
import io
import struct
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from app.domain.language import Text
from app.kit.errors import InvalidInputError
from app.kit.files import workbook
from app.kit.files.encodings import encoding_of
from app.kit.files.records import NoTableError
from app.supply.capacity_reports.lines import ReportLine
from tests.kit.files.saved import (
    SAVED,
    Cell,
    Raw,
    Rows,
    csv_utf8,
    sheet_of,
    shown,
    unicode_text,
    xlsx,
    zipped,
)
from tests.supply.capacity_reports.tables import opened, read_table

HEADING = ["aanbiederId", "sleutel", "totaal", "vrij", "eerstvolgend vrij", "neemt aan", "opmerking", "peilmoment"]
OWNER = "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"


def _told(line: ReportLine) -> tuple[int, object]:
    if isinstance(line.content, InvalidInputError):
        return line.position.number, [(each.pointer, each.code, each.detail) for each in line.content.errors]
    return line.position.number, line.content


def _codes(line: ReportLine) -> dict[str, str]:
    assert isinstance(line.content, InvalidInputError)
    return {each.pointer.rpartition("/")[2]: each.code for each in line.content.errors}


def _texts(line: ReportLine) -> list[Text]:
    assert isinstance(line.content, InvalidInputError)
    return [each.detail for each in line.content.errors]


def _row(**cells: Cell) -> list[Cell]:
    given: dict[str, Cell] = {"aanbiederId": OWNER, "sleutel": "duinen", "vrij": 1, **cells}
    return [given.get(name) for name in HEADING]


WORDS = some.text(some.sampled_from("aéï '\";,\n z"), max_size=8).map(lambda text: text.strip(" \n"))
"""Without letters that in Windows-1252 are by chance one of UTF-8, such as those of "é€€"."""
CELLS = some.fixed_dictionaries(
    {},
    optional={
        "sleutel": some.sampled_from(["duinen", "groep-1", "007"]),
        "totaal": some.integers(0, 99),
        "vrij": some.integers(-1, 20) | some.sampled_from([2.5, None]),
        "eerstvolgend vrij": some.dates(date(2026, 1, 1), date(2029, 1, 1)),
        "neemt aan": some.booleans() | some.sampled_from(["ja", "nee", "misschien"]),
        "opmerking": WORDS,
        "peilmoment": some.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1)).map(  # noqa: DTZ001 - as in a sheet
            lambda moment: moment.replace(second=0, microsecond=0)
        ),
    },
)


@given(some.lists(CELLS, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_table_says_the_same_in_every_form(rows: list[dict[str, Any]]) -> None:
    table: Rows = [HEADING, *(_row(**row) for row in rows)]
    # a cell over two lines makes the numbers of lines and of rows differ
    single: Rows = [[cell.replace("\n", " ") if isinstance(cell, str) else cell for cell in row] for row in table]
    read = {name: [_told(line) for line in read_table(save(single))] for name, save in SAVED.items()}
    for name, lines in read.items():
        assert lines == read["csv-utf8.csv"], name
    assert len(read["csv-utf8.csv"]) == len(rows)
    over_two = [_told(line)[1] for line in read_table(xlsx(table))]
    if not any(isinstance(each, list) for each in over_two):
        assert over_two == [_told(line)[1] for line in read_table(csv_utf8(table))]


@pytest.mark.parametrize("name", SAVED)
def test_what_is_not_seen_does_not_count(name: str) -> None:
    heading = ["\xa0aanbieder\xa0Id ", " sleutel\u200b" if "utf8" in name else " sleutel\xa0", "Vrije\xa0plekken\n"]
    rows: Rows = [heading, ["", "  ", "\xa0"], [f"{OWNER}\xa0", " duinen\xa0 ", " 1\xa0"], [None, None, None]]
    [line] = read_table(SAVED[name](rows))
    assert not isinstance(line.content, InvalidInputError), line
    assert line.content.offer_key == "duinen"
    assert line.content.named["places_free"] == 1


@pytest.mark.parametrize("name", SAVED)
def test_a_row_of_totals_is_told(name: str) -> None:
    rows: Rows = [HEADING, _row(), _row(aanbiederId="Totaal", sleutel=None, totaal=12), _row(sleutel="totaal")]
    first, totals, named = read_table(SAVED[name](rows))
    assert _codes(totals) == {str(totals.position.number): "totals-row"}
    assert not isinstance(first.content, InvalidInputError)
    assert not isinstance(named.content, InvalidInputError), "it is the key of an offer"
    [label] = read_table(SAVED[name]([HEADING, _row(aanbiederId=None, sleutel=None, opmerking="Eindtotaal:")]))
    assert set(_codes(label).values()) == {"totals-row"}


def test_errors_speak_the_columns_of_the_file_in_both_languages() -> None:
    rows: Rows = [HEADING, _row(aanbiederId=None, vrij="#N/B"), _row(vrij=-5), _row(sleutel=date(2026, 12, 1))]
    error_value, negative, mangled = read_table(xlsx(rows))
    assert _codes(error_value) == {"vrij": "error-value", "aanbiederId": "incomplete"}
    assert _texts(error_value)[1].nl == "Geef aanbiederId en sleutel samen."
    assert _texts(error_value)[1].en == "Give aanbiederId and sleutel together."
    assert _codes(negative) == {"vrij": "out-of-range"}
    assert _codes(mangled) == {"sleutel": "mangled"}


def test_the_columns_that_are_not_there_go_by_the_names_of_the_template() -> None:
    [line] = read_table(b"aanbodId;vrij\n;1\n")
    assert _texts(line)[0].nl == "Noem het aanbod: aanbodId, of aanbiederId en aanbodSleutel."
    assert _texts(line)[0].en == "Name the offer: aanbodId, or providerId and offerKey."


# --- text


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("first", ["sep={}\r\n", '\ufeff"sep={}"\r\n', "SEP={};;;\r\n"])
def test_a_first_line_that_names_the_separator(separator: str, first: str) -> None:
    body = f"{first.format(separator)}providerId{separator}key{separator}free\r\n{OWNER}{separator}a{separator}1\r\n"
    [line] = read_table(body.encode())
    assert line.position.number == 3
    assert not isinstance(line.content, InvalidInputError)


def test_an_unclosed_quote_names_every_line_that_was_not_read() -> None:
    good = f"{OWNER};a;1;"
    body = "\n".join(["aanbiederId;sleutel;vrij;opmerking", good, good, f'{OWNER};a;1;"Noord', good, good])
    lines = read_table(body.encode())
    assert [line.position.number for line in lines] == [2, 3, 4, 5, 6]
    assert [isinstance(line.content, InvalidInputError) for line in lines] == [False, False, True, True, True]
    assert "regel 4 tot en met 6" in _texts(lines[2])[0].nl
    assert "lines 4 to 6" in _texts(lines[2])[0].en
    assert "regel 4" in _texts(lines[4])[0].nl


def test_a_quote_that_closes_in_the_wrong_place_names_what_it_took_along() -> None:
    body = f'providerId,key,free,note\n{OWNER},a,1,"x\n{OWNER},a,1,"y"\n{OWNER},a,1,z\n'
    assert [isinstance(line.content, InvalidInputError) for line in read_table(body.encode())] == [True, True, False]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_quote_that_closes_a_record_further_takes_none_along_unsaid(separator: str) -> None:
    rows = [["aanbodId", "aanbiederId", "sleutel", "vrij", "opmerking"]]
    rows += [["", OWNER, "a", "1", note] for note in ('"Noord', "x", 'y"', "z", '"boven; en\nonder, ja\tnee"')]
    lines = read_table("\n".join(separator.join(row) for row in rows).encode())
    assert [line.position.number for line in lines] == [2, 3, 4, 5, 6]
    assert [isinstance(line.content, InvalidInputError) for line in lines] == [True, True, True, False, False]
    assert "regel 2 tot en met 4" in _texts(lines[0])[0].nl


def test_utf16_without_a_mark_is_read() -> None:
    body = f"aanbiederId\tsleutel\tvrij\topmerking\r\n{OWNER}\ta\t1\té€\r\n"
    for encoding in ("utf-16-le", "utf-16-be"):
        [line] = read_table(body.encode(encoding))
        assert line.content.named["note"] == "é€"  # type: ignore[union-attr]


def test_a_line_end_of_elsewhere_is_one_line_end_in_every_form() -> None:
    rows: Rows = [HEADING, _row(opmerking="boven_x000D_\nonder")]
    assert read_table(xlsx(rows))[0].content.named["note"] == "boven\nonder"  # type: ignore[union-attr]
    for save in (csv_utf8, unicode_text):
        [line] = read_table(save([HEADING, _row(opmerking="boven\r\nonder")]))
        assert line.content.named["note"] == "boven\nonder"  # type: ignore[union-attr]


def test_one_wrong_byte_does_not_make_utf8_another_encoding() -> None:
    body = f"providerId,key,free,note\n{OWNER},a,1,één\n{OWNER},a,1,".encode() + b"\xff\n"
    table = opened(body)
    assert table.hints == []
    first, second = read_table(body)
    assert first.content.named["note"] == "één"  # type: ignore[union-attr]
    assert _codes(second) == {"3": "encoding"}


@pytest.mark.parametrize(
    "text",
    [
        *("één", "café", "coördinatie", "Reünie", "patiënten", "Curaçao", "geïndiceerd", "naïef", "hè", "zoëven"),
        *("FINANCIËN en financiën", "Skûtsje, contrôle", "à la carte, crème", "10 € per één uur"),
    ],
)
@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac_roman"])
def test_the_encoding_is_told_by_words(text: str, encoding: str) -> None:
    if encoding == "cp850":
        text = text.replace("€ ", "")
    body = f'providerId,key,free,note\n{OWNER},a,1,"{text}"'.encode(encoding)
    assert encoding_of(io.BytesIO(body)) == encoding
    assert read_table(body)[0].content.named["note"] == text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        *("auto\u2019s", "\u201egoed\u201d", "\u2018s avonds", "tot\u2013en\u2013met", "wacht\u2026"),
        *("\u20ac 5", "10\xa0plekken", "\u2022\xa0eerst bellen", "\u2013"),
    ],
)
def test_signs_are_of_windows_where_they_could_be_letters_elsewhere(text: str) -> None:
    assert encoding_of(io.BytesIO(text.encode("cp1252"))) == "cp1252"


@pytest.mark.parametrize("last", ["é", "é”", "ë€ï"])
def test_windows_1252_is_read_and_said(last: str) -> None:
    body = f"providerId,key,free,note\n{OWNER},a,1,{last}".encode("cp1252")
    assert [code for code, _ in opened(body).hints] == ["windows-1252"]
    assert read_table(body)[0].content.named["note"] == last  # type: ignore[union-attr]


# --- workbooks


def test_a_workbook_has_sheets_rows_and_formulas_as_people_have_them() -> None:
    computed, empty = Raw("><f>1+1</f><v>2</v>"), Raw(' t="str"><f>IF(A1="","","")</f><v></v>')
    rows: Rows = [[], HEADING, *[[None] * 8] * 50, _row(vrij=computed, opmerking=empty), _row(vrij=3.0)]
    body = xlsx(rows, [["Uitleg"]], [[]])
    first, second = read_table(body)
    assert (first.position.number, second.position.number) == (53, 54)
    assert (first.content.named["places_free"], first.content.named["note"]) == (2, None)  # type: ignore[union-attr]
    [(code, text)] = opened(body).hints
    assert (code, "'Blad2'" in text.nl, "'Blad3'" in text.nl) == ("other-sheets", True, False)
    assert opened(xlsx(rows, [["x"]], state="hidden")).hints == []


def test_a_formula_without_a_value_is_no_empty_cell() -> None:
    book = Workbook()
    assert book.active is not None
    for row in (HEADING, _row(vrij="=1+1"), _row()):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    first, second = read_table(written.getvalue())
    assert "D2" in _texts(first)[0].nl
    assert not isinstance(second.content, InvalidInputError)


def test_dates_of_a_workbook_that_counts_from_1904_are_the_dates_that_it_shows() -> None:
    """As older Excel for Mac saves it; the numbers behind its dates are 1462 less."""
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    book.active.append(HEADING)
    book.active.append(_row(**{"eerstvolgend vrij": date(2026, 12, 1), "peilmoment": datetime(2026, 11, 20, 9, 5)}))  # noqa: DTZ001 - as in a sheet
    book.active.append(_row(**{"eerstvolgend vrij": 44895, "totaal": 40, "peilmoment": 44884.5}))
    written = io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(io.BytesIO(written.getvalue())) as archive:
        assert b'date1904="1"' in archive.read("xl/workbook.xml")
        assert b"<v>44895</v>" in archive.read("xl/worksheets/sheet1.xml")
    dates, numbers = [line.content for line in read_table(written.getvalue())]
    assert not isinstance(dates, InvalidInputError)
    assert (str(dates.named["next_free_on"]), str(dates.observed_at)) == ("2026-12-01", "2026-11-20 08:05:00+00:00")
    assert not isinstance(numbers, InvalidInputError)
    assert (str(numbers.named["next_free_on"]), str(numbers.observed_at)) == ("2026-12-01", "2026-11-20 11:00:00+00:00")
    assert numbers.named["places_total"] == 40


def _zip_bomb() -> bytes:
    return xlsx([HEADING], parts={"xl/worksheets/sheet1.xml": sheet_of(" " * (workbook.LARGEST + 1))})


def _lying_zip() -> bytes:
    """As a bomb, and it says that it is small."""
    body = _zip_bomb()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    return body.replace(struct.pack("<I", size), struct.pack("<I", 10))


def _doctype(entities: str, use: str) -> bytes:
    xml = f'<?xml version="1.0"?><!DOCTYPE sst [{entities}]><sst><si><t>{use}</t></si></sst>'
    return xlsx([HEADING], parts={"xl/sharedStrings.xml": xml.encode()})


LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (_zip_bomb(), "too-large"),
        (_lying_zip(), "broken-workbook"),
        (xlsx([HEADING], parts={"xl/worksheets/sheet1.xml": sheet_of("<row/>" * 600_001)}), "too-large"),
        (zipped({f"xl/{number}.xml": "" for number in range(2001)} | {"xl/workbook.xml": ""}), "too-large"),
        (_doctype(LAUGHS, "&i;"), "broken-workbook"),
        (_doctype('<!ENTITY x SYSTEM "file:///etc/hostname">', "&x;"), "broken-workbook"),
        (xlsx([HEADING])[:-300], "broken-workbook"),
        (xlsx([HEADING])[:200], "broken-workbook"),
        (b"PK\x03\x04", "broken-workbook"),
        (b"PK\x05\x06" + b"\0" * 18, "no-table"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}), "no-table"),
        (zipped({"../../etc/passwd": "x"}), "no-table"),
        (zipped({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}), "broken-workbook"),
        (xlsx([["x"] * 1001]), "too-many-columns"),
        (
            xlsx(
                [HEADING], parts={"xl/worksheets/sheet1.xml": sheet_of('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>')}
            ),
            "broken-workbook",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "old-workbook"),
        (b"<html><table><tr><td>vrij</td></tr></table></html>", "no-table"),
        (b"%PDF-1.7", "no-table"),
        pytest.param(gzip.compress(b"aanbodId;vrij\n"), "no-table", id="gzip"),
    ],
)
def test_what_is_no_table_or_would_do_harm(body: bytes, code: str) -> None:
    with pytest.raises(NoTableError) as error:
        list(opened(body).records)
    assert error.value.code == code
    assert error.value.text.nl != error.value.text.en


def test_a_row_far_away_is_not_waited_for() -> None:
    far = sheet_of('<row r="999999999999"><c><v>1</v></c></row>')
    assert read_table(xlsx([HEADING], parts={"xl/worksheets/sheet1.xml": far})) == []


def test_what_a_workbook_is_written_with_is_what_it_says() -> None:
    rows: list[list[Any]] = [["=1+1", 'HYPERLINK("x")', "007", 1.5, True, date(2026, 12, 1), None, "a\x00\x0bb"]]
    body = workbook.write_workbook("blad", [f"kolom {n}" for n in range(8)], rows, [2])
    sheet = load_workbook(io.BytesIO(body))["blad"]
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "s", "n", "b", "d", "n", "s"]
    assert sheet["A2"].value == "=1+1"
    assert sheet["H2"].value == "ab"
    assert sheet.column_dimensions["C"].number_format == "@"
    [record] = list(opened(body).records)[1:]
    assert record.cells == ["=1+1", 'HYPERLINK("x")', "007", "1,5", "true", "2026-12-01", "", "ab"]
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_what_excel_shows() -> None:
    cells = (True, date(2026, 12, 1), datetime(2026, 12, 1, 9, 5), 2.5, None)  # noqa: DTZ001 - as in a sheet
    assert [shown(cell) for cell in cells] == ["WAAR", "1-12-2026", "1-12-2026 9:05", "2,5", ""]
