"""Whom a call goes to: every provider that the match would call contracted, however full it is."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from app.finding.catalogue.catalogue import Catalogue
from app.ranking.facts import NOT_COVERED, OfferFacts, Term
from app.ranking.model import CONTRACT_KINDS, Child, ContractKind
from app.ranking.rules import best_term, count_in, is_stopped


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
    day, best = on.toordinal(), dict[UUID, _Covered]()
    blocks = [catalogue.block(child.region, each) for each in care_types]
    counted = count_in(blocks, child.region, child.municipality)
    for facts, terms in zip(counted.offers, counted.terms, strict=True):
        kind, is_usable = best_term(terms, day, child.binding_measure is not None)
        if kind != NOT_COVERED and not _is_stopped(facts, child, today, on):
            provider_id = catalogue.entry(facts.number).provider.id
            own = _Covered(not is_usable, kind, not _covers_region(terms, child, day))
            best[provider_id] = own.with_(best.get(provider_id, own))
    return [best[provider_id].addressee(provider_id, child) for provider_id in sorted(best)]


def _is_stopped(facts: OfferFacts, child: Child, today: date, on: date) -> bool:
    return any(is_stopped(facts.stops, child.region, day.toordinal()) for day in (today, on))


def _covers_region(terms: list[Term], child: Child, day: int) -> bool:
    """Whether one of these contracts covers the whole region on that day."""
    return any(child.region in term.regions and term.starts_on <= day <= term.ends_on for term in terms)
