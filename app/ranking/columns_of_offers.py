"""Making columns of offers that are given one by one, as in a case."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.ranking.columns import (
    CONTRACT,
    NO_VECTOR,
    OFFER,
    STOP,
    Array,
    Codes,
    OfferColumns,
    capacity_fields,
    contract_row,
    genders_mask,
    in_hours,
    stop_row,
    unit_vector,
)
from app.ranking.model import (
    Child,
    Choice,
    Contract,
    Offer,
)


def columns_of(child: Child, listed: Sequence[Offer], specialisations: Codes, criteria: Codes) -> OfferColumns:
    """The offers as columns for the child: `listed` is in the order of their ids, and numbers them."""
    providers = {offer.provider_id: number for number, offer in enumerate(listed)}
    records = [
        _record(offer, order, providers[offer.provider_id], specialisations, criteria)
        for order, offer in enumerate(listed)
    ]
    return OfferColumns(
        offers=np.array(records, OFFER),
        numbers=np.arange(len(listed)),
        served=_booleans([offer.service_area is None or child.municipality in offer.service_area for offer in listed]),
        contracts=np.array(_contracts(listed, child), CONTRACT),
        stops=np.array([stop_row(at, stop) for at, offer in enumerate(listed) for stop in offer.stops], STOP),
    )


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


def _record(offer: Offer, order: int, provider: int, specialisations: Codes, criteria: Codes) -> tuple[Any, ...]:
    return (
        (0, order),
        provider,
        offer.age_min,
        offer.age_max,
        genders_mask(offer.genders),
        offer.at_home,
        offer.needs_court_authorisation,
        specialisations.mask(offer.specialisations),
        criteria.mask(offer.exclusion_criteria),
        NO_VECTOR if offer.location is None else unit_vector(offer.location),
        in_hours(offer.unit),
        *capacity_fields(offer.capacity, offer.unit),
    )


def _booleans(values: list[bool]) -> Array:
    return np.array(values, np.bool_)


def _contracts(offers: Sequence[Offer], child: Child) -> list[tuple[int, int, bool, bool, int, int]]:
    return [
        contract_row(position, contract)
        for position, offer in enumerate(offers)
        for contract in offer.contracts
        if _touches(contract, child, offer.care_type)
    ]


def _touches(contract: Contract, child: Child, care_type: str) -> bool:
    return (child.region in contract.regions or child.municipality in contract.municipalities) and (
        contract.care_types is None or care_type in contract.care_types
    )
