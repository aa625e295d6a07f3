"""The demo offers' capacity reports: what a provider's nightly export would have sent.

A report is a function of the offer and its date alone. So a later day adds reports to the same history, and
an offer that is stale today has its next report when it would drop out of that band.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from app.demo.names import NOTES
from app.demo.profiles import PROFILES
from app.demo.rows import Offer, Report, dice
from app.domain.dates import dutch_midnight

HISTORY_DAYS: Final = 91
SENDER: Final = "demo-export"
"""The client of what providers report and decide in the demo data set; no organisation has it."""

FRESH, AGEING, STALE, MISSING, CLOSED = "fresh", "ageing", "stale", "missing", "closed"

_BANDS: Final = {AGEING: (8, 23), STALE: (31, 60)}
"""The age in days of the youngest report, and after how many days the next follows."""

STEADY_DAYS: Final = 28
"""How long an offer's figures stay as they are; the reports in between are confirmations."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How an offer reports: the age of its youngest report, the days between two, and what it mostly has.

    One that is `early` has reported for two years, the others since `HISTORY_DAYS`.
    """

    offer_id: UUID
    care_type: str
    state: str
    youngest: int
    every: int
    phase: int
    situation: str
    places: int
    total_known: bool
    early: bool


def habit(offer: Offer, *, own: bool, early: bool) -> Habit:
    """The habit of an offer: 55% fresh, 20% ageing, 12% stale, 8% never reported, 5% closed to referrals."""
    rng = dice("habit", str(offer.id))
    state = FRESH if own else rng.choices((FRESH, AGEING, STALE, MISSING, CLOSED), (55, 20, 12, 8, 5))[0]
    youngest, every = _BANDS.get(state, (0, rng.choice((2, 4, 7, 7, 7, 8, 8, 8))))
    return Habit(
        offer_id=offer.id,
        care_type=offer.care_type,
        state=state,
        youngest=youngest,
        every=every,
        phase=rng.randrange(1000),
        situation=rng.choices(("free", "next", "wait", "list", "full"), (35, 20, 20, 15, 10))[0],
        places=rng.randint(*PROFILES[offer.care_type].places),
        total_known=offer.unit == "places" or rng.random() < 0.7,
        early=early,
    )


def reports(habit: Habit, after: date | None, today: date) -> Iterator[Report]:
    """The reports of the last `HISTORY_DAYS`, or those later than `after`, the oldest first."""
    if habit.state == MISSING:
        return
    last = today - timedelta(days=habit.youngest)
    first = today - timedelta(days=HISTORY_DAYS) if after is None else after + timedelta(days=1)
    first += timedelta(days=-(first.toordinal() + habit.phase) % habit.every)
    spell: int | None = None
    figures: dict[str, Any] = {}
    for ordinal in range(first.toordinal(), last.toordinal() + 1, habit.every):
        current, into = divmod(ordinal + habit.phase, STEADY_DAYS)
        if current != spell:
            spell, figures = current, figures_of(habit, current)
        yield report_on(habit, date.fromordinal(ordinal), figures, confirmation=into >= habit.every)


def report_on(habit: Habit, day: date, figures: dict[str, Any], *, confirmation: bool) -> Report:
    """The report that comes in when a day begins."""
    observed = dutch_midnight(day)
    return Report(
        offer_id=habit.offer_id,
        observed_at=observed,
        received_at=observed,
        client_id=SENDER,
        confirmation=confirmation,
        **figures,
    )


def figures_of(habit: Habit, spell: int) -> dict[str, Any]:
    """What the offer reports in this spell of `STEADY_DAYS`, the first of which began with the calendar."""
    rng = dice("report", str(habit.offer_id), spell)
    ends = date.fromordinal((spell + 1) * STEADY_DAYS - habit.phase)
    free = _free(habit, rng)
    occupied, reserved = _taken(habit, rng, free)
    waits = habit.situation == "wait"
    return {
        "places_total": habit.places if habit.total_known else None,
        "places_occupied": occupied,
        "places_reserved": reserved,
        "places_free": free,
        "waiting_count": rng.randint(1, 12) if habit.situation in {"wait", "list"} else 0,
        "next_free_on": ends + timedelta(days=rng.randint(0, 60)) if habit.situation == "next" else None,
        "wait_days_intake": rng.randint(5, 45) if waits else None,
        "wait_days_treatment": rng.randint(0, 75) if waits else None,
        "accepts_referrals": habit.state != CLOSED,
        "note": rng.choice(NOTES) if rng.random() < 0.08 else None,
    }


def _free(habit: Habit, rng: random.Random) -> int:
    """One to three places, or a fifth of a large total."""
    return rng.randint(1, min(3, habit.places) + habit.places // 5) if habit.situation == "free" else 0


def _taken(habit: Habit, rng: random.Random, free: int) -> tuple[int | None, int | None]:
    """Occupied and reserved: with the free ones they make the total, save where one is kept empty."""
    if not habit.total_known:
        return None, None
    rest = habit.places - free
    reserved = min(rest, rng.choice((0, 0, 0, 1)))
    return max(0, rest - reserved - rng.choice((0, 0, 0, 1))), reserved
