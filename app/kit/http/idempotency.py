"""The same key and body give the same answer, also after a crash: it is stored in the change's own transaction.

It is stored sealed (`security.answers`): it may hold a dossier, and only the same request opens it.

Draft RFC `Idempotency-Key`. Two requests with one key at the same time: the second waits for the first, then gets
its answer.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.jobs import Job
from app.kit.database.sessions import DirectConnection, WriteSession
from app.kit.database.tables import Table
from app.kit.database.trail import trail_of
from app.kit.errors import KeyReusedError
from app.kit.http.dependencies import Changing, Writing, database_of
from app.kit.schemas import NoBsn
from app.kit.security.answers import Sealer
from app.kit.security.callers import Caller

KEPT = timedelta(days=7)
"""How long an answer is kept at least; a client that retries much later than this asks anew."""


class StoredAnswerRow(Table):
    """The answer to a request that carried an Idempotency-Key, sealed; `key` and `fingerprint` are hashes.

    `body` has the headers too, and `dossiers` the ids of those that the request came by, which erasure looks for.
    `headers` is empty: releases from before answers were sealed wrote in it.
    """

    __tablename__ = "stored_answers"
    __table_args__ = (
        Index(None, "created_at"),
        Index(None, "dossiers", postgresql_using="gin", postgresql_where=text("dossiers IS NOT NULL")),
    )

    client_id: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    status: Mapped[int | None] = mapped_column(SmallInteger)
    headers: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    dossiers: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    created_at: Mapped[datetime] = mapped_column(nullable=False, server_default=func.now())


class Once:
    """Runs the creation of something once for each key of a client."""

    def __init__(self, request: Request, session: Writing, key: str | None) -> None:
        self._request = request
        self._session = session
        self._key = key

    async def __call__(
        self, caller: Caller, create: Callable[[], Awaitable[Response]], *, content: bytes | None = None
    ) -> Response:
        """The answer of `create`, or the stored one; `KeyReusedError` (422) when the key belongs to another request.

        `content` tells apart what is sent, where that is more than the body or the body was read as a stream.
        """
        if self._key is None:
            return await create()
        sealer = Sealer(caller.client_id, self._key, await self._sent(caller, content))
        claimed = await self._session.scalar(
            insert(StoredAnswerRow)
            .values(client_id=caller.client_id, key=sealer.kept_key, fingerprint=sealer.fingerprint)
            .on_conflict_do_nothing()
            .returning(StoredAnswerRow.key)
        )
        if claimed is None:
            return await self._stored(sealer)
        answer = await create()
        await self._store(sealer, answer)
        return answer

    async def _sent(self, caller: Caller, content: bytes | None) -> bytes:
        """A digest of what was asked, and for whom: one client of another issuer may act for several organisations."""
        whom = f"{caller.organisation_id} {caller.role} {caller.provider_id} {caller.region} {caller.supraregion}"
        asked = f"{whom} {self._request.method} {self._request.url.path}\n"
        digest = hashlib.blake2b(asked.encode(), digest_size=32)
        digest.update(await self._request.body() if content is None else content)
        return digest.digest()

    async def _stored(self, sealer: Sealer) -> Response:
        row = (await self._session.scalars(select(StoredAnswerRow).where(*_of(sealer)))).one()
        if row.fingerprint != sealer.fingerprint or row.status is None or row.body is None:
            raise KeyReusedError
        for dossier_id in row.dossiers or ():
            trail_of(self._session).note(dossier_id, "R")
        headers, body = sealer.open(row.body)
        return Response(body, status_code=row.status, headers=headers)

    async def _store(self, sealer: Sealer, answer: Response) -> None:
        kept = {name: value for name, value in answer.headers.items() if name != "content-length"}
        await self._session.execute(
            update(StoredAnswerRow)
            .where(*_of(sealer))
            .values(
                status=answer.status_code,
                body=sealer.seal(kept, bytes(answer.body)),
                dossiers=sorted(trail_of(self._session).actions) or None,
            )
        )


class OnceDirect:
    """As `Once`, for a change that may be one statement: it opens the connection, and gives it to `create`."""

    def __init__(self, request: Request, key: str | None) -> None:
        self._request = request
        self._key = key

    @property
    def is_plain(self) -> bool:
        """Whether the request has no key, so that nothing is to be stored with its change."""
        return self._key is None

    async def __call__(
        self, caller: Caller, create: Callable[[DirectConnection], Awaitable[Response]], *, alone: bool
    ) -> Response:
        """The answer of `create`, committed, or the stored one.

        `create` is one statement where it is `alone`, and otherwise gets a transaction, as where there is a key: the
        answer is stored in it.
        """
        if self._key is None:
            async with Changing(self._request)(alone=alone) as connection:
                return await create(connection)
        async with database_of(self._request).write() as session:
            once = Once(self._request, session, self._key)
            connection = DirectConnection(await session.connection())
            return await once(caller, lambda: create(connection))


def _of(sealer: Sealer) -> tuple[ColumnElement[bool], ...]:
    return StoredAnswerRow.client_id == sealer.client_id, StoredAnswerRow.key == sealer.kept_key


async def prune(session: WriteSession) -> None:
    """Forgets the answers that are no longer kept."""
    await session.execute(delete(StoredAnswerRow).where(StoredAnswerRow.created_at < func.now() - KEPT))


PRUNING = Job("prune-stored-answers", "17 * * * *", prune)


IdempotencyKey = Annotated[
    Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$"), NoBsn] | None,
    Header(
        alias="Idempotency-Key",
        description="A key of the caller's own for this request; a repeat with it gets the first answer.",
        examples=["7d3f6c1e-4a0e-4e0e-9a2a-5b1c2d3e4f50"],
    ),
]


async def _once(request: Request, session: Writing, idempotency_key: IdempotencyKey = None) -> Once:
    return Once(request, session, idempotency_key)


async def _once_direct(request: Request, idempotency_key: IdempotencyKey = None) -> OnceDirect:
    return OnceDirect(request, idempotency_key)


DirectIdempotent = Annotated[OnceDirect, Depends(_once_direct)]
Idempotent = Annotated[Once, Depends(_once, scope="function")]
