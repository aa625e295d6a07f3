"""The offers of one care type that a region's children could have, gathered once and kept until one changes."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import numpy as np

from app.finding.catalogue.contract_terms import TERM
from app.finding.catalogue.records import NUMBER_OF_MUNICIPALITIES, numbers
from app.kit.database.sessions import Record
from app.ranking.columns import STOP, Array, last_day

ANYWHERE: Final = 0
"""The region of a question that names none."""

UNKNOWN: Final = -1
"""A region of a newer version than this, whose children nobody asks for here."""

Stops = tuple[tuple[int, int, int], ...]
"""Of one offer: the region whose children a stop binds (0: everyone), its first and its last day."""

NO_STOPS: Final = np.empty(0, STOP)
NO_TERMS: Final = np.empty(0, TERM)


class Block(NamedTuple):
    """Offers by slot: those that a contract of the region or of one of its municipalities covers, and those `near`.

    Near is what is given in the region or in its supraregion. `terms` and `stops` are those of these offers, each with
    its offer's position among the slots.
    """

    slots: Array
    near: Array
    terms: Array
    stops: Array


def make_block(table: Array, slots: Array, region: int, terms: Array, stops: Mapping[int, Stops], near: Array) -> Block:
    """The block of a region: of the offers in these slots those that are near, or that one of these terms covers.

    Offers are put by provider, so that each term meets all offers of its provider at once: among offers of providers
    4, 7 and 7 a term of provider 7 begins at 1 (`first`) and covers 2 (`count`), so its row is repeated for the
    positions 1 and 2. Positions are then counted among the offers that are kept.
    """
    slots = slots[np.argsort(table["provider"][slots], kind="stable")]
    offers = table[slots]
    first = np.searchsorted(offers["provider"], terms["provider"], "left")
    count = np.searchsorted(offers["provider"], terms["provider"], "right") - first
    end = np.cumsum(count)
    position = np.arange(count.sum()) - np.repeat(end - count, count) + np.repeat(first, count)
    is_near = given_in(offers, near)
    kept = is_near.copy()
    kept[position] = True
    rows = np.repeat(terms, count)
    rows["position"] = (np.cumsum(kept) - 1)[position]
    slots = slots[kept]
    return Block(slots, is_near[kept], rows, stop_rows(table, slots, region, stops))


def stops_of(rows: Iterable[Record]) -> Stops:
    """The stops of one offer, as the database has them."""
    regions = numbers().regions
    return tuple(
        (
            ANYWHERE if each["region_code"] is None else regions.get(each["region_code"], UNKNOWN),
            each["starts_on"].toordinal(),
            last_day(each["ends_on"]),
        )
        for each in rows
    )


def stop_rows(table: Array, slots: Array, region: int, stops: Mapping[int, Stops]) -> Array:
    """The stops of the offers in these slots that bind the region's children; all of them where it is ANYWHERE."""
    rows = [
        (position, starts_on, ends_on)
        for position in table["stopped"][slots].nonzero()[0].tolist()
        for bound, starts_on, ends_on in stops[int(slots[position])]
        if region == ANYWHERE or bound in (ANYWHERE, region)
    ]
    return np.array(rows, STOP) if rows else NO_STOPS


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


def served(offers: Array, municipality: int) -> Array:
    """Which offers have no service area, or one with this municipality in it."""
    word, bit = divmod(municipality, 64)
    inside: Array = ~offers["has_service_area"] | ((offers["service_area"][:, word] & np.uint64(1 << bit)) != 0)
    return inside
