"""Labels at the end of lines and stacks: beside what they name, and never over each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.web.plots.frames import GAP, LINE, wrapped


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a series (its index) in lines, from `top` down, with a stroke from where the series ends."""

    index: int
    lines: tuple[str, ...]
    x: float
    top: float
    from_x: float
    from_y: float

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.top + len(self.lines) * LINE / 2


@dataclass(frozen=True, slots=True)
class End:
    """Where a series ends, and its name."""

    index: int
    name: str
    x: float
    y: float


def labels_at(ends: Sequence[End], x: float, width: float, bottom: float) -> tuple[Label, ...]:
    """A label for each end, at the right of `x`, near the height of the end, none below `bottom` if that can be.

    One alone needs none: the title names it.
    """
    if len(ends) == 1:
        return ()
    ordered = sorted(ends, key=lambda each: (each.y, each.index))
    lines = [wrapped(each.name, width) for each in ordered]
    tops = spread([each.y for each in ordered], [len(each) * LINE for each in lines], bottom)
    return tuple(
        Label(end.index, text, x + GAP, top, end.x, end.y) for end, text, top in zip(ordered, lines, tops, strict=True)
    )


def spread(middles: Sequence[float], heights: Sequence[float], bottom: float) -> list[float]:
    """The tops of things of these heights, none over another and none above 0, each as near its middle as comes out.

    `middles` are in order. First each goes down until it is clear of the one above; then, from below, up again until
    all are above `bottom`. Middles 50 and 52 of things 16 high: tops 42 and 58.
    """
    tops: list[float] = []
    floor = 0.0
    for middle, height in zip(middles, heights, strict=True):
        tops.append(max(floor, middle - height / 2))
        floor = tops[-1] + height
    ceiling = max(bottom, sum(heights))
    for index in reversed(range(len(tops))):
        tops[index] = min(tops[index], ceiling - heights[index])
        ceiling = tops[index]
    return tops


def height_of(names: Sequence[str], width: float) -> float:
    """The room that labels of these names take together."""
    return sum(len(wrapped(each, width)) for each in names) * LINE
