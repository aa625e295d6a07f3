"""Expected waits: what is counted as coming free, what follows from it, and whether it comes true."""

from collections.abc import Callable

import numpy as np
import pytest

from app.allocation.back_test import Held, back_test, hold
from app.allocation.expected_wait import LONGEST, ExpectedWait, Week, at_a_time, expect, freed_by_week

FULL = Week(free=0, taken=4, waiting=2)


@pytest.mark.parametrize(
    ("before", "after", "freed"),
    [
        (FULL, FULL, 0),
        (FULL, Week(1, 3, 2), 1),  # one left
        (FULL, Week(0, 4, 1), 1),  # one left, and the next came in the same week
        (Week(1, 3, 2), Week(0, 4, 1), 0),  # the next took what was free already
        (FULL, Week(0, 4, 5), 0),  # more who wait
        (FULL, Week(0, 3, 0), 3),  # two of whom went in where three left
    ],
    ids=str,
)
def test_what_counts_as_coming_free(before: Week, after: Week, freed: int) -> None:
    assert freed_by_week([before, after]) == [freed]


def history(freed: list[int], waiting: int) -> list[Week]:
    """Weeks of a full offer where each that leaves is followed by the next, so that the queue ends at `waiting`."""
    left = [sum(freed[at:]) for at in range(len(freed) + 1)]
    return [Week(0, 4, waiting + each) for each in left]


def test_the_wait_follows_from_the_queue_and_what_comes_free() -> None:
    weeks = history([1, 0] * 13, 3)
    found = expect(weeks)
    assert found is not None
    assert (found.ahead, found.freed, found.weeks) == (3, 13, 26)
    assert 7 * 6 < found.days < 7 * 10  # 4 places at one in two weeks
    assert found.soonest < found.days < found.latest
    longer = expect(history([1, 0] * 13, 6))
    assert longer is not None
    assert longer.days > found.days


def test_more_history_makes_it_surer() -> None:
    short, long = (expect(history([1, 0] * half, 3)) for half in (8, 40))
    assert short is not None
    assert long is not None
    assert long.latest - long.soonest < short.latest - short.soonest


def test_a_place_that_is_free_is_no_wait_and_too_little_history_says_nothing() -> None:
    assert expect([*history([1] * 20, 0)[:-1], Week(2, 2, 1)]) == ExpectedWait(0, 0, 0, 1, 21, 20)
    assert expect(history([1] * 11, 2)) is None
    assert expect(history([0] * 50 + [1, 1], 2)) is None


def by_chance(numbers: np.random.Generator, weeks: int) -> list[Week]:
    """Places come free one by one."""
    return full_weeks(numbers.poisson(numbers.uniform(0.2, 1.0), weeks), numbers)


def in_bursts(numbers: np.random.Generator, weeks: int) -> list[Week]:
    """Some weeks many, most weeks none: their variance is three times their mean."""
    return full_weeks(numbers.negative_binomial(numbers.uniform(0.1, 0.5), 1 / 3, weeks), numbers)


def each_month(numbers: np.random.Generator, weeks: int) -> list[Week]:
    """Providers that look once in four weeks at what came free."""
    freed = np.zeros(weeks, int)
    freed[numbers.integers(4) :: 4] = 1
    return full_weeks(freed * numbers.poisson(4 * numbers.uniform(0.2, 1.0), weeks), numbers)


def full_weeks(freed: np.ndarray, numbers: np.random.Generator) -> list[Week]:
    """A full offer, whose queue is as long as it was."""
    waiting = int(numbers.integers(0, 7))
    return [Week(0, 1000 - each, waiting) for each in (0, *np.cumsum(freed).tolist())]


def of_a_queue(numbers: np.random.Generator, weeks: int) -> list[Week]:
    """An offer as a queue (M/M/c), seen once a week: children come by chance, and who has a place stays so long."""
    places, stays = int(numbers.integers(2, 12)), numbers.uniform(10, 40)
    come, there, now, found = places / stays * numbers.uniform(0.9, 1.02), places + 3, 0.0, list[Week]()
    while len(found) <= weeks:
        leave = min(there, places) / stays
        now += numbers.exponential(1 / (come + leave))
        while len(found) <= min(weeks, now):
            found.append(Week(max(places - there, 0), min(there, places), max(there - places, 0)))
        there += 1 if numbers.random() < come / (come + leave) else -1
    return found


