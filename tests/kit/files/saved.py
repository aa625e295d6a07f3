"""Tables as Excel in a Dutch office saves them, byte for byte."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float | bool | date | None
Rows = Sequence[Sequence[Cell]]


def shown(cell: Cell) -> str:
    """What Excel NL shows of a cell, which is what it writes as text."""
    if isinstance(cell, bool):
        return "WAAR" if cell else "ONWAAR"
    if isinstance(cell, datetime):
        return f"{cell.day}-{cell.month}-{cell.year} {cell.hour}:{cell.minute:02}"
    if isinstance(cell, date):
        return f"{cell.day}-{cell.month}-{cell.year}"
    if isinstance(cell, float):
        return f"{cell:g}".replace(".", ",")
    return "" if cell is None else str(cell)


def _delimited(rows: Rows, separator: str) -> str:
    def quoted(cell: str) -> str:
        special = any(each in cell for each in (separator, '"', "\n"))
        return '"{}"'.format(cell.replace('"', '""')) if special else cell

    return "".join(separator.join(quoted(shown(cell)) for cell in row) + "\r\n" for row in rows)


def csv_utf8(rows: Rows) -> bytes:
    """CSV UTF-8 (door komma's gescheiden): with a BOM, and semicolons all the same."""
    return _delimited(rows, ";").encode("utf-8-sig")


def csv_windows(rows: Rows) -> bytes:
    """CSV (gescheiden door lijstscheidingsteken)."""
    return _delimited(rows, ";").encode("cp1252")


def tabs(rows: Rows) -> bytes:
    """Tekst (tab is scheidingsteken)."""
    return _delimited(rows, "\t").encode("cp1252")


def csv_dos(rows: Rows) -> bytes:
    """CSV (MS-DOS)."""
    return _delimited(rows, ";").encode("cp850")


def csv_mac(rows: Rows) -> bytes:
    """CSV (Macintosh): with its ends of lines."""
    return _delimited(rows, ";").replace("\r\n", "\r").encode("mac_roman")


def unicode_text(rows: Rows) -> bytes:
    """Unicode-tekst."""
    return b"\xff\xfe" + _delimited(rows, "\t").encode("utf-16-le")


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
_STYLES = (
    f'<styleSheet {_MAIN}><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="22" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Standaard" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_EPOCH = date(1899, 12, 30)


class Raw(str):
    """The inside of a cell, as XML, for what Excel writes that a value cannot say."""


def xlsx(rows: Rows, *more: Rows, parts: Mapping[str, str | bytes] | None = None, state: str = "visible") -> bytes:
    """Excel-werkmap (.xlsx): shared strings, and dates as numbers in a style. `more` are other sheets, in `state`."""
    strings: dict[str, int] = {}
    sheets = [_sheet(each, strings) for each in (rows, *more)]
    entries = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    names = [f"Blad{number}" for number, _ in enumerate(sheets, start=1)]
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" state="{state if number > 1 else "visible"}" '
        f'r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number, _ in enumerate(names, start=1)
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        for number, _ in enumerate(names, start=1)
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>{kinds}'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_RELS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        f'<Relationship Id="rId98" Type="{_RELS}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId99" Type="{_RELS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
        "xl/sharedStrings.xml": f'<sst {_MAIN} uniqueCount="{len(strings)}">{entries}</sst>',
        **{f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, start=1)},
    }
    return zipped(
        {name: _HEAD + part if isinstance(part, str) else part for name, part in (files | dict(parts or {})).items()}
    )


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def sheet_of(data: str) -> str:
    """A sheet with these rows, as XML."""
    return f"<worksheet {_MAIN}><sheetData>{data}</sheetData></worksheet>"


def _sheet(rows: Rows, strings: dict[str, int]) -> str:
    width = max((len(row) for row in rows), default=1)
    data = "".join(
        f'<row r="{number}" spans="1:{width}">{"".join(_cells(number, row, strings))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    dimension = f"A1:{get_column_letter(width or 1)}{max(1, len(rows))}"
    return f'<worksheet {_MAIN}><dimension ref="{dimension}"/><sheetData>{data}</sheetData></worksheet>'


def _cells(number: int, row: Iterable[Cell], strings: dict[str, int]) -> Iterable[str]:
    for index, cell in enumerate(row, start=1):
        place = f'r="{get_column_letter(index)}{number}"'
        if isinstance(cell, Raw):
            yield f"<c {place} {cell}</c>"
        elif isinstance(cell, bool):
            yield f'<c {place} t="b"><v>{int(cell)}</v></c>'
        elif isinstance(cell, str):
            yield f'<c {place} t="s"><v>{strings.setdefault(cell, len(strings))}</v></c>'
        elif isinstance(cell, datetime):
            yield f'<c {place} s="2"><v>{(cell.date() - _EPOCH).days + (cell.hour * 60 + cell.minute) / 1440!r}</v></c>'
        elif isinstance(cell, date):
            yield f'<c {place} s="1"><v>{(cell - _EPOCH).days}</v></c>'
        elif cell is not None:
            yield f"<c {place}><v>{cell!r}</v></c>"


SAVED: dict[str, Callable[[Rows], bytes]] = {
    "csv-utf8.csv": csv_utf8,
    "csv.csv": csv_windows,
    "tekst.txt": tabs,
    "unicode-tekst.txt": unicode_text,
    "werkmap.xlsx": xlsx,
}
"""Every form that a table is saved in, by the name of the file."""
MEDIA_TYPES: dict[str, Any] = {
    "csv-utf8.csv": "text/csv",
    "csv.csv": "application/vnd.ms-excel",
    "tekst.txt": "text/tab-separated-values",
    "unicode-tekst.txt": "text/tab-separated-values",
    "werkmap.xlsx": XLSX,
}
