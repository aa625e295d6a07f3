"""A question that streams follow, and the offers that fit it: what is told is found and written once for all."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID
from weakref import WeakSet

from app.finding.availability_events.event_id import EventId
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.entries import Entry
from app.finding.search.fitting_offers import Found, find
from app.finding.search.schemas import AvailabilityFilter
from app.finding.search.shown_offers import items
from app.kit.json_bytes import to_json
from app.kit.streams import Stream, event

CHANGED: Final = "availability.changed"
GONE: Final = "availability.gone"
RESET: Final = "reset"

MOST_AT_ONCE: Final = 2_000
"""Events that are told one by one; where more come at once, the list is the shorter way."""

Events = dict[str, bytes]
"""Events, of each offer one, by its id."""

START_AGAIN: Final[Events] = {"": event(RESET, b"{}")}


class Narrowing(NamedTuple):
    """What a question asks beyond its filters: `takes` says of which offers it is. The same `key` asks the same."""

    key: str
    takes: Callable[[Entry], bool]


class Numbers:
    """A number for each offer, the same for as long as the worker runs."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def of(self, offer_id: str) -> int:
        """Its number, from 0."""
        return self._numbers.setdefault(offer_id, len(self._numbers))


class Fitting:
    """Which offers fit, a bit for each: there may be a thousand questions, and offers by the ten thousand."""

    def __init__(self, numbers: Numbers, offer_ids: Iterable[str]) -> None:
        self._numbers = numbers
        self._bits = bytearray()
        for offer_id in offer_ids:
            self.set(offer_id, fits=True)

    def set(self, offer_id: str, *, fits: bool) -> bool:
        """Whether the offer fitted until now; from now on it does or does not."""
        byte, bit = divmod(self._numbers.of(offer_id), 8)
        if byte >= len(self._bits):
            self._bits.extend(bytes(byte + 1 - len(self._bits)))
        fitted = bool(self._bits[byte] >> bit & 1)
        if fitted is not fits:
            self._bits[byte] ^= 1 << bit
        return fitted


class Topic:
    """A question, those who follow it, and what they have been told of."""

    def __init__(
        self,
        query: AvailabilityFilter,
        numbers: Numbers,
        catalogue: Catalogue,
        today: date,
        narrowing: Narrowing | None,
        *,
        public: bool,
    ) -> None:
        self.streams: WeakSet[Stream] = WeakSet()
        self._query = query
        self._narrowing = narrowing
        self._public = public
        self._numbers = numbers
        self._fitting = Fitting(numbers, _ids(catalogue, self._find(catalogue, today)))
        self._told: tuple[tuple[EventId, EventId], Events] | None = None

    def _find(self, catalogue: Catalogue, day: date, among: Collection[str] | None = None) -> Found:
        """The offers that fit on that day, of all or of those with these ids."""
        found = find(catalogue, self._query, day, among)
        if self._narrowing is not None:
            takes = self._narrowing.takes
            found.fits[found.fits] = [takes(catalogue.entry(slot)) for slot in found.slots]
        return found

    def put(self, events: Events, now: EventId) -> None:
        """Has them told to all who follow."""
        event_id = str(now)
        for stream in self.streams:
            stream.put(events, event_id)

    def tell(self, catalogue: Catalogue, touched: set[str] | None, before: EventId, now: EventId) -> None:
        """Tells of what changed since `before`; `touched` is None where that is not known."""
        self._told = None
        if touched is None:
            self._fitting = Fitting(self._numbers, _ids(catalogue, self._find(catalogue, now.day)))
            self.put(START_AGAIN, now)
            return
        touched = touched | self._moved(catalogue, before.day, now.day)
        self.put(self._news(catalogue, touched, now.day) if touched else {}, now)

    def _news(self, catalogue: Catalogue, touched: Collection[str], today: date) -> Events:
        """Of offers that changed or went: those that fit now, and those that did until now."""
        found = self._find(catalogue, today, touched)
        fitting = set(_ids(catalogue, found))
        fitted = [each for each in touched if self._fitting.set(each, fits=each in fitting)]
        fit_no_more = [each for each in fitted if each not in fitting]
        return self._events(catalogue, found, fit_no_more, today)

    def since(self, catalogue: Catalogue, seen: EventId, now: EventId) -> Events:
        """What one is told who has seen that, and of whom it is not known what fitted then."""
        if self._told is None or self._told[0] != (seen, now):  # after a restart many ask the same
            self._told = (seen, now), self._since(catalogue, seen, now.day)
        return self._told[1]

    def _since(self, catalogue: Catalogue, seen: EventId, today: date) -> Events:
        touched = catalogue.touched_since(seen.position)
        if touched is None:
            return START_AGAIN
        touched |= self._moved(catalogue, seen.day, today)
        found = self._find(catalogue, today, touched)
        return self._events(catalogue, found, touched.difference(_ids(catalogue, found)), today)

    def _events(self, catalogue: Catalogue, found: Found, fit_no_more: Collection[str], today: date) -> Events:
        """How each offer that was found is shown, and which no longer fit."""
        ids = _ids(catalogue, found)
        if len(ids) + len(fit_no_more) > MOST_AT_ONCE:
            return START_AGAIN
        events = {offer_id: event(GONE, to_json({"offerId": UUID(offer_id)})) for offer_id in fit_no_more}
        shown = items(catalogue, self._query, found, found.fitting, today, "nl", public=self._public) if ids else []
        events.update((id_, event(CHANGED, to_json(item))) for id_, item in zip(ids, shown, strict=True))
        return events

    def _moved(self, catalogue: Catalogue, day: date, today: date) -> set[str]:
        """The offers of which the passing of days alone, and no report, makes another answer."""
        if day == today:
            return set()
        then, now = (self._find(catalogue, each) for each in (day, today))
        differs = (then.fits != now.fits) | (then.availabilities.status != now.availabilities.status)
        differs |= (then.contract != now.contract) | (then.usable != now.usable)
        differs &= then.fits | now.fits
        return {catalogue.entry(slot).id for slot in now.selection.slots[differs].tolist()}


def _ids(catalogue: Catalogue, found: Found) -> list[str]:
    return [catalogue.entry(slot).id for slot in found.slots]
