"""Answers as FHIR wants them: the format that is asked, weak ETags with the version, and how long they may be kept.

http://hl7.org/fhir/R4/http.html
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Request, Response

from app.finding.catalogue.dependencies import Context
from app.finding.catalogue.follower import Follower
from app.kit.http.accept import Preference, preferences
from app.kit.http.dependencies import ReplicaReading
from app.kit.http.respond import VARY, content_etag, is_known, origin_of
from app.kit.http.rights import AnyReader
from app.kit.json_bytes import to_json
from app.standards.fhir.errors import NotAcceptableError
from app.standards.fhir.service import View
from app.standards.fhir.vocabulary import BASE, MEDIA_TYPE

_JSON: Final = frozenset({MEDIA_TYPE, "application/json", "text/json", "application/*", "*/*"})
_FORMATS: Final = frozenset({"json", MEDIA_TYPE, "application/json", "text/json"})
_FHIR_VERSIONS: Final = frozenset({"4.0", "4.0.1"})
OPEN: Final = "public, max-age=3600"
"""How long what is open to all may be kept."""
PUBLIC: Final = "public, max-age=60"
PRIVATE: Final = "private, no-cache"


async def _negotiate(request: Request) -> None:
    check_format(request, _JSON, MEDIA_TYPE)


def check_format(request: Request, taken: frozenset[str], given: str) -> None:
    """`NotAcceptableError` where neither `_format` nor, without it, Accept takes what is given."""
    format_ = request.query_params.get("_format")
    if format_:
        essence = format_.replace(" ", "+").partition(";")[0].strip().lower()  # a bare + in a query is a space
        acceptable = essence in _FORMATS | taken
    else:
        given_ranges = preferences(request.headers.get("accept", "").strip() or "*/*")
        acceptable = any(_takes(each, taken) for each in given_ranges)
    if not acceptable:
        raise NotAcceptableError(given)


def _takes(each: Preference, taken: frozenset[str]) -> bool:
    return each.name in taken and each.weight > 0 and each.parameters.get("fhirversion", "4.0") in _FHIR_VERSIONS


Negotiated = Depends(_negotiate)
"""Lets through who takes JSON."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request for resources, with all that answering it takes."""

    request: Request
    reader: ReplicaReading
    follower: Follower
    view: View
    base: str

    @property
    def cache(self) -> str:
        """How long the answer may be kept: by all for a minute where it is the same for all."""
        return PUBLIC if self.view.public else PRIVATE

    @property
    def strict(self) -> bool:
        """Whether what is not known is to be refused, not left aside."""
        prefers = self.request.headers.get("prefer", "").replace(" ", "").lower()
        return "handling=strict" in prefers.replace(";", ",").split(",")


async def _exchange(request: Request, caller: AnyReader, reader: ReplicaReading, context: Context) -> Exchange:
    view = View(context.follower.catalogue, context.now, context.language, caller is None)
    return Exchange(request, reader, context.follower, view, origin_of(request) + BASE)


WithExchange = Annotated[Exchange, Depends(_exchange)]


def answer(
    request: Request,
    content: dict[str, Any],
    *,
    cache: str,
    changed_at: datetime | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """A resource; 304 for who has this version, by its ETag or, without one, by when it last changed."""
    body = to_json(content)
    version = content.get("meta", {}).get("versionId")
    etag = f"W/{content_etag(body)}" if version is None else f'W/"{version}"'
    merged = {"ETag": etag, "Cache-Control": cache, "Vary": f"Accept, {VARY}", **(headers or {})}
    if changed_at is not None:
        merged["Last-Modified"] = format_datetime(changed_at.astimezone(UTC), usegmt=True)
    if is_known(request, etag) or _unchanged(request, changed_at):
        return Response(status_code=304, headers=merged)
    return Response(body, media_type=MEDIA_TYPE, headers=merged)


def _unchanged(request: Request, changed_at: datetime | None) -> bool:
    """Whether it is as old as If-Modified-Since says; not asked where there is an If-None-Match (RFC 9110)."""
    given = request.headers.get("if-modified-since")
    if given is None or changed_at is None or "if-none-match" in request.headers:
        return False
    try:
        since = parsedate_to_datetime(given)
    except ValueError:
        return False
    return since.tzinfo is not None and changed_at.replace(microsecond=0) <= since
