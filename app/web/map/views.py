"""What part of the map is in view, and where a spot is on the drawing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.web.map.outlines import Box
from app.web.map.projection import Spot

WIDTH: Final = 288
HEIGHT: Final = 336
"""The size of the drawing: pixels on a phone that is 320 wide; a wider screen draws the same larger."""
TARGET: Final = 44
"""The side of what a finger touches, in pixels (WCAG 2.5.5)."""

_MARGIN: Final = 0.08
_LEAST: Final = 24
"""Least width of a view in units of the map (6 km): outlines are too coarse for less."""


@dataclass(frozen=True, slots=True)
class View:
    """A part of the map that fills the drawing: its corner, and how many units a pixel is."""

    left: float
    top: float
    scale: float

    @property
    def box(self) -> Box:
        """The part of the map that is in view."""
        return Box(self.left, self.top, self.left + WIDTH * self.scale, self.top + HEIGHT * self.scale)

    @property
    def view_box(self) -> str:
        """The same as `viewBox` of an SVG."""
        return " ".join(f"{each:.1f}" for each in (self.left, self.top, WIDTH * self.scale, HEIGHT * self.scale))

    def pixel(self, spot: Spot) -> Spot:
        """Where a spot is on the drawing, in whole pixels; one at its edge or out of view half a target from it."""
        half = TARGET / 2
        return Spot(
            round(min(WIDTH - half, max(half, (spot.x - self.left) / self.scale))),
            round(min(HEIGHT - half, max(half, (spot.y - self.top) / self.scale))),
        )


def view_of(boxes: Iterable[Box]) -> View:
    """The view that holds all of these with a margin, whole and in the middle; ValueError where there is none."""
    box = Box.around(iter(boxes))
    width, height = box.right - box.left, box.bottom - box.top
    scale = max(width / WIDTH, height / HEIGHT, _LEAST / WIDTH) * (1 + _MARGIN)
    return View(
        left=(box.left + box.right - WIDTH * scale) / 2,
        top=(box.top + box.bottom - HEIGHT * scale) / 2,
        scale=scale,
    )
