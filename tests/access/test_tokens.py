"""Which tokens are believed: every way to make one that is not ours, ends in the same 401."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from pydantic import SecretStr

from app.kit.clock import system_clock
from app.kit.security.callers import Role
from app.kit.security.tokens import LEEWAY, SigningKeyError, Tokens, signing_key
from app.settings import Settings
from tests.access.keys import (
    FAR_AWAY,
    ORGANISATION,
    claims,
    part,
    pem,
    private_key,
    rsa_key,
    unsigned,
)
from tests.conftest import SavepointDatabase, SettableClock, serving
from tests.world import World, problem

Make = Callable[[Settings], str]


def signed(**changes: Any) -> Make:
    """A token with our signature and these claims changed."""
    return lambda settings: jwt.encode(claims(settings, **changes), signing_key(settings), algorithm="ES256")


def from_now(**changes: timedelta) -> Make:
    """A token with our signature and these times, counted from when it is made."""

    def make(settings: Settings) -> str:
        return signed(**{name: system_clock() + each for name, each in changes.items()})(settings)

    return make


def with_other_payload(settings: Settings) -> str:
    """A good token whose role was changed afterwards."""
    header, _, signature = signed()(settings).split(".")
    payload = claims(settings, iat=None, exp=FAR_AWAY, role="admin")
    return f"{header}.{part(payload)}.{signature}"


def with_other_signature(settings: Settings) -> str:
    """A good token of which one bit of the signature is another."""
    header, payload, signature = signed()(settings).split(".")
    raw = bytearray(base64.urlsafe_b64decode(signature + "=="))
    raw[10] ^= 1
    return f"{header}.{payload}.{base64.urlsafe_b64encode(raw).rstrip(b'=').decode()}"


def without_signature(settings: Settings) -> str:
    """A token that says that it needs no signature."""
    return unsigned(claims(settings, iat=None, exp=FAR_AWAY))


def signed_with_the_public_key(settings: Settings) -> str:
    """The algorithm confusion: our public key, which everybody may know, used as an HMAC secret."""
    public = signing_key(settings).public_key()
    secret = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    payload = claims(settings, iat=None, exp=FAR_AWAY)
    body = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(payload)}"
    digest = hmac.new(secret, body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def signed_by_another(settings: Settings) -> str:
    """A token of somebody else's key."""
    return jwt.encode(claims(settings), private_key("another"), algorithm="ES256")


def signed_with_rsa(settings: Settings) -> str:
    """A token of an RSA key."""
    return jwt.encode(claims(settings), rsa_key(), algorithm="RS256")


REFUSED: dict[str, Make] = {
    "expired": from_now(exp=timedelta(seconds=-LEEWAY - 1)),
    "not yet valid": from_now(nbf=timedelta(hours=1)),
    "another payload": with_other_payload,
    "another signature": with_other_signature,
    "no signature": without_signature,
    "algorithm confusion": signed_with_the_public_key,
    "another key": signed_by_another,
    "another algorithm": signed_with_rsa,
    "another issuer": signed(iss="https://login.example.org"),
    "another audience": signed(aud="other-service"),
    "no iss": signed(iss=None),
    "no aud": signed(aud=None),
    "no exp": signed(exp=None),
    "no sub": signed(sub=None),
    "no organisation": signed(organisation=None),
    "no role": signed(role=None),
    "unknown role": signed(role="minister"),
    "role of another kind": signed(role=["admin"]),
    "organisation that is no id": signed(organisation="Jeugdbescherming"),
    "organisation of another kind": signed(organisation=7),
    "provider that is no id": signed(role="provider", provider="duinen"),
    "region of another kind": signed(role="region", region=["JZ03", "JZ06"]),
    "institution of another kind": signed(institution={"name": "x"}),
    "rights of another kind": signed(role="region", region="JZ03", rights="expert-team"),
    "not a token": lambda _: "abc",
    "no JSON inside": lambda _: "YQ.YQ.YQ",
    "a list inside": lambda _: f"{part({'alg': 'ES256'})}.{part([])}.YQ",
    "nesting without end": lambda _: f"{part({'alg': 'ES256'})}.{'W1tb' * 30_000}.YQ",
    "no ASCII": lambda _: "é.é.é",
    "empty": lambda _: "",
}


@pytest.mark.parametrize("name", REFUSED)
async def test_is_refused(world: World, settings: Settings, name: str) -> None:
    value = f"Bearer {REFUSED[name](settings)}".encode("latin-1")
    answer = await world.http.get("/v1/me", headers=[(b"authorization", value)])
    problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == 'Bearer realm="beschikbaarheidswijzer", error="invalid_token"'


@pytest.mark.parametrize("scheme", ["Basic", "Token", "Bearertoken"])
async def test_another_scheme_is_refused(world: World, scheme: str) -> None:
    answer = await world.http.get("/v1/me", headers={"Authorization": f"{scheme} {world.token(Role.GI)}"})
    problem(answer, 401, "unauthenticated")


async def test_no_token_is_told_where_to_get_one(world: World) -> None:
    answer = await world.http.get("/v1/me")
    content = problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == 'Bearer realm="beschikbaarheidswijzer"'
    assert "/v1/oauth/token" in content["detail"]


async def test_a_token_goes_before_bad_input(world: World) -> None:
    answer = await world.http.post("/v1/organisations?x=1", json={"nam": 1})
    problem(answer, 401, "unauthenticated")


async def test_only_rights_that_are_ours_count(world: World, settings: Settings) -> None:
    token = signed(role="region", region="JZ03", rights=["expert-team", "baas", 7])(settings)
    me = await world.ok(world.http.get("/v1/me", headers={"Authorization": f"Bearer {token}"}))
    assert me["rights"] == ["expert-team"]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_a_good_token_is_believed(world: World, settings: Settings, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {signed()(settings)}"}
    me = await world.ok(world.http.get("/v1/me", headers=headers))
    assert me["clientId"] == "test-gi"
    assert UUID(me["organisationId"]) == ORGANISATION
    assert "organisation" not in me
    assert me["role"] == "gi"


async def test_the_demo_key_opens_nothing_outside_demo_mode(
    settings: Settings, database: SavepointDatabase, clock: SettableClock
) -> None:
    own = SecretStr(pem(private_key("production")).replace("\n", "\\n"))
    production = settings.model_copy(update={"demo": False, "signing_key": own})
    async with serving(production, database, clock) as world:
        assert (await world.http.get("/v1/me", headers=world.gi)).status_code == 200
        demo = {"Authorization": f"Bearer {signed()(settings)}"}
        problem(await world.http.get("/v1/me", headers=demo), 401, "unauthenticated")


async def test_in_demo_mode_a_key_of_ones_own_replaces_the_demo_key(
    settings: Settings, database: SavepointDatabase, clock: SettableClock
) -> None:
    own = settings.model_copy(update={"signing_key": SecretStr(pem(private_key("own")))})
    async with serving(own, database, clock) as world:
        demo = {"Authorization": f"Bearer {signed()(settings)}"}
        problem(await world.http.get("/v1/me", headers=demo), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("geheim", "not a PEM private key"),
        (pem(rsa_key()), "curve P-256"),
    ],
)
def test_a_signing_key_of_another_kind_is_refused(settings: Settings, key: str, message: str) -> None:
    with pytest.raises(SigningKeyError, match=message):
        Tokens(settings.model_copy(update={"signing_key": SecretStr(key)}))
