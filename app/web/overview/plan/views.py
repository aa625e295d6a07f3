"""Actions of a plan as the pages show them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from app.domain.dates import dutch_day
from app.insight.keeping.schemas import HistoryEntryOut
from app.insight.plans.report_schemas import ActionReportOut, ReportedActionOut, ReportedFigureOut
from app.insight.plans.states import LIGHT_NAMES, STATUS_NAMES
from app.kit.schemas import Change, read_moment
from app.kit.security.callers import Caller, Role
from app.reference.lists import reference
from app.web.overview.areas import Option
from app.web.overview.lights import LightShown, light_shown
from app.web.plots.plot import Missing, Unit
from app.web.plots.wording import value_in_words
from app.web.shell.words import NOTHING, day

LIGHTS: Final = [Option(code, name.nl) for code, name in LIGHT_NAMES.items()]
STATUSES: Final = [Option(code, name.nl) for code, name in STATUS_NAMES.items()]
NAMES: Final = {each.code: each.name for each in (*LIGHTS, *STATUSES)}
"""Of the codes of lights and statuses."""
_UNITS: Final[dict[str, Unit]] = {"share": "share", "median": "days", "p90": "days"}
_FIELDS: Final = {
    "direction": "richting",
    "title": "actie",
    "owner": "trekker",
    "result": "beoogd resultaat",
    "dueOn": "uiterlijk",
    "status": "stand",
    "light": "licht",
    "word": "toelichting",
    "figures": "cijfers",
    "withdrawnAt": "ingetrokken op",
    "why": "waarom ingetrokken",
}
_WRITTEN: Final[dict[str, Callable[[Any], str]]] = {
    "light": lambda code: LIGHT_NAMES[code].nl,
    "status": lambda code: STATUS_NAMES[code].nl,
    "dueOn": day,
    "direction": lambda direction: str(direction["title"]),
    "figures": lambda figures: ", ".join(str(each["name"]) for each in figures),
    "withdrawnAt": lambda moment: day(dutch_day(read_moment(moment))),
}
_DONE: Final = {"added": "toegevoegd", "changed": "gewijzigd", "withdrawn": "ingetrokken"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that an action should move: what it is, and its values in the month and the one before."""

    title: str
    value: str
    before: str


@dataclass(frozen=True, slots=True)
class Action:
    """An action in the report of a month."""

    id: str
    title: str
    owner: str
    result: str
    due: str
    overdue: bool
    withdrawn: bool
    status: str
    light: LightShown | None
    previous: LightShown | None
    word: str | None
    figures: Sequence[Figure]
    changes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Direction:
    """A direction of the plan with its actions."""

    title: str
    actions: Sequence[Action]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history of an action."""

    on: str
    what: str
    by: str
    changes: Sequence[str]


def directions_of(report: ActionReportOut, caller: Caller) -> list[Direction]:
    """The actions of a report by direction, in its order."""
    empty = Missing.UNKNOWN.value if caller.role is Role.REGION else "niet bekend of niet getoond"
    return [
        Direction(title, [_action(each, empty) for each in items])
        for title, items in groupby(report.items, key=_direction)
    ]


def _direction(item: ReportedActionOut) -> str:
    number = item.direction.number
    return item.direction.title if number is None else f"{number}. {item.direction.title}"


def _action(item: ReportedActionOut, empty: str) -> Action:
    return Action(
        id=str(item.id),
        title=item.title,
        owner=item.owner,
        result=item.result,
        due=day(item.due_on),
        overdue=item.overdue,
        withdrawn=item.withdrawn_at is not None,
        status=STATUS_NAMES[item.status].nl,
        light=light_shown(item.light),
        previous=light_shown(item.previous_light) if item.previous_light != item.light else None,
        word=item.word,
        figures=[_figure(each, empty) for each in item.figures],
        changes=changes_in_words(item.changes),
    )


def _figure(figure: ReportedFigureOut, empty: str) -> Figure:
    care_type = reference().care_types.get(figure.care_type or "")
    title = figure.title or figure.name
    unit = _UNITS.get(figure.kind or "", "number")

    def words(value: float | None) -> str:
        return empty if value is None else value_in_words(value, unit)

    named = f"{title}, {care_type.name.nl.lower()}" if care_type else title
    return Figure(named, words(figure.value), words(figure.before))


def changes_in_words(changes: Iterable[Change]) -> list[str]:
    """Each change as "licht: groen → rood"."""
    return [
        f"{_FIELDS.get(each.field, each.field)}: {_value(each.field, each.old)} → {_value(each.field, each.new)}"
        for each in changes
    ]


def _value(field: str, value: Any) -> str:
    return NOTHING if value is None or value == [] else _WRITTEN.get(field, str)(value)


def history_of(entries: Iterable[HistoryEntryOut]) -> list[Entry]:
    """The history of an action, the last change first; what it began with is no change."""
    found = [
        Entry(
            day(dutch_day(each.at)),
            _DONE[each.what],
            each.client_id,
            [] if each.what == "added" else changes_in_words(each.changes),
        )
        for each in entries
    ]
    return found[::-1]
