"""The two sizes in which a plot is drawn, and the room that text takes in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LETTER: Final = 8.0
"""Pixels that a letter takes at most, on average, at the size of text in plots (13 px)."""
LINE: Final = 16.0
"""Pixels from one line of text to the next."""
GAP: Final = 8.0
"""Pixels between text and what it is beside."""

_LABELS: Final = 0.4
"""The most of the width that labels at the right take."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A size in pixels, of which at most so many periods have a label."""

    width: float
    height: float
    labels: int


NARROW: Final = Frame(288, 240, 5)
"""For a phone that is 320 wide, where text is as large as on the page."""
WIDE: Final = Frame(640, 320, 12)


@dataclass(frozen=True, slots=True)
class Inside:
    """What is left of a frame for the values: from left to right and from top to bottom."""

    left: float
    right: float
    top: float
    bottom: float


def width_of(texts: Iterable[str]) -> float:
    """The room that the longest of these takes; 0 where there are none."""
    return max((len(each) for each in texts), default=0) * LETTER


def wrapped(text: str, width: float, most: int = 3) -> tuple[str, ...]:
    """The text in lines that fit the width, at most so many; what does not fit ends in an ellipsis.

    "Gezinsgerichte opvang" in 120 pixels, 15 letters: "Gezinsgerichte", "opvang".
    """
    letters = max(4, int(width / LETTER))
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= letters or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    cut = lines[most:] != []
    kept = [_cut(each, letters) for each in lines[:most]]
    if cut:
        kept[-1] = _cut(kept[-1].removesuffix("…") + " …", letters)
    return tuple(kept)


def _cut(line: str, letters: int) -> str:
    return line if len(line) <= letters else line[: letters - 1].rstrip(" …") + "…"


def labels_width(names: Iterable[str], frame: Frame) -> float:
    """The room at the right for labels: as the longest takes, at most two fifths of the frame."""
    return min(width_of(names), frame.width * _LABELS)
