"""Templates made into answers: the whole page, or for htmx the part that it swaps."""

from pathlib import Path
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.kit.http.parts import KitParts, parts_of
from app.web.shell import files, words
from app.web.shell.navigation import items_for
from app.web.shell.visitors import visitor_of

TEMPLATES: Final = Path(__file__).parents[1]

_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_ENVIRONMENT.globals.update(static=files.address_of, static_version=files.VERSION, roles=words.ROLES)
_ENVIRONMENT.filters.update(
    age=words.age_of_figure,
    day=words.day,
    short_day=words.short_day,
    clock_time=words.clock_time,
    number=words.number,
    count=words.count,
    dialled=words.dialled,
    sentence=words.sentence,
)


def wants_part(request: Request) -> bool:
    """Whether htmx asks, to swap a part of the page that is there; not where it swaps the whole of it."""
    return "hx-request" in request.headers and request.headers.get("hx-request-type") != "full"


def render(
    request: Request,
    template: str,
    *,
    part: str | None = None,
    status: int = 200,
    cache: str = "no-store",
    **values: Any,
) -> Response:
    """The answer with a template of `app/web`, such as "free_places/page.html"; with `part` instead where htmx asks.

    `cache` is its Cache-Control: of pages that anybody may see again "private, no-cache"; of dossiers nothing is kept.
    """
    if part is not None and wants_part(request):
        template = part
    text = _ENVIRONMENT.get_template(template).render(**_frame(request), is_refused=status >= 400, **values)
    return HTMLResponse(text, status, {"Cache-Control": cache, "Content-Language": "nl", "Vary": "Cookie, HX-Request"})


def _frame(request: Request) -> dict[str, Any]:
    """What the layout asks for; `noted` gathers what is wrong with the fields of forms (`shell/_fields.html`)."""
    parts, visitor = parts_of(request.app, KitParts), visitor_of(request)
    return {
        "path": request.url.path,
        "visitor": visitor,
        "navigation": items_for(visitor.caller.role if visitor else None),
        "demo": parts.settings.demo,
        "now": parts.clock(),
        "noted": [],
    }


def go_to(request: Request, path: str) -> Response:
    """Leads to another page of ours, after a change too (303); htmx loads it as a page."""
    if wants_part(request):
        return Response(headers={"HX-Redirect": path, "Cache-Control": "no-store"})
    return RedirectResponse(path, 303, {"Cache-Control": "no-store"})
