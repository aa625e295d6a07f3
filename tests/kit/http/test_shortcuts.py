"""Input that is read in one pass gives what FastAPI makes of it, and what is not plainly good is left to FastAPI."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import Field

from app.kit.http import problem
from app.kit.http.late_routes import include
from app.kit.http.parts import KitParts, compose_with, parts_of
from app.kit.http.routing import JsonRoute, Operation
from app.kit.http.shortcuts import Shortcut
from app.kit.schemas import (
    NormDay,
    Schema,
    Unique,
    Whole,
)


class Body(Schema):
    """A body."""

    number: Whole
    day: NormDay | None = None
    codes: Annotated[list[str], Unique] = Field(default=[])


class Keys(Schema):
    """Query keys."""

    limit: int = Field(default=50, ge=1, le=200)
    care_type: list[str] = Field(default=[])
    word: str | None = Field(default=None)


async def _agent(request: Request) -> str:
    return request.headers.get("x-agent", "nobody")


def _told(said: object) -> Response:
    return Response(repr(said).encode("utf-8", "backslashreplace"))


async def _put(
    request: Request, body: Body, query: Annotated[Keys, Query()], agent: Annotated[str, Depends(_agent)]
) -> Response:
    said = {"body": body.values(), "query": query.values(), "agent": agent, "path": request.url.path}
    return _told(said)


async def _list(query: Annotated[Keys, Query()]) -> Response:
    return _told(query.values())


def _app(kind: type[APIRoute], parts: KitParts) -> FastAPI:
    app = FastAPI()
    router = APIRouter(route_class=kind)
    router.post("/things")(_put)
    router.get("/things")(_list)
    include(app, router)
    problem.install(app)
    compose_with(app, parts)
    return app


@pytest.fixture
async def both(app: FastAPI) -> AsyncIterator[list[httpx.AsyncClient]]:
    """The same operations: by FastAPI alone, and with the shortcut."""
    parts = parts_of(app, KitParts)
    transports = [httpx.ASGITransport(_app(kind, parts)) for kind in (JsonRoute, Operation)]
    clients = [httpx.AsyncClient(transport=each, base_url="http://test") for each in transports]
    yield clients
    for each in clients:
        await each.aclose()


JSON = {"Content-Type": "application/json"}
GOOD = b'{"number": 3, "day": "2026-11-21", "codes": ["b", "a"]}'


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (GOOD, JSON),
        (GOOD, JSON | {"X-Agent": "somebody"}),
        (GOOD, {"Content-Type": "application/json; charset=utf-8"}),
        (GOOD, {"Content-Type": "application/merge-patch+json"}),
        (GOOD, {"Content-Type": "text/plain"}),
        (GOOD, {}),
        (b"", JSON),
        (b"{", JSON),
        (b"null", JSON),
        (b"[]", JSON),
        (b'{"number": "3"}', JSON),
        (b'{"number": 3.0}', JSON),
        (b'{"number": true}', JSON),
        (b'{"number": NaN}', JSON),
        (b'{"number": 1e400}', JSON),
        (b'{"number": 3, "number": 4}', JSON),
        (b'{"number": 3, "other": 4}', JSON),
        (b'{"number": 3, "day": "21-11-2026"}', JSON),
        (b'{"number": 3, "day": 1700006400}', JSON),
        (b'{"number": 3, "codes": ["a", "a"]}', JSON),
        (b'{"number": 3, "codes": "a"}', JSON),
        (b'{"number": 3, "codes": ["\\ud800"]}', JSON),
        (b'{"number": 3, "codes": ["\xff"]}', JSON),
        (b'{"number": 3, "codes": ["\\u00e9"]}', JSON),
        (b'\xef\xbb\xbf{"number": 3}', JSON),
        (b"[" * 5000, JSON),
        (b'{"number": ' + b"9" * 30 + b"}", JSON),
    ],
)
@pytest.mark.parametrize("query", ["", "?limit=7", "?limit=many", "?unknown=1"])
async def test_a_body(both: list[httpx.AsyncClient], content: bytes, headers: dict[str, str], query: str) -> None:
    alone, shortened = [await each.post("/things" + query, content=content, headers=headers) for each in both]
    assert (shortened.status_code, shortened.content) == (alone.status_code, alone.content)


@pytest.mark.parametrize(
    "query",
    [
        *("", "?", "?limit=7", "?limit=", "?limit=0", "?limit=07", "?limit=%37", "?LIMIT=7"),
        *("?careType=a", "?careType=a&careType=b", "?careType=", "?careType=a&careType=", "?care_type=a"),
        *("?word=a+b", "?word=a%20b", "?word=", "?word", "?word=%ff", "?other=1", "?limit=7;word=a"),
    ],
)
async def test_query_keys(both: list[httpx.AsyncClient], query: str) -> None:
    alone, shortened = [await each.get("/things" + query) for each in both]
    assert (shortened.status_code, shortened.content) == (alone.status_code, alone.content)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("?limit=7&limit=8", {"#/query/limit": "repeated"}),
        ("?limit=7&limit=7", {"#/query/limit": "repeated"}),
        ("?word=a&careType=a&word=b&limit=9999&careType=b&word=c&other=1&other=2", {
            "#/query/word": "repeated", "#/query/limit": "out-of-range", "#/query/other": "unknown-query-key",
        }),
        ("?careType=a&careType=b", {}),
    ],
)  # fmt: skip
async def test_a_query_key_that_may_not_repeat(
    both: list[httpx.AsyncClient], query: str, wrong: dict[str, str]
) -> None:
    answer = await both[1].get("/things" + query)
    assert answer.status_code == (400 if wrong else 200)
    assert not wrong or {one["pointer"]: one["code"] for one in answer.json()["errors"]} == wrong


async def test_a_repeated_key_beside_a_body_that_is_wrong_too(both: list[httpx.AsyncClient]) -> None:
    answer = await both[1].post("/things?limit=7&limit=8", json={"number": "many"})
    assert {one["code"] for one in answer.json()["errors"]} == {"type", "repeated"}


def _shortcut(endpoint: Any, path: str = "/things") -> Shortcut | None:
    return Shortcut.of(APIRoute(path, endpoint, methods=["POST"]).dependant)


async def test_good_input_takes_the_shortcut() -> None:
    shortcut = _shortcut(_put)
    assert shortcut is not None
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/things",
        "query_string": b"limit=7&careType=a",
        "headers": [(b"content-type", b"application/json"), (b"x-agent", b"somebody")],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": GOOD, "more_body": False}

    values = await shortcut.read(Request(scope, receive))
    assert values is not None
    assert (values["body"].number, values["query"].limit, values["agent"]) == (3, 7, "somebody")


def _generating() -> Any:
    yield 1


def _blocking(request: Request) -> str:
    return str(request.url)


async def _nested(agent: Annotated[str, Depends(_agent)]) -> str:
    return agent


async def test_what_takes_more_is_left_to_fastapi() -> None:
    async def path(id_: str) -> None: ...
    async def header(x_key: Annotated[str, Header()]) -> None: ...
    async def bodies(one: Body, two: Body) -> None: ...
    async def plain(limit: int) -> None: ...
    async def generating(_: Annotated[int, Depends(_generating)]) -> None: ...
    async def blocking(_: Annotated[str, Depends(_blocking)]) -> None: ...
    async def nested(_: Annotated[str, Depends(_nested)]) -> None: ...

    assert _shortcut(path, "/things/{id_}") is None
    taken = [each for each in (header, bodies, plain, generating, blocking, nested) if _shortcut(each)]
    assert not taken
