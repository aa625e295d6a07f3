"""A table of capacity reports, out of any file: its heading in any order, and each of its records as a line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.supply.capacity_reports.cells import CellError, check_value, number
from app.supply.capacity_reports.columns import (
    CELLS,
    EMPTIED,
    KEYS,
    NEVER_EMPTY,
    Column,
    column_of,
    headings,
    unclear,
)
from app.supply.capacity_reports.lines import (
    TOTALS_ROW,
    Line,
    Place,
    check,
    in_file,
    refuse,
    says_totals,
)
from app.supply.capacity_reports.records import Record

_LAST_ROW: Final = Text(
    nl="Deze laatste regel heeft alleen getallen en noemt geen aanbod: een totaalregel; hij is niet gelezen. Haal hem "
    "weg, of vul in van welk aanbod hij is.",
    en="This last row has numbers alone and names no offer: a row of totals; it was not read. Take it out, or fill in "
    "which offer it is of.",
)
_TOO_MANY: Final = Text(
    nl="Hier staat meer dan er kolommen zijn; zet tekst met een scheidingsteken tussen aanhalingstekens.",
    en="This holds more than there are columns; put text with a separator in it between quotes.",
)
_FIELD: Final = re.compile(rf"\b(?:{'|'.join(CELLS)})\b")


class Heading(NamedTuple):
    """The column at each place, None where it has no name; its name by its field, and what every field is called."""

    columns: list[Column | None]
    names: Mapping[str, str]
    words: Mapping[str, Text]


def read_heading(record: Record) -> Heading:
    """The heading; `InvalidInputError` where it names no, unknown or repeated columns."""
    place = in_file(record.number)
    if record.fault is not None:
        raise InvalidInputError(InputError(place.pointer(), *record.fault))
    columns = [column_of(name) for name in record.cells]
    errors = list(_heading_errors(place, record.cells, columns))
    if errors:
        raise InvalidInputError(*errors)
    names = {column.field: name for column, name in zip(columns, record.cells, strict=True) if column is not None}
    ours = zip(CELLS, headings("nl"), headings("en"), strict=True)
    words = {field: Text(nl=names.get(field, nl), en=names.get(field, en)) for field, nl, en in ours}
    return Heading(columns, MappingProxyType(names), words)


def read_line(heading: Heading, record: Record, *, ends: bool = False) -> Line:
    """The line that a record holds: what it reports, or what is wrong with it.

    `ends`: it is the last of several, where people put totals.
    """
    place = in_file(record.number, heading.names)
    if record.fault is not None:
        return refuse(place, *record.fault)
    width = len(heading.columns)
    cells = [*record.cells, *[""] * (width - len(record.cells))]
    named = [(column, cell) for column, cell in zip(heading.columns, cells, strict=False) if column is not None]
    unnamed = [cell for column, cell in zip(heading.columns, cells, strict=False) if column is None]
    by_field = {column.field: cell for column, cell in named}
    has_totals = any(map(says_totals, [*by_field.values(), *unnamed])) and not _names_offer(by_field)
    if has_totals and not (by_field.get("providerId") and by_field.get("offerKey")):
        return refuse(place, *TOTALS_ROW)
    if ends and not any(unnamed) and _has_numbers_alone(by_field):
        return refuse(place, "totals-row", _LAST_ROW)
    if any(cells[width:]) or any(unnamed):
        return refuse(place, "too-many-columns", _TOO_MANY)
    values, wrong = _values(place, named)
    given = {field: value for field, value in values.items() if value is not None or field in EMPTIED}
    blank = frozenset(field for field, value in values.items() if value is None and field in NEVER_EMPTY)
    if "placesFree" in blank and any(given.get(field) is not None for field in (*EMPTIED, "acceptsReferrals")):
        given["placesFree"] = None  # it says something, and so cannot do without
    line = check(place, given, wrong, blank)
    if has_totals and isinstance(line.content, InvalidInputError):
        return refuse(place, *TOTALS_ROW)
    return _in_words(line, heading)


def _values(
    place: Place, named: Sequence[tuple[Column, str]]
) -> tuple[dict[str, object | None], dict[str, InputError]]:
    """What each field is given: None where its cell is empty; and what is wrong with those that are not in it."""
    values: dict[str, object | None] = {}
    wrong: dict[str, InputError] = {}
    for column, cell in named:
        try:
            if cell:
                check_value(cell)
            values[column.field] = column.cell(cell) if cell else None
        except CellError as error:
            wrong[column.field] = InputError(place.pointer(column.field), error.code, error.text)
    return values, wrong


def _names_offer(cells: Mapping[str, str]) -> bool:
    """Whether it says which offer it is of, or words of totals stand where it would.

    >>> _names_offer({"providerId": "6f1b7c1e", "offerKey": "duinen", "note": "Totaal verbouwd"})
    True
    >>> _names_offer({"providerId": "6f1b7c1e", "offerKey": "Totaal"})
    False
    """
    has = {field for field in KEYS if cells.get(field) and not says_totals(cells[field])}
    return "offerId" in has or {"providerId", "offerKey"} <= has


def _has_numbers_alone(cells: Mapping[str, str]) -> bool:
    """Whether there are only numbers of places, children and days in it, and not which offer they are of."""
    filled = {field: cell for field, cell in cells.items() if cell}
    return bool(filled) and all(CELLS[field] is number and _is_number(cell) for field, cell in filled.items())


def _is_number(cell: str) -> bool:
    try:
        number(cell)
    except CellError:
        return False
    return True


def _in_words(line: Line, heading: Heading) -> Line:
    """The line, of which the errors call the fields what the file calls them."""
    if not isinstance(line.content, InvalidInputError):
        return line

    def renamed(text: Text) -> Text:
        return Text(
            nl=_FIELD.sub(lambda found: heading.words[found[0]].nl, text.nl),
            en=_FIELD.sub(lambda found: heading.words[found[0]].en, text.en),
        )

    errors = (InputError(each.pointer, each.code, renamed(each.detail)) for each in line.content.errors)
    return line._replace(content=InvalidInputError(*errors))


def _heading_errors(place: Place, names: Sequence[str], columns: Sequence[Column | None]) -> Iterator[InputError]:
    fields = [None if column is None else column.field for column in columns]
    for index, (name, field) in enumerate(zip(names, fields, strict=True)):
        choices = unclear(name)
        if choices is not None:
            yield InputError(place.pointer(name), "no-unit", choices)
        elif field is None and name:
            text = Text(nl="Deze kolom bestaat niet; zie het sjabloon.", en="No such column; see the template.")
            yield InputError(place.pointer(name[:100]), "unknown-column", text)
        elif field is not None and field in fields[:index]:
            first = names[fields.index(field)]
            text = Text(
                nl=f"Dit is dezelfde kolom als '{first}'; laat er één staan.",
                en=f"This is the same column as '{first}'; leave one of them.",
            )
            yield InputError(place.pointer(name), "repeated", text)
    if "offerId" not in fields and not {"providerId", "offerKey"} <= set(fields):
        text = Text(
            nl="De kolom aanbodId ontbreekt, of aanbiederId en aanbodSleutel samen.",
            en="The column offerId is missing, or providerId and offerKey together.",
        )
        yield InputError(place.pointer("offerId"), "missing", text)
