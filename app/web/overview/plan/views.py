"""Actions of a plan as the pages show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from app.insight.keeping.schemas import HistoryEntryOut
from app.insight.plans.figure_names import FIGURES
from app.insight.plans.report_schemas import ActionReportOut, ReportedActionOut, ReportedFigureOut
from app.insight.plans.states import LIGHT_NAMES, STATUS_NAMES
from app.kit.security.callers import Caller, Role
from app.reference.lists import reference
from app.web.overview.areas import Option
from app.web.overview.history import Entry, Wording
from app.web.overview.lights import LightShown, light_shown
from app.web.plots.plot import Missing, Unit
from app.web.plots.wording import value_in_words
from app.web.shell.words import day

LIGHTS: Final = [Option(code, name.nl) for code, name in LIGHT_NAMES.items()]
STATUSES: Final = [Option(code, name.nl) for code, name in STATUS_NAMES.items()]
NAMES: Final = {each.code: each.name for each in (*LIGHTS, *STATUSES)}
"""Of the codes of lights and statuses."""
_UNITS: Final[dict[str, Unit]] = {"share": "share", "median": "days", "p90": "days"}
_FIELDS: Final = Wording(
    {
        "direction": ("richting", lambda direction: str(direction["title"])),
        "title": ("actie", str),
        "owner": ("trekker", str),
        "result": ("beoogd resultaat", str),
        "dueOn": ("uiterlijk", day),
        "status": ("stand", lambda code: STATUS_NAMES[code].nl),
        "light": ("licht", lambda code: LIGHT_NAMES[code].nl),
        "word": ("toelichting", str),
        "figures": ("cijfers", lambda figures: ", ".join(_kept(each) for each in figures)),
    }
)


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
        changes=_FIELDS.changes(item.changes),
    )


def _figure(figure: ReportedFigureOut, empty: str) -> Figure:
    unit = _UNITS.get(figure.kind or "", "number")

    def words(value: float | None) -> str:
        return empty if value is None else value_in_words(value, unit)

    title = _of_care_type(figure.title or figure.name, figure.care_type)
    return Figure(title, words(figure.value), words(figure.before))


def _kept(figure: Mapping[str, Any]) -> str:
    """A figure as an action keeps it, in words."""
    return figure_in_words(figure["name"], figure["careType"])


def figure_in_words(name: str, care_type: str | None) -> str:
    """A figure by its title and the care type that it is of; by its name where it is taken no more."""
    return _of_care_type(_title(name), care_type)


def _of_care_type(title: str, care_type: str | None) -> str:
    known = reference().care_types.get(care_type or "")
    return f"{title}, {known.name.nl.lower()}" if known else title


def _title(name: str) -> str:
    if name not in FIGURES:
        return name
    resource, measure = FIGURES[name]
    return f"{resource.title.nl}: {measure.title.nl}"


def figures_to_choose(kept: Iterable[str]) -> list[Option]:
    """Every figure that an action can move, by its title; those that the action has and that are taken no more too."""
    gone = [Option(each, f"{each} (bestaat niet meer)") for each in dict.fromkeys(kept) if each and each not in FIGURES]
    return [*(Option(name, _title(name)) for name in FIGURES), *gone]


def care_types_to_choose() -> list[Option]:
    """The care types that a figure can be of."""
    return [Option(code, each.name.nl) for code, each in reference().care_types.items()]


def history_of(entries: Iterable[HistoryEntryOut]) -> list[Entry]:
    """The history of an action, the last change first."""
    return _FIELDS.history(entries)
