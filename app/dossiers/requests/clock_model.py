"""What the clocks of a request are made of: the dates that they depend on, what was agreed, and the clock itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, get_args

from app.domain.dates import ceil_div
from app.dossiers.agreements.default_terms import AUTHORISATION_WARNING_DAYS, NEXT_PLACE_DAYS

ClockName = Literal[
    "protection-worker",
    "course",
    "help",
    "local-team",
    "expert-team",
    "court-authorisation",
    "secure-stay",
    "next-place",
]
Light = Literal["done", "green", "amber", "red"]
Norm = Literal["inspectorates", "regional-agreement", "secure-care"]
StartsFrom = Literal["imposedOn", "informedOn", "startedOn", "requestedOn", "neededAgainOn", "secureSince"]
"""Which of a request's days a clock counts from, by its name in the interface."""

CLOCKS: Final[tuple[ClockName, ...]] = get_args(ClockName)
LIGHTS: Final[tuple[Light, ...]] = get_args(Light)
"""From the best to the worst."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The dates of a request that its clocks depend on; None where it has not happened or is not known.

    `imposed_on`, `informed_on` (the institution knew) and `started_on` (execution) are of the measure; of a preventive
    one (`is_preventive`) too, which carries no norm of the inspectorates. Where help is needed again, its clock and
    those of the agreements start anew on that day (`needed_again_on`). `local_team_on` and `expert_team_on` are the
    first days on which it was put before that team or one above it. `authorised_until` is the last day of the court's
    authorisation of secure care; `secure_since` and `secure_left_on` are of the last stay in it, and `next_place_on` is
    when a place after that was known.
    """

    requested_on: date
    imposed_on: date | None
    informed_on: date | None = None
    started_on: date | None = None
    is_preventive: bool = False
    needed_by: date | None = None
    needed_again_on: date | None = None
    protection_worker_on: date | None = None
    course_on: date | None = None
    placed_on: date | None = None
    help_on: date | None = None
    local_team_on: date | None = None
    expert_team_on: date | None = None
    authorised_until: date | None = None
    secure_since: date | None = None
    secure_left_on: date | None = None
    next_place_on: date | None = None
    closed_on: date | None = None

    @property
    def normed_since(self) -> date | None:
        """When the measure was imposed that carries the norms: protection or youth probation; None without one."""
        return None if self.is_preventive else self.imposed_on


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the child's region has agreed, in days; None where it has no such agreement.

    `also_without_measure` says that its terms hold without a measure, and with a preventive one, too.
    """

    contact_local_team_days: int | None = None
    expert_team_days: int | None = None
    also_without_measure: bool = False
    authorisation_warning_days: int = AUTHORISATION_WARNING_DAYS
    next_place_days: int = NEXT_PLACE_DAYS


@dataclass(frozen=True, slots=True)
class Start:
    """The day that a clock counts from, and which of the request's days that is."""

    on: date
    what: StartsFrom


@dataclass(frozen=True, slots=True)
class Clock:
    """One norm for one child, as it stands on a day."""

    name: ClockName
    norm: Norm
    starts_on: date
    starts_from: StartsFrom
    amber_from: date
    due_on: date
    done_on: date | None
    light: Light

    @property
    def on_time(self) -> bool | None:
        """Whether it was done by its due date; None while it is not done."""
        return None if self.done_on is None else self.done_on <= self.due_on


def first_known(days: Mapping[StartsFrom, date | None], *, again: date | None = None) -> Start:
    """The first of these days that is known (one must be), or the day on which help was needed again if that is later.

    {"informedOn": None, "imposedOn": 12 October} gives 12 October, `imposedOn`.
    """
    start = next(Start(day, what) for what, day in days.items() if day is not None)
    return start if again is None or again <= start.on else Start(again, "neededAgainOn")


def clock_on(
    on: date,
    name: ClockName,
    norm: Norm,
    start: Start,
    due_on: date,
    done_on: date | None,
    *,
    amber_from: date | None = None,
) -> Clock:
    """The clock as it stands on that day; amber from three quarters of its calendar days, unless said."""
    passed = timedelta(days=ceil_div(3 * (due_on - start.on).days, 4))
    amber = min(amber_from or start.on + passed, due_on)
    return Clock(name, norm, start.on, start.what, amber, due_on, done_on, _light(amber, due_on, done_on, on))


def _light(amber_from: date, due_on: date, done_on: date | None, on: date) -> Light:
    if done_on is not None:
        return "done"
    if on > due_on:
        return "red"
    return "amber" if on >= amber_from else "green"


def first(*days: date | None) -> date | None:
    """The first of the days that are known."""
    return min((day for day in days if day is not None), default=None)
