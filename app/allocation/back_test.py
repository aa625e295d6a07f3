"""Expected waits held against what happened, and against the waits that were stated at the time."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple

from app.allocation.expected_wait import FEWEST_WEEKS, LOOKED_BACK, WEEK, ExpectedWait, Week, expect, freed_by_week


class Tried(NamedTuple):
    """An estimate of some weeks ago, what was stated then, and how many days it took until the place was there.

    `happened` is in whole weeks, None where it had not happened yet when the history ends. `stated` is None where
    nothing was.
    """

    expected: ExpectedWait
    stated: int | None
    happened: int | None


class Held(NamedTuple):
    """What came of many that were tried; errors are in days on average, None where there is nothing to tell them by.

    `known` of them have happened, `within` of these in a week that the interval touches; `late` have not happened
    although the interval was over when the history ends. `compared` were known and had a stated wait beside them: the
    two last are the errors of both in these.
    """

    known: int
    within: int
    unfinished: int
    late: int
    error: int | None
    compared: int
    our_error: int | None
    stated_error: int | None


def back_test(weeks: Sequence[Week]) -> list[Tried]:
    """The estimates that would have been made at the end of each week, save those where a place was free."""
    freed, found = freed_by_week(weeks), []
    for at in range(FEWEST_WEEKS, len(weeks) - 1):
        expected = expect(weeks[max(at - LOOKED_BACK, 0) : at + 1])
        if expected is not None and expected.days > 0:
            needed = expected.ahead + 1 - weeks[at].free
            found.append(Tried(expected, weeks[at].stated, _days_until(needed, freed[at:])))
    return found


def _days_until(needed: int, freed: Sequence[int]) -> int | None:
    gone = 0
    for later, count in enumerate(freed, start=1):
        gone += count
        if gone >= needed:
            return later * WEEK
    return None


def hold(histories: Iterable[Sequence[Week]]) -> Held:
    """All estimates of these histories, each without a gap, against what happened."""
    known: list[tuple[Tried, int]] = []
    unfinished = late = 0
    for weeks in histories:
        for back, each in enumerate(reversed(back_test(weeks)), start=1):
            if each.happened is not None:
                known.append((each, each.happened))
            else:
                unfinished += 1
                late += each.expected.latest < back * WEEK
    within = sum(each.expected.soonest <= days and days - WEEK < each.expected.latest for each, days in known)
    ours = [abs(each.expected.days - days) for each, days in known]
    stated = [
        (abs(each.expected.days - days), abs(each.stated - days)) for each, days in known if each.stated is not None
    ]
    return Held(
        known=len(known),
        within=within,
        unfinished=unfinished,
        late=late,
        error=_mean(ours),
        compared=len(stated),
        our_error=_mean([our for our, _ in stated]),
        stated_error=_mean([its for _, its in stated]),
    )


def _mean(days: Sequence[int]) -> int | None:
    """The mean, rounded up."""
    return ceil(sum(days) / len(days)) if days else None
