"""What holds of every page and every form, by the routes that there are: a new one cannot be forgotten."""

import re
from uuid import UUID

import pytest

from app.kit.security.callers import Right, Role
from tests.web.pages import Browser, browser_of, page_of
from tests.web.routes import STREAM, paths
from tests.world import World


def _of_nobody(path: str) -> str:
    """A path with ids of nothing that is there."""
    return re.sub(r"\{[^}]+\}", str(UUID(int=0xBAD)), path)


def test_the_routes_are_found() -> None:
    assert len(paths("GET")) > 40
    assert len(paths("POST")) > 25


async def test_no_form_is_taken_from_another_site(world: World) -> None:
    somebody = await browser_of(world, Role.GI)
    for path in paths("POST"):
        answer = await somebody.post(_of_nobody(path), {}, Sec_Fetch_Site="cross-site")
        assert answer.status_code == 403, path


async def test_every_page_asks_who_is_there(world: World) -> None:
    nobody = Browser(world)
    for method in ("GET", "POST"):
        for path in paths(method):
            ask = nobody.get if method == "GET" else nobody.post
            answer = await ask(_of_nobody(path))
            assert (answer.status_code, answer.headers.get("location", "")[:10]) == (303, "/aanmelden"), path


@pytest.mark.parametrize("role", [Role.GI, Role.PROVIDER, Role.REGION])
async def test_what_is_not_the_callers_is_not_there(world: World, role: Role) -> None:
    """Neither by guessing an id: a page that has one is 404, or is of another role (403)."""
    rights = {"rights": frozenset({Right.EXPERT_TEAM})} if role is Role.REGION else {}
    somebody = await browser_of(world, role, **rights)
    for path in paths("GET"):
        if "{" in path and not STREAM.search(path):
            assert (await somebody.get(_of_nobody(path))).status_code in {403, 404}, path
    for path in paths("POST"):
        if "{" in path:
            assert (await somebody.post(_of_nobody(path), {})).status_code in {400, 403, 404}, path


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.REGION])
async def test_no_other_role_opens_a_dossier_by_guessing(world: World, role: Role) -> None:
    made = await world.add_request()
    somebody = await browser_of(world, role)
    for path in paths("GET"):
        if path.startswith("/jeugdigen"):
            answer = await somebody.get(_of_nobody(path.replace("{request_id}", made["id"])))
            assert answer.status_code == 403, path
            assert made["childReference"] not in answer.text


async def test_no_other_institution_opens_a_dossier(world: World) -> None:
    made = await world.add_request()
    other = await browser_of(world, Role.GI, organisation_id=UUID(int=77))
    for method in ("GET", "POST"):
        for path in paths(method):
            if path.startswith("/jeugdigen/"):
                ask = other.get if method == "GET" else other.post
                answer = await ask(_of_nobody(path.replace("{request_id}", made["id"])))
                assert answer.status_code == 404, path
                assert made["childReference"] not in answer.text


@pytest.mark.parametrize("role", [Role.GI, Role.PROVIDER, Role.REGION])
async def test_each_page_that_a_role_opens_has_one_heading_and_is_not_kept(world: World, role: Role) -> None:
    somebody = await browser_of(world, role)
    for path in paths("GET"):
        if "{" in path or STREAM.search(path):
            continue
        answer = await somebody.get(path)
        if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
            assert answer.status_code in {200, 303, 400, 403, 404}, path
            continue
        page = page_of(answer)
        assert len(page.css("h1")) == 1, path
        assert page.css_first("a[href='#inhoud']") is not None, path
        if path.startswith(("/jeugdigen", "/overdrachten", "/passend", "/aanmeldingen")):
            assert answer.headers["cache-control"] == "no-store", path
