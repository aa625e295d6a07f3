"""The records of a CSV file (RFC 4180) and their line numbers, whatever the columns hold: for reader and sender."""

import csv
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Record(NamedTuple):
    """A record that is not empty, and the line that it begins on."""

    number: int
    cells: list[str] | None
    """None where it is no CSV."""


def separator_of(lines: Iterable[str]) -> str:
    """What parts the columns, by the first line that is not empty."""
    first = next(filter(str.strip, lines), "")
    return ";" if first.count(";") > first.count(",") else ","


def read_records(lines: Iterable[str], separator: str) -> Iterator[Record]:
    """The records that are not empty; as much is read of the lines as a record takes."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            yield Record(number, None)
            continue
        if cells is None:
            return
        if any(map(str.strip, cells)):
            yield Record(number, cells)
