"""Keeps locks that somebody else holds from taking all of a worker's connections.

Whoever needs a row or table that is locked waits for it, at most as long as `lock_timeout`, and then gets a
`LockedError` (`sessions`). That alone would let the callers of one row take the whole pool, and everybody else wait
with them. So while more than `most` connections are out, the watch asks PostgreSQL which of them wait for a lock. When
`most` of them have waited for longer than STUCK, the lock is not about to be let go of: all who wait beyond those are
told so at once. A queue that moves, in which nobody waits long, is left alone.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry, Pool, QueuePool

from app.kit.database.sessions import DRIVER_FAILURES, WAITS_CUT, Database, Driver
from app.kit.monitoring import metrics

INTERVAL: Final = 0.02
"""Seconds between two looks while many connections are out."""
RETRY: Final = 0.5
"""Seconds until the database is tried again."""
STUCK: Final = 0.3
"""Seconds that nobody waits for a lock where all goes well."""

_WAITING: Final = """
    SELECT pid, query_start < clock_timestamp() - $2 * interval '1 second' AS long
    FROM pg_stat_activity
    WHERE pid = ANY($1) AND wait_event_type = 'Lock'
    ORDER BY query_start
"""


def _half_of(pool: Pool) -> int:
    """How many of its connections may wait; one without bounds never has too many out."""
    return max(1, pool.size() // 2) if isinstance(pool, QueuePool) else sys.maxsize


class LockWatch:
    """Has at most `most` connections of the pool wait for locks that are not let go of; half of the pool unless said.

    It has a connection of its own, outside the pool, because the pool may be what is empty.
    """

    def __init__(self, database: Database, most: int | None = None) -> None:
        self._database = database
        self._most = most or _half_of(database.engine.pool)
        self._out: dict[ConnectionPoolEntry, Driver] = {}
        self._crowded = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watches for as long as the block lasts."""
        engine = self._database.engine.sync_engine
        listeners = (
            ("checkout", self._note_out),
            ("checkin", self._note_in),
            ("detach", self._note_in),
        )
        for name, listener in listeners:
            event.listen(engine, name, listener)
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            for name, listener in listeners:
                event.remove(engine, name, listener)

    def _note_out(self, connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        self._out[record] = connection.driver_connection
        if len(self._out) > self._most:
            self._crowded.set()

    def _note_in(self, _: object, record: ConnectionPoolEntry) -> None:
        self._out.pop(record, None)
        record.info.pop(WAITS_CUT, None)

    async def _run(self) -> None:
        while True:
            with suppress(*DRIVER_FAILURES):
                async with AsyncExitStack() as stack:
                    driver = await stack.enter_async_context(self._database.driver())
                    await driver.execute("SET ROLE NONE")  # only who logged in may cancel its statements
                    await self._watch(driver)
            await asyncio.sleep(RETRY)

    async def _watch(self, driver: Driver) -> None:
        while True:
            await self._crowded.wait()
            await asyncio.sleep(INTERVAL)
            if len(self._out) > self._most:
                await self._thin_out(driver)
            else:
                self._crowded.clear()

    def _entries(self) -> dict[int, ConnectionPoolEntry]:
        """The connections that are out, by their process at the server."""
        return {driver.get_server_pid(): entry for entry, driver in self._out.items() if not driver.is_closed()}

    async def _thin_out(self, driver: Driver) -> None:
        """Of the connections that wait for a lock, those that have waited longest stay."""
        waiting = await driver.fetch(_WAITING, self._entries().keys(), STUCK)
        if sum(each["long"] for each in waiting) < self._most:
            return
        entries = self._entries()  # a lost one is no longer ours
        surplus = [each["pid"] for each in waiting[self._most :] if each["pid"] in entries]
        if not surplus:
            return
        for pid in surplus:
            entries[pid].info[WAITS_CUT] = True
        await driver.execute("SELECT pg_cancel_backend(pid) FROM unnest($1::int[]) AS pid", surplus)
        metrics.LOCK_WAITS_CUT.inc(len(surplus))
