"""Reading the input of an operation whose signature is simple, in one pass.

FastAPI resolves any signature; that takes half as long again as a search of the catalogue. Where an operation takes
no more than a body, query keys and dependencies that ask the request alone, its good input is read here. Whatever
is not plainly good is left to FastAPI, so that it alone refuses input, and says why.
"""

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any, Final, NamedTuple, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel, ValidationError

from app.kit.http.json_body import JsonBodyError

_JSON: Final = "application/json"


class _Asked(NamedTuple):
    """What a parameter of the endpoint is given: what a dependency answers to the request."""

    parameter: str | None
    answer: Callable[..., Awaitable[Any]]
    takes: str


class _Read(NamedTuple):
    """A model that is read from the body or from the query keys."""

    parameter: str
    model: type[BaseModel]


_MORE: Final = _Read("", BaseModel)


class Shortcut:
    """Reads the input of one operation."""

    def __init__(self, asked: list[_Asked], body: _Read | None, query: _Read | None, request: str | None) -> None:
        self._asked = asked
        self._body = body
        self._query = query
        self._request = request
        self._lists = lists(query.model) if query else frozenset()

    @classmethod
    def of(cls, dependant: Dependant) -> "Shortcut | None":
        """The shortcut for a signature; None where it is not that simple."""
        asked = [_asks(each) for each in dependant.dependencies]
        body, query = _reads(dependant.body_params), _reads(dependant.query_params)
        if _takes_more(dependant) or _MORE in (body, query) or None in asked:
            return None
        return cls([each for each in asked if each], body, query, dependant.request_param_name)

    async def read(self, request: Request) -> dict[str, Any] | None:
        """The endpoint's arguments; None where FastAPI has to look."""
        try:
            values = await self._input(request)
        except (ValidationError, JsonBodyError):
            return None
        if values is None:
            return None
        for parameter, answer, takes in self._asked:
            answered = await answer(**{takes: request})
            if parameter:
                values[parameter] = answered
        if self._request:
            values[self._request] = request
        return values

    async def _input(self, request: Request) -> dict[str, Any] | None:
        values: dict[str, Any] = {}
        if self._body:
            if request.headers.get("content-type") != _JSON:
                return None
            values[self._body.parameter] = self._body.model.model_validate(await request.json())
        given = self._keys(request)
        if given is None or (given and not self._query):
            return None
        if self._query:
            values[self._query.parameter] = self._query.model.model_validate(given)
        return values

    def _keys(self, request: Request) -> dict[str, Any] | None:
        """The query keys; None where one that is no list is repeated, or one is empty."""
        given: dict[str, Any] = {}
        if request.scope["query_string"]:
            for key, value in request.query_params.multi_items():
                if key in self._lists:
                    given.setdefault(key, []).append(value)
                elif key in given or not value:
                    return None
                else:
                    given[key] = value
        return given


def lists(model: type[BaseModel]) -> frozenset[str]:
    """The keys of a model that may repeat."""
    return frozenset(
        field.alias or name for name, field in model.model_fields.items() if get_origin(field.annotation) is list
    )


def _reads(fields: list[Any]) -> _Read | None:
    """What is read from these fields: nothing, one model, or more than a shortcut takes."""
    if not fields:
        return None
    [field, *others] = fields
    annotation = field.field_info.annotation
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return _Read(field.name, annotation) if is_model and not others else _MORE


def _asks(dependant: Dependant) -> _Asked | None:
    """A dependency that is a coroutine which takes the request and nothing else."""
    call: Any = dependant.call
    takes = dependant.request_param_name
    is_coroutine = iscoroutinefunction(call) or iscoroutinefunction(getattr(call, "__call__", None))  # noqa: B004 - asked of its kind
    fields = (dependant.dependencies, dependant.body_params, dependant.query_params)
    if takes is None or not is_coroutine or any(fields) or _takes_more(dependant):
        return None
    return _Asked(dependant.name, call, takes)


def _takes_more(dependant: Dependant) -> bool:
    return any(
        (
            dependant.path_params,
            dependant.header_params,
            dependant.cookie_params,
            dependant.websocket_param_name,
            dependant.http_connection_param_name,
            dependant.response_param_name,
            dependant.background_tasks_param_name,
            dependant.security_scopes_param_name,
        )
    )
