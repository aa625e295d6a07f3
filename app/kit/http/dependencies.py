"""What an endpoint is given, once a request: the moment, and a session of the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from app.kit.database.sessions import (
    Database,
    DirectConnection,
    ReadSession,
    ReplicaReader,
    WriteSession,
)
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.recording import RecordingDatabase
from app.kit.http.rows import rows_of
from app.kit.security.callers import Caller


async def _now(request: Request) -> datetime:
    return parts_of(request.app, KitParts).clock()


Now = Annotated[datetime, Depends(_now)]
"""The moment of this request, with time zone UTC."""


def database_of(request: Request) -> Database:
    """The worker's database, which records the dossiers that this request comes by."""
    return RecordingDatabase(request)


def database_across(request: Request) -> Database:
    """As `database_of`, for what works on the rows of others than the caller, or before it is known who that is."""
    return RecordingDatabase(request, across=True)


async def _read(request: Request) -> AsyncIterator[ReadSession]:
    caller: Caller | None = getattr(request.state, "caller", None)
    async with database_of(request).read(rows_of(caller)) as session:
        yield session


async def _read_across(request: Request) -> AsyncIterator[ReadSession]:
    async with database_of(request).read() as session:
        yield session


async def _write(request: Request) -> AsyncIterator[WriteSession]:
    async with database_of(request).write() as session:
        yield session


async def _write_across(request: Request) -> AsyncIterator[WriteSession]:
    async with database_across(request).write() as session:
        yield session


class Changing:
    """Opens the connection of a change: `async with changing(alone=...) as connection`."""

    def __init__(self, request: Request) -> None:
        self._database = database_of(request)

    @asynccontextmanager
    async def __call__(self, *, alone: bool) -> AsyncIterator[DirectConnection]:
        """Committed when the block is left: of one statement that is `alone`, or a transaction of several."""
        if alone:
            async with self._database.direct() as connection:
                yield connection
        else:
            async with self._database.write() as session:
                yield DirectConnection(await session.connection())


Reading = Annotated[ReadSession, Depends(_read, scope="function")]
"""Sees the rows of the caller alone, who has to stand before it in a signature: without one it sees no private row."""
ReadingAcross = Annotated[ReadSession, Depends(_read_across, scope="function")]
"""Sees all rows: for what is shown to others than those whose it is, with nothing in it that says whose."""
Writing = Annotated[WriteSession, Depends(_write, scope="function")]
"""Reaches the rows of the caller, who has to stand before it in a signature, and of the dossiers it has to do with."""
WritingAcross = Annotated[WriteSession, Depends(_write_across, scope="function")]
"""Reaches all rows: for what has its effect, or depends, on those of others; each says why where it takes it."""
Direct = Annotated[Changing, Depends(Changing)]
"""For a change that is one statement, or several in one transaction: its content tells which."""


async def _replica(request: Request) -> ReplicaReader:
    return ReplicaReader(database_of(request))


async def _replica_across(request: Request) -> ReplicaReader:
    return ReplicaReader(database_across(request))


ReplicaReading = Annotated[ReplicaReader, Depends(_replica)]
"""As `Reading`, from a replica where there is one that has all that was committed before."""
ReplicaReadingAcross = Annotated[ReplicaReader, Depends(_replica_across)]
"""As `ReadingAcross`, from such a replica: for insight, which counts over all."""
