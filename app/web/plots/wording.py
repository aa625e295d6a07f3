"""Values and periods as people in the Netherlands write them."""

from typing import Final

from app.domain.language import date_in_words, decimal_in_words, month_in_words
from app.insight.answers.periods import Period
from app.web.plots.plot import Missing, Unit, Value
from app.web.plots.scales import is_of_days

_SPACE: Final = "\N{NO-BREAK SPACE}"
_QUARTER: Final = 3
_MONTHS: Final = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


def value_in_words(value: Value, unit: Unit) -> str:
    """A value with at most one decimal: "1.234", "12,5 %", "3 dagen"; where it is missing the reason."""
    if isinstance(value, Missing):
        return value.value
    if unit == "share":
        return f"{number_in_words(value * 100)}{_SPACE}%"
    if unit == "days":
        return f"{number_in_words(value)}{_SPACE}{'dag' if value == 1 else 'dagen'}"
    return number_in_words(value)


def number_in_words(number: float) -> str:
    """A number with a point between thousands and a comma before at most one decimal: "1.234,5"."""
    written = decimal_in_words(abs(number)).nl
    whole, comma, decimals = written.partition(",")
    sign = "-" if number < 0 and written != "0" else ""
    return f"{sign}{int(whole):,}".replace(",", ".") + comma + decimals


def period_in_words(period: Period) -> str:
    """A period: "oktober 2026", "4e kwartaal 2026", "2026"; of days or a week its last, "12 oktober 2026"."""
    if is_of_days(period):
        return date_in_words(period.last).nl
    if _is_month(period):
        return month_in_words(period.first).nl
    return f"{_quarter(period)}e kwartaal {period.first.year}" if _is_quarter(period) else period.name


def period_in_short(period: Period) -> str:
    """The same for an axis, where the year stands below: "okt", "4e kw", "2026", "12 okt"."""
    if is_of_days(period):
        return f"{period.last.day} {_MONTHS[period.last.month - 1]}"
    if _is_month(period):
        return _MONTHS[period.first.month - 1]
    return f"{_quarter(period)}e kw" if _is_quarter(period) else period.name


def _months(period: Period) -> int:
    return (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1


def _is_month(period: Period) -> bool:
    return _months(period) == 1


def _is_quarter(period: Period) -> bool:
    return _months(period) == _QUARTER


def _quarter(period: Period) -> int:
    return (period.first.month + 2) // _QUARTER
