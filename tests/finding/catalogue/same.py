"""Whether two catalogues hold the same, whatever order it came to them in."""

from functools import cache
from typing import Any

import numpy as np

from app.finding.catalogue.catalogue import Catalogue
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
            "stops": {},
            "blocks": {},
        }
    assert len(catalogue) == len(found)
    for region in (None, *reference().regions):
        for position, *stop in catalogue.stops(slots, region).tolist():
            found[catalogue.entry(slots[position]).id]["stops"].setdefault(region, []).append(stop)
    _add_blocks(catalogue, found)
    for each in found.values():
        for stops in each["stops"].values():
            stops.sort()
    return found


def _add_blocks(catalogue: Catalogue, found: dict[str, Any]) -> None:
    """What each region's children could have: contracts and stops as the blocks hold them."""
    for region in reference().regions:
        for care_type in reference().care_types:
            block = catalogue.block(region, care_type)
            ids = [catalogue.entry(slot).id for slot in block.slots.tolist()]
            for id_, near in zip(ids, block.near.tolist(), strict=True):
                found[id_]["blocks"][region] = {"near": near, "terms": [], "stops": []}
            for row in block.terms.tolist():
                name = dict(zip(block.terms.dtype.names or (), row, strict=True))
                place = name.pop("position")
                name.pop("provider")
                found[ids[place]]["blocks"][region]["terms"].append(sorted(name.items()))
            for place, *stop in block.stops.tolist():
                found[ids[place]]["blocks"][region]["stops"].append(stop)
    for each in found.values():
        for block in each["blocks"].values():
            block["terms"].sort()
            block["stops"].sort()


def assert_same(one: Catalogue, other: Catalogue) -> None:
    """Fails with the offers in which they differ."""
    ours, theirs = content(one), content(other)
    differing = {id_ for id_ in ours.keys() | theirs.keys() if ours.get(id_) != theirs.get(id_)}
    assert not differing, {id_: (ours.get(id_), theirs.get(id_)) for id_ in sorted(differing)[:3]}
