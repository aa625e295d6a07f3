"""Whether two catalogues hold the same, whatever order it came to them in."""

from functools import cache
from typing import Any

import numpy as np

from app.finding.catalogue.catalogue import Catalogue
from app.ranking.facts import OfferFacts, Term
from app.reference.lists import reference

_APART = ("provider", "changed")
"""Fields that may differ: a number of the catalogue's own, and what only pages ask."""


def content(catalogue: Catalogue) -> dict[str, Any]:
    """All that it tells of each offer, by id."""
    slots = catalogue.live([])
    slots_of = cache(lambda provider: frozenset(catalogue.slots_of(provider).tolist()))
    found: dict[str, dict[str, Any]] = {}
    names = [name for name in catalogue.table.dtype.names or () if name not in _APART]
    for slot in slots.tolist():
        entry, record = catalogue.entry(slot), catalogue.table[slot]
        assert catalogue.find_slot(entry.id) == slot
        own = slots_of(entry.provider.id)
        assert slot in own
        assert record["provider"] == entry.provider.number
        fields = {name: np.atleast_1d(record[name]).tobytes() for name in names}
        found[entry.id] = {
            **fields,
            "shown": entry.shown,
            "provider": (entry.provider.id, entry.provider.name, entry.provider.shown, len(own)),
            "about": (entry.care_type, entry.age_min, entry.age_max, entry.at_home, entry.specialisations),
            "facts": _facts(entry.facts),
            "blocks": {},
        }
    assert len(catalogue) == len(found)
    _add_blocks(catalogue, found)
    return found


def _facts(facts: OfferFacts) -> dict[str, Any]:
    """All that the rules are told of an offer, save for its number."""
    told = _fields(facts)
    del told["number"]
    return {**told, "stops": sorted((each.region, each.starts_on, each.ends_on) for each in facts.stops)}


def _add_blocks(catalogue: Catalogue, found: dict[str, Any]) -> None:
    """What each region's children could have: the offers and contracts that the blocks hold."""
    for region in reference().regions:
        for care_type in reference().care_types:
            block = catalogue.block(region, care_type)
            for facts, terms, near in zip(block.offers, block.terms, block.near, strict=True):
                assert facts is catalogue.entry(facts.number).facts
                own = sorted(repr(_term(each)) for each in terms)
                found[facts.id]["blocks"][region] = {"near": near, "terms": own}


def _term(term: Term) -> dict[str, Any]:
    return {name: sorted(each) if isinstance(each, frozenset) else each for name, each in _fields(term).items()}


def _fields(facts: OfferFacts | Term) -> dict[str, Any]:
    """Its fields, whether it is compiled or not."""
    return {name: getattr(facts, name) for name in dir(facts) if not name.startswith("_")}


def assert_same(one: Catalogue, other: Catalogue) -> None:
    """Fails with the offers in which they differ."""
    ours, theirs = content(one), content(other)
    differing = {id_ for id_ in ours.keys() | theirs.keys() if ours.get(id_) != theirs.get(id_)}
    assert not differing, {id_: (ours.get(id_), theirs.get(id_)) for id_ in sorted(differing)[:3]}
