"""A plot in both sizes and as a table: what the macros of `plots.html` draw."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.web.plots.bars import Arrangement, Bars, Rows, bars_of, rows_of
from app.web.plots.frames import NARROW, WIDE, Frame
from app.web.plots.lines import Lines, lines_of
from app.web.plots.plot import Plot
from app.web.plots.scales import is_of_days
from app.web.plots.wording import period_in_words, value_in_words

Picture = TypeVar("Picture", Lines, Bars, Rows)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A column of the plot as a row of its table: its name, and its values in words."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn(Generic[Picture]):
    """A plot, drawn for a phone and for a wide screen, with its table, and notes on how to read it."""

    plot: Plot
    narrow: Picture
    wide: Picture
    heading: tuple[str, ...]
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...]


def drawn_lines(plot: Plot) -> Drawn[Lines]:
    """For `line_plot`: the course of values over periods."""
    return _drawn(plot, lines_of)


def drawn_bars(plot: Plot, arrangement: Arrangement = "grouped") -> Drawn[Bars]:
    """For `bar_plot`: values by period, side by side or stacked."""
    return _drawn(plot, lambda plot, frame: bars_of(plot, frame, arrangement))


def drawn_shares(plot: Plot) -> Drawn[Bars]:
    """For `share_plot`: parts of a whole by period, stacked; amounts are made parts of their sum."""
    shares = plot if plot.unit == "share" else plot.as_shares()
    return _drawn(shares, lambda plot, frame: bars_of(plot, frame, "stacked"))


def drawn_rows(plot: Plot) -> Drawn[Rows]:
    """For `row_plot`: values of things with a name."""
    return _drawn(plot, rows_of)


def _drawn(plot: Plot, draw: Callable[[Plot, Frame], Picture]) -> Drawn[Picture]:
    return Drawn(
        plot=plot,
        narrow=draw(plot, NARROW),
        wide=draw(plot, WIDE),
        heading=(_heading(plot), *(each.name for each in plot.series)),
        rows=_rows(plot),
        notes=tuple(_notes(plot)),
    )


def _heading(plot: Plot) -> str:
    periods = [each.period for each in plot.columns if each.period]
    if not periods:
        return "Naam"
    if periods[0].first == periods[0].last:
        return "Dag"
    return "Tot en met" if is_of_days(periods[0]) else "Periode"


def _notes(plot: Plot) -> Iterator[str]:
    if plot.target:
        yield f"Stippellijn: {plot.target.name}, {value_in_words(plot.target.value, plot.unit)}."
    if plot.hides:
        yield "Kleine aantallen worden niet getoond."
    if plot.lacks:
        yield "Waar niets staat, is het cijfer niet bekend."
    if plot.is_provisional:
        yield "Open stip of onderbroken rand: de periode is nog niet voorbij."


def _rows(plot: Plot) -> tuple[TableRow, ...]:
    rows = []
    for index, column in enumerate(plot.columns):
        name = period_in_words(column.period) if column.period else column.name
        values = tuple(value_in_words(each.values[index], plot.unit) for each in plot.series)
        rows.append(TableRow(f"{name} (voorlopig)" if column.provisional else name, values))
    return tuple(rows)
