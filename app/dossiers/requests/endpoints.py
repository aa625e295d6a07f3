"""Requests: the dossiers of an institution or local team, without anything that says who the child is."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.domain.dates import dutch_day
from app.domain.language import Language
from app.dossiers.requests import creation, lists, proposals, service, views
from app.dossiers.requests.entry_schemas import (
    ExplanationIn,
    ExplanationOut,
    JudgementIn,
    JudgementOut,
    Milestone,
    ReopeningIn,
)
from app.dossiers.requests.errors import ClosedError, InTimeError, NotHelpedError, ReferenceTakenError
from app.dossiers.requests.schemas import (
    ChoiceVersionOut,
    RequestEventOut,
    RequestIn,
    RequestOut,
    RequestQuery,
)
from app.dossiers.requests.tables import ChoiceVersionRow, RequestRow
from app.dossiers.requests.views import context_of, explanation_out, judgement_out, request_out
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.language import InLanguage
from app.kit.http.pagination import listed
from app.kit.http.respond import IfMatch, OptionalIfMatch, respond, respond_as_shown
from app.kit.http.rights import Referrer
from app.kit.http.routing import router as make_router
from app.kit.pages import Page, PageQuery
from app.kit.security.callers import Caller

router = make_router("Requests")

RequestId = Annotated[
    UUID, Path(alias="requestId", description="The request.", examples=["b1f6c0de-6a0e-4c59-8a3f-0c7d1e2f3a4b"])
]
CriterionCode = Annotated[str, Path(description="The exclusion criterion.", examples=["weglopen"])]
MilestoneName = Annotated[Milestone, Path(alias="name", description="The milestone.", examples=["course"])]


async def answer_request(
    request: Request,
    session: ReadSession | WriteSession,
    row: RequestRow,
    now: datetime,
    language: Language,
    status: int = 200,
    headers: dict[str, str] | None = None,
    caller: Caller | None = None,
) -> Response:
    """The answer with a request, whose clocks move with the days; `caller` where it may be another's."""
    content = request_out(row, await context_of(session, [row], caller), dutch_day(now), language)
    headers = {"Content-Language": language, **(headers or {})}
    return respond_as_shown(request, content, row.version, status=status, headers=headers)


@router.post("/requests", response_model=RequestOut, status_code=201, responses=LOCATION | raises(ReferenceTakenError))
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
        row = await creation.add_request(session, caller, body, now)
        return await answer_request(request, session, row, now, language, 201, {"Location": f"/v1/requests/{row.id}"})

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
    """The caller's requests and those that are shared with it, by the day on which help was first asked for."""
    rows = await lists.list_requests(session, caller, query, query.key(request.url.path, date, UUID), dutch_day(now))
    context = await context_of(session, rows, caller)
    return listed(
        request,
        query,
        rows,
        key=lambda row: [row.requested_on, row.id],
        show=lambda row: request_out(row, context, dutch_day(now), language),
    )


@router.get("/requests/{requestId}", response_model=RequestOut, responses=raises(NotFoundError))
async def get_request(
    request: Request, request_id: RequestId, caller: Referrer, session: Reading, now: Now, language: InLanguage
) -> Response:
    """One request, the caller's or shared with it, with its clocks as they stand today."""
    row = await views.get_request(session, caller, request_id)
    return await answer_request(request, session, row, now, language, caller=caller)


@router.delete("/requests/{requestId}/milestones/{name}", response_model=RequestOut, responses=raises(NotFoundError))
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
    return await answer_request(request, session, row, now, language)


@router.delete(
    "/requests/{requestId}/proposed-characteristics/{code}",
    response_model=RequestOut,
    responses=raises(NotFoundError),
)
async def dismiss_proposal(
    request: Request,
    request_id: RequestId,
    code: CriterionCode,
    caller: Referrer,
    session: Writing,
    now: Now,
    language: InLanguage,
    if_match: IfMatch = None,
) -> Response:
    """Dismisses a characteristic that providers proposed; the history keeps it. `PATCH` of `characteristics` takes it
    over."""
    row = await proposals.dismiss(session, caller, request_id, code, if_match, now)
    return await answer_request(request, session, row, now, language)


@router.post(
    "/requests/{requestId}/explanations",
    response_model=ExplanationOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, InTimeError),
)
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
        location = {"Location": f"/v1/requests/{request_id}"}
        return respond(request, explanation_out(row), status=201, headers=location)

    return await once(caller, create)


@router.post(
    "/requests/{requestId}/judgements",
    response_model=JudgementOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, NotHelpedError),
)
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
        location = {"Location": f"/v1/requests/{request_id}/judgements"}
        return respond(request, judgement_out(row), status=201, headers=location)

    return await once(caller, create)


@router.get("/requests/{requestId}/judgements", response_model=Page[JudgementOut], responses=raises(NotFoundError))
async def list_judgements(
    request: Request, request_id: RequestId, query: Annotated[PageQuery, Query()], caller: Referrer, session: Reading
) -> Response:
    """Every judgement of whether the help fits, by its day."""
    rows = await lists.list_judgements(session, caller, request_id, query, query.key(request.url.path, date, int))
    return listed(request, query, rows, key=lambda row: [row.on, row.id], show=judgement_out)


@router.post(
    "/requests/{requestId}/reopenings",
    response_model=RequestOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, ClosedError, NotHelpedError),
)
async def reopen_request(
    request: Request,
    request_id: RequestId,
    body: ReopeningIn,
    caller: Referrer,
    session: Writing,
    now: Now,
    language: InLanguage,
    once: Idempotent,
    if_match: OptionalIfMatch = None,
) -> Response:
    """Says that help is needed again, after it ended, broke down or did not fit; the answer is the request.

    Its norm runs from that day; the earlier help stays in the dossier.
    """

    async def create() -> Response:
        row = await service.reopen(session, caller, request_id, body, if_match, now)
        location = {"Location": f"/v1/requests/{request_id}"}
        return await answer_request(request, session, row, now, language, 201, location)

    return await once(caller, create)


@router.get("/requests/{requestId}/history", response_model=Page[RequestEventOut], responses=raises(NotFoundError))
async def list_history(
    request: Request, request_id: RequestId, query: Annotated[PageQuery, Query()], caller: Referrer, session: Reading
) -> Response:
    """Who did what when, from the first on."""
    found = await lists.list_history(session, caller, request_id, query, query.key(request.url.path, int))
    return listed(request, query, found.rows, key=lambda row: [row.id], show=found.show)


@router.get("/requests/{requestId}/choices", response_model=Page[ChoiceVersionOut], responses=raises(NotFoundError))
async def list_choices(
    request: Request, request_id: RequestId, query: Annotated[PageQuery, Query()], caller: Referrer, session: Reading
) -> Response:
    """The choices as they were stated each time, from the first on."""
    rows = await lists.list_choices(session, caller, request_id, query, query.key(request.url.path, int))
    return listed(request, query, rows, key=lambda row: [row.number], show=_version_out)


def _version_out(row: ChoiceVersionRow) -> ChoiceVersionOut:
    return ChoiceVersionOut.model_validate(
        {"version": row.number, "choices": row.choices, "stated_at": row.stated_at, "client_id": row.client_id}
    )
