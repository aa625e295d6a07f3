"""Every answer that a test gets is one that the OpenAPI document has for its operation: its status and its headers.

`check` is a hook of the client that tests ask with; what is outside the document (FHIR, HSDS, metrics) is let by.
"""

import re
from typing import Any, NamedTuple

import httpx
from fastapi import FastAPI

from app.kit.http.openapi import document

_HEADERS = ("ETag", "Location", "Retry-After")
_METHODS = {"HEAD": "get"}


class _Path(NamedTuple):
    pattern: re.Pattern[str]
    operations: dict[str, Any]


_KEPT: "list[Declared]" = []


class Declared:
    """What the document of an application says of its answers."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._headers = content["components"]["headers"]
        paths = sorted(content["paths"], key=lambda path: path.count("{"))  # a name goes before a parameter
        self._paths = [
            _Path(re.compile("/v1" + re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), content["paths"][path])
            for path in paths
        ]

    async def check(self, response: httpx.Response) -> None:
        """`AssertionError` where the answer has a status or a header that its operation does not declare, or lacks
        one that it does."""
        responses = self._responses(response.request)
        status = response.status_code
        if responses is None or status == 405:
            return
        told = f"{response.request.method} {response.request.url.path} answers with {status}"
        assert str(status) in responses, f"{told}, which the OpenAPI document does not have"
        declared = responses[str(status)].get("headers", {})
        for name in _HEADERS:
            if name in response.headers:
                assert name in declared, f"{told} and {name}, which the OpenAPI document does not have"
                assert name != "Location" or self._can_be_read(response), f"{told} and a Location that nobody can read"
            else:
                assert not self._is_required(declared.get(name, {})), f"{told} without {name}, which it declares"

    def _can_be_read(self, response: httpx.Response) -> bool:
        place = response.headers["Location"]
        return any(each.pattern.fullmatch(place) and "get" in each.operations for each in self._paths)

    def _responses(self, request: httpx.Request) -> dict[str, Any] | None:
        found = [each for each in self._paths if each.pattern.fullmatch(request.url.path)]
        if not found:
            return None
        method = _METHODS.get(request.method, request.method.lower())
        operation = found[0].operations.get(method, {})
        responses: dict[str, Any] | None = operation.get("responses")
        return responses

    def _is_required(self, header: dict[str, Any]) -> bool:
        if "$ref" in header:
            header = self._headers[header["$ref"].rpartition("/")[2]]
        return bool(header.get("required"))


def declared_by(app: FastAPI) -> Declared:
    """What the application declares; it is the same for every application that a test composes."""
    if not _KEPT:
        _KEPT.append(Declared(document(app)))
    return _KEPT[0]
