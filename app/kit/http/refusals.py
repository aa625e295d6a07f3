"""An answer for what is refused before it is a request that an application could answer."""

from http import HTTPStatus

import orjson

from app.kit.errors import ApiError
from app.kit.http.middleware import SECURITY_HEADERS
from app.kit.http.problem import MEDIA_TYPE, describe_at


def refusal(error: ApiError, path: str) -> bytes:
    """The bytes that tell of `error` and that the connection closes; in Dutch, as nobody may have said otherwise."""
    content = orjson.dumps(describe_at(path, error, "nl"))
    headers = {
        **SECURITY_HEADERS,
        **error.headers,
        "Content-Type": MEDIA_TYPE,
        "Content-Language": "nl",
        "Content-Length": str(len(content)),
        "Cache-Control": "no-store",
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + content
