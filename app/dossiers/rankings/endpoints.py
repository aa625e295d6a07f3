"""The rankings that were shown for a request."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from app.dossiers.rankings import repository, service
from app.dossiers.rankings.schemas import (
    RankingId,
    RankingOut,
)
from app.dossiers.requests.repository import get_request
from app.dossiers.requests.schemas import RequestId
from app.finding.matching.case_file import CaseFile
from app.kit.database.sessions import Reading
from app.kit.http.pagination import Page, PageQuery, listed
from app.kit.http.respond import respond
from app.kit.http.routing import router as make_router
from app.kit.security.auth import Referrer

router = make_router("Requests")


@router.get("/requests/{requestId}/rankings", response_model=Page[RankingOut])
async def list_rankings(
    request: Request, request_id: RequestId, query: Annotated[PageQuery, Query()], caller: Referrer, session: Reading
) -> Response:
    """The rankings that were shown for a request, the last first; those that no referral names go after 7 days."""
    await get_request(session, caller, request_id)
    key = query.key(request, datetime, UUID)
    rows = await repository.list_rankings(session, request_id, limit=query.window, key=key)
    return listed(request, query, rows, key=lambda row: [row.shown_at, row.id], show=RankingOut.model_validate)


@router.get("/requests/{requestId}/rankings/{rankingId}", response_model=CaseFile)
async def get_ranking(
    request: Request, request_id: RequestId, ranking_id: RankingId, caller: Referrer, session: Reading
) -> Response:
    """A ranking as it was shown: all that went in and what came out, for `wijzer rank` to make again."""
    content = await service.get_case_file(session, caller, request_id, ranking_id)
    return respond(request, content)
