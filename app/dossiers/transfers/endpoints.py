"""Transfers: an institution or local team hands a dossier over to another, which decides whether it takes it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.dossiers.requests.endpoints import RequestId
from app.dossiers.transfers import service, views
from app.dossiers.transfers.errors import (
    OwnReferenceNeededError,
    SiblingsTogetherError,
    TransferDecidedError,
    TransferOpenError,
)
from app.dossiers.transfers.schemas import TransferDecisionIn, TransferIn, TransferOut, TransferQuery
from app.dossiers.transfers.tables import TransferRow
from app.dossiers.transfers.views import context_of, transfer_out
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import listed
from app.kit.http.respond import OptionalIfMatch, respond_as_shown
from app.kit.http.rights import Referrer
from app.kit.http.routing import router as make_router
from app.kit.pages import Page
from app.kit.security.callers import Caller

router = make_router("Requests")

TransferId = Annotated[
    UUID, Path(alias="transferId", description="The transfer.", examples=["5e2f9c1a-8b7d-4c3e-9f0a-1b2c3d4e5f60"])
]


async def _answer(
    request: Request,
    session: ReadSession | WriteSession,
    row: TransferRow,
    caller: Caller,
    now: datetime,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """The answer with a transfer; while it is open it shows the dossiers as they are now."""
    content = transfer_out(row, await context_of(session, [row]), caller, now)
    return respond_as_shown(request, content, row.version, status=status, headers=headers)


@router.post(
    "/requests/{requestId}/transfers",
    response_model=TransferOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, SiblingsTogetherError, TransferOpenError),
)
async def propose_transfer(
    request: Request,
    request_id: RequestId,
    body: TransferIn,
    caller: Referrer,
    session: Writing,
    now: Now,
    once: Idempotent,
) -> Response:
    """Proposes to hand the dossier over to another institution or local team; nothing moves until that accepts."""

    async def create() -> Response:
        row = await service.propose(session, caller, request_id, body, now)
        return await _answer(request, session, row, caller, now, 201, {"Location": f"/v1/transfers/{row.id}"})

    return await once(caller, create)


@router.get("/transfers", response_model=Page[TransferOut])
async def list_transfers(
    request: Request, query: Annotated[TransferQuery, Query()], caller: Referrer, session: Reading, now: Now
) -> Response:
    """The transfers to and by the caller, the first proposed first.

    A receiver sees what it has to know to decide; a sender, of what was handed over, what it accounts for.
    """
    rows = await views.list_transfers(session, caller, query, query.key(request.url.path, datetime, UUID))
    context = await context_of(session, rows)
    return listed(
        request,
        query,
        rows,
        key=lambda row: [row.proposed_at, row.id],
        show=lambda row: transfer_out(row, context, caller, now),
    )


@router.get("/transfers/{transferId}", response_model=TransferOut, responses=raises(NotFoundError))
async def get_transfer(
    request: Request, transfer_id: TransferId, caller: Referrer, session: Reading, now: Now
) -> Response:
    """One transfer."""
    return await _answer(request, session, await views.get_transfer(session, caller, transfer_id), caller, now)


@router.post(
    "/transfers/{transferId}/decisions",
    response_model=TransferOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, TransferDecidedError, SiblingsTogetherError, OwnReferenceNeededError),
)
async def decide_transfer(
    request: Request,
    transfer_id: TransferId,
    body: TransferDecisionIn,
    caller: Referrer,
    session: Writing,
    now: Now,
    once: Idempotent,
    if_match: OptionalIfMatch = None,
) -> Response:
    """Accepts, declines or withdraws a transfer; the answer is the transfer afterwards.

    When it is accepted the dossier is the receiver's, with its history, choices, clocks, referrals, places, calls,
    rankings, watches and escalations; providers with an open referral of it, or with the child in their help, are told.
    """

    async def create() -> Response:
        row = await service.decide(session, caller, transfer_id, body, if_match, now)
        return await _answer(request, session, row, caller, now, 201, {"Location": f"/v1/transfers/{row.id}"})

    return await once(caller, create)
