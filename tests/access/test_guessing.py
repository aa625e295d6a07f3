"""Guessing at a client's secret takes longer each time, and keeps nobody else out."""

import hashlib
from typing import Any

import pytest

from app.access.repository import find_client, set_client
from app.access.secrets import hash_secret, is_outdated, is_secret
from app.kit.errors import TooManyRequestsError
from app.kit.security import attempts as attempts_module
from app.kit.security.attempts import FREE, FREE_OF_ADDRESS, MOST_SECONDS, Attempts
from app.kit.shared_records import OwnRecords
from tests.access.clients import SECRET, add_client, ask_token
from tests.world import World, problem


def wait(attempts: Attempts, client: str, address: str) -> int:
    """For how many seconds a client at an address has to wait."""
    try:
        attempts.check(client, address)
    except TooManyRequestsError as error:
        return int(error.headers["Retry-After"])
    return 0


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> Attempts:
    monkeypatch.setattr(attempts_module, "_now", lambda: 1_000_000.0)
    return Attempts(OwnRecords())


def test_each_failure_doubles_the_wait_to_an_end(attempts: Attempts) -> None:
    waits = []
    for _ in range(FREE + 12):
        attempts.failed("a", "192.0.2.1")
        waits.append(wait(attempts, "a", "192.0.2.1"))
    assert waits[: FREE + 3] == [0] * FREE + [2, 4, 8]
    assert waits[-1] == MOST_SECONDS


def test_another_address_and_another_client_do_not_wait(attempts: Attempts) -> None:
    for _ in range(FREE + 1):
        attempts.failed("a", "192.0.2.1")
    assert wait(attempts, "a", "192.0.2.1")
    assert not wait(attempts, "a", "192.0.2.2")
    assert not wait(attempts, "b", "192.0.2.1")


def test_an_address_that_tries_many_clients_waits_for_all(attempts: Attempts) -> None:
    for number in range(FREE_OF_ADDRESS + 1):
        attempts.failed(f"client-{number}", "192.0.2.1")
    assert wait(attempts, "another", "192.0.2.1")
    assert not wait(attempts, "another", "192.0.2.2")


def test_a_right_secret_forgets_the_failures_of_its_client_alone(attempts: Attempts) -> None:
    for _ in range(FREE_OF_ADDRESS + 1):
        attempts.failed("a", "192.0.2.1")
    attempts.succeeded("a", "192.0.2.1")
    for _ in range(FREE):
        attempts.failed("a", "192.0.2.2")
    assert wait(attempts, "a", "192.0.2.1")  # for the address
    assert not wait(attempts, "a", "192.0.2.2")


async def test_who_guesses_is_told_to_wait_and_is_logged(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    await add_client(world, "duinen-epd")
    statuses = [(await ask_token(world, "duinen-epd", "guess")).status_code for _ in range(FREE + 2)]
    assert statuses == [401] * (FREE + 1) + [429]
    problem(await ask_token(world, "duinen-epd", SECRET), 429, "too-many-requests")  # from this address, for now
    said = capsys.readouterr()
    refused = [line for line in (said.out + said.err).splitlines() if "token.refused" in line]
    assert refused
    assert all("duinen-epd" in line and "127.0.0.1" in line for line in refused)


async def test_a_hash_of_before_works_and_is_renewed(world: World) -> None:
    await add_client(world, "duinen-epd")
    salt = b"0123456789abcdef"
    old = hashlib.scrypt(SECRET.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
    await _keep(world, {"salt": salt, "secret_hash": old})
    assert (await ask_token(world, "duinen-epd")).status_code == 200
    kept = await _kept(world)
    assert kept.startswith(b"$argon2id$v=19$m=19456,t=2,p=1$")
    assert (await ask_token(world, "duinen-epd")).status_code == 200
    assert await _kept(world) == kept
    assert (await ask_token(world, "duinen-epd", "wrong")).status_code == 401


async def _keep(world: World, values: dict[str, Any]) -> None:
    async with world.parts.database.write() as session:
        row = await find_client(session, "duinen-epd")
        assert row is not None
        await set_client(session, row, values)


async def _kept(world: World) -> bytes:
    async with world.parts.database.write() as session:
        row = await find_client(session, "duinen-epd")
        assert row is not None
        return row.secret_hash


def test_what_is_kept_is_of_today() -> None:
    kept = hash_secret(SECRET, bytes(16))
    assert not is_outdated(kept)
    assert is_secret(SECRET, b"", kept)
    assert not is_secret(SECRET + "x", b"", kept)
    assert not is_secret(SECRET, b"", b"$argon2id$broken")
