"""Excel workbooks (.xlsx, ECMA-376): read as records of text, and written.

What comes in may be made to do harm: how much it unpacks to is counted before a part of it is understood, its XML may
define nothing (defusedxml), formulas are never computed, and nothing outside the file is looked at.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO, Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from app.domain.language import Text
from app.kit.files.cells import day, moment
from app.kit.files.layout import Layout
from app.kit.files.records import (
    NO_TABLE,
    Fault,
    NoTableError,
    Record,
    Table,
    trimmed,
)

LARGEST: Final = 64_000_000
"""Bytes of XML that a workbook may unpack to."""
_MOST_PARTS: Final = 2000
_MOST_ROWS: Final = 1_048_576
_WIDEST: Final = 1000
_CHUNK: Final = 65_536
_UNCOMPUTED: Final = re.compile(
    rb'<(?:\w+:)?c(?![^<>]*\bt="str")[^<>]*>\s*<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A formula without a value; one of which the value is an empty text says that it is text."""
_LINE_END: Final = re.compile(r"(?:_x000D_|\r)\n?")
"""How Excel writes the end of a line that came from elsewhere."""
_OVERLAP: Final = 20_000
"""Bytes that hold the longest formula of Excel."""
_FROM_1900_TO_1904: Final = 1462
"""Days between the two days that workbooks count from."""
_SEARCHED: Final = 1000
"""Rows of another sheet in which something is looked for."""

_TOO_LARGE: Final = Text(
    nl="Deze werkmap is uitgepakt te groot; sla het blad met de meldingen apart op, zonder lege opgemaakte rijen.",
    en="This workbook is too large once unpacked; save the sheet with the reports apart, without empty formatted rows.",
)
_BROKEN: Final = Text(
    nl="Deze werkmap is beschadigd of niet van Excel; open hem in Excel en sla hem opnieuw op als .xlsx.",
    en="This workbook is damaged, or not of Excel; open it in Excel and save it again as .xlsx.",
)
_TOO_WIDE: Final = Text(
    nl="Rij {number} heeft iets voorbij kolom {most}; haal het weg.",
    en="Row {number} has something beyond column {most}; take it out.",
)
_OTHER_SHEETS: Final = Text(
    nl="Alleen het werkblad '{read}' is gelezen; niet gelezen: {others}.",
    en="Only the sheet '{read}' was read; not read: {others}.",
)
_NOT_COMPUTED: Final = (
    "no-value",
    Text(
        nl="In cel {cell} staat een formule zonder uitkomst; open de werkmap in Excel en sla hem op.",
        en="Cell {cell} has a formula without a value; open the workbook in Excel and save it.",
    ),
)


def open_workbook(file: BinaryIO, layout: Layout, most_tags: int) -> Table:
    """The table on the first sheet in view that has anything on it; `NoTableError` where there is no such workbook."""
    hints: list[Fault] = []
    size = file.seek(0, io.SEEK_END)
    try:
        with zipfile.ZipFile(file) as archive:
            has_uncomputed = _check(archive, most_tags)
        sheets = _sheets(file, data_only=True)
        filled = [name for name, sheet in sheets.items() if _has_any(sheet)]
        if not filled:
            return Table(iter(()), hints, lambda: size)
        formulas = _sheets(file, data_only=False)[filled[0]] if has_uncomputed else None
    except NoTableError:
        raise
    except Exception as error:
        raise NoTableError("broken-workbook", _BROKEN) from error
    if filled[1:]:
        others = ", ".join(f"'{name}'" for name in filled[1:])
        hints.append(("other-sheets", _OTHER_SHEETS.format(read=filled[0], others=others)))
    return Table(_safely(_records(sheets[filled[0]], formulas, layout)), hints, lambda: size)


def _check(archive: zipfile.ZipFile, most_tags: int) -> bool:
    """Whether a formula in it has no value; `NoTableError` where it is no workbook, or too large a one.

    A part cannot unpack to more than it says, because reading ends there (zipfile.ZipExtFile).
    """
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if not names & {"[Content_Types].xml", "xl/workbook.xml"} or "xl/workbook.bin" in names:
        raise NoTableError("no-table", NO_TABLE)
    xml = [part for part in parts if part.filename.lower().endswith((".xml", ".rels"))]
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in xml) > LARGEST:
        raise NoTableError("too-large", _TOO_LARGE)
    tags, has_uncomputed = 0, False
    for part in xml:
        with archive.open(part) as content:
            before = b""
            while chunk := content.read(_CHUNK):
                tags += chunk.count(b"<")
                has_uncomputed = has_uncomputed or _UNCOMPUTED.search(before[-_OVERLAP:] + chunk) is not None
                before = chunk
                if tags > most_tags:
                    raise NoTableError("too-large", _TOO_LARGE)
    return has_uncomputed


