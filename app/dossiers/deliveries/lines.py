"""Lines of a file of waiting children: what each says of a child or what is wrong with it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final, TypeAlias

from pydantic import TypeAdapter, ValidationError

from app.domain.language import Text
from app.dossiers.deliveries.columns import EMPTY, LAYOUT, NEVER_EMPTY, SAYS_NOTHING
from app.dossiers.deliveries.schemas import WaitingChildIn
from app.dossiers.requests.references import Reference
from app.kit.errors import InputError
from app.kit.files import lines
from app.kit.files.formats import Reader
from app.kit.files.lines import Line, LinePosition, refuse, says_totals
from app.kit.files.records import Record
from app.kit.files.tables import TOO_MANY_COLUMNS, Heading, Row, in_words

ChildLine: TypeAlias = Line[WaitingChildIn]
"""A line of a file of waiting children."""
TOTALS_ROW: Final = (
    lines.TOTALS_ROW,
    Text(
        nl="Dit is een totaalregel en geen kind; hij is niet gelezen. Haal hem weg.",
        en="This is a row of totals and no child; it was not read. Take it out.",
    ),
)
_BLANK: Final = Text(nl="Deze cel kan niet leeg zijn.", en="This cell cannot be empty.")


_REFERENCE: Final[TypeAdapter[str]] = TypeAdapter(Reference)


def check(position: LinePosition, value: object) -> ChildLine:
    """The line with this content, held against the rules of a waiting child."""
    given = value.get("childReference") if isinstance(value, dict) else None
    return lines.check(WaitingChildIn, position, value)._replace(key=_key_of(given))


def _key_of(given: object) -> str:
    """The reference, where it is one."""
    with suppress(ValidationError):
        return _REFERENCE.validate_python(given)
    return ""


def read_line(heading: Heading, record: Record, *, ends: bool = False) -> ChildLine:  # noqa: ARG001 - there are no figures to add up
    """The child that a record is about and what it says, or what is wrong with it."""
    row = Row.of(heading, record)
    if record.fault is not None:
        return refuse(row.position, *record.fault)
    reference = row.by_field.get("childReference", "")
    if row.says_totals and (not reference or says_totals(reference)):
        return refuse(row.position, *TOTALS_ROW)
    if row.is_too_wide:
        return refuse(row.position, *TOO_MANY_COLUMNS)
    values, wrong = row.values()
    wrong |= dict(_blank(row.position, values))
    given = {
        field: EMPTY.get(field) if value is None else value
        for field, value in values.items()
        if field not in wrong and not (value is None and field in SAYS_NOTHING)
    }
    line = lines.check(WaitingChildIn, row.position, given, wrong)
    return in_words(line._replace(key=_key_of(given.get("childReference"))), heading)


def _blank(position: LinePosition, values: dict[str, object | None]) -> Iterator[tuple[str, InputError]]:
    for field, value in values.items():
        if value is None and field in NEVER_EMPTY:
            yield field, InputError(position.pointer(field), "missing", _BLANK)


READER: Final = Reader(LAYOUT, check, read_line)
"""How files of waiting children are read."""
