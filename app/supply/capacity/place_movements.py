"""How decisions on referrals move the places of a report along, until the provider reports again. Pure.

The figures that stand are always the provider's own report and what was decided since: `settled` works them out anew
from both, so whatever is decided, corrected or taken back, in whatever order, they add up.

No movement makes more of the figures than was there: what a provider reported after a place was reserved may already
hold what happened since, so only places that stand in the figure that they leave are moved.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Final, Literal

from app.domain.dates import dutch_day

Movement = Literal["reserve", "give-back", "occupy", "free"]


@dataclass(frozen=True, slots=True)
class Places:
    """The figures of a report that count places; None where the provider does not say."""

    total: float | None
    occupied: float | None
    reserved: float | None
    free: float


@dataclass(frozen=True, slots=True)
class Stay:
    """What one child takes of an offer: so many `places`, promised, then perhaps given back, or taken and left.

    The moments (`…_at`) are those at which that was recorded; the days (`…_on`) those on which it took effect.
    """

    places: int
    reserved_at: datetime
    released_at: datetime | None = None
    started_on: date | None = None
    started_at: datetime | None = None
    ended_on: date | None = None
    ended_at: datetime | None = None


def settled(reported: Places, observed_at: datetime, stays: Iterable[Stay]) -> Places:
    """The figures of a report after what was decided since it was observed; free is below 0 where too much was taken.

    A child that took effect before the report is in it already, whenever that was recorded. Example: of a report with
    3 occupied and 1 free, observed at noon, `Stay(1, reserved at one o'clock)` makes 1 reserved and 0 free; where the
    help started the day before, it changes nothing.
    """
    for stay in sorted(stays, key=attrgetter("reserved_at")):
        for movement in _movements_since(stay, observed_at):
            reported = move(reported, movement, stay.places)
    return reported


def _movements_since(stay: Stay, observed_at: datetime) -> Iterator[Movement]:
    """What of a stay is not in a report that was observed then."""
    has_started = _is_reported(stay.started_on, stay.started_at, observed_at)
    if not has_started and stay.reserved_at > observed_at:
        yield "reserve"
    if stay.started_on is None:
        if stay.released_at is not None and stay.released_at > observed_at:
            yield "give-back"
        return
    if not has_started:
        yield "occupy"
    if stay.ended_on is not None and not _is_reported(stay.ended_on, stay.ended_at, observed_at):
        yield "free"


def _is_reported(day: date | None, recorded_at: datetime | None, observed_at: datetime) -> bool:
    """Whether a report knows of what took effect on a day: on its own day only of what was recorded before it."""
    if day is None or recorded_at is None:
        return False
    observed_on = dutch_day(observed_at)
    return day < observed_on or (day == observed_on and recorded_at <= observed_at)


def move(places: Places, movement: Movement, count: int) -> Places:
    """The figures after so many places moved; free is below 0 where more are reserved than are free."""
    return _MOVES[movement](places, count)


def _reserve(places: Places, count: int) -> Places:
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


_MOVES: Final[dict[Movement, Callable[[Places, int], Places]]] = {
    "reserve": _reserve,
    "give-back": _give_back,
    "occupy": _occupy,
    "free": _free,
}
