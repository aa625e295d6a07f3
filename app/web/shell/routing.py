"""A router of pages: changes come from our own pages only, and every answer has the headers that keep it safe."""

import gzip
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from app.domain.language import Text
from app.kit.errors import ForbiddenError
from app.kit.http.guards import guarded
from app.kit.http.late_routes import LateRoute
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.respond import origin_of
from app.web.map.tiles import HOST

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # signs of the component library are in its style sheet
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
POLICY_OVER_PDOK: Final = POLICY.replace("img-src 'self'", f"img-src 'self' {HOST}")
"""Where maps are drawn over PDOK's background (setting PDOK_BACKGROUND)."""

_SAFE: Final = {"GET", "HEAD", "OPTIONS"}
_WORTH_PACKING: Final = 1_000


def check_origin(request: Request) -> None:
    """`ForbiddenError` for a change that another site's page asks for (Fetch Metadata; Origin where there is none)."""
    if request.method in _SAFE:
        return
    site = request.headers.get("sec-fetch-site")
    fits = site == "same-origin" if site else request.headers.get("origin") == origin_of(request)
    if not fits:
        raise ForbiddenError(
            Text(
                nl="Dit formulier kwam niet van deze site. Open de pagina hier opnieuw en probeer het nog eens.",
                en="This form did not come from this site. Open the page here again, and try once more.",
            )
        )


def dress(request: Request, answer: Response) -> Response:
    """The answer with its Content-Security-Policy; text is packed where the browser takes that."""
    over_pdok = parts_of(request.app, KitParts).settings.pdok_background
    answer.headers["Content-Security-Policy"] = POLICY_OVER_PDOK if over_pdok else POLICY
    body = getattr(answer, "body", b"")
    is_text = answer.headers.get("content-type", "").startswith("text/html")
    if is_text and len(body) > _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        answer.body = gzip.compress(body, 6)
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Content-Length"] = str(len(answer.body))
        answer.headers.add_vary_header("Accept-Encoding")
    return answer


class PageRoute(LateRoute):
    """A route of the web app. Its errors are pages too: `error_pages`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own, after the guard."""
        standard = guarded(self.methods, self.dependant, super().get_route_handler())

        async def handle(request: Request) -> Response:
            check_origin(request)
            return dress(request, await standard(request))

        return handle


def router() -> APIRouter:
    """The router of a page family; none of its paths is in the OpenAPI document."""
    return APIRouter(route_class=PageRoute, include_in_schema=False)
