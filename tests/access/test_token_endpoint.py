"""Asking for a token: who gets one, what is refused and how, what the token opens."""

import base64
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr

from app.access.secrets import hash_secret
from app.access.tables import ClientRow
from app.kit.clock import system_clock
from app.kit.security.tokens import LEEWAY
from app.settings import Settings
from tests.access.clients import (
    SECRET,
    add_client,
    add_organisation,
    ask_token,
    get_token,
)
from tests.access.keys import pem, private_key
from tests.conftest import SavepointDatabase, SettableClock, serving
from tests.world import World, codes, problem

FORM = {"grant_type": "client_credentials"}


@pytest.fixture(autouse=True)
def _real_time(clock: SettableClock) -> None:
    """Tokens are verified against the real time, so they have to be issued at it."""
    clock.now = system_clock()


def assert_refused(answer: httpx.Response) -> None:
    """A 401 as RFC 6749 section 5.2 has it, as a problem."""
    content = problem(answer, 401, "invalid-client")
    assert content["error"] == "invalid_client"
    assert answer.headers["www-authenticate"].startswith("Basic realm=")
    assert answer.headers["cache-control"] == "no-store"


async def test_a_form_gives_a_bearer_token_that_is_not_kept_in_caches(world: World, settings: Settings) -> None:
    await add_client(world, "duinen-epd")
    answer = await ask_token(world, "duinen-epd")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    content = answer.json()
    assert content.keys() == {"access_token", "token_type", "expires_in"}
    assert content["token_type"] == "Bearer"
    assert content["expires_in"] == settings.token_lifetime_seconds


async def test_http_basic_identifies_the_client_as_well(world: World) -> None:
    await add_client(world, "duinen-epd")
    answer = await world.http.post("/v1/oauth/token", data=FORM, auth=("duinen-epd", SECRET))
    assert answer.status_code == 200
    assert answer.json()["access_token"]


async def test_unknown_form_fields_are_ignored(world: World) -> None:
    await add_client(world, "duinen-epd")
    answer = await ask_token(world, "duinen-epd", scope="all", audience="wijzer")
    assert answer.status_code == 200


async def test_the_token_carries_organisation_role_and_what_it_owns(world: World) -> None:
    provider_id = await world.add_provider()
    owned: list[dict[str, Any]] = [
        {"role": "provider", "providerId": provider_id},
        {"role": "region", "region": "JZ06"},
        {"role": "supraregion", "supraregion": "noord-holland"},
        {"role": "gi", "institution": "De Jeugd- en Gezinsbeschermers"},
        {"role": "local-team", "institution": "Wijkteam Den Helder"},
        {"role": "local-team"},
        {"role": "inspectorate"},
        {"role": "admin"},
    ]
    for number, fields in enumerate(owned):
        name = f"client-{number}"
        organisation = await add_client(world, name, **fields)
        headers = {"Authorization": f"Bearer {await get_token(world, name)}"}
        me = await world.ok(world.http.get("/v1/me", headers=headers))
        assert me == {
            **fields,
            "clientId": name,
            "organisationId": organisation["id"],
            "organisation": organisation["name"],
        }


async def test_the_token_opens_what_its_role_may(world: World) -> None:
    await add_client(world, "beheer", role="admin")
    headers = {"Authorization": f"Bearer {await get_token(world, 'beheer')}"}
    assert (await world.http.get("/v1/organisations", headers=headers)).status_code == 200


async def test_the_token_expires(world: World, clock: SettableClock, settings: Settings) -> None:
    await add_client(world, "duinen-epd")
    lifetime = settings.token_lifetime_seconds
    for age, status in ((lifetime - 30, 200), (lifetime + LEEWAY + 1, 401)):
        clock.now = system_clock() - timedelta(seconds=age)
        token = await get_token(world, "duinen-epd")
        answer = await world.http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("duinen-epd", SECRET[:-1] + "Q"),  # the wrong secret
        ("duinen-epd", SECRET + "Q"),
        ("duinen-epd", SECRET.lower()),
        ("duinen-epd", ""),
        ("duinen-lvs", SECRET),  # no such client
        ("Duinen-epd", SECRET),
        ("", SECRET),
        ("duinen\x00epd", SECRET),  # PostgreSQL takes no null character
        ("duinen-épd", SECRET),
    ],
)
async def test_wrong_credentials_are_refused_in_one_way(world: World, name: str, secret: str) -> None:
    await add_client(world, "duinen-epd")
    assert_refused(await ask_token(world, name, secret))
    basic = base64.b64encode(f"{name}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}"}
    assert_refused(await world.http.post("/v1/oauth/token", data=FORM, headers=headers))


