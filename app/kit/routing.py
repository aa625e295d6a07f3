"""A router whose operations refuse query keys that they do not have."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, params
from fastapi.dependencies.utils import get_dependant, get_flat_params
from fastapi.routing import APIRoute

from app.kit.schemas import Schema


class NoQuery(Schema):
    """No query keys at all."""


async def _refuse_query(_: Annotated[NoQuery, Query()]) -> None:
    """Reports each query key as unknown, together with the other errors of the input."""


class Operation(APIRoute):
    """A route without query parameters takes none; one with them declares a `Schema`, which forbids others."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        dependencies: Sequence[params.Depends] | None = None,
        **options: Any,
    ) -> None:
        parameters = get_flat_params(get_dependant(path=path, call=endpoint))
        takes_query = any(isinstance(parameter.field_info, params.Query) for parameter in parameters)
        own = [] if takes_query else [Depends(_refuse_query)]
        super().__init__(path, endpoint, dependencies=[*own, *(dependencies or [])], **options)


def router(tag: str) -> APIRouter:
    """A feature's router: one tag, strict query keys."""
    return APIRouter(tags=[tag], route_class=Operation)
