"""Reading what was sent, by its media type: JSON, NDJSON a line at a time, or CSV.

Pointers in the errors: `#/3/placesFree` into a JSON list; `#/line/4/placesFree` into NDJSON and CSV, with the line
counted from 1 and the column as the file calls it.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from typing import Final

import orjson

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError, UnsupportedMediaTypeError
from app.supply.capacity_reports.csv_table import read_table
from app.supply.capacity_reports.limits import MOST
from app.supply.capacity_reports.lines import (
    Line,
    check,
    in_file,
    in_list,
    refuse,
)

Chunks = AsyncIterator[bytes]

LONGEST: Final = 65_536
"""Bytes of a line; a report with the longest note has a quarter of that."""
_PAUSE: Final = 256
"""Lines after which other requests get their turn."""
_BOM: Final = b"\xef\xbb\xbf"
NDJSON: Final = "application/x-ndjson"


class Source:
    """What is sent, which is read once; `digest` is of all of it that was read."""

    def __init__(self, content_type: str, chunks: Chunks) -> None:
        self._type = content_type.partition(";")[0].strip().lower()
        if self._type not in _FORMATS:
            raise UnsupportedMediaTypeError(*TAKEN)
        self._chunks = chunks
        self._hash = hashlib.blake2b(f"{content_type}\n".encode(), digest_size=32)

    async def read(self) -> list[Line]:
        """The lines; `InvalidInputError` where there are too many or none, or it is no such file at all."""
        lines: list[Line] = []
        async for line in _FORMATS[self._type](self._noted()):
            if len(lines) == MOST:
                raise _refused("too-many", Text(nl=f"Hooguit {MOST} regels per keer.", en=f"At most {MOST} lines."))
            lines.append(line)
            if not len(lines) % _PAUSE:
                await asyncio.sleep(0)
        if not lines:
            raise _refused("too-few", Text(nl="Er staat geen enkele regel in.", en="There is not a single line in it."))
        return lines

    async def _noted(self) -> Chunks:
        async for chunk in self._chunks:
            self._hash.update(chunk)
            yield chunk

    @property
    def digest(self) -> bytes:
        return self._hash.digest()


def _refused(code: str, text: Text) -> InvalidInputError:
    return InvalidInputError(InputError("#", code, text))


def _no_json(error: orjson.JSONDecodeError) -> Text:
    return Text(nl=f"Dit is geen geldige JSON: {error.msg}.", en=f"Not valid JSON: {error.msg}.")


async def _whole(chunks: Chunks) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def _json(chunks: Chunks) -> AsyncIterator[Line]:
    try:
        items = orjson.loads(await _whole(chunks))
    except orjson.JSONDecodeError as error:
        raise _refused("invalid-json", _no_json(error)) from error
    if not isinstance(items, list):
        raise _refused("type", Text(nl="Hier hoort een lijst.", en="This should be a list."))
    for index, item in enumerate(items):
        yield check(in_list(index), item)


async def _ndjson(chunks: Chunks) -> AsyncIterator[Line]:
    number = 0
    async for text in _lines(chunks):
        number += 1
        if text is None:
            yield refuse(in_file(number), "too-long", Text(nl="Deze regel is te lang.", en="This line is too long."))
        elif text.strip():
            yield _object(number, text)


def _object(number: int, text: bytes) -> Line:
    place = in_file(number)
    try:
        return check(place, orjson.loads(text.removeprefix(_BOM) if number == 1 else text))
    except orjson.JSONDecodeError as error:
        return refuse(place, "invalid-json", _no_json(error))


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


async def _csv(chunks: Chunks) -> AsyncIterator[Line]:
    for line in read_table(await _whole(chunks)):
        yield line


_FORMATS: Final[dict[str, Callable[[Chunks], AsyncIterator[Line]]]] = {
    "application/json": _json,
    NDJSON: _ndjson,
    "application/ndjson": _ndjson,
    "application/jsonl": _ndjson,
    "text/csv": _csv,
}
TAKEN: Final = ("application/json", NDJSON, "text/csv")
