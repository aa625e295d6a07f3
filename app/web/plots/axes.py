"""Axes: values up the side from zero, periods along the foot, and a target across."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.web.plots.frames import GAP, LETTER, LINE, Frame, Inside, labels_width, width_of
from app.web.plots.labels import height_of
from app.web.plots.plot import Column, Plot, Unit, known
from app.web.plots.scales import Bands, Scale, labelled, ticks
from app.web.plots.wording import period_in_short, value_in_words

_TICKS: Final = 6
_FOOT: Final = 2 * LINE + GAP
_HEAD: Final = LINE
_YEAR: Final = 5 * LETTER
"""The room that a year takes; one that is nearer to the next is left out."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark at an axis: where, what it says, and what stands below that."""

    at: float
    text: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Axes:
    """The frame of a plot with its scale, its bands and their marks; `target` is the height of the target's line."""

    width: float
    height: float
    inside: Inside
    scale: Scale
    bands: Bands
    values: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    target: float | None


def axes_of(plot: Plot, frame: Frame, highest: float) -> Axes:
    """The axes of values from 0 (or the lowest) to `highest` and the target, with room for labels at the right."""
    labels = labels_width(plot.labels, frame)
    height = max(frame.height, height_of(plot.labels, labels) + _FOOT)
    lowest = min([0.0, *(value for each in plot.series for value in known(each.values))])
    marks = _value_ticks(lowest, max(highest, plot.target.value if plot.target else highest), plot)
    texts = [value_in_words(each, _axis_unit(plot.unit)) for each in marks]
    beside = labels + 2 * GAP if labels else 0
    inside = Inside(left=width_of(texts) + GAP, right=frame.width - beside, top=_HEAD, bottom=height - _FOOT)
    scale = Scale(marks[0], marks[-1], inside.bottom, inside.top)
    bands = Bands(len(plot.columns), inside.left, inside.right)
    return Axes(
        width=frame.width,
        height=height,
        inside=inside,
        scale=scale,
        bands=bands,
        values=tuple(Tick(round(scale.pixel(each), 1), text) for each, text in zip(marks, texts, strict=True)),
        columns=_column_ticks(plot.columns, bands, frame.labels),
        target=round(scale.pixel(plot.target.value), 1) if plot.target else None,
    )


def highest_of(plot: Plot) -> float:
    """The highest value; 0 where none is known."""
    return max([0.0, *(value for each in plot.series for value in known(each.values))])


def _axis_unit(unit: Unit) -> Unit:
    """Days stand on the axis as bare numbers."""
    return "share" if unit == "share" else "number"


def _value_ticks(lowest: float, highest: float, plot: Plot) -> list[float]:
    return ticks(lowest, highest, _TICKS, whole=plot.unit != "share")


def _column_ticks(columns: Sequence[Column], bands: Bands, most: int) -> tuple[Tick, ...]:
    """The year stands below the first label, and below each that is of another year than the one before."""
    periods = [each.period for each in columns if each.period is not None]
    if len(periods) < len(columns):
        raise ValueError("these columns are no periods: draw them as bars with a name each")
    found: list[Tick] = []
    year = 0
    for index in labelled(periods, most):
        period = periods[index]
        text, at = period_in_short(period), round(bands.middle(index), 1)
        is_new = period.last.year != year and text != str(period.last.year)
        if is_new and found and at - found[-1].at < _YEAR:
            found[-1] = Tick(found[-1].at, found[-1].text)
        year = period.last.year
        found.append(Tick(at, text, str(year) if is_new else ""))
    return tuple(found)
