"""Capacity: providers report it, everyone with a role reads it, the history stays."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response

from app.kit.database.sessions import ReadSession
from app.kit.errors import ConflictError, NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Direct, Now, Reading, ReplicaReading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import listed
from app.kit.http.respond import OptionalIfMatch, respond
from app.kit.http.rights import AnyCaller, Owner
from app.kit.http.routing import router as make_router
from app.kit.pages import Page
from app.supply.capacity import service
from app.supply.capacity.schemas import (
    CapacityIn,
    CapacityOut,
    ConfirmationIn,
    ConfirmationsOut,
    HistoryQuery,
)
from app.supply.capacity.tables import CapacityReportRow
from app.supply.offers.endpoints import OfferId
from app.supply.providers.endpoints import OwnKey, ProviderId

router = make_router("Capacity")


@router.put("/offers/{offerId}/capacity", response_model=CapacityOut, responses=raises(NotFoundError, ConflictError))
async def put_capacity(
    request: Request,
    offer_id: OfferId,
    body: CapacityIn,
    caller: Owner,
    connection: Direct,
    now: Now,
    if_match: OptionalIfMatch = None,
) -> Response:
    """Reports the capacity of an offer; the answer is the report that stands afterwards."""
    current = await service.report(connection, caller, offer_id, body, if_match, now)
    return respond(request, service.capacity_out(current), version=current.report_id)


@router.post(
    "/offers/{offerId}/capacity/confirmations",
    response_model=CapacityOut,
    status_code=201,
    responses=raises(NotFoundError, ConflictError),
)
async def confirm_capacity(
    request: Request,
    offer_id: OfferId,
    caller: Owner,
    session: Writing,
    now: Now,
    once: Idempotent,
    _: ConfirmationIn | None = None,
) -> Response:
    """Says "unchanged" in one call: the figures that stand are observed as of now."""

    async def create() -> Response:
        current = await service.confirm(session, caller, offer_id, now)
        return respond(request, service.capacity_out(current), status=201, version=current.report_id)

    return await once(caller, create)


@router.post(
    "/providers/{providerId}/capacity/confirmations", response_model=ConfirmationsOut, responses=raises(NotFoundError)
)
async def confirm_capacities(
    request: Request,
    provider_id: ProviderId,
    caller: Owner,
    session: Writing,
    now: Now,
    once: Idempotent,
    _: ConfirmationIn | None = None,
) -> Response:
    """Says "unchanged" of all offers that a provider gives now; of what was never reported there is nothing to say."""

    async def create() -> Response:
        return respond(request, await service.confirm_all(session, caller, provider_id, None, now))

    return await once(caller, create)


@router.post(
    "/providers/{providerId}/locations/{key}/capacity/confirmations",
    response_model=ConfirmationsOut,
    responses=raises(NotFoundError),
)
async def confirm_capacities_of_location(
    request: Request,
    provider_id: ProviderId,
    key: OwnKey,
    caller: Owner,
    session: Writing,
    now: Now,
    once: Idempotent,
    _: ConfirmationIn | None = None,
) -> Response:
    """Says "unchanged" of all offers that a provider gives now at one of its locations."""

    async def create() -> Response:
        return respond(request, await service.confirm_all(session, caller, provider_id, key, now))

    return await once(caller, create)


@router.get("/offers/{offerId}/capacity", response_model=CapacityOut, responses=raises(NotFoundError))
async def get_capacity(request: Request, offer_id: OfferId, _: AnyCaller, session: Reading) -> Response:
    """The report that stands."""
    current = await service.get_capacity(session, offer_id)
    return respond(request, service.capacity_out(current), version=current.report_id)


@router.get("/offers/{offerId}/capacity-history", response_model=Page[CapacityOut], responses=raises(NotFoundError))
async def list_capacity_history(
    request: Request, offer_id: OfferId, query: Annotated[HistoryQuery, Query()], _: AnyCaller, replica: ReplicaReading
) -> Response:
    """Every report of an offer that ever came in, by the time observed."""
    key = query.key(request.url.path, datetime, int)

    async def read(session: ReadSession) -> list[CapacityReportRow]:
        return await service.list_reports(session, offer_id, query, key)

    rows = await replica(read)
    return listed(request, query, rows, key=lambda row: [row.observed_at, row.id], show=service.capacity_out)
