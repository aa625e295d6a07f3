"""What follows from a request, the offers and today's date: the norm, the expected starts and the contracts."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from math import inf
from typing import Final, NamedTuple, Self

import numpy as np

from app.domain.dates import add_months
from app.domain.geo import EARTH_RADIUS_KM
from app.ranking.columns import (
    NEVER,
    Array,
    Codes,
    genders_mask,
    unit_vector,
)
from app.ranking.model import CONTRACT_KINDS, Decline, Reason, Request

NORM_MONTHS: Final = 3
"""A child with a child-protection measure has the help it needs within three months of that measure."""
AT_ONCE: Final = timedelta(days=7)
"""What still counts as timely where the deadline has passed."""
STALE_AFTER_DAYS: Final = 30
"""From there on a report says nothing about the start."""
DECLINE_STANDS_DAYS: Final = 28
"""For so many days after a refusal the same offer need not be asked again for the same child."""
NOT_COVERED: Final = len(CONTRACT_KINDS)
"""The kind, as a number, of the contract of an offer that no contract covers."""

FOR_WANT_OF_ROOM: Final = frozenset({"no-place", "staff-shortage"})
"""Reasons (decline-reasons) of a refusal that stands only until the provider reports on a later day."""

NumberOf = Callable[[str], int | None]

_BLOCKED = 8
_NONE = 2 * _BLOCKED
_EPOCH = date(1970, 1, 1).toordinal()


class Norm(NamedTuple):
    """By when help is due. `limit` is later than `deadline` only where help "at once" is all that is left."""

    today: date
    deadline: date
    limit: date

    @classmethod
    def of(cls, request: Request, today: date) -> Self:
        """The norm for a request on that day."""
        deadline = _deadline(request, today)
        return cls(today, deadline, max(deadline, today + AT_ONCE))


def _deadline(request: Request, today: date) -> date:
    """The earlier of the day that is asked for and that of the norm: wanting help later does not move the norm."""
    measure = request.child.binding_measure
    by_norm = None if measure is None else add_months(measure.imposed_on, NORM_MONTHS)
    due = [day for day in (request.needed_by, by_norm) if day is not None]
    return min(due) if due else add_months(today, NORM_MONTHS)


class StandingDecline(NamedTuple):
    """A refusal that may still stand: the number of the offer, days ago, and whether it was for want of room."""

    number: int
    days_ago: int
    for_want_of_room: bool


class StandingException(NamedTuple):
    """What is not held against an offer: its number, and the reason."""

    number: int
    reason: Reason


class Question(NamedTuple):
    """A request in the terms of the columns: days as numbers, codes as bits, km at most for each choice.

    `gender` is None where it is unknown, and so fits every offer. `declines` are those of a short time ago.
    """

    norm: Norm
    today: int
    limit: int
    birth_month: int
    gender: int | None
    needs: int
    wishes: int
    characteristics: int
    court_authorisation: bool
    origin: tuple[float, float, float] | None
    most_km: tuple[float, ...] | None
    declines: tuple[StandingDecline, ...]
    exceptions: tuple[StandingException, ...]

    @classmethod
    def of(cls, request: Request, today: date, specialisations: Codes, criteria: Codes, number_of: NumberOf) -> Self:
        """The question that a request asks on that day.

        `specialisations` and `criteria` give the bits that its codes have among the offers, `number_of` the number of
        the offer with an id, or None where there is none.
        """
        child, norm = request.child, Norm.of(request, today)
        return cls(
            norm,
            today.toordinal(),
            norm.limit.toordinal(),
            child.birth_month.year * 12 + child.birth_month.month - 1,
            None if child.gender == "unknown" else genders_mask((child.gender,)),
            specialisations.mask(request.needs),
            specialisations.mask(request.wishes),
            criteria.mask(request.characteristics),
            child.court_authorisation,
            None if child.origin is None else unit_vector(child.origin),
            _most_km(request),
            tuple(_standing(request.declines, today, number_of)),
            tuple(
                StandingException(number, each.reason)
                for each in request.exceptions
                if (number := number_of(each.offer_id)) is not None
            ),
        )


def _most_km(request: Request) -> tuple[float, ...] | None:
    """How far away each choice may be, in km (inf where it does not say); None where none of them says."""
    given = [choice.max_distance_km for choice in request.choices]
    return None if not any(each is not None for each in given) else tuple(inf if km is None else km for km in given)


def _standing(declines: Iterable[Decline], today: date, number_of: NumberOf) -> Iterator[StandingDecline]:
    for each in declines:
        number, days_ago = number_of(each.offer_id), (today - each.declined_on).days
        if number is not None and days_ago < DECLINE_STANDS_DAYS:
            yield StandingDecline(number, days_ago, each.reason in FOR_WANT_OF_ROOM)


def stands(decline: Decline, today: date, report_age: int) -> bool:
    """Whether a refusal stands on that day by an offer whose report is so many days old, UNKNOWN where there is none.

    One for want of room stands until a report of a later day, which tells of new room.
    """
    days_ago = (today - decline.declined_on).days
    return days_ago < DECLINE_STANDS_DAYS and (decline.reason not in FOR_WANT_OF_ROOM or report_age >= days_ago)


def expected_start(offers: Array, today: int, places: int) -> Array:
    """The day on which help can really start by each offer's report, or NEVER where that is unknown.

    A given wait counts to the first real help and not to an intake; a stale report says nothing.
    """
    ready = offers["ready_on"] if places == 1 else _ready_on(offers, places)
    return np.where(offers["observed_on"] < today - STALE_AFTER_DAYS, NEVER, np.maximum(ready, today))


def _ready_on(offers: Array, places: int) -> Array:
    """When help can start for so many children together, as `ready_on` tells for one."""
    room, wait, in_hours = offers["room"], offers["wait_days"], offers["in_hours"]
    has_room = np.where(in_hours, room > 0, room >= places)
    has_next = np.where(in_hours, room >= 0, room + 1 >= places) & (offers["next_free_on"] >= offers["observed_on"])
    by_room = np.where(has_room, 0, np.where(has_next, offers["next_free_on"], NEVER))
    return np.where(wait >= 0, offers["observed_on"] + wait, by_room)


def distance_km(unit_vectors: Array, at_home: Array, origin: tuple[float, float, float] | None) -> Array:
    """Each great-circle distance in km: 0 where the help comes to the child, not a number where it is unknown.

    `unit_vectors` has a row of three coordinates for each, `origin` those of the child's home (`columns.unit_vector`).
    """
    if origin is None:
        return np.where(at_home, 0.0, np.nan)
    apart = unit_vectors - np.array(origin)
    half_chord = np.sqrt(np.add.reduce(apart * apart, axis=1)) / 2
    return np.where(at_home, 0.0, 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(half_chord, 1.0)))


def best_contract(contracts: Array, reference: Array, *, has_measure: bool) -> tuple[Array, Array]:
    """The number of the kind of the best contract in force on each reference day, and whether it can be used.

    One that can be used goes before one that cannot: its ceiling is not reached, or exempts a child with a measure.
    NOT_COVERED where there is none. A contract goes to its offer by `position`: with offers of which the first has a
    national contract (2) and a regional one (0) whose ceiling is reached (8 + 0), and the second has none, the lowest
    preference of each is 2 and _NONE, which reads as national, usable, and as not covered.
    """
    position = contracts["position"]
    day = reference[position]
    blocked = contracts["ceiling_reached"]
    if has_measure:
        blocked = blocked & ~contracts["ceiling_exempts_measure"]
    preference = contracts["kind"] + _BLOCKED * blocked
    in_force = (contracts["starts_on"] <= day) & (day <= contracts["ends_on"])
    best = np.full(len(reference), _NONE)
    np.minimum.at(best, position[in_force], preference[in_force])
    return np.where(best == _NONE, NOT_COVERED, best % _BLOCKED), best < _BLOCKED


def covering_kind(contracts: Array, reference: Array) -> Array:
    """As `best_contract`, of contracts whose ceilings are not looked at: the number of the kind of the best."""
    position = contracts["position"]
    day = reference[position]
    in_force = (contracts["starts_on"] <= day) & (day <= contracts["ends_on"])
    best = np.full(len(reference), NOT_COVERED)
    np.minimum.at(best, position[in_force], contracts["kind"][in_force])
    return best


def months_of(days: Array) -> Array:
    """The months since the year 0 of each day."""
    months: Array = (days - _EPOCH).astype("M8[D]").astype("M8[M]").astype(np.int64) + 1970 * 12
    return months
