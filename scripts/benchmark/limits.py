"""The limit that the product is held against: the bare framework, served as `wijzer serve` serves the product.

It answers with 10 KB that are ready, after reading the input with the product's own models.
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


def ready_body() -> bytes:
    """JSON of `BODY_BYTES` bytes."""
    body = orjson.dumps({"results": [_ITEM] * 90, "filler": ""})
    return body[:-2] + b"x" * (BODY_BYTES - len(body)) + body[-2:]


def framework() -> FastAPI:
    """FastAPI and nothing else."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    body = ready_body()

    @app.post("/v1/matches")
    async def match(_: MatchRequest) -> Response:
        return Response(body, media_type="application/json")

    @app.get("/v1/availability")
    async def search(_: Annotated[AvailabilityQuery, Query()]) -> Response:
        return Response(body, media_type="application/json")

    app.get("/ready")(lambda: "yes")
    return app


if __name__ == "__main__":
    uvicorn.run(
        "scripts.benchmark.limits:framework",
        factory=True,
        port=int(sys.argv[1]),
        workers=int(sys.argv[2]),
        access_log=False,
        log_config=None,
        server_header=False,
    )
