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
from typing import Final, NamedTuple, cast
from uuid import UUID

import numpy as np

from app.domain.arrays import Array
from app.finding.catalogue.blocks import make_block
from app.finding.catalogue.contract_terms import Terms, terms_of
from app.finding.catalogue.desks import Desk, region_desk, unknown_region_desk
from app.finding.catalogue.ended_offers import EndedOffers
from app.finding.catalogue.entries import NOT_SHOWN, Entry, Provider
from app.finding.catalogue.position import Position
from app.finding.catalogue.records import (
    CAPACITY_FIELDS,
    FIRST_DAY,
    RECORD,
    capacity_of,
    capacity_record,
    municipality_mask,
    numbers,
    offer_of,
    offer_record,
)
from app.kit.database.sessions import Record
from app.ranking.facts import EVERYONE, Block, Closed, OfferFacts
from app.ranking.facts_of_offers import closed_of, facts_of, put_report
from app.ranking.model import Stop
from app.ranking.rules import expected_start, is_stopped
from app.reference.lists import reference

_FIRST_SIZE: Final = 1024
NO_STOPS: Final[list[Closed]] = []
"""What the many offers without stops share; nothing is ever added to it."""


class Prepared(NamedTuple):
    """An offer on its way into the catalogue."""

    entry: Entry
    record: Array


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
        self._terms = Terms()
        self._others: dict[int, frozenset[int]] = {}
        self._blocks: list[dict[str, Block]] = [{} for _ in reference().care_types]
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

    def records(self, entries: Iterable[Entry], places: int = 1) -> Array:
        """The records of these offers, ready for so many children together."""
        return self.take(np.array([self._slots[entry.id] for entry in entries], np.int64), places)

    def take(self, slots: Array, places: int = 1) -> Array:
        """Copies of the records in these slots, ready for so many children together."""
        offers: Array = self.table.take(slots)
        if places > 1:
            known = self.entries
            ready = [expected_start(known[slot].facts, FIRST_DAY, places) for slot in slots.tolist()]
            offers["ready_on"] = np.array(ready, np.int32)
        return offers

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

    def facts_named(self, offer_id: str | None, provider_id: str | None) -> Sequence[OfferFacts]:
        """The offer with that id; where none is given, those of that provider."""
        if offer_id is not None:
            slot = self._slots.get(offer_id)
            return [] if slot is None else [self.entry(slot).facts]
        slots = [] if provider_id is None else self.slots_of(UUID(provider_id)).tolist()
        return [self.entry(slot).facts for slot in slots]

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
        blocks = self._blocks[numbers().care_types[care_type]]
        block = blocks.get(region)
        if block is None:
            slots, terms = self.live([care_type]), self._terms.of(region)
            block = make_block(self.table, self.entries, slots, region, care_type, terms, _around(region))
            blocks[region] = block
        return block

    def stopped(self, slots: Array, day: int, region: str = EVERYONE) -> Array:
        """Which of the offers in these slots a stop closes on that day, for the children of the region if one is named;
        else for any."""
        found = np.zeros(len(slots), np.bool_)
        for position in self.table["stopped"][slots].nonzero()[0].tolist():
            found[position] = is_stopped(self.entry(slots[position]).facts.stops, region, day)
        return found

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

    def put_contracts(self, provider_id: UUID, contracts: Iterable[Record]) -> None:
        """All contracts of a provider, in the place of those that it had."""
        provider = self._provider(provider_id)
        self._terms.replace(provider.number, terms_of(contracts, self._intern))
        self._forget(set(self.table["care_type"][list(provider.slots)].tolist()))

    def prepare(self, row: Record, stops: Iterable[Record]) -> Prepared:
        """An offer that is given now, with its stops, ready to be put in: what takes time, and changes nothing."""
        provider, known = self._provider(row["provider_id"]), numbers()
        care_type = self._care_types[known.care_types[row["care_type"]]]
        offer = offer_of(row, provider.text_id, care_type)
        facts = facts_of(offer, 0, known.specialisations, known.criteria, [_closed(each) for each in stops] or NO_STOPS)
        if facts.service_area is not None:
            facts.service_area = self._intern(facts.service_area)
        entry = Entry(row, provider, facts, self._intern(offer.specialisations))
        return Prepared(entry, np.array(offer_record(row, offer, facts, provider.number), RECORD))

    def put_offer(self, prepared: Prepared) -> None:
        """An offer, new or changed."""
        entry = prepared.entry
        slot = self._slots.get(entry.id)
        if slot is None:
            slot = self._slots[entry.id] = self._take_slot()
        else:
            self._leave_slot(slot)
        entry.provider.slots.add(slot)
        entry.facts.number = slot
        self._entries[slot] = entry
        self.table[slot] = prepared.record
        self._forget({numbers().care_types[entry.care_type]})

    def _intern(self, codes: frozenset[str]) -> frozenset[str]:
        """The one set of these codes that all offers with them share."""
        return self._interned.setdefault(codes, codes)

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
        self._others.pop(slot, None)
        self._entries[slot] = None
        self.table[slot] = np.zeros((), RECORD)
        self._free.append(slot)

    def put_capacities(self, rows: Iterable[Record]) -> None:
        """The reports that stand: of each its offer and its figures."""
        slots, records = [], []
        for row in rows:
            slot = self._slots.get(str(row["subject"]))
            if slot is not None:
                entry, capacity = self.entry(slot), capacity_of(row)
                put_report(entry.facts, capacity)
                entry.available, entry.note = NOT_SHOWN, row["note"]
                slots.append(slot)
                records.append(capacity_record(entry.facts, capacity))
        if slots:
            fields = self.table[CAPACITY_FIELDS]
            fields[slots] = np.array(records, fields.dtype)

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
            self._live[number] = None


def _closed(row: Record) -> Closed:
    return closed_of(Stop(row["starts_on"], row["ends_on"]), row["region_code"] or EVERYONE)


@cache
def _around(region: str) -> Array:
    """The municipalities of the region and of those that it works together with."""
    lists = reference()
    return municipality_mask(code for each in lists.regions_around(region) for code in lists.municipalities_of(each))
