"""Terms in working days: neither Saturday, Sunday nor a Dutch public holiday.

The holidays are those of the Algemene termijnenwet, art. 3: New Year's Day, Easter Monday, Whit Monday, both Christmas
days, Ascension Day, King's Day and the fifth of May, with Good Friday as one of them.
"""

from datetime import date, timedelta
from functools import cache

from holidays import OPTIONAL, PUBLIC, country_holidays

_SATURDAY = 5


@cache
def _holidays(year: int) -> frozenset[date]:
    """The library has Good Friday and most fifths of May as optional days."""
    return frozenset(country_holidays("NL", years=year, categories=(PUBLIC, OPTIONAL), expand=False))


def is_working_day(day: date) -> bool:
    """Whether it is neither a Saturday, a Sunday nor a public holiday."""
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The last day of a term of `count` working days (at least 1) that begins on the day after `day`."""
    if count < 1:
        raise ValueError("a term is at least one working day")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
