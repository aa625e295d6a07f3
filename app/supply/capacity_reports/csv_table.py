"""A CSV file (RFC 4180) of capacity reports: UTF-8 with or without BOM, comma or semicolon, columns in any order."""

import io
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final, TypeAlias

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.supply.capacity_reports.columns import CELLS, Cell, field_of
from app.supply.capacity_reports.csv_records import Record, read_records, separator_of
from app.supply.capacity_reports.lines import (
    Line,
    Place,
    check,
    in_file,
    refuse,
)

_UNDECODED: Final = re.compile("[\udc80-\udcff]")
_NO_UTF8: Final = Text(
    nl="Deze regel is geen UTF-8; sla het bestand op als 'CSV UTF-8'.",
    en="This line is not UTF-8; save the file as 'CSV UTF-8'.",
)
_NO_CSV: Final = Text(
    nl="Deze regel is geen geldige CSV: een aanhalingsteken staat verkeerd of een veld is te lang.",
    en="This line is not valid CSV: a quote is out of place or a field too long.",
)


Column: TypeAlias = tuple[str, Cell]
"""The field that a column holds, and how its cells are read."""


def read_table(body: bytes) -> Iterator[Line]:
    """The lines of the file; `InvalidInputError` where its heading names no, unknown or repeated columns."""
    text = body.decode("utf-8-sig", "surrogateescape")
    records = read_records(io.StringIO(text, newline=""), separator_of(io.StringIO(text, newline="")))
    heading = next(records, None)
    if heading is None:
        return
    fields = _fields(heading)
    names = dict(zip(filter(None, fields), _used(heading, fields), strict=True))
    columns = [None if field is None else (field, CELLS[field]) for field in fields]
    whole = _UNDECODED.search(text) is None
    for record in records:
        yield _line(in_file(record.number, names), record, columns, whole=whole)


def _fields(heading: Record) -> list[str | None]:
    """The field of each column; None where it has no name."""
    if heading.cells is None:
        raise InvalidInputError(InputError(in_file(heading.number).pointer(), "invalid-csv", _NO_CSV))
    fields = [field_of(name) for name in heading.cells]
    place = in_file(heading.number)
    errors = list(_heading_errors(place, heading.cells, fields))
    if errors:
        raise InvalidInputError(*errors)
    return fields


def _heading_errors(place: Place, names: Sequence[str], fields: Sequence[str | None]) -> Iterator[InputError]:
    for index, (name, field) in enumerate(zip(names, fields, strict=True)):
        if field is None and name.strip():
            text = Text(nl="Deze kolom bestaat niet; zie het sjabloon.", en="No such column; see the template.")
            yield InputError(place.pointer(name.strip()[:100]), "unknown-column", text)
        elif field is not None and field in fields[:index]:
            text = Text(
                nl=f"De kolom {field} staat er meer dan eens.", en=f"The column {field} is there more than once."
            )
            yield InputError(place.pointer(name.strip()), "repeated", text)
    if "placesFree" not in fields:
        text = Text(nl="De kolom plekkenVrij (placesFree) ontbreekt.", en="The column placesFree is missing.")
        yield InputError(place.pointer("placesFree"), "missing", text)
    if "offerId" not in fields and not {"providerId", "offerKey"} <= set(fields):
        text = Text(
            nl="De kolom aanbodId ontbreekt, of aanbiederId en aanbodSleutel samen.",
            en="The column offerId is missing, or providerId and offerKey together.",
        )
        yield InputError(place.pointer("offerId"), "missing", text)


def _used(heading: Record, fields: Sequence[str | None]) -> Iterator[str]:
    for name, field in zip(heading.cells or [], fields, strict=True):
        if field is not None:
            yield name.strip()


def _line(place: Place, record: Record, columns: Sequence[Column | None], *, whole: bool) -> Line:
    if record.cells is None:
        return refuse(place, "invalid-csv", _NO_CSV)
    if not whole and any(map(_UNDECODED.search, record.cells)):
        return refuse(place, "encoding", _NO_UTF8)
    values: dict[str, object] = {}
    for column, cell in zip_longest(columns, map(str.strip, record.cells)):
        if not cell:
            continue
        if column is None:
            return _too_many(place)
        values[column[0]] = column[1](cell)
    return check(place, values)


def _too_many(place: Place) -> Line:
    text = Text(
        nl="Hier staat meer dan er kolommen zijn; zet tekst met een scheidingsteken tussen aanhalingstekens.",
        en="This holds more than there are columns; put text with a separator in it between quotes.",
    )
    return refuse(place, "too-many-columns", text)
