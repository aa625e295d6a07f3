"""Lines of a bulk push: a valid report or what is wrong with it, out of JSON or a record of a table."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.kit.files import lines
from app.kit.files.cells import CellError, number
from app.kit.files.formats import Reader
from app.kit.files.lines import Line, LinePosition, in_file, refuse, says_totals, told_fields
from app.kit.files.records import Record
from app.kit.files.tables import TOO_MANY_COLUMNS, Heading, Row, in_words
from app.supply.capacity_reports.columns import CELLS, EMPTIED, KEYS, LAYOUT, NEVER_EMPTY
from app.supply.capacity_reports.plain_lines import read_plain
from app.supply.capacity_reports.schemas import CapacityReportIn, Reported

ReportLine: TypeAlias = Line[Reported]
"""A line of a file of reports."""

TOTALS_ROW: Final = (
    lines.TOTALS_ROW,
    Text(
        nl="Dit is een totaalregel, en geen melding over een aanbod; hij is niet gelezen. Haal hem weg.",
        en="This is a row of totals, and no report of an offer; it was not read. Take it out.",
    ),
)
"""What is wrong with a row of totals: a code, and in words."""
_LAST_ROW: Final = (
    lines.TOTALS_ROW,
    Text(
        nl="Deze laatste regel heeft alleen getallen en noemt geen aanbod: een totaalregel; hij is niet gelezen. Haal "
        "hem weg, of vul in van welk aanbod hij is.",
        en="This last row has numbers alone and names no offer: a row of totals; it was not read. Take it out, or fill "
        "in which offer it is of.",
    ),
)
_NOTHING_WRONG: Mapping[str, InputError] = MappingProxyType({})


def check(
    position: LinePosition,
    value: object,
    wrong: Mapping[str, InputError] = _NOTHING_WRONG,
    blank: frozenset[str] = frozenset(),
) -> ReportLine:
    """The line with this content, held against the rules of a report; as `kit.files.lines.check`.

    `blank` are figures: of an offer that was never reported they say nothing, of another they are wrong.
    """
    line = lines.check(CapacityReportIn, position, value, wrong, blank, is_about=_is_about)
    content = line.content
    return Line(position, content if isinstance(content, InvalidInputError) else content.reported(), line.blank)


def _is_about(error: Any, fields: Iterable[str]) -> bool:
    """Whether it is about one of the fields; that an offer is not named is about all that would name it."""
    told, named = told_fields(error), set(fields)
    return not told.isdisjoint(named) or not (told.isdisjoint(KEYS) or named.isdisjoint(KEYS))


def read_line(heading: Heading, record: Record, *, ends: bool = False) -> ReportLine:
    """The line that a record holds: what it reports, or what is wrong with it.

    `ends`: it is the last of several, where people put totals.
    """
    plain = read_plain(heading.columns, record)
    if plain is not None:
        return Line(in_file(record.number, heading.names), plain)
    return read_cells(heading, record, ends=ends)


def read_cells(heading: Heading, record: Record, *, ends: bool = False) -> ReportLine:
    """As `read_line`, looking at cell by cell; of a line that says nothing the key is the cell that names the offer."""
    row = Row.of(heading, record)
    line, cells = _of_row(heading, record, row, ends=ends), row.by_field
    if isinstance(line.content, Reported):
        return line
    return line._replace(key=cells.get("offerId") or cells.get("offerKey") or "")


def _of_row(heading: Heading, record: Record, row: Row, *, ends: bool) -> ReportLine:
    if record.fault is not None:
        return refuse(row.position, *record.fault)
    by_field = row.by_field
    has_totals = row.says_totals and not _names_offer(by_field)
    if has_totals and not (by_field.get("providerId") and by_field.get("offerKey")):
        return refuse(row.position, *TOTALS_ROW)
    if ends and not any(row.unnamed) and _has_numbers_alone(by_field):
        return refuse(row.position, *_LAST_ROW)
    if row.is_too_wide:
        return refuse(row.position, *TOO_MANY_COLUMNS)
    line = _checked(row)
    if has_totals and isinstance(line.content, InvalidInputError):
        return refuse(row.position, *TOTALS_ROW)
    return in_words(line, heading)


def _checked(row: Row) -> ReportLine:
    values, wrong = row.values()
    given = {field: value for field, value in values.items() if value is not None or field in EMPTIED}
    blank = frozenset(field for field, value in values.items() if value is None and field in NEVER_EMPTY)
    if "placesFree" in blank and any(given.get(field) is not None for field in (*EMPTIED, "acceptsReferrals")):
        given["placesFree"] = None  # it says something, and so cannot do without
    return check(row.position, given, wrong, blank)


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


READER: Final = Reader(LAYOUT, check, read_line)
"""How files of capacity reports are read."""
