"""The breakthrough list (doorbraaklijst) of a region or an institution."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from app.dossiers.breakthrough import service
from app.dossiers.breakthrough.schemas import Breakthrough, BreakthroughQuery
from app.finding.catalogue.dependencies import Context
from app.finding.catalogue.schemas import AGE
from app.kit.errors import ConflictError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Reading
from app.kit.http.pagination import listed
from app.kit.http.rights import PartyToRequests
from app.kit.http.routing import router as make_router
from app.kit.pages import Page

router = make_router("Requests")


@router.get("/breakthrough-list", response_model=Page[Breakthrough], responses=AGE | raises(ConflictError))
async def list_breakthroughs(
    request: Request,
    query: Annotated[BreakthroughQuery, Query()],
    caller: PartyToRequests,
    session: Reading,
    context: Context,
) -> Response:
    """The children over a norm of the inspectorates without help, the longest first, and what could be done for each.

    Of an institution or local team its own; for an expert team all of its region, without their references.
    """
    rows = await service.list_over(
        session,
        caller,
        today=context.today,
        region=query.region,
        limit=query.window,
        key=query.key(request.url.path, date, UUID),
    )
    found = await service.show(
        session, context.follower.catalogue, caller, rows[: query.limit], context.now, context.language
    )
    return listed(
        request,
        query,
        rows,
        key=lambda row: [row.norm_red_from, row.id],
        show=lambda row: found[row.id],
        headers=context.follower.headers,
    )
