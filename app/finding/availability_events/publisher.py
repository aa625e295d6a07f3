"""Telling all who follow free places what changed: once for each question, whoever asks it."""

import asyncio
from contextlib import suppress
from typing import Final

from app.domain.dates import dutch_day
from app.finding.availability_events.event_id import EventId
from app.finding.availability_events.topics import START_AGAIN, Narrowing, Numbers, Topic
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.follower import Follower
from app.finding.search.schemas import AvailabilityFilter
from app.kit.clock import Clock
from app.kit.monitoring.log_events import EVENTS_INTERRUPTED, frames_of, log
from app.kit.streams import Stream
from app.kit.turns import in_turns

PAUSE: Final = 0.1
"""Seconds between two rounds; what changes more than once in between is told once."""
LONGEST_PAUSE: Final = 15.0
"""Seconds after which the day is looked at, also where nothing changes."""

Question = tuple[str, str | None, bool]


class Publisher:
    """Follows the follower of the catalogue for this worker's streams."""

    def __init__(self, follower: Follower, clock: Clock) -> None:
        self._follower = follower
        self._clock = clock
        self._numbers = Numbers()
        self._topics: dict[Question, Topic] = {}
        self._catalogue: Catalogue | None = None
        self._seen: EventId | None = None
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        follower.when_heard = self._look

    def _look(self) -> None:
        """Wakes up where something changed."""
        catalogue = self._follower.catalogue
        if catalogue.touched or catalogue is not self._catalogue:
            self._wake.set()

    def open(
        self, query: AvailabilityFilter, seen: EventId | None, narrowing: Narrowing | None = None, *, public: bool
    ) -> Stream:
        """A stream of what changes from now on, and first of what has since that was seen.

        The follower's catalogue must have what has been seen. Something may be told twice, and nothing not at all.
        """
        catalogue, now = self._follower.catalogue, self._now()
        topic = self._topic(catalogue, query, now, narrowing, public=public)
        stream = Stream("" if seen else str(now))
        topic.streams.add(stream)
        if seen is not None:
            stream.put(topic.since(catalogue, seen, now), str(now))
        return stream

    def start_again(self, query: AvailabilityFilter, narrowing: Narrowing | None = None, *, public: bool) -> Stream:
        """A stream of what changes from now on, for one of whom it cannot be told what changed before."""
        stream = self.open(query, None, narrowing, public=public)
        stream.put(START_AGAIN, str(self._now()))
        return stream

    def _now(self) -> EventId:
        return EventId(dutch_day(self._clock()), self._follower.catalogue.position)

    def _topic(
        self,
        catalogue: Catalogue,
        query: AvailabilityFilter,
        now: EventId,
        narrowing: Narrowing | None,
        *,
        public: bool,
    ) -> Topic:
        question = (_canonical(query), narrowing.key if narrowing else None, public)
        topic = self._topics.get(question)
        if topic is None or not topic.streams:  # nobody has told it of the changes since
            topic = self._topics[question] = Topic(query, self._numbers, catalogue, now.day, narrowing, public=public)
        return topic

    async def run(self) -> None:
        """Goes on until it is cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_PAUSE):
                    await self._wake.wait()
            try:
                await self.publish()
            except Exception as error:  # noqa: BLE001 - whatever it was, all can start again
                log(EVENTS_INTERRUPTED, error=type(error).__qualname__, frames=frames_of(error))
                self._start_all_again()
            await asyncio.sleep(PAUSE)

    async def publish(self) -> None:
        """One round: what changed since the last, after a round that is under way."""
        async with self._turn:
            self._wake.clear()
            if self._follower.is_loaded:
                await self._publish()

    async def _publish(self) -> None:
        catalogue, now, before = self._follower.catalogue, self._now(), self._seen
        touched: set[str] | None = catalogue.take_touched()
        if before is not None and catalogue is not self._catalogue:  # loaded anew: it was told of no change before that
            touched = catalogue.touched_since(before.position)
        self._catalogue, self._seen = catalogue, now
        async for question, topic in in_turns(list(self._topics.items())):
            if topic.streams:
                topic.tell(catalogue, touched, before or now, now)
            elif self._topics.get(question) is topic:
                del self._topics[question]

    def _start_all_again(self) -> None:
        for topic in self._topics.values():
            topic.put(START_AGAIN, self._now())


def _canonical(query: AvailabilityFilter) -> str:
    """The same text for the same question."""
    lists = {name: sorted(value) for name, value in query.values().items() if isinstance(value, list)}
    return query.model_copy(update=lists).model_dump_json()
