"""How often one caller may ask: each has a limit of its own, and is told when to come back."""

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import Request

from app.kit.clock import system_clock
from app.kit.errors import TooManyRequestsError
from app.kit.http.addresses import address_of
from app.kit.http.rate_limit import RateLimit
from app.kit.shared_records import Record, SharedRecords
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


def test_a_window_begins_with_the_first_request(monkeypatch: pytest.MonkeyPatch) -> None:
    now = SimpleNamespace(seconds=system_clock().timestamp())
    monkeypatch.setattr("app.kit.http.rate_limit.time", SimpleNamespace(time=lambda: now.seconds))
    limit = RateLimit("2/minute")
    limit.hit("a")
    now.seconds += 40
    limit.hit("a")
    now.seconds += 19
    with pytest.raises(TooManyRequestsError):
        limit.hit("a")
    now.seconds += 2
    limit.hit("a")
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


async def test_open_lists_are_counted_by_address(
    settings: Settings, database: SavepointDatabase, clock: SettableClock
) -> None:
    async with serving(settings.model_copy(update={"rate_limit": "3/hour"}), database, clock) as world:
        for path in ("/v1/regions", "/v1/care-types", "/.well-known/jwks.json"):
            assert (await world.http.get(path)).status_code == 200
        problem(await world.http.get("/v1/municipalities"), 429, "too-many-requests")
        assert (await world.http.get("/v1/me", headers=world.gi)).status_code == 200
        assert (await world.http.get("/v1/health/live")).status_code == 200


async def test_answers_tell_how_the_caller_stands(
    settings: Settings, database: SavepointDatabase, clock: SettableClock
) -> None:
    """As draft-ietf-httpapi-ratelimit-headers-10 has it."""
    async with serving(settings.model_copy(update={"rate_limit": "2/hour"}), database, clock) as world:
        answers = [await world.http.get("/v1/me", headers=world.gi) for _ in range(3)]
        assert [answer.headers["ratelimit-policy"] for answer in answers] == ['"client";q=2;w=3600'] * 3
        told = [re.fullmatch(r'"client";r=(\d+);t=(\d+)', answer.headers["ratelimit"]) for answer in answers]
        assert [each and each[1] for each in told] == ["1", "0", "0"]
        assert all(each and 3500 < int(each[2]) <= 3600 for each in told)


def test_workers_of_a_machine_count_together(tmp_path: Path) -> None:
    """Each in a process of its own, which all ask for one caller until they are refused."""
    asking = (
        "import sys; from pathlib import Path; from app.kit.http.rate_limit import RateLimit; "
        "from app.kit.shared_records import SharedRecords; "
        "limit = RateLimit('100/hour', SharedRecords(Path(sys.argv[1]))); "
        "print(sum(limit.ask('a').remaining >= 0 for _ in range(90)))"
    )
    workers = [
        subprocess.Popen([sys.executable, "-c", asking, str(tmp_path)], stdout=subprocess.PIPE)  # noqa: S603 - ours
        for _ in range(3)
    ]
    assert sum(int(worker.communicate()[0]) for worker in workers) == 100


def test_what_is_shared_outlives_a_worker_that_was_killed(tmp_path: Path) -> None:
    killed = (
        "import os, sys; from pathlib import Path; from app.kit.shared_records import SharedRecords; "
        "records = SharedRecords(Path(sys.argv[1])); records.change('a', lambda _: (1.0, 2.0, 3.0)); "
        "records.change('b', lambda _: os._exit(9))"
    )
    assert subprocess.run([sys.executable, "-c", killed, str(tmp_path)], check=False).returncode == 9  # noqa: S603 - ours

    found: list[Record | None] = []
    records = SharedRecords(tmp_path)
    for key in ("a", "b"):
        records.change(key, found.append)
    assert found == [(1.0, 2.0, 3.0), None]


def test_an_address_of_ipv6_is_the_network_of_a_site() -> None:
    def address(host: str) -> str:
        return address_of(Request({"type": "http", "client": (host, 1)}))

    assert address("2001:db8:1:2:3::4") == address("2001:db8:1:2::5") != address("2001:db8:1:3::4")
    assert address("192.0.2.1") == "192.0.2.1"


async def test_without_a_limit_nobody_waits(world: World) -> None:
    statuses = {(await world.http.get("/v1/me", headers=world.gi)).status_code for _ in range(20)}
    assert statuses == {200}
