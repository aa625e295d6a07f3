"""The rules of the matching, one candidate at a time, in the words of what they are about.

Nothing here knows where offers come from, or how a request is read: see `facts`. It is plain Python that a compiler
(mypyc) takes as it stands.
"""

from math import asin, ceil, sqrt
from typing import Final

from app.ranking.plain.facts import NEVER, NOT_GIVEN, Asked, Closed, OfferFacts, Term

STALE_AFTER_DAYS: Final = 30
PERIOD_DAYS: Final = 28
UNKNOWN_PERIODS: Final = 3
UNKNOWN: Final = 9999
EARTH_DIAMETER_KM: Final = 2 * 6371.0088
EPOCH_DAY: Final = 719163
"""1970-01-01."""

NOT_COVERED: Final = 4
"""The kind, as a number, of the contract of an offer that no contract covers."""

NOT_CONTRACTED: Final = 1 << 0
BUDGET_CEILING: Final = 1 << 1
PLACEMENT_STOP: Final = 1 << 2
CLOSED_TO_REFERRALS: Final = 1 << 3
AGE: Final = 1 << 4
GENDER: Final = 1 << 5
NEEDS: Final = 1 << 6
EXCLUSION_CRITERION: Final = 1 << 7
COURT_AUTHORISATION: Final = 1 << 8
OUTSIDE_SERVICE_AREA: Final = 1 << 9
TOO_FAR: Final = 1 << 10
TOO_FEW_PLACES: Final = 1 << 11
DECLINED_EARLIER: Final = 1 << 12
NEGOTIABLE: Final = NOT_CONTRACTED | BUDGET_CEILING | TOO_FAR | OUTSIDE_SERVICE_AREA | DECLINED_EARLIER
"""Reasons that can be talked about where there is no other; so can an age that is one year off."""
_TALKED_OF_YEARS: Final = 1


class Candidate:
    """An offer that a choice is about, judged: the factors, in their order, and the bits of the reasons against it."""

    def __init__(self, offer: OfferFacts, choice: int) -> None:
        self.offer = offer
        self.choice = choice
        self.start = NEVER
        self.reference = 0
        self.distance = -1.0  # km; below 0 where it is unknown
        self.delay = UNKNOWN_PERIODS
        self.lacking = 0
        self.contract = NOT_COVERED
        self.covering = NOT_COVERED
        self.wait = UNKNOWN_PERIODS
        self.rounded_km = UNKNOWN
        self.days = UNKNOWN
        self.report_age = UNKNOWN
        self.reasons = 0
        self.years_off = 0


def judge_all(
    asked: Asked,
    offers: list[OfferFacts],
    choices: list[int],
    terms: list[list[Term]],
    stops: list[list[Closed]],
    served: list[bool],
) -> list[Candidate]:
    """Each of these offers as `judge` has it; the lists are as long as the offers."""
    return [judge(asked, offers[at], choices[at], terms[at], stops[at], served[at]) for at in range(len(offers))]


def judge(
    asked: Asked, offer: OfferFacts, choice: int, terms: list[Term], stops: list[Closed], served: bool
) -> Candidate:
    """The candidate that an offer is for a choice (its number, from 1).

    `terms` are the contracts that cover the child and the care type, `stops` those that bind the child; `served` says
    that the child's municipality is in the service area.
    """
    found = Candidate(offer, choice)
    found.start = expected_start(offer, asked.today, asked.places)
    found.reference = asked.today if found.start == NEVER else found.start
    found.distance = distance_km(asked, offer)
    _weigh_contracts(found, terms, asked.has_measure)
    _weigh_factors(found, asked)
    found.reasons |= _of_the_offer(found, asked, stops, served) | _of_the_child(found, asked)
    return found


def expected_start(offer: OfferFacts, today: int, places: int) -> int:
    """The day on which help can really start by the offer's report, or NEVER where that is unknown."""
    if not offer.reported or today - offer.observed_on > STALE_AFTER_DAYS:
        return NEVER
    if offer.wait_days != NOT_GIVEN:
        return max(today, offer.observed_on + offer.wait_days)
    if offer.room > 0 if offer.in_hours else offer.room >= places:
        return today
    is_new = offer.observed_on <= offer.next_free_on < NEVER
    if is_new and (offer.room >= 0 if offer.in_hours else offer.room + 1 >= places):
        return max(today, offer.next_free_on)
    return NEVER


def distance_km(asked: Asked, offer: OfferFacts) -> float:
    """The great-circle distance in km: 0 where the help comes to the child, below 0 where it is unknown.

    The straight line between two points on a sphere of radius 1 is the chord; half of it is the sine of half the angle.
    """
    if offer.at_home:
        return 0.0
    if not (asked.has_origin and offer.has_place):
        return -1.0
    x, y, z = offer.x - asked.x, offer.y - asked.y, offer.z - asked.z
    return EARTH_DIAMETER_KM * asin(min(1.0, sqrt(x * x + y * y + z * z) / 2))


def _weigh_contracts(found: Candidate, terms: list[Term], has_measure: bool) -> None:
    """The best contract in force on the reference day: one that can be used goes before one that cannot."""
    usable = NOT_COVERED
    for term in terms:
        if term.starts_on <= found.reference <= term.ends_on:
            found.covering = min(found.covering, term.kind)
            if not term.ceiling_reached or (has_measure and term.exempts_measure):
                usable = min(usable, term.kind)
    if usable != NOT_COVERED:
        found.contract = usable
    elif found.covering != NOT_COVERED:
        found.contract = found.covering
        found.reasons = BUDGET_CEILING
    else:
        found.reasons = NOT_CONTRACTED


