"""What every answer has, whatever made it."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from app import VERSION
from app.kit.database.sessions import connect
from app.main import create_app
from app.settings import Settings
from tests.conftest import (
    SavepointDatabase,
    SettableClock,
    asking,
    serving,
)
from tests.world import World

SECURITY = {
    "api-version": VERSION,
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "content-security-policy": "frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
}
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def assert_framed(answer: httpx.Response) -> None:
    """Has each of the fixed headers, once."""
    for name, value in SECURITY.items():
        assert answer.headers.get_list(name) == [value]
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", answer.headers["traceparent"])
    assert len(answer.headers.get_list("cache-control")) == 1


@pytest.fixture
async def raising(settings: Settings, database: SavepointDatabase, clock: SettableClock) -> AsyncIterator[World]:
    """The service with an endpoint that fails."""
    app = create_app(settings, database=database, clock=clock)

    @app.get("/v1/raises", include_in_schema=False)
    async def raises() -> None:
        raise RuntimeError("out of luck")

    async with asking(app) as made:
        yield made


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/v1/regions", {}, 200),
        ("GET", "/v1/regions", {"If-None-Match": "*"}, 304),
        ("GET", "/v1/openapi.json", {}, 200),
        ("GET", "/metrics", {}, 200),
        ("GET", "/v1/regions?x=1", {}, 400),
        ("GET", "/v1/me", {}, 401),
        ("GET", "/v1/nothing", {}, 404),
        ("GET", "/v1/regions/", {}, 404),
        ("GET", "/nothing", {}, 404),
        ("DELETE", "/v1/regions", {}, 405),
        ("POST", "/v1/matches", {"Content-Length": "9999999"}, 413),
        ("GET", "/v1/raises", {}, 500),
    ],
)
async def test_is_framed(raising: World, method: str, path: str, headers: dict[str, str], status: int) -> None:
    answer = await raising.http.request(method, path, headers=headers)
    assert answer.status_code == status
    assert_framed(answer)


async def test_is_framed_without_a_body_or_a_database(world: World, settings: Settings, clock: SettableClock) -> None:
    offer = await world.add_offer()
    answer = await world.http.delete(f"/v1/offers/{offer['id']}", headers=world.provider(offer["providerId"]))
    assert answer.status_code == 204
    assert_framed(answer)
    away = connect("postgresql+asyncpg://nobody@127.0.0.1:1/nothing", pool_size=1)
    async with serving(settings, away, clock) as other:
        answer = await other.http.get("/v1/health/ready")
    assert answer.status_code == 503
    assert_framed(answer)


async def test_an_answer_is_kept_out_of_caches_unless_it_says_otherwise(world: World) -> None:
    assert (await world.http.get("/metrics")).headers["cache-control"] == "no-store"
    assert (await world.http.get("/v1/regions")).headers["cache-control"] == "public, max-age=3600"
    assert (await world.http.get("/v1/me", headers=world.gi)).headers["cache-control"] == "private, no-cache"


async def test_a_request_id_of_the_caller_comes_back(world: World) -> None:
    for given in ("epd-4711.11_22", "a" * 8, "Z" * 128):
        assert (await world.http.get("/v1/regions", headers={"X-Request-Id": given})).headers["x-request-id"] == given


@pytest.mark.parametrize(
    "given", ["", "kort", "x" * 129, "met spatie erin", 'quote"quote', "<script>alert(1)", "ééééééééé"]
)
async def test_a_request_id_that_could_hold_anything_is_replaced(world: World, given: str) -> None:
    answer = await world.http.get("/v1/regions", headers=[(b"x-request-id", given.encode("latin-1"))])
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])


async def test_two_requests_have_two_ids(world: World) -> None:
    answers = [await world.http.get("/v1/regions") for _ in range(2)]
    assert len({answer.headers["x-request-id"] for answer in answers}) == 2
    assert len({answer.headers["traceparent"] for answer in answers}) == 2


async def test_the_trace_of_the_caller_goes_on(world: World) -> None:
    given = f"00-{TRACE}-00f067aa0ba902b7-01"
    answer = await world.http.get("/v1/regions", headers={"traceparent": given})
    version, trace, span, flags = answer.headers["traceparent"].split("-")
    assert (version, trace, flags) == ("00", TRACE, "01")
    assert span != "00f067aa0ba902b7", "our part of the trace is ours"
    assert answer.headers["x-request-id"] == TRACE


@pytest.mark.parametrize(
    "given",
    [
        "",
        "pietje",
        TRACE,
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-00f067aa0ba902b7-01",
        f"ff-{TRACE}-00f067aa0ba902b7-01",
        f"00-{TRACE}-00f067aa0ba902b7-01-extra",
        f"00-{TRACE}-00f067aa0ba902b7",
    ],
)
async def test_a_trace_that_is_none_is_replaced(world: World, given: str) -> None:
    answer = await world.http.get("/v1/regions", headers={"traceparent": given})
    trace = answer.headers["traceparent"].split("-")[1]
    assert re.fullmatch(r"[0-9a-f]{32}", trace)
    assert trace not in {TRACE, "0" * 32}
