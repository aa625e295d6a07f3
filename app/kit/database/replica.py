"""Reads from a streaming replica, none of them older than what the primary had committed when the read began.

Before each read the primary is asked for its position in the WAL, and the replica, on the very connection that is read
from, how far it has replayed; the read waits for it, and goes to the primary where that takes too long. Positions are
compared, never clocks, so that it does not matter which worker made a change, or when.

A position says nothing between servers that have parted ways after a failover, so who they are is compared too:

- a server that replays must be on the primary's timeline. It knows its own by its last checkpoint, so for some minutes
  after a failover a replica that follows the new primary may be passed over; one that does not follow it always is.
- a server that does not replay has been promoted. It is read from where it is the very process that DATABASE_URL
  leads to (pg_postmaster_start_time), and is a fork of our data otherwise.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from app.kit.database.limits import Limits
from app.kit.database.sessions import (
    UNREACHABLE,
    Database,
    ReadSession,
    Result,
    connect,
    driver_of,
    info_of,
    make_engine,
    reading,
)
from app.kit.monitoring import metrics
from app.kit.monitoring.log_events import REPLICA_BACK, REPLICA_LOST, log

Reason = Literal["unreachable", "lagging", "diverged"]

PATIENCE = 1.0
"""Seconds that a read waits for the replica: to connect, and to catch up."""
PAUSE = 5.0
"""Seconds that reads go straight to the primary after the replica failed one."""
_ASK_AGAIN = 0.003

_PRIMARY = """
    SELECT system_identifier,
           ('x' || left(pg_walfile_name(position), 8))::bit(32)::int AS timeline,
           pg_postmaster_start_time() AS started,
           position
    FROM pg_control_system(), LATERAL (
        -- A commit that is not waited for is in the WAL, but not yet on disk, when its writer goes on.
        SELECT CASE current_setting('synchronous_commit')
            WHEN 'off' THEN pg_current_wal_insert_lsn()
            ELSE pg_current_wal_flush_lsn()
        END AS position
    ) AS wal
"""
_REPLICA = """
    SELECT system_identifier,
           timeline_id AS timeline,
           pg_postmaster_start_time() AS started,
           pg_is_in_recovery() AS replays,
           pg_last_wal_replay_lsn() AS position
    FROM pg_control_system(), pg_control_checkpoint()
"""


class ReplicaPassedOverError(Exception):
    """The replica is there, but must not be read from now."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


_FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, ReplicaPassedOverError, *UNREACHABLE)


@dataclass(frozen=True, slots=True)
class _Primary:
    """Who the primary is, and its position in the WAL, in bytes."""

    system_identifier: int
    timeline: int
    started: datetime
    position: int

    def is_in(self, replica: asyncpg.Record) -> bool:
        """Whether all of this is in the replica; `ReplicaPassedOverError` where it will never be."""
        same = "timeline" if replica["replays"] else "started"
        if replica["system_identifier"] != self.system_identifier or replica[same] != getattr(self, same):
            raise ReplicaPassedOverError("diverged")
        return not replica["replays"] or (replica["position"] or 0) >= self.position


class ReplicatedDatabase(Database):
    """A database with a replica, which is passed over while it is away, behind, or no replica of ours any more."""

    def __init__(
        self, engine: AsyncEngine, replica: AsyncEngine, *, patience: float = PATIENCE, pause: float = PAUSE
    ) -> None:
        super().__init__(engine)
        self.replica = replica
        self._readers = reading(replica)
        self._patience = patience
        self._pause = pause
        self._paused_until = 0.0
        self._lost = False

    @property
    def engines(self) -> tuple[AsyncEngine, ...]:
        """That of the primary, and that of the replica."""
        return (self.engine, self.replica)

    @asynccontextmanager
    async def read_replica(self, settings: Mapping[str, str] | None = None) -> AsyncIterator[ReadSession]:
        async with AsyncExitStack() as stack:
            session = await self._find_replica(stack, settings)
            yield session if session is not None else await stack.enter_async_context(self.read(settings))

    async def on_replica(
        self, read: Callable[[ReadSession], Awaitable[Result]], settings: Mapping[str, str] | None = None
    ) -> Result:
        async with AsyncExitStack() as stack:
            session = await self._find_replica(stack, settings)
            if session is not None:
                try:
                    return await read(session)
                except UNREACHABLE:  # where it died, the next read says so; it may also be a conflict with the replay
                    metrics.REPLICA_READS.labels("interrupted").inc()
        return await super().on_replica(read, settings)

    async def close(self) -> None:
        await self.replica.dispose()
        await super().close()

    async def _find_replica(self, stack: AsyncExitStack, settings: Mapping[str, str] | None) -> ReadSession | None:
        """A transaction on the replica for as long as `stack` lasts; None where the primary must be read."""
        now = asyncio.get_running_loop().time()
        if now < self._paused_until:
            metrics.REPLICA_READS.labels("paused").inc()
            return None
        if self._lost:
            self._paused_until = now + self._pause  # one read finds out for all whether the replica is back
        try:
            primary = await self._ask_primary()
        except _FAILURES:
            return None  # the read itself will tell
        try:
            connection = await self._connect(primary)
        except _FAILURES as error:
            self._lose(error)
            return None
        self._find()
        stack.push_async_callback(connection.close)
        session = AsyncSession(connection, expire_on_commit=False, autoflush=False, info=info_of(settings))
        return ReadSession(await stack.enter_async_context(session))

    async def _ask_primary(self) -> _Primary:
        async with self.engine.connect() as connection:
            return _Primary(**await (await driver_of(connection)).fetchrow(_PRIMARY))

    async def _connect(self, primary: _Primary) -> AsyncConnection:
        """A connection to the replica when all of `primary` is in it."""
        async with asyncio.timeout(2 * self._patience), AsyncExitStack() as stack:  # it may answer nothing at all
            connection = await stack.enter_async_context(self._readers.connect())
            await self._wait(await driver_of(connection), primary)
            stack.pop_all()
        return connection

    async def _wait(self, driver: Any, primary: _Primary) -> None:
        """Until all of `primary` is in the replica; `ReplicaPassedOverError` where that takes too long."""
        clock = asyncio.get_running_loop().time
        end = clock() + self._patience
        while not primary.is_in(await driver.fetchrow(_REPLICA)):
            if clock() > end:
                raise ReplicaPassedOverError("lagging")
            await asyncio.sleep(_ASK_AGAIN)

    def _lose(self, error: Exception) -> None:
        reason: Reason = error.reason if isinstance(error, ReplicaPassedOverError) else "unreachable"
        metrics.REPLICA_READS.labels(reason).inc()
        if not self._lost:
            log(REPLICA_LOST, reason=reason, error=type(error).__qualname__)
        self._lost = True
        self._paused_until = asyncio.get_running_loop().time() + self._pause

    def _find(self) -> None:
        metrics.REPLICA_READS.labels("replica").inc()
        if self._lost:
            log(REPLICA_BACK)
        self._lost = False
        self._paused_until = 0.0


def connect_with_replica(
    dsn: str, replica_dsn: str | None, *, pool_size: int = 10, limits: Limits | None = None
) -> Database:
    """A database that reads what may come from a replica at `replica_dsn`, where there is one."""
    primary = connect(dsn, pool_size=pool_size, limits=limits)
    if replica_dsn is None:
        return primary
    replica = make_engine(replica_dsn, pool_size=pool_size, patience=PATIENCE, limits=limits)
    return ReplicatedDatabase(primary.engine, replica)
