"""Answers: JSON with a strong ETag, and 304 for who has it already."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from zlib import crc32

from fastapi import Header, Request, Response

from app.kit.entity_tags import etag_of
from app.kit.http.parts import KitParts, parts_of
from app.kit.json_bytes import to_json

VARY = "Accept-Language, Authorization"
"""What an answer differs by, beside its URL."""


def origin_of(request: Request) -> str:
    """Where callers reach the service, without a slash at its end, for links that have to be absolute."""
    settings = parts_of(request.app, KitParts).settings
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


def respond_as_shown(request: Request, content: Any, version: int, **options: Any) -> Response:
    """As `respond`, for what is shown otherwise as days go by: the ETag says what is shown after the version.

    So a change may be based on any that has this version, and a GET gets 304 only for what it would be shown.
    """
    body = to_json(content)
    return respond_bytes(request, body, "application/json", version=[version, crc32(body)], **options)


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
