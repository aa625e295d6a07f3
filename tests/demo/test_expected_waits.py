"""Expected waits of the demo data set, held against what its offers reported since."""

from bisect import bisect_right
from dataclasses import asdict
from datetime import date, timedelta
from itertools import chain
from types import SimpleNamespace
from typing import Final

from app.allocation.back_test import hold
from app.allocation.expected_wait import Week
from app.demo.capacity_reports import Habit, reports
from app.demo.data import demo_data
from app.demo.earlier_reports import earlier_reports
from app.domain.dates import dutch_midnight
from app.supply.capacity.expected_waits import runs_of

TODAY: Final = date(2026, 11, 22)
WEEKS: Final = 104
EACH: Final = 8
"""One of so many offers that reported for two years is tried."""


def _histories(habit: Habit) -> list[list[Week]]:
    """The weeks of an offer, as the service reads them of its reports."""
    moments = [dutch_midnight(TODAY + timedelta(1 - 7 * each)) for each in reversed(range(WEEKS + 1))]
    told = list(chain(earlier_reports(habit, TODAY), reports(habit, None, TODAY)))
    observed = [each.observed_at for each in told]
    standing = [(moment, bisect_right(observed, moment)) for moment in moments]
    rows = [SimpleNamespace(moment=moment, **asdict(told[at - 1])) for moment, at in standing if at]
    return runs_of(rows, moments)


def test_eight_of_ten_lie_within_the_interval() -> None:
    """Its places come free many at a time, whenever a provider looks: an interval as if by one is too narrow."""
    early = [each for each in demo_data(TODAY).habits if each.early]
    held = hold(chain.from_iterable(map(_histories, early[::EACH])))
    assert held.known > 500
    assert 0.74 <= held.within / held.known <= 0.9
    assert held.late < 0.1 * held.unfinished
    assert held.our_error is not None
    assert held.stated_error is not None
    assert held.our_error < held.stated_error
