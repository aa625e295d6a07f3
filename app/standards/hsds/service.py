"""Lists of HSDS objects, a page or a stream of them at a time, and each by its id."""

from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.domain.language import Text
from app.kit.database.sessions import Database, ReadSession
from app.kit.errors import InputError, InvalidInputError, NotFoundError
from app.kit.turns import in_turns
from app.reference.lists import PostcodeArea, reference
from app.standards.hsds import repository
from app.standards.hsds.identifiers import service_at_location_id
from app.standards.hsds.objects import (
    HsdsObject,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
)
from app.standards.hsds.repository import (
    Near,
    Served,
    ServiceFilter,
    TermFilter,
    Window,
)
from app.standards.hsds.schemas import (
    HsdsQuery,
    LocationQuery,
    OrganizationQuery,
    ServiceAtLocationQuery,
    ServiceListQuery,
    ServiceQuery,
    TermsQuery,
    page_of,
)
from app.standards.hsds.taxonomies import taxonomies, terms
from app.standards.hsds.views import View, minimal_service
from app.supply.providers.tables import ProviderRow

PER_PAGE: Final = 50
BATCH: Final = 50
"""Objects that a stream reads at a time. Each batch is a read of its own, so that a slow reader holds no connection."""

Objects = Sequence[tuple[UUID, HsdsObject]]


@dataclass(frozen=True, slots=True)
class Source:
    """A list: how many objects there are, and the part of them, with their ids, in a window."""

    count: Callable[[ReadSession], Awaitable[int]]
    read: Callable[[ReadSession, Window], Awaitable[Objects]]


def check(query: HsdsQuery) -> None:
    """`InvalidInputError` where what is asked cannot hold together."""
    errors = []
    if query.format == "ndjson":
        text = Text(nl="ndjson geeft alles, zonder pagina's.", en="ndjson gives all of it, without pages.")
        given = [name for name in ("page", "per_page") if getattr(query, name) is not None]
        errors += [InputError(f"#/query/{name}", "no-pages", text) for name in given]
    if isinstance(query, ServiceQuery) and query.minimal and query.full:
        text = Text(nl="minimal en full gaan niet samen.", en="minimal and full do not go together.")
        errors.append(InputError("#/query/minimal", "contradiction", text))
    if isinstance(query, ServiceAtLocationQuery) and query.proximity is not None and query.postcode is None:
        text = Text(nl="Dit vraagt ook een postcode.", en="This takes a postcode as well.")
        errors.append(InputError("#/query/proximity", "needs-postcode", text))
    if errors:
        raise InvalidInputError(*errors)


async def find_page(database: Database, source: Source, query: HsdsQuery) -> dict[str, Any]:
    """The page that is asked for; all services on one where a minimal list does not ask for a page."""
    whole = isinstance(query, ServiceQuery) and query.minimal and query.page is None and query.per_page is None
    number, per_page = query.page or 1, query.per_page or PER_PAGE
    window = Window(None) if whole else Window(per_page, offset=(number - 1) * per_page)

    async def read(session: ReadSession) -> dict[str, Any]:
        found = await _written(await source.read(session, window))
        if whole:
            return page_of(found, len(found), 1, len(found) or 1)
        return page_of(found, await source.count(session), number, per_page)

    return await database.on_replica(read)


async def stream(database: Database, source: Source) -> AsyncGenerator[list[dict[str, Any]]]:
    """All objects of a list, in batches, in the order of their ids: what changes meanwhile is not given twice."""
    window = Window(BATCH)
    while True:
        found = await database.on_replica(_reading(source, window))
        yield await _written(found)
        if len(found) < BATCH:
            return
        window = Window(BATCH, after=found[-1][0])


async def _written(found: Objects) -> list[dict[str, Any]]:
    return [shown.written() async for _, shown in in_turns(found)]


def _reading(source: Source, window: Window) -> Callable[[ReadSession], Awaitable[Objects]]:
    return lambda session: source.read(session, window)


# --- services and services at locations ---


def services(query: ServiceQuery, view: View, today: date) -> Source:
    """The services that are asked for."""
    wanted = _filter(query)

    async def read(session: ReadSession, window: Window) -> Objects:
        if query.minimal:
            rows = await repository.list_minimal(session, today, wanted, window)
            return [(row.id, minimal_service(row)) for row in rows]
        show = view.full_service if query.full else view.listed_service
        served = await repository.list_services(session, today, wanted, window)
        return [(each.offer.id, show(each)) for each in served]

    return Source(lambda session: repository.count_services(session, today, wanted), read)


