"""Shares: with which local teams an institution shares a request, who read it and never write."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.dossiers.requests.endpoints import RequestId
from app.dossiers.shares import service
from app.dossiers.shares.schemas import ShareIn, ShareOut
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.pagination import listed
from app.kit.http.respond import IfMatch, respond_as_shown
from app.kit.http.rights import Referrer
from app.kit.http.routing import router as make_router
from app.kit.pages import Page, PageQuery

router = make_router("Requests")

TeamId = Annotated[
    UUID, Path(alias="organisationId", description="The local team.", examples=["4f2a6c1e-8b3d-5e7f-9a0b-1c2d3e4f5a6b"])
]


@router.get("/requests/{requestId}/shares", response_model=Page[ShareOut], responses=raises(NotFoundError))
async def list_shares(
    request: Request, request_id: RequestId, query: Annotated[PageQuery, Query()], caller: Referrer, session: Reading
) -> Response:
    """The local teams that read a request of the caller's now."""
    rows = await service.list_shares(session, caller, request_id, query, query.key(request.url.path, UUID))
    found = await service.show_shares(session, rows)
    return listed(
        request, query, rows, key=lambda row: [row.organisation_id], show=lambda row: found[row.organisation_id]
    )


@router.put("/requests/{requestId}/shares/{organisationId}", response_model=ShareOut, responses=raises(NotFoundError))
async def put_share(
    request: Request,
    request_id: RequestId,
    organisation_id: TeamId,
    body: ShareIn,
    caller: Referrer,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Shares a request with a local team: it reads the dossier, save what its institution calls the child.

    `If-Match` is of the request, which gets a new version by it.
    """
    row, share = await service.put_share(session, caller, request_id, organisation_id, body.may, if_match, now)
    found = await service.show_shares(session, [share])
    return respond_as_shown(request, found[organisation_id], row.version)


@router.delete("/requests/{requestId}/shares/{organisationId}", status_code=204, responses=raises(NotFoundError))
async def delete_share(
    request_id: RequestId,
    organisation_id: TeamId,
    caller: Referrer,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Takes a request back: from now on it does not exist for the local team. The history keeps that it was shared."""
    await service.end_share(session, caller, request_id, organisation_id, if_match, now)
    return Response(status_code=204)
