"""The routes of the web app, as the application has them: a new page cannot be forgotten."""

import re
from collections.abc import Iterator
from typing import Final

from fastapi.routing import APIRoute, iter_route_contexts

from app.main import PAGES
from app.web.shell.routing import PageRoute

OPEN: Final = re.compile(r"/(aanmelden|afmelden|afgemeld|static|manifest\.webmanifest|sw\.js)(/|$)")
"""Signing in and out, and the files of the app itself: for everybody."""
STREAM: Final = re.compile(r"/live$")
"""Streams, which do not end by themselves."""
FILE: Final = re.compile(r"\.(csv|xlsx|js|webmanifest)$|^/static/")
"""What is not a page."""


def routes() -> list[APIRoute]:
    """All of them, in the order in which a path is looked up."""
    found = [each.original_route for router in PAGES for each in iter_route_contexts(router.routes)]
    return [each for each in found if isinstance(each, PageRoute)]


def paths(method: str) -> list[str]:
    """Those of a method, but for what is for everybody."""
    found = {each.path for each in routes() if method in (each.methods or ())}
    return sorted(each for each in found if not OPEN.match(each))


def page_paths() -> Iterator[str]:
    """Those that are a page to look at, signing in among them."""
    for path in sorted({each.path for each in routes() if "GET" in (each.methods or ())}):
        if not (STREAM.search(path) or FILE.search(path)):
            yield path


def template_of(path: str) -> str | None:
    """The route that a path leads to, as it is written in the code; None where there is none."""
    for each in routes():
        if "GET" in (each.methods or ()) and each.path_regex.match(path):
            return str(each.path)
    return None
