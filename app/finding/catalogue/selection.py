"""The offers that a question is about, as columns: what search lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.domain.arrays import Array
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.contract_terms import NO_TERMS
from app.ranking.facts import EVERYONE, Term
from app.ranking.rules import best_term, count_in


@dataclass(frozen=True, slots=True)
class Area:
    """Whose contracts count: those of a region, and of one of its municipalities where it is named."""

    region: str
    municipality: str | None


class Selection(NamedTuple):
    """Offers by slot, with their records in the same order, and the contracts of each that cover the area.

    `region` is that of the area, EVERYONE where the question names none.
    """

    slots: Array
    offers: Array
    terms: Sequence[list[Term]]
    region: str = EVERYONE

    def contracts_on(self, days: Array) -> tuple[Array, Array]:
        """The kind of the best contract of each on its day, NOT_COVERED where there is none, and whether it counts."""
        found = [best_term(terms, day, False) for terms, day in zip(self.terms, days.tolist(), strict=True)]
        return np.array([kind for kind, _ in found], np.int8), np.array([usable for _, usable in found], np.bool_)


def select_contracted(catalogue: Catalogue, care_types: Sequence[str], area: Area, places: int = 1) -> Selection:
    """The offers of these care types that a contract covers for the children of the area."""
    blocks = [catalogue.block(area.region, each) for each in care_types]
    counted = count_in(blocks, area.region, area.municipality or "")
    found = [(facts.number, terms) for facts, terms in zip(counted.offers, counted.terms, strict=True) if terms]
    slots = np.array([slot for slot, _ in found], np.int64)
    return Selection(slots, catalogue.take(slots, places), [terms for _, terms in found], area.region)


def select_slots(catalogue: Catalogue, slots: Array, places: int = 1) -> Selection:
    """The offers in these slots, for children of anywhere."""
    return Selection(slots, catalogue.take(slots, places), [NO_TERMS] * len(slots))
