"""Routes that FastAPI works out when they are first asked for, and once in the life of a process.

What a route takes and answers follows from its signature, and from the schemas in it: some 5 ms of a processor, and
there are 300 of them. FastAPI works all of them out while modules load, and again in each application that includes
them. Here a route has its path and methods until then, which is all that a request is held against.
"""

from collections.abc import Callable
from typing import Any, Self

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import compile_path, get_name
from starlette.types import Scope


class LateRoute(APIRoute):
    """A route of which all but path, methods and name is worked out when something first asks for it.

    `declared_path` is its path as its feature wrote it; `path` has the prefix under which an application serves it.
    Until it is worked out it serves nothing: whoever has a mistake in a signature hears of it from the test that makes
    the OpenAPI document, which works out all.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.path = self.declared_path = path
        self.endpoint = endpoint
        self.methods = {method.upper() for method in options.get("methods") or ["GET"]}
        self.name = options.get("name") or get_name(endpoint)
        self.include_in_schema = options.get("include_in_schema", True)
        self._options = options
        self._under = dict[str, Self]()

    def __getattr__(self, name: str) -> Any:
        """What is not there yet; Python calls this for no other attribute."""
        if name.startswith("_") or "dependant" in self.__dict__:
            raise AttributeError(name)
        self.work_out(**self._options)
        return getattr(self, name)

    def work_out(self, **options: Any) -> None:
        """Finds out what the route takes and answers, as FastAPI does; `options` are those of `APIRoute`."""
        APIRoute.__init__(self, self.path, self.endpoint, **options)

    def under(self, prefix: str, *, in_schema: bool) -> Self:
        """The same route with that before its path; the same one each time, so that it is worked out once."""
        if prefix not in self._under:
            options = {**self._options, "include_in_schema": self.include_in_schema and in_schema}
            route = type(self)(prefix + self.declared_path, self.endpoint, **options)
            route.declared_path = self.declared_path
            route.path_regex, route.path_format, route.param_convertors = compile_path(route.path)
            self._under[prefix] = route
        return self._under[prefix]


def path_of(scope: Scope) -> str | None:
    """The path of the route that serves this request, as its feature wrote it; None where none does."""
    route = scope.get("route")
    path: str | None = getattr(route, "declared_path", getattr(route, "path", None))
    return path


def include(into: FastAPI | APIRouter, router: APIRouter, prefix: str = "", *, in_schema: bool = True) -> None:
    """Has the application, or a router above it, serve the routes of the router under that prefix.

    `in_schema`: those that say so stand in its OpenAPI document. All must be a `LateRoute`, or it is a TypeError.
    """
    for route in router.routes:
        if not isinstance(route, LateRoute):
            raise TypeError(f"{route} is no LateRoute: say route_class=LateRoute where its router is made")
        into.routes.append(route.under(prefix, in_schema=in_schema))
