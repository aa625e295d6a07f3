"""Which pages in a browser may call: those of the setting, and all of them for the OpenAPI document."""

from collections.abc import AsyncIterator

import pytest

from app.settings import Settings
from tests.conftest import SavepointDatabase, SettableClock, serving
from tests.world import World

PAGE = "https://app.example.org"
OTHER_PAGE = "https://app.example.org.evil.example"


@pytest.fixture
async def opened(settings: Settings, database: SavepointDatabase, clock: SettableClock) -> AsyncIterator[World]:
    """The service that lets pages of one origin call it."""
    async with serving(settings.model_copy(update={"cors_origins": [PAGE]}), database, clock) as made:
        yield made


def preflight(origin: str, method: str = "PATCH") -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, content-type, if-match, idempotency-key",
    }


def granted(headers: object) -> list[str]:
    return [name for name in headers if name.startswith("access-control-")]  # type: ignore[attr-defined]


async def test_without_the_setting_nobody(world: World) -> None:
    answer = await world.http.get("/v1/regions", headers={"Origin": PAGE})
    assert answer.status_code == 200
    assert granted(answer.headers) == []
    answer = await world.http.options("/v1/organisations", headers=preflight(PAGE))
    assert answer.status_code == 405
    assert granted(answer.headers) == []


async def test_a_page_of_the_setting_may_ask_first(opened: World) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        answer = await opened.http.options("/v1/organisations", headers=preflight(PAGE, method))
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert method in answer.headers["access-control-allow-methods"]
        allowed = answer.headers["access-control-allow-headers"].lower()
        for name in ("authorization", "content-type", "if-match", "if-none-match", "idempotency-key"):
            assert name in allowed
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers["api-version"]


async def test_and_reads_the_headers_that_matter(opened: World) -> None:
    answer = await opened.http.get("/v1/regions", headers={"Origin": PAGE})
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "origin" in answer.headers["vary"].lower()
    exposed = answer.headers["access-control-expose-headers"].lower()
    for name in ("etag", "link", "location", "api-version", "retry-after", "x-request-id"):
        assert name in exposed


async def test_and_reads_the_errors(opened: World) -> None:
    for path, status in (("/v1/me", 401), ("/v1/nothing", 404), ("/v1/regions?x=1", 400)):
        answer = await opened.http.get(path, headers={"Origin": PAGE})
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == PAGE


async def test_another_page_may_not(opened: World) -> None:
    answer = await opened.http.options("/v1/organisations", headers=preflight(OTHER_PAGE))
    assert answer.status_code == 400
    assert "access-control-allow-origin" not in answer.headers
    answer = await opened.http.get("/v1/regions", headers={"Origin": OTHER_PAGE})
    assert "access-control-allow-origin" not in answer.headers


async def test_the_openapi_document_is_for_every_page(world: World, opened: World) -> None:
    for each in (world, opened):
        answer = await each.http.get("/v1/openapi.json", headers={"Origin": OTHER_PAGE})
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.json()["openapi"].startswith("3.1")
