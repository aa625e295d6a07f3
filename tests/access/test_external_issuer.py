"""Tokens of a trusted OpenID Connect issuer, whose keys a real server on this machine gives out."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from app.kit.security.callers import Role
from app.kit.security.issuers import IssuersError
from app.kit.security.tokens import Tokens, signing_key
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
from tests.world import World, problem, request_body

ISSUER = "https://login.example.org"
AUDIENCE = "wijzer"
SPEAKS_FOR = [
    {"organisation": str(ORGANISATION), "role": "gi"},
    {"organisation": str(ORGANISATION), "role": "region", "region": "JZ06"},
    {"organisation": str(UUID(int=3)), "role": "region", "region": "JZ03", "rights": ["expert-team"]},
    {"organisation": str(UUID(int=3)), "role": "local-team"},
    {"organisation": str(UUID(int=4)), "role": "provider", "provider": str(UUID(int=5))},
]
"""Whom the issuer may speak for."""


class Issuer:
    """A server with a JWKS; `asked` counts how often it was fetched."""

    def __init__(self) -> None:
        self.keys: dict[str, Key] = {"first": private_key("first")}
        self.status = "200 OK"
        self.body: str | None = None
        self.hold: asyncio.Event | None = None
        """Until it is set, nothing is answered."""
        self.reached = asyncio.Event()
        self.endless = b""
        """Is sent for as long as it is taken; `sent` counts the bytes."""
        self.packed = b""
        self.sent = 0
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
        self.reached.set()
        if self.hold is not None:
            await self.hold.wait()
        with suppress(ConnectionError):
            await self._send(writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _send(self, writer: asyncio.StreamWriter) -> None:
        body = (
            self.packed
            or (self.body or json.dumps({"keys": [jwk(kid, key) for kid, key in self.keys.items()]})).encode()
        )
        headers = [f"HTTP/1.1 {self.status}", "Connection: close"]
        headers += [] if self.endless else [f"Content-Length: {len(body)}"]
        headers += ["Content-Encoding: gzip"] if self.packed else []
        writer.write(("\r\n".join(headers) + "\r\n\r\n").encode() + (b"" if self.endless else body))
        await writer.drain()
        while self.endless:
            writer.write(self.endless)
            await writer.drain()
            self.sent += len(self.endless)

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
    trusted = {"audience": AUDIENCE, "jwksUrl": issuer.url, "speaksFor": SPEAKS_FOR}
    changed = {"trusted_issuers": json.dumps({ISSUER: trusted})}
    async with serving(settings.model_copy(update=changed), database, clock) as made:
        yield made


@pytest.fixture
def stopwatch(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The seconds that pass between the requests of a test: none, unless `seconds` is set."""
    watch = SimpleNamespace(seconds=1000.0)
    monkeypatch.setattr("app.kit.security.jwks.time", SimpleNamespace(monotonic=lambda: watch.seconds))
    return watch


async def ask(world: World, headers: dict[str, str]) -> httpx.Response:
    return await world.http.get("/v1/me", headers=headers)


async def test_its_tokens_are_believed(trusting: World, issuer: Issuer, settings: Settings) -> None:
    issuer.keys["rsa"] = rsa_key()
    for kid in ("first", "rsa"):
        me = await trusting.ok(ask(trusting, issuer.token(settings, kid, role="region", region="JZ06")))
        assert me["clientId"] == f"{ISSUER}#epd"
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


@pytest.mark.parametrize(
    "said",
    [
        {"role": "admin"},
        {"role": "admin", "organisation": str(UUID(int=0))},
        {"role": "local-team"},
        {"role": "gi", "organisation": str(UUID(int=3))},
        {"role": "gi", "organisation": str(UUID(int=77))},
        {"role": "gi", "institution": "De Jeugd- en Gezinsbeschermers"},
        {"role": "region", "region": "JZ03"},
        {"role": "region", "region": "JZ06", "supraregion": "noord-holland"},
        {"role": "provider", "organisation": str(UUID(int=4)), "provider": str(UUID(int=6))},
        {"role": "region", "organisation": str(UUID(int=3)), "rights": "expert-team"},
        {"role": ["gi"]},
        {"sub": ""},
        {"sub": "a\nb"},
        {"sub": "a" * 256},
    ],
    ids=str,
)
async def test_it_speaks_for_nobody_else(
    trusting: World, issuer: Issuer, settings: Settings, said: dict[str, Any]
) -> None:
    problem(await ask(trusting, issuer.token(settings, **said)), 401, "unauthenticated")


