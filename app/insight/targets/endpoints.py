"""Target lines, and what they were."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.insight.keeping.errors import WithdrawnError
from app.insight.keeping.schemas import HistoryEntryOut
from app.insight.keeping.service import entry_out
from app.insight.targets import service
from app.insight.targets.schemas import TargetIn, TargetOut, TargetPatch, TargetQuery
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import listed
from app.kit.http.respond import IfMatch, respond
from app.kit.http.rights import Overseer, Planner
from app.kit.http.routing import router as make_router
from app.kit.pages import Page, PageQuery
from app.supply.contracts.schemas import WithdrawalQuery

router = make_router("Plans")

TargetId = Annotated[
    UUID, Path(alias="targetId", description="The target line.", examples=["7c2e9a14-6b3d-4f58-8e01-9d5a7b3c2f10"])
]


@router.post("/insight/targets", response_model=TargetOut, status_code=201, responses=LOCATION)
async def add_target(
    request: Request, body: TargetIn, caller: Planner, session: Writing, now: Now, once: Idempotent
) -> Response:
    """Adds a target line to the plan of the caller's own region or supraregion: how many places are aimed at."""

    async def create() -> Response:
        row = await service.add_target(session, caller, body, now)
        location = {"Location": f"/v1/insight/targets/{row.id}"}
        return respond(request, service.target_out(row), status=201, version=row.version, headers=location)

    return await once(caller, create)


@router.get("/insight/targets", response_model=Page[TargetOut])
async def list_targets(
    request: Request, query: Annotated[TargetQuery, Query()], caller: Overseer, session: Reading
) -> Response:
    """Target lines that the caller may read, the oldest first; those that were withdrawn only where that is asked.

    A region reads its own and those of the supraregions that it is in; a supraregion its own and its regions'; an
    institution or local team those of the regions that it works for, and of the supraregions that these are in.
    """
    rows = await service.list_targets(session, caller, query, query.key(request.url.path, datetime, UUID))
    return listed(request, query, rows, key=lambda row: [row.created_at, row.id], show=service.target_out)


@router.get("/insight/targets/{targetId}", response_model=TargetOut, responses=raises(NotFoundError))
async def get_target(request: Request, target_id: TargetId, caller: Overseer, session: Reading) -> Response:
    """One target line, also after it was withdrawn."""
    row = await service.get_target(session, caller, target_id)
    return respond(request, service.target_out(row), version=row.version)


@router.patch("/insight/targets/{targetId}", response_model=TargetOut, responses=raises(NotFoundError, WithdrawnError))
async def change_target(
    request: Request,
    target_id: TargetId,
    body: TargetPatch,
    caller: Planner,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Changes what the body names; the history keeps what it was."""
    row = await service.change_target(session, caller, target_id, body, if_match, now)
    return respond(request, service.target_out(row), version=row.version)


@router.delete("/insight/targets/{targetId}", status_code=204, responses=raises(NotFoundError))
async def withdraw_target(
    target_id: TargetId,
    query: Annotated[WithdrawalQuery, Query()],
    caller: Planner,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Withdraws a target line: it is kept with its history, and nothing is held against it any more.

    Withdrawing it again changes nothing.
    """
    await service.withdraw_target(session, caller, target_id, query.why, if_match, now)
    return Response(status_code=204)


@router.get(
    "/insight/targets/{targetId}/history", response_model=Page[HistoryEntryOut], responses=raises(NotFoundError)
)
async def list_target_history(
    request: Request, target_id: TargetId, query: Annotated[PageQuery, Query()], caller: Overseer, session: Reading
) -> Response:
    """Who changed what of a target line when, from the first on."""
    rows = await service.list_history(session, caller, target_id, query, query.key(request.url.path, int))
    return listed(request, query, rows, key=lambda row: [row[0].version], show=entry_out)
