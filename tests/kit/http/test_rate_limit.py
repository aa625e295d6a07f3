"""How often one caller may ask: each has a limit of its own, and is told when to come back."""

from types import SimpleNamespace

import pytest

from app.kit.clock import system_clock
from app.kit.errors import TooManyRequestsError
from app.kit.http.rate_limit import RateLimit
from app.settings import Settings
from tests.conftest import SavepointDatabase, SettableClock, serving
from tests.world import World, problem


def test_each_key_has_a_limit_of_its_own() -> None:
    limit = RateLimit("2/hour")
    for key in ("a", "b"):
        limit.hit(key)
        limit.hit(key)
        with pytest.raises(TooManyRequestsError) as raised:
            limit.hit(key)
        assert 3590 < int(raised.value.headers["Retry-After"]) <= 3600


def test_no_limit() -> None:
    limit = RateLimit("")
    for _ in range(10_000):
        limit.hit("a")


def test_the_window_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    now = SimpleNamespace(seconds=system_clock().timestamp())
    monkeypatch.setattr("limits.storage.memory.time", SimpleNamespace(time=lambda: now.seconds))
    limit = RateLimit("2/minute")
    limit.hit("a")
    now.seconds += 40
    limit.hit("a")
    now.seconds += 19
    with pytest.raises(TooManyRequestsError):
        limit.hit("a")
    now.seconds += 2
    limit.hit("a")
    with pytest.raises(TooManyRequestsError):
        limit.hit("a")


async def test_a_client_over_its_limit_has_to_wait_and_others_do_not(
    settings: Settings, database: SavepointDatabase, clock: SettableClock
) -> None:
    async with serving(settings.model_copy(update={"rate_limit": "3/hour"}), database, clock) as world:
        for path in ("/v1/me", "/v1/providers", "/v1/me"):
            assert (await world.http.get(path, headers=world.gi)).status_code == 200
        answer = await world.http.get("/v1/me", headers=world.gi)
        problem(answer, 429, "too-many-requests")
        assert 3500 < int(answer.headers["retry-after"]) <= 3600
        assert answer.headers["api-version"]
        assert (await world.http.get("/v1/me", headers=world.region())).status_code == 200
        for _ in range(5):
            assert (await world.http.get("/v1/regions")).status_code == 200


async def test_without_a_limit_nobody_waits(world: World) -> None:
    statuses = {(await world.http.get("/v1/me", headers=world.gi)).status_code for _ in range(20)}
    assert statuses == {200}
