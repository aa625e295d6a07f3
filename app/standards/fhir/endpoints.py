"""FHIR R4, read-only: HealthcareService, Location and Organization, and what describes them."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.domain.language import Text
from app.kit.errors import (
    InputError,
    InvalidInputError,
    NotFoundError,
    UnsupportedMediaTypeError,
)
from app.kit.http.late_routes import LateRoute
from app.kit.http.respond import origin_of
from app.standards.fhir import service
from app.standards.fhir.capability import capability_statement
from app.standards.fhir.definitions import TYPES as DEFINITION_TYPES
from app.standards.fhir.definitions import definitions
from app.standards.fhir.parameters import TYPES, Type
from app.standards.fhir.responses import (
    OPEN,
    Exchange,
    Negotiated,
    WithExchange,
    answer,
)
from app.standards.fhir.search import Search, read_search
from app.standards.fhir.service import Page
from app.standards.fhir.vocabulary import BASE

router = APIRouter(route_class=LateRoute, tags=["FHIR"], include_in_schema=False, dependencies=[Negotiated])
"""Outside the OpenAPI document: FHIR describes itself, at `/metadata`."""

_FORM = "application/x-www-form-urlencoded"


@router.get("/metadata")
async def get_capabilities(request: Request) -> Response:
    """What can be asked here."""
    origin = origin_of(request)
    content = capability_statement(origin + BASE, f"{origin}/v1/oauth/token")
    return answer(request, content, cache=OPEN)


def _add(type_: Type) -> None:
    """The reads of a type."""

    async def find(exchange: WithExchange, id_: str) -> Response:
        content, changed_at = await service.read(exchange.reader, type_, _uuid(type_, id_), exchange.view)
        return _answer(exchange, content, changed_at=changed_at)

    async def search(exchange: WithExchange) -> Response:
        return await _search(exchange, type_, exchange.request.query_params.multi_items())

    async def search_by_form(exchange: WithExchange) -> Response:
        given = [*exchange.request.query_params.multi_items(), *await _form(exchange.request)]
        return await _search(exchange, type_, given)

    router.add_api_route(f"/{type_}", search, methods=["GET"], name=f"search {type_}")
    router.add_api_route(f"/{type_}/_search", search_by_form, methods=["POST"], name=f"search {type_} by form")
    router.add_api_route(f"/{type_}/{{id_}}", find, methods=["GET"], name=f"read {type_}")


def _answer(exchange: Exchange, content: dict[str, Any], **options: Any) -> Response:
    headers = exchange.follower.headers | {"Content-Language": exchange.view.language}
    return answer(exchange.request, content, cache=exchange.cache, headers=headers, **options)


def _uuid(type_: Type, given: str) -> UUID:
    try:
        found = UUID(given)
    except ValueError:
        found = None
    if found is None or str(found) != given:
        raise NotFoundError(Text(nl=f"{type_}/{given[:64]}", en=f"{type_}/{given[:64]}"))
    return found


async def _form(request: Request) -> list[tuple[str, str]]:
    """The parameters in a body, which count as those in the URL do."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise UnsupportedMediaTypeError(_FORM)
    try:
        return parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError as error:
        text = Text(nl="De inhoud is niet te lezen als formulier.", en="The body cannot be read as a form.")
        raise InvalidInputError(InputError("#", "unreadable", text)) from error


async def _search(exchange: Exchange, type_: Type, given: list[tuple[str, str]]) -> Response:
    search = read_search(type_, given, base=exchange.base, strict=exchange.strict)
    page = await service.search(exchange.reader, search, exchange.view)
    return _answer(exchange, _bundle(exchange.base, search, page))


def _bundle(base: str, search: Search, page: Page) -> dict[str, Any]:
    """The searchset of a page."""
    links = [{"relation": "self", "url": search.link(base)}]
    if page.last is not None:
        links.append({"relation": "next", "url": search.link(base, after=page.last)})
    modes = (("match", page.matches), ("include", page.included))
    return _searchset(base, page.total, links, [(mode, each) for mode, found in modes for each in found])


def _searchset(
    base: str, total: int, links: list[dict[str, str]], found: list[tuple[str, dict[str, Any]]]
) -> dict[str, Any]:
    entries = [
        {"fullUrl": f"{base}/{each['resourceType']}/{each['id']}", "resource": each, "search": {"mode": mode}}
        for mode, each in found
    ]
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": total, "link": links}
    return bundle | ({"entry": entries} if entries else {})


def _add_definitions(type_: str) -> None:
    """The reads of what describes the rest; open to all."""

    async def find(request: Request, id_: str) -> Response:
        found = definitions()[type_].get(id_)
        if found is None:
            raise NotFoundError(Text(nl=f"{type_}/{id_[:64]}", en=f"{type_}/{id_[:64]}"))
        return answer(request, found, cache=OPEN)

    async def search(request: Request) -> Response:
        url, base = request.query_params.get("url"), origin_of(request) + BASE
        found = [("match", each) for each in definitions()[type_].values() if url in {None, each["url"]}]
        links = [{"relation": "self", "url": f"{base}/{type_}" + (f"?url={url}" if url else "")}]
        return answer(request, _searchset(base, len(found), links, found), cache=OPEN)

    router.add_api_route(f"/{type_}", search, methods=["GET"], name=f"search {type_}")
    router.add_api_route(f"/{type_}/{{id_}}", find, methods=["GET"], name=f"read {type_}")


for _type in TYPES:
    _add(_type)
for _definition_type in DEFINITION_TYPES:
    _add_definitions(_definition_type)
