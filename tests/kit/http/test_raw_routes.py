"""What is answered past FastAPI is answered alike, and what is not plainly good is left to FastAPI."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.routing import iter_route_contexts
from msgspec import UNSET, UnsetType
from msgspec.json import Decoder
from pydantic import Field, ValidationError

from app.domain.language import Text
from app.kit.errors import ForbiddenError, NotFoundError
from app.kit.http import problem
from app.kit.http.guards import before_body
from app.kit.http.late_routes import include
from app.kit.http.parts import KitParts, compose_with, parts_of
from app.kit.http.raw_routes import RawRoutes, is_json, plain_keys, raw, raw_answer_of
from app.kit.http.routing import Operation, lists
from app.kit.plain_json import Plain, read_plain
from app.kit.schemas import NormDay, Schema, Unique, Whole


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


class PlainBody(Plain, frozen=True):
    """The same body, where it is plainly good."""

    number: int
    day: date | UnsetType | None = UNSET
    codes: list[str] | UnsetType = UNSET


DECODER = Decoder(PlainBody)


@before_body
async def _agent(request: Request) -> str:
    if "x-agent" not in request.headers:
        raise ForbiddenError(Text(nl="Wie vraagt dat?", en="Who asks?"))
    return request.headers["x-agent"]


Agent = Annotated[str, Depends(_agent)]


def _told(said: object) -> Response:
    return Response(repr(said).encode("utf-8", "backslashreplace"))


def _answer(path: str, number: float, day: date | None, codes: list[str], query: Keys) -> Response:
    if number == -1:
        raise NotFoundError
    if number == -2:
        raise HTTPException(409)
    return _told([path, int(number), day, codes, query.values()])


async def _put(request: Request, body: Body, query: Annotated[Keys, Query()], _: Agent) -> Response:
    return _answer(request.url.path, body.number, body.day, body.codes, query)


async def _put_plain(request: Request, given: bytes) -> Response | None:
    body = read_plain(DECODER, given) if is_json(request) and not request.scope["query_string"] else None
    if body is None or len(set(body.codes or ())) < len(body.codes or ()):
        return None
    answer = _answer(request.url.path, body.number, body.day or None, body.codes or [], Keys())
    answer.headers["X-Raw"] = "yes"
    return answer


async def _put_raw(request: Request, body: Body, query: Annotated[Keys, Query()], agent: Agent) -> Response:
    return await _put(request, body, query, agent)


raw(_put_raw)(_put_plain)


async def _list(query: Annotated[Keys, Query()]) -> Response:
    return _told(query.values())


async def _list_raw(query: Annotated[Keys, Query()]) -> Response:
    return await _list(query)


@raw(_list_raw)
async def _list_plain(request: Request, _: bytes) -> Response | None:
    keys = plain_keys(request.scope["query_string"], lists(Keys))
    try:
        answer = None if keys is None else await _list(Keys.model_validate(keys))
    except ValidationError:
        return None
    if answer is not None:
        answer.headers["X-Raw"] = "yes"
    return answer


def _app(parts: KitParts, *, is_raw: bool) -> FastAPI:
    app = FastAPI()
    router = APIRouter(route_class=Operation)
    for path in ("/things", "/things/{id_}"):
        router.post(path)(_put_raw if is_raw else _put)
    router.get("/things")(_list_raw if is_raw else _list)
    include(app, router)
    problem.install(app)
    compose_with(app, parts)
    app.add_middleware(RawRoutes, routes=app.routes)
    return app


@pytest.fixture
async def both(app: FastAPI) -> AsyncIterator[list[httpx.AsyncClient]]:
    """The same operations: by FastAPI alone, and answered past it."""
    parts = parts_of(app, KitParts)
    transports = [httpx.ASGITransport(_app(parts, is_raw=each)) for each in (False, True)]
    clients = [
        httpx.AsyncClient(transport=each, base_url="http://test", headers={"X-Agent": "somebody"})
        for each in transports
    ]
    yield clients
    for each in clients:
        await each.aclose()


def same(one: httpx.Response, other: httpx.Response) -> bool:
    """Whether two answers are the same, but for the mark of the raw ones."""
    headers = [{name: value for name, value in each.headers.items() if name != "x-raw"} for each in (one, other)]
    return (one.status_code, one.content) == (other.status_code, other.content) and headers[0] == headers[1]


JSON = {"Content-Type": "application/json"}
GOOD = b'{"number": 3, "day": "2026-11-21", "codes": ["b", "a"]}'


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (GOOD, JSON),
        (GOOD, JSON | {"X-Agent": "another"}),
        (GOOD, JSON | {"Origin": "https://example.org"}),
        (GOOD, JSON | {"Content-Encoding": "gzip"}),
        (b'{"number": -1}', JSON),
        (b'{"number": -2}', JSON),
        (b'{"number": 3, "codes": ["a:b"]}', JSON),
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
    assert same(alone, shortened)


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
    assert same(alone, shortened)


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


async def test_good_input_goes_past_fastapi_and_other_input_does_not(both: list[httpx.AsyncClient]) -> None:
    async def is_raw(path: str = "/things", content: bytes = GOOD, **headers: str) -> bool:
        answer = await both[1].post(path, content=content, headers=JSON | headers)
        assert answer.is_success
        return "X-Raw" in answer.headers

    assert await is_raw()
    assert await is_raw("/things/7")
    assert not await is_raw("/things?limit=7")
    assert not await is_raw(Origin="https://example.org")
    assert not await is_raw(content=b'{"number": 3, "codes": ["a:b"]}')
    listed = [await both[1].get(f"/things?{each}") for each in ("limit=7&careType=a&careType=b", "word=a%20b")]
    assert ["X-Raw" in each.headers for each in listed] == [True, False]


async def test_a_body_of_unknown_length_is_left_to_fastapi(both: list[httpx.AsyncClient]) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield GOOD[:7]
        yield GOOD[7:]

    answer = await both[1].post("/things", content=parts(), headers=JSON)
    assert answer.is_success
    assert "X-Raw" not in answer.headers


async def test_nobody_gets_past_the_guards_of_the_signature(both: list[httpx.AsyncClient]) -> None:
    for each in both:
        del each.headers["X-Agent"]
    refused = [await each.post("/things", content=GOOD, headers=JSON) for each in both]
    assert refused[1].status_code == 403
    assert same(*refused)


def test_these_operations_are_answered_past_fastapi(app: FastAPI) -> None:
    found = {
        (method, str(each.path))
        for each in iter_route_contexts(app.routes)
        if raw_answer_of(each.original_route) is not None
        for method in each.methods or ()
    }
    assert found == {
        ("POST", "/v1/matches"),
        ("GET", "/v1/availability"),
        ("PUT", "/v1/offers/{offerId}/capacity"),
    }
