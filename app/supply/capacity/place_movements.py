"""How a decision on a referral moves the places of a report along, until the provider reports again. Pure.

No movement makes more of the figures than was there: what a provider reported after a place was reserved may already
hold what happened since, so only places that stand in the figure that they leave are moved.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

Movement = Literal["reserve", "give-back", "occupy", "free"]


@dataclass(frozen=True, slots=True)
class Places:
    """The figures of a report that count places; None where the provider does not say."""

    total: float | None
    occupied: float | None
    reserved: float | None
    free: float


def move(places: Places, movement: Movement, count: int) -> Places | None:
    """The figures after so many places moved; None where more are to be reserved than are free."""
    return _MOVES[movement](places, count)


def _reserve(places: Places, count: int) -> Places | None:
    if places.free < count:
        return None
    return replace(places, free=places.free - count, reserved=(places.reserved or 0) + count)


def _give_back(places: Places, count: int) -> Places:
    held = min(count, places.reserved or 0)
    return replace(places, reserved=_plus(places.reserved, -held), free=places.free + held)


def _occupy(places: Places, count: int) -> Places:
    held = min(count, places.reserved or 0)
    return replace(places, reserved=_plus(places.reserved, -held), occupied=_plus(places.occupied, held))


def _free(places: Places, count: int) -> Places:
    """Where the provider does not say how many are occupied, as many come free as the total leaves room for."""
    left: float = count
    if places.occupied is not None:
        left = min(count, places.occupied)
    elif places.total is not None:
        left = min(count, places.total - (places.reserved or 0) - places.free)
    return replace(places, occupied=_plus(places.occupied, -left), free=places.free + left)


def _plus(figure: float | None, change: float) -> float | None:
    return None if figure is None else figure + change


_MOVES: Final[dict[Movement, Callable[[Places, int], Places | None]]] = {
    "reserve": _reserve,
    "give-back": _give_back,
    "occupy": _occupy,
    "free": _free,
}
