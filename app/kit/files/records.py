"""A table as records of text, whatever the file that holds it: the text of a spreadsheet program, or its workbook.

It is told by what is in it, never by its name or media type. Nothing here knows the service, so that `wijzer push`
reads a file as the service does.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Final, NamedTuple

from app.domain.language import Text
from app.kit.files.encodings import encoding_of
from app.kit.files.layout import Layout

Fault = tuple[str, Text]
"""A code, and in words what is wrong and how to mend it."""


class Record(NamedTuple):
    """A line of a table that is not empty: the number of the line or row that it begins on, and its cells."""

    number: int
    cells: list[str]
    fault: Fault | None = None
    """Why it could not be read; then it has no cells."""


class Table(NamedTuple):
    """The records of a file; `hints` say what was taken for granted, once they are read. `read` bytes are behind."""

    records: Iterator[Record]
    hints: list[Fault]
    read: Callable[[], int]


class NoTableError(Exception):
    """The file is no table that is read."""

    def __init__(self, code: str, text: Text) -> None:
        super().__init__(text.en)
        self.code = code
        self.text = text


MOST_TAGS: Final = 600_000
"""Tags of a workbook that comes in: what 8,000 rows have with every column filled in."""
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK\x03\x04"
_OTHERS: Final = (b"<", b"%PDF", b"{\\rtf", b"\x1f\x8b", b"PK\x05\x06")
_UNREAD: Final = re.compile("[\udc80-\udcff\ufffd]")
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?[\s;,]*', re.IGNORECASE)
_SEPARATORS: Final = (",", ";", "\t")
_BLANKS: Final = (
    "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
)
"""What is not seen at the ends of a cell: spaces of all kinds, the no-break one included, and marks without width."""
_NOTHING: Final = _BLANKS + "".join(_SEPARATORS)

_SAVE_AS: Final = Text(
    nl="sla het op als Excel-werkmap (.xlsx) of als 'CSV UTF-8'",
    en="save it as an Excel workbook (.xlsx) or 'CSV UTF-8'",
)
OLD_WORKBOOK: Final = Text(
    nl="Dit is een werkmap van vóór Excel 2007 (.xls) of een met een wachtwoord; {save}.",
    en="This is a workbook from before Excel 2007 (.xls) or one with a password; {save}.",
).format(save=_SAVE_AS)
NO_TABLE: Final = Text(nl="Dit bestand is geen tabel; {save}.", en="This file is no table; {save}.").format(
    save=_SAVE_AS
)
_READ_AS: Final = Text(
    nl="Het bestand is gelezen als {name}, want het is geen UTF-8. Kijk na of letters als é goed zijn overgekomen, of "
    "sla het op als 'CSV UTF-8'.",
    en="The file was read as {name}, because it is not UTF-8. Check that letters such as é came over well, or save it "
    "as 'CSV UTF-8'.",
)
_ENCODINGS: Final = {
    "cp1252": ("windows-1252", "Windows-1252"),
    "cp850": ("code-page-850", "MS-DOS (code page 850)"),
    "mac_roman": ("mac-roman", "Macintosh (Mac Roman)"),
}
"""Those that had to be told by what is in the file: the code of the hint, and what people call them."""
_UNDECODED: Final = Text(
    nl="In deze regel staan tekens die niet te lezen zijn; sla het bestand op als 'CSV UTF-8'.",
    en="This line holds characters that cannot be read; save the file as 'CSV UTF-8'.",
)
_NO_CSV: Final = Text(
    nl="Deze regel is geen geldige CSV: een aanhalingsteken staat verkeerd of een veld is te lang.",
    en="This line is not valid CSV: a quote is out of place or a field too long.",
)
_UNCLOSED: Final = Text(
    nl='In deze regel gaat een aanhalingsteken (") open dat niet goed sluit. Niet gelezen: {lines}. Sluit het, of haal '
    "het weg.",
    en='In this line a quote (") opens that does not close well. Not read: {lines}. Close it, or take it out.',
)
_LINES: Final = Text(nl="regel {first} tot en met {last}", en="lines {first} to {last}")
_LINE: Final = Text(nl="regel {first}", en="line {first}")
_SWALLOWED: Final = Text(
    nl="Deze regel is niet gelezen, omdat een aanhalingsteken van regel {first} niet goed sluit.",
    en="This line was not read, because a quote of line {first} does not close well.",
)


def is_workbook(file: BinaryIO) -> bool:
    """Whether the file is the workbook of a spreadsheet program, of now or of old, whatever it is called."""
    start = file.read(len(_OLD_WORKBOOK))
    file.seek(0)
    return start == _OLD_WORKBOOK or start.startswith(_ZIP)


def open_table(file: BinaryIO, layout: Layout, *, most_tags: int = MOST_TAGS) -> Table:
    """The table of this layout in a file; `NoTableError` where it is none, or a workbook of more tags of XML than that.

    Reads as much of the file as is asked of the records.
    """
    start = file.read(len(_OLD_WORKBOOK))
    file.seek(0)
    if start == _OLD_WORKBOOK:
        raise NoTableError("old-workbook", OLD_WORKBOOK)
    if start.startswith(_ZIP):
        from app.kit.files.workbook import open_workbook  # noqa: PLC0415 - most files are none

        return open_workbook(file, layout, most_tags)
    if start.lstrip().startswith(_OTHERS):
        raise NoTableError("no-table", NO_TABLE)
    encoding = encoding_of(file)
    code, name = _ENCODINGS.get(encoding, ("", ""))
    hints = [(code, _READ_AS.format(name=name))] if code else []
    return Table(read_records(_lines_of(file, encoding), layout), hints, file.tell)


def _lines_of(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Its lines with their ends as they are; the file stays open."""
    text = io.TextIOWrapper(
        file, encoding, "replace" if encoding.startswith("utf-16") else "surrogateescape", newline=""
    )
    try:
        yield from text
    finally:
        if not file.closed:
            text.detach()


