"""Plots of the answers of insight: their figures in columns and series, with why one is not there."""

from collections.abc import Sequence

from app.insight.answers.definitions import Measure
from app.insight.answers.service import Answered, Row
from app.web.plots.plot import Column, Missing, Plot, Series, Unit, Value


def over_time(answered: Answered, names: Sequence[str], *, plot_id: str, title: str, summary: str = "") -> Plot:
    """The totals by period, a series for each of these figures; all must be of one unit."""
    measures = [answered.resource.measure(each) for each in names]
    return Plot(
        id=plot_id,
        title=title,
        columns=tuple(_column(each) for each in answered.totals),
        series=tuple(
            Series(each.title.nl, tuple(_value(answered, each, row) for row in answered.totals)) for each in measures
        ),
        unit=_unit(measures),
        summary=summary,
    )


def by_code(
    answered: Answered,
    name: str,
    codes: Sequence[str],
    *,
    plot_id: str,
    title: str,
    summary: str = "",
) -> Plot:
    """One figure by period, a series for each of these codes of the breakdown."""
    measure = answered.resource.measure(name)
    rows = {(each.code, each.period.name): each for each in answered.items}
    named = {each.code: each.name for each in answered.items}
    return Plot(
        id=plot_id,
        title=title,
        columns=tuple(_column(each) for each in answered.totals),
        series=tuple(
            Series(
                named.get(code, code),
                tuple(_value(answered, measure, rows.get((code, each.period.name))) for each in answered.totals),
            )
            for code in codes
        ),
        unit=_unit([measure]),
        summary=summary,
    )


def of_period(
    answered: Answered,
    names: Sequence[str],
    period: str,
    *,
    plot_id: str,
    title: str,
    summary: str = "",
) -> Plot:
    """The breakdown of one period: a column for each of its rows, a series for each of these figures."""
    measures = [answered.resource.measure(each) for each in names]
    rows = [each for each in answered.items if each.period.name == period]
    return Plot(
        id=plot_id,
        title=title,
        columns=tuple(Column(each.name) for each in rows),
        series=tuple(Series(each.title.nl, tuple(_value(answered, each, row) for row in rows)) for each in measures),
        unit=_unit(measures),
        summary=summary,
    )


def _column(row: Row) -> Column:
    return Column(row.period.name, row.period, row.provisional)


def _unit(measures: Sequence[Measure]) -> Unit:
    """ValueError where the figures cannot stand on one axis."""
    units: dict[str, Unit] = {"share": "share", "median": "days", "p90": "days"}
    found = {units.get(each.kind, "number") for each in measures}
    if len(found) != 1:
        raise ValueError(f"figures of several units in one plot: {', '.join(each.name for each in measures)}")
    return found.pop()


def _value(answered: Answered, measure: Measure, row: Row | None) -> Value:
    """A code that has no row in a period has none of what is counted there; nothing else is known of it.

    What is empty in an answer that hides small counts is hidden: a count always, a share or a middle unless what it
    rests on is there to see, and is 0.
    """
    if row is None:
        return 0 if measure.kind == "count" else Missing.UNKNOWN
    figure = row.figures[measure.name]
    if figure is not None:
        return figure
    if answered.hidden is None or not measure.is_of_children:
        return Missing.UNKNOWN
    base = measure.of[1] if measure.of else measure.sample
    return Missing.UNKNOWN if base is not None and row.figures.get(base) == 0 else Missing.HIDDEN
