"""Answers: JSON bytes, strong ETags, 304 for who has it already, and the version that a change was based on."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import Header, Request, Response
from pydantic import BaseModel

from app.kit.entity_tags import etag_of, mismatch_of
from app.kit.errors import PreconditionFailedError, PreconditionRequiredError
from app.settings import Settings

VARY = "Accept-Language, Authorization"
"""What an answer differs by, beside its URL."""


def to_json(content: Any) -> bytes:
    """The bytes of a schema, or of plain dicts and lists with dates, times and UUIDs in them."""
    if isinstance(content, BaseModel):
        return content.model_dump_json().encode()
    return orjson.dumps(content, default=_plain, option=orjson.OPT_UTC_Z)


def _plain(value: object) -> str:
    """The driver's own kind of UUID, which orjson does not know."""
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value)} does not go into JSON")


def origin_of(request: Request) -> str:
    """Where callers reach the service, without a slash at its end, for links that have to be absolute."""
    settings: Settings = request.app.state.settings
    return settings.public_url or str(request.base_url).rstrip("/")


def content_etag(body: bytes) -> str:
    """The strong ETag of an answer that has no version of its own, such as a list."""
    return f'"{hashlib.sha256(body).hexdigest()[:24]}"'


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]


def respond(
    request: Request,
    content: Any,
    *,
    status: int = 200,
    version: int | Sequence[int] | None = None,
    headers: Mapping[str, str] | None = None,
    cache: str = "private, no-cache",
) -> Response:
    """The answer with `content`; a GET that names this ETag in If-None-Match gets 304 without a body."""
    return respond_bytes(
        request, to_json(content), "application/json", status=status, version=version, headers=headers, cache=cache
    )


def respond_bytes(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    status: int = 200,
    version: int | Sequence[int] | None = None,
    headers: Mapping[str, str] | None = None,
    cache: str = "private, no-cache",
) -> Response:
    """As `respond`, with a body of another type than JSON."""
    etag = _etag(body, version)
    merged = {"ETag": etag, "Cache-Control": cache, "Vary": VARY, **(headers or {})}
    if is_known(request, merged["ETag"]):
        return Response(status_code=304, headers=merged)
    return Response(body, status_code=status, media_type=media_type, headers=merged)


def is_known(request: Request, etag: str) -> bool:
    """Whether a GET names this ETag, weak or strong, in If-None-Match (RFC 9110 section 13.1.2)."""
    given = request.headers.get("if-none-match")
    if request.method not in {"GET", "HEAD"} or not given:
        return False
    return "*" in _tags(given) or etag.removeprefix("W/") in _tags(given)


def _etag(body: bytes, version: int | Sequence[int] | None) -> str:
    if version is None:
        return content_etag(body)
    return etag_of(version) if isinstance(version, int) else etag_of(*version)


def check_version(if_match: str | None, current: int | None, *, required: bool = True) -> None:
    """Lets a change through that was based on the current version of the resource itself.

    `PreconditionFailedError` (412) when it was based on another, `PreconditionRequiredError` (428) when it does
    not say and must. `current` is None where there is no resource yet, which no ETag matches.
    """
    if if_match is None:
        if required:
            raise PreconditionRequiredError
        return
    if current is None:
        raise PreconditionFailedError(None)
    mismatch = mismatch_of(if_match, current)
    if mismatch is not None:
        raise PreconditionFailedError(etag_of(current), mismatch)


REQUIRED: Final = "x-required"
"""Marks a header that is required, and of which the service says that it is missing (428), not the reading (400)."""

_IF_MATCH: Final[dict[str, Any]] = {
    "alias": "If-Match",
    "description": "The ETag of the version that the change is based on, as it was given; or * for any.",
    "examples": ['"3"'],
}
IfMatch = Annotated[str | None, Header(**_IF_MATCH, json_schema_extra={REQUIRED: True})]
"""Of a change that is refused without it."""

OptionalIfMatch = Annotated[str | None, Header(**_IF_MATCH)]
"""Of a change that systems make without reading first."""
