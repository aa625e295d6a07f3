"""What is said of an offer on a factor, to follow its number or to stand alone."""

from datetime import date
from typing import Final

from app.domain.language import Text, date_in_words
from app.finding.matching.wording.phrases import days_in_words, from_today, lateness
from app.ranking.derived_dates import Norm
from app.ranking.order import PERIOD_DAYS, UNKNOWN, UNKNOWN_PERIODS

_UNKNOWN_WEEKS: Final = UNKNOWN_PERIODS * PERIOD_DAYS // 7
_NO_START: Final = Text(nl="heeft geen bekende startdatum", en="has no known start date")


def delay_in_words(start: date | None, norm: Norm) -> Text:
    """When help starts, and whether that is in time."""
    if start is None:
        return Text(
            nl="{unknown}, wat telt als {weeks} weken te laat",
            en="{unknown}, which counts as {weeks} weeks late",
        ).format(unknown=_NO_START, weeks=_UNKNOWN_WEEKS)
    if start <= norm.limit:
        return Text(nl="start op {day}, op tijd", en="starts on {day}, in time").format(day=date_in_words(start))
    return Text(nl="start op {day}, {late}", en="starts on {day}, {late}").format(
        day=date_in_words(start), late=lateness(start, norm)
    )


def wait_in_words(start: date | None, today: date) -> Text:
    """When help starts, and how long that is from today."""
    if start is None:
        return Text(
            nl="{unknown}, wat telt als {weeks} weken wachten",
            en="{unknown}, which counts as a wait of {weeks} weeks",
        ).format(unknown=_NO_START, weeks=_UNKNOWN_WEEKS)
    return Text(nl="start {when}, op {day}", en="starts {when}, on {day}").format(
        when=from_today((start - today).days), day=date_in_words(start)
    )


def start_in_words(start: date | None) -> Text:
    """When help starts."""
    if start is None:
        return _NO_START
    return Text(nl="start op {day}", en="starts on {day}").format(day=date_in_words(start))


def distance_in_words(km: int, *, at_home: bool, known: bool) -> Text:
    """How far away it is, in whole km, rounded up."""
    if at_home:
        return Text(nl="komt bij het kind thuis", en="comes to the child's home")
    if not known:
        return Text(nl="ligt op een onbekende afstand", en="is at an unknown distance")
    if km == 0:
        return Text(nl="ligt vlakbij (0 km)", en="is close by (0 km)")
    return Text(nl="ligt op {km} km", en="is {km} km away").format(km=km)


def age_in_words(age: int) -> Text:
    """How old the figures are, in days; UNKNOWN where there are none."""
    if age == UNKNOWN:
        return Text(nl="heeft nog geen cijfers gemeld", en="has not reported figures yet")
    if age <= 0:
        return Text(nl="heeft cijfers van vandaag", en="has figures from today")
    return Text(nl="heeft cijfers van {days} oud", en="has figures {days} old").format(days=days_in_words(age))
