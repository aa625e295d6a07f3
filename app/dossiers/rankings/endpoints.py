"""The rankings that were shown for a request."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.dossiers.rankings import service
from app.dossiers.rankings.schemas import (
    RankingOut,
)
from app.dossiers.requests.endpoints import RequestId
from app.finding.matching.case_file import CaseFile
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Reading
from app.kit.http.pagination import listed
from app.kit.http.respond import respond
from app.kit.http.rights import Referrer
from app.kit.http.routing import router as make_router
from app.kit.pages import Page, PageQuery

router = make_router("Requests")

RankingId = Annotated[
    UUID, Path(alias="rankingId", description="The ranking.", examples=["8a2d4c6e-1b3f-5d7a-9c0e-2f4a6b8c0d1e"])
]


@router.get("/requests/{requestId}/rankings", response_model=Page[RankingOut], responses=raises(NotFoundError))
async def list_rankings(
    request: Request, request_id: RequestId, query: Annotated[PageQuery, Query()], caller: Referrer, session: Reading
) -> Response:
    """The rankings that were shown for a request, the last first; those that no referral names go after 7 days."""
    key = query.key(request.url.path, datetime, UUID)
    rows = await service.list_rankings(session, caller, request_id, query, key)
    return listed(request, query, rows, key=lambda row: [row.shown_at, row.id], show=RankingOut.model_validate)


@router.get("/requests/{requestId}/rankings/{rankingId}", response_model=CaseFile, responses=raises(NotFoundError))
async def get_ranking(
    request: Request, request_id: RequestId, ranking_id: RankingId, caller: Referrer, session: Reading
) -> Response:
    """A ranking as it was shown: all that went in and what came out, for `wijzer rank` to make again."""
    content = await service.get_case_file(session, caller, request_id, ranking_id)
    return respond(request, content)
