"""Which of the demo offers a child of the past was referred to: of its care type and age, mostly nearby."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache
from random import Random
from typing import Final
from uuid import UUID

from app.demo.clients import organisations
from app.demo.data import DemoData
from app.demo.history.children import Child
from app.demo.plan import nearest_regions
from app.demo.rows import Offer
from app.domain.dates import whole_years
from app.reference.lists import reference

_NEAR: Final = 3
"""Of so many of the nearest offers one is taken."""


class Supply:
    """The demo offers, save those of providers with a demo client: whose inboxes stay as they are."""

    def __init__(self, data: DemoData) -> None:
        own = {each.provider_id for each in organisations() if each.provider_id is not None}
        places = {each.id: each.municipality_code for each in data.locations}
        municipalities = reference().municipalities
        self._region = {each.id: municipalities[places[each.location_id]].region for each in data.offers}
        self._by_type: dict[str, list[Offer]] = defaultdict(list)
        for offer in data.offers:
            if offer.provider_id not in own:
                self._by_type[offer.care_type].append(offer)
        self._regions: dict[UUID, set[str]] = defaultdict(set)
        for contract in data.contracts:
            self._regions[contract.provider_id].update(contract.regions)
        self._found: dict[tuple[str, str], tuple[list[Offer], list[Offer]]] = {}

    def offer_for(self, child: Child, care_type: str, rng: Random, without: Collection[UUID] = ()) -> Offer | None:
        """An offer that the child's region has bought and that takes a child like it; None where there is none.

        Not one of the offers in `without`, to which it was referred already.
        """
        bought, _ = self._offers(child.region, care_type)
        return _one_of([each for each in bought if each.id not in without and _takes(each, child)], rng)

    def other_for(self, child: Child, care_type: str, rng: Random) -> Offer | None:
        """An offer for a child like it that its region has not bought; None where there is none."""
        _, others = self._offers(child.region, care_type)
        return _one_of([each for each in others if _takes(each, child)], rng)

    def _offers(self, region: str, care_type: str) -> tuple[list[Offer], list[Offer]]:
        """The offers of a care type that a region has bought, and the others, the nearest first."""
        key = region, care_type
        if key not in self._found:
            rank = _ranks(region)
            near = sorted(
                self._by_type[care_type], key=lambda each: (rank[self._region[each.id]], each.key, str(each.id))
            )
            bought = [each for each in near if region in self._regions[each.provider_id]]
            self._found[key] = bought, [each for each in near if region not in self._regions[each.provider_id]]
        return self._found[key]


@cache
def _ranks(region: str) -> dict[str, int]:
    """How near each region is: 0 for itself, 1 for the next."""
    return {code: rank for rank, code in enumerate([region, *nearest_regions(region)])}


def _takes(offer: Offer, child: Child) -> bool:
    age = whole_years(child.birth_month, child.asked_on)
    return offer.age_min <= age <= offer.age_max and child.gender in offer.genders


def _one_of(offers: Sequence[Offer], rng: Random) -> Offer | None:
    """One of the nearest: in most cases the first or the second."""
    nearest = offers[:_NEAR]
    return rng.choices(nearest, (5, 3, 2)[: len(nearest)])[0] if nearest else None
