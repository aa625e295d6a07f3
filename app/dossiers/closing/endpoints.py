"""Changing a request, of which closing it is one way: that reaches all that is open in its dossier."""

from fastapi import Request, Response

from app.dossiers.closing import service
from app.dossiers.requests.endpoints import RequestId, answer_request
from app.dossiers.requests.errors import ClosedError, NotClosedError
from app.dossiers.requests.schemas import RequestOut, RequestPatch
from app.finding.catalogue.dependencies import Context
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Writing
from app.kit.http.respond import IfMatch
from app.kit.http.rights import Referrer
from app.kit.http.routing import router as make_router
from app.supply.capacity.errors import NoPlaceError

router = make_router("Requests")


@router.patch(
    "/requests/{requestId}",
    response_model=RequestOut,
    responses=raises(NotFoundError, ClosedError, NotClosedError, NoPlaceError),
)
async def change_request(
    request: Request,
    request_id: RequestId,
    body: RequestPatch,
    caller: Referrer,
    session: Writing,
    context: Context,
    if_match: IfMatch = None,
) -> Response:
    """Changes what the body names, closes the request or opens it again; closing withdraws its open referrals
    and closes its open calls. Open and accepted referrals follow a child that moves, and are judged again: what stands
    in the way of them now are their `concerns`."""
    await context.follower.catch_up()
    catalogue, now = context.follower.catalogue, context.now
    row = await service.change_request(session, catalogue, caller, request_id, body, if_match, now)
    return await answer_request(request, session, row, now, context.language)
