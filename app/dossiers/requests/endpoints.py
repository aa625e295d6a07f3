"""Requests: the dossiers of an institution or local team, without anything that says who the child is."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID
from zlib import crc32

from fastapi import Depends, Query, Request, Response

from app.domain.language import Language
from app.dossiers.requests import repository, service
from app.dossiers.requests.schemas import (
    ChoiceVersionOut,
    ExplanationIn,
    ExplanationOut,
    JudgementIn,
    JudgementOut,
    MilestoneIn,
    MilestoneName,
    ReopeningIn,
    RequestEventOut,
    RequestId,
    RequestIn,
    RequestOut,
    RequestPatch,
    RequestQuery,
)
from app.dossiers.requests.tables import ChoiceVersionRow, RequestRow
from app.dossiers.requests.views import context_of, explanation_out, judgement_out, request_out
from app.kit.clock import Now
from app.kit.database.sessions import (
    Reading,
    ReadSession,
    WriteSession,
    Writing,
)
from app.kit.http.idempotency import Idempotent
from app.kit.http.language import InLanguage
from app.kit.http.pagination import Page, PageQuery, listed
from app.kit.http.respond import IfMatch, respond, to_json
from app.kit.http.routing import router as make_router
from app.kit.security.auth import Caller, Referrer

router = make_router("Requests")


_Preparation = Callable[[WriteSession, Caller, UUID, datetime], Awaitable[None]]


async def _before_closing(request: Request) -> Sequence[_Preparation]:
    found: Sequence[_Preparation] = request.app.state.before_closing
    return found


BeforeClosing = Annotated[Sequence[_Preparation], Depends(_before_closing)]
"""What is to be done, in this order, before a request of the caller's is closed, by features not known here."""


