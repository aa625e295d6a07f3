"""The plots of a figure: its course over months, and one month by municipality or provider."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from app.insight.answers.service import Answered, Row
from app.web.overview.figures.figures import Drawing, Figure
from app.web.plots.answers import of_period, over_time
from app.web.plots.drawing import Drawn, drawn_bars, drawn_lines, drawn_rows, drawn_shares
from app.web.plots.plot import Plot
from app.web.plots.wording import period_in_words, value_in_words

_TARGET: Final = "target"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn plot, with what the template draws it by."""

    kind: Drawing | Literal["rows"]
    drawn: Drawn[Any]


def course(figure: Figure, answered: Answered) -> Picture:
    """The course over the months that were asked."""
    answered = in_order(answered)
    names = [each for each in figure.course if each != _TARGET or _has_target(answered)]
    plot = over_time(answered, names, plot_id=f"verloop-{figure.slug}", title=figure.title)
    plot = replace(plot, summary=f"{figure.note} {_summary(plot)}".strip())
    if figure.drawing == "lines":
        return Picture("lines", drawn_lines(plot))
    if figure.drawing == "bars":
        return Picture("bars", drawn_bars(plot, "stacked"))
    return Picture("shares", drawn_shares(plot))


def in_order(answered: Answered) -> Answered:
    """The same with the totals in the order of their periods."""
    return replace(answered, totals=sorted(answered.totals, key=lambda row: row.period.first))


def _has_target(answered: Answered) -> bool:
    return any(row.figures[_TARGET] is not None for row in answered.totals)


def _summary(plot: Plot) -> str:
    """The last whole month in words: "In oktober 2026: op tijd 83 %; te laat 17 %."."""
    over = [index for index, each in enumerate(plot.columns) if not each.provisional]
    if not over or (period := plot.columns[over[-1]].period) is None:
        return ""
    values = ((each.name, each.values[over[-1]]) for each in plot.series)
    said = "; ".join(f"{name}: {value_in_words(value, plot.unit)}" for name, value in values)
    return f"In {period_in_words(period)} – {said}."  # noqa: RUF001 - a dash, as Dutch text has it


def breakdown(figure: Figure, answered: Answered, period: str, title: str) -> Picture | None:
    """One month by what the answer is broken down by; None where nothing is counted in it."""
    rows: Sequence[Row] = sorted(
        (each for each in answered.items if each.period.name == period), key=lambda row: (row.name, row.code)
    )
    if not rows:
        return None
    of_rows = replace(answered, items=rows)
    plot = of_period(of_rows, figure.parts, period, plot_id=f"delen-{figure.slug}", title=title)
    return Picture("rows", drawn_rows(plot))
