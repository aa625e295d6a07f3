"""A record an offer: what a search asks of it, where it is given, and its report as it came in."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

import numpy as np

from app.domain.arrays import Array
from app.kit.database.sessions import Record
from app.ranking.facts import NOT_GIVEN, OfferFacts
from app.ranking.facts_of_offers import Codes
from app.ranking.model import Capacity, Location, Offer
from app.ranking.rules import expected_start
from app.reference.lists import reference

NUMBER_OF_MUNICIPALITIES: Final = 6 * 64
FIRST_DAY: Final = 1
"""Before any report: what starts on that day can start at once, whatever day it is."""

RECORD: Final = np.dtype(
    [
        ("order", "u8", 2),  # of the id as text: its first and its second half
        ("provider", "i4"),
        ("age_min", "i4"),
        ("age_max", "i4"),
        ("genders", "u1"),
        ("at_home", "?"),
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
        ("ready_on", "i4"),  # when help can start for one child; FIRST_DAY where it can at once
        ("places_free", "f4"),  # hours may be halves
        ("waiting_count", "i4"),
        ("wait_days_intake", "i4"),
        ("wait_days_treatment", "i4"),
        ("observed_at", "i8"),  # microseconds since 1970
        ("live", "?"),
        ("care_type", "i2"),
        ("municipality", "i2"),  # 0: no location
        ("stopped", "?"),  # it has stops, in force or not
        ("has_service_area", "?"),
        ("service_area", "u8", NUMBER_OF_MUNICIPALITIES // 64),  # a bit a municipality
        ("changed", "i8"),  # the last transaction known to have changed it; 0 where none is
    ]
)
CAPACITY_FIELDS: Final = [
    "reported",
    "accepts_referrals",
    "observed_on",
    "places_total",
    "room",
    "next_free_on",
    "wait_days",
    "ready_on",
    "places_free",
    "waiting_count",
    "wait_days_intake",
    "wait_days_treatment",
    "observed_at",
]

_NO_VECTOR: Final = (np.nan, np.nan, np.nan)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Numbers:
    """The numbers that stand for codes in records: of a care type from 0, of a municipality or region from 1."""

    def __init__(self) -> None:
        lists = reference()
        self.care_types = {code: number for number, code in enumerate(lists.care_types)}
        self.municipalities = {code: number for number, code in enumerate(lists.municipalities, start=1)}
        self.regions = {code: number for number, code in enumerate(lists.regions, start=1)}
        self.specialisations = Codes(lists.specialisations)
        self.criteria = Codes(lists.exclusion_criteria)
        if len(self.municipalities) >= NUMBER_OF_MUNICIPALITIES:
            raise ValueError(f"records have room for {NUMBER_OF_MUNICIPALITIES - 1} municipalities")


@cache
def numbers() -> Numbers:
    """The numbers of the codes of this version's lists."""
    return Numbers()


def municipality_mask(codes: Iterable[str]) -> Array:
    """The bits of these municipalities as far as they are known, as in a service area."""
    mask = np.zeros(NUMBER_OF_MUNICIPALITIES // 64, np.uint64)
    known = numbers().municipalities
    for number in [known[code] for code in codes if code in known]:
        word, bit = divmod(number, 64)
        mask[word] |= np.uint64(1 << bit)
    return mask


def capacity_of(row: Record) -> Capacity | None:
    """The report of a row with its figures or without any."""
    if row["observed_at"] is None:
        return None
    return Capacity(
        observed_at=row["observed_at"].astimezone(UTC),
        places_free=float(row["places_free"]),
        waiting_count=row["waiting_count"],
        places_total=None if row["places_total"] is None else float(row["places_total"]),
        next_free_on=row["next_free_on"],
        wait_days_intake=row["wait_days_intake"],
        wait_days_treatment=row["wait_days_treatment"],
        accepts_referrals=row["accepts_referrals"],
    )


def offer_of(row: Record, provider_id: str, care_type: str) -> Offer:
    """The offer of a row, without what it has beside: contracts and stops."""
    return Offer(
        id=str(row["id"]),
        provider_id=provider_id,
        care_type=care_type,
        age_min=row["age_min"],
        age_max=row["age_max"],
        genders=frozenset(row["genders"]),
        capacity=capacity_of(row),
        location=_location_of(row),
        at_home=row["at_home"],
        service_area=None if row["service_area"] is None else frozenset(row["service_area"]),
        needs_court_authorisation=row["needs_court_authorisation"],
        specialisations=frozenset(row["specialisations"]),
        exclusion_criteria=frozenset(row["exclusion_criteria"]),
        unit=row["unit"],
    )


def _location_of(row: Record) -> Location | None:
    if row["latitude"] is None or row["longitude"] is None:
        return None
    return Location(row["municipality_code"], row["latitude"], row["longitude"])


def capacity_record(facts: OfferFacts, capacity: Capacity | None) -> tuple[Any, ...]:
    """The CAPACITY_FIELDS of an offer whose report this is."""
    figures = (
        facts.reported,
        facts.accepts_referrals,
        facts.observed_on,
        facts.places_total,
        facts.room,
        facts.next_free_on,
        facts.wait_days,
        expected_start(facts, FIRST_DAY, 1),
    )
    if capacity is None:
        return (*figures, 0, 0, NOT_GIVEN, NOT_GIVEN, 0)
    counts = (capacity.waiting_count, capacity.wait_days_intake, capacity.wait_days_treatment)
    given = (NOT_GIVEN if count is None else count for count in counts)
    return (*figures, capacity.places_free, *given, (capacity.observed_at - _EPOCH) // _MICROSECOND)


def offer_record(row: Record, offer: Offer, facts: OfferFacts, provider: int) -> tuple[Any, ...]:
    """The record of an offer that is given, of a provider with that number; what changed it is noted apart."""
    known, area = numbers(), offer.service_area
    return (
        divmod(row["id"].int, 1 << 64),
        provider,
        facts.age_min,
        facts.age_max,
        facts.genders,
        facts.at_home,
        facts.specialisations,
        facts.exclusion_criteria,
        (facts.x, facts.y, facts.z) if facts.has_place else _NO_VECTOR,
        facts.in_hours,
        *capacity_record(facts, offer.capacity),
        True,
        known.care_types[offer.care_type],
        known.municipalities.get(row["municipality_code"], 0),
        bool(facts.stops),
        area is not None,
        municipality_mask(area or ()),
        0,
    )


def moment_of(microseconds: int) -> datetime:
    """The time that so many microseconds since 1970 are."""
    return _EPOCH + _MICROSECOND * microseconds
