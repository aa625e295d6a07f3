"""The norm clocks of a request (stoplichtmodel): dates go in, clocks come out.

Nothing is read or stored here. A clock runs from its start to its due date, both inclusive: on the due date itself it
is still in time. It is amber from the day on which three quarters of its time have passed. `lights_repository` says
the same in SQL.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from app.domain.dates import add_months, ceil_div
from app.dossiers.requests.clock_model import LIGHTS, Agreed, Clock, Facts, Light, clock_on, first, first_known
from app.dossiers.requests.secure_care import secure_clocks
from app.kit.working_days import add_working_days

PROTECTION_WORKER_WORKING_DAYS: Final = 5
"""A fixed protection worker within five working days of when the institution knew of the measure (inspectorates)."""

COURSE_DAYS: Final = 42
"""An agreed course (gedragen koers) within six weeks of the measure (norm of the inspectorates)."""

HELP_MONTHS: Final = 3
"""Fitting help started within three months of the measure (norm of the inspectorates)."""


def clocks(facts: Facts, agreed: Agreed, today: date) -> list[Clock]:
    """The clocks of a request in the order of CLOCKS; of a closed one, as they stood on its last day.

    A child without a measure, or with a preventive one, has no norms of the inspectorates; those of its region where
    the region agreed so. Those of secure care hold for whoever is in it, or is authorised to be until a known day.
    """
    on = last_day(facts, today)
    return [*_norms(facts, on), *_agreements(facts, agreed, on), *secure_clocks(facts, agreed, on)]


def last_day(facts: Facts, today: date) -> date:
    """The day of which the clocks are shown: today, or the day on which the request was closed."""
    return min(today, facts.closed_on or today)


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
    """The norms of the inspectorates (IGJ and IJenV) for a child with a measure; they hold everywhere."""
    if facts.normed_since is None:
        return
    known = first_known({"informedOn": facts.informed_on, "imposedOn": facts.normed_since})
    worker_due = add_working_days(known.on, PROTECTION_WORKER_WORKING_DAYS)
    worker_amber = add_working_days(known.on, ceil_div(3 * PROTECTION_WORKER_WORKING_DAYS, 4))
    worker_on = facts.protection_worker_on
    yield clock_on(on, "protection-worker", "inspectorates", known, worker_due, worker_on, amber_from=worker_amber)
    imposed = first_known({"imposedOn": facts.normed_since})
    course_due = imposed.on + timedelta(days=COURSE_DAYS)
    yield clock_on(on, "course", "inspectorates", imposed, course_due, facts.course_on)
    needed = first_known({"imposedOn": facts.normed_since}, again=facts.needed_again_on)
    is_past = needed.what == "neededAgainOn" and facts.needed_by is not None and facts.needed_by < needed.on
    needed_by = None if is_past else facts.needed_by  # said of the help that was needed before
    help_due = min(add_months(needed.on, HELP_MONTHS), needed_by or date.max)
    yield clock_on(on, "help", "inspectorates", needed, help_due, facts.help_on)


def _agreements(facts: Facts, agreed: Agreed, on: date) -> Iterator[Clock]:
    """The regional agreements of Westfriesland, where the child's region has them too.

    The local team is contacted within two weeks of the request where no help could be arranged, so a place for the
    child ends that clock as well; the expert team within six weeks of the start of the measure, without help started.
    Without a measure these six weeks count from the request.
    """
    if facts.normed_since is None and not agreed.also_without_measure:
        return
    again = facts.needed_again_on
    if agreed.contact_local_team_days is not None:
        start = first_known({"requestedOn": facts.requested_on}, again=again)
        due = start.on + timedelta(days=agreed.contact_local_team_days)
        done = first(facts.local_team_on, facts.placed_on, facts.help_on)
        yield clock_on(on, "local-team", "regional-agreement", start, due, done)
    if agreed.expert_team_days is not None:
        start = first_known(
            {"startedOn": facts.started_on, "imposedOn": facts.imposed_on, "requestedOn": facts.requested_on},
            again=again,
        )
        due = start.on + timedelta(days=agreed.expert_team_days)
        done = first(facts.expert_team_on, facts.help_on)
        yield clock_on(on, "expert-team", "regional-agreement", start, due, done)
