"""What browsers let pages of other origins ask (WHATWG Fetch, the CORS protocol)."""

from collections.abc import Sequence
from typing import Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_ASKED: Final = (
    *("Authorization", "Content-Type", "Prefer", "Last-Event-ID"),
    *("If-Match", "If-None-Match", "Idempotency-Key"),
)
_ANSWERED: Final = ("ETag", "Link", "Location", "API-Version", "Retry-After", "X-Request-Id")


def install(app: FastAPI, origins: Sequence[str]) -> None:
    """Lets pages of these origins ask all that there is, and read the headers of the answer; of none, without any."""
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=_ASKED,
            expose_headers=_ANSWERED,
        )
