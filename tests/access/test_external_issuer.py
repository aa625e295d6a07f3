"""Tokens of a trusted OpenID Connect issuer, whose keys a real server on this machine gives out."""

import asyncio
import json
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from app.kit.security.tokens import signing_key
from app.settings import Settings
from tests.access.keys import (
    FAR_AWAY,
    ORGANISATION,
    Key,
    claims,
    jwk,
    private_key,
    rsa_key,
    unsigned,
)
from tests.conftest import SavepointDatabase, SettableClock, serving
from tests.world import World, problem

ISSUER = "https://login.example.org"
AUDIENCE = "wijzer"


class Issuer:
    """A server with a JWKS; `asked` counts how often it was fetched."""

    def __init__(self) -> None:
        self.keys: dict[str, Key] = {"first": private_key("first")}
        self.status = "200 OK"
        self.body: str | None = None
        self.asked = 0
        self.url = ""
        self.server: asyncio.Server | None = None

    async def start(self) -> None:
        self.server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/jwks.json"

    async def stop(self) -> None:
        assert self.server is not None
        self.server.close()
        await self.server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        body = self.body or json.dumps({"keys": [jwk(kid, key) for kid, key in self.keys.items()]})
        head = f"HTTP/1.1 {self.status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body.encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    def token(self, settings: Settings, kid: str | None = "first", **changes: Any) -> dict[str, str]:
        """The header of a request with a token of this issuer, signed with the key of that name."""
        key = self.keys.get(kid or "first") or private_key("withdrawn")
        frame = {"iss": ISSUER, "aud": AUDIENCE, "sub": "epd", **changes}
        algorithm = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
        headers = {"kid": kid} if kid else None
        token = jwt.encode(claims(settings, **frame), key, algorithm=algorithm, headers=headers)
        return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def issuer(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Issuer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = Issuer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def trusting(
    issuer: Issuer, settings: Settings, database: SavepointDatabase, clock: SettableClock
) -> AsyncIterator[World]:
    """The service that trusts the issuer."""
    changed = {"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE, "oidc_jwks_url": issuer.url}
    async with serving(settings.model_copy(update=changed), database, clock) as made:
        yield made


@pytest.fixture
def stopwatch(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The seconds that pass between the requests of a test: none, unless `seconds` is set."""
    watch = SimpleNamespace(seconds=1000.0)
    monkeypatch.setattr("app.kit.security.tokens.time", SimpleNamespace(monotonic=lambda: watch.seconds))
    return watch


async def ask(world: World, headers: dict[str, str]) -> httpx.Response:
    return await world.http.get("/v1/me", headers=headers)


async def test_its_tokens_are_believed(trusting: World, issuer: Issuer, settings: Settings) -> None:
    issuer.keys["rsa"] = rsa_key()
    for kid in ("first", "rsa"):
        me = await trusting.ok(ask(trusting, issuer.token(settings, kid, role="region", region="JZ06")))
        assert me["clientId"] == "epd"
        assert me["organisationId"] == str(ORGANISATION)
        assert (me["role"], me["region"]) == ("region", "JZ06")


async def test_our_own_tokens_are_believed_besides(trusting: World, issuer: Issuer) -> None:
    assert (await ask(trusting, trusting.gi)).status_code == 200
    assert issuer.asked == 0


async def test_without_the_setting_its_tokens_are_not_believed(
    world: World, issuer: Issuer, settings: Settings
) -> None:
    problem(await ask(world, issuer.token(settings)), 401, "unauthenticated")
    assert issuer.asked == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "other-service"},
        {"aud": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"iss": "beschikbaarheidswijzer"},  # its key, our name
        {"iss": "https://login.example.com"},
        {"sub": None},
        {"organisation": None},  # a good token, for a service that is not ours
        {"role": None},
        {"role": "user"},
    ],
)
async def test_its_other_tokens_are_refused(
    trusting: World, issuer: Issuer, settings: Settings, changes: dict[str, Any]
) -> None:
    problem(await ask(trusting, issuer.token(settings, **changes)), 401, "unauthenticated")


async def test_our_audience_is_not_the_issuers(trusting: World, issuer: Issuer, settings: Settings) -> None:
    answer = await ask(trusting, issuer.token(settings, aud=settings.token_audience))
    problem(answer, 401, "unauthenticated")


async def test_our_own_key_does_not_sign_for_the_issuer(trusting: World, settings: Settings) -> None:
    frame = {"iss": ISSUER, "aud": AUDIENCE}
    token = jwt.encode(claims(settings, **frame), signing_key(settings), algorithm="ES256", headers={"kid": "first"})
    problem(await ask(trusting, {"Authorization": f"Bearer {token}"}), 401, "unauthenticated")


async def test_no_signature_and_shared_secrets_are_refused(trusting: World, issuer: Issuer, settings: Settings) -> None:
    issuer.body = json.dumps({"keys": [{"kty": "oct", "kid": "first", "alg": "HS256", "k": "Z2VoZWlt" * 8}]})
    frame = claims(settings, iss=ISSUER, aud=AUDIENCE, iat=None, exp=FAR_AWAY)
    shared = jwt.encode(frame, b"geheim" * 8, algorithm="HS256", headers={"kid": "first"})
    for token in (shared, unsigned(frame, kid="first")):
        problem(await ask(trusting, {"Authorization": f"Bearer {token}"}), 401, "unauthenticated")


async def test_a_token_that_names_no_key_is_refused(trusting: World, issuer: Issuer, settings: Settings) -> None:
    problem(await ask(trusting, issuer.token(settings, None)), 401, "unauthenticated")


async def test_the_keys_are_fetched_once_in_five_minutes(
    trusting: World, issuer: Issuer, settings: Settings, stopwatch: SimpleNamespace
) -> None:
    for _ in range(3):
        assert (await ask(trusting, issuer.token(settings))).status_code == 200
    assert issuer.asked == 1
    stopwatch.seconds += 301
    assert (await ask(trusting, issuer.token(settings))).status_code == 200
    assert issuer.asked == 2


async def test_a_new_key_is_believed_and_the_old_one_no_longer(
    trusting: World, issuer: Issuer, settings: Settings, stopwatch: SimpleNamespace
) -> None:
    old = issuer.token(settings)
    assert (await ask(trusting, old)).status_code == 200
    issuer.keys = {"second": private_key("second")}
    stopwatch.seconds += 6
    assert (await ask(trusting, issuer.token(settings, "second"))).status_code == 200
    problem(await ask(trusting, old), 401, "unauthenticated")


async def test_made_up_key_names_do_not_make_us_ask_time_and_again(
    trusting: World, issuer: Issuer, settings: Settings, stopwatch: SimpleNamespace
) -> None:
    assert (await ask(trusting, issuer.token(settings))).status_code == 200
    for number in range(5):
        stopwatch.seconds += 0.5
        problem(await ask(trusting, issuer.token(settings, f"made-up-{number}")), 401, "unauthenticated")
    assert issuer.asked == 1


async def test_an_issuer_that_is_down_is_not_the_callers_fault(
    trusting: World, issuer: Issuer, settings: Settings
) -> None:
    await issuer.stop()
    answer = await ask(trusting, issuer.token(settings))
    problem(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert (await ask(trusting, trusting.gi)).status_code == 200
    await issuer.start()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("500 Internal Server Error", None),
        ("302 Found", None),
        ("200 OK", "<html>onderhoud</html>"),
        ("200 OK", "[]"),
        ("200 OK", '{"keys": []}'),
        ("200 OK", '{"keys": "none"}'),
    ],
)
async def test_an_issuer_without_keys_is_down_too(
    trusting: World, issuer: Issuer, settings: Settings, status: str, body: str | None
) -> None:
    issuer.status, issuer.body = status, body
    problem(await ask(trusting, issuer.token(settings)), 503, "unavailable")
    issuer.status, issuer.body = "200 OK", None
    assert (await ask(trusting, issuer.token(settings))).status_code == 200