@pytest.mark.parametrize("weeks_of", [by_chance, in_bursts, each_month, of_a_queue])
def test_eight_of_ten_come_true(weeks_of: Callable[[np.random.Generator, int], list[Week]]) -> None:
    """However places come free, what happens after a year or so lies within the interval that was told then."""
    numbers, within = np.random.default_rng(7), list[bool]()
    for _ in range(300):
        weeks, at = weeks_of(numbers, 140), int(numbers.integers(26, 53))
        expected = expect(weeks[: at + 1])
        if expected is not None and expected.days > 0:
            needed = expected.ahead + 1 - weeks[at].free
            until = np.cumsum(freed_by_week(weeks)[at:])
            days = 7 * (1 + int(np.searchsorted(until, needed)))  # and what never happened is too late
            within.append(expected.soonest <= days and days - 7 < expected.latest)
    assert len(within) > 150
    assert 0.74 <= np.mean(within) <= 0.92


@pytest.mark.parametrize(
    ("by_week", "needed", "times"),
    [
        ([1] * 52, 1, 1.0),
        ([4, 0, 0, 0] * 13, 1, 3.0),  # four at a time
        ([4, 0, 0, 0] * 13, 8, 1.0),  # which is even enough for who waits for eight
        ([0] * 26 + [2] * 26, 20, 12.0),  # more of late
        ([3, *[0] * 11], 1, 1.2),  # once in three months: too little to say that it is three at a time
    ],
    ids=str,
)
def test_how_many_come_free_at_a_time(by_week: list[int], needed: int, times: float) -> None:
    assert at_a_time(by_week, needed) == pytest.approx(times, abs=0.05)


def test_what_comes_free_in_bursts_is_less_sure() -> None:
    even, bursts = (
        expect(full_weeks(np.array(each), np.random.default_rng(1))) for each in ([1] * 48, [6, *[0] * 5] * 8)
    )
    assert even is not None
    assert bursts is not None
    assert (even.ahead, even.freed) == (bursts.ahead, bursts.freed)
    assert bursts.latest - bursts.soonest > 1.3 * (even.latest - even.soonest)


def test_a_queue_that_never_ends_is_told_at_once() -> None:
    found = expect([*history([1, 0] * 13, 3)[:-1], Week(0, 4, 10**9)])
    assert found is not None
    assert found.soonest == found.days == found.latest == LONGEST


def test_only_what_has_happened_is_tried() -> None:
    weeks = [Week(0, 50 - each, 0) for each in range(20)]
    tried = back_test(weeks)
    assert [each.happened for each in tried] == [7] * 7
    assert hold([weeks]).error in range(1, 7)


def test_what_has_not_happened_is_counted_apart() -> None:
    weeks = [Week(0, 50 - each, 0) for each in range(20)] + [Week(0, 31, 3)] * 20
    tried = [each.happened for each in back_test(weeks)]
    assert tried[:8] == [7] * 7 + [None]
    held = hold([weeks])
    assert (held.known, held.unfinished) == (7, len(tried) - 7)
    assert 0 < held.late < held.unfinished


def test_ours_and_the_stated_waits_are_held_against_the_same() -> None:
    weeks = [Week(0, 50 - each, 0, 27 if each % 2 else None) for each in range(20)]
    held = hold([weeks, []])
    assert (held.known, held.compared, held.stated_error) == (7, 3, 20)
    assert held.our_error is not None
    assert held.our_error < 7


def test_a_week_that_the_interval_misses_is_not_within() -> None:
    suddenly = [Week(0, 90 - each // 4, 3) for each in range(30)] + [Week(0, 80 - 9 * each, 3) for each in range(3)]
    slow = [Week(0, 50 - each, 0) for each in range(20)] + [Week(0, 31, 0)] * 9 + [Week(0, 30, 0)]
    for weeks in (suddenly, slow):
        held = hold([weeks])
        assert 0 < held.within < held.known


def test_nothing_comes_of_no_history() -> None:
    assert hold([[], [Week(0, 9, 2)] * 30]) == Held(0, 0, 0, 0, None, 0, None, None)
