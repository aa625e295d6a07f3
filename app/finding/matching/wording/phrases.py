"""Turns of phrase for periods, dates and counts, which the sentences share."""

from datetime import date
from functools import lru_cache

from app.domain.language import Text, date_in_words
from app.ranking.derived_dates import Norm

DAYS_OF_WEEK = 7


def counted(number: int, one: Text, many: Text) -> Text:
    """The number with its noun: "1 dag", "5 dagen"."""
    return Text(nl="{n} {noun}", en="{n} {noun}").format(n=number, noun=one if number == 1 else many)


@lru_cache(1024)
def days_in_words(days: int) -> Text:
    """A number of days: "1 dag", "5 dagen"."""
    return counted(days, Text(nl="dag", en="day"), Text(nl="dagen", en="days"))


@lru_cache(1024)
def years_in_words(years: int) -> Text:
    """An age: "1 jaar", "17 jaar"."""
    return counted(years, Text(nl="jaar", en="year"), Text(nl="jaar", en="years"))


def period(days: int) -> Text:
    """A number of days in weeks where it is a week or more: "3 dagen", "4 weken", "ruim 4 weken"."""
    weeks, rest = divmod(days, DAYS_OF_WEEK)
    if weeks == 0:
        return days_in_words(days)
    whole = counted(weeks, Text(nl="week", en="week"), Text(nl="weken", en="weeks"))
    return Text(nl="ruim {whole}", en="more than {whole}").format(whole=whole) if rest else whole


def from_today(days: int) -> Text:
    """When, seen from today: "vandaag", "over 3 dagen", "over ruim 4 weken"."""
    if days == 0:
        return Text(nl="vandaag", en="today")
    return Text(nl="over {period}", en="in {period}").format(period=period(days))


@lru_cache(1024)
def norm_in_words(norm: Norm) -> Text:
    """By when help has to start, and why not by the deadline itself where that has passed or is at hand."""
    if norm.limit == norm.deadline:
        return Text(nl="norm: uiterlijk {limit}", en="norm: by {limit}").format(limit=date_in_words(norm.limit))
    if norm.deadline < norm.today:
        text = Text(
            nl="de termijn van {deadline} is verstreken, dus telt hulp die meteen start: uiterlijk {limit}",
            en="the deadline of {deadline} has passed, so help at once is what counts: by {limit}",
        )
    else:
        text = Text(
            nl="de termijn van {deadline} is er al bijna, dus telt hulp die meteen start: uiterlijk {limit}",
            en="the deadline of {deadline} is at hand, so help at once is what counts: by {limit}",
        )
    return text.format(deadline=date_in_words(norm.deadline), limit=date_in_words(norm.limit))


def lateness(start: date, norm: Norm) -> Text:
    """How much too late a start is: "ruim 4 weken te laat", or after which day if not the deadline."""
    late = period((start - norm.limit).days)
    if norm.limit == norm.deadline:
        return Text(nl="{late} te laat", en="{late} late").format(late=late)
    return Text(nl="{late} na {limit}", en="{late} after {limit}").format(late=late, limit=date_in_words(norm.limit))