def services_at_locations(query: ServiceAtLocationQuery, view: View, today: date) -> Source:
    """The services at locations that are asked for."""
    area = None if query.postcode is None else _area(query.postcode)
    near = None if area is None or query.proximity is None else Near(area.point, query.proximity)
    wanted = _filter(query, located=True, taken_from=area.municipality if area else None, near=near)

    async def read(session: ReadSession, window: Window) -> Objects:
        served = await repository.list_services(session, today, wanted, window)
        return [(each.offer.id, view.service_at_location(each, full=query.full)) for each in served]

    return Source(lambda session: repository.count_services(session, today, wanted), read)


async def get_service(session: ReadSession, view: View, today: date, service_id: UUID) -> Service:
    """A service with all that belongs to it."""
    return view.full_service(await _get_served(session, today, service_id))


async def get_service_at_location(session: ReadSession, view: View, today: date, id_: UUID) -> ServiceAtLocation:
    """A service at its location with all that belongs to them."""
    served = await _get_served(session, today, service_at_location_id(id_))
    if served.location is None:
        raise NotFoundError
    return view.service_at_location(served, full=True)


async def _get_served(session: ReadSession, today: date, offer_id: UUID) -> Served:
    served = await repository.find_service(session, today, offer_id)
    if served is None:
        raise NotFoundError
    return served


def _filter(query: ServiceListQuery, **more: Any) -> ServiceFilter:
    return ServiceFilter(
        search=query.search,
        terms=_terms(query),
        organization_id=query.organization_id,
        modified_after=query.modified_after,
        **more,
    )


def _terms(query: TermsQuery) -> list[TermFilter]:
    wanted = []
    if query.taxonomy_term_id is not None:
        term = terms().get(query.taxonomy_term_id)
        wanted.append(TermFilter(term.taxonomy.list_name, term.code) if term else TermFilter(None))
    if query.taxonomy_id is not None:
        taxonomy = taxonomies().get(query.taxonomy_id)
        wanted.append(TermFilter(taxonomy.list_name if taxonomy else None))
    return wanted


def _area(postcode: str) -> PostcodeArea:
    area = reference().postcodes.get(postcode)
    if area is None:
        text = Text(nl=f"Postcode {postcode} kennen wij niet.", en=f"We do not know the postcode {postcode}.")
        raise InvalidInputError(InputError("#/query/postcode", "unknown-postcode", text))
    return area


# --- organizations and locations ---


def organizations(query: OrganizationQuery, view: View, today: date) -> Source:
    """The organizations that are asked for."""
    wanted = _terms(query)

    async def read(session: ReadSession, window: Window) -> Objects:
        rows = await repository.list_providers(session, query.search, wanted, window)
        if not query.full and not query.full_service:
            return [(row.id, view.organization(row)) for row in rows]
        shown = await _show_organizations(session, view, today, rows, full_service=query.full_service)
        return [(each.id, each) for each in shown]

    return Source(lambda session: repository.count_providers(session, query.search, wanted), read)


async def get_organization(
    session: ReadSession, view: View, today: date, id_: UUID, *, full_service: bool
) -> Organization:
    """An organization with its locations and services."""
    row = await repository.find_provider(session, id_)
    if row is None:
        raise NotFoundError
    (shown,) = await _show_organizations(session, view, today, [row], full_service=full_service)
    return shown


async def _show_organizations(
    session: ReadSession, view: View, today: date, rows: Sequence[ProviderRow], *, full_service: bool
) -> list[Organization]:
    ids = [row.id for row in rows]
    show = view.own_service if full_service else view.service
    own_services, own_locations = defaultdict(list), defaultdict(list)
    async for served in in_turns(await repository.list_services_of(session, today, ids)):
        own_services[served.offer.provider_id].append(show(served))
    for location in await repository.list_locations_of(session, ids):
        own_locations[location.provider_id].append(view.full_location(location))
    return [
        view.full_organization(row).model_copy(
            update={"locations": own_locations[row.id], "services": own_services[row.id]}
        )
        for row in rows
    ]


def locations(query: LocationQuery, view: View) -> Source:
    """The locations that are asked for."""

    async def read(session: ReadSession, window: Window) -> Objects:
        rows = await repository.list_locations(session, query.search, query.organization_id, window)
        return [(row.id, view.full_location(row)) for row in rows]

    return Source(lambda session: repository.count_locations(session, query.search, query.organization_id), read)


async def get_location(session: ReadSession, view: View, id_: UUID) -> Location:
    """A location."""
    row = await repository.find_location(session, id_)
    if row is None:
        raise NotFoundError
    return view.full_location(row)


def slice_page(shown: Sequence[HsdsObject], query: HsdsQuery) -> dict[str, Any]:
    """The page that is asked for, of objects that are all there."""
    number, per_page = query.page or 1, query.per_page or PER_PAGE
    part = shown[(number - 1) * per_page : number * per_page]
    return page_of([each.written() for each in part], len(shown), number, per_page)
