"""The limits that the product is held against: the bare framework, alone and inside the product's own frame.

Both answer with 10 KB that are ready, after reading the input with the product's own models.
"""

from collections.abc import Callable
from typing import Annotated, Any, Final

import orjson
from fastapi import FastAPI, Query, Response

from app.finding.matching.schemas import MatchRequest
from app.finding.search.schemas import AvailabilityQuery
from app.kit.http.routing import router as make_router
from app.kit.monitoring import logging
from app.main import create_app
from app.settings import Settings

BODY_BYTES: Final = 10_240
FRAMED: Final = "/bare"
"""Where the endpoints are in the product's application."""

_ITEM: Final = {"name": "Gezinshuis De Duinen", "careType": "gezinshuis", "ageMin": 6, "ageMax": 17, "distanceKm": 12.4}


def ready_body() -> bytes:
    """JSON of `BODY_BYTES` bytes."""
    body = orjson.dumps({"results": [_ITEM] * 90, "filler": ""})
    return body[:-2] + b"x" * (BODY_BYTES - len(body)) + body[-2:]


def _endpoints() -> tuple[Callable[..., Any], Callable[..., Any]]:
    body = ready_body()

    async def match(_: MatchRequest) -> Response:
        return Response(body, media_type="application/json")

    async def search(_: Annotated[AvailabilityQuery, Query()]) -> Response:
        return Response(body, media_type="application/json")

    return match, search


def framework() -> FastAPI:
    """FastAPI and nothing else."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    match, search = _endpoints()
    app.post("/v1/matches")(match)
    app.get("/v1/availability")(search)
    app.get("/ready")(lambda: "yes")
    return app


def product_frame() -> FastAPI:
    """The product's application with the endpoints added, under `FRAMED`: its middleware, and no rights."""
    settings = Settings()
    logging.configure(settings)
    app = create_app(settings)
    match, search = _endpoints()
    router = make_router("Benchmark")
    router.post("/v1/matches")(match)
    router.get("/v1/availability")(search)
    app.include_router(router, prefix=FRAMED)
    app.router.routes.insert(0, app.router.routes.pop())  # as the product's own: what is asked most goes first
    return app
