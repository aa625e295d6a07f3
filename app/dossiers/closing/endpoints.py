"""Changing a request so that it may be closed or helped: that reaches all that is open in its dossier."""

from fastapi import Request, Response

from app.dossiers.closing import service
from app.dossiers.requests.endpoints import MilestoneName, RequestId, answer_request
from app.dossiers.requests.entry_schemas import MilestoneIn
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
    and closes its open calls, and what is still asked for it (arrangements) ends.

    Open and accepted referrals follow a child that moves, and are judged again: what stands in the way of them now are
    their `concerns`."""
    await context.follower.catch_up()
    catalogue, now = context.follower.catalogue, context.now
    row = await service.change_request(session, catalogue, caller, request_id, body, if_match, now)
    return await answer_request(request, session, row, now, context.language)


@router.put("/requests/{requestId}/milestones/{name}", response_model=RequestOut, responses=raises(NotFoundError))
async def put_milestone(
    request: Request,
    request_id: RequestId,
    name: MilestoneName,
    body: MilestoneIn,
    caller: Referrer,
    session: Writing,
    context: Context,
    if_match: IfMatch = None,
) -> Response:
    """Says when the protection worker came, the course was agreed, the help began, or something bridged the wait.

    `help` is the first real help contact; for help with a stay the day after the first night; never an intake. With it
    the open calls of the request close, and what is still asked for it (arrangements) ends.
    """
    row = await service.set_milestone(session, caller, request_id, name, body.date_, if_match, context.now)
    return await answer_request(request, session, row, context.now, context.language)
