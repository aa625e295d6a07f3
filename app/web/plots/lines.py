"""Lines over periods: broken where a value is missing, with a dot where one stands alone or is not final."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.web.plots.axes import Axes, axes_of, highest_of
from app.web.plots.frames import GAP, Frame, labels_width
from app.web.plots.labels import End, Label, labels_at
from app.web.plots.plot import Missing, Plot, Value


@dataclass(frozen=True, slots=True)
class Dot:
    """A value on its own; open where its period is not over."""

    x: float
    y: float
    is_open: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The line of a series, by its index: the path of its parts, and its dots."""

    index: int
    path: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A plot of lines, as the template draws it."""

    axes: Axes
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]


def lines_of(plot: Plot, frame: Frame) -> Lines:
    """The lines of a plot in a frame; a series of which no value is known has no line, but a label at the foot."""
    axes = axes_of(plot, frame, highest_of(plot))
    width = labels_width(plot.labels, frame)
    lines, ends = [], []
    for index, series in enumerate(plot.series):
        spots = _spots(series.values, axes)
        lines.append(Line(index, _path(spots), tuple(_dots(spots, plot))))
        last = next((spot for spot in reversed(spots) if spot), (axes.inside.right, axes.inside.bottom))
        ends.append(End(index, series.name, *last))
    return Lines(axes, tuple(lines), labels_at(ends, axes.inside.right + GAP, width, axes.height))


def runs(values: Sequence[Value]) -> list[list[int]]:
    """The places of values that follow on each other without one missing: of 3, 4, missing, 5 they are 0 1, and 3."""
    found: list[list[int]] = [[]]
    for index, value in enumerate(values):
        if isinstance(value, Missing):
            found.append([])
        else:
            found[-1].append(index)
    return [each for each in found if each]


_Spots = Sequence[tuple[float, float] | None]


def _spots(values: Sequence[Value], axes: Axes) -> _Spots:
    return [
        None if isinstance(value, Missing) else (round(axes.bands.middle(index), 1), round(axes.scale.pixel(value), 1))
        for index, value in enumerate(values)
    ]


def _path(spots: _Spots) -> str:
    """Moves to where each run begins, and draws on from there."""
    written, is_on = [], False
    for spot in spots:
        if spot is not None:
            written.append(f"{'L' if is_on else 'M'}{spot[0]:g} {spot[1]:g}")
        is_on = spot is not None
    return "".join(written)


def _dots(spots: _Spots, plot: Plot) -> Iterator[Dot]:
    for index, spot in enumerate(spots):
        around = spots[max(0, index - 1) : index + 2]
        is_open = plot.columns[index].provisional
        if spot is not None and (is_open or sum(each is not None for each in around) == 1):
            yield Dot(*spot, is_open)
