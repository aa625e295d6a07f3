"""Bars over periods: side by side, or on top of each other; and bars from the left for things with a name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from app.web.plots.axes import Axes, axes_of, highest_of
from app.web.plots.frames import GAP, LINE, Frame, labels_width, width_of, wrapped
from app.web.plots.labels import End, Label, labels_at
from app.web.plots.plot import Missing, Plot
from app.web.plots.scales import Scale, ticks
from app.web.plots.wording import value_in_words

Arrangement = Literal["grouped", "stacked"]

_FILLED: Final = 0.8
"""The part of a band that its bars take."""
_BAR: Final = 18.0
"""The height of a bar from the left."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a series, by its index; open where its period is not over."""

    index: int
    x: float
    y: float
    width: float
    height: float
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """A plot of bars over periods, as the template draws it."""

    axes: Axes
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]


def bars_of(plot: Plot, frame: Frame, arrangement: Arrangement) -> Bars:
    """The bars of a plot in a frame; on top of each other they are left out where one of them is missing.

    ValueError where what is to be stacked is below zero.
    """
    sums = [sum(values) for values in _whole_columns(plot).values()]
    axes = axes_of(plot, frame, highest_of(plot) if arrangement == "grouped" else max(sums, default=0))
    bars = tuple(_grouped(plot, axes) if arrangement == "grouped" else _stacked(plot, axes))
    width = labels_width(plot.labels, frame)
    ends = [_end(bars, index, each.name, axes) for index, each in enumerate(plot.series)]
    return Bars(axes, bars, labels_at(ends, axes.inside.right + GAP, width, axes.height))


def _whole_columns(plot: Plot) -> dict[int, list[float]]:
    """The values of each column of which none is missing, by its index."""
    whole = {}
    for index in range(len(plot.columns)):
        values = [each.values[index] for each in plot.series]
        there = [value for value in values if not isinstance(value, Missing)]
        if len(there) == len(values):
            whole[index] = there
    return whole


def _grouped(plot: Plot, axes: Axes) -> Iterator[Bar]:
    width = axes.bands.width * _FILLED / max(1, len(plot.series))
    for index, series in enumerate(plot.series):
        for place, value in enumerate(series.values):
            if not isinstance(value, Missing):
                left = axes.bands.middle(place) - axes.bands.width * _FILLED / 2 + index * width
                yield _upright(axes, index, (left, width), (0, value), is_open=plot.columns[place].provisional)


def _stacked(plot: Plot, axes: Axes) -> Iterator[Bar]:
    width = axes.bands.width * _FILLED
    for place, values in _whole_columns(plot).items():
        foot = 0.0
        for index, value in enumerate(values):
            if value < 0:
                raise ValueError(f"{plot.id}: {plot.series[index].name} is below zero and cannot be stacked")
            left = axes.bands.middle(place) - width / 2
            yield _upright(axes, index, (left, width), (foot, foot + value), is_open=plot.columns[place].provisional)
            foot += value


def _upright(axes: Axes, index: int, across: tuple[float, float], values: tuple[float, float], *, is_open: bool) -> Bar:
    bottom, top = sorted((axes.scale.pixel(each) for each in values), reverse=True)
    return Bar(index, round(across[0], 1), round(top, 1), round(across[1], 1), round(bottom - top, 1), is_open)


def _end(bars: tuple[Bar, ...], index: int, name: str, axes: Axes) -> End:
    """The middle of the last bar of a series: where its label stands beside."""
    mine = [each for each in bars if each.index == index]
    if not mine:
        return End(index, name, axes.inside.right, axes.inside.bottom)
    last = max(mine, key=lambda each: each.x)
    return End(index, name, last.x + last.width, round(last.y + last.height / 2, 1))


@dataclass(frozen=True, slots=True)
class Row:
    """A bar from the left, with what stands at its end; none where the value is missing."""

    bar: Bar | None
    text: str
    text_x: float
    middle: float


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a column in lines, from `top` down, and its bars below."""

    lines: tuple[str, ...]
    top: float
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A plot of bars from the left, as the template draws it; `target` is how far from the left the target is."""

    width: float
    height: float
    names: tuple[Named, ...]
    target: float | None


def rows_of(plot: Plot, frame: Frame) -> Rows:
    """Bars from the left, longest for the highest value, with their values (and of what, where there is more than one
    series) at their end. ValueError where a value is below zero."""
    highest = max(highest_of(plot), plot.target.value if plot.target else 0)
    if any(not isinstance(value, Missing) and value < 0 for each in plot.series for value in each.values):
        raise ValueError(f"{plot.id}: a bar from the left cannot be below zero")
    texts = [_text(plot, index, place) for index in range(len(plot.series)) for place in range(len(plot.columns))]
    room = frame.width - min(width_of(texts) + GAP, frame.width * 0.6)
    scale = Scale(0, ticks(0, highest, 3)[-1] if highest == 0 else highest, 0, room)
    names, top = [], LINE if plot.target else 0.0
    for place, column in enumerate(plot.columns):
        lines = wrapped(column.name, frame.width)
        foot = top + len(lines) * LINE + GAP / 2
        rows = tuple(_row(plot, (index, place), scale, foot + index * _BAR) for index in range(len(plot.series)))
        names.append(Named(lines, top, rows))
        top = foot + len(rows) * _BAR + GAP
    return Rows(frame.width, top, tuple(names), round(scale.pixel(plot.target.value), 1) if plot.target else None)


def _row(plot: Plot, at: tuple[int, int], scale: Scale, top: float) -> Row:
    index, place = at
    value = plot.series[index].values[place]
    middle = top + _BAR / 2
    if isinstance(value, Missing):
        return Row(None, _text(plot, index, place), 0, middle)
    width = round(scale.pixel(value), 1)
    bar = Bar(index, 0, top + 1, width, _BAR - 2, plot.columns[place].provisional)
    return Row(bar, _text(plot, index, place), width + GAP / 2, middle)


def _text(plot: Plot, index: int, place: int) -> str:
    value = value_in_words(plot.series[index].values[place], plot.unit)
    return value if len(plot.series) == 1 else f"{value} ({plot.series[index].name})"
