"""The statement as the page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.domain.dates import dutch_day
from app.dossiers.deliveries.month_schemas import InstitutionMonth, State
from app.insight.answers.service import Answered, Row
from app.web.plots.plot import Missing
from app.web.shell.words import day

STATES: Final[dict[State, tuple[str, str]]] = {
    "missing": ("✕", "niet geleverd"),
    "delivered": ("✓", "geleverd"),
    "confirmed": ("✓", "bevestigd"),
}
"""A sign and a word for how far an institution is with a month."""

_ORDER: Final = tuple(STATES)
_MONTH_ENDS: Final = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the statement: of whom, and its counts in words."""

    name: str
    counts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement: its columns with what each counts, and its lines: the total, then each municipality or region."""

    columns: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    hidden: int


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution in the month of the statement."""

    name: str
    sign: str
    state: str
    kind: State
    last: str
    reminded: str


def statement_of(answered: Answered) -> Statement:
    """The answer of a day as a table, by name; a count that is hidden says so."""
    lines = sorted((_line(row, row.name) for row in answered.items), key=lambda line: line.name)
    columns = [(each.title.nl, each.definition.nl) for each in answered.resource]
    return Statement(columns, [_line(answered.totals[0], "Totaal"), *lines], answered.hidden or 0)


def _line(row: Row, name: str) -> Line:
    return Line(name, [Missing.HIDDEN.value if each is None else f"{each:.0f}" for each in row.figures.values()])


def institutions_of(months: Sequence[InstitutionMonth]) -> list[Institution]:
    """Who delivered and who did not; these first."""
    return [_institution(each) for each in sorted(months, key=lambda each: _ORDER.index(each.state))]


def _institution(month: InstitutionMonth) -> Institution:
    sign, word = STATES[month.state]
    last = max((each.at for each in month.deliveries), default=None)
    return Institution(
        name=month.institution or "een instelling die hier niet is aangesloten",
        sign=sign,
        state=word,
        kind=month.state,
        last=day(dutch_day(last)) if last else "",
        reminded=day(dutch_day(month.reminded_at)) if month.reminded_at else "",
    )


def month_ends(today: date) -> list[date]:
    """The last days of the months that are over, the last first."""
    found, last = [], today.replace(day=1) - timedelta(days=1)
    for _ in range(_MONTH_ENDS):
        found.append(last)
        last = last.replace(day=1) - timedelta(days=1)
    return found
