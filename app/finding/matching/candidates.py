"""The candidates for a child, out of the catalogue."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from app.finding.catalogue.contract_terms import NO_TERMS
from app.ranking.facts import Block, Counted, OfferFacts
from app.ranking.facts_of_offers import asked_choice
from app.ranking.model import Choice, Request
from app.ranking.rules import choice_of, count_in


class Offered(Protocol):
    """What is asked of a catalogue, or of an excerpt of one."""

    def block(self, region: str, care_type: str) -> Block:
        """The offers of a care type that the children of a region could have."""

    def facts_named(self, offer_id: str | None, provider_id: str | None) -> Sequence[OfferFacts]:
        """The offer with that id; where none is given, those of that provider."""


def candidates_for(catalogue: Offered, request: Request) -> Counted:
    """The offers that may be candidates: what the children of the municipality could have of the care types that are
    asked for, and what the choices name, wherever that is.

    Nothing that is only named is covered by a contract, or it would be among the others.
    """
    child = request.child
    care_types = dict.fromkeys(choice.care_type for choice in request.choices)
    blocks = [catalogue.block(child.region, each) for each in care_types]
    found = count_in(blocks, child.region, child.municipality)
    named = {facts.number: facts for choice in request.choices for facts in _named(catalogue, choice)}
    if named:
        known = {facts.number for facts in found.offers}
        others = [facts for number, facts in named.items() if number not in known]
        found.offers += others
        found.terms += [NO_TERMS] * len(others)
    return found


def _named(catalogue: Offered, choice: Choice) -> Iterator[OfferFacts]:
    """The offers that a choice names: the one of its offer, or those of its provider; none where it names nothing."""
    if choice.offer_id is None and choice.provider_id is None:
        return iter(())
    own = [asked_choice(choice)]
    return (facts for facts in catalogue.facts_named(choice.offer_id, choice.provider_id) if choice_of(own, facts))