async def test_what_a_role_owns_is_as_listed(trusting: World, issuer: Issuer, settings: Settings) -> None:
    token = issuer.token(settings, role="provider", organisation=str(UUID(int=4)))
    assert (await trusting.ok(ask(trusting, token)))["providerId"] == str(UUID(int=5))


async def test_a_right_counts_where_it_is_claimed_and_allowed(
    trusting: World, issuer: Issuer, settings: Settings
) -> None:
    rights = ["expert-team", "god"]
    of_expert_team = issuer.token(settings, role="region", organisation=str(UUID(int=3)), rights=rights)
    assert (await trusting.ok(ask(trusting, of_expert_team)))["rights"] == ["expert-team"]
    for without in ({"organisation": str(UUID(int=3))}, {"rights": rights}):
        assert "rights" not in await trusting.ok(ask(trusting, issuer.token(settings, role="region", **without)))


async def test_it_may_call_claims_by_other_names(
    issuer: Issuer, settings: Settings, database: SavepointDatabase, clock: SettableClock
) -> None:
    claims = {"organisation": "org_id", "role": "https://jeugd.example.org/role"}
    trusted = {"audience": AUDIENCE, "jwksUrl": issuer.url, "claims": claims, "speaksFor": SPEAKS_FOR}
    changed = settings.model_copy(update={"trusted_issuers": json.dumps({ISSUER: trusted})})
    async with serving(changed, database, clock) as world:
        problem(await ask(world, issuer.token(settings)), 401, "unauthenticated")
        named = {claims["organisation"]: str(ORGANISATION), claims["role"]: "gi"}
        said = issuer.token(settings, role="admin", organisation=str(UUID(int=0)), **named)
        assert (await world.ok(ask(world, said)))["role"] == "gi"


async def test_its_client_is_not_ours_of_the_same_name(trusting: World, issuer: Issuer, settings: Settings) -> None:
    key = {"Idempotency-Key": "dezelfde"}
    ours = trusting.as_(Role.GI, client_id="demo-gi", organisation_id=ORGANISATION)
    theirs = issuer.token(settings, sub="demo-gi")
    first = await trusting.ok(trusting.http.post("/v1/requests", json=request_body(), headers=ours | key))
    second = await trusting.ok(trusting.http.post("/v1/requests", json=request_body(), headers=theirs | key))
    assert first["id"] != second["id"]
    history = await trusting.ok(trusting.http.get(f"/v1/requests/{second['id']}/history", headers=ours))
    assert {each["clientId"] for each in history["items"]} == {f"{ISSUER}#demo-gi"}


async def test_a_key_used_for_one_organisation_gives_no_answer_to_another(
    trusting: World, issuer: Issuer, settings: Settings
) -> None:
    key = {"Idempotency-Key": "dezelfde"}
    tokens = [issuer.token(settings), issuer.token(settings, role="local-team", organisation=str(UUID(int=3)))]
    body = request_body()
    first, second = [await trusting.http.post("/v1/requests", json=body, headers=token | key) for token in tokens]
    assert (first.status_code, second.status_code) == (201, 422), (first.text, second.text)


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


async def test_many_at_once_make_us_ask_once(trusting: World, issuer: Issuer, settings: Settings) -> None:
    issuer.hold = asyncio.Event()
    tokens = [issuer.token(settings, sub=f"epd-{number}") for number in range(10)]
    tokens += [issuer.token(settings, f"made-up-{number}") for number in range(10)]
    bare = [token["Authorization"].removeprefix("Bearer ") for token in tokens]
    verified = [asyncio.create_task(trusting.parts.tokens.verify(token, "http://test")) for token in bare]
    await issuer.reached.wait()
    assert (await ask(trusting, trusting.gi)).status_code == 200
    issuer.hold.set()
    assert [await each is not None for each in verified] == [True] * 10 + [False] * 10
    assert issuer.asked == 1


