"""The matches of a request, and the rankings that were shown for it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from app.dossiers.rankings import repository, service
from app.dossiers.rankings.schemas import (
    CaseFile,
    RankingId,
    RankingOut,
    RequestMatchAnswer,
    RequestMatchQuery,
)
from app.dossiers.requests.repository import get_request
from app.dossiers.requests.schemas import RequestId
from app.finding.catalogue.follower import AskedWith
from app.finding.catalogue.schemas import AGE
from app.kit.database.sessions import Reading, Writing
from app.kit.errors import ConflictError, NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.pagination import Page, PageQuery, listed
from app.kit.http.respond import respond
from app.kit.http.routing import router as make_router
from app.kit.security.auth import Referrer

router = make_router("Requests")


@router.get(
    "/requests/{requestId}/matches",
    response_model=RequestMatchAnswer,
    responses=AGE | raises(NotFoundError, ConflictError),
)
async def list_request_matches(
    request: Request,
    request_id: RequestId,
    query: Annotated[RequestMatchQuery, Query()],
    caller: Referrer,
    session: Writing,
    asked: AskedWith,
) -> Response:
    """Ranks the offers that fit the child now; the ranking is kept, for a referral to name it.

    What providers answered to the request's calls stands beside it, and changes nothing in it. It advises; a person
    decides. Siblings of one group are ranked for as many places as there are open requests in it.
    """
    content = await service.match_request(
        session, asked.follower.catalogue, caller, request_id, query, asked.now, asked.language
    )
    headers = {"Content-Language": asked.language, **asked.follower.headers}
    return respond(request, content, headers=headers)


@router.get("/requests/{requestId}/rankings", response_model=Page[RankingOut], responses=raises(NotFoundError))
async def list_rankings(
    request: Request, request_id: RequestId, query: Annotated[PageQuery, Query()], caller: Referrer, session: Reading
) -> Response:
    """The rankings that were shown for a request, the last first; those that no referral names go after 7 days."""
    await get_request(session, caller, request_id)
    key = query.key(request, datetime, UUID)
    rows = await repository.list_rankings(session, request_id, limit=query.window, key=key)
    return listed(request, query, rows, key=lambda row: [row.shown_at, row.id], show=RankingOut.model_validate)


@router.get("/requests/{requestId}/rankings/{rankingId}", response_model=CaseFile, responses=raises(NotFoundError))
async def get_ranking(
    request: Request, request_id: RequestId, ranking_id: RankingId, caller: Referrer, session: Reading
) -> Response:
    """A ranking as it was shown: all that went in and what came out, for `wijzer rank` to make again."""
    content = await service.get_case_file(session, caller, request_id, ranking_id)
    return respond(request, content)
