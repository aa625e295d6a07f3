"""Scales: from values to pixels, with ticks at round values, and the periods that fit under an axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

from app.insight.answers.periods import Period

_ROUND: Final = (1, 2, 5, 10)
_FEWEST: Final = 3
"""Ticks that there may be on both sides of zero, however large the step."""
_LEAST: Final = 1e-9
_SHORTEST_MONTH: Final = 28
_STEPS: Final = (1, 2, 3, 6, 12, 24, 60)
"""Months between labels."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values (low to high) to pixels (start to end)."""

    low: float
    high: float
    start: float
    end: float

    def pixel(self, value: float) -> float:
        """Where a value is; outside the scale where the value is."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def ticks(low: float, high: float, most: int, *, whole: bool = False) -> list[float]:
    """At most `most` (three or more) round values, evenly apart, from at or below `low` to at or above `high`.

    They are 1, 2 or 5 times a power of ten apart; at least 1 where they are `whole`. Of 0 to 37, at most 5: 0, 10, 20,
    30, 40. Where low is high, one step.
    """
    if high < low or most < _FEWEST:
        raise ValueError("ticks take a low that is not above the high, and are three at least")
    step = _step(max(_LEAST, (high - low) / (most - 1)) if high > low else 1, whole=whole)
    while ceil(high / step) - floor(low / step) > most - 1:
        step = _step(step * 1.01, whole=whole)
    first, last = floor(low / step), max(ceil(high / step), floor(low / step) + 1)
    return [round(number * step, 12) for number in range(first, last + 1)]


def _step(least: float, *, whole: bool) -> float:
    """The smallest round step that is at least so much."""
    power = 10.0 ** floor(log10(least))
    step = next(each * power for each in _ROUND if each * power >= least * (1 - 1e-9))
    return max(1.0, step) if whole else step


@dataclass(frozen=True, slots=True)
class Bands:
    """Bands of one width side by side, from start to end."""

    number: int
    start: float
    end: float

    @property
    def width(self) -> float:
        """Of one band."""
        return (self.end - self.start) / max(1, self.number)

    def middle(self, index: int) -> float:
        """The middle of a band, the first is 0."""
        return self.start + (index + 0.5) * self.width


def labelled(periods: Sequence[Period], most: int) -> list[int]:
    """Which of consecutive periods get a label: at most so many (one or more), and one at least where there are any.

    All, or every second, third, sixth … month counted from January, so that a year begins with a label wherever it
    stands in the row: of November to April, at most 3, those are January and April. Of days or weeks the last has one,
    and each second, third … before it.
    """
    if periods and is_of_days(periods[-1]):
        step = ceil(len(periods) / most)
        return list(range((len(periods) - 1) % step, len(periods), step))
    for step in _STEPS:
        chosen = [index for index, each in enumerate(periods) if _month(each) % step == 0]
        if len(chosen) <= most:
            return chosen or [0][: len(periods)]
    return [0]


def is_of_days(period: Period) -> bool:
    """Whether it is less than a month: a day, or a week."""
    return (period.last - period.first).days < _SHORTEST_MONTH - 1


def _month(period: Period) -> int:
    """The months from the year 0 to its first."""
    return period.first.year * 12 + period.first.month - 1
