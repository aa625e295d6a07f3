"""Reading a file in parts that one call takes, so that what comes of each line can be told by the file's own lines."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from app.client.push.errors import FileError
from app.domain.language import Text
from app.supply.capacity_reports.csv_records import read_records, separator_of

LARGEST: Final = 1_000_000
"""Bytes of a part, unless one line has more: what a proxy in front of the service takes as a rule."""
_JSON: Final = "application/json"
_NDJSON: Final = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Part:
    """What goes in one call. A line of it plus `shift` is one of the file, of which `read` bytes are behind it."""

    body: bytes
    media_type: str
    shift: int
    read: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Locations and offers, which go in one call together."""

    body: bytes


@dataclass(slots=True)
class _Gathering:
    """Lines until there are enough for a part."""

    start: bytes
    first: int
    lines: list[bytes] = field(default_factory=list)
    size: int = 0
    count: int = 0

    def is_full(self, more: bytes, most: int) -> bool:
        return bool(self.count) and (self.count == most or len(self.start) + self.size + len(more) > LARGEST)

    def add(self, more: bytes, *, counts: bool) -> None:
        self.lines.append(more)
        self.size += len(more)
        self.count += counts


def open_file(path: Path) -> Catalogue | None:
    """The catalogue in a file that holds one: JSON with `requests` or `locations`; None where it is one of reports."""
    if _kind(path) != ".json":
        return None
    content = _load(path)
    if isinstance(content, list):
        return None
    if not isinstance(content, dict) or not content.keys() & {"requests", "locations"}:
        text = Text(
            nl=f"{path}: hier hoort een lijst met meldingen, of een object met locations en requests (het aanbod).",
            en=f"{path}: this should be a list of reports, or an object with locations and requests (the offers).",
        )
        raise FileError(text)
    return Catalogue(json.dumps({"requests": [], **content}).encode())


def parts_of(path: Path, most: int) -> Iterator[Part]:
    """The parts of a file of capacity reports, of at most so many reports; a file is never in memory as a whole,
    save JSON, which is one value."""
    kind = _kind(path)
    if kind == ".json":
        yield from _list(_load(path), most, path.stat().st_size)
        return
    if kind == ".csv":
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
            yield from _table(lines, most)
    else:
        with path.open("rb") as objects:
            yield from _objects(objects, most)


def _kind(path: Path) -> str:
    kind = {".jsonl": ".ndjson"}.get(path.suffix.lower(), path.suffix.lower())
    if kind not in {".csv", ".json", ".ndjson"}:
        names = ".csv, .json, .ndjson, .jsonl"
        raise FileError(
            Text(nl=f"{path}: de naam moet eindigen op {names}.", en=f"{path}: the name must end in one of {names}.")
        )
    return kind


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise FileError(
            Text(nl=f"{path}: dit is geen geldige JSON: {error}", en=f"{path}: not valid JSON: {error}")
        ) from error


def _list(items: Sequence[Any], most: int, size: int) -> Iterator[Part]:
    gathering = _Gathering(b"", 1)

    def part(done: int) -> Part:
        body = b"[" + b",".join(gathering.lines) + b"]"
        return Part(body, _JSON, gathering.first - 1, size * done // len(items))

    for number, item in enumerate(items, start=1):
        text = json.dumps(item, separators=(",", ":")).encode()
        if gathering.is_full(text, most):
            yield part(number - 1)
            gathering = _Gathering(b"", number)
        gathering.add(text, counts=True)
    if gathering.count:
        yield part(len(items))


def _objects(file: Iterable[bytes], most: int) -> Iterator[Part]:
    gathering, read = _Gathering(b"", 1), 0
    for number, line in enumerate(file, start=1):
        if gathering.is_full(line, most):
            yield _part(gathering, _NDJSON, gathering.first - 1, read)
            gathering = _Gathering(b"", number)
        gathering.add(line, counts=bool(line.strip()))
        read += len(line)
    if gathering.count:
        yield _part(gathering, _NDJSON, gathering.first - 1, read)


def _part(gathering: _Gathering, media_type: str, shift: int, read: int) -> Part:
    return Part(gathering.start + b"".join(gathering.lines), media_type, shift, read)


def _table(file: IO[str], most: int) -> Iterator[Part]:
    """Each part begins with the heading. What is no UTF-8 goes along as it is, for the service to tell."""
    separator = separator_of(file)
    file.seek(0)
    taken: list[str] = []
    records = read_records(_noted(file, taken), separator)
    next(records, None)
    heading, head = _encoded(taken), len(taken)
    taken.clear()
    gathering, read, number = _Gathering(heading, head + 1), len(heading), head
    for _ in records:
        record, lines = _encoded(taken), len(taken)
        taken.clear()
        if gathering.is_full(record, most):
            yield _part(gathering, "text/csv", gathering.first - 1 - head, read)
            gathering = _Gathering(heading, number + 1)
        gathering.add(record, counts=True)
        number += lines
        read += len(record)
    if gathering.count:
        yield _part(gathering, "text/csv", gathering.first - 1 - head, read)


def _noted(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _encoded(lines: Iterable[str]) -> bytes:
    return "".join(lines).encode("utf-8", "surrogateescape")
