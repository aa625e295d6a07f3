"""Placement stops: providers, regions and (through an admin) inspectorates impose them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import listed
from app.kit.http.respond import IfMatch, respond
from app.kit.http.rights import Party
from app.kit.http.routing import router as make_router
from app.kit.pages import Page
from app.supply.placement_stops import service
from app.supply.placement_stops.schemas import (
    StopIn,
    StopOut,
    StopPatch,
    StopQuery,
)

router = make_router("Contracts and placement stops")

StopId = Annotated[
    UUID, Path(alias="stopId", description="The stop.", examples=["5c0a7c3e-5d3e-5b57-8f4e-2c9d7f3b1a60"])
]


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
    rows = await service.list_stops(session, caller, query, query.key(request.url.path, date, UUID))
    return listed(
        request, query, rows, key=lambda row: [row[0].starts_on, row[0].id], show=lambda row: service.stop_out(*row)
    )


@router.get("/placement-stops/{stopId}", response_model=StopOut, responses=raises(NotFoundError))
async def get_stop(request: Request, stop_id: StopId, caller: Party, session: Reading) -> Response:
    """One stop."""
    row, location_key = await service.get_stop(session, caller, stop_id)
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
