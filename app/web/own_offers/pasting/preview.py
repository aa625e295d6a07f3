"""What would come of a table that was pasted or sent as a file: old beside new, and errors at their rows."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.kit.errors import ApiError, InvalidInputError
from app.kit.json_bytes import to_json
from app.kit.schemas import Change
from app.supply.capacity_reports.lines import ReportLine
from app.supply.capacity_reports.schemas import Reported
from app.supply.capacity_reports.service import Outcome
from app.web.own_offers.rows import COLUMNS, written
from app.web.shell.problems import said_of
from app.web.shell.words import NOTHING, day

_LABELS: Final = {column.name: column.label for column in COLUMNS} | {
    "placesReserved": "Gereserveerd",
    "note": "Toelichting",
}
_LONGEST: Final = 80
"""Characters of what a line calls its offer that are shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure, as it is and as it would be."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: which offer it is of, what it would change, or why it cannot be read."""

    number: int
    status: str
    offer: str
    changes: list[Difference]
    remarks: list[str]
    errors: list[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """All rows, and how many of them can be taken in; `seen` stands for what the provider saw."""

    lines: list[Line]
    good: int
    wrong: int
    seen: str


def preview_of(sent: Sequence[ReportLine], outcomes: Sequence[Outcome], names: Mapping[UUID, str]) -> Preview:
    """The outcomes of a dry run of these lines, with the names of own offers."""
    lines = [_line(line, each, names) for line, each in zip(sent, outcomes, strict=True)]
    wrong = sum(line.status == "rejected" for line in lines)
    return Preview(lines, len(lines) - wrong, wrong, _seen(outcomes))


def _offer(line: ReportLine, outcome: Outcome, names: Mapping[UUID, str]) -> str:
    """Which offer a line is of: its name where it is an own one, else what the line calls it, however wrong that is."""
    said = line.key or NOTHING
    if isinstance(line.content, Reported):
        said = line.content.offer_key or str(line.content.offer_id)
    with suppress(ValueError):
        said = names.get(outcome.offer_id or UUID(said), said)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _line(line: ReportLine, outcome: Outcome, names: Mapping[UUID, str]) -> Line:
    remarks = [text.nl for _, text in outcome.hints]
    if outcome.status == "accepted" and not outcome.stands:
        remarks.insert(0, "Ouder dan wat er staat: dit komt in het verloop, en verandert nu niets.")
    return Line(
        number=outcome.line,
        status=outcome.status,
        offer=_offer(line, outcome, names),
        changes=[_difference(each) for each in outcome.changes],
        remarks=remarks,
        errors=_errors(outcome.error),
    )


def _difference(change: Change) -> Difference:
    return Difference(_LABELS[change.field], _shown(change.field, change.old), _shown(change.field, change.new))


def _shown(name: str, value: object) -> str:
    if value is None:
        return NOTHING
    text = written(value) if name != "note" else str(value)
    return day(text) if name == "nextFreeOn" else text


def _errors(error: ApiError | None) -> list[str]:
    """What is wrong, with its column where it is of one."""
    if error is None:
        return []
    if not isinstance(error, InvalidInputError):
        return [said_of(error)]
    return [_at_column(each.pointer, each.detail.nl) for each in error.errors]


def of_table(error: InvalidInputError) -> list[str]:
    """What is wrong with a table as a whole; of a column that there is not, with its name."""
    return [
        _at_column(each.pointer, each.detail.nl) if each.code == "unknown-column" else each.detail.nl
        for each in error.errors
    ]


def _at_column(pointer: str, detail: str) -> str:
    """Of `#/line/4/vrij` the column is `vrij`; of `#/line/4` there is none."""
    parts = pointer.split("/")
    return f"{parts[3]}: {detail}" if len(parts) > 3 else detail


def _seen(outcomes: Sequence[Outcome]) -> str:
    """The same for the same outcomes: whether a row still does what was shown before it is taken in."""
    told = [[each.line, each.status, each.stands, [change.values() for change in each.changes]] for each in outcomes]
    return hashlib.sha256(to_json(told)).hexdigest()
