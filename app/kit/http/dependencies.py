"""What an endpoint is given, once a request: the moment, and a session of the database."""

from collections.abc import AsyncIterator
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


async def _now(request: Request) -> datetime:
    return parts_of(request.app, KitParts).clock()


Now = Annotated[datetime, Depends(_now)]
"""The moment of this request, with time zone UTC."""


def database_of(request: Request) -> Database:
    """The worker's database."""
    return parts_of(request.app, KitParts).database


async def _read(request: Request) -> AsyncIterator[ReadSession]:
    async with database_of(request).read() as session:
        yield session


async def _write(request: Request) -> AsyncIterator[WriteSession]:
    async with database_of(request).write() as session:
        yield session


async def _direct(request: Request) -> AsyncIterator[DirectConnection]:
    database = database_of(request)
    if "if-match" in request.headers:  # what is looked at and what is changed are one transaction
        async with database.write() as session:
            yield DirectConnection(await session.connection())
    else:
        async with database.direct() as connection:
            yield connection


Reading = Annotated[ReadSession, Depends(_read, scope="function")]
Writing = Annotated[WriteSession, Depends(_write, scope="function")]
Direct = Annotated[DirectConnection, Depends(_direct, scope="function")]
"""For a change that is one statement; a transaction where the request has an If-Match to be held against first."""


async def _replica(request: Request) -> ReplicaReader:
    return ReplicaReader(database_of(request))


ReplicaReading = Annotated[ReplicaReader, Depends(_replica)]
