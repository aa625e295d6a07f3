"""The catalogue: what match and search need of offers, locations, contracts, stops and capacity, in memory.

Which offers are candidates for a child: those of the care types asked for that are contracted for the child's
municipality or region (whatever the contract's dates), and, so that alternatives show what could be arranged, those
given in the region or its supraregion, and those that the choices name. An uncontracted offer far away that nobody
named is no candidate.

It holds what was reported and agreed, never what follows from it on a day: that is judged when somebody asks.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

import numpy as np

from app.finding.catalogue.blocks import (
    ANYWHERE,
    NO_TERMS,
    Block,
    Stops,
    make_block,
    stop_rows,
    stops_of,
)
from app.finding.catalogue.contract_terms import Terms, terms_of
from app.finding.catalogue.desks import Desk, region_desk, unknown_region_desk
from app.finding.catalogue.ended_offers import EndedOffers
from app.finding.catalogue.entries import NOT_SHOWN, Entry, Provider
from app.finding.catalogue.position import Position
from app.finding.catalogue.records import (
    CAPACITY_FIELDS,
    RECORD,
    capacity_record,
    municipality_mask,
    numbers,
    offer_record,
)
from app.kit.database.sessions import Record
from app.ranking.columns import Array
from app.ranking.model import Unit
from app.reference.lists import reference

_FIRST_SIZE: Final = 1024


class Prepared(NamedTuple):
    """An offer on its way into the catalogue."""

    entry: Entry
    record: Array
    stops: Stops


class Catalogue:
    """Slots, each with an offer's record in `table` and its entry, or free.

    Of each transaction from `known_from` on it is known which offers it changed. `touched` collects the ids of offers
    that changed or went, for whoever follows them to take; `shown` counts how often each was shown to who refers.
    """

    def __init__(self, position: Position, known_from: int = 0) -> None:
        self.position = position
        self.known_from: Final = known_from
        self.touched: set[str] = set()
        self.shown: Counter[str] = Counter()
        self._ended = EndedOffers(known_from)
        self.table = np.zeros(_FIRST_SIZE, RECORD)
        self._entries: list[Entry | None] = [None] * _FIRST_SIZE
        self._free = list(range(_FIRST_SIZE - 1, -1, -1))
        self._slots: dict[str, int] = {}
        self._providers: dict[UUID, Provider] = {}
        self._desks: dict[str, Desk] = {}
        self._terms = Terms(NO_TERMS)
        self._stops: dict[int, Stops] = {}
        self._others: dict[int, frozenset[int]] = {}
        self._blocks: list[dict[int, Block]] = [{} for _ in reference().care_types]
        self._notes: list[dict[Any, Any]] = [{} for _ in reference().care_types]
        self._live: list[Array | None] = [None for _ in reference().care_types]
        self._care_types = list(reference().care_types)
        self._interned: dict[frozenset[str], frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self._slots)

    # --- what is asked of it ---

    @property
    def entries(self) -> Sequence[Entry]:
        """The offers by slot; of slots that are not free alone."""
        return cast("list[Entry]", self._entries)

    def entry(self, slot: int) -> Entry:
        """The offer in a slot that is not free."""
        return self.entries[slot]

    def notes(self, care_type: str) -> dict[Any, Any]:
        """Where whoever works something out of offers of this type may keep it: it is emptied when one changes."""
        return self._notes[numbers().care_types[care_type]]

    def records(self, entries: Iterable[Entry]) -> Array:
        """The records of these offers."""
        return self.table.take([self._slots[entry.id] for entry in entries])

    def find_slot(self, offer_id: str) -> int | None:
        """The slot of an offer that is given now."""
        return self._slots.get(offer_id)

    def has_provider(self, provider_id: UUID) -> bool:
        """Whether there is such a provider, with offers or without."""
        return provider_id in self._providers

    def desk_of(self, region: str) -> Desk:
        """Whom to ask in a region."""
        return self._desks.get(region) or unknown_region_desk(region)

    def slots_of(self, provider_id: UUID) -> Array:
        """The slots of a provider's offers."""
        provider = self._providers.get(provider_id)
        return np.array(sorted(provider.slots) if provider else [], np.int64)

    def live(self, care_types: Sequence[str]) -> Array:
        """The slots of all offers of these care types; of all where none is named."""
        numbers_of_types = [numbers().care_types[each] for each in care_types]
        if not numbers_of_types:
            return self._slots_with(self.table["live"])
        parts = [self._live_of(number) for number in dict.fromkeys(numbers_of_types)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _live_of(self, care_type: int) -> Array:
        """Those of one type; kept, because finding them among all takes long in a large country."""
        slots = self._live[care_type]
        if slots is None:
            slots = self._slots_with(self.table["live"] & (self.table["care_type"] == care_type))
            self._live[care_type] = slots
        return slots

    @staticmethod
    def _slots_with(condition: Array) -> Array:
        slots: Array = condition.nonzero()[0]
        return slots

    def block(self, region: str, care_type: str) -> Block:
        """The offers of a care type that the children of a region could have."""
        region_number, type_number = numbers().regions[region], numbers().care_types[care_type]
        blocks = self._blocks[type_number]
        block = blocks.get(region_number)
        if block is None:
            block = blocks[region_number] = make_block(
                self.table,
                self.live([care_type]),
                region_number,
                self._terms.of(region_number, type_number),
                self._stops,
                _around(region),
            )
        return block

    def stops(self, slots: Array, region: str | None) -> Array:
        """The stops of these offers that bind the region's children; all of them where there is no region."""
        number = ANYWHERE if region is None else numbers().regions[region]
        return stop_rows(self.table, slots, number, self._stops)

    # --- what is put in it ---

    def put_provider(self, row: Record) -> None:
        """A provider, new or changed."""
        self._provider(row["id"]).show(row)

    def _provider(self, provider_id: UUID) -> Provider:
        provider = self._providers.get(provider_id)
        if provider is None:
            provider = self._providers[provider_id] = Provider(provider_id, len(self._providers))
        return provider

    def set_desks(self, rows: Sequence[Record] | None) -> None:
        """How the regions that say so are reached, of one with two desks the first; None: as they were."""
        if rows is not None:
            self._desks = {row["region_code"]: region_desk(row) for row in reversed(rows)}

    def set_terms(self, contracts: Sequence[Array]) -> None:
        """All contracts, as `terms` makes them."""
        self._terms = Terms(np.concatenate([NO_TERMS, *contracts]))
        self._forget(set(numbers().care_types.values()))

    def terms(self, contracts: Iterable[Record]) -> Array:
        """Contracts as rows, of providers that are known."""
        return terms_of(contracts, {id_: provider.number for id_, provider in self._providers.items()})

    def put_contracts(self, provider_id: UUID, contracts: Sequence[Record]) -> None:
        """All contracts of a provider, in the place of those that it had."""
        provider = self._provider(provider_id)
        self._terms.replace(provider.number, terms_of(contracts, {provider_id: provider.number}))
        self._forget(set(self.table["care_type"][list(provider.slots)].tolist()))

    def prepare(self, row: Record, stops: Iterable[Record]) -> Prepared:
        """An offer that is given now, with its stops, ready to be put in: what takes time, and changes nothing."""
        provider = self._provider(row["provider_id"])
        care_type = numbers().care_types[row["care_type"]]
        entry = Entry(row, provider, self._care_types[care_type], self._specialisations(row))
        record = np.array(offer_record(row, row["id"].int, provider.number), RECORD)
        return Prepared(entry, record, stops_of(stops))

    def put_offer(self, prepared: Prepared) -> None:
        """An offer, new or changed."""
        entry = prepared.entry
        slot = self._slots.get(entry.id)
        if slot is None:
            slot = self._slots[entry.id] = self._take_slot()
        else:
            self._leave_slot(slot)
        entry.provider.slots.add(slot)
        self._entries[slot] = entry
        self.table[slot] = prepared.record
        self._put_stops(slot, prepared.stops)
        self._forget({numbers().care_types[entry.care_type]})

    def _specialisations(self, row: Record) -> frozenset[str]:
        given = frozenset(row["specialisations"])
        return self._interned.setdefault(given, given)

    def _put_stops(self, slot: int, stops: Stops) -> None:
        self._stops.pop(slot, None)
        if stops:
            self._stops[slot] = stops
        self.table["stopped"][slot] = bool(stops)

    def _take_slot(self) -> int:
        if not self._free:
            size = len(self.table)
            self.table = np.concatenate([self.table, np.zeros(size, RECORD)])
            self._entries.extend([None] * size)
            self._free = list(range(2 * size - 1, size - 1, -1))
        return self._free.pop()

    def _leave_slot(self, slot: int) -> None:
        self.entry(slot).provider.slots.discard(slot)
        self._forget({int(self.table["care_type"][slot])})

    def offers_of(self, provider_id: UUID) -> set[str]:
        """The ids of a provider's offers."""
        provider = self._providers.get(provider_id)
        return {self.entry(slot).id for slot in provider.slots} if provider else set()

    def remove_offer(self, offer_id: str) -> None:
        """An offer that is no longer given, or never was."""
        slot = self._slots.pop(offer_id, None)
        if slot is None:
            return
        self._leave_slot(slot)
        self._stops.pop(slot, None)
        self._others.pop(slot, None)
        self._entries[slot] = None
        self.table[slot] = np.zeros((), RECORD)
        self._free.append(slot)

    def put_capacities(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """The reports that stand: of each its offer and its figures."""
        known = [(slot, row) for row in rows if (slot := self._slots.get(str(row["subject"]))) is not None]
        if not known:
            return
        records = np.array(
            [capacity_record(row, self._unit(slot)) for slot, row in known], self.table[CAPACITY_FIELDS].dtype
        )
        self.table[CAPACITY_FIELDS][[slot for slot, _ in known]] = records
        for slot, row in known:
            entry = self.entry(slot)
            entry.available, entry.note = NOT_SHOWN, row["note"]
            self._notes[self.table["care_type"][slot]].clear()

    def _unit(self, slot: int) -> Unit:
        """What the capacity of an offer counts, as far as the ranking asks."""
        return "hours-per-week" if self.table["in_hours"][slot] else "places"

    def note_changed(self, transactions: Mapping[UUID, Collection[int]]) -> None:
        """Of offers: the transactions of which one was the last to change it; all others ended before it did."""
        for offer_id, xids in transactions.items():
            slot = self._slots.get(str(offer_id))
            if slot is None or not xids:
                continue
            self.touched.add(self.entry(slot).id)
            self.table["changed"][slot] = max(xids)
            self._others.pop(slot, None)
            if len(xids) > 1:
                self._others[slot] = frozenset(xids)

    def note_gone(self, offer_id: UUID, transactions: Collection[int]) -> None:
        """An offer that is no longer given, with the transactions of which one ended it."""
        self.touched.add(str(offer_id))
        self._ended.note(offer_id, transactions)

    def take_touched(self) -> set[str]:
        """The offers that changed or went since this was last asked."""
        taken, self.touched = self.touched, set()
        return taken

    def note_shown(self, offer_ids: Iterable[str]) -> None:
        """These offers stand in an answer to who refers. On the way of each answer: in memory alone."""
        self.shown.update(offer_ids)

    def take_shown(self) -> Counter[str]:
        """How often each offer was shown since this was last asked (`finding.showings` writes it)."""
        taken, self.shown = self.shown, Counter()
        return taken

    def touched_since(self, seen: Position) -> set[str] | None:
        """The offers that changed or went since that had been seen; None where that cannot be told any more."""
        if seen.xmin < max(self.known_from, self._ended.known_from):
            return None
        slots = self.live(())
        changed = slots[self.changed_since(slots, seen)].tolist()
        return {self.entry(slot).id for slot in changed} | self._ended.since(seen)

    def changed_since(self, slots: Array, seen: Position) -> Array:
        """Which of the offers in these slots have changed since that had been seen."""
        changed = seen.unseen(self.table["changed"][slots])
        if seen.running and self._others:
            late = [slot for slot, xids in self._others.items() if not xids.isdisjoint(seen.running)]
            changed |= np.isin(slots, late)
        return changed

    def _forget(self, care_types: set[int]) -> None:
        """Drops the blocks of these care types, which are made anew when they are asked for."""
        for number in care_types:
            self._blocks[number].clear()
            self._notes[number].clear()
            self._live[number] = None


@cache
def _around(region: str) -> Array:
    """The municipalities of the region and of those that it works together with."""
    lists = reference()
    return municipality_mask(code for each in lists.regions_around(region) for code in lists.municipalities_of(each))
