"""What the catalogue has at one moment for some regions and care types, to rank many children by in another process.

A report changes the facts of an offer where they stand, so what reports say is copied in one go (`take_excerpt`). All
else is replaced and never changed, so it can be packed afterwards, while others have their turn.
"""

import pickle
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeVar

from app.finding.catalogue.catalogue import Catalogue
from app.ranking.facts import Block, Closed, OfferFacts, Term

BlockKey = tuple[str, str]
"""A region and a care type."""
Named = tuple[str | None, str | None]
"""The ids of an offer and of a provider, as a choice names them."""
Made = TypeVar("Made", OfferFacts, Closed, Term)

REPORT: Final = (
    *("reported", "accepts_referrals", "observed_on", "places_total", "room", "next_free_on", "wait_days"),
)
FIXED: Final = (
    *("id", "provider_id", "care_type", "age_min", "age_max", "genders", "specialisations", "exclusion_criteria"),
    *("at_home", "needs_court_authorisation", "service_area", "has_place", "x", "y", "z", "in_hours"),
)
TERM: Final = (
    *("kind", "starts_on", "ends_on", "ceiling_reached", "exempts_measure", "regions", "municipalities", "care_types"),
)
CLOSED: Final = ("region", "starts_on", "ends_on")


class Excerpt:
    """Answers as a catalogue what `matching.candidates` asks; `offers` are by their numbers in it, from 0."""

    def __init__(self, offers: list[OfferFacts], blocks: Mapping[BlockKey, Block]) -> None:
        self.offers: Final = offers
        self._blocks = blocks
        self._by_id = {each.id: each for each in offers}
        self._by_provider: dict[str, list[OfferFacts]] = {}
        for each in offers:
            self._by_provider.setdefault(each.provider_id, []).append(each)

    def block(self, region: str, care_type: str) -> Block:
        """The offers of a care type that the children of a region could have."""
        return self._blocks[region, care_type]

    def facts_named(self, offer_id: str | None, provider_id: str | None) -> Sequence[OfferFacts]:
        """The offer with that id; where none is given, those of that provider."""
        if offer_id is not None:
            return [self._by_id[offer_id]] if offer_id in self._by_id else []
        return self._by_provider.get(provider_id or "", [])


class Taken(NamedTuple):
    """The offers of an excerpt, what their reports said when it was taken, and its blocks."""

    offers: list[OfferFacts]
    reports: list[tuple[Any, ...]]
    blocks: Mapping[BlockKey, Block]

    def packed(self) -> bytes:
        """All of it as bytes; of many regions that takes some tenths of a second."""
        fixed, stop, term = attrgetter(*FIXED), attrgetter(*CLOSED), attrgetter(*TERM)
        at = {facts.number: number for number, facts in enumerate(self.offers)}
        offers = [
            ((*fixed(each), *report), [stop(closed) for closed in each.stops])
            for each, report in zip(self.offers, self.reports, strict=True)
        ]
        lists = {id(own): own for block in self.blocks.values() for own in block.terms}
        terms = {id(each): each for own in lists.values() for each in own}
        term_numbers, list_numbers = _numbered(terms), _numbered(lists)
        blocks = [
            (
                key,
                [at[each.number] for each in block.offers],
                [list_numbers[id(own)] for own in block.terms],
                block.in_part,
                block.near,
            )
            for key, block in self.blocks.items()
        ]
        term_lists = [[term_numbers[id(each)] for each in own] for own in lists.values()]
        return pickle.dumps((offers, [term(each) for each in terms.values()], term_lists, blocks))


def _numbered(found: Mapping[int, object]) -> dict[int, int]:
    return {key: number for number, key in enumerate(found)}


def take_excerpt(catalogue: Catalogue, keys: Iterable[BlockKey], named: Iterable[Named]) -> Taken:
    """What the catalogue has at this moment of these regions with these care types, and of offers that are named.

    It takes less than a microsecond an offer of each block that is there, and milliseconds for one that is to be made.
    """
    blocks = {key: catalogue.block(*key) for key in keys}
    found = {facts.number: facts for block in blocks.values() for facts in block.offers}
    found |= {facts.number: facts for each in named for facts in catalogue.facts_named(*each)}
    offers = list(found.values())
    return Taken(offers, list(map(attrgetter(*REPORT), offers)), blocks)


def unpack(packed: bytes) -> Excerpt:
    """The excerpt of `Taken.packed`."""
    values, terms, term_lists, blocks = pickle.loads(packed)  # noqa: S301 - of the process that started this one
    offers = []
    for number, (each, stops) in enumerate(values):
        facts = _filled(OfferFacts(), (*FIXED, *REPORT), each)
        facts.number, facts.stops = number, [_filled(Closed(), CLOSED, stop) for stop in stops]
        offers.append(facts)
    known = [_filled(Term(), TERM, each) for each in terms]
    lists = [[known[number] for number in own] for own in term_lists]
    return Excerpt(
        offers,
        {
            key: Block([offers[number] for number in own], [lists[number] for number in its], in_part, near)
            for key, own, its, in_part, near in blocks
        },
    )


def _filled(made: Made, names: Sequence[str], values: Sequence[Any]) -> Made:
    for name, value in zip(names, values, strict=True):
        setattr(made, name, value)
    return made
