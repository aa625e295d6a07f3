"""Providers and their locations."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.kit.errors import ConflictError, NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import listed
from app.kit.http.respond import IfMatch, OptionalIfMatch, respond
from app.kit.http.rights import AnyCaller, AnyReader, Owner, Registrar
from app.kit.http.routing import router as make_router
from app.kit.pages import Page, PageQuery
from app.kit.schemas import Key
from app.supply.providers import service
from app.supply.providers.schemas import (
    LocationIn,
    LocationOut,
    ProviderIn,
    ProviderOut,
    ProviderPatch,
    ProviderQuery,
)

router = make_router("Providers and offers")

ProviderId = Annotated[
    UUID, Path(alias="providerId", description="The provider.", examples=["6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"])
]
OwnKey = Annotated[Key, Path(alias="key", description="The provider's own key.", examples=["de-duinen"])]


@router.get("/providers", response_model=Page[ProviderOut])
async def list_providers(
    request: Request, query: Annotated[ProviderQuery, Query()], _: AnyReader, session: Reading
) -> Response:
    """Providers by name."""
    rows = await service.list_providers(session, query, query.key(request.url.path, str, UUID))
    return listed(request, query, rows, key=lambda row: [row.name, row.id], show=service.provider_out)


@router.post("/providers", response_model=ProviderOut, status_code=201, responses=LOCATION | raises(ConflictError))
async def add_provider(
    request: Request, body: ProviderIn, caller: Registrar, session: Writing, now: Now, once: Idempotent
) -> Response:
    """Registers a provider."""

    async def create() -> Response:
        row = await service.add_provider(session, body, now)
        location = {"Location": f"/v1/providers/{row.id}"}
        return respond(request, service.provider_out(row), status=201, version=row.version, headers=location)

    return await once(caller, create)


@router.get("/providers/{providerId}", response_model=ProviderOut, responses=raises(NotFoundError))
async def get_provider(request: Request, provider_id: ProviderId, _: AnyReader, session: Reading) -> Response:
    """One provider."""
    row = await service.get_provider(session, provider_id)
    return respond(request, service.provider_out(row), version=row.version)


@router.patch("/providers/{providerId}", response_model=ProviderOut, responses=raises(NotFoundError, ConflictError))
async def change_provider(
    request: Request,
    provider_id: ProviderId,
    body: ProviderPatch,
    caller: Owner,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Changes what the body names (merge patch: what is left out stays, null clears)."""
    row = await service.change_provider(session, caller, provider_id, body, if_match, now)
    return respond(request, service.provider_out(row), version=row.version)


@router.get("/providers/{providerId}/locations", response_model=Page[LocationOut], responses=raises(NotFoundError))
async def list_locations(
    request: Request, provider_id: ProviderId, query: Annotated[PageQuery, Query()], _: AnyCaller, session: Reading
) -> Response:
    """The locations of a provider, by its own keys."""
    rows = await service.list_locations(session, provider_id, query, query.key(request.url.path, str))
    return listed(request, query, rows, key=lambda row: [row.key], show=service.location_out)


@router.put(
    "/providers/{providerId}/locations/{key}",
    response_model=LocationOut,
    responses=raises(NotFoundError) | {201: {"model": LocationOut, **LOCATION[201]}},
)
async def put_location(
    request: Request,
    provider_id: ProviderId,
    key: OwnKey,
    body: LocationIn,
    caller: Owner,
    session: Writing,
    now: Now,
    if_match: OptionalIfMatch = None,
) -> Response:
    """Creates or replaces a location by the provider's own key."""
    row, created = await service.put_location(session, caller, provider_id, key, body, if_match, now)
    status, headers = (201, {"Location": f"/v1/providers/{provider_id}/locations"}) if created else (200, None)
    return respond(request, service.location_out(row), status=status, version=row.version, headers=headers)
