"""What is to be told of a child, in the order of the days; what has yet to come is left out."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import groupby
from random import Random
from typing import Final

from app.demo.working_hours import moment_on, past_opening
from app.kit.working_days import is_working_day

Told = Callable[[datetime], None]
"""A step, which is told the moment at which it is recorded."""

_DAY: Final = timedelta(days=1)


class Agenda:
    """The steps of one child. Those of one day are told in the order in which they were put on it."""

    def __init__(self, rng: Random) -> None:
        self._steps: list[tuple[date, Told]] = []
        self._past_opening = past_opening(rng, most=120)

    def opening(self, day: date) -> datetime:
        """The moment of the first step of a day."""
        return moment_on(day, self._past_opening)

    def put(self, day: date, step: Told) -> date:
        """Puts a step on a day, or on the next working day; which day that is."""
        on = working_day(day)
        self._steps.append((on, step))
        return on

    def tell(self, before: date, until: date) -> None:
        """Tells the steps of the days before the one, and not after the other."""
        known = [each for each in self._steps if each[0] < before and each[0] <= until]
        for day, steps in groupby(sorted(known, key=lambda each: each[0]), key=lambda each: each[0]):
            for number, (_, step) in enumerate(steps, 1):
                step(moment_on(day, self._past_opening, number))


def working_day(day: date) -> date:
    """The day, or the first working day after it."""
    while not is_working_day(day):
        day += _DAY
    return day


def days(count: float) -> timedelta:
    """So many whole days."""
    return timedelta(days=int(count))
