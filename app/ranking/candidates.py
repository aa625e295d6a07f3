"""Candidates: what can be told of offers on a day before the child is known.

It is all that ranking asks of an offer, so that whoever keeps it ranks for the next child with a fraction of the work.
"""

from typing import Final

import numpy as np

from app.ranking.columns import (
    NEVER,
    NOT_GIVEN,
    Array,
    OfferColumns,
)
from app.ranking.derived_dates import (
    NOT_COVERED,
    best_contract,
    covering_kind,
    expected_start,
    months_of,
)
from app.ranking.factors import PERIOD_DAYS, UNKNOWN, UNKNOWN_PERIODS
from app.ranking.filters import bit_of, stopped

CANDIDATE: Final = np.dtype(
    [
        ("order", "u8", 2),
        ("unit_vector", "f8", 3),  # these two as in OFFER
        ("number", "i4"),  # what the caller knows the offer by
        ("start", "i4"),  # the day on which help can really start; NEVER where unknown
        ("reference", "i4"),  # that day, or today
        ("months", "i4"),  # the months of the reference day since the year 0
        ("age_min", "i4"),
        ("age_max", "i4"),
        ("specialisations", "i4"),
        ("exclusion_criteria", "i4"),
        ("wait", "i4"),
        ("days", "i4"),
        ("report_age", "i4"),  # these three and the contract are factors
        ("known_reasons", "i2"),  # the bits of the reasons that keep it out whoever the child is
        ("contract", "i1"),
        ("covering", "i1"),  # the best contract, if no ceiling were looked at
        ("choice", "i1"),  # the number, from 1, of the choice that it belongs to; filled in for a question
        ("genders", "u1"),
        ("at_home", "?"),
        ("court", "?"),  # a court authorisation is needed
    ],
    align=True,
)
"""A record a candidate."""

_AS_IN_OFFERS: Final = (
    *("order", "unit_vector", "age_min", "age_max"),
    *("genders", "specialisations", "exclusion_criteria", "at_home"),
)
OUTSIDE: Final = bit_of("outside-service-area")
_NOT_CONTRACTED: Final = bit_of("not-contracted")
_CEILING: Final = bit_of("budget-ceiling")


def candidates_of(columns: OfferColumns, today: int, *, places: int) -> Array:
    """The offers as candidates on that day for so many children together: CANDIDATE, in the same order.

    What follows from contracts is added by `put_contracts`, the choice by whoever knows the request.
    """
    offers = columns.offers
    start = expected_start(offers, today, places)
    unknown = start == NEVER
    reference = np.where(unknown, today, start)
    days = start - today
    candidates = np.zeros(len(offers), CANDIDATE)
    for name in _AS_IN_OFFERS:
        candidates[name] = offers[name]
    candidates["number"] = columns.numbers
    candidates["start"] = start
    candidates["reference"] = reference
    candidates["months"] = months_of(reference)
    candidates["court"] = offers["needs_court_authorisation"]
    candidates["wait"] = np.where(unknown, UNKNOWN_PERIODS, days // PERIOD_DAYS)
    candidates["days"] = np.where(unknown, UNKNOWN, days)
    candidates["report_age"] = np.where(offers["reported"], today - offers["observed_on"], UNKNOWN)
    total = offers["places_total"]
    candidates["known_reasons"] = (
        bit_of("placement-stop") * stopped(columns.stops, len(offers), today, reference)
        + bit_of("closed-to-referrals") * ~offers["accepts_referrals"]
        + OUTSIDE * ~columns.served
        + bit_of("too-few-places") * ((total != NOT_GIVEN) & (total < places) & ~offers["in_hours"])
    )
    return candidates


def put_contracts(candidates: Array, contracts: Array, *, has_measure: bool) -> None:
    """Adds the best of these contracts to each candidate, and what keeps it out where there is none to be used."""
    contract, usable = best_contract(contracts, candidates["reference"], has_measure=has_measure)
    candidates["contract"] = contract
    candidates["covering"] = covering_kind(contracts, candidates["reference"])
    candidates["known_reasons"] |= np.where(
        usable, 0, np.where(contract == NOT_COVERED, _NOT_CONTRACTED, _CEILING)
    ).astype(np.int16)
