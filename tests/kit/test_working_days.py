"""Working days, with the holidays of the Algemene termijnenwet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.working_days import add_working_days, is_working_day

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-20", True),  # Friday
        ("2026-11-21", False),  # Saturday
        ("2026-11-22", False),  # Sunday
        ("2026-11-23", True),
        ("2026-01-01", False),  # New Year's Day
        ("2026-04-03", False),  # Good Friday
        ("2026-04-06", False),  # Easter Monday
        ("2026-04-27", False),  # King's Day
        ("2025-04-26", False),  # King's Day on Saturday, for the 27th is a Sunday
        ("2025-04-28", True),
        ("2026-05-04", True),  # remembrance is no day off
        ("2025-05-05", False),  # Liberation Day in a fifth year
        ("2026-05-05", False),  # Liberation Day in another
        ("2026-05-14", False),  # Ascension Day
        ("2026-05-15", True),
        ("2026-05-25", False),  # Whit Monday
        ("2026-12-24", True),
        ("2026-12-25", False),
        ("2026-12-31", True),
    ],
)
def test_is_no_weekend_and_no_holiday(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        ("2026-11-16", 5, "2026-11-23"),  # Monday to Monday
        ("2026-11-20", 1, "2026-11-23"),  # over a weekend
        ("2026-11-21", 5, "2026-11-27"),  # imposed on a Saturday
        ("2026-04-01", 5, "2026-04-10"),  # over Easter: Good Friday and Monday are free
        ("2026-04-24", 5, "2026-05-04"),  # over King's Day
        ("2026-12-23", 5, "2026-12-31"),  # over Christmas
        ("2026-12-30", 5, "2027-01-07"),  # over New Year
    ],
)
def test_a_term_ends_on_its_last_working_day(start: str, count: int, last: str) -> None:
    assert add_working_days(date.fromisoformat(start), count) == date.fromisoformat(last)


@pytest.mark.parametrize("count", [0, -1])
def test_a_term_is_at_least_a_day(count: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(date(2026, 11, 23), count)


@given(start=DAYS, count=st.integers(1, 40))
def test_a_term_holds_as_many_working_days_as_it_says(start: date, count: int) -> None:
    last = add_working_days(start, count)
    within = [start + timedelta(days=number) for number in range(1, (last - start).days + 1)]
    assert sum(map(is_working_day, within)) == count
    assert is_working_day(last)
