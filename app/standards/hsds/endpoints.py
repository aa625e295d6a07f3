"""The API Reference of HSDS 3.1: https://docs.openreferral.org/en/3.1/hsds/api_reference.html, reading only.

Offers and providers are for every professional, and with PUBLIC_ACCESS for all, then without counts and notes; what
the interface is, and the taxonomies, are open to all.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from app.domain.dates import dutch_day
from app.kit.database.sessions import Database
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Now, ReplicaReading, database_of
from app.kit.http.language import InLanguage, language_of
from app.kit.http.respond import origin_of, respond, respond_bytes
from app.kit.http.rights import AnyReader
from app.kit.http.routing import router as make_router
from app.kit.json_bytes import to_json
from app.standards.hsds import service, taxonomy_lists
from app.standards.hsds.objects import (
    HsdsObject,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from app.standards.hsds.schemas import (
    ApiInfo,
    HsdsQuery,
    LocationQuery,
    OneOrganizationQuery,
    OrganizationQuery,
    Page,
    ServiceAtLocationQuery,
    ServicePage,
    ServiceQuery,
    TaxonomyTermQuery,
)
from app.standards.hsds.service import Source
from app.standards.hsds.views import View

PATH: Final = "/hsds"
NDJSON: Final = "application/x-ndjson"

router = make_router("HSDS")

Id = Annotated[UUID, Path(description="Its id.", examples=["0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"])]


_OPEN: Final = "public, max-age=3600"
_LINES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {NDJSON: {"schema": {"type": "string", "description": "An object a line."}}}}
}


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """Who asks, when, and how the answer is shown and kept."""

    database: Database
    view: View
    today: date
    cache: str


async def _context(request: Request, caller: AnyReader, now: Now) -> ReadingContext:
    public = caller is None
    view = View(language_of(request), public, origin_of(request))
    cache = "public, max-age=60" if public else "private, no-cache"
    return ReadingContext(database_of(request), view, dutch_day(now), cache)


async def _view(request: Request, language: InLanguage) -> View:
    return View(language, public=True, origin=origin_of(request))


Context = Annotated[ReadingContext, Depends(_context)]
InView = Annotated[View, Depends(_view)]


async def _answer(request: Request, query: HsdsQuery, context: ReadingContext, source: Source) -> Response:
    """A page of a list, or all of it as a stream."""
    if query.format == "json":
        page = await service.find_page(context.database, source, query)
        return respond(request, page, cache=context.cache)
    lines = service.stream(context.database, source)
    first = await anext(lines)  # what goes wrong here is told before the answer begins

    async def body() -> AsyncIterator[bytes]:
        async with aclosing(lines):
            yield _lines(first)
            async for objects in lines:
                yield _lines(objects)

    headers = {"Cache-Control": context.cache, "Vary": "Accept-Language, Authorization"}
    return StreamingResponse(body(), media_type=NDJSON, headers=headers)


def _lines(objects: Sequence[dict[str, Any]]) -> bytes:
    return b"".join(to_json(each) + b"\n" for each in objects)


def _from_memory(request: Request, query: HsdsQuery, shown: Sequence[HsdsObject]) -> Response:
    if query.format == "json":
        return respond(request, service.slice_page(shown, query), cache=_OPEN)
    return respond_bytes(request, _lines([each.written() for each in shown]), NDJSON, cache=_OPEN)


@router.get("", include_in_schema=False)
@router.get("/", response_model=ApiInfo)
async def get_api_info(request: Request) -> Response:
    """What this interface is, in the standard's words. Here alone a path may end with a slash: it is the standard's."""
    info = ApiInfo(
        version="3.1",
        profile="https://docs.openreferral.org/en/3.1/hsds/schema_reference.html",
        openapi_url=f"{origin_of(request)}{PATH}/openapi.json",
    )
    return respond(request, info.written(), cache=_OPEN)


@router.get("/services", response_model=ServicePage, responses=_LINES)
async def list_services(request: Request, query: Annotated[ServiceQuery, Query()], context: Context) -> Response:
    """Offers, also those that ended: they are inactive. What is asked holds all at once."""
    service.check(query)
    return await _answer(request, query, context, service.services(query, context.view, context.today))


@router.get("/services/{id}", response_model=Service, responses=raises(NotFoundError))
async def get_service(request: Request, id: Id, context: Context, replica: ReplicaReading) -> Response:  # noqa: A002 - the standard's name
    """One offer with all that belongs to it."""
    shown = await replica(lambda session: service.get_service(session, context.view, context.today, id))
    return respond(request, shown.written(), cache=context.cache)


@router.get("/service_at_locations", response_model=Page[ServiceAtLocation], responses=_LINES)
async def list_service_at_locations(
    request: Request, query: Annotated[ServiceAtLocationQuery, Query()], context: Context
) -> Response:
    """Offers at their locations; of those without one there is none."""
    service.check(query)
    return await _answer(request, query, context, service.services_at_locations(query, context.view, context.today))


@router.get("/service_at_locations/{id}", response_model=ServiceAtLocation, responses=raises(NotFoundError))
async def get_service_at_location(request: Request, id: Id, context: Context, replica: ReplicaReading) -> Response:  # noqa: A002
    """One offer at its location, with all that belongs to them."""
    shown = await replica(lambda session: service.get_service_at_location(session, context.view, context.today, id))
    return respond(request, shown.written(), cache=context.cache)


@router.get("/organizations", response_model=Page[Organization], responses=_LINES)
async def list_organizations(
    request: Request, query: Annotated[OrganizationQuery, Query()], context: Context
) -> Response:
    """Providers; with a term or a taxonomy those that offer it now."""
    service.check(query)
    return await _answer(request, query, context, service.organizations(query, context.view, context.today))


@router.get("/organizations/{id}", response_model=Organization, responses=raises(NotFoundError))
async def get_organization(
    request: Request,
    id: Id,  # noqa: A002
    query: Annotated[OneOrganizationQuery, Query()],
    context: Context,
    replica: ReplicaReading,
) -> Response:
    """One provider with its locations and offers."""
    shown = await replica(
        lambda session: service.get_organization(
            session, context.view, context.today, id, full_service=query.full_service
        )
    )
    return respond(request, shown.written(), cache=context.cache)


@router.get("/locations", response_model=Page[Location], responses=_LINES)
async def list_locations(request: Request, query: Annotated[LocationQuery, Query()], context: Context) -> Response:
    """Locations; a list that the standard's API Reference does not have, of objects that the standard has."""
    service.check(query)
    return await _answer(request, query, context, service.locations(query, context.view))


