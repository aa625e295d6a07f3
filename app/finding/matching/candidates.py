"""The candidates for a child, out of the catalogue."""

from collections.abc import Callable, Hashable, Iterator
from typing import Final, NamedTuple, TypeVar, cast
from uuid import UUID

import numpy as np

from app.finding.catalogue.blocks import NO_TERMS, served
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.records import numbers
from app.finding.catalogue.selection import Area, Selection, select_offers
from app.ranking.candidates import OUTSIDE, candidates_of, put_contracts
from app.ranking.columns import Array, OfferColumns, joined
from app.ranking.model import Choice, Request
from app.reference.lists import reference

T = TypeVar("T")

MOST_KEPT = 500
"""Regions and municipalities for whose next child the candidates of one care type are kept."""


class Children(NamedTuple):
    """Children whose candidates stand alike on a day (`today`, as by `date.toordinal`) before more is known of one."""

    region: str
    municipality: str
    has_measure: bool
    places: int
    today: int


class RegionalCandidates(NamedTuple):
    """The offers of a care type as they stand on a day for the children of a region, save for their municipality.

    `candidates` are records of `ranking.candidates.CANDIDATE`, contracts aside. `counts` says which are candidates for
    all of them; `serves` has a bit for each municipality of the region, in its order, that an offer serves;
    `contracts` cover all of the region, `local` ones some of its municipalities; `exempts` says that one of them asks
    whether a child has a measure.
    """

    candidates: Array
    counts: Array
    serves: Array
    contracts: Array
    local: Array
    exempts: bool


class MunicipalCandidates(NamedTuple):
    """The candidates for the children of one municipality: their `positions`, and what differs for them."""

    positions: Array
    contract: Array
    covering: Array
    known_reasons: Array


_OF_MUNICIPALITY: Final = MunicipalCandidates._fields[1:]
"""What is the municipality's own of a candidate."""


def candidates_for(catalogue: Catalogue, request: Request, today: int) -> Array:
    """The offers that the choices are about, as `ranking.candidates.CANDIDATE`, numbered by slot."""
    child = request.child
    children = Children(child.region, child.municipality, child.binding_measure is not None, request.places, today)
    parts = []
    for care_type in dict.fromkeys(choice.care_type for choice in request.choices):
        own = [(number, each) for number, each in enumerate(request.choices, start=1) if each.care_type == care_type]
        parts.append(_of_choices(catalogue, children, care_type, own))
    return joined(parts)


def _of_choices(catalogue: Catalogue, children: Children, care_type: str, choices: list[tuple[int, Choice]]) -> Array:
    """The candidates of a care type, with the number of the first of these choices that each belongs to."""
    candidates = _of_municipality(catalogue, children, care_type)
    named = [_named(catalogue, choice) for _, choice in choices]
    if all(slots is None for slots in named):
        candidates["choice"] = choices[0][0]
        return candidates
    candidates = _with_named(catalogue, children, candidates, [slots for slots in named if slots is not None])
    for (number, _), slots in reversed(list(zip(choices, named, strict=True))):
        candidates["choice"][slice(None) if slots is None else np.isin(candidates["number"], slots)] = number
    return candidates.take(candidates["choice"].nonzero()[0])


def _of_municipality(catalogue: Catalogue, children: Children, care_type: str) -> Array:
    """The candidates of a care type for the children of the municipality, in an array of the caller's own.

    What was worked out for one child is kept for the next until an offer changes; not for several children together,
    who are few: it would take as much memory again.
    """
    kept = catalogue.notes(care_type) if children.places == 1 else {}
    regional = _kept(kept, (children.region, children.today), lambda: _regional(catalogue, children, care_type))
    key = (children.municipality, children.today, children.has_measure and regional.exempts)
    municipal = _kept(kept, key, lambda: _municipal(regional, children))
    candidates = regional.candidates.take(municipal.positions)
    for name in _OF_MUNICIPALITY:
        candidates[name] = getattr(municipal, name)
    return candidates


def _kept(kept: dict[Hashable, object], key: Hashable, make: Callable[[], T]) -> T:
    """What is kept by this key, which is made where it is not there."""
    made = kept.get(key)
    if made is None:
        made = make()
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = made
    return cast("T", made)


def _municipal(regional: RegionalCandidates, children: Children) -> MunicipalCandidates:
    candidates, counts, contracts = regional.candidates.copy(), regional.counts, regional.contracts
    candidates["known_reasons"] |= OUTSIDE * (~regional.serves >> numbers().number_in_region[children.municipality] & 1)
    own = regional.local["municipality"] == numbers().municipalities[children.municipality]
    if own.any():
        contracts = joined([contracts, regional.local[own]])
        counts = counts.copy()
        counts[contracts["position"]] = True
    put_contracts(candidates, contracts, has_measure=children.has_measure)
    positions = counts.nonzero()[0].astype(np.int32)
    return MunicipalCandidates(positions, *(candidates[name].take(positions) for name in _OF_MUNICIPALITY))


def _regional(catalogue: Catalogue, children: Children, care_type: str) -> RegionalCandidates:
    selection = select_offers(catalogue, [care_type], Area(children.region, None))
    terms = catalogue.block(children.region, care_type).terms
    serves = np.zeros(len(selection.slots), np.int64)
    for code in reference().municipalities_of(children.region):
        number = numbers().number_in_region[code]
        serves |= served(selection.offers, numbers().municipalities[code]).astype(np.int64) << number
    return RegionalCandidates(
        _as_candidates(selection, children, np.ones(len(selection.slots), np.bool_)),
        selection.counts,
        serves,
        selection.contracts,
        terms.take((terms["municipality"] != 0).nonzero()[0]),
        bool((terms["ceiling_reached"] & terms["ceiling_exempts_measure"]).any()),
    )


def _as_candidates(selection: Selection, children: Children, is_served: Array) -> Array:
    columns = OfferColumns(
        offers=selection.offers,
        numbers=selection.slots,
        served=is_served,
        contracts=selection.contracts,
        stops=selection.stops,
    )
    return candidates_of(columns, children.today, places=children.places)


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


def _with_named(catalogue: Catalogue, children: Children, candidates: Array, named: list[Array]) -> Array:
    """The candidates with what choices name, wherever that is."""
    selection = _elsewhere(catalogue, children.region, named, candidates["number"])
    others = _as_candidates(
        selection, children, served(selection.offers, numbers().municipalities[children.municipality])
    )
    put_contracts(others, selection.contracts, has_measure=children.has_measure)
    return joined([candidates, others])


def _elsewhere(catalogue: Catalogue, region: str, named: list[Array], known: Array) -> Selection:
    """What choices name and is not known; nothing of it is covered by a contract, or it would be."""
    slots = np.setdiff1d(np.concatenate(named), known)
    everything = np.ones(len(slots), np.bool_)
    return Selection(slots, catalogue.table.take(slots), everything, NO_TERMS, catalogue.stops(slots, region))


def selections_for(catalogue: Catalogue, request: Request) -> Iterator[Selection]:
    """The same offers as `candidates_for`, and those of a care type that no choice names, as the catalogue has them."""
    region = request.child.region
    for care_type in dict.fromkeys(choice.care_type for choice in request.choices):
        selection = select_offers(catalogue, [care_type], Area(region, request.child.municipality))
        yield selection
        named = [_named(catalogue, choice) for choice in request.choices if choice.care_type == care_type]
        elsewhere = [slots for slots in named if slots is not None]
        if elsewhere:
            yield _elsewhere(catalogue, region, elsewhere, selection.slots[selection.counts])
