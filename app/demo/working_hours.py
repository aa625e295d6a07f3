"""When on a day the steps of the demo data set are recorded: while people are at work."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from app.domain.dates import dutch_midnight

_OPENS: Final = timedelta(hours=9)
_APART: Final = timedelta(minutes=7)
"""Between two steps of one child on one day."""


def past_opening(rng: Random, *, most: int = 390) -> timedelta:
    """How long after nine the steps of a day begin: at most so many minutes, which leaves time for the rest."""
    return timedelta(minutes=rng.randint(0, most))


def moment_on(day: date, past: timedelta, step: int = 0) -> datetime:
    """The moment of a step of a day, which are counted from 0; the first is so long past nine."""
    return dutch_midnight(day) + _OPENS + past + step * _APART
