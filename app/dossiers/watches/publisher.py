"""Telling those who follow their organisation's watches what was found, whichever process found it.

The places have ids in the order in which they were committed, for one process at a time finds them: so the last id that
a reader has had says what it has yet to have.
"""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary

from app.dossiers.watches import repository
from app.dossiers.watches.service import match_out
from app.dossiers.watches.tables import WatchMatchRow
from app.kit.database.sessions import UNREACHABLE, Database
from app.kit.json_bytes import to_json
from app.kit.streams import Stream, event

MATCHED: Final = "watch.matched"
RESET: Final = "reset"
PAUSE: Final = 1.0
"""Seconds between two looks, while somebody follows."""
MOST_AT_ONCE: Final = 1_000
"""Events that are told one by one; where more come at once, the list is the shorter way."""

_START_AGAIN: Final = {"": event(RESET, b"{}")}
_LARGEST: Final = 2**63 - 1


def parse_id(event_id: str) -> int:
    """Read the id of an event; raises ValueError."""
    number = int(event_id) if event_id.isascii() and event_id.isdigit() and len(event_id) < 20 else -1
    if not 0 <= number <= _LARGEST:
        raise ValueError("an id is a whole number")
    return number


class WatchPublisher:
    """The streams of this worker, each with the last id that it has been told of, by organisation."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._streams: dict[UUID, WeakKeyDictionary[Stream, int]] = {}
        self._wake = asyncio.Event()

    async def open(self, organisation_id: UUID, since: int | None) -> Stream:
        """A stream of what is found from now on, and first of what was after that id."""
        missed: list[WatchMatchRow] = []
        async with self._database.read() as session:
            last = await repository.get_last_told(session)
            if since is not None:
                missed = await repository.list_told(session, [organisation_id], since, MOST_AT_ONCE + 1)
        stream = Stream(str(last) if since is None else "")
        if since is not None:
            stream.put(_events(missed), str(max(last, since)))
        self._streams.setdefault(organisation_id, WeakKeyDictionary())[stream] = last
        self._wake.set()
        return stream

    async def run(self) -> None:
        """Goes on until it is cancelled; a database that is away is asked again."""
        while True:
            await self._wake.wait()
            with suppress(*UNREACHABLE):
                await self.publish()
            await asyncio.sleep(PAUSE)

    async def publish(self) -> None:
        """One look: what was found since the last."""
        self._streams = {id_: streams for id_, streams in self._streams.items() if streams}
        if not self._streams:
            self._wake.clear()
            return
        since = min(min(streams.values()) for streams in self._streams.values())
        async with self._database.read() as session:
            last = await repository.get_last_told(session)
            rows = await repository.list_told(session, list(self._streams), since, MOST_AT_ONCE + 1)
        for organisation_id, streams in self._streams.items():
            own = [row for row in rows if row.organisation_id == organisation_id]
            for stream, last_sent in list(streams.items()):
                streams[stream] = max(last_sent, last)
                if len(rows) > MOST_AT_ONCE:
                    stream.put(_START_AGAIN, str(streams[stream]))
                else:
                    stream.put(_events([row for row in own if row.id > last_sent]), str(streams[stream]))


def _events(rows: Collection[WatchMatchRow]) -> dict[str, bytes]:
    if len(rows) > MOST_AT_ONCE:
        return _START_AGAIN
    return {str(row.id): event(MATCHED, to_json(match_out(row))) for row in rows}
