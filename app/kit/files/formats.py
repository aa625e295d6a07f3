"""Reading what was sent, by its media type: JSON, NDJSON a line at a time, or a table, as text or as a workbook.

A table is what it is by its content: a workbook that is sent as text/csv is read as a workbook. Pointers in the errors:
`#/3/placesFree` into a JSON list; `#/line/4/placesFree` into NDJSON and tables, with the line or row counted from 1 and
the column as the file calls it.
"""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Generic, Protocol

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError, UnsupportedMediaTypeError
from app.kit.files.layout import Layout
from app.kit.files.limits import MOST
from app.kit.files.lines import Content, Line, LinePosition, in_file, in_list, refuse
from app.kit.files.records import Fault, NoTableError, Record, open_table
from app.kit.files.tables import Heading, read_heading
from app.kit.json_text import read_json
from app.kit.media_types import CSV, JSON, NDJSON, XLSX
from app.kit.turns import Turns

Chunks = AsyncIterator[bytes]

LONGEST: Final = 65_536
"""Bytes of a line; one with the longest free text has a quarter of that."""
TABLES: Final = (CSV, "application/csv", "text/tab-separated-values", XLSX, "application/vnd.ms-excel")
"""What tables are sent as; a browser calls a CSV file that Excel opens application/vnd.ms-excel."""
TAKEN: Final = (JSON, NDJSON, CSV, XLSX)


class ReadLine(Protocol[Content]):
    """What reads a record of a table; `ends`: it is the last of several, where people put totals."""

    def __call__(self, heading: Heading, record: Record, *, ends: bool = ...) -> Line[Content]: ...


@dataclass(frozen=True, slots=True)
class Reader(Generic[Content]):
    """How the lines of one kind are read: tables by their layout, each record by `read_line`, and JSON by `check`."""

    layout: Layout
    check: Callable[[LinePosition, object], Line[Content]]
    read_line: ReadLine[Content]


class Source(Generic[Content]):
    """What is sent, which is read once; `digest` is of all of it that was read, `hints` what was taken for granted."""

    def __init__(self, reader: Reader[Content], content_type: str, chunks: Chunks) -> None:
        self._reader = reader
        self._type = content_type.partition(";")[0].strip().lower()
        if self._type not in _FORMATS:
            raise UnsupportedMediaTypeError(*TAKEN)
        self._chunks = chunks
        self._hash = hashlib.blake2b(f"{content_type}\n".encode(), digest_size=32)
        self.hints: list[Fault] = []

    async def read(self) -> list[Line[Content]]:
        """The lines; `InvalidInputError` where there are too many or none, or it is no such file at all."""
        lines: list[Line[Content]] = []
        turns = Turns()
        async for line in self._lines():
            if len(lines) == MOST:
                raise _refused("too-many", Text(nl=f"Hooguit {MOST} regels per keer.", en=f"At most {MOST} lines."))
            lines.append(line)
            await turns.give()
        if not lines:
            raise _refused("too-few", Text(nl="Er staat geen enkele regel in.", en="There is not a single line in it."))
        return lines

    def _lines(self) -> AsyncIterator[Line[Content]]:
        read = _FORMATS[self._type]
        return self._table() if read is None else read(self._noted(), self._reader)

    async def _table(self) -> AsyncIterator[Line[Content]]:
        body = await _whole(self._noted())
        try:
            records = await asyncio.to_thread(self._records, body)
        except NoTableError as error:
            raise _refused(error.code, error.text) from error
        heading = read_heading(self._reader.layout, records[0]) if records else None
        for record in records[1:]:
            if heading is not None:
                yield self._reader.read_line(heading, record, ends=record is records[-1] and len(records) > 2)

    def _records(self, body: bytes) -> list[Record]:
        """The heading, and no more of the others than tell that there are too many."""
        table = open_table(io.BytesIO(body), self._reader.layout)
        self.hints = table.hints
        return list(islice(table.records, MOST + 2))

    async def _noted(self) -> Chunks:
        async for chunk in self._chunks:
            self._hash.update(chunk)
            yield chunk

    @property
    def digest(self) -> bytes:
        return self._hash.digest()


def _refused(code: str, text: Text) -> InvalidInputError:
    return InvalidInputError(InputError("#", code, text))


async def _whole(chunks: Chunks) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def _json(chunks: Chunks, reader: Reader[Any]) -> AsyncIterator[Line[Any]]:
    items = read_json(await _whole(chunks))
    if not isinstance(items, list):
        raise _refused("type", Text(nl="Hier hoort een lijst.", en="This should be a list."))
    for index, item in enumerate(items):
        yield reader.check(in_list(index), item)


async def _ndjson(chunks: Chunks, reader: Reader[Any]) -> AsyncIterator[Line[Any]]:
    number = 0
    async for text in _lines(chunks):
        number += 1
        if text is None:
            yield refuse(in_file(number), "too-long", Text(nl="Deze regel is te lang.", en="This line is too long."))
        elif text.strip():
            yield _object(number, text, reader)


def _object(number: int, text: bytes, reader: Reader[Any]) -> Line[Any]:
    position = in_file(number)
    try:
        return reader.check(position, read_json(text, *position.path, line=number))
    except InvalidInputError as error:
        return Line(position, error)


async def _lines(chunks: Chunks) -> AsyncIterator[bytes | None]:
    """Each line; None for one over LONGEST, which is not kept."""
    held, too_long = bytearray(), False
    async for chunk in chunks:
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            held += end
            yield None if too_long or len(held) > LONGEST else bytes(held)
            held, too_long = bytearray(), False
        held += rest
        if len(held) > LONGEST:
            held, too_long = bytearray(), True
    if held or too_long:
        yield None if too_long else bytes(held)


_FORMATS: Final[dict[str, Callable[[Chunks, Reader[Any]], AsyncIterator[Line[Any]]] | None]] = {
    JSON: _json,
    NDJSON: _ndjson,
    "application/ndjson": _ndjson,
    "application/jsonl": _ndjson,
    **dict.fromkeys(TABLES),
}