async def _answer(
    request: Request,
    session: ReadSession | WriteSession,
    row: RequestRow,
    now: datetime,
    language: Language,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """The answer with a request. Its clocks move with the days, so the ETag says what is shown after the version."""
    content = request_out(row, await context_of(session, [row]), now.date(), language)
    version = [row.version, crc32(to_json(content))]
    return respond(
        request, content, status=status, version=version, headers={"Content-Language": language, **(headers or {})}
    )


@router.post("/requests", response_model=RequestOut, status_code=201)
async def add_request(
    request: Request,
    body: RequestIn,
    caller: Referrer,
    session: Writing,
    now: Now,
    language: InLanguage,
    once: Idempotent,
) -> Response:
    """Keeps a child's request."""

    async def create() -> Response:
        row = await service.add_request(session, caller, body, now)
        return await _answer(request, session, row, now, language, 201, {"Location": f"/v1/requests/{row.id}"})

    return await once(caller, create)


@router.get("/requests", response_model=Page[RequestOut])
async def list_requests(
    request: Request,
    query: Annotated[RequestQuery, Query()],
    caller: Referrer,
    session: Reading,
    now: Now,
    language: InLanguage,
) -> Response:
    """The caller's requests, by the day on which help was first asked for."""
    rows = await repository.list_requests(
        session,
        caller,
        today=now.date(),
        status=query.status,
        light=query.light,
        escalated=query.escalated,
        limit=query.window,
        key=query.key(request, date, UUID),
    )
    context = await context_of(session, rows)
    return listed(
        request,
        query,
        rows,
        key=lambda row: [row.requested_on, row.id],
        show=lambda row: request_out(row, context, now.date(), language),
    )


@router.get("/requests/{requestId}", response_model=RequestOut)
async def get_request(
    request: Request, request_id: RequestId, caller: Referrer, session: Reading, now: Now, language: InLanguage
) -> Response:
    """One request, with its clocks as they stand today."""
    row = await repository.get_request(session, caller, request_id)
    return await _answer(request, session, row, now, language)


@router.patch("/requests/{requestId}", response_model=RequestOut)
async def change_request(
    request: Request,
    request_id: RequestId,
    body: RequestPatch,
    caller: Referrer,
    session: Writing,
    now: Now,
    language: InLanguage,
    before_closing: BeforeClosing,
    if_match: IfMatch = None,
) -> Response:
    """Changes what the body names, closes the request or opens it again; closing withdraws its open referrals
    and closes its open calls."""
    if body.status == "closed":
        for prepare in before_closing:
            await prepare(session, caller, request_id, now)
    row = await service.change_request(session, caller, request_id, body, if_match, now)
    return await _answer(request, session, row, now, language)


@router.put("/requests/{requestId}/milestones/{name}", response_model=RequestOut)
async def put_milestone(
    request: Request,
    request_id: RequestId,
    name: MilestoneName,
    body: MilestoneIn,
    caller: Referrer,
    session: Writing,
    now: Now,
    language: InLanguage,
    if_match: IfMatch = None,
) -> Response:
    """Says when the protection worker came, the course was agreed, or the help began.

    `help` is the first real help contact; for help with a stay the day after the first night; never an intake.
    """
    row = await service.set_milestone(session, caller, request_id, name, body.date_, if_match, now)
    return await _answer(request, session, row, now, language)


@router.delete("/requests/{requestId}/milestones/{name}", response_model=RequestOut)
async def delete_milestone(
    request: Request,
    request_id: RequestId,
    name: MilestoneName,
    caller: Referrer,
    session: Writing,
    now: Now,
    language: InLanguage,
    if_match: IfMatch = None,
) -> Response:
    """Takes back a milestone that was set wrongly; the history keeps it."""
    row = await service.set_milestone(session, caller, request_id, name, None, if_match, now)
    return await _answer(request, session, row, now, language)


@router.post("/requests/{requestId}/explanations", response_model=ExplanationOut, status_code=201)
async def add_explanation(
    request: Request,
    request_id: RequestId,
    body: ExplanationIn,
    caller: Referrer,
    session: Writing,
    now: Now,
    once: Idempotent,
) -> Response:
    """Says why a clock passed its norm ("comply or explain"): shown beside it, which makes it no greener."""

    async def create() -> Response:
        row = await service.explain(session, caller, request_id, body, now)
        return respond(request, explanation_out(row), status=201)

    return await once(caller, create)


@router.post("/requests/{requestId}/judgements", response_model=JudgementOut, status_code=201)
async def add_judgement(
    request: Request,
    request_id: RequestId,
    body: JudgementIn,
    caller: Referrer,
    session: Writing,
    now: Now,
    once: Idempotent,
) -> Response:
    """Says whether the help fits, by the professional or by the family; again whenever it is judged anew."""

    async def create() -> Response:
        row = await service.judge(session, caller, request_id, body, now)
        return respond(request, judgement_out(row), status=201)

    return await once(caller, create)


@router.get("/requests/{requestId}/judgements", response_model=Page[JudgementOut])
async def list_judgements(
    request: Request, request_id: RequestId, query: Annotated[PageQuery, Query()], caller: Referrer, session: Reading
) -> Response:
    """Every judgement of whether the help fits, by its day."""
    await repository.get_request(session, caller, request_id)
    key = query.key(request, date, int)
    rows = await repository.list_judgements(session, request_id, limit=query.window, key=key)
    return listed(request, query, rows, key=lambda row: [row.on, row.id], show=judgement_out)


@router.post("/requests/{requestId}/reopenings", response_model=RequestOut, status_code=201)
async def reopen_request(
    request: Request,
    request_id: RequestId,
    body: ReopeningIn,
    caller: Referrer,
    session: Writing,
    now: Now,
    language: InLanguage,
    once: Idempotent,
    if_match: IfMatch = None,
) -> Response:
    """Says that help is needed again, after it ended, broke down or did not fit; the answer is the request.

    Its norm runs from that day; the earlier help stays in the dossier.
    """

    async def create() -> Response:
        row = await service.reopen(session, caller, request_id, body, if_match, now)
        return await _answer(request, session, row, now, language, 201)

    return await once(caller, create)


@router.get("/requests/{requestId}/history", response_model=Page[RequestEventOut])
async def list_history(
    request: Request, request_id: RequestId, query: Annotated[PageQuery, Query()], caller: Referrer, session: Reading
) -> Response:
    """Who did what when, from the first on."""
    await repository.get_request(session, caller, request_id)
    rows = await repository.list_events(session, request_id, limit=query.window, key=query.key(request, int))
    return listed(request, query, rows, key=lambda row: [row.id], show=RequestEventOut.model_validate)


@router.get("/requests/{requestId}/choices", response_model=Page[ChoiceVersionOut])
async def list_choices(
    request: Request, request_id: RequestId, query: Annotated[PageQuery, Query()], caller: Referrer, session: Reading
) -> Response:
    """The choices as they were stated each time, from the first on."""
    await repository.get_request(session, caller, request_id)
    rows = await repository.list_choice_versions(session, request_id, limit=query.window, key=query.key(request, int))
    return listed(request, query, rows, key=lambda row: [row.number], show=_version_out)


def _version_out(row: ChoiceVersionRow) -> ChoiceVersionOut:
    return ChoiceVersionOut.model_validate(
        {"version": row.number, "choices": row.choices, "stated_at": row.stated_at, "client_id": row.client_id}
    )
