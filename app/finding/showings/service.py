"""Writing how often offers were shown, once a minute for each worker, and reading it.

An answer only counts in memory (`Catalogue.note_shown`), for a write on each would cost more than the answer. A worker
that stops in order writes what it has; one that is killed loses the last minute of its own.
"""

import asyncio
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from datetime import date
from typing import Final
from uuid import UUID

from app.domain.dates import dutch_day
from app.finding.catalogue.follower import Follower
from app.finding.showings import repository
from app.kit.clock import Clock
from app.kit.database.sessions import UNREACHABLE, Database, ReadSession

EVERY: Final = 60.0
"""Seconds between two times that a worker writes what it counted."""


async def count_shown(session: ReadSession, offer_ids: Collection[UUID], since: date) -> dict[UUID, int]:
    """How often each of these offers was shown from that day on; those that were not are left out."""
    return await repository.count_showings(session, offer_ids, since)


class ShowingWriter:
    """Writes what this worker counted."""

    def __init__(self, database: Database, follower: Follower, clock: Clock) -> None:
        self._database = database
        self._follower = follower
        self._clock = clock

    async def run(self) -> None:
        """Goes on until it is cancelled; what cannot be written waits for the next time."""
        while True:
            await asyncio.sleep(EVERY)
            with suppress(*UNREACHABLE):
                await self.write()

    async def write(self) -> None:
        """Writes what was counted since the last time, as shown today."""
        if not self._follower.is_loaded:
            return
        shown = self._follower.catalogue.take_shown()
        if not shown:
            return
        try:
            async with self._database.write() as session:
                await repository.add_showings(session, dutch_day(self._clock()), shown)
        except BaseException:
            self._put_back(shown)
            raise

    def _put_back(self, shown: Counter[str]) -> None:
        self._follower.catalogue.shown.update(shown)
