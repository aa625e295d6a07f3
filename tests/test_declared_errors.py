"""What a route declares that it raises is what the code behind it raises: no more, and no less.

The code is read, not run: from an endpoint and its dependencies along every function and class of ours that it names.
Errors that a signature brings (no token, no right, bad input, an old version …) are added by the router itself.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from app.kit.errors import (
    ApiError,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    KeyReusedError,
    NotFoundError,
    OverloadedError,
    PreconditionFailedError,
    PreconditionRequiredError,
    TooManyRequestsError,
    UnauthenticatedError,
    UnavailableError,
    UnsupportedMediaTypeError,
)
from app.kit.http.declared_errors import PROBLEMS, raises
from app.kit.http.rights import needs
from app.kit.http.routing import Operation
from app.kit.streams import TooManyStreamsError
from app.standards.hsds.endpoints import router as hsds
from app.supply.offer_batches.endpoints import put_offers

BROUGHT = {
    *(InvalidInputError, KeyReusedError, PreconditionFailedError, PreconditionRequiredError, TooManyRequestsError),
    *(OverloadedError, UnauthenticatedError, UnavailableError, UnsupportedMediaTypeError),
    TooManyStreamsError,
}
"""What a signature brings, that of a stream too."""

IN_LINES: dict[str, set[type[ApiError]]] = {
    "report_capacities": {ConflictError, NotFoundError},
    "put_offers": {ConflictError},
    "deliver_waiting_children": {ApiError},
}
"""What is told of a line in the answer to many, and does not fail the whole."""


@cache
def named_in(function: Callable[..., Any]) -> frozenset[Any]:
    """The functions and classes of ours that the source of a function names."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError):
        return frozenset()
    for each in tree.body:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            each.decorator_list = []  # where a route declares what it raises
    found = (_resolved(node, function) for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute))
    return frozenset(
        each for each in found if isinstance(each, type | FunctionType) and str(each.__module__).startswith("app.")
    )


def _resolved(node: ast.expr, function: Callable[..., Any]) -> Any:
    if isinstance(node, ast.Name):
        return inspect.unwrap(function).__globals__.get(node.id)
    if isinstance(node, ast.Attribute):
        base = _resolved(node.value, function)
        return getattr(base, node.attr, None) if isinstance(base, ModuleType | type) else None
    return None


def raised_from(starts: list[Callable[..., Any]]) -> set[type[ApiError]]:
    """The errors that are named in these functions, or in any that they name."""
    seen: set[Any] = set()
    waiting: list[Any] = list(starts)
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            waiting += [] if isinstance(each, type) else named_in(inspect.unwrap(each))
    return {each for each in seen if isinstance(each, type) and issubclass(each, ApiError)} - {ApiError}


def _dependencies(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        yield each
        yield from _dependencies(each)


def _calls(route: APIRoute) -> list[Callable[..., Any]]:
    calls = [each.call for each in _dependencies(route.dependant) if each.call]
    return [route.endpoint, *(each if isinstance(each, FunctionType) else type(each).__call__ for each in calls)]


def _is_brought(error: type[ApiError], route: APIRoute) -> bool:
    restricted = any(isinstance(each.call, needs) for each in _dependencies(route.dependant))
    return error in BROUGHT or (error is ForbiddenError and restricted)


def raised_by(route: APIRoute) -> set[type[ApiError]]:
    """What a route has to declare."""
    raised = raised_from(_calls(route))
    in_lines = IN_LINES.get(route.endpoint.__name__, set())
    return {
        each
        for each in raised
        if not _is_brought(each, route) and not (in_lines and issubclass(each, (*in_lines, InvalidInputError)))
    }


def _told(responses: dict[int | str, dict[str, Any]]) -> set[tuple[int, str]]:
    """Status and meaning of every problem in the responses."""
    return {
        (int(status), problem["description"])
        for status, response in responses.items()
        for problem in response.get(PROBLEMS, [])
    }


def operations(app: FastAPI) -> list[Operation]:
    """The operations of ours."""
    routes = [each.original_route for each in iter_route_contexts([*app.routes, *hsds.routes])]
    return [route for route in routes if isinstance(route, Operation)]


def test_what_is_declared_is_what_is_raised(app: FastAPI) -> None:
    brought = _told(raises(*BROUGHT, ForbiddenError))
    wrong = {}
    for route in operations(app):
        declared = {told for told in _told(route.responses) if told[0] not in {413, 500}}
        raised = _told(raises(*raised_by(route)))
        if declared - brought != raised - brought or not raised <= declared:
            wrong[f"{route.methods} {route.path}"] = (declared - brought) ^ (raised - brought)
    assert wrong == {}


def test_the_reading_finds_what_is_raised_far_away() -> None:
    assert NotFoundError in raised_from([put_offers])
    assert raised_from([operations]) == set()


@pytest.mark.parametrize("status", [404, 409])
def test_a_match_promises_nothing_that_cannot_come(app: FastAPI, status: int) -> None:
    (match,) = [route for route in operations(app) if route.path == "/v1/matches"]
    assert status not in match.responses