def read_records(lines: Iterable[str], layout: Layout) -> Iterator[Record]:
    """The records that are not empty; as much is read of the lines as a record takes."""
    rest = iter(lines)
    first, before, separator = next(rest, ""), 0, ""
    directive = _SEPARATOR_LINE.fullmatch(first.lstrip("\ufeff"))
    if directive is not None:
        separator, before, first = directive[1], 1, next(rest, "")
    while first and not first.strip(_NOTHING):
        before, first = before + 1, next(rest, "")
    separator = separator or _separator_of(first)
    reader = csv.reader(_chained(first, rest), delimiter=separator, strict=True)
    while True:
        number = before + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield from _unread(number, before + reader.line_num, str(error))
            continue
        if cells is None:
            return
        clean = trimmed(cells)
        last = before + reader.line_num
        if last > number and _has_swallowed(clean, separator, layout):
            yield from _unread(number, last, "")
        elif clean:
            yield _undecoded(number) if any(map(_UNREAD.search, clean)) else Record(number, clean)


def _has_swallowed(cells: Iterable[str], separator: str, layout: Layout) -> bool:
    """Whether a cell of more lines holds a record of its own.

    `P;a;"open`, `P;b;x` and `P;c;y"` are one record by their quotes, of which the last cell has the other two.
    """
    lines = (line for cell in cells for line in cell.splitlines()[1:])
    return any(separator in line and layout.is_record(line.split(separator)) for line in lines)


def trimmed(cells: Iterable[str]) -> list[str]:
    """The cells without what is not seen at their ends, and without the empty ones after the last that is not."""
    clean = [cell.strip(_BLANKS) for cell in cells]
    while clean and not clean[-1]:
        clean.pop()
    return clean


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _separator_of(line: str) -> str:
    """What parts most columns of the heading."""

    def columns(separator: str) -> int:
        return len(next(csv.reader([line], delimiter=separator), []))

    return max(_SEPARATORS, key=columns)


def _undecoded(number: int) -> Record:
    return Record(number, [], ("encoding", _UNDECODED))


def _unread(first: int, last: int, error: str) -> Iterator[Record]:
    """Each of the lines that a quote out of place took along."""
    if first == last and "end of data" not in error:
        yield Record(first, [], ("invalid-csv", _NO_CSV))
        return
    lines = (_LINE if first == last else _LINES).format(first=first, last=last)
    yield Record(first, [], ("unclosed-quote", _UNCLOSED.format(lines=lines)))
    for number in range(first + 1, last + 1):
        yield Record(number, [], ("unclosed-quote", _SWALLOWED.format(first=first)))
