"""Parts of a file: each is read by the service as the file would be, with the file's own line numbers."""

import tracemalloc
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.client.push import file_parts
from app.client.push.destinations import REPORTS
from app.client.push.file_parts import Part, parts_of
from app.domain.language import Text
from app.kit.errors import InvalidInputError
from app.supply.capacity_reports.lines import ReportLine
from tests.supply.capacity_reports.tables import read_table

CELL = some.text(some.sampled_from('ab1 ,;"é\r\n\x00\ufeff\udcff'), max_size=6)
ROW = some.lists(CELL, max_size=4)


def _written(heading: str, rows: list[list[str]], separator: str, *, quoted: bool) -> bytes:
    """A table as spreadsheets write it; where cells are not quoted it is anything at all."""
    if quoted:
        rows = [['"{}"'.format(cell.replace('"', '""')) for cell in row] for row in rows]
    lines = [heading.replace(",", separator), *(separator.join(row) for row in rows)]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape")


Told = tuple[int, list[Text]]


def _told(line: ReportLine) -> Told:
    errors = line.content.errors if isinstance(line.content, InvalidInputError) else ()
    return line.position.number, [each.detail for each in errors]


def _told_of(part: Part) -> list[Told]:
    """What is told of each line of a part, by the lines of the file."""
    read = [_told(line) for line in read_table(part.body)] if part.body else []
    sent = [(part.numbers[number - 1], texts) for number, texts in read]
    return sorted([*sent, *((number, [text]) for number, text in part.unread)], key=lambda each: each[0])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=some.lists(ROW, max_size=12),
    separator=some.sampled_from(",;"),
    quoted=some.booleans(),
    blank=some.sampled_from(["", "\n", "\r\n\r\n", "\ufeff"]),
    most=some.integers(1, 5),
    largest=some.sampled_from([40, 70, 1_000_000]),
)
def test_a_table_in_parts_is_read_as_the_whole(
    tmp_path: Path, rows: list[list[str]], separator: str, quoted: bool, blank: str, most: int, largest: int
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(blank.encode() + _written("offerId,placesFree,note", rows, separator, quoted=quoted))
    with patch.object(file_parts, "LARGEST", largest):
        parts = list(parts_of(path, REPORTS, most))
    whole = [_told(line) for line in read_table(path.read_bytes())]
    told = [_told_of(part) for part in parts]
    assert [each for part in told for each in part] == whole
    for part in told:
        assert 0 < len(part) <= most


@pytest.mark.parametrize("suffix", [".csv", ".ndjson"])
def test_a_large_file_is_never_in_memory_as_a_whole(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    with path.open("w") as file:
        file.write("offerId,placesFree,note\n" if suffix == ".csv" else "")
        for number in range(100_000):
            cells = f"x{number},1,{'n' * 90}\n"
            file.write(cells if suffix == ".csv" else f'{{"offerKey": "{cells.strip()}"}}\n')
    size = path.stat().st_size
    assert size > 9_000_000
    tracemalloc.start()
    last = None
    for last in parts_of(path, REPORTS, 5000):
        assert len(last.body) <= file_parts.LARGEST
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert last is not None
    assert last.read == size
    assert peak < 6_000_000
