"""The limit that the product is held against: the bare framework, served as `wijzer serve` serves the product.

It answers with bytes that are ready, after reading the input with the product's own models.
"""

import sys
from typing import Annotated, Final

import orjson
import uvicorn
from fastapi import FastAPI, Query, Response

from app.finding.matching.schemas import MatchRequest
from app.finding.search.schemas import AvailabilityQuery

BODY_BYTES: Final = 10_240

_ITEM: Final = {"name": "Gezinshuis De Duinen", "careType": "gezinshuis", "ageMin": 6, "ageMax": 17, "distanceKm": 12.4}


def ready_body(size: int) -> bytes:
    """JSON of so many bytes."""
    empty = orjson.dumps({"results": [], "filler": ""})
    items = [_ITEM] * max(0, (size - len(empty)) // (len(orjson.dumps(_ITEM)) + 1))
    body = orjson.dumps({"results": items, "filler": ""})
    return body[:-2] + b"x" * (size - len(body)) + body[-2:]


def framework(sizes: dict[str, int]) -> FastAPI:
    """FastAPI and nothing else; `sizes` in bytes of what a `match` and a `search` are answered with, else 10 KB."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    matched, found = (ready_body(sizes.get(load, BODY_BYTES)) for load in ("match", "search"))

    @app.post("/v1/matches")
    async def match(_: MatchRequest) -> Response:
        return Response(matched, media_type="application/json")

    @app.get("/v1/availability")
    async def search(_: Annotated[AvailabilityQuery, Query()]) -> Response:
        return Response(found, media_type="application/json")

    app.get("/ready")(lambda: "yes")
    return app


def from_command_line() -> FastAPI:
    """With the sizes that the command line names: `match=51200`. A worker has the command line of its parent."""
    pairs = (argument.partition("=") for argument in sys.argv[3:])
    return framework({load: int(size) for load, _, size in pairs})


if __name__ == "__main__":
    uvicorn.run(
        "scripts.benchmark.limits:from_command_line",
        factory=True,
        port=int(sys.argv[1]),
        workers=int(sys.argv[2]),
        access_log=False,
        log_config=None,
        server_header=False,
    )
