"""What can be told of candidates on a day before the child is known.

It is all that ranking asks of an offer, so that whoever keeps it ranks for the next child with a fraction of the work.
"""

from typing import Final

import numpy as np

from app.ranking.columns import (
    NEVER,
    NOT_GIVEN,
    Array,
    Candidates,
)
from app.ranking.derived_dates import (
    NOT_COVERED,
    best_contract,
    expected_start,
    months_of,
)
from app.ranking.factors import PERIOD_DAYS, UNKNOWN, UNKNOWN_PERIODS
from app.ranking.filters import bit_of, stopped

PREPARED: Final = np.dtype(
    [
        ("order", "u8", 2),
        ("place", "f8", 3),  # these two as in OFFER
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
        ("choice", "i1"),  # the number, from 1, of the choice that it belongs to; filled in for a question
        ("genders", "u1"),
        ("at_home", "?"),
        ("court", "?"),  # a court authorisation is needed
    ],
    align=True,
)
"""A record a candidate."""

OUTSIDE: Final = bit_of("outside-service-area")
_NOT_CONTRACTED: Final = bit_of("not-contracted")
_CEILING: Final = bit_of("budget-ceiling")


def prepare(candidates: Candidates, today: int, *, places: int) -> Array:
    """What can be told on that day, contracts aside, for so many children together."""
    offers = candidates.offers
    start = expected_start(offers, today, places)
    unknown = start == NEVER
    reference = np.where(unknown, today, start)
    days = start - today
    rows = np.zeros(len(offers), PREPARED)
    for name in ("order", "place", "age_min", "age_max", "genders", "specialisations", "exclusion_criteria", "at_home"):
        rows[name] = offers[name]
    rows["number"] = candidates.numbers
    rows["start"] = start
    rows["reference"] = reference
    rows["months"] = months_of(reference)
    rows["court"] = offers["needs_court_authorisation"]
    rows["wait"] = np.where(unknown, UNKNOWN_PERIODS, days // PERIOD_DAYS)
    rows["days"] = np.where(unknown, UNKNOWN, days)
    rows["report_age"] = np.where(offers["reported"], today - offers["observed_on"], UNKNOWN)
    total = offers["places_total"]
    rows["known_reasons"] = (
        bit_of("placement-stop") * stopped(candidates.stops, len(offers), today, reference)
        + bit_of("closed-to-referrals") * ~offers["accepts_referrals"]
        + OUTSIDE * ~candidates.served
        + bit_of("too-few-places") * ((total != NOT_GIVEN) & (total < places) & ~offers["in_hours"])
    )
    return rows


def put_contracts(rows: Array, contracts: Array, *, has_measure: bool) -> None:
    """Adds the best of these contracts to each candidate, and what keeps it out where there is none to be used."""
    contract, usable = best_contract(contracts, rows["reference"], has_measure=has_measure)
    rows["contract"] = contract
    rows["known_reasons"] |= np.where(usable, 0, np.where(contract == NOT_COVERED, _NOT_CONTRACTED, _CEILING)).astype(
        np.int16
    )
