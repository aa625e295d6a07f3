"""Expected waits: what is counted as coming free, what follows from it, and whether it comes true."""

import numpy as np
import pytest

from app.allocation.back_test import Held, back_test, hold
from app.allocation.expected_wait import ExpectedWait, Week, expect, freed_by_week

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


def test_eight_of_ten_come_true_where_places_come_free_by_chance() -> None:
    numbers, within = np.random.default_rng(7), list[bool]()
    for _ in range(200):
        freed = numbers.poisson(numbers.uniform(0.2, 1.0), 90)
        weeks = [Week(0, 200 - each, 3) for each in (0, *np.cumsum(freed).tolist())]
        tried = next((each for each in back_test(weeks) if each.expected.weeks >= 40), None)
        if tried is not None and tried.happened is not None:  # what happened is known in whole weeks
            within.append(tried.expected.soonest - 7 < tried.happened <= tried.expected.latest + 7)
    assert len(within) > 180
    assert 0.75 <= np.mean(within) <= 0.97


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