async def test_that_it_gave_no_keys_is_remembered(
    trusting: World, issuer: Issuer, settings: Settings, stopwatch: SimpleNamespace
) -> None:
    issuer.status = "500 Internal Server Error"
    for _ in range(3):
        problem(await ask(trusting, issuer.token(settings)), 503, "unavailable")
    assert issuer.asked == 1
    issuer.status = "200 OK"
    stopwatch.seconds += 6
    assert (await ask(trusting, issuer.token(settings))).status_code == 200


async def test_known_keys_are_used_for_an_hour_while_it_is_down(
    trusting: World, issuer: Issuer, settings: Settings, stopwatch: SimpleNamespace
) -> None:
    assert (await ask(trusting, issuer.token(settings))).status_code == 200
    issuer.status = "500 Internal Server Error"
    stopwatch.seconds += 3500
    assert (await ask(trusting, issuer.token(settings, sub="een"))).status_code == 200
    stopwatch.seconds += 200
    problem(await ask(trusting, issuer.token(settings, sub="twee")), 503, "unavailable")


async def test_keys_without_end_are_not_taken_in(trusting: World, issuer: Issuer, settings: Settings) -> None:
    issuer.endless = b" " * 65_536
    problem(await ask(trusting, issuer.token(settings)), 503, "unavailable")
    assert issuer.sent < 2**25  # what sockets hold besides


async def test_packed_keys_are_not_unpacked(trusting: World, issuer: Issuer, settings: Settings) -> None:
    keys = json.dumps({"keys": [jwk("first", private_key("first"))]}).encode()
    issuer.packed = gzip.compress(keys + b" " * 50_000_000)
    problem(await ask(trusting, issuer.token(settings)), 503, "unavailable")


async def test_an_issuer_that_never_answers_is_waited_for_a_while(
    trusting: World, issuer: Issuer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.kit.security.jwks._TIMEOUT_SECONDS", 0.05)
    issuer.hold = asyncio.Event()
    problem(await ask(trusting, issuer.token(settings)), 503, "unavailable")
    issuer.hold.set()


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("geen JSON", "Invalid JSON"),
        ('{"https://a.example": {"speaksFor": []}}', "at least 1"),
        ('{"https://a.example": {"audience": "a", "speaksFor": [GI]}}', "audience and jwksUrl go together"),
        ('{"https://a.example": {"speaksFor": [GI, GI]}}', "twice"),
        ('{"https://a.example": {"speaksFor": [{"organisation": "ID", "role": "region"}]}}', "takes a region"),
        ('{"https://a.example": {"speaksFor": [{"organisation": "ID", "role": "baas"}]}}', "role"),
        ('{"https://a#b": {"speaksFor": [GI]}}', "pattern"),
        ('{"https://a.example": {"claims": {"sub": "email"}, "speaksFor": [GI]}}', "claims"),
    ],
)
def test_a_setting_that_is_not_right_says_so(settings: Settings, given: str, wrong: str) -> None:
    text = given.replace("GI", '{"organisation": "ID", "role": "gi"}').replace("ID", str(ORGANISATION))
    with pytest.raises(IssuersError, match=wrong):
        Tokens(settings.model_copy(update={"trusted_issuers": text}))


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
    trusting: World, issuer: Issuer, settings: Settings, stopwatch: SimpleNamespace, status: str, body: str | None
) -> None:
    issuer.status, issuer.body = status, body
    problem(await ask(trusting, issuer.token(settings)), 503, "unavailable")
    issuer.status, issuer.body = "200 OK", None
    stopwatch.seconds += 6
    assert (await ask(trusting, issuer.token(settings))).status_code == 200
