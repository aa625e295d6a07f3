"""Providers and their locations."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from app.kit.clock import Now
from app.kit.database.sessions import Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import Page, PageQuery, listed
from app.kit.http.respond import IfMatch, respond
from app.kit.http.routing import router as make_router
from app.kit.security.auth import AnyCaller, AnyReader, Owner, Registrar
from app.supply.providers import repository, service
from app.supply.providers.schemas import (
    LocationIn,
    LocationOut,
    OwnKey,
    ProviderId,
    ProviderIn,
    ProviderOut,
    ProviderPatch,
    ProviderQuery,
)

router = make_router("Providers and offers")


@router.get("/providers", response_model=Page[ProviderOut])
async def list_providers(
    request: Request, query: Annotated[ProviderQuery, Query()], _: AnyReader, session: Reading
) -> Response:
    """Providers by name."""
    rows = await repository.list_providers(
        session,
        q=query.q,
        municipality=query.municipality,
        limit=query.window,
        key=query.key(request, str, UUID),
    )
    return listed(request, query, rows, key=lambda row: [row.name, row.id], show=service.provider_out)


@router.post("/providers", response_model=ProviderOut, status_code=201)
async def add_provider(
    request: Request, body: ProviderIn, caller: Registrar, session: Writing, once: Idempotent
) -> Response:
    """Registers a provider."""

    async def create() -> Response:
        row = await service.add_provider(session, body)
        location = {"Location": f"/v1/providers/{row.id}"}
        return respond(request, service.provider_out(row), status=201, version=row.version, headers=location)

    return await once(caller, create)


@router.get("/providers/{providerId}", response_model=ProviderOut)
async def get_provider(request: Request, provider_id: ProviderId, _: AnyReader, session: Reading) -> Response:
    """One provider."""
    row = await repository.get_provider(session, provider_id)
    return respond(request, service.provider_out(row), version=row.version)


@router.patch("/providers/{providerId}", response_model=ProviderOut)
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


@router.get("/providers/{providerId}/locations", response_model=Page[LocationOut])
async def list_locations(
    request: Request, provider_id: ProviderId, query: Annotated[PageQuery, Query()], _: AnyCaller, session: Reading
) -> Response:
    """The locations of a provider, by its own keys."""
    await repository.get_provider(session, provider_id)
    rows = await repository.list_locations(session, provider_id, limit=query.window, key=query.key(request, str))
    return listed(request, query, rows, key=lambda row: [row.key], show=service.location_out)


@router.put(
    "/providers/{providerId}/locations/{key}", response_model=LocationOut, responses={201: {"model": LocationOut}}
)
async def put_location(
    request: Request,
    provider_id: ProviderId,
    key: OwnKey,
    body: LocationIn,
    caller: Owner,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Creates or replaces a location by the provider's own key."""
    row, created = await service.put_location(session, caller, provider_id, key, body, if_match, now)
    return respond(request, service.location_out(row), status=201 if created else 200, version=row.version)
