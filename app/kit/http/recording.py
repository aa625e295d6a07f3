"""The database as a request has it: what it reads and changes of dossiers is in the audit log before it is answered."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from fastapi import Request

from app.kit.database.sessions import Database, DirectConnection, Driver, ReadSession, Result, WriteSession
from app.kit.database.trail import Doing, Trail, trail_of
from app.kit.http.late_routes import path_of
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.rows import rows_of, writes_of
from app.kit.security.callers import Caller

SAFE = frozenset({"GET", "HEAD"})
"""The methods that change no dossier, whatever they note beside it."""


class RecordingDatabase(Database):
    """The worker's database for one request.

    A change is recorded in its own transaction: both are there, or neither. What a session only read is recorded when
    that ends, in a statement of its own that is committed before the endpoint returns; where that fails, so does the
    request, and nothing that was read is answered. What was refused (an error leaves the block) showed nothing.

    What it writes, and what it reads from a replica, is under row-level security as the caller, unless it works
    `across` organisations.
    """

    def __init__(self, request: Request, *, across: bool = False) -> None:
        self._request = request
        self._across = across
        self._parts = parts_of(request.app, KitParts)
        self._database = self._parts.database
        self.engine = self._database.engine

    @asynccontextmanager
    async def read(self, settings: Mapping[str, str] | None = None) -> AsyncIterator[ReadSession]:
        async with self._database.read(settings) as session:
            yield session
        await self._record(trail_of(session))

    @asynccontextmanager
    async def write(self, settings: Mapping[str, str] | None = None) -> AsyncIterator[WriteSession]:
        async with self._database.write(settings or self._writes()) as session:
            yield session
            trail = trail_of(session)
            if trail.actions:
                actions = trail.actions if self._request.method in SAFE else trail.as_changed
                await self._parts.recorder.record(session, self._doing(), actions)

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[DirectConnection]:
        async with self._database.aside() as connection:
            yield connection

    async def committed(self) -> None:
        await self._database.committed()

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[Driver]:
        async with self._database.driver() as driver:
            yield driver

    @asynccontextmanager
    async def read_replica(self, settings: Mapping[str, str] | None = None) -> AsyncIterator[ReadSession]:
        async with self._database.read_replica(settings or self._rows()) as session:
            yield session
        await self._record(trail_of(session))

    async def on_replica(
        self, read: Callable[[ReadSession], Awaitable[Result]], settings: Mapping[str, str] | None = None
    ) -> Result:
        trail = Trail()

        async def noted(session: ReadSession) -> Result:
            session.info["trail"] = trail
            return await read(session)

        result = await self._database.on_replica(noted, settings or self._rows())
        await self._record(trail)
        return result

    async def _record(self, trail: Trail) -> None:
        if trail.actions:
            async with self._database.aside() as connection:
                await self._parts.recorder.record(connection, self._doing(), trail.actions)

    def _caller(self) -> Caller | None:
        caller: Caller | None = getattr(self._request.state, "caller", None)
        return caller

    def _rows(self) -> Mapping[str, str] | None:
        return None if self._across else rows_of(self._caller())

    def _writes(self) -> Mapping[str, str] | None:
        return None if self._across else writes_of(self._caller())

    def _doing(self) -> Doing:
        request = self._request
        caller = self._caller()
        if caller is None:
            raise PermissionError("a dossier was opened for somebody who is not known")
        return Doing(
            operation=f"{request.method} {path_of(request.scope)}",
            at=self._parts.clock(),
            organisation_id=caller.organisation_id,
            role=caller.role.value,
            client_id=caller.client_id,
            trace_id=request.state.trace_id,
            span_id=request.state.span_id,
        )