def _weigh_factors(found: Candidate, asked: Asked) -> None:
    offer = found.offer
    if found.start != NEVER:
        found.delay = max(-((asked.limit - found.start) // PERIOD_DAYS), 0)
        found.days = found.start - asked.today
        found.wait = found.days // PERIOD_DAYS
    lacking = asked.wishes & ~offer.specialisations
    while lacking:
        lacking &= lacking - 1
        found.lacking += 1
    if found.distance >= 0:
        found.rounded_km = ceil(found.distance)
    if offer.reported:
        found.report_age = asked.today - offer.observed_on


def _of_the_offer(found: Candidate, asked: Asked, stops: list[Closed], served: bool) -> int:
    """Reasons that hold whoever the child is."""
    offer, reasons = found.offer, 0
    for stop in stops:
        if stop.starts_on <= asked.today <= stop.ends_on or stop.starts_on <= found.reference <= stop.ends_on:
            reasons |= PLACEMENT_STOP
    if not offer.accepts_referrals:
        reasons |= CLOSED_TO_REFERRALS
    if not served:
        reasons |= OUTSIDE_SERVICE_AREA
    if offer.places_total != NOT_GIVEN and offer.places_total < asked.places and not offer.in_hours:
        reasons |= TOO_FEW_PLACES
    return reasons


def _of_the_child(found: Candidate, asked: Asked) -> int:
    """Reasons that are of this child."""
    offer, reasons = found.offer, 0
    age = max((months_of(found.reference) - asked.birth_month) // 12, 0)
    found.years_off = max(offer.age_min - age, age - offer.age_max)
    if found.years_off > 0:
        reasons |= AGE
    if asked.gender and not offer.genders & asked.gender:
        reasons |= GENDER
    if asked.needs & ~offer.specialisations:
        reasons |= NEEDS
    if asked.characteristics & offer.exclusion_criteria:
        reasons |= EXCLUSION_CRITERION
    if offer.needs_court_authorisation and not asked.court_authorisation:
        reasons |= COURT_AUTHORISATION
    if asked.most_km and found.distance > asked.most_km[found.choice - 1]:
        reasons |= TOO_FAR
    return reasons


def months_of(day: int) -> int:
    """The months since the year 0 of a day: Hinnant's civil_from_days, with years that start in March."""
    shifted = day + 305
    era = shifted // 146097
    of_era = shifted - era * 146097
    year_of_era = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month = (5 * of_year + 2) // 153
    return (year_of_era + era * 400) * 12 + month + 2


def decline(found: Candidate, days_ago: int, *, for_want_of_room: bool) -> None:
    """The offer refused this child so many days ago; a refusal for want of room stands until a later report."""
    if not for_want_of_room or found.report_age >= days_ago:
        found.reasons |= DECLINED_EARLIER


def hold_no_more(found: Candidate, reason: int) -> bool:
    """Takes away a reason for which an exception was granted; whether it would have counted."""
    counted = bool(found.reasons & reason)
    found.reasons &= ~reason
    if reason == BUDGET_CEILING and found.covering != found.contract:
        found.contract, counted = found.covering, True
    return counted


def fits(found: Candidate) -> bool:
    """Whether nothing keeps it out."""
    return found.reasons == 0


def is_possible(found: Candidate) -> bool:
    """Whether it would fit if one thing were arranged: out for one reason, which can be talked about."""
    if found.reasons == AGE:
        return found.years_off <= _TALKED_OF_YEARS
    is_one = found.reasons != 0 and found.reasons & (found.reasons - 1) == 0
    return is_one and found.reasons & NEGOTIABLE != 0


def factors_of(found: Candidate) -> tuple[int, int, int, int, int, int, int, int]:
    """The factors in their order: delay, choice, wishes, contract, wait, distance, start, age of the report."""
    return (
        found.delay,
        found.choice,
        found.lacking,
        found.contract,
        found.wait,
        found.rounded_km,
        found.days,
        found.report_age,
    )


def best_of(found: list[Candidate], order: list[int], most: int) -> list[Candidate]:
    """The best of the candidates, at most so many, best first: by the factors of these numbers in turn, then by id.

    Most of a long list is worse than the last of the few that are kept, and is looked at once.
    """
    kept: list[Candidate] = []
    for each in found:
        if len(kept) == most:
            if not goes_before(each, kept[-1], order):
                continue
            kept.pop()
        low, high = 0, len(kept)
        while low < high:
            middle = (low + high) // 2
            if goes_before(each, kept[middle], order):
                high = middle
            else:
                low = middle + 1
        kept.insert(low, each)
    return kept


def goes_before(one: Candidate, other: Candidate, order: list[int]) -> bool:
    """Whether it is the better of the two by the first factor, in that order, on which they differ; else by id."""
    for factor in order:
        mine, its = value_of(one, factor), value_of(other, factor)
        if mine != its:
            return mine < its
    return one.offer.order < other.offer.order


def value_of(found: Candidate, factor: int) -> int:  # noqa: PLR0911 - a line a factor
    """The value of a factor by its number in the list."""
    if factor == 0:
        return found.delay
    if factor == 1:
        return found.choice
    if factor == 2:
        return found.lacking
    if factor == 3:
        return found.contract
    if factor == 4:
        return found.wait
    if factor == 5:
        return found.rounded_km
    if factor == 6:
        return found.days
    return found.report_age
