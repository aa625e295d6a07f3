"""Escalations: of an institution or local team for its own requests, and of the expert team of a region."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID
from zlib import crc32

from fastapi import Query, Request, Response

from app.domain.dates import dutch_day
from app.dossiers.escalations import repository, service
from app.dossiers.escalations.schemas import (
    EscalatedRequest,
    EscalationId,
    EscalationIn,
    EscalationOut,
    EscalationPatch,
)
from app.dossiers.requests.repository import get_request
from app.dossiers.requests.schemas import RequestId
from app.kit.clock import Now
from app.kit.database.sessions import Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.language import InLanguage
from app.kit.http.pagination import Page, PageQuery, listed
from app.kit.http.respond import IfMatch, respond, to_json
from app.kit.http.routing import router as make_router
from app.kit.security.auth import ExpertTeam, PartyToRequests, Referrer

router = make_router("Requests")


@router.post("/requests/{requestId}/escalations", response_model=EscalationOut, status_code=201)
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
        return respond(request, service.escalation_out(row), status=201, version=row.version, headers=location)

    return await once(caller, create)


@router.get("/requests/{requestId}/escalations", response_model=Page[EscalationOut])
async def list_escalations(
    request: Request,
    request_id: RequestId,
    query: Annotated[PageQuery, Query()],
    caller: PartyToRequests,
    session: Reading,
) -> Response:
    """The steps that a request was put before, in order."""
    await get_request(session, caller, request_id)
    key = query.key(request, datetime, UUID)
    rows = await repository.list_escalations(session, [request_id], limit=query.window, key=key)
    return listed(request, query, rows, key=lambda row: [row.opened_at, row.id], show=service.escalation_out)


@router.get("/requests/{requestId}/escalations/{escalationId}", response_model=EscalationOut)
async def get_escalation(
    request: Request, request_id: RequestId, escalation_id: EscalationId, caller: PartyToRequests, session: Reading
) -> Response:
    """One step that a request was put before."""
    await get_request(session, caller, request_id)
    row = await repository.get_escalation(session, request_id, escalation_id)
    return respond(request, service.escalation_out(row), version=row.version)


@router.patch("/requests/{requestId}/escalations/{escalationId}", response_model=EscalationOut)
async def change_escalation(
    request: Request,
    request_id: RequestId,
    escalation_id: EscalationId,
    body: EscalationPatch,
    caller: PartyToRequests,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Says which team took it, what came out, or what it offers outside the contracts."""
    row = await service.change_escalation(session, caller, request_id, escalation_id, body, if_match, now)
    return respond(request, service.escalation_out(row), version=row.version)


@router.get("/escalated-requests", response_model=Page[EscalatedRequest])
async def list_escalated_requests(
    request: Request,
    query: Annotated[PageQuery, Query()],
    caller: ExpertTeam,
    session: Reading,
    now: Now,
    language: InLanguage,
) -> Response:
    """The requests put before the expert team of the caller's region that wait for help, by the day it was asked."""
    key = query.key(request, date, UUID)
    rows = await repository.list_escalated(session, caller, limit=query.window, key=key)
    found = await service.show_escalated(session, rows, dutch_day(now), language)
    return listed(request, query, rows, key=lambda row: [row.expert_team_on, row.id], show=lambda row: found[row.id])


@router.get("/escalated-requests/{requestId}", response_model=EscalatedRequest)
async def get_escalated_request(
    request: Request, request_id: RequestId, caller: ExpertTeam, session: Reading, now: Now, language: InLanguage
) -> Response:
    """A request put before the expert team, in full save what its institution calls the child."""
    row = await get_request(session, caller, request_id)
    content = (await service.show_escalated(session, [row], dutch_day(now), language))[row.id]
    return respond(request, content, version=[row.version, crc32(to_json(content))])
