"""Signing in and out of the web app."""

from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.access import repository as access
from app.access.revocations import refresh
from app.kit.clock import system_clock
from app.kit.security.callers import Role
from app.settings import Settings
from app.web.sign_in.dependencies import seen_by
from app.web.sign_in.views import own_path
from tests.access.keys import pem, private_key
from tests.conftest import SavepointDatabase, SettableClock, serving
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World


async def test_a_form_of_another_site_is_refused(world: World) -> None:
    for site in ("cross-site", "same-site", "none"):
        answer = await Browser(world).post("/afmelden", Sec_Fetch_Site=site)
        assert "niet van deze site" in text_of(answer, status=403)


async def test_the_api_never_takes_the_cookie(world: World) -> None:
    gi = await browser_of(world, Role.GI)
    assert (await gi.get("/vrije-plekken")).status_code == 200
    assert (await gi.get("/v1/requests")).status_code == 401


async def test_signing_out_ends_the_session_everywhere(world: World) -> None:
    gi = await browser_of(world, Role.GI)
    kept = Browser(world, dict(gi.cookies))
    answer = await gi.post("/afmelden")
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden")
    assert answer.headers["clear-site-data"] == '"storage"'
    assert (await kept.get("/vrije-plekken")).status_code == 303


async def test_a_session_ends_when_nobody_uses_it(world: World, clock: SettableClock) -> None:
    gi = await browser_of(world, Role.GI)
    clock.now += timedelta(minutes=59)
    assert (await gi.get("/vrije-plekken")).status_code == 200
    clock.now += timedelta(minutes=59)
    assert (await gi.get("/vrije-plekken")).status_code == 200
    clock.now += timedelta(minutes=61)
    assert (await gi.get("/vrije-plekken")).status_code == 303


async def test_a_session_ends_at_last_however_much_it_is_used(world: World, clock: SettableClock) -> None:
    gi = await browser_of(world, Role.GI)
    for _ in range(11):
        clock.now += timedelta(minutes=50)
        assert (await gi.get("/vrije-plekken")).status_code == 200
    clock.now += timedelta(minutes=50)
    assert (await gi.get("/vrije-plekken")).status_code == 303


@pytest.fixture
async def demo_world(world: World, database: SavepointDatabase) -> World:
    """With two demo clients: a provider's and that of an expert team."""
    await database.connection.execute(
        text(
            """WITH organisation AS (
                   INSERT INTO organisations (id, name, role, region_code)
                   VALUES (gen_random_uuid(), 'Regio (demo)', 'region', 'JZ03') RETURNING id)
               INSERT INTO clients (id, organisation_id, salt, secret_hash, rights, demo)
               SELECT id_, organisation.id, '', '', rights, demo FROM organisation, (VALUES
                   ('demo-expert-team', '{expert-team}'::text[], true), ('demo-region', '{}', true),
                   ('real-region', '{}', false)) AS clients (id_, rights, demo)"""
        )
    )
    return world


async def test_one_button_a_role(demo_world: World) -> None:
    page = page_of(await Browser(demo_world).get("/aanmelden"))
    assert [each.attributes["value"] for each in page.css("button[name=client]")] == ["demo-expert-team", "demo-region"]


async def test_signing_in_leads_to_the_page_that_was_asked(demo_world: World) -> None:
    somebody = Browser(demo_world)
    answer = await somebody.post("/aanmelden/demo", {"client": "demo-region", "naar": "/vrije-plekken?waar=Texel"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/vrije-plekken?waar=Texel")
    cookie = answer.headers["set-cookie"].lower()
    for part in ("httponly", "samesite=lax", "path=/"):
        assert part in cookie
    assert "secure" not in cookie  # demo mode alone
    assert "Regio (demo)" in text_of(await somebody.get("/vrije-plekken"), "header")


async def test_signing_in_again_is_another_session_and_ends_the_first(demo_world: World) -> None:
    somebody = Browser(demo_world)
    await somebody.post("/aanmelden/demo", {"client": "demo-region"})
    first = Browser(demo_world, dict(somebody.cookies))
    await somebody.post("/aanmelden/demo", {"client": "demo-expert-team"})
    assert somebody.cookies != first.cookies
    assert (await first.get("/vrije-plekken")).status_code == 303
    assert (await somebody.get("/vrije-plekken")).status_code == 200


async def test_a_client_that_is_revoked_is_signed_out(
    demo_world: World, database: SavepointDatabase, clock: SettableClock
) -> None:
    somebody, another = Browser(demo_world), Browser(demo_world)
    await somebody.post("/aanmelden/demo", {"client": "demo-region"})
    await another.post("/aanmelden/demo", {"client": "demo-expert-team"})
    async with database.write() as session:
        await access.revoke_tokens(session, "demo-region", clock.now)
    await refresh(database, demo_world.parts.callers.revocations)
    assert (await somebody.get("/vrije-plekken")).status_code != 200
    assert (await another.get("/vrije-plekken")).status_code == 200


@pytest.mark.parametrize("client", ["real-region", "nobody", ""])
async def test_no_demo_client_no_session(demo_world: World, client: str) -> None:
    answer = await Browser(demo_world).post("/aanmelden/demo", {"client": client})
    assert answer.status_code in {404, 400}
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a b"])
def test_the_way_on_is_never_another_site(elsewhere: str) -> None:
    assert own_path(elsewhere) == "/"
    assert own_path("/jeugdigen?x=1&y=%2F") == "/jeugdigen?x=1&y=%2F"


@pytest.mark.usefixtures("demo_world")
async def test_outside_demo_mode(settings: Settings, database: SavepointDatabase) -> None:
    real = settings.model_copy(update={"demo": False, "signing_key": SecretStr(pem(private_key()))})
    async with serving(real, database, system_clock) as other:
        somebody = Browser(other)
        assert page_of(await somebody.get("/aanmelden")).css("button[name=client]") == []
        assert (await somebody.post("/aanmelden/demo", {"client": "demo-region"})).status_code == 404
        answer = await somebody.post("/afmelden")
        assert answer.headers["set-cookie"].startswith("__Host-wijzer-sessie=")
        assert "secure" in answer.headers["set-cookie"].lower()


async def test_a_page_of_another_role_says_whose_it_is() -> None:
    for roles, words in (((Role.GI,), "gecertificeerde instelling"), ((Role.GI, Role.REGION), "of jeugdregio")):
        assert words in seen_by(*roles).wanted
