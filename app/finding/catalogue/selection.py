"""The offers that a question is about, as columns: what match ranks and search lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from app.finding.catalogue.blocks import NO_TERMS, Block
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.records import numbers
from app.ranking.columns import Array, joined


@dataclass(frozen=True, slots=True)
class Area:
    """Whose contracts count: those of a region, and of one of its municipalities where it is named."""

    region: str
    municipality: str | None


class Selection(NamedTuple):
    """Offers by slot, with their records in the same order.

    `counts` says which are near, or covered by a contract of the area; `contracts` are those of the area and `stops`
    those that bind its children, by position.
    """

    slots: Array
    offers: Array
    counts: Array
    contracts: Array
    stops: Array


def select_offers(catalogue: Catalogue, care_types: Sequence[str], area: Area) -> Selection:
    """The offers of these care types that the children of the area could have."""
    blocks = [catalogue.block(area.region, each) for each in care_types]
    starts = [0, *accumulate(len(block.slots) for block in blocks)]
    slots = np.concatenate([block.slots for block in blocks])
    counts = np.concatenate([block.near for block in blocks])
    contracts = joined([_of_area(*each, area) for each in zip(blocks, starts, strict=False)])
    stops = joined([_shifted(block.stops.copy(), start) for block, start in zip(blocks, starts, strict=False)])
    counts[contracts["position"]] = True
    return Selection(slots, catalogue.table.take(slots), counts, contracts, stops)


def select_slots(catalogue: Catalogue, slots: Array) -> Selection:
    """The offers in these slots, for children of anywhere."""
    stops = catalogue.stops(slots, None)
    return Selection(slots, catalogue.table.take(slots), np.ones(len(slots), np.bool_), NO_TERMS, stops)


def _of_area(block: Block, start: int, area: Area) -> Array:
    """Copies of the block's terms that cover the area, for offers that begin at that position."""
    covered = block.terms["municipality"]
    chosen = covered == 0
    if area.municipality is not None:
        chosen |= covered == numbers().municipalities[area.municipality]
    return _shifted(block.terms.take(chosen.nonzero()[0]), start)


def _shifted(rows: Array, by: int) -> Array:
    """The rows, so many positions further."""
    rows["position"] += by
    return rows
