"""How long a child that asks now would wait at an offer, by what the offer's own figures did before.

Places come free one by one, at a rate that nobody knows but that its history tells something of: with 6 of them in 26
weeks, 6 more in the next 26 are likely and 2 or 12 are possible. The rate is then gamma distributed (of the counts of a
Poisson process, with Jeffreys' prior), and how many come free in some time is negative binomial; from that follows by
when the child's turn has come with a chance of a half, of one in ten and of nine in ten.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import exp, lgamma, log
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
    freed = sum(freed_by_week(weeks))
    if len(weeks) <= FEWEST_WEEKS:
        return None
    last, known = weeks[-1], len(weeks) - 1
    ahead = last.waiting
    needed = ahead + places - last.free
    if needed <= 0:
        return ExpectedWait(0, 0, 0, ahead, freed, known)
    if freed < FEWEST_FREED:
        return None
    soonest, days, latest = (_days_until(needed, freed, known, chance) for chance in _CHANCES)
    return ExpectedWait(days, soonest, latest, ahead, freed, known)


def _days_until(needed: int, freed: int, weeks: int, chance: float) -> int:
    """Days within which so many places come free with that chance; LONGEST where it takes longer."""
    least, most = 0, LONGEST
    while least < most:
        middle = (least + most) // 2
        if 1 - _chance_of_fewer(needed, freed + _PRIOR, weeks, middle / WEEK) >= chance:
            most = middle
        else:
            least = middle + 1
    return least


def _chance_of_fewer(needed: int, shape: float, weeks: int, ahead: float) -> float:
    """The chance that fewer come free in so many weeks ahead: the sum of a negative binomial up to `needed` - 1."""
    share = weeks / (weeks + ahead)
    if share == 1:
        return 1.0
    terms = (
        exp(lgamma(shape + each) - lgamma(shape) - lgamma(each + 1) + shape * log(share) + each * log(1 - share))
        for each in range(needed)
    )
    return min(sum(terms), 1.0)
