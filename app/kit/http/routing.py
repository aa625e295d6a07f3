"""A router whose operations refuse query keys that they do not have or that repeat where they may not, and declare the
errors that they answer with."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any, get_origin

from fastapi import APIRouter, Depends, Query, Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant
from pydantic import BaseModel
from starlette.datastructures import QueryParams

from app.kit.http.declared_errors import with_brought
from app.kit.http.guards import guarded
from app.kit.http.json_body import JsonRequest
from app.kit.http.late_routes import LateRoute
from app.kit.schemas import Schema
from app.kit.validation import REPEATED


class NoQuery(Schema):
    """No query keys at all."""


async def _refuse_query(_: Annotated[NoQuery, Query()]) -> None:
    """Reports each query key as unknown, together with the other errors of the input."""


def _takes_query(dependant: Dependant) -> bool:
    return bool(dependant.query_params) or any(map(_takes_query, dependant.dependencies))


class _Marked(JsonRequest):
    """A request of which each repetition of a query key stands apart, under a name that no operation has."""

    @property
    def query_params(self) -> QueryParams:
        return self.scope["marked_query"]  # type: ignore[no-any-return]


def _marked(request: Request, once: frozenset[str]) -> Request | None:
    """The request with its repetitions of these keys marked, which are errors like others; None where there are none.

    FastAPI would read the last of them and say nothing: `municipality=A&municipality=B` answered for B alone.
    """
    given = request.query_params.multi_items()
    seen, marked = set[str](), list[tuple[str, str]]()
    for key, value in given:
        marked.append((key + REPEATED if key in once and key in seen else key, value))
        seen.add(key)
    if marked == given:
        return None
    return _Marked({**request.scope, "marked_query": QueryParams(marked)}, request.receive)


def lists(model: type[BaseModel]) -> frozenset[str]:
    """The keys of a model that may repeat."""
    return frozenset(
        field.alias or name for name, field in model.model_fields.items() if get_origin(field.annotation) is list
    )


def _once(dependant: Dependant) -> frozenset[str]:
    """The query keys of an operation that may not repeat."""
    keys = set[str]().union(*map(_once, dependant.dependencies))
    for field in dependant.query_params:
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            keys |= {each.alias or name for name, each in model.model_fields.items()} - lists(model)
        else:
            keys.add(field.alias)
    return frozenset(keys)


class JsonRoute(LateRoute):
    """A route whose JSON is read as `json_body` has it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own, for a request that reads its JSON so."""
        standard = super().get_route_handler()

        async def handle(request: Request) -> Response:
            if not isinstance(request, JsonRequest):
                request = JsonRequest(request.scope, request.receive)
            return await standard(request)

        return guarded(self.methods, self.dependant, handle)


class Operation(JsonRoute):
    """A route without query parameters takes none; one with them declares a `Schema`, which forbids others."""

    def work_out(self, *, dependencies: Sequence[params.Depends] | None = None, **options: Any) -> None:
        """As FastAPI does, with what refuses query keys, and with the errors that the signature brings."""
        own = [] if _takes_query(get_dependant(path=self.path, call=self.endpoint)) else [Depends(_refuse_query)]
        super().work_out(dependencies=[*own, *(dependencies or [])], **options)
        reads_body = "requestBody" in (self.openapi_extra or {})
        self.responses = with_brought(self.responses, self.dependant, reads_body=reads_body)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own, of a request whose repetitions are marked."""
        standard, once = super().get_route_handler(), _once(self.dependant)

        async def handle(request: Request) -> Response:
            marked = _marked(request, once) if b"&" in request.scope["query_string"] else None
            return await standard(request if marked is None else marked)

        return handle


def router(tag: str, *dependencies: params.Depends) -> APIRouter:
    """A feature's router: one tag, strict query keys, and what all of its operations ask first."""
    return APIRouter(tags=[tag], route_class=Operation, dependencies=dependencies)
