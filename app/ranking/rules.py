"""The rules of the matching, one candidate at a time: which offers count for a child, and what keeps one out.

It is plain Python, which is compiled where it is installed (`compiled`); what it is told stands in `facts`, and `order`
puts in order what stays in.
"""

from math import asin, sqrt
from typing import Final

from app.ranking.facts import (
    ANY,
    ANYWHERE,
    EVERYONE,
    NEVER,
    NOT_COVERED,
    NOT_GIVEN,
    Asked,
    AskedChoice,
    Block,
    Candidate,
    Closed,
    Counted,
    OfferFacts,
    Term,
)

STALE_AFTER_DAYS: Final = 30
"""From there on a report says nothing about the start."""
EARTH_DIAMETER_KM: Final = 2 * 6371.0088

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
MOST_YEARS_OFF: Final = 1
NUMBER_OF_REASONS: Final = 13


def judge_all(asked: Asked, counted: Counted) -> list[Candidate]:
    """The candidates among these offers, judged; an offer of no choice is none."""
    found: list[Candidate] = []
    for at, offer in enumerate(counted.offers):
        choice = choice_of(asked.choices, offer)
        if choice:
            found.append(judge(asked, offer, choice, counted.terms[at]))
    return found


def count_in(blocks: list[Block], region: str, municipality: str) -> Counted:
    """The offers that count for the children of there: those that are near, and those that a contract covers."""
    found = Counted([], [])
    for block in blocks:
        if not block.any_in_part:
            found.offers += block.offers
            found.terms += block.terms
            continue
        given: list[Term] = []
        terms: list[Term] = []
        for at, offer in enumerate(block.offers):
            if block.terms[at] is not given:
                given = block.terms[at]
                terms = covering(given, region, municipality) if block.in_part[at] else given
            if terms or block.near[at]:
                found.offers.append(offer)
                found.terms.append(terms)
    return found


def covering(terms: list[Term], region: str, municipality: str) -> list[Term]:
    """The contracts that cover the children of there, whatever their dates."""
    return [term for term in terms if region in term.regions or municipality in term.municipalities]


def for_help(terms: list[Term], care_type: str) -> list[Term]:
    """The contracts for that care type, those that end last first: of a provider most have ended years ago."""
    own = [term for term in terms if term.care_types is None or care_type in term.care_types]
    return sorted(own, key=_ends_on, reverse=True)


def is_in_part(terms: list[Term], region: str) -> bool:
    """Whether some of these contracts cover a part of the region only."""
    return any(region not in term.regions for term in terms)


def _ends_on(term: Term) -> int:
    return term.ends_on


def choice_of(choices: list[AskedChoice], offer: OfferFacts) -> int:
    """The number, from 1, of the first choice that the offer belongs to; 0 where it belongs to none."""
    for at, choice in enumerate(choices):
        if (
            choice.care_type == offer.care_type
            and (choice.offer_id == ANY or choice.offer_id == offer.id)  # noqa: PLR1714 - `in` would look the id up
            and (choice.provider_id == ANY or choice.provider_id == offer.provider_id)  # noqa: PLR1714 - as above
        ):
            return at + 1
    return 0


def judge(asked: Asked, offer: OfferFacts, choice: int, terms: list[Term]) -> Candidate:
    """The candidate that the offer is for a choice; `terms` are those of its contracts that cover the child."""
    start = expected_start(offer, asked.today, asked.places)
    found = Candidate(offer, choice, terms, start, asked.today if start == NEVER else start)
    found.contract, is_usable = best_term(terms, found.reference, asked.has_measure)
    if not is_usable:
        found.reasons = NOT_CONTRACTED if found.contract == NOT_COVERED else BUDGET_CEILING
    found.reasons |= _of_the_offer(found, asked) | _of_the_child(found, asked)
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


def best_term(terms: list[Term], day: int, has_measure: bool) -> tuple[int, bool]:
    """The kind of the best contract in force on that day, NOT_COVERED where there is none, and whether it can be used.

    One that can be used goes before one that cannot: its ceiling is not reached, or exempts a child with a measure. The
    contracts come as `for_help` has them.
    """
    usable, best = NOT_COVERED, NOT_COVERED
    for term in terms:
        if term.ends_on < day:
            break  # and those that follow have ended too
        if term.starts_on <= day:
            best = min(best, term.kind)
            if not term.ceiling_reached or (has_measure and term.exempts_measure):
                usable = min(usable, term.kind)
    return (best, False) if usable == NOT_COVERED else (usable, True)


def is_stopped(stops: list[Closed], region: str, day: int) -> bool:
    """Whether a stop is in force on that day for the children of the region; any stop counts where it is EVERYONE."""
    for stop in stops:
        binds = stop.region in (EVERYONE, region) or region == EVERYONE
        if binds and stop.starts_on <= day <= stop.ends_on:
            return True
    return False


def _of_the_offer(found: Candidate, asked: Asked) -> int:
    """Reasons that hold for all children of a municipality."""
    offer, reasons = found.offer, 0
    if offer.stops and (
        is_stopped(offer.stops, asked.region, asked.today) or is_stopped(offer.stops, asked.region, found.reference)
    ):
        reasons |= PLACEMENT_STOP
    if not offer.accepts_referrals:
        reasons |= CLOSED_TO_REFERRALS
    if offer.service_area is not None and asked.municipality not in offer.service_area:
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
    most_km = asked.choices[found.choice - 1].most_km
    if most_km != ANYWHERE and distance_km(asked, offer) > most_km:
        reasons |= TOO_FAR
    return reasons


def months_of(day: int) -> int:
    """The months since the year 0 of a day: Hinnant's civil_from_days, with years that start in March."""
    shifted = day + 305
    era = shifted // 146097
    of_era = shifted - era * 146097
    year_of_era = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    return (year_of_era + era * 400) * 12 + (5 * of_year + 2) // 153 + 2


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


def hold_no_more(found: Candidate, reason: int) -> bool:
    """Takes away a reason for which an exception was granted; whether it would have counted.

    Without a ceiling the contract that counts is the best that is in force.
    """
    counted = found.reasons & reason != 0
    found.reasons &= ~reason
    if reason == BUDGET_CEILING:
        for term in found.terms:
            if term.starts_on <= found.reference <= term.ends_on and term.kind < found.contract:
                found.contract, counted = term.kind, True
    return counted


def is_possible(found: Candidate) -> bool:
    """Whether it would fit if one thing were arranged: out for one reason, which can be talked about."""
    if found.reasons == AGE:
        return found.years_off <= MOST_YEARS_OFF
    return found.reasons & (found.reasons - 1) == 0 and found.reasons & NEGOTIABLE != 0


def those_that_fit(found: list[Candidate]) -> list[Candidate]:
    """The candidates that nothing keeps out."""
    return [each for each in found if each.reasons == 0]


def those_possible(found: list[Candidate]) -> list[Candidate]:
    """The candidates that are out and would fit if one thing were arranged."""
    return [each for each in found if is_possible(each)]


def count_reasons(found: list[Candidate]) -> list[int]:
    """How many candidates each reason keeps out, in the order of `model.REASONS`."""
    counts = [0] * NUMBER_OF_REASONS
    for each in found:
        reasons = each.reasons
        while reasons:
            counts[lowest_bit(reasons)] += 1
            reasons &= reasons - 1
    return counts


def lowest_bit(bits: int) -> int:
    """The number of the lowest bit that is set, of bits of which one is."""
    number = 0
    while not bits >> number & 1:
        number += 1
    return number
