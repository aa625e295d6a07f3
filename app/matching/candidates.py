"""The candidates for a child, out of the catalogue."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np

from app.catalogue.blocks import served
from app.catalogue.catalogue import Catalogue
from app.catalogue.entries import Entry
from app.catalogue.gathering import Area, Gathered, gather
from app.catalogue.records import numbers
from app.matching.ranking.columns import Array, Candidates, joined
from app.matching.ranking.model import Choice, Request


class Entries(Sequence[Entry]):
    """The entries of slots, looked up when they are asked for."""

    def __init__(self, catalogue: Catalogue, slots: Array) -> None:
        self._catalogue = catalogue
        self._slots = slots

    def __len__(self) -> int:
        return len(self._slots)

    def __getitem__(self, position: int) -> Entry:  # type: ignore[override]  # no slices are asked for
        return self._catalogue.entry(self._slots[position])


def candidates_for(catalogue: Catalogue, request: Request) -> Candidates:
    """The offers that the request's choices are about, as columns."""
    child = request.child
    care_types = list(dict.fromkeys(choice.care_type for choice in request.choices))
    found = gather(catalogue, care_types, Area(child.region, child.municipality))
    named = [_named(catalogue, choice) for choice in request.choices]
    found = _with(catalogue, found, [slots for slots in named if slots is not None], child.region)
    return Candidates(
        offers=found.offers,
        choice=_choices(request, named, found),
        served=served(found.offers, numbers().municipalities[child.municipality]),
        contracts=found.contracts,
        stops=found.stops,
        described=Entries(catalogue, found.slots),
    )


def _named(catalogue: Catalogue, choice: Choice) -> Array | None:
    """The slots of the offers that a choice names: those of its provider, or the one of its offer; None for any."""
    if choice.offer_id is None and choice.provider_id is None:
        return None
    slot = None if choice.offer_id is None else catalogue.find_slot(choice.offer_id)
    slots = np.array([] if slot is None else [slot], np.int64)
    if choice.provider_id is not None:
        own = catalogue.slots_of(UUID(choice.provider_id))
        slots = own if choice.offer_id is None else np.intersect1d(slots, own)
    named: Array = slots[catalogue.table["care_type"][slots] == numbers().care_types[choice.care_type]]
    return named


def _with(catalogue: Catalogue, found: Gathered, named: list[Array], region: str) -> Gathered:
    """What was found with what choices name: that counts, wherever it is."""
    if not named:
        return found
    slots = np.concatenate(named)
    counts = found.counts | np.isin(found.slots, slots)
    more = np.setdiff1d(slots, found.slots)
    stops = catalogue.stops(more, region)
    stops["position"] += len(found.slots)
    slots = np.concatenate([found.slots, more])
    return Gathered(
        slots,
        catalogue.table.take(slots),
        np.concatenate([counts, np.ones(len(more), np.bool_)]),
        found.contracts,
        joined([found.stops, stops]),
    )


def _choices(request: Request, named: list[Array | None], found: Gathered) -> Array:
    """The number of the first choice that each offer belongs to; 0 where it belongs to none, or does not count."""
    chosen = np.zeros(len(found.slots), np.int64)
    care_types = found.offers["care_type"]
    for number, (choice, slots) in reversed(list(enumerate(zip(request.choices, named, strict=True), start=1))):
        fits = found.counts & (care_types == numbers().care_types[choice.care_type])
        if slots is not None:
            fits &= np.isin(found.slots, slots)
        chosen[fits] = number
    return chosen
