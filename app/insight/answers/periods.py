"""Periods: whole months, quarters and years, and single days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from app.domain.dates import Quarter, add_months

Unit = Literal["month", "quarter", "year"]

MONTHS: Final[dict[Unit, int]] = {"month": 1, "quarter": 3, "year": 12}
MOST: Final = 60
"""Periods that one answer may span."""


@dataclass(frozen=True, slots=True)
class Period:
    """A named stretch of Dutch days, first and last included: 2026-10, 2026-Q4, 2026, or one day."""

    name: str
    first: date
    last: date

    def end(self, today: date) -> date:
        """The day of which the standing figures are: its last, or today where it is not over."""
        return min(self.last, today)


def period_of(day: date, unit: Unit) -> Period:
    """The period of this kind that a day is in."""
    months = MONTHS[unit]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    name = {
        "month": f"{first:%Y-%m}",
        "quarter": str(Quarter(first.year, (first.month + 2) // 3)),
        "year": f"{first:%Y}",
    }
    return Period(name[unit], first, add_months(first, months) - timedelta(days=1))


def periods_between(first: date, last: date, unit: Unit) -> Iterator[Period]:
    """The periods of this kind from the one that `first` is in to the one that `last` is in."""
    day = first
    while True:
        period = period_of(day, unit)
        if period.first > last:
            return
        yield period
        day = period.last + timedelta(days=1)


def on_day(day: date) -> Period:
    """The period that is one day."""
    return Period(day.isoformat(), day, day)
