"""What can be told of candidates on a day before the child is known, save where it lives and that it has a measure.

It is all that ranking asks of an offer, so that whoever keeps it ranks for the next child with a fraction of the work.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from app.matching.ranking.columns import NEVER, NOT_GIVEN, Array, Candidates
from app.matching.ranking.derived import NOT_COVERED, best_contract, expected_start, months_of
from app.matching.ranking.factors import PERIOD_DAYS, UNKNOWN, UNKNOWN_PERIODS
from app.matching.ranking.filters import bit_of, stopped

(
    START,  # the day on which help can really start; NEVER where unknown
    REFERENCE,  # that day, or today
    MONTHS,  # the months of the reference day since the year 0
    AGE_MIN,
    AGE_MAX,
    GENDERS,
    SPECIALISATIONS,
    CRITERIA,
    COURT,  # 1 where a court authorisation is needed
    AT_HOME,
    KNOWN_REASONS,  # the bits of the reasons that keep it out whoever the child is
    CONTRACT,
    WAIT,
    DAYS,
    REPORT_AGE,  # these four are factors
    NUMBER,  # what the caller knows the offer by
) = range(16)

OUTSIDE: Final = bit_of("outside-service-area")
_NOT_CONTRACTED: Final = bit_of("not-contracted")
_CEILING: Final = bit_of("budget-ceiling")


class Prepared(NamedTuple):
    """A row for each of the names above, a column for each candidate.

    `order` is that of the ids, `place` is where each is on the unit sphere: rows of one candidate's columns as well.
    """

    columns: Array
    order: Array
    place: Array

    def take(self, positions: Array) -> "Prepared":
        """Those in these positions."""
        return Prepared(*(rows.take(positions, axis=1) for rows in self))


def prepare(candidates: Candidates, today: int, *, places: int, has_measure: bool) -> Prepared:
    """What can be told on that day, for so many children together who have a measure or not."""
    offers = candidates.offers
    start = expected_start(offers, today, places)
    unknown = start == NEVER
    reference = np.where(unknown, today, start)
    days = start - today
    contract, usable = best_contract(candidates.contracts, reference, has_measure=has_measure)
    columns = np.empty((NUMBER + 1, len(offers)), np.int32)
    columns[START] = start
    columns[REFERENCE] = reference
    columns[MONTHS] = months_of(reference)
    columns[AGE_MIN] = offers["age_min"]
    columns[AGE_MAX] = offers["age_max"]
    columns[GENDERS] = offers["genders"]
    columns[SPECIALISATIONS] = offers["specialisations"]
    columns[CRITERIA] = offers["exclusion_criteria"]
    columns[COURT] = offers["needs_court_authorisation"]
    columns[AT_HOME] = offers["at_home"]
    columns[WAIT] = np.where(unknown, UNKNOWN_PERIODS, days // PERIOD_DAYS)
    columns[DAYS] = np.where(unknown, UNKNOWN, days)
    columns[REPORT_AGE] = np.where(offers["reported"], today - offers["observed_on"], UNKNOWN)
    columns[NUMBER] = candidates.numbers
    total = offers["places_total"]
    columns[KNOWN_REASONS] = (
        bit_of("placement-stop") * stopped(candidates.stops, len(offers), today, reference)
        + bit_of("closed-to-referrals") * ~offers["accepts_referrals"]
        + OUTSIDE * ~candidates.served
        + bit_of("too-few-places") * ((total != NOT_GIVEN) & (total < places))
    )
    put_contracts(columns, contract, usable)
    return Prepared(columns, *(np.ascontiguousarray(offers[name].T) for name in ("order", "place")))


def put_contracts(columns: Array, contract: Array, usable: Array) -> None:
    """Puts the best contracts, as `best_contract` gives them, in the place of those that were found before."""
    columns[CONTRACT] = contract
    columns[KNOWN_REASONS] &= ~(_NOT_CONTRACTED | _CEILING)
    columns[KNOWN_REASONS] |= np.where(usable, 0, np.where(contract == NOT_COVERED, _NOT_CONTRACTED, _CEILING))


def join(parts: Sequence[Prepared]) -> Prepared:
    """All parts, one after another."""
    if len(parts) == 1:
        return parts[0]
    return Prepared(*(np.concatenate(rows, axis=1) for rows in zip(*parts, strict=True)))
