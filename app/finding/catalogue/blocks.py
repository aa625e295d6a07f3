"""The offers of one care type that a region's children could have, gathered once and kept until one changes."""

from collections.abc import Mapping, Sequence

import numpy as np

from app.domain.arrays import Array
from app.finding.catalogue.contract_terms import NO_TERMS
from app.finding.catalogue.entries import Entry
from app.finding.catalogue.records import NUMBER_OF_MUNICIPALITIES
from app.ranking.facts import Block, Term
from app.ranking.rules import for_help, is_in_part


def make_block(
    table: Array,
    entries: Sequence[Entry],
    slots: Array,
    region: str,
    care_type: str,
    terms: Mapping[int, list[Term]],
    near: Array,
) -> Block:
    """The block of a region: of the offers of a care type in these slots those given near (the bits of municipalities),
    and those of a provider with a contract for that help; `terms` are the contracts of each provider in the region.

    Those of a provider stand together, so that its contracts are looked at once for all of them.
    """
    offers = table.take(slots)  # of records it takes a twentieth of what an index in brackets takes
    order = np.argsort(offers["provider"], kind="stable")
    slots, providers, is_near = slots[order], offers["provider"][order], given_in(offers, near)[order]
    here = terms.keys() & set(providers.tolist())  # most providers with contracts in the region give other help
    contracted = {provider: own for provider in here if (own := for_help(terms[provider], care_type))}
    in_part = {provider for provider, own in contracted.items() if is_in_part(own, region)}
    kept = is_near | np.isin(providers, list(contracted))
    own_providers: list[int] = providers[kept].tolist()
    return Block(
        [entries[slot].facts for slot in slots[kept].tolist()],
        [contracted.get(provider, NO_TERMS) for provider in own_providers],
        [provider in in_part for provider in own_providers],
        is_near[kept].tolist(),
    )


def given_in(offers: Array, municipalities: Array) -> Array:
    """Which offers are given in one of these: at a location there, or at home within a service area that names one.

    `municipalities` are bits, as in a service area.
    """
    word, bit = np.divmod(offers["municipality"], 64)
    there = (municipalities[word] >> bit.astype(np.uint64)) & np.uint64(1) == 1
    at_home = offers["at_home"] & offers["has_service_area"]
    inside: Array = there | (at_home & (offers["service_area"] & municipalities).any(axis=1))
    return inside


def given_counts(offers: Array) -> Array:
    """How many of the offers are given in each municipality, by its number, as `given_in` has it."""
    counts = np.bincount(offers["municipality"], minlength=NUMBER_OF_MUNICIPALITIES)
    at_home = offers[offers["at_home"] & offers["has_service_area"]]
    areas = np.ascontiguousarray(at_home["service_area"]).astype("<u8").view(np.uint8)
    bits = np.unpackbits(areas, axis=1, bitorder="little")
    bits[np.arange(len(at_home)), at_home["municipality"]] = 0  # counted by its location already
    total: Array = counts + bits.sum(axis=0, dtype=np.int64)
    return total
