"""A study as plots: an SVG a measure, with a line a behaviour and the interval of each point."""

from pathlib import Path
from typing import Final, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from app.domain.language import Language
from app.simulation.model import Behaviour, Interval, Measure
from app.simulation.study import Study
from app.simulation.words import BEHAVIOUR, MEASURE, SHARES, VARIED, shown
from app.web.plots.scales import Scale, ticks

_PLOTTED: Final[tuple[Measure, ...]] = ("first_choice", "in_time", "mean_wait", "wait_90", "refusals", "empty")
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 470, 40, 270
_INK: Final[dict[Behaviour, tuple[str, str]]] = {
    "phone": ("#6b7280", "6 3"),
    "search": ("#b45309", "2 3"),
    "ranking": ("#1d4ed8", ""),
    "proposals": ("#047857", "10 3"),
}
"""The colour and the dashes of each, so that they are told apart without colour."""


class Mark(NamedTuple):
    """A point with its interval, in pixels, and in words."""

    x: float
    y: float
    low: float
    high: float
    words: str


def write_plots(study: Study, folder: Path, language: Language) -> list[Path]:
    """Writes the plots of a study in which something is varied; makes the folder where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for measure in _PLOTTED:
        path = folder / f"{measure.replace('_', '-')}.svg"
        path.write_text(plot_of(study, measure, language), encoding="utf-8")
        written.append(path)
    return written


def plot_of(study: Study, measure: Measure, language: Language) -> str:
    """The plot of a measure over what is varied; ValueError where nothing is."""
    if study.varied is None:
        raise ValueError("a plot takes a study in which something is varied")
    values = [each.value or 0.0 for each in study.points]
    highest = max(each[measure].high for point in study.points for each in point.figures.values())
    marks = ticks(0, max(highest, 0.01), 6)
    across = Scale(values[0], values[-1], _LEFT + 20, _RIGHT - 20)
    up = Scale(marks[0], marks[-1], _BOTTOM, _TOP)
    lines = {
        behaviour: [
            _mark(across.pixel(value), up, point.figures[behaviour][measure], measure)
            for value, point in zip(values, study.points, strict=True)
        ]
        for behaviour in study.points[0].figures
    }
    template = Environment(
        loader=PackageLoader("app.simulation", "."), autoescape=True, undefined=StrictUndefined
    ).get_template("plot.svg.jinja")
    return template.render(
        title=MEASURE[measure].in_(language),
        across=VARIED[study.varied].in_(language),
        language=language,
        frame=(_LEFT, _RIGHT, _TOP, _BOTTOM),
        x_marks=[(across.pixel(value), shown(value, share=True)) for value in values],
        y_marks=[(up.pixel(each), shown(each, share=measure in SHARES)) for each in marks],
        lines=[(BEHAVIOUR[behaviour].in_(language), *_INK[behaviour], found) for behaviour, found in lines.items()],
    )


def _mark(x: float, up: Scale, interval: Interval, measure: Measure) -> Mark:
    mean, low, high = (shown(each, share=measure in SHARES) for each in (interval.mean, interval.low, interval.high))
    words = f"{mean} ({low}-{high})"
    return Mark(x, up.pixel(interval.mean), up.pixel(interval.low), up.pixel(interval.high), words)
