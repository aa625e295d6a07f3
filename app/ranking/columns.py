"""Offers as columns: a record an offer, so that all candidates of a match are judged at once.

Days are counted as by `date.toordinal`. A code (of a gender, specialisation or criterion) is a bit.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from math import cos, radians, sin
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from app.domain.dates import dutch_day
from app.domain.geo import Point
from app.ranking.model import (
    CONTRACT_KINDS,
    GENDERS,
    Capacity,
    Contract,
    ContractKind,
    Location,
    Stop,
    Unit,
)

Array = npt.NDArray[Any]

NEVER: Final = 2**30
"""The day of what has no end, and of a start that is unknown: later than any."""
LONG_AGO: Final = -(2**30)
"""The day of a report that there never was."""
NOT_GIVEN: Final = -1
"""A wait or a total that is not given."""
MOST_CODES: Final = 30

OFFER: Final = np.dtype(
    [
        ("order", "u8", 2),  # of the id as text: its first and its second half
        ("provider", "i4"),
        ("age_min", "i4"),
        ("age_max", "i4"),
        ("genders", "u1"),
        ("at_home", "?"),
        ("needs_court_authorisation", "?"),
        ("specialisations", "u8"),
        ("exclusion_criteria", "u8"),
        ("unit_vector", "f8", 3),  # of its location; not a number where that is unknown
        ("in_hours", "?"),  # its capacity counts hours a week, with which a number of children is not compared
        ("reported", "?"),
        ("accepts_referrals", "?"),
        ("observed_on", "i4"),
        ("places_total", "f4"),
        ("room", "f4"),  # free places (or hours) that nobody waits for
        ("next_free_on", "i4"),
        ("wait_days", "i4"),  # from referral to the first real help
        ("ready_on", "i4"),  # when help can start for one child; 0 where it can at once
    ]
)
CONTRACT: Final = np.dtype(
    [
        ("position", "i4"),  # of its offer among the candidates
        ("kind", "i1"),
        ("ceiling_reached", "?"),
        ("ceiling_exempts_measure", "?"),
        ("starts_on", "i4"),
        ("ends_on", "i4"),
    ]
)
STOP: Final = np.dtype([("position", "i4"), ("starts_on", "i4"), ("ends_on", "i4")])

NO_VECTOR: Final = (np.nan, np.nan, np.nan)
NOT_REPORTED: Final = (False, True, LONG_AGO, NOT_GIVEN, 0, NEVER, NOT_GIVEN, NEVER)
"""The last eight fields of an offer that never had a report."""

_KIND_NUMBERS: Final[dict[ContractKind, int]] = {kind: number for number, kind in enumerate(CONTRACT_KINDS)}


class OfferColumns(NamedTuple):
    """Offers as columns, each in the same position in all of them.

    `numbers` are what the caller knows them by; `served` says that the child's municipality is in the service area;
    `contracts` are those that touch the child's municipality or region, `stops` those that bind it, in any order.
    """

    offers: Array
    numbers: Array
    served: Array
    contracts: Array
    stops: Array


def joined(parts: Sequence[Array]) -> Array:
    """The records of all parts, one after another, without comparing their fields first as numpy does."""
    kind = parts[0].dtype
    plain: Array = np.concatenate([part.view(f"V{kind.itemsize}") for part in parts])
    return plain.view(kind)


def unit_vector(point: Point | Location) -> tuple[float, float, float]:
    """The three coordinates of a point on earth on a sphere of radius 1.

    The straight line between two of these follows from nothing but subtractions and squares, and the great-circle
    distance from that line (`derived_dates.distance_km`); the north pole is (0, 0, 1).
    """
    north, east = radians(point.latitude), radians(point.longitude)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


def genders_mask(genders: Iterable[str]) -> int:
    """The bits of these genders."""
    return sum(1 << GENDERS.index(gender) for gender in GENDERS if gender in genders)


class Codes:
    """The bits of codes; a code that is not among them has none."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._bits = {code: 1 << number for number, code in enumerate(codes)}
        if len(self._bits) > MOST_CODES:
            raise ValueError(f"at most {MOST_CODES} different codes can be told apart")

    def mask(self, codes: Iterable[str]) -> int:
        """The bits of these codes together."""
        mask = 0
        for code in codes:
            mask |= self._bits.get(code, 0)
        return mask


def in_hours(unit: Unit) -> bool:
    """Whether capacity in this unit is not a number of children."""
    return unit == "hours-per-week"


def capacity_fields(capacity: Capacity | None, unit: Unit) -> tuple[bool, bool, int, float, float, int, int, int]:
    """The last eight fields of an offer with capacity in that unit: what its report says.

    Raises ValueError where the time of the report has no offset from UTC.
    """
    if capacity is None:
        return NOT_REPORTED
    waits = (capacity.wait_days_intake, capacity.wait_days_treatment)
    observed = dutch_day(capacity.observed_at).toordinal()
    room = capacity.places_free - (capacity.waiting_count or 0)
    next_free_on = NEVER if capacity.next_free_on is None else capacity.next_free_on.toordinal()
    wait_days = NOT_GIVEN if waits == (None, None) else sum(wait or 0 for wait in waits)
    has_room = room > 0 if in_hours(unit) else room >= 1
    ready_on = 0 if has_room else next_free_on if room >= 0 and next_free_on >= observed else NEVER
    return (
        True,
        capacity.accepts_referrals,
        observed,
        NOT_GIVEN if capacity.places_total is None else capacity.places_total,
        room,
        next_free_on,
        wait_days,
        ready_on if wait_days == NOT_GIVEN else observed + wait_days,
    )


def contract_row(position: int, contract: Contract) -> tuple[int, int, bool, bool, int, int]:
    """A contract of the offer in that position."""
    return (
        position,
        _KIND_NUMBERS[contract.kind],
        contract.ceiling_reached,
        contract.ceiling_exempts_measure,
        contract.starts_on.toordinal(),
        last_day(contract.ends_on),
    )


def stop_row(position: int, stop: Stop) -> tuple[int, int, int]:
    """A stop that binds the offer in that position."""
    return position, stop.starts_on.toordinal(), last_day(stop.ends_on)


def last_day(ends_on: date | None) -> int:
    """The last day of a period that may have no end."""
    return NEVER if ends_on is None else ends_on.toordinal()
