"""The capacity reports of the two years before the last weeks: one a spell, of what the offers had then.

Providers of Noord-Holland were the first to report; those of other regions followed in the last weeks. Secure places
have become fewer since, along the target line of the demo plan; small homes have become more.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from app.demo.capacity_reports import HISTORY_DAYS, MISSING, STALE, STEADY_DAYS, Habit, figures_of, report_on
from app.demo.rows import Report, dice
from app.reference.lists import reference

EARLIER_DAYS: Final = 790
"""How long ago the first of them is: two years and some weeks, so that every month of these has its figures."""

_SECURE: Final = 0.45
"""How much more there was of secure care two years ago: 60 places a year ago where there are 50 now."""
_GROWN: Final = {"kleinschalige-woonvorm": -0.3, "gezinshuis": -0.2, "pleegzorg-voltijd": 0.06}
"""How much more, or less, there was of these."""
_DRIFT: Final = 0.12
"""How much the size of any other offer may differ."""


def earlier_reports(habit: Habit, today: date) -> Iterator[Report]:
    """The reports of an offer from two years back until those of `capacity_reports` begin, the oldest first."""
    if habit.state == MISSING or not habit.early:
        return
    last = today - timedelta(days=HISTORY_DAYS + 1)
    first = today - timedelta(days=EARLIER_DAYS)
    first += timedelta(days=-(first.toordinal() + habit.phase) % STEADY_DAYS)
    differs = _differs(habit)
    for ordinal in range(first.toordinal(), last.toordinal() + 1, STEADY_DAYS):
        day, spell = date.fromordinal(ordinal), (ordinal + habit.phase) // STEADY_DAYS
        if spell % 2 and _is_forgetful(habit):
            continue
        share = differs * (today - day).days / EARLIER_DAYS
        then = replace(habit, places=max(1, round(habit.places * (1 + share))))
        yield report_on(habit, day, figures_of(then, spell), confirmation=False)


def _is_forgetful(habit: Habit) -> bool:
    """Whether it lets every other spell pass: whose figures are stale now, save where the size over time matters."""
    return habit.state == STALE and habit.care_type not in _GROWN and not _is_secure(habit)


def _is_secure(habit: Habit) -> bool:
    return reference().care_types[habit.care_type].needs_court_authorisation


def _differs(habit: Habit) -> float:
    """How much more than now the offer had when the history begins."""
    if _is_secure(habit):
        return _SECURE
    return _GROWN.get(habit.care_type) or dice("drift", str(habit.offer_id)).uniform(-_DRIFT, _DRIFT)
