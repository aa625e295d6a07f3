"""The page, and what it is made of."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from app.kit.http.late_routes import LateRoute
from app.kit.http.parts import KitParts, parts_of

router = APIRouter(route_class=LateRoute, include_in_schema=False)

PATH: Final = "/docs"
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the icons of Swagger UI are in its style sheet
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
_HERE: Final = Path(__file__).parent
_FILES: Final = StaticFiles(directory=_HERE / "files")
_DEMO_BEGINS: Final = "<!-- demo -->"
_DEMO_ENDS: Final = "<!-- /demo -->"


def _page(*, demo: bool) -> str:
    """The page as HTML; what is between the two comments belongs to demo mode alone."""
    whole = (_HERE / "page.html").read_text(encoding="utf-8")
    before, _, rest = whole.partition(_DEMO_BEGINS)
    inside, _, after = rest.partition(_DEMO_ENDS)
    return before + (inside if demo else "") + after


_PAGES: Final = {demo: _page(demo=demo) for demo in (True, False)}


@router.get(PATH)
async def get_page(request: Request) -> Response:
    """The page; in demo mode with the demo clients, of which a token is one click away."""
    demo = parts_of(request.app, KitParts).settings.demo
    return HTMLResponse(_PAGES[demo], headers=_HEADERS)


@router.get(PATH + "/{name:path}")
async def get_file(request: Request, name: str) -> Response:
    """A script, a style sheet or a licence of the page; 404 (a problem) where there is none of that name."""
    answer = await _FILES.get_response(name, request.scope)
    answer.headers.update(_HEADERS)
    return answer
