"""The matches of a request."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.dossiers.matches import service
from app.dossiers.matches.schemas import RequestMatchAnswer, RequestMatchQuery
from app.dossiers.requests.endpoints import RequestId
from app.finding.catalogue.dependencies import Context
from app.finding.catalogue.schemas import AGE
from app.kit.errors import ConflictError, NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Writing
from app.kit.http.respond import respond
from app.kit.http.rights import Referrer
from app.kit.http.routing import router as make_router

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
    context: Context,
) -> Response:
    """Ranks the offers that fit the child now; the ranking is kept, for a referral to name it.

    Offers that declined a referral of this child less than 28 days ago are left out, and stand among the alternatives
    with what to ask; what an exception was granted for is not held against an offer. What providers answered to the
    request's calls stands beside it, and changes nothing in it. It advises; a person decides. Siblings of one group are
    ranked for as many places as there are open requests in it.
    """
    content = await service.match_request(
        session, context.follower.catalogue, caller, request_id, query, context.now, context.language
    )
    headers = {"Content-Language": context.language, **context.follower.headers}
    return respond(request, content, headers=headers)
