"""The way to PostgreSQL: one engine a worker, whose sessions read or write."""

import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, NewType, TypeAlias, TypeVar

import asyncpg
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.util.concurrency import await_only

from app.kit.database.failover import GONE_AFTER, FailoverConnector
from app.kit.database.limits import Limits
from app.kit.database.roles import as_statement
from app.kit.errors import LockedError, TooLongError, UnavailableError

Result = TypeVar("Result")

_SETTINGS: Final = "settings"
"""Under which a session has those of its transaction."""

UNASKED: Final = 1.0
"""Seconds that a connection may rest and still be used without asking whether it is there."""

_LOCK_NOT_AVAILABLE: Final = "55P03"
_CANCELLED: Final = "57014"

WAITS_CUT: Final = "waits_cut"
"""In the `info` of a connection: its statement was cancelled for waiting for a lock (`lock_waits`)."""

UNREACHABLE = (OSError, DBAPIError, PoolTimeoutError)
"""What using a database that is not there raises."""

DRIVER_FAILURES = (*UNREACHABLE, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What a statement on the driver's own connection raises where the database is not there, or not as it should be."""

ReadSession = NewType("ReadSession", AsyncSession)
"""A session in a read-only transaction: one consistent snapshot."""

WriteSession = NewType("WriteSession", AsyncSession)
"""A session whose transaction is committed before the answer is sent, or rolled back whole."""


DirectConnection = NewType("DirectConnection", AsyncConnection)
"""A connection on which each statement is a transaction of its own."""

Driver: TypeAlias = asyncpg.Connection
"""The driver's own connection, for statements whose speed counts; it commits each by itself."""

Record: TypeAlias = asyncpg.Record
"""A row as the driver gives it."""


def reading(engine: AsyncEngine) -> AsyncEngine:
    """`engine` with transactions that are read-only and see one moment."""
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


async def driver_of(connection: AsyncConnection) -> Driver:
    """The driver's own connection (asyncpg), on which a statement is no part of the session's transaction."""
    return (await connection.get_raw_connection()).driver_connection


def info_of(settings: Mapping[str, str] | None) -> dict[str, str]:
    """The `info` of a session whose transaction begins with these settings."""
    return {} if settings is None else {_SETTINGS: as_statement(settings)}


class Database:
    """Hands out sessions; the transaction is theirs to end, never a service's.

    `after_commit`, where it is set, is awaited after each transaction of a write session, and must not raise.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.after_commit: Callable[[], Awaitable[object]] | None = None
        self._sessions = async_sessionmaker(engine, expire_on_commit=False, autoflush=False)
        self._direct = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._read_sessions = async_sessionmaker(reading(engine), expire_on_commit=False, autoflush=False)

    @property
    def engines(self) -> tuple[AsyncEngine, ...]:
        """Each engine that statements are executed with."""
        return (self.engine,)

    @asynccontextmanager
    async def read(self, settings: Mapping[str, str] | None = None) -> AsyncIterator[ReadSession]:
        """A read-only transaction, ended when the block is left.

        With `settings`, such as the role of `roles`, it begins with these; without any it reads what everybody has.
        """
        async with self._read_sessions(info=info_of(settings)) as session:
            yield ReadSession(session)

    @asynccontextmanager
    async def write(self, settings: Mapping[str, str] | None = None) -> AsyncIterator[WriteSession]:
        """A transaction that commits when the block is left, and rolls back when it fails.

        With `settings`, such as the role of `roles`, it begins with these; without any it works on the rows of all.
        """
        async with self._sessions(info=info_of(settings)) as session, session.begin():
            yield WriteSession(session)
        await self.committed()

    @asynccontextmanager
    async def direct(self) -> AsyncIterator[DirectConnection]:
        """A connection that commits each statement by itself: for a change that is one statement, at half the cost."""
        async with self.aside() as connection:
            yield connection
        await self.committed()

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[DirectConnection]:
        """As `direct`, for what is no part of the catalogue: nothing follows on its commit."""
        async with self._direct.connect() as connection:
            yield DirectConnection(connection)

    async def committed(self) -> None:
        """What follows on a commit."""
        if self.after_commit is not None:
            await self.after_commit()

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[Driver]:
        """A connection of its own, outside the pool and any transaction; closed when the block is left."""
        async with self.engine.connect() as connection:
            driver = await driver_of(connection)
            connection.sync_connection.detach()  # type: ignore[union-attr]  # it is there once it is connected
            yield driver

    def snapshot(self, driver: Driver) -> AbstractAsyncContextManager[object]:
        """A read-only transaction of one snapshot on a driver's connection."""
        transaction: AbstractAsyncContextManager[object] = driver.transaction(
            isolation="repeatable_read", readonly=True
        )
        return transaction

    @asynccontextmanager
    async def read_replica(self, settings: Mapping[str, str] | None = None) -> AsyncIterator[ReadSession]:
        """As `read`, from a replica where there is one that has all that was committed before."""
        async with self.read(settings) as session:
            yield session

    async def on_replica(
        self, read: Callable[[ReadSession], Awaitable[Result]], settings: Mapping[str, str] | None = None
    ) -> Result:
        """What `read` makes of `read_replica`; where the replica fails it, it starts anew on the primary."""
        async with self.read(settings) as session:
            return await read(session)

    def beside(self, *, pool_size: int, limits: Limits) -> "Database":
        """The same database on connections of its own, with other limits; what follows on a commit is the same."""
        dsn = self.engine.url.render_as_string(hide_password=False)
        beside = connect(dsn, pool_size=pool_size, limits=limits)
        beside.after_commit = self.after_commit
        return beside

    async def close(self) -> None:
        """Closes the connections."""
        await self.engine.dispose()


def make_engine(dsn: str, *, pool_size: int, patience: float = 5, limits: Limits | None = None) -> AsyncEngine:
    """An engine that waits at most `patience` seconds for a connection, and as long for each host to give one.

    Without `limits` a statement may take as long as it needs.
    """
    engine = create_async_engine(
        dsn,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=patience,
        hide_parameters=True,
        connect_args={
            "async_creator_fn": FailoverConnector(limits.silence if limits else GONE_AFTER),
            "timeout": patience,
            "server_settings": {
                "application_name": "beschikbaarheidswijzer",
                **(limits.server_settings if limits else {}),
            },
            **(limits.connect_args if limits else {}),
        },
    )
    event.listen(engine.sync_engine, "handle_error", _tell_why)
    event.listen(engine.sync_engine, "checkin", _note_rest)
    event.listen(engine.sync_engine, "checkout", _ask_after_rest)
    return engine


def _tell_why(context: ExceptionContext) -> None:
    """Whoever asked is told that it waited for a lock, or took too long.

    A server that says nothing at all has the driver give up, and the connection with it.
    """
    error = context.original_exception
    reason = reason_of(error, waits_cut=_waits_cut(context))
    if reason is not None:
        raise reason from error
    if isinstance(error, TimeoutError):
        context.is_disconnect, context.invalidate_pool_on_disconnect = True, False


def reason_of(error: BaseException, *, waits_cut: bool) -> UnavailableError | None:
    """What to tell of a statement that PostgreSQL cancelled; None where it failed for another reason.

    `waits_cut`: its connection is marked with `WAITS_CUT`.
    """
    state = getattr(error, "sqlstate", None)
    if state == _LOCK_NOT_AVAILABLE or (state == _CANCELLED and waits_cut):
        return LockedError()
    return TooLongError() if state == _CANCELLED else None


def is_refusal(error: BaseException) -> bool:
    """Whether PostgreSQL refused a statement of the driver's, or the driver to send it, so that nothing came of it.

    Of any other error nobody knows: the connection may have been lost on the way back.
    """
    if isinstance(error, asyncpg.PostgresError):
        return getattr(error, "severity_en", None) == "ERROR"
    return isinstance(error, asyncpg.InterfaceError)


def _waits_cut(context: ExceptionContext) -> bool:
    connection = context.connection
    return connection is not None and not connection.closed and WAITS_CUT in connection.info


@event.listens_for(Session, "after_begin")
def _take_settings(session: Session, _: SessionTransaction, connection: Connection) -> None:
    """Hands the settings of a session's transaction to its connection, which sends them with its BEGIN."""
    settings: str | None = session.info.get(_SETTINGS)
    driver: Driver | None = connection.connection.driver_connection
    if settings is not None and driver is not None:
        driver.begins_with = settings


def _note_rest(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _ask_after_rest(connection: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
    """Sees that a connection is still there; a new one is made where it is not.

    SQLAlchemy's own `pool_pre_ping` would ask each time, which costs as much as the statement of a small change. That
    the other side has hung up is known without asking; only one that fell silent is not.
    """
    driver: Driver = connection.driver_connection
    driver.begins_with = None  # of a transaction that failed before it began
    if driver.is_closed():
        raise DisconnectionError
    if time.monotonic() - record.info.get("rests_since", math.inf) > UNASKED:
        try:
            await_only(driver.fetchval("SELECT 1"))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise DisconnectionError from error


def connect(dsn: str, *, pool_size: int = 10, limits: Limits | None = None) -> Database:
    """A database of `postgresql+asyncpg://…`; connects when first asked, and anew where a connection was lost."""
    patience = limits.patience if limits else 5
    return Database(make_engine(dsn, pool_size=pool_size, patience=patience, limits=limits))


class ReplicaReader:
    """Reads from a replica where there is one: `await reader(read)`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, read: Callable[[ReadSession], Awaitable[Result]]) -> Result:
        """What `read` makes of its session; it may be called twice, so it changes nothing outside."""
        return await self._database.on_replica(read)
