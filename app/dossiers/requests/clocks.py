"""The norm clocks of a request (stoplichtmodel): dates go in, clocks come out.

Nothing is read or stored here. A clock runs from its start to its due date, both inclusive: on the due date itself it
is still in time. It is amber from the day on which three quarters of its time have passed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, get_args

from app.domain.dates import add_months, ceil_div
from app.kit.working_days import add_working_days

ClockName = Literal["protection-worker", "course", "help", "local-team", "expert-team"]
Light = Literal["done", "green", "amber", "red"]
Norm = Literal["inspectorates", "regional-agreement"]

CLOCKS: Final[tuple[ClockName, ...]] = get_args(ClockName)
LIGHTS: Final[tuple[Light, ...]] = get_args(Light)
"""From the best to the worst."""

PROTECTION_WORKER_WORKING_DAYS: Final = 5
"""A fixed protection worker within five working days of the measure (norm of the inspectorates)."""

COURSE_DAYS: Final = 42
"""An agreed course (gedragen koers) within six weeks of the measure (norm of the inspectorates)."""

HELP_MONTHS: Final = 3
"""Fitting help started within three months of the measure (norm of the inspectorates)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The dates of a request that its clocks depend on; None where it has not happened.

    Where help is needed again, its clock and those of the agreements start anew on that day (`needed_again_on`).

    `local_team_on` and `expert_team_on` are the first days on which it was put before that team or one above it.
    """

    requested_on: date
    imposed_on: date | None
    needed_by: date | None = None
    needed_again_on: date | None = None
    protection_worker_on: date | None = None
    course_on: date | None = None
    placed_on: date | None = None
    help_on: date | None = None
    local_team_on: date | None = None
    expert_team_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the child's region has agreed, in days; None where it has no such agreement."""

    contact_local_team_days: int | None = None
    expert_team_days: int | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """One norm for one child, as it stands on a day."""

    name: ClockName
    norm: Norm
    starts_on: date
    amber_from: date
    due_on: date
    done_on: date | None
    light: Light

    @property
    def on_time(self) -> bool | None:
        """Whether it was done by its due date; None while it is not done."""
        return None if self.done_on is None else self.done_on <= self.due_on


def clocks(facts: Facts, agreed: Agreed, today: date) -> list[Clock]:
    """The clocks of a request in the order of CLOCKS; of a closed one, as they stood on its last day.

    A request of a child without a measure has none.
    """
    on = min(today, facts.closed_on or today)
    return [*_norms(facts, on), *_agreements(facts, agreed, on)]


def worst(shown: Sequence[Clock], facts: Facts) -> Light | None:
    """The light of a request: the worst of its clocks; None where it has none, or is closed."""
    if facts.closed_on is not None:
        return None
    return max((clock.light for clock in shown), key=LIGHTS.index, default=None)


def norm_changes(facts: Facts) -> tuple[date | None, date | None]:
    """The first days on which one of the inspectorates' clocks that still run is amber, and red."""
    running = [clock for clock in _norms(facts, date.min) if clock.done_on is None and facts.closed_on is None]
    return (
        min((clock.amber_from for clock in running), default=None),
        min((clock.due_on + timedelta(days=1) for clock in running), default=None),
    )


def _norms(facts: Facts, on: date) -> Iterator[Clock]:
    """The norms of the inspectorates (IGJ and IJenV) for a child with a protection measure; they hold everywhere."""
    start = facts.imposed_on
    if start is None:
        return
    worker_due = add_working_days(start, PROTECTION_WORKER_WORKING_DAYS)
    worker_amber = add_working_days(start, ceil_div(3 * PROTECTION_WORKER_WORKING_DAYS, 4))
    worker_on = facts.protection_worker_on
    yield _clock("protection-worker", "inspectorates", start, worker_due, worker_on, on, amber_from=worker_amber)
    course_due = start + timedelta(days=COURSE_DAYS)
    yield _clock("course", "inspectorates", start, course_due, facts.course_on, on)
    help_start = max(start, facts.needed_again_on or start)
    is_past = help_start > start and facts.needed_by is not None and facts.needed_by < help_start
    needed_by = None if is_past else facts.needed_by  # said of the help that was needed before
    help_due = min(add_months(help_start, HELP_MONTHS), needed_by or date.max)
    yield _clock("help", "inspectorates", help_start, help_due, facts.help_on, on)


def _agreements(facts: Facts, agreed: Agreed, on: date) -> Iterator[Clock]:
    """The regional agreements of Westfriesland, where the child's region has them too.

    The local team is contacted within two weeks of the request where no help could be arranged, so a place for the
    child ends that clock as well; the expert team within six weeks of the start of the measure, without help started.
    """
    if facts.imposed_on is None:
        return
    again = facts.needed_again_on or date.min
    if agreed.contact_local_team_days is not None:
        start = max(facts.requested_on, again)
        due = start + timedelta(days=agreed.contact_local_team_days)
        done = _first(facts.local_team_on, facts.placed_on, facts.help_on)
        yield _clock("local-team", "regional-agreement", start, due, done, on)
    if agreed.expert_team_days is not None:
        start = max(facts.imposed_on, again)
        due = start + timedelta(days=agreed.expert_team_days)
        done = _first(facts.expert_team_on, facts.help_on)
        yield _clock("expert-team", "regional-agreement", start, due, done, on)


def _clock(
    name: ClockName,
    norm: Norm,
    starts_on: date,
    due_on: date,
    done_on: date | None,
    on: date,
    *,
    amber_from: date | None = None,
) -> Clock:
    """The clock on a day; amber from three quarters of its calendar days, unless said."""
    passed = timedelta(days=ceil_div(3 * (due_on - starts_on).days, 4))
    amber = min(amber_from or starts_on + passed, due_on)
    return Clock(name, norm, starts_on, amber, due_on, done_on, _light(amber, due_on, done_on, on))


def _light(amber_from: date, due_on: date, done_on: date | None, on: date) -> Light:
    if done_on is not None:
        return "done"
    if on > due_on:
        return "red"
    return "amber" if on >= amber_from else "green"


def _first(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)
