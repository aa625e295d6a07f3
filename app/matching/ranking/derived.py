"""What follows from a request, an offer and today's date: the norm, the expected start and the contract."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self

from app.domain.dates import add_months
from app.domain.geo import distance_km
from app.matching.ranking.model import (
    CONTRACT_KINDS,
    Candidate,
    Capacity,
    Child,
    Choice,
    Contract,
    ContractKind,
    Offer,
    Request,
)

NORM_MONTHS = 3
"""A child with a child-protection measure has the help it needs within three months of that measure."""
AT_ONCE = timedelta(days=7)
"""What still counts as timely where the deadline has passed."""
STALE_AFTER_DAYS = 30
"""From there on a report says nothing about the start."""

_PREFERENCE = {kind: place for place, kind in enumerate(CONTRACT_KINDS)}
_NOT_COVERED = (True, len(CONTRACT_KINDS))


@dataclass(frozen=True, slots=True)
class Norm:
    """By when help is due. `limit` is later than `deadline` only where help "at once" is all that is left."""

    today: date
    deadline: date
    limit: date

    @classmethod
    def of(cls, request: Request, today: date) -> Self:
        """The norm for a request on that day."""
        deadline = _deadline(request, today)
        return cls(today, deadline, max(deadline, today + AT_ONCE))


def _deadline(request: Request, today: date) -> date:
    if request.needed_by is not None:
        return request.needed_by
    measure = request.child.measure
    return add_months(today if measure is None else measure.imposed_on, NORM_MONTHS)


def observed_on(observed_at: datetime) -> date:
    """The date in UTC of a report; raises ValueError where its offset is missing."""
    if observed_at.tzinfo is UTC:
        return observed_at.date()
    offset = observed_at.utcoffset()
    if offset is None:
        raise ValueError("a report's time must carry its offset from UTC")
    return (observed_at.replace(tzinfo=None) - offset).date()


def report_age(capacity: Capacity, today: date) -> int:
    """How old a report is, in days."""
    return (today - observed_on(capacity.observed_at)).days


def expected_start(capacity: Capacity, age: int, places: int, today: date) -> date | None:
    """The day on which help can really start by a report of that age, or None where that is unknown.

    A given wait counts to the first real help and not to an intake; a stale report says nothing.
    """
    if age > STALE_AFTER_DAYS:
        return None
    intake, treatment = capacity.wait_days_intake, capacity.wait_days_treatment
    if intake is not None or treatment is not None:
        return today + timedelta(days=max(0, (intake or 0) + (treatment or 0) - age))
    room = capacity.places_free - capacity.waiting_count
    if room >= places:
        return today
    if capacity.next_free_on is not None and room + 1 >= places:
        return max(today, capacity.next_free_on)
    return None


def distance_to(offer: Offer, child: Child) -> float | None:
    """The distance in km: 0 where the help comes to the child, None where it is unknown."""
    if offer.at_home:
        return 0.0
    if child.origin is None or offer.location is None:
        return None
    return distance_km(child.origin, offer.location.point)


def _covers(contract: Contract, child: Child, care_type: str, on: date) -> bool:
    return (
        (child.region in contract.regions or child.municipality in contract.municipalities)
        and (contract.care_types is None or care_type in contract.care_types)
        and contract.starts_on <= on
        and (contract.ends_on is None or on <= contract.ends_on)
    )


def best_contract(offer: Offer, child: Child, on: date) -> tuple[ContractKind | None, bool]:
    """The kind of the best contract that covers the child on that day, and whether it can be used.

    One that can be used goes before one that cannot: its ceiling is not reached, or exempts a child with a
    measure. None where no contract covers the child.
    """
    best, best_preference = None, _NOT_COVERED
    for contract in offer.contracts:
        if not _covers(contract, child, offer.care_type, on):
            continue
        exempt = contract.ceiling_exempts_measure and child.measure is not None
        preference = (contract.ceiling_reached and not exempt, _PREFERENCE[contract.kind])
        if preference < best_preference:
            best, best_preference = contract.kind, preference
    return best, not best_preference[0]


def choice_of(offer: Offer, choices: tuple[Choice, ...]) -> int:
    """The number, from 1, of the first choice that the offer belongs to; 0 where it belongs to none."""
    for number, choice in enumerate(choices, start=1):
        if (
            choice.care_type == offer.care_type
            and (choice.offer_id is None or choice.offer_id == offer.id)
            and (choice.provider_id is None or choice.provider_id == offer.provider_id)
        ):
            return number
    return 0


def candidate_of(offer: Offer, request: Request, today: date) -> Candidate | None:
    """The offer as a candidate for the request, or None where it belongs to no choice."""
    number = choice_of(offer, request.choices)
    if not number:
        return None
    start = age = None
    if offer.capacity is not None:
        age = report_age(offer.capacity, today)
        start = expected_start(offer.capacity, age, request.places, today)
    reference = today if start is None else start
    contract, usable = best_contract(offer, request.child, reference)
    distance = distance_to(offer, request.child)
    return Candidate(offer, number, start, reference, distance, contract, usable, age)
