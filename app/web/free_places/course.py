"""The course of an offer's figures: what stood at the end of each of the last weeks, as plots."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from app.domain.dates import dutch_day
from app.insight.answers.periods import Period
from app.insight.answers.sheets import Sheet
from app.web.plots.plot import Column, Missing, Plot, Series, Unit, Value, known
from app.web.shell.words import STALE_DAYS

_WEEKS: Final = 13
_WEEK: Final = timedelta(days=7)
_HOURS: Final = "hours-per-week"


def weeks_until(today: date) -> list[Period]:
    """The last thirteen weeks, of which today ends the last."""
    lasts = [today - each * _WEEK for each in reversed(range(_WEEKS))]
    return [Period(last.isoformat(), last - _WEEK + timedelta(days=1), last) for last in lasts]


def course_of(stood: Sequence[Any], weeks: Sequence[Period], unit: str) -> list[Plot]:
    """Plots of the reports that stood at the end of each week (each with its `moment`); of what none tells, none.

    Of reports of 1 and of 4 weeks ago the weeks before the first are unknown, and so is a week whose report had grown
    stale. `unit` is what the offer's capacity counts.
    """
    by_day = {dutch_day(each.moment - timedelta(seconds=1)): each for each in stood}
    reports = [_not_stale(by_day.get(each.last), each.last) for each in weeks]
    columns = tuple(Column(each.name, each) for each in weeks)
    places = [
        _series("Vrij", reports, lambda each: each.places_free),
        _series("In totaal", reports, lambda each: each.places_total),
        _series("Wachtenden", reports, lambda each: each.waiting_count),
    ]
    title = "Uren per week" if unit == _HOURS else "Plekken"
    waits = [_series("Wachttijd", reports, _wait)]
    return [
        *_plot("plekken", title, columns, places, "number"),
        *_plot("wachttijd", "Wachttijd", columns, waits, "days"),
    ]


def sheet_of(plot: Plot, offer_id: str) -> Sheet:
    """The figures of a plot as a table; empty where one is not known."""
    heading = ["Tot en met", *(each.name for each in plot.series)]
    rows = [
        [column.period.last if column.period else column.name, *(_cell(each.values[index]) for each in plot.series)]
        for index, column in enumerate(plot.columns)
    ]
    return Sheet(f"{plot.id}-{offer_id}", plot.title, heading, rows, [])


def _plot(id_: str, title: str, columns: tuple[Column, ...], series: list[Series], unit: Unit) -> Iterator[Plot]:
    told = tuple(each for each in series if known(each.values))
    if told:
        yield Plot(id_, title, columns, told, unit, summary="Wat aan het eind van elke week gemeld was.")


def _series(name: str, reports: Sequence[Any], figure: Any) -> Series:
    found = [None if each is None else figure(each) for each in reports]
    return Series(name, tuple(Missing.UNKNOWN if each is None else each for each in found))


def _wait(report: Any) -> int | None:
    """From referral to the first real help, of its two parts."""
    intake, treatment = report.wait_days_intake, report.wait_days_treatment
    return None if intake is None and treatment is None else (intake or 0) + (treatment or 0)


def _not_stale(report: Any, day: date) -> Any:
    """The report; None where there is none, or where it was too old on that day to be known still."""
    if report is None or (day - dutch_day(report.observed_at)).days > STALE_DAYS:
        return None
    return report


def _cell(value: Value) -> float | None:
    return None if isinstance(value, Missing) else float(value)
