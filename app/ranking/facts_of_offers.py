"""A request and offers in the terms of the rules: days as numbers, codes as bits."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from math import cos, radians, sin
from typing import Final

from app.domain.dates import dutch_day
from app.domain.geo import Point
from app.ranking.derived_dates import Norm
from app.ranking.facts import (
    ANY,
    ANYWHERE,
    EVERYONE,
    LONG_AGO,
    NEVER,
    NOT_GIVEN,
    Asked,
    AskedChoice,
    Closed,
    OfferFacts,
    Term,
)
from app.ranking.model import (
    CONTRACT_KINDS,
    GENDERS,
    Capacity,
    Choice,
    Contract,
    ContractKind,
    Location,
    Offer,
    Request,
    Stop,
    Unit,
)

MOST_CODES: Final = 30
_KIND_NUMBERS: Final[dict[ContractKind, int]] = {kind: number for number, kind in enumerate(CONTRACT_KINDS)}
_GENDER_BITS: Final[dict[str, int]] = {gender: 1 << number for number, gender in enumerate(GENDERS)}


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


def genders_mask(genders: Iterable[str]) -> int:
    """The bits of these genders."""
    mask = 0
    for gender in genders:
        mask |= _GENDER_BITS.get(gender, 0)
    return mask


def unit_vector(point: Point | Location) -> tuple[float, float, float]:
    """The three coordinates of a point on earth on a sphere of radius 1; the north pole is (0, 0, 1)."""
    north, east = radians(point.latitude), radians(point.longitude)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


def last_day(ends_on: date | None) -> int:
    """The last day of a period that may have no end."""
    return NEVER if ends_on is None else ends_on.toordinal()


def asked_by(request: Request, norm: Norm, specialisations: Codes, criteria: Codes) -> Asked:
    """The request; the codes are those of the offers that it is put to."""
    child, asked = request.child, Asked()
    asked.today, asked.limit = norm.today.toordinal(), norm.limit.toordinal()
    asked.birth_month = child.birth_month.year * 12 + child.birth_month.month - 1
    asked.gender = genders_mask((child.gender,))
    asked.region, asked.municipality = child.region, child.municipality
    asked.has_measure = child.binding_measure is not None
    asked.court_authorisation = child.court_authorisation
    asked.choices = [asked_choice(each) for each in request.choices]
    asked.needs, asked.wishes = specialisations.mask(request.needs), specialisations.mask(request.wishes)
    asked.wish_codes = {specialisations.mask((each,)): each for each in request.wishes}
    asked.characteristics = criteria.mask(request.characteristics)
    asked.places = request.places
    asked.has_origin = child.origin is not None
    asked.x, asked.y, asked.z = (0.0, 0.0, 0.0) if child.origin is None else unit_vector(child.origin)
    return asked


def asked_choice(choice: Choice) -> AskedChoice:
    """The choice."""
    asked = AskedChoice()
    asked.care_type = choice.care_type
    asked.offer_id, asked.provider_id = choice.offer_id or ANY, choice.provider_id or ANY
    asked.most_km = ANYWHERE if choice.max_distance_km is None else float(choice.max_distance_km)
    return asked


def facts_of(offer: Offer, number: int, specialisations: Codes, criteria: Codes, stops: list[Closed]) -> OfferFacts:
    """The offer, which the caller knows by the number, with its stops; its contracts are told apart (`term_of`)."""
    facts, place = OfferFacts(), offer.location
    facts.number = number
    facts.id, facts.provider_id, facts.care_type = offer.id, offer.provider_id, offer.care_type
    facts.age_min, facts.age_max, facts.genders = offer.age_min, offer.age_max, genders_mask(offer.genders)
    facts.specialisations = specialisations.mask(offer.specialisations)
    facts.exclusion_criteria = criteria.mask(offer.exclusion_criteria)
    facts.at_home, facts.needs_court_authorisation = offer.at_home, offer.needs_court_authorisation
    facts.service_area, facts.stops = offer.service_area, stops
    facts.has_place = place is not None
    facts.x, facts.y, facts.z = (0.0, 0.0, 0.0) if place is None else unit_vector(place)
    facts.in_hours = in_hours(offer.unit)
    put_report(facts, offer.capacity)
    return facts


def in_hours(unit: Unit) -> bool:
    """Whether capacity in this unit is not a number of children."""
    return unit == "hours-per-week"


def put_report(facts: OfferFacts, capacity: Capacity | None) -> None:
    """Lets the offer's report be this one; None where there never was any.

    Raises ValueError where the time of the report has no offset from UTC.
    """
    facts.reported = capacity is not None
    if capacity is None:
        facts.accepts_referrals, facts.observed_on, facts.room = True, LONG_AGO, 0.0
        facts.places_total, facts.next_free_on, facts.wait_days = float(NOT_GIVEN), NEVER, NOT_GIVEN
        return
    waits = (capacity.wait_days_intake, capacity.wait_days_treatment)
    facts.accepts_referrals = capacity.accepts_referrals
    facts.observed_on = dutch_day(capacity.observed_at).toordinal()
    facts.places_total = float(NOT_GIVEN if capacity.places_total is None else capacity.places_total)
    facts.room = float(capacity.places_free - (capacity.waiting_count or 0))
    facts.next_free_on = last_day(capacity.next_free_on)
    facts.wait_days = NOT_GIVEN if waits == (None, None) else sum(wait or 0 for wait in waits)


def with_expected_wait(capacity: Capacity, days: int, today: date) -> Capacity:
    """The report with so many days from today in the place of the wait to intake that it states."""
    age = (today - dutch_day(capacity.observed_at)).days
    return replace(capacity, wait_days_intake=age + days)


def term_of(contract: Contract) -> Term:
    """The contract."""
    term = Term()
    term.kind = _KIND_NUMBERS[contract.kind]
    term.regions, term.municipalities = contract.regions, contract.municipalities
    term.care_types = contract.care_types
    term.starts_on, term.ends_on = contract.starts_on.toordinal(), last_day(contract.ends_on)
    term.ceiling_reached, term.exempts_measure = contract.ceiling_reached, contract.ceiling_exempts_measure
    return term


def closed_of(stop: Stop, region: str = EVERYONE) -> Closed:
    """The stop, for the children of a region."""
    closed = Closed()
    closed.region, closed.starts_on, closed.ends_on = region, stop.starts_on.toordinal(), last_day(stop.ends_on)
    return closed
