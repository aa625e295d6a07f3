"""Reading a file in parts that one call takes, so that what comes of each line can be told by the file's own lines."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any, BinaryIO, Final
from urllib.parse import unquote

from app.client.push.destinations import REPORTS, Destination
from app.client.push.errors import FileError
from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.kit.files.layout import Layout
from app.kit.files.records import NoTableError, Table, is_workbook, open_table
from app.kit.json_text import read_json
from app.kit.media_types import CSV, JSON, NDJSON

LARGEST: Final = 1_000_000
"""Bytes of a part, unless one line has more: what a proxy in front of the service takes as a rule."""
_MOST_TAGS: Final = 30_000_000
"""Tags of a workbook of one's own: more than the service takes at once, because it goes in parts."""
_KINDS: Final = {
    **{name: name for name in (".csv", ".json", ".ndjson")},
    **dict.fromkeys((".txt", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls"), ".csv"),
    ".jsonl": ".ndjson",
}
"""What a file is by how its name ends: a table (.csv), whatever it holds, or lines in JSON."""
_NOT_JSON: Final = Text(nl="dit is geen geldige JSON: {what}", en="not valid JSON: {what}")
_LINE_END: Final = re.compile(rb"\r\n?|\n")
_SEPARATOR_LINE: Final = b"sep=,\r\n"


@dataclass(frozen=True, slots=True)
class Part:
    """What goes in one call; nothing, where its lines could not be read.

    `numbers` are the lines of the file that those of the body are, in order; `unread` are lines that are not in it, and
    why. So many bytes of the file are `read` when it is done. `hints` say what was taken for granted in reading.
    """

    body: bytes
    media_type: str
    numbers: Sequence[int]
    read: int
    unread: Sequence[tuple[int, Text]] = ()
    hints: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Locations and offers, which go in one call together."""

    body: bytes


@dataclass(slots=True)
class _OpenPart:
    """Lines until there are enough for a part."""

    start: bytes
    first: int
    lines: list[bytes] = field(default_factory=list)
    size: int = 0
    count: int = 0

    def is_full(self, more: bytes, most: int, largest: float) -> bool:
        return bool(self.count) and (self.count == most or len(self.start) + self.size + len(more) > largest)

    def add(self, more: bytes, *, counts: bool) -> None:
        self.lines.append(more)
        self.size += len(more)
        self.count += counts


def open_file(path: Path, to: Destination) -> Catalogue | None:
    """The catalogue in a file that holds one: JSON with `requests` or `locations`; None where it is one of lines.

    Nothing else than lines goes to a destination that takes no reports.
    """
    if _kind(path) != ".json":
        return None
    content = _load(path)
    if isinstance(content, list):
        return None
    if to.path != REPORTS.path:
        text = Text(nl="{path}: hier hoort een lijst met {things}.", en="{path}: this should be a list of {things}.")
        raise FileError(text.format(path=str(path), things=to.things))
    if not isinstance(content, dict) or not content.keys() & {"requests", "locations"}:
        text = Text(
            nl=f"{path}: hier hoort een lijst met meldingen, of een object met locations en requests (het aanbod).",
            en=f"{path}: this should be a list of reports, or an object with locations and requests (the offers).",
        )
        raise FileError(text)
    return Catalogue(json.dumps({"requests": [], **content}).encode())


def parts_of(path: Path, to: Destination, most: int) -> Iterator[Part]:
    """The parts of a file of lines, of at most so many lines; a file is never in memory as a whole, save JSON, which is
    one value, and what is to go at once."""
    kind = _kind(path)
    largest = inf if to.is_whole else LARGEST
    if kind == ".json":
        yield from _list(_load(path), most, path.stat().st_size, largest)
        return
    with path.open("rb") as file:
        yield from _table(path, file, to.layout, most, largest) if kind == ".csv" else _objects(file, most, largest)


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        if is_workbook(file):
            return ".csv"
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        names = ", ".join(_KINDS)
        raise FileError(
            Text(nl=f"{path}: de naam moet eindigen op {names}.", en=f"{path}: the name must end in one of {names}.")
        )
    return kind


def _load(path: Path) -> Any:
    try:
        return read_json(path.read_bytes())
    except InvalidInputError as error:
        first = error.errors[0]
        what = _told(first) if first.code == "duplicate-field" else _NOT_JSON.format(what=str(error.__cause__))
        raise FileError(Text(nl=f"{path}: {what.nl}", en=f"{path}: {what.en}")) from error


def _told(error: InputError) -> Text:
    """What is wrong in a JSON text, with the name of the field that is there more than once."""
    if error.code != "duplicate-field":
        return error.detail
    name = repr(unquote(error.pointer.rpartition("/")[2]).replace("~1", "/").replace("~0", "~"))
    return Text(nl=f"{name}: {error.detail.nl}", en=f"{name}: {error.detail.en}")


def _list(items: Sequence[Any], most: int, size: int, largest: float) -> Iterator[Part]:
    open_part = _OpenPart(b"", 1)

    def part(done: int) -> Part:
        body = b"[" + b",".join(open_part.lines) + b"]"
        return Part(body, JSON, range(open_part.first, done + 1), size * done // len(items))

    for number, item in enumerate(items, start=1):
        text = json.dumps(item, separators=(",", ":")).encode()
        if open_part.is_full(text, most, largest):
            yield part(number - 1)
            open_part = _OpenPart(b"", number)
        open_part.add(text, counts=True)
    if open_part.count:
        yield part(len(items))


def _objects(file: Iterable[bytes], most: int, largest: float) -> Iterator[Part]:
    open_part, read = _OpenPart(b"", 1), 0
    for number, line in enumerate(file, start=1):
        if open_part.is_full(line, most, largest):
            yield _part(open_part, read)
            open_part = _OpenPart(b"", number)
        open_part.add(line, counts=bool(line.strip()))
        read += len(line)
    if open_part.count:
        yield _part(open_part, read)


def _part(open_part: _OpenPart, read: int) -> Part:
    """The lines; those that are no JSON stay here, where it is known on which line of the file they are."""
    body, numbers, unread = list[bytes](), list[int](), list[tuple[int, Text]]()
    for number, line in enumerate(open_part.lines, start=open_part.first):
        try:
            if line.strip():
                read_json(line, line=number)
        except InvalidInputError as error:
            unread += [(number, _told(each)) for each in error.errors]
        else:
            body.append(line)
            numbers.append(number)
    return Part(b"".join(body), NDJSON, numbers, read, unread)


def _table(path: Path, file: BinaryIO, layout: Layout, most: int, largest: float) -> Iterator[Part]:
    """The records as CSV, each part with the heading; a line that cannot be read stays here."""
    try:
        table = open_table(file, layout, most_tags=_MOST_TAGS)
        yield from _table_parts(table, most, largest)
    except NoTableError as error:
        raise FileError(Text(nl=f"{path}: {error.text.nl}", en=f"{path}: {error.text.en}")) from error


def _table_parts(table: Table, most: int, largest: float) -> Iterator[Part]:
    heading = next(table.records, None)
    if heading is None:
        return
    if heading.fault is not None:
        raise NoTableError(*heading.fault)
    start = _SEPARATOR_LINE + _written(heading.cells)
    hints = [text for _, text in table.hints]
    head = [heading.number] * _lines_of(start)
    open_part, numbers, unread = _OpenPart(start, 0), head.copy(), list[tuple[int, Text]]()

    def part() -> Part:
        body = start + b"".join(open_part.lines) if open_part.lines else b""
        return Part(body, CSV, tuple(numbers), table.read(), tuple(unread), hints)

    for record in table.records:
        line = b"" if record.fault else _written(record.cells)
        if open_part.is_full(line, most, largest):
            yield part()
            open_part = _OpenPart(start, 0)
            del numbers[len(head) :], unread[:], hints[:]
        if record.fault is None:
            open_part.add(line, counts=True)
            numbers += [record.number] * _lines_of(line)
        else:
            open_part.count += 1
            unread.append((record.number, record.fault[1]))
    if open_part.count:
        yield part()


def _written(cells: Sequence[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue().encode()


def _lines_of(written: bytes) -> int:
    """Lines as a reader of CSV counts them: a cell may end one with any of the three."""
    return len(_LINE_END.findall(written))
