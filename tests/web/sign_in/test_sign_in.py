"""Signing in and out of the web app."""

from datetime import timedelta

from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.web.pages import Browser, browser_of, text_of
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


async def test_a_session_ends_when_idle_and_at_last(world: World, clock: SettableClock) -> None:
    gi = await browser_of(world, Role.GI)
    for _ in range(12):
        clock.now += timedelta(minutes=50)
        last = await gi.get("/vrije-plekken")
        if last.status_code == 303:
            break
    assert last.status_code == 303
    assert _ == 11  # ten hours
    other = await browser_of(world, Role.GI)
    clock.now += timedelta(minutes=61)
    assert (await other.get("/vrije-plekken")).status_code == 303
