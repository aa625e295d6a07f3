"""A ranking by the plain rules, of offers that are given one by one, as in a case."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from math import inf
from typing import Any, Final

from app.ranking.columns import Codes, capacity_fields, genders_mask, in_hours, last_day, unit_vector
from app.ranking.columns_of_offers import choice_of
from app.ranking.derived_dates import DECLINE_STANDS_DAYS, FOR_WANT_OF_ROOM, Norm
from app.ranking.factors import FACTOR_ORDERS, ORDERS
from app.ranking.filters import NEED_OF, bit_of, reasons_in
from app.ranking.model import (
    CONTRACT_KINDS,
    Alternative,
    Child,
    Contract,
    ContractKind,
    Decider,
    Exclusion,
    Offer,
    Outcome,
    Policy,
    Request,
    Result,
)
from app.ranking.plain.facts import NEVER, Asked, Closed, OfferFacts, Term
from app.ranking.plain.rules import (
    Candidate,
    best_of,
    decline,
    factors_of,
    fits,
    hold_no_more,
    is_possible,
    judge,
)

_KINDS: Final[tuple[ContractKind | None, ...]] = (*CONTRACT_KINDS, None)


def rank(request: Request, offers: Iterable[Offer], *, today: date, policy: Policy) -> Outcome:
    """As `app.ranking.rank.rank`."""
    specialisations, criteria = Codes(request.needs | request.wishes), Codes(request.characteristics)
    listed = sorted((offer for offer in offers if choice_of(offer, request.choices)), key=lambda offer: offer.id)
    norm = Norm.of(request, today)
    asked = asked_by(request, norm, specialisations, criteria)
    found = [
        judge(
            asked,
            facts_of(offer, number, specialisations, criteria),
            choice_of(offer, request.choices),
            [term_of(each) for each in offer.contracts if _touches(each, request.child, offer.care_type)],
            [Closed(each.starts_on.toordinal(), last_day(each.ends_on)) for each in offer.stops],
            offer.service_area is None or request.child.municipality in offer.service_area,
        )
        for number, offer in enumerate(listed)
    ]
    _note_history(request, today, {offer.id: each for offer, each in zip(listed, found, strict=True)})
    return _outcome(norm, policy, listed, found)


def asked_by(request: Request, norm: Norm, specialisations: Codes, criteria: Codes) -> Asked:
    """The request in the terms of the rules."""
    child, given = request.child, [each.max_distance_km for each in request.choices]
    x, y, z = (0.0, 0.0, 0.0) if child.origin is None else unit_vector(child.origin)
    return Asked(
        norm.today.toordinal(),
        norm.limit.toordinal(),
        child.birth_month.year * 12 + child.birth_month.month - 1,
        0 if child.gender == "unknown" else genders_mask((child.gender,)),
        specialisations.mask(request.needs),
        specialisations.mask(request.wishes),
        criteria.mask(request.characteristics),
        child.court_authorisation,
        child.binding_measure is not None,
        request.places,
        child.origin is not None,
        x,
        y,
        z,
        [] if given == [None] * len(given) else [inf if km is None else float(km) for km in given],
    )


def facts_of(offer: Offer, number: int, specialisations: Codes, criteria: Codes) -> OfferFacts:
    """The offer in the terms of the rules; `number` is its place among the ids."""
    place = offer.location
    x, y, z = (0.0, 0.0, 0.0) if place is None else unit_vector(place)
    reported, accepts, observed_on, total, room, next_free_on, wait_days, _ = capacity_fields(
        offer.capacity, offer.unit
    )
    return OfferFacts(
        number,
        number,
        offer.age_min,
        offer.age_max,
        genders_mask(offer.genders),
        specialisations.mask(offer.specialisations),
        criteria.mask(offer.exclusion_criteria),
        offer.at_home,
        offer.needs_court_authorisation,
        place is not None,
        x,
        y,
        z,
        in_hours(offer.unit),
        reported,
        accepts,
        observed_on,
        float(total),
        float(room),
        next_free_on,
        wait_days,
    )


def term_of(contract: Contract) -> Term:
    """The contract in the terms of the rules."""
    return Term(
        CONTRACT_KINDS.index(contract.kind),
        contract.ceiling_reached,
        contract.ceiling_exempts_measure,
        contract.starts_on.toordinal(),
        last_day(contract.ends_on),
    )


def _touches(contract: Contract, child: Child, care_type: str) -> bool:
    return (child.region in contract.regions or child.municipality in contract.municipalities) and (
        contract.care_types is None or care_type in contract.care_types
    )


def _note_history(request: Request, today: date, by_id: dict[str, Candidate]) -> None:
    """What was refused before, and then what is not held against an offer."""
    for each in request.declines:
        days_ago = (today - each.declined_on).days
        if each.offer_id in by_id and days_ago < DECLINE_STANDS_DAYS:
            decline(by_id[each.offer_id], days_ago, for_want_of_room=each.reason in FOR_WANT_OF_ROOM)
    for granted in request.exceptions:
        if granted.offer_id in by_id:
            hold_no_more(by_id[granted.offer_id], bit_of(granted.reason))


def _outcome(norm: Norm, policy: Policy, offers: Sequence[Offer], found: list[Candidate]) -> Outcome:
    order = FACTOR_ORDERS[policy]
    results = best_of([each for each in found if fits(each)], order, len(found))
    possible = best_of([each for each in found if is_possible(each)], order, len(found))
    deciders = [_decider(better, worse, policy) for better, worse in pairwise(results)]
    return Outcome(
        norm.today,
        policy,
        norm.deadline,
        norm.limit,
        tuple(
            Result._make((*_common(offers, each), decider))
            for each, decider in zip(results, [*deciders, None], strict=False)
        ),
        tuple(Exclusion._make((*_common(offers, each), reasons_in(each.reasons))) for each in found if not fits(each)),
        tuple(
            Alternative._make((*_common(offers, each), reason, NEED_OF[reason]))
            for each in possible
            for reason in reasons_in(each.reasons)
        ),
    )


def _decider(better: Candidate, worse: Candidate, policy: Policy) -> Decider:
    one, other = factors_of(better), factors_of(worse)
    for factor, index in zip(ORDERS[policy], FACTOR_ORDERS[policy], strict=True):
        if one[index] != other[index]:
            return factor
    return "id"


def _common(offers: Sequence[Offer], found: Candidate) -> tuple[Any, ...]:
    """What a result, an exclusion and an alternative have in common, in the order of their fields."""
    return (
        offers[found.offer.number],
        found.choice,
        None if found.start == NEVER else date.fromordinal(found.start),
        date.fromordinal(found.reference),
        None if found.distance < 0 else found.distance,
        _KINDS[found.contract],
        factors_of(found),
        found.delay == 0,
    )
