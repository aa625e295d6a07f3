"""The candidates for a child, out of the catalogue."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from app.catalogue.blocks import NO_TERMS, served
from app.catalogue.catalogue import Catalogue
from app.catalogue.gathering import Area, Gathered, gather
from app.catalogue.records import numbers
from app.matching.ranking.columns import Array, Candidates, joined
from app.matching.ranking.derived import best_contract
from app.matching.ranking.model import Choice, Request
from app.matching.ranking.prepared import (
    CONTRACT,
    KNOWN_REASONS,
    NUMBER,
    OUTSIDE,
    REFERENCE,
    Prepared,
    join,
    prepare,
    put_contracts,
)
from app.reference.lists import reference

MOST_KEPT = 500
"""Regions and municipalities for whose next child the candidates of one care type are kept."""


class Circumstances(NamedTuple):
    """What of a request decides how its candidates stand before the child is known."""

    region: str
    municipality: str
    has_measure: bool
    places: int
    today: int


class Regional(NamedTuple):
    """The offers of a care type as they stand on a day for the children of a region, save for their municipality.

    `counts` says which are candidates for all of them; `serves` has a bit for each municipality of the region, in its
    order, that an offer serves; `contracts` cover all of the region, `local` ones some of its municipalities.
    """

    prepared: Prepared
    counts: Array
    serves: Array
    contracts: Array
    local: Array


class Municipal(NamedTuple):
    """What differs for the children of one municipality; `positions` are those of its candidates, None for all."""

    contract: Array
    known_reasons: Array
    positions: Array | None


def candidates_for(catalogue: Catalogue, request: Request, today: int) -> tuple[Prepared, Array]:
    """The offers that the choices are about, numbered by slot, and the number of the choice that each belongs to."""
    child = request.child
    about = Circumstances(child.region, child.municipality, child.measure is not None, request.places, today)
    parts, chosen = [], []
    for care_type in dict.fromkeys(choice.care_type for choice in request.choices):
        own = [(number, each) for number, each in enumerate(request.choices, start=1) if each.care_type == care_type]
        part, choices = _of_choices(catalogue, about, care_type, own)
        parts.append(part)
        chosen.append(choices)
    return join(parts), np.concatenate(chosen)


def _of_choices(
    catalogue: Catalogue, about: Circumstances, care_type: str, choices: list[tuple[int, Choice]]
) -> tuple[Prepared, Array]:
    """The candidates of a care type, with the number of the first of these choices that each belongs to."""
    part = _of_municipality(catalogue, about, care_type)
    named = [_named(catalogue, choice) for _, choice in choices]
    if all(slots is None for slots in named):
        return part, np.full(part.columns.shape[1], choices[0][0], np.int64)
    part = _with(catalogue, about, part, [slots for slots in named if slots is not None])
    chosen = np.zeros(part.columns.shape[1], np.int64)
    for (number, _), slots in reversed(list(zip(choices, named, strict=True))):
        chosen[slice(None) if slots is None else np.isin(part.columns[NUMBER], slots)] = number
    belongs = chosen.nonzero()[0]
    return part.take(belongs), chosen[belongs]


def _of_municipality(catalogue: Catalogue, about: Circumstances, care_type: str) -> Prepared:
    """The candidates of a care type for the children of the municipality."""
    regional: Regional = _kept(catalogue, about, care_type, about._replace(municipality=""), _regional)
    municipal: Municipal = _kept(catalogue, about, care_type, about, _municipal)
    columns = regional.prepared.columns.copy()
    columns[CONTRACT], columns[KNOWN_REASONS] = municipal.contract, municipal.known_reasons
    part = regional.prepared._replace(columns=columns)
    return part if municipal.positions is None else part.take(municipal.positions)


def _kept(
    catalogue: Catalogue,
    about: Circumstances,
    care_type: str,
    key: Circumstances,
    make: Callable[[Catalogue, Circumstances, str], Any],
) -> Any:
    """What `make` makes of the offers of a care type as they stand today; kept until one changes."""
    if about.places != 1:
        return make(catalogue, about, care_type)
    kept = catalogue.notes(care_type)
    made = kept.get(key)
    if made is None:
        made = make(catalogue, about, care_type)
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = made
    return made


def _municipal(catalogue: Catalogue, about: Circumstances, care_type: str) -> Municipal:
    regional: Regional = _kept(catalogue, about, care_type, about._replace(municipality=""), _regional)
    columns, counts = regional.prepared.columns.copy(), regional.counts
    columns[KNOWN_REASONS] |= OUTSIDE * (~regional.serves >> numbers().place_in_region[about.municipality] & 1)
    local = regional.local
    own = local.take((local["municipality"] == numbers().municipalities[about.municipality]).nonzero()[0])
    if len(own):
        counts = counts.copy()
        counts[own["position"]] = True
        contracts = joined([regional.contracts, own])
        put_contracts(columns, *best_contract(contracts, columns[REFERENCE], has_measure=about.has_measure))
    positions = None if counts.all() else counts.nonzero()[0]
    return Municipal(columns[CONTRACT].copy(), columns[KNOWN_REASONS].copy(), positions)


def _regional(catalogue: Catalogue, about: Circumstances, care_type: str) -> Regional:
    found = gather(catalogue, [care_type], Area(about.region, None))
    terms = catalogue.block(about.region, care_type).terms
    everywhere = np.ones(len(found.slots), np.bool_)
    serves = np.zeros(len(found.slots), np.int64)
    for code in reference().municipalities_of(about.region):
        place = numbers().place_in_region[code]
        serves |= served(found.offers, numbers().municipalities[code]).astype(np.int64) << place
    return Regional(
        _prepared(found, about, everywhere),
        found.counts,
        serves,
        found.contracts,
        terms.take((terms["municipality"] != 0).nonzero()[0]),
    )


def _prepared(found: Gathered, about: Circumstances, is_served: Array) -> Prepared:
    candidates = Candidates(
        offers=found.offers,
        numbers=found.slots,
        served=is_served,
        contracts=found.contracts,
        stops=found.stops,
    )
    return prepare(candidates, about.today, places=about.places, has_measure=about.has_measure)


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


def _with(catalogue: Catalogue, about: Circumstances, part: Prepared, named: list[Array]) -> Prepared:
    """The candidates with what choices name, wherever that is."""
    found = _elsewhere(catalogue, about.region, named, part.columns[NUMBER])
    is_served = served(found.offers, numbers().municipalities[about.municipality])
    return join([part, _prepared(found, about, is_served)])


def _elsewhere(catalogue: Catalogue, region: str, named: list[Array], known: Array) -> Gathered:
    """What choices name and is not known; nothing of it is covered by a contract, or it would be."""
    slots = np.setdiff1d(np.concatenate(named), known)
    everything = np.ones(len(slots), np.bool_)
    return Gathered(slots, catalogue.table.take(slots), everything, NO_TERMS, catalogue.stops(slots, region))


def gathered_for(catalogue: Catalogue, request: Request) -> Iterator[Gathered]:
    """The same offers as `candidates_for`, and those of a care type that no choice names, as the catalogue has them."""
    region = request.child.region
    for care_type in dict.fromkeys(choice.care_type for choice in request.choices):
        found = gather(catalogue, [care_type], Area(region, request.child.municipality))
        yield found
        named = [_named(catalogue, choice) for choice in request.choices if choice.care_type == care_type]
        elsewhere = [slots for slots in named if slots is not None]
        if elsewhere:
            yield _elsewhere(catalogue, region, elsewhere, found.slots[found.counts])
