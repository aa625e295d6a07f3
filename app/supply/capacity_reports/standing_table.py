"""What stands of a provider's offers as a table in the shape of the template, to change and send back.

A row has the provider's own keys and every figure; `observedAt` is left empty, so that what comes back is of then. A
row that comes back as it was says nothing new.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from app.domain.language import Language, Text, decimal_in_words
from app.supply.capacity_reports.columns import (
    FIELDS,
    FORMULA,
    names_in,
    separator_in,
)
from app.supply.capacity_reports.schemas import StandingOut

_YES_NO: Final = {True: Text(nl="ja", en="yes"), False: Text(nl="nee", en="no")}
_LEFT_EMPTY: Final = frozenset({"offerId", "observedAt"})


def write_csv(rows: Iterable[StandingOut], language: Language) -> bytes:
    """UTF-8 with a byte order mark, CRLF (RFC 4180); in Dutch semicolons and decimal commas."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator_in(language), lineterminator="\r\n")
    writer.writerow(names_in(language))
    writer.writerows([_text(value, language) for value in _values(row)] for row in rows)
    return f"\ufeff{file.getvalue()}".encode()


def write_xlsx(rows: Iterable[StandingOut], language: Language) -> bytes:
    """A workbook (ISO/IEC 29500) of one sheet, with numbers and dates as such."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("capaciteit" if language == "nl" else "capacity")
    sheet.append(names_in(language))
    for row in rows:
        sheet.append([_cell(sheet, value, language) for value in _values(row)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _values(row: StandingOut) -> Sequence[object]:
    values = row.model_dump()
    return [None if field in _LEFT_EMPTY else values[field] for field in FIELDS]


def _text(value: object, language: Language) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _YES_NO[value].in_(language)
        case float():
            return decimal_in_words(value).in_(language)
        case date():
            return value.isoformat()
        case str() if FORMULA.match(value):  # a spreadsheet would take it for a formula; the reader takes it off
            return f"'{value}"
    return str(value)


def _cell(sheet: WriteOnlyWorksheet, value: object, language: Language) -> object:
    if isinstance(value, bool):
        return _YES_NO[value].in_(language)
    if value is None or isinstance(value, int | float | date):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", _text(value, language)))
    cell.data_type = "s"
    return cell