@router.get("/locations/{id}", response_model=Location, responses=raises(NotFoundError))
async def get_location(request: Request, id: Id, context: Context, replica: ReplicaReading) -> Response:  # noqa: A002
    """One location."""
    shown = await replica(lambda session: service.get_location(session, context.view, id))
    return respond(request, shown.written(), cache=context.cache)


@router.get("/taxonomies", response_model=Page[Taxonomy], responses=_LINES)
async def list_taxonomies(request: Request, query: Annotated[HsdsQuery, Query()], view: InView) -> Response:
    """The taxonomies that attributes are of."""
    service.check(query)
    return _from_memory(request, query, taxonomy_lists.list_taxonomies(query, view))


@router.get("/taxonomies/{id}", response_model=Taxonomy, responses=raises(NotFoundError))
async def get_taxonomy(request: Request, id: Id, view: InView) -> Response:  # noqa: A002
    """One taxonomy."""
    return respond(request, taxonomy_lists.get_taxonomy(view, id).written(), cache=_OPEN)


@router.get("/taxonomy_terms", response_model=Page[TaxonomyTerm], responses=_LINES)
async def list_taxonomy_terms(request: Request, query: Annotated[TaxonomyTermQuery, Query()], view: InView) -> Response:
    """The terms of the taxonomies."""
    service.check(query)
    return _from_memory(request, query, taxonomy_lists.list_terms(query, view))


@router.get("/taxonomy_terms/{id}", response_model=TaxonomyTerm, responses=raises(NotFoundError))
async def get_taxonomy_term(request: Request, id: Id, view: InView) -> Response:  # noqa: A002
    """One term."""
    return respond(request, taxonomy_lists.get_term(view, id).written(), cache=_OPEN)
