"""Answers as tables that spreadsheets open: CSV in the form of a language, and workbooks with the definitions."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.domain.language import Language, Text, decimal_in_words

Value = str | float | bool | date | None
_YES_NO: Final = {True: Text(nl="ja", en="yes"), False: Text(nl="nee", en="no")}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NOTES: Final = Text(nl="Toelichting", en="Notes")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table and what is to be said of it; `name` is that of its file, without an ending."""

    name: str
    title: str
    heading: Sequence[str]
    rows: Sequence[Sequence[Value]]
    notes: Sequence[Sequence[str]]


def write_csv(sheet: Sheet, language: Language) -> bytes:
    """UTF-8 with a byte order mark and CRLF; in Dutch with semicolons and decimal commas."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";" if language == "nl" else ",", lineterminator="\r\n")
    writer.writerow(sheet.heading)
    writer.writerows([_text(value, language) for value in row] for row in sheet.rows)
    return file.getvalue().encode("utf-8-sig")


def write_xlsx(table: Sheet, language: Language) -> bytes:
    """A workbook: a sheet with the rows, and one with notes."""
    from openpyxl import Workbook  # noqa: PLC0415 - is asked for seldom
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as above

    book = Workbook(write_only=True)
    for name, lines in (
        (table.title, [table.heading, *table.rows]),
        (_NOTES.in_(language), table.notes),
    ):
        sheet = book.create_sheet(name[:31])
        sheet.freeze_panes = "A2"
        for line in lines:
            sheet.append([_filled(WriteOnlyCell(sheet), value, language) for value in line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _text(value: Value, language: Language) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _YES_NO[value].in_(language)
        case float():
            return decimal_in_words(value, 4).in_(language)
        case date():
            return value.isoformat()
        case str() if value.startswith(_FORMULA):  # a spreadsheet would take it for a formula
            return f"'{value}"
    return str(value)


def _filled(cell: Any, value: Value, language: Language) -> Any:
    """The cell with the value in it."""
    cell.value = _YES_NO[value].in_(language) if isinstance(value, bool) else value
    if isinstance(cell.value, str):
        cell.data_type, cell.number_format = "s", "@"  # never a formula
    elif isinstance(value, date):
        cell.number_format = "dd-mm-yyyy"
    return cell