@pytest.mark.parametrize("value", ["Basic", "Basic %%%", "Basic ZHVpbmVu", "Bearer x", "Negotiate x"])
async def test_a_header_without_credentials_is_refused(world: World, value: str) -> None:
    assert_refused(await world.http.post("/v1/oauth/token", data=FORM, headers={"Authorization": value}))


async def test_no_credentials_are_refused(world: World) -> None:
    assert_refused(await world.http.post("/v1/oauth/token", data=FORM))


async def test_a_revoked_client_is_refused(world: World) -> None:
    organisation = await add_client(world, "duinen-epd")
    path = f"/v1/organisations/{organisation['id']}/clients/duinen-epd"
    assert (await world.http.delete(path, headers=world.admin)).status_code == 204
    assert_refused(await ask_token(world, "duinen-epd"))


async def test_a_demo_client_gets_a_token_in_demo_mode_only(
    world: World, settings: Settings, database: SavepointDatabase, clock: SettableClock
) -> None:
    organisation = await add_organisation(world)
    salt = b"0123456789abcdef"
    async with database.write() as session:
        session.add(
            ClientRow(
                id="demo-gi",
                organisation_id=UUID(organisation["id"]),
                salt=salt,
                secret_hash=hash_secret("demo", salt),
                demo=True,
            )
        )
    assert (await ask_token(world, "demo-gi", "demo")).status_code == 200
    production = settings.model_copy(update={"demo": False, "signing_key": SecretStr(pem(private_key()))})
    async with serving(production, database, clock) as other:
        assert_refused(await ask_token(other, "demo-gi", "demo"))


async def test_another_grant_type_is_bad_input(world: World) -> None:
    cases = (({"grant_type": "password"}, "unsupported_grant_type"), ({"client_id": "x"}, "invalid_request"))
    for form, error in cases:
        answer = await world.http.post("/v1/oauth/token", data=form)
        assert problem(answer, 400, "unsupported-grant-type")["error"] == error


async def test_a_query_key_is_bad_input(world: World) -> None:
    answer = await world.http.post("/v1/oauth/token?client_id=duinen-epd", data=FORM)
    assert codes(answer) == {"#/query/client_id": "unknown-query-key"}


async def test_a_secret_that_is_too_long_is_bad_input_and_not_repeated(world: World) -> None:
    answer = await ask_token(world, "duinen-epd", "geheim" * 50)
    assert codes(answer) == {"#/client_secret": "too-long"}
    assert "geheim" not in answer.text


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {**FORM, "client_id": "duinen-epd", "client_secret": SECRET}},
        {"files": {"grant_type": (None, "client_credentials"), "client_id": (None, "duinen-epd")}},
        {"content": "grant_type=client_credentials", "headers": {"Content-Type": "text/plain"}},
    ],
    ids=["json", "multipart", "text"],
)
async def test_anything_but_a_form_is_an_unsupported_media_type(world: World, sent: dict[str, Any]) -> None:
    answer = await world.http.post("/v1/oauth/token", **sent)
    content = problem(answer, 415, "unsupported-media-type")
    assert "application/x-www-form-urlencoded" in content["detail"]


async def test_requests_over_the_limit_of_an_address_have_to_wait(
    settings: Settings, database: SavepointDatabase, clock: SettableClock
) -> None:
    limited = settings.model_copy(update={"token_rate_limit": "3/hour"})
    async with serving(limited, database, clock) as world:
        await add_client(world, "duinen-epd")
        assert [(await ask_token(world, "duinen-epd")).status_code for _ in range(2)] == [200, 200]
        assert_refused(await ask_token(world, "duinen-epd", "wrong"))
        answer = await ask_token(world, "duinen-epd")
        problem(answer, 429, "too-many-requests")
        assert 3000 < int(answer.headers["retry-after"]) <= 3600
        assert (await world.http.get("/v1/me", headers=world.gi)).status_code == 200
