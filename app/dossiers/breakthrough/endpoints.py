"""The breakthrough list (doorbraaklijst) of a region or an institution."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from app.domain.dates import dutch_day
from app.dossiers.breakthrough import service
from app.dossiers.breakthrough.schemas import Breakthrough, BreakthroughQuery
from app.finding.catalogue.follower import AskedWith
from app.finding.catalogue.schemas import AGE
from app.kit.database.sessions import Reading
from app.kit.http.pagination import Page, listed
from app.kit.http.routing import router as make_router
from app.kit.security.auth import PartyToRequests

router = make_router("Requests")


@router.get("/breakthrough-list", response_model=Page[Breakthrough], responses=AGE)
async def list_breakthroughs(
    request: Request,
    query: Annotated[BreakthroughQuery, Query()],
    caller: PartyToRequests,
    session: Reading,
    asked: AskedWith,
) -> Response:
    """The children over a norm of the inspectorates without help, the longest first, and what could be done for each.

    Of an institution or local team its own; for an expert team all of its region, without their references.
    """
    rows = await service.list_over(
        session,
        caller,
        today=dutch_day(asked.now),
        region=query.region,
        limit=query.window,
        key=query.key(request, date, UUID),
    )
    found = await service.show(
        session, asked.follower.catalogue, caller, rows[: query.limit], asked.now, asked.language
    )
    return listed(
        request,
        query,
        rows,
        key=lambda row: [row.norm_red_from, row.id],
        show=lambda row: found[row.id],
        headers=asked.follower.headers,
    )
