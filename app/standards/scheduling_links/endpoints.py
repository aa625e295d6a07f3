"""SMART Scheduling Links: the `$bulk-publish` manifest and its NDJSON files, below the FHIR base."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from app.domain.language import Text
from app.kit.errors import NotFoundError
from app.kit.http.late_routes import LateRoute
from app.kit.http.respond import VARY, is_known
from app.kit.json_bytes import to_json
from app.kit.schemas import read_moment
from app.standards.fhir.parameters import invalid
from app.standards.fhir.responses import Exchange, WithExchange, check_format
from app.standards.scheduling_links import service
from app.standards.scheduling_links.service import (
    FILES,
    TYPES,
    Edition,
    Type,
)

router = APIRouter(route_class=LateRoute, tags=["SMART Scheduling Links"], include_in_schema=False)

NDJSON: Final = "application/fhir+ndjson"
_TAKEN: Final = frozenset({"*/*", "application/*"})
_MANIFEST: Final = _TAKEN | {"application/json", "application/fhir+json"}
_FILE: Final = _TAKEN | {NDJSON, "application/ndjson", "application/x-ndjson"}
MAX_AGE: Final = 60
"""Seconds: clients are asked not to come more often than once a minute."""


@router.get("/$bulk-publish")
async def get_manifest(exchange: WithExchange) -> Response:
    """Where the files are; with `_since` only what changed since."""
    check_format(exchange.request, _MANIFEST, "application/json")
    edition = await _edition(exchange)
    headers = _headers(exchange, edition, "$bulk-publish")
    if is_known(exchange.request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    content = await service.get_manifest(exchange.reader, edition)
    return Response(to_json(content), media_type="application/json", headers=headers)


@router.get(f"/{FILES}/OperationOutcome.ndjson")
async def get_unpublished(exchange: WithExchange) -> Response:
    """Which offers are in no file, and why."""
    check_format(exchange.request, _FILE, NDJSON)
    edition = await _edition(exchange)
    return _file(exchange, edition, "OperationOutcome", service.unpublished(exchange.reader, exchange.view.language))


@router.get(f"/{FILES}/{{state}}/{{type_}}.ndjson")
async def get_file(exchange: WithExchange, state: str, type_: str) -> Response:
    """A line for each Location, Schedule or Slot in a province."""
    check_format(exchange.request, _FILE, NDJSON)
    known = _type(type_)
    if known is None or not service.municipalities_in(state):
        raise NotFoundError
    edition = await _edition(exchange)
    return _file(exchange, edition, f"{state}/{known}", service.lines(exchange.reader, edition, state, known))


def _type(given: str) -> Type | None:
    return next((each for each in TYPES if each == given), None)


async def _edition(exchange: Exchange) -> Edition:
    return await service.get_edition(
        exchange.reader, exchange.follower, exchange.view, exchange.base, _since(exchange.request)
    )


def _since(request: Request) -> datetime | None:
    """The moment that `_since` names."""
    given = [each for each in request.query_params.getlist("_since") if each]
    if len(given) > 1:
        raise invalid("_since", "repeated", Text(nl="_since mag maar een keer.", en="_since may be there only once."))
    try:
        return read_moment(given[0]) if given else None
    except ValueError as error:
        text = Text(
            nl="Hier hoort een tijdstip, zoals 2026-11-22T09:00:00Z of 2026-11-22T10:00:00%2B01:00.",
            en="This should be a time, as 2026-11-22T09:00:00Z or 2026-11-22T10:00:00%2B01:00.",
        )
        raise invalid("_since", "format", text) from error


def _headers(exchange: Exchange, edition: Edition, name: str) -> dict[str, str]:
    kept = "public" if exchange.view.public else "private"
    return {
        "ETag": edition.etag(name),
        "Cache-Control": f"{kept}, max-age={MAX_AGE}",
        "Vary": f"Accept, {VARY}",
        **exchange.follower.headers,
    }


def _file(exchange: Exchange, edition: Edition, name: str, lines: AsyncIterator[bytes]) -> Response:
    headers = _headers(exchange, edition, name)
    if is_known(exchange.request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return StreamingResponse(lines, media_type=NDJSON, headers=headers)
