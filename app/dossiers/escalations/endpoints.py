"""Escalations: of those who keep a request, and of each party whose step of the ladder it is."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.domain.dates import dutch_day
from app.dossiers.escalations import service, views
from app.dossiers.escalations.errors import NoQuestionError, StepPassedError
from app.dossiers.escalations.schemas import (
    EscalatedRequest,
    EscalationCounts,
    EscalationIn,
    EscalationOut,
    EscalationPatch,
)
from app.dossiers.requests.endpoints import RequestId
from app.dossiers.requests.errors import ClosedError
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, ReadingAcross, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.language import InLanguage
from app.kit.http.pagination import listed
from app.kit.http.respond import IfMatch, respond, respond_as_shown
from app.kit.http.rights import PartyToEscalations, PartyToSteps, Referrer, Region
from app.kit.http.routing import router as make_router
from app.kit.pages import Page, PageQuery

router = make_router("Requests")

EscalationId = Annotated[
    UUID, Path(alias="escalationId", description="The escalation.", examples=["d4c3b2a1-9f8e-4d7c-8b6a-5f4e3d2c1b0a"])
]


@router.post(
    "/requests/{requestId}/escalations",
    response_model=EscalationOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, ClosedError, StepPassedError),
)
async def open_escalation(
    request: Request,
    request_id: RequestId,
    body: EscalationIn,
    caller: Referrer,
    session: Writing,
    now: Now,
    once: Idempotent,
) -> Response:
    """Puts a request before a step of its region's ladder: only upward; skipping steps takes a reason."""

    async def create() -> Response:
        row = await service.open_escalation(session, caller, request_id, body, now)
        location = {"Location": f"/v1/requests/{request_id}/escalations/{row.id}"}
        return respond(request, views.escalation_out(row), status=201, version=row.version, headers=location)

    return await once(caller, create)


@router.get("/requests/{requestId}/escalations", response_model=Page[EscalationOut], responses=raises(NotFoundError))
async def list_escalations(
    request: Request,
    request_id: RequestId,
    query: Annotated[PageQuery, Query()],
    caller: PartyToEscalations,
    session: Reading,
) -> Response:
    """The steps that a request was put before, in order; to a party those that are its own."""
    key = query.key(request.url.path, datetime, UUID)
    rows = await views.list_escalations(session, caller, request_id, query, key)
    return listed(request, query, rows, key=lambda row: [row.opened_at, row.id], show=views.escalation_out)


@router.get(
    "/requests/{requestId}/escalations/{escalationId}", response_model=EscalationOut, responses=raises(NotFoundError)
)
async def get_escalation(
    request: Request, request_id: RequestId, escalation_id: EscalationId, caller: PartyToEscalations, session: Reading
) -> Response:
    """One step that a request was put before."""
    row = await views.get_escalation(session, caller, request_id, escalation_id)
    return respond(request, views.escalation_out(row), version=row.version)


@router.patch(
    "/requests/{requestId}/escalations/{escalationId}",
    response_model=EscalationOut,
    responses=raises(NotFoundError, ClosedError, StepPassedError, NoQuestionError),
)
async def change_escalation(
    request: Request,
    request_id: RequestId,
    escalation_id: EscalationId,
    body: EscalationPatch,
    caller: PartyToEscalations,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Says which team took it, what came out, or what it offers outside the contracts; or answers its question.

    An outcome is help, an explanation, or a question that goes back; whose request it is answers that, and so puts it
    before the step again.
    """
    row = await service.change_escalation(session, caller, request_id, escalation_id, body, if_match, now)
    return respond(request, views.escalation_out(row), version=row.version)


@router.get("/escalated-requests", response_model=Page[EscalatedRequest])
async def list_escalated_requests(
    request: Request,
    query: Annotated[PageQuery, Query()],
    caller: PartyToSteps,
    session: Reading,
    now: Now,
    language: InLanguage,
) -> Response:
    """The requests that stand before the caller's own step of the ladder now, the first asked first.

    Of an expert team those of its region, of a supraregion those of the regions that chose it, of the national table
    all that came so far, of a local team those that it is asked for. What was answered stands here no more.
    """
    key = query.key(request.url.path, datetime, UUID)
    rows = await views.list_standing(session, caller, query, key)
    found = await views.show_escalated(session, caller, [row.request for row in rows], dutch_day(now), language)
    return listed(
        request,
        query,
        rows,
        key=lambda row: [row.opened_at, row.request.id],
        show=lambda row: found[row.request.id],
    )


@router.get("/escalated-requests/{requestId}", response_model=EscalatedRequest, responses=raises(NotFoundError))
async def get_escalated_request(
    request: Request, request_id: RequestId, caller: PartyToSteps, session: Reading, now: Now, language: InLanguage
) -> Response:
    """A request that stands before the caller's own step, in full save what its institution calls the child."""
    row = await views.get_standing(session, caller, request_id)
    content = (await views.show_escalated(session, caller, [row], dutch_day(now), language))[row.id]
    return respond_as_shown(request, content, row.version)


@router.get("/escalation-counts", response_model=EscalationCounts)
async def count_escalations(request: Request, caller: Region, session: ReadingAcross) -> Response:
    """What came out of the escalations of the region's own children, by step; of no child more than that."""
    return respond(request, await views.count_escalations(session, caller))
