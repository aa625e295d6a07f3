"""What stock OAuth 2.0 clients send, expect and look up (RFC 6749, RFC 7517, RFC 8414)."""

import base64
from typing import Any

import httpx
import jwt
import pytest
from pydantic import SecretStr

from app.kit.clock import system_clock
from app.settings import Settings
from tests.access.clients import SECRET, add_client, get_token
from tests.access.keys import pem, private_key
from tests.conftest import SavepointDatabase, SettableClock, serving
from tests.world import World

FORM = {"grant_type": "client_credentials"}


@pytest.fixture(autouse=True)
def _real_time(clock: SettableClock) -> None:
    """Tokens are verified against the real time, so they have to be issued at it."""
    clock.now = system_clock()


def basic(name: str, secret: str) -> dict[str, str]:
    """The header of HTTP Basic with these as they are."""
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


async def ask(world: World, headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
    """The answer to a form with these fields."""
    return await world.http.post("/v1/oauth/token", data=FORM | fields, headers=headers)


@pytest.mark.parametrize("encoded", ["duinen%2Depd", "duinen-epd", "%64uinen-epd"])
async def test_a_name_in_the_header_is_form_encoded(world: World, encoded: str) -> None:
    await add_client(world, "duinen-epd")
    assert (await ask(world, basic(encoded, SECRET.replace("-", "%2D")))).status_code == 200


async def test_a_null_in_the_header_is_a_wrong_client(world: World) -> None:
    for name, secret in (("duinen%00epd", SECRET), ("duinen-epd", "%00")):
        assert (await ask(world, basic(name, secret))).json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    "fields",
    [
        {"client_id": "duinen-epd", "client_secret": SECRET},
        {"client_secret": SECRET},
        {"client_id": "another-epd"},
        {"grant_type": ["client_credentials", "client_credentials"]},
    ],
)
async def test_two_ways_at_once_are_refused(world: World, fields: dict[str, Any]) -> None:
    await add_client(world, "duinen-epd")
    answer = await ask(world, basic("duinen-epd", SECRET), **fields)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ([("Authorization", "Bearer x")], {"client_id": "duinen-epd", "client_secret": SECRET}),
        ([], {"client_id": "duinen-epd", "client_secret": SECRET, "client_assertion": "x"}),
        ([("Authorization", basic("duinen-epd", SECRET)["Authorization"])] * 2, {}),
    ],
)
async def test_nor_any_other_two_ways(world: World, headers: list[tuple[str, str]], fields: dict[str, Any]) -> None:
    await add_client(world, "duinen-epd")
    answer = await world.http.post("/v1/oauth/token", data=FORM | fields, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_two_tokens_at_once_are_refused(world: World) -> None:
    headers = [*world.gi.items(), *world.gi.items()]
    answer = await world.http.get("/v1/me", headers=headers)
    assert answer.status_code == 401
    assert 'error="invalid_request"' in answer.headers["WWW-Authenticate"]


async def test_the_same_name_in_the_form_is_no_second_way(world: World) -> None:
    await add_client(world, "duinen-epd")
    assert (await ask(world, basic("duinen-epd", SECRET), client_id="duinen-epd")).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"client_id": "nobody", "client_secret": "x"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"client_id": "x" * 200, "client_secret": "x"}, 400, "invalid_request"),
    ],
)
async def test_an_error_is_json_that_oauth_clients_read(
    world: World, fields: dict[str, Any], status: int, error: str
) -> None:
    answer = await ask(world, **fields)
    content = answer.json()
    assert answer.status_code == content["status"] == status
    assert answer.headers["content-type"] == "application/json"
    assert content["error"] == error
    assert content["error_description"].isascii()
    assert not set(content["error_description"]) & set('"\\')
    assert content["type"].startswith("urn:problem-type:")


async def test_who_asks_for_a_problem_gets_one(world: World) -> None:
    answer = await ask(world, {"Accept": "application/problem+json"}, client_id="nobody", client_secret="x")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_metadata_leads_to_the_endpoint_and_the_key(world: World, settings: Settings) -> None:
    metadata = await world.ok(world.http.get("/.well-known/oauth-authorization-server"))
    assert metadata["issuer"] == "http://test"
    assert metadata["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "client_secret_post"]
    keys = await world.ok(world.http.get(metadata["jwks_uri"]))
    await add_client(world, "duinen-epd")
    given = await world.ok(world.http.post(metadata["token_endpoint"], data=FORM, headers=basic("duinen-epd", SECRET)))
    token = given["access_token"]
    (key,) = jwt.PyJWKSet.from_dict(keys).keys
    assert jwt.get_unverified_header(token)["kid"] == key.key_id
    claims = jwt.decode(token, key, audience=settings.token_audience, issuer=metadata["issuer"])
    assert claims["sub"] == "duinen-epd"
    assert "d" not in keys["keys"][0]


@pytest.mark.parametrize(
    ("changes", "issuer", "older"),
    [
        ({"demo": True}, "http://test", True),
        ({}, "beschikbaarheidswijzer", True),
        ({"public_url": "https://wijzer.example.org"}, "https://wijzer.example.org", True),
        ({"public_url": "https://wijzer.example.org", "token_issuer": "https://sso.example.org"}, None, False),
        ({"token_issuer": "https://sso.example.org"}, "https://sso.example.org", False),
    ],
)
async def test_tokens_are_of_the_issuer_of_the_metadata(
    settings: Settings,
    database: SavepointDatabase,
    clock: SettableClock,
    changes: dict[str, Any],
    issuer: str | None,
    *,
    older: bool,
) -> None:
    """Those of before, which had the service's name, are good until they expire, unless another issuer was said."""
    key = SecretStr(pem(private_key()))
    changed = settings.model_copy(update={"demo": False, "signing_key": key, **changes})
    async with serving(changed, database, clock) as served:
        await add_client(served, "duinen-epd")
        metadata = await served.ok(served.http.get("/.well-known/oauth-authorization-server"))
        assert metadata["issuer"] == (issuer or "https://sso.example.org")
        token = await get_token(served, "duinen-epd")
        claims = jwt.decode(token, options={"verify_signature": False})
        assert claims["iss"] == metadata["issuer"]
        for iss, believed in ((claims["iss"], True), ("beschikbaarheidswijzer", older), ("https://x.example", False)):
            signed = jwt.encode(claims | {"iss": iss}, private_key(), algorithm="ES256")
            me = await served.http.get("/v1/me", headers={"Authorization": f"Bearer {signed}"})
            assert (me.status_code == 200) == believed, me.text


async def test_the_key_has_no_other_id_than_its_thumbprint(world: World) -> None:
    await add_client(world, "duinen-epd")
    first, second = [await get_token(world, "duinen-epd") for _ in range(2)]
    assert jwt.get_unverified_header(first) == jwt.get_unverified_header(second)
