"""The reasons that keep a candidate out of the results."""

from datetime import date
from typing import Final

from app.domain.dates import whole_years
from app.matching.ranking.model import Candidate, Need, Reason, Request

_NEED_OF: Final[dict[Reason, Need]] = {
    "not-contracted": "light-contract",
    "budget-ceiling": "ceiling-exception",
    "too-far": "longer-distance",
    "outside-service-area": "provider-consent",
    "age": "provider-consent",
}


def reasons_of(candidate: Candidate, request: Request, today: date) -> tuple[Reason, ...]:
    """Every reason that keeps the candidate out, in the order of REASONS; empty where it stays in.

    A plain run of conditions and not a table of functions: all are asked of every offer of every match.
    """
    reasons: list[Reason] = []
    _add_of_agreements(reasons, candidate, today)
    _add_of_child(reasons, candidate, request)
    _add_of_place(reasons, candidate, request)
    return tuple(reasons)


def _add_of_agreements(reasons: list[Reason], candidate: Candidate, today: date) -> None:
    offer = candidate.offer
    if candidate.contract is None:
        reasons.append("not-contracted")
    elif not candidate.contract_usable:
        reasons.append("budget-ceiling")
    if offer.stops and _is_stopped(candidate, today):
        reasons.append("placement-stop")
    if offer.capacity is not None and not offer.capacity.accepts_referrals:
        reasons.append("closed-to-referrals")


def _is_stopped(candidate: Candidate, today: date) -> bool:
    for stop in candidate.offer.stops:
        for day in (today, candidate.reference_date):
            if stop.starts_on <= day and (stop.ends_on is None or day <= stop.ends_on):
                return True
    return False


def _add_of_child(reasons: list[Reason], candidate: Candidate, request: Request) -> None:
    offer, child = candidate.offer, request.child
    if not offer.age_min <= whole_years(child.birth_month, candidate.reference_date) <= offer.age_max:
        reasons.append("age")
    if child.gender not in offer.genders:
        reasons.append("gender")
    if not request.needs <= offer.specialisations:
        reasons.append("needs")
    if not request.characteristics.isdisjoint(offer.exclusion_criteria):
        reasons.append("exclusion-criterion")
    if offer.needs_court_authorisation and not child.court_authorisation:
        reasons.append("court-authorisation")


def _add_of_place(reasons: list[Reason], candidate: Candidate, request: Request) -> None:
    offer, capacity = candidate.offer, candidate.offer.capacity
    if offer.service_area is not None and request.child.municipality not in offer.service_area:
        reasons.append("outside-service-area")
    most = request.choices[candidate.choice - 1].max_distance_km
    if most is not None and candidate.distance_km is not None and candidate.distance_km > most:
        reasons.append("too-far")
    if capacity is not None and capacity.places_total is not None and capacity.places_total < request.places:
        reasons.append("too-few-places")


def years_off(candidate: Candidate, request: Request) -> int:
    """How many years the child is too young or too old on the reference date; 0 where the age fits."""
    offer = candidate.offer
    age = whole_years(request.child.birth_month, candidate.reference_date)
    return max(0, offer.age_min - age, age - offer.age_max)


def need_of(candidate: Candidate, request: Request, reasons: tuple[Reason, ...]) -> Need | None:
    """What would make an excluded candidate possible, or None where nothing can be arranged."""
    if len(reasons) != 1:
        return None
    if reasons[0] == "age" and years_off(candidate, request) > 1:
        return None
    return _NEED_OF.get(reasons[0])
