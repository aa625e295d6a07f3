"""The same key and body give the same answer, also after a crash: it is stored in the change's own transaction.

Draft RFC `Idempotency-Key`. Two requests with one key at the same time: the second waits for the first, then gets
its answer.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import Field
from sqlalchemy import Index, LargeBinary, SmallInteger, Text, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.jobs import Job
from app.kit.database.sessions import WriteSession
from app.kit.database.tables import Table
from app.kit.errors import KeyReusedError
from app.kit.http.dependencies import Writing
from app.kit.schemas import NoBsn
from app.kit.security.callers import Caller

KEPT = timedelta(days=7)
"""How long an answer is kept at least; a client that retries much later than this asks anew."""


class StoredAnswerRow(Table):
    """The answer to a request that carried an Idempotency-Key."""

    __tablename__ = "stored_answers"
    __table_args__ = (Index(None, "created_at"),)

    client_id: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    status: Mapped[int | None] = mapped_column(SmallInteger)
    headers: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
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
        fingerprint = await self._fingerprint(caller, content)
        claimed = await self._session.scalar(
            insert(StoredAnswerRow)
            .values(client_id=caller.client_id, key=self._key, fingerprint=fingerprint)
            .on_conflict_do_nothing()
            .returning(StoredAnswerRow.key)
        )
        if claimed is None:
            return await self._stored(caller, fingerprint)
        answer = await create()
        await self._store(caller, answer)
        return answer

    async def _fingerprint(self, caller: Caller, content: bytes | None) -> bytes:
        """Of what was asked, and for whom: one client of another issuer may act for several organisations."""
        whom = f"{caller.organisation_id} {caller.role} {caller.provider_id} {caller.region} {caller.supraregion}"
        asked = f"{whom} {self._request.method} {self._request.url.path}\n"
        digest = hashlib.blake2b(asked.encode(), digest_size=32)
        digest.update(await self._request.body() if content is None else content)
        return digest.digest()

    async def _stored(self, caller: Caller, fingerprint: bytes) -> Response:
        row = (
            await self._session.execute(
                select(StoredAnswerRow).where(
                    StoredAnswerRow.client_id == caller.client_id, StoredAnswerRow.key == self._key
                )
            )
        ).scalar_one()
        if row.fingerprint != fingerprint or row.status is None:
            raise KeyReusedError
        return Response(row.body, status_code=row.status, headers=row.headers)

    async def _store(self, caller: Caller, answer: Response) -> None:
        kept = {name: value for name, value in answer.headers.items() if name != "content-length"}
        await self._session.execute(
            update(StoredAnswerRow)
            .where(StoredAnswerRow.client_id == caller.client_id, StoredAnswerRow.key == self._key)
            .values(status=answer.status_code, headers=kept, body=bytes(answer.body))
        )


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


Idempotent = Annotated[Once, Depends(_once, scope="function")]
