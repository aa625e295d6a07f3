"""Lights as pages show them: a sign and a word, never a colour alone."""

from typing import Final, NamedTuple

from app.insight.plans.states import LIGHT_NAMES, Light


class LightShown(NamedTuple):
    """A light: its sign, its word, and a name for its style."""

    sign: str
    word: str
    kind: str


_SIGNS: Final[dict[Light, str]] = {"green": "✓", "amber": "!", "red": "✕"}


def light_shown(light: Light | None) -> LightShown | None:
    """A light with its sign and word; None where there is none."""
    return None if light is None else LightShown(_SIGNS[light], LIGHT_NAMES[light].nl, light)
