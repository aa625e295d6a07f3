"""What went wrong, as a page: in Dutch, with how to go on."""

from typing import Any, Final
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.routing import iter_route_contexts

from app.kit.http.accept import preferred
from app.kit.http.problem import MEDIA_TYPE
from app.web.shell.problems import told
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import PageRoute, dress

SIGN_IN: Final = "/aanmelden"
_HTML: Final = "text/html"


class ErrorPages:
    """The pages of errors; `api` has the paths under which errors stay problems."""

    def __init__(self, *api: str) -> None:
        self._api = tuple(f"{path}/" for path in api)

    def covers(self, request: Request) -> bool:
        """Whether the error of this request is told as a page: of a page, or of a path that a browser made up."""
        route, path = request.scope.get("route"), f"{request.scope['path']}/"
        if isinstance(route, PageRoute):
            return True
        return route is None and not path.startswith(self._api) and preferred(request, MEDIA_TYPE, _HTML) == _HTML

    def answer(self, request: Request, problem: dict[str, Any]) -> Response:
        """The page that tells of a problem; who has yet to sign in is led to where that is done, and who opens the
        address of a form, as a browser keeps it of one that was refused, to the page that the form is on."""
        if problem["status"] == 401:
            return dress(request, go_to(request, f"{SIGN_IN}?naar={quote(_here(request))}"))
        if problem["status"] == 405 and request.method == "GET":
            return dress(request, go_to(request, _page_above(request)))
        said = told(problem, request.state.request_id)
        page = render(request, "shell/error.html", part="shell/_error.html", status=problem["status"], told=said)
        return dress(request, page)


def _page_above(request: Request) -> str:
    """The nearest page above the address of a form: /aanmeldingen/1 of /aanmeldingen/1/besluit."""
    path = request.url.path.rpartition("/")[0]
    routes = [each.original_route for each in iter_route_contexts(request.app.routes)]
    while path and not any(_is_page(each, path) for each in routes):
        path = path.rpartition("/")[0]
    return path or "/"


def _is_page(route: object, path: str) -> bool:
    return isinstance(route, PageRoute) and "GET" in (route.methods or ()) and bool(route.path_regex.match(path))


def _here(request: Request) -> str:
    """The page that was asked; after a change, the start."""
    if request.method != "GET":
        return "/"
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path
