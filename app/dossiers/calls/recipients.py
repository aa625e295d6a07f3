"""Whom a call goes to: every provider that the match would call contracted, however full it is."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.selection import Area, Selection, select_offers
from app.ranking.columns import Array
from app.ranking.derived_dates import NOT_COVERED, best_contract
from app.ranking.filters import stopped
from app.ranking.model import CONTRACT_KINDS, Child, ContractKind


class Addressee(NamedTuple):
    """A provider that is asked, and the best contract that covers the child.

    `municipality_code` is None where some contract covers all of the region.
    """

    provider_id: UUID
    municipality_code: str | None
    contract_kind: ContractKind
    ceiling_reached: bool


class _Covered(NamedTuple):
    """How contracts cover an offer; what can be used goes before what cannot, and then the better kind."""

    ceiling_reached: bool
    kind: int
    only_municipality: bool

    def with_(self, other: "_Covered") -> "_Covered":
        """How they cover both together."""
        return _Covered(*min(self[:2], other[:2]), self.only_municipality and other.only_municipality)

    def addressee(self, provider_id: UUID, child: Child) -> Addressee:
        municipality = child.municipality if self.only_municipality else None
        return Addressee(provider_id, municipality, CONTRACT_KINDS[self.kind], self.ceiling_reached)


def addressees(catalogue: Catalogue, child: Child, care_types: list[str], today: date, on: date) -> list[Addressee]:
    """The providers of these care types that are contracted for the child on that day, by id.

    The rules are those of the match, with the day on which help is wished as the reference date: a provider counts
    when an offer of it would not be excluded as `not-contracted` or `placement-stop`. No other reason keeps it out: a
    call asks what the figures do not tell, so it goes to the full, the silent and those closed to referrals too, and to
    those over a budget ceiling, to which a region can make an exception. Where there is a stop nobody may be placed.
    """
    found = select_offers(catalogue, care_types, Area(child.region, child.municipality))
    count, day = len(found.slots), on.toordinal()
    kinds, usable = best_contract(found.contracts, np.full(count, day), has_measure=child.binding_measure is not None)
    counts = (kinds != NOT_COVERED) & ~stopped(found.stops, count, today.toordinal(), day)
    of_region = _covered_by_region(found, day)
    best: dict[UUID, _Covered] = {}
    for position in counts.nonzero()[0].tolist():
        provider_id = catalogue.entry(found.slots[position]).provider.id
        own = _Covered(not usable[position], int(kinds[position]), not of_region[position])
        best[provider_id] = own.with_(best.get(provider_id, own))
    return [best[provider_id].addressee(provider_id, child) for provider_id in sorted(best)]


def _covered_by_region(found: Selection, day: int) -> Array:
    """Which offers a contract of the whole region covers on that day."""
    rows: Any = found.contracts
    in_force = (rows["municipality"] == 0) & (rows["starts_on"] <= day) & (day <= rows["ends_on"])
    covered = np.zeros(len(found.slots), np.bool_)
    covered[rows["position"][in_force]] = True
    return covered
