"""Placement stops: providers, regions and (through an admin) inspectorates impose them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from app.kit.clock import Now
from app.kit.database.sessions import Reading, Writing
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import Page, listed
from app.kit.http.respond import IfMatch, respond
from app.kit.http.routing import router as make_router
from app.kit.security.auth import Party
from app.supply.placement_stops import repository, service
from app.supply.placement_stops.schemas import (
    StopId,
    StopIn,
    StopOut,
    StopPatch,
    StopQuery,
)

router = make_router("Contracts and placement stops")


@router.post("/placement-stops", response_model=StopOut, status_code=201, responses=LOCATION)
async def add_stop(request: Request, body: StopIn, caller: Party, session: Writing, once: Idempotent) -> Response:
    """Imposes a stop on a provider, or on one of its locations or offers."""

    async def create() -> Response:
        row, location_key = await service.add_stop(session, caller, body)
        location = {"Location": f"/v1/placement-stops/{row.id}"}
        content = service.stop_out(row, location_key)
        return respond(request, content, status=201, version=row.version, headers=location)

    return await once(caller, create)


@router.get("/placement-stops", response_model=Page[StopOut])
async def list_stops(
    request: Request, query: Annotated[StopQuery, Query()], caller: Party, session: Reading
) -> Response:
    """Stops that the caller may see, by their first day."""
    rows = await repository.list_stops(
        session,
        caller,
        provider_id=query.provider,
        on=query.on,
        limit=query.window,
        key=query.key(request, date, UUID),
    )
    return listed(
        request, query, rows, key=lambda row: [row[0].starts_on, row[0].id], show=lambda row: service.stop_out(*row)
    )


@router.get("/placement-stops/{stopId}", response_model=StopOut, responses=raises(NotFoundError))
async def get_stop(request: Request, stop_id: StopId, caller: Party, session: Reading) -> Response:
    """One stop."""
    row, location_key = await repository.get_stop(session, caller, stop_id)
    return respond(request, service.stop_out(row, location_key), version=row.version)


@router.patch("/placement-stops/{stopId}", response_model=StopOut, responses=raises(NotFoundError))
async def change_stop(
    request: Request,
    stop_id: StopId,
    body: StopPatch,
    caller: Party,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Changes what the body names: a stop is lifted by setting its last day."""
    row, location_key = await service.change_stop(session, caller, stop_id, body, if_match, now)
    return respond(request, service.stop_out(row, location_key), version=row.version)
