"""A router whose operations refuse query keys that they do not have, and declare the errors that they answer with."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any, get_type_hints

from fastapi import APIRouter, Depends, Query, Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant
from fastapi.routing import APIRoute

from app.kit.http.declared_errors import with_brought
from app.kit.http.json_body import JsonRequest
from app.kit.http.shortcuts import Shortcut
from app.kit.schemas import Schema


class NoQuery(Schema):
    """No query keys at all."""


async def _refuse_query(_: Annotated[NoQuery, Query()]) -> None:
    """Reports each query key as unknown, together with the other errors of the input."""


def _takes_query(dependant: Dependant) -> bool:
    return bool(dependant.query_params) or any(map(_takes_query, dependant.dependencies))


class JsonRoute(APIRoute):
    """A route whose JSON is read as `json_body` has it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own, for a request that reads its JSON so."""
        standard = super().get_route_handler()

        async def handle(request: Request) -> Response:
            if not isinstance(request, JsonRequest):
                request = JsonRequest(request.scope, request.receive)
            return await standard(request)

        return handle


class Operation(JsonRoute):
    """A route without query parameters takes none; one with them declares a `Schema`, which forbids others."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        dependencies: Sequence[params.Depends] | None = None,
        **options: Any,
    ) -> None:
        own = [] if _takes_query(get_dependant(path=path, call=endpoint)) else [Depends(_refuse_query)]
        super().__init__(path, endpoint, dependencies=[*own, *(dependencies or [])], **options)
        reads_body = "requestBody" in (self.openapi_extra or {})
        self.responses = with_brought(self.responses, self.dependant, reads_body=reads_body)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own, and before it what reads good input faster where the signature is simple."""
        standard, shortcut = super().get_route_handler(), Shortcut.of(self.dependant)
        if shortcut is None or get_type_hints(self.endpoint).get("return") is not Response:
            return standard
        endpoint = self.endpoint

        async def handle(request: Request) -> Response:
            request = JsonRequest(request.scope, request.receive)
            values = await shortcut.read(request)
            if values is None:
                return await standard(request)
            answer: Response = await endpoint(**values)
            return answer

        return handle


def router(tag: str) -> APIRouter:
    """A feature's router: one tag, strict query keys."""
    return APIRouter(tags=[tag], route_class=Operation)
