"""How long a child that asks now would wait at an offer, by what the offer's own figures did before.

Places come free at a rate that nobody knows but that its history tells something of: with 6 of them in 26 weeks, 6 more
in the next 26 are likely and 2 or 12 are possible. The rate is then gamma distributed (of the counts of a Poisson
process, with Jeffreys' prior), and how often one comes free in some time is negative binomial; from that follows by
when the child's turn has come with a chance of a half, of one in ten and of nine in ten.

Where more come free at a time, say 4 when a school year ends and then none for weeks, 6 places tell no more than one or
two such times would, and so it is counted: in times, by how much the history goes up and down (overdispersion).
"""

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from math import exp, floor, log
from typing import Final, NamedTuple

WEEK: Final = 7
FEWEST_WEEKS: Final = 12
FEWEST_FREED: Final = 3
"""Below so many weeks of history, or places that came free in them, nothing is said."""
LOOKED_BACK: Final = 52
"""How many weeks of history count."""
LONGEST: Final = 3660
"""Days beyond which it is not said how long."""
_PRIOR: Final = 0.5
_FAR: Final = 20
"""How many times LONGEST the mean wait has to be for no chance to be left that it is shorter."""
_CHANCES: Final = (0.1, 0.5, 0.9)


class Week(NamedTuple):
    """What stood at the end of a week: places that are free, and that are taken, and how many children wait.

    `stated` is how many days from then on the provider stated for the wait to intake, None where it stated none.
    """

    free: int
    taken: int
    waiting: int
    stated: int | None = None


class ExpectedWait(NamedTuple):
    """Days until a child that asks now has a place: as likely sooner as later, and within which 8 of 10 fall.

    `ahead` children wait before it, and `freed` places came free in `weeks` of history.
    """

    days: int
    soonest: int
    latest: int
    ahead: int
    freed: int
    weeks: int


def freed_by_week(weeks: Sequence[Week]) -> list[int]:
    """How many places came free in each week after the first.

    Places that are no longer taken; and children who wait no more although none was taken, who took one that came free
    in that same week (or went elsewhere, which cannot be told apart).
    """
    found = []
    for before, after in pairwise(weeks):
        left, taken = max(before.taken - after.taken, 0), max(after.taken - before.taken, 0)
        found.append(left + max(before.waiting - after.waiting - taken, 0))
    return found


def expect(weeks: Sequence[Week], places: int = 1) -> ExpectedWait | None:
    """The wait of a child, or of so many together, that asks as the last week ends; None if too little is known."""
    if len(weeks) <= FEWEST_WEEKS:
        return None
    by_week = freed_by_week(weeks)
    freed, last = sum(by_week), weeks[-1]
    needed = last.waiting + places - last.free
    if needed <= 0:
        return ExpectedWait(0, 0, 0, last.waiting, freed, len(by_week))
    if freed < FEWEST_FREED:
        return None
    soonest, days, latest = _days_until(needed, by_week)
    return ExpectedWait(days, soonest, latest, last.waiting, freed, len(by_week))


def at_a_time(by_week: Sequence[int], needed: int) -> float:
    """How many places come free at a time, 1 at least: how much more the numbers that came free differ than chance has
    numbers of places differ that come free one by one.

    It is their variance over their mean, in stretches of as many weeks as so many places take (a third of the history
    at most): what goes up and down within the wait does not matter to who waits. A few stretches tell little, so one of
    which it would be 1 is added. In a year of weeks of 4, 0, 0, 0 it is 3 for one place, and 1 for eight, which
    take two months whenever one asks.
    """
    weeks = len(by_week)
    pace = sum(by_week) / weeks
    long = min(max(round(needed / pace), 1), max(weeks // 3, 1))
    until = [0, *accumulate(by_week)]
    counts = [later - earlier for earlier, later in zip(until, until[long:], strict=False)]
    stretches, mean = weeks / long, pace * long
    middle = sum(counts) / len(counts)
    spread = sum((each - middle) ** 2 for each in counts) / len(counts) * stretches  # over one stretch less a variance
    return max((spread / mean + 1) / stretches, 1.0)


def _days_until(needed: int, by_week: Sequence[int]) -> list[int]:
    """Days within which so many places come free with each of the chances; LONGEST where it takes longer."""
    batch, weeks, freed = at_a_time(by_week, needed), len(by_week), sum(by_week)
    if needed * weeks * WEEK > _FAR * LONGEST * freed:
        return [LONGEST] * len(_CHANCES)
    times, shape = max(floor(needed / batch + 0.5), 1), freed / batch + _PRIOR
    weights = [0.0, *accumulate(log((shape + each) / (each + 1)) for each in range(times - 1))]
    return [_first_day(lambda days: _chance_of_all(weights, shape, weeks, days / WEEK), chance) for chance in _CHANCES]


def _first_day(chance_by: Callable[[int], float], chance: float) -> int:
    """The first day by which the chance, which only grows, is as large; LONGEST where it is later."""
    least, most = 0, LONGEST
    while least < most:
        middle = (least + most) // 2
        if chance_by(middle) >= chance:
            most = middle
        else:
            least = middle + 1
    return least


def _chance_of_all(weights: Sequence[float], shape: float, weeks: int, ahead: float) -> float:
    """The chance that it happens as often as there are weights in so many weeks ahead: that of a negative binomial.

    `weights` are the logarithms of its binomial coefficients, from 0.
    """
    share = weeks / (weeks + ahead)
    if share == 1:
        return 0.0
    none, more = shape * log(share), log(1 - share)
    return 1 - min(sum(exp(none + weight + at * more) for at, weight in enumerate(weights)), 1.0)
