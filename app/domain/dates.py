"""Dutch days, and calendar arithmetic of the Jeugdwet's terms: months, ages and whole periods."""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple, Self
from zoneinfo import ZoneInfo

from app.domain.identifiers import IdentifierError
from app.domain.language import Text

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
"""The time zone of every day in this service: "today", a report's day, stops, contracts, starts, quarters."""

_NO_MONTH: Final = Text(
    nl="Schrijf een maand als jaar-maand, zoals 2026-10.", en="Write a month as YYYY-MM, such as 2026-10."
)

MONTH_PATTERN: Final = "^[0-9]{4}-(?:0[1-9]|1[0-2])$"
"""How a month is written."""

_SAME_DAY_UNTIL: Final = 22
"""The hour in UTC before which the date is that of the Netherlands, at most two hours ahead; it saves reports time."""


class YearMonth(NamedTuple):
    """A month of a year. A child is known by it, so that no full birth date is ever kept (AVG art. 5.1.c)."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "YYYY-MM"; raises `IdentifierError` on anything else, the year 0000 included."""
        if re.fullmatch(MONTH_PATTERN, text) is None or text.startswith("0000"):
            raise IdentifierError("invalid", _NO_MONTH)
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The month that a day is in."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])


def dutch_day(moment: datetime) -> date:
    """The date in the Netherlands at that moment: the 2nd for half past midnight there, when UTC is still on the 1st.

    Raises ValueError where the moment carries no offset from UTC, and OverflowError at the end of the calendar.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment must carry its offset from UTC")
    if moment.tzinfo is UTC and moment.hour < _SAME_DAY_UNTIL:
        return moment.date()
    return moment.astimezone(AMSTERDAM).date()


def dutch_midnight(day: date) -> datetime:
    """The moment, in UTC, at which that day begins in the Netherlands: 22:00 or 23:00 on the day before.

    Of the first day of the calendar the earliest time that there is.
    """
    try:
        return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def add_months(day: date, months: int) -> date:
    """The same day so many calendar months later, or the month's last day where it has no such day.

    Raises ValueError past the years 1 to 9999.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError("the date lies outside the calendar")
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))


def birthday(birth_month: YearMonth, age: int) -> date:
    """The day on which a child counts as that age: the first of the birth month."""
    return date(birth_month.year + age, birth_month.month, 1)


def whole_years(birth_month: YearMonth, on: date) -> int:
    """The age in whole years, with the birthday on the first of the birth month; 0 for a child not born yet."""
    return max(0, ((on.year - birth_month.year) * 12 + on.month - birth_month.month) // 12)


def ceil_div(dividend: int, divisor: int) -> int:
    """The quotient, rounded up."""
    return -(-dividend // divisor)


QUARTER_PATTERN: Final = "^[0-9]{4}-Q[1-4]$"
"""How a quarter is written."""


class Quarter(NamedTuple):
    """A calendar quarter, 1 to 4, of a year."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "YYYY-Qn"; raises ValueError on anything else, and outside the years 1900 to 2999."""
        if re.fullmatch(QUARTER_PATTERN, text) is None or not 1900 <= int(text[:4]) <= 2999:
            raise ValueError("a quarter is written as YYYY-Q1 to YYYY-Q4")
        return cls(int(text[:4]), int(text[-1]))

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.number}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return add_months(self.first_day, 3) - timedelta(days=1)
