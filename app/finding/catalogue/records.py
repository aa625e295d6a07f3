"""A record an offer: what the ranking asks of it, where it is given, and its report as it came in."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

import asyncpg
import numpy as np

from app.domain.geo import Point
from app.ranking.columns import (
    NOT_GIVEN,
    NOWHERE,
    OFFER,
    Array,
    Codes,
    capacity_fields,
    genders_mask,
    place_of,
)
from app.ranking.model import Capacity
from app.reference.lists import reference

NUMBER_OF_MUNICIPALITIES: Final = 6 * 64

RECORD: Final = np.dtype(
    [
        *OFFER.descr,
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
        self.place_in_region = {
            code: place for region in lists.regions for place, code in enumerate(lists.municipalities_of(region))
        }
        self.region_of = [0, *(self.regions[each.region] for each in lists.municipalities.values())]
        if len(self.municipalities) >= NUMBER_OF_MUNICIPALITIES:
            raise ValueError(f"records have room for {NUMBER_OF_MUNICIPALITIES - 1} municipalities")


@cache
def numbers() -> Numbers:
    """The numbers of the codes of this version's lists."""
    return Numbers()


def care_type_mask(care_types: Iterable[str] | None) -> int:
    """The bits of these care types as far as they are known; all of them where it is None."""
    known = numbers().care_types
    if care_types is None:
        return (1 << len(known)) - 1
    return sum({1 << known[code] for code in care_types if code in known})


def municipality_mask(codes: Iterable[str]) -> Array:
    """The bits of these municipalities as far as they are known, as in a service area."""
    mask = np.zeros(NUMBER_OF_MUNICIPALITIES // 64, np.uint64)
    known = numbers().municipalities
    for number in [known[code] for code in codes if code in known]:
        word, bit = divmod(number, 64)
        mask[word] |= np.uint64(1 << bit)
    return mask


def capacity_record(row: asyncpg.Record) -> tuple[Any, ...]:
    """The CAPACITY_FIELDS of an offer, of a row with its figures or without any."""
    if row["observed_at"] is None:
        return (*capacity_fields(None), 0, 0, NOT_GIVEN, NOT_GIVEN, 0)
    report = Capacity(
        observed_at=row["observed_at"].astimezone(UTC),
        places_free=row["places_free"],
        waiting_count=row["waiting_count"] or 0,
        places_total=row["places_total"],
        next_free_on=row["next_free_on"],
        wait_days_intake=row["wait_days_intake"],
        wait_days_treatment=row["wait_days_treatment"],
        accepts_referrals=row["accepts_referrals"],
    )
    moment = (report.observed_at - _EPOCH) // _MICROSECOND
    counts = (row["waiting_count"], report.wait_days_intake, report.wait_days_treatment)
    given = (NOT_GIVEN if count is None else count for count in counts)
    return (*capacity_fields(report), report.places_free, *given, moment)


def offer_record(row: asyncpg.Record, id_number: int, provider: int) -> tuple[Any, ...]:
    """The record of an offer that is given; its stops, and what changed it, are noted apart."""
    known = numbers()
    area = row["service_area"]
    return (
        divmod(id_number, 1 << 64),
        provider,
        row["age_min"],
        row["age_max"],
        genders_mask(row["genders"]),
        row["at_home"],
        row["needs_court_authorisation"],
        known.specialisations.mask(row["specialisations"]),
        known.criteria.mask(row["exclusion_criteria"]),
        NOWHERE if row["latitude"] is None or row["longitude"] is None else place_of(_point(row)),
        *capacity_record(row),
        True,
        known.care_types[row["care_type"]],
        known.municipalities.get(row["municipality_code"], 0),
        False,
        area is not None,
        municipality_mask(area or ()),
        0,
    )


def _point(row: asyncpg.Record) -> Point:
    return Point(row["latitude"], row["longitude"])


def moment_of(microseconds: int) -> datetime:
    """The time that so many microseconds since 1970 are."""
    return _EPOCH + _MICROSECOND * microseconds
