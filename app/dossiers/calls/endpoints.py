"""Calls for help: institutions and local teams publish them, contracted providers answer, each side sees its own."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.domain.dates import dutch_day
from app.dossiers.calls import service, views
from app.dossiers.calls.answers import answer as keep_answer
from app.dossiers.calls.errors import CallNotOpenError, CallOpenError, NobodyToCallError
from app.dossiers.calls.schemas import (
    AnswerIn,
    CallAnswerOut,
    CallAnswerQuery,
    CallIn,
    CallOut,
    CallPatch,
    CallQuery,
)
from app.dossiers.calls.views import answer_out, answered_of, call_out
from app.dossiers.requests.endpoints import RequestId
from app.dossiers.requests.errors import ClosedError
from app.finding.catalogue.dependencies import Context
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import ConflictError, NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import listed
from app.kit.http.respond import IfMatch, respond_as_shown
from app.kit.http.rights import PartyToCalls, Provider, Referrer
from app.kit.http.routing import router as make_router
from app.kit.pages import Page
from app.kit.security.callers import Caller

router = make_router("Calls")

CallId = Annotated[
    UUID, Path(alias="callId", description="The call.", examples=["5d1c9b7e-20f4-4a83-b6c1-8e3f7a9d2b40"])
]


async def _answer(
    request: Request,
    session: ReadSession | WriteSession,
    caller: Caller,
    call_id: UUID,
    now: datetime,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """The answer with a call, which expires by the day."""
    full = await views.get_call(session, caller, call_id)
    content = call_out(full, await answered_of(session, caller, [full]), caller, dutch_day(now))
    return respond_as_shown(request, content, full.call.version, status=status, headers=headers)


@router.post(
    "/requests/{requestId}/calls",
    response_model=CallOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, CallOpenError, ClosedError, ConflictError, NobodyToCallError),
)
async def publish_call(
    request: Request,
    request_id: RequestId,
    body: CallIn,
    caller: Referrer,
    session: Writing,
    context: Context,
    once: Idempotent,
) -> Response:
    """Puts a request to every provider that is contracted for it, without saying whose it is.

    That is who the match would not exclude as not contracted, or for a placement stop: also those that are full, have
    reported nothing, or take no referrals now.
    """

    async def create() -> Response:
        row = await service.publish(session, context.follower.catalogue, caller, request_id, body, context.now)
        return await _answer(request, session, caller, row.id, context.now, 201, {"Location": f"/v1/calls/{row.id}"})

    return await once(caller, create)


@router.get("/calls", response_model=Page[CallOut])
async def list_calls(
    request: Request, query: Annotated[CallQuery, Query()], caller: PartyToCalls, session: Reading, now: Now
) -> Response:
    """Of a provider those that were put to it, of an institution or local team its own; the oldest first."""
    rows = await views.list_calls(session, caller, query, query.key(request.url.path, datetime, UUID), dutch_day(now))
    answered = await answered_of(session, caller, rows[: query.limit])
    return listed(
        request,
        query,
        rows,
        key=lambda full: [full.call.published_at, full.call.id],
        show=lambda full: call_out(full, answered, caller, dutch_day(now)),
    )


@router.get("/calls/{callId}", response_model=CallOut, responses=raises(NotFoundError))
async def get_call(request: Request, call_id: CallId, caller: PartyToCalls, session: Reading, now: Now) -> Response:
    """One call, as it stands today."""
    return await _answer(request, session, caller, call_id, now)


@router.patch("/calls/{callId}", response_model=CallOut, responses=raises(NotFoundError, CallNotOpenError))
async def close_call(
    request: Request,
    call_id: CallId,
    body: CallPatch,
    caller: Referrer,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Closes a call before its last day; nobody can answer it any more."""
    await service.close(session, caller, call_id, body.closed_because, if_match, now)
    return await _answer(request, session, caller, call_id, now)


@router.post(
    "/calls/{callId}/answers",
    response_model=CallOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, CallNotOpenError),
)
async def answer_call(
    request: Request,
    call_id: CallId,
    body: AnswerIn,
    caller: Provider,
    session: Writing,
    now: Now,
    once: Idempotent,
) -> Response:
    """Says that one can help, from when and on what conditions, or why not; the answer is the call afterwards.

    Another answer takes the place of the one before, which stays in the history. No place is promised by it: what
    follows is a referral, to the offer that it names.
    """

    async def create() -> Response:
        await keep_answer(session, caller, call_id, body, now)
        return await _answer(request, session, caller, call_id, now, 201, {"Location": f"/v1/calls/{call_id}"})

    return await once(caller, create)


@router.get("/calls/{callId}/answers", response_model=Page[CallAnswerOut], responses=raises(NotFoundError))
async def list_call_answers(
    request: Request,
    call_id: CallId,
    query: Annotated[CallAnswerQuery, Query()],
    caller: PartyToCalls,
    session: Reading,
) -> Response:
    """What was answered, from the first on; of a provider its own answers alone."""
    rows = await views.list_answers(session, caller, call_id, query, query.key(request.url.path, int))
    return listed(request, query, rows, key=lambda full: [full.answer.id], show=answer_out)
