"""What was known from which day on: stretches of days with the values that then held. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.insight.history.tables import LAST_DAY

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Values that were known from a day on, and until another, which is not in it."""

    start: date
    end: date
    values: Values


def with_known(stretches: Sequence[Stretch], day: date, values: Values | None) -> list[Stretch]:
    """The stretches, in their order, after `values` (None: nothing) turned out to be known on that day and onward.

    What was known from a later day on stays so. Stretches that follow on each other have different values: of
    A from the 1st, with B from the 5th, and then A again from the 5th, one stretch A is left.
    """
    kept = [each for each in stretches if each.end <= day]
    later = [each for each in stretches if each.start > day]
    over = next((each for each in stretches if each.start <= day < each.end), None)
    end = over.end if over else min((each.start for each in later), default=LAST_DAY)
    if over is not None and over.start < day:
        kept.append(Stretch(over.start, day, over.values))
    if values is not None:
        kept.append(Stretch(day, end, values))
    return _joined([*kept, *later])


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for each in stretches:
        last = joined[-1] if joined else None
        if last is not None and last.end == each.start and last.values == each.values:
            joined[-1] = Stretch(last.start, each.end, last.values)
        else:
            joined.append(each)
    return joined
