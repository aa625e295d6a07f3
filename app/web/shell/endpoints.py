"""The files that pages load, the manifest and the service worker."""

from typing import Final

from fastapi import Request, Response

from app.kit.errors import NotFoundError
from app.web.shell.files import FILES, VERSION
from app.web.shell.routing import router as make_router

router = make_router()

_FOR_EVER: Final = "public, max-age=31536000, immutable"


@router.get("/static/{version}/{name:path}")
async def get_file(request: Request, version: str, name: str) -> Response:
    """A file; of another version than ours the one of now, which is not kept."""
    return _answer(request, name, _FOR_EVER if version == VERSION else "no-cache")


@router.get("/sw.js")
async def get_service_worker(request: Request) -> Response:
    """The service worker; at the top, because it serves what is below its own path."""
    return _answer(request, "service-worker.js", "no-cache")


@router.get("/manifest.webmanifest")
async def get_manifest(request: Request) -> Response:
    """What the app is called when it is installed."""
    return _answer(request, "manifest.webmanifest", "no-cache")


def _answer(request: Request, name: str, cache: str) -> Response:
    if name not in FILES:
        raise NotFoundError
    file = FILES[name]
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
    if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=file.media_type)
    return Response(file.content, headers=headers, media_type=file.media_type)