def _sheets(file: BinaryIO, *, data_only: bool) -> dict[str, Any]:
    """The sheets in view, by name."""
    book = load_workbook(file, read_only=True, data_only=data_only, keep_links=False)
    sheets = {sheet.title: sheet for sheet in book.worksheets if sheet.sheet_state == "visible"}
    for sheet in sheets.values():
        sheet.reset_dimensions()  # what a workbook says of its size is not to be relied on
    return sheets


def _has_any(sheet: Any) -> bool:
    return any(row.count(None) < len(row) for row in sheet.iter_rows(max_row=_SEARCHED, values_only=True))


def _safely(records: Iterator[Record]) -> Iterator[Record]:
    try:
        yield from records
    except NoTableError:
        raise
    except Exception as error:
        raise NoTableError("broken-workbook", _BROKEN) from error


def _records(sheet: Any, formulas: Any, layout: Layout) -> Iterator[Record]:
    """Its rows that are not empty, counted from 1 as Excel does."""
    rows = sheet.iter_rows(max_row=_MOST_ROWS, values_only=True)
    beside = None if formulas is None else formulas.iter_rows(max_row=_MOST_ROWS, values_only=True)
    counts_from_1904, days = sheet.parent.epoch == CALENDAR_MAC_1904, None
    for number, row in enumerate(rows, start=1):
        formulas_of_row = () if beside is None else next(beside, ())
        if row.count(None) == len(row) and not any(formulas_of_row):
            continue
        beyond = row[_WIDEST:]
        if beyond.count(None) < len(beyond):
            raise NoTableError("too-many-columns", _TOO_WIDE.format(number=number, most=_WIDEST))
        cells: Sequence[Any] = row[:_WIDEST]
        if counts_from_1904 and days is not None:
            cells = [_from_1900(value) if index in days else value for index, value in enumerate(cells)]
        record = _record(number, cells, formulas_of_row[:_WIDEST])
        if days is None:
            days = _columns_of_days(layout, record.cells)
        if record.cells or record.fault:
            yield record


def _columns_of_days(layout: Layout, heading: Sequence[str]) -> set[int]:
    """Where the columns of days and moments are."""
    columns = [layout.column_of(name) for name in heading]
    return {index for index, column in enumerate(columns) if column is not None and column.cell in {day, moment}}


def _from_1900(value: Any) -> Any:
    """A number of days as it is counted everywhere else, where a cell has lost the form of a date."""
    return value + _FROM_1900_TO_1904 if isinstance(value, int | float) and not isinstance(value, bool) else value


def _record(number: int, row: Sequence[Any], formulas: Sequence[Any]) -> Record:
    for index, formula in enumerate(formulas):
        if formula is not None and (index >= len(row) or row[index] is None):
            code, text = _NOT_COMPUTED
            return Record(number, [], (code, text.format(cell=f"{get_column_letter(index + 1)}{number}")))
    return Record(number, trimmed(map(_text_of, row)))


def _text_of(value: Any) -> str:
    """The value as Dutch spreadsheets write it, save that dates are in the form of ISO 8601."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).upper().replace(".", ",")
    if isinstance(value, datetime):
        moment: datetime = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        return moment.date().isoformat() if moment.time() == time() else moment.isoformat()
    return "" if value is None else _LINE_END.sub("\n", str(value))


def write_workbook(title: str, heading: Sequence[str], rows: Iterable[Sequence[object]], texts: Sequence[int]) -> bytes:
    """A workbook with one sheet of this title; the columns at the places in `texts` hold text, so that Excel leaves
    what is typed there as it is.

    A cell is text, which is never taken for a formula, a number, a bool, a date, or None.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for index, name in enumerate(heading):
        dimension = sheet.column_dimensions[get_column_letter(index + 1)]
        dimension.width = max(14, len(name) + 3)
        if index in texts:
            dimension.number_format = "@"
    for row in (heading, *rows):
        sheet.append([_cell(sheet, value) for value in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(sheet: Any, value: object) -> Any:
    written = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, written)  # type: ignore[arg-type]
    if isinstance(value, str):
        cell.data_type, cell.number_format = "s", "@"
    elif isinstance(value, date):
        cell.number_format = "dd-mm-yyyy"
    return cell
