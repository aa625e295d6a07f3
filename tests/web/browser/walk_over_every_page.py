"""Every page that somebody can come to, at both widths and in its open states: nothing is in anybody's way.

The pages are found by following links through a world in which each has something to show, and each route of the app
has to be among them: a new page is walked over without a line here.
"""

from collections.abc import AsyncIterator, Iterable
from typing import Any, Final, NamedTuple, cast
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.async_api import Page, Response, expect

from app.kit.security.callers import Role
from tests.http import Served
from tests.web.browser.barriers import PHONE, barriers, barriers_unfolded
from tests.web.browser.conftest import PageAs
from tests.web.everything import TEAM, Everything, everything
from tests.web.routes import page_paths, template_of
from tests.web.walking import Kind, kind_of

_OF_AN_ISSUER: Final = {"/aanmelden/organisatie", "/aanmelden/terug"}
"""They lead to another site and back: `test_sign_in`."""
_LINKS: Final = """() => [...document.querySelectorAll("a[href]")]
    .map((each) => new URL(each.getAttribute("href"), location.href))
    .filter((each) => each.origin === location.origin).map((each) => each.pathname + each.search)"""
_FORMS: Final = "main form[method=post]:not([hx-post]):has(input:not([type=hidden]), select, textarea)"
_SEND_WRONG: Final = """(form) => {
    form.noValidate = true;
    for (const field of form.elements) {
        if (field.matches("select")) field.add(new Option("?", "?", true, true));
        else if (field.matches("[type=radio], [type=checkbox]")) Object.assign(field, { value: "?", checked: true });
        else if (field.matches("[inputmode]")) field.value = "?";
        else if (!field.matches("[type=hidden], button, fieldset")) field.value = "";
    }
    form.requestSubmit(form.querySelector("button"));
}"""
"""Sends a form with nothing in its texts, and in all else what cannot be chosen."""
_BUILD: Final = (
    """() => [...document.querySelectorAll("main *")].map((each) => `${each.tagName}.${each.className}`).join()"""
)
"""What two pages have in common that look alike: the elements of what is their own, with their classes."""


_SEARCHES: Final = (
    "/vrije-plekken?waar=Nergenshuizen",
    "/vrije-plekken?waar=den",
    "/vrije-plekken?zorgvorm=gezinshuis&waar=Den+Helder&binnen=50",
    "/vrije-plekken?waar=Den+Helder&gemeente=GM0400",
    "/vrije-plekken?regio=JZ03&plek=Demo",
)


class Walker(NamedTuple):
    """Somebody who follows links, from these pages beside the first."""

    role: Role | None
    owns: dict[str, Any]
    starts: tuple[str, ...] = ()


class Walk(NamedTuple):
    """Who walk, one after the other, and which pages they come to between them."""

    walkers: tuple[Walker, ...]
    owns: tuple[str, ...]


def _walks(there: Everything | None) -> dict[str, Walk]:
    provider = {"provider_id": there.provider_id} if there else {}
    dossier = (f"/jeugdigen/{there.dossier}",) if there and there.dossier else ()
    receiver = (Walker(Role.GI, {"organisation_id": UUID(there.receiver.id)}),) if there and there.receiver else ()
    return {
        "referrer": Walk(
            (
                Walker(None, {}, ("/aanmelden",)),
                Walker(Role.REFERRER, {}, _SEARCHES),
                Walker(Role.GI, {}, (*_SEARCHES, *dossier)),
                *receiver,
            ),
            ("/aanmelden", "/vrije-plekken", "/aanbod/", "/passend", "/jeugdigen", "/overdrachten"),
        ),
        "provider": Walk((Walker(Role.PROVIDER, provider),), ("/mijn-aanbod", "/aanmeldingen", "/oproepen")),
        "region": Walk(
            (Walker(Role.REGION, TEAM), Walker(Role.REGION, {}), Walker(Role.INSPECTORATE, {})), ("/overzicht",)
        ),
    }


WALKS: Final = tuple(_walks(None))


def test_every_page_is_of_a_walk() -> None:
    owned = tuple(prefix for walk in _walks(None).values() for prefix in walk.owns)
    assert [path for path in page_paths() if not path.startswith(owned)] == ["/"]


@pytest.mark.parametrize("has_data", [True, False], ids=["full", "empty"])
@pytest.mark.parametrize("name", WALKS)
async def test_nothing_is_in_the_way(served: Served, page_as: PageAs, name: str, *, has_data: bool) -> None:
    there = await everything(served) if has_data else Everything(UUID(await served.add_provider()))
    walk = _walks(there)[name]
    seen, wrong = set[tuple[Kind, str]](), dict[str, list[str]]()
    for role, owns, starts in walk.walkers:
        page, forms = await page_as(role, PHONE, **owns), list[tuple[str, int]]()
        async for kind, path in _pages(page, starts):
            build = (kind, await page.evaluate(_BUILD))
            if build in seen:
                continue
            seen.add(build)
            wrong[f"{role} {path}"] = await barriers_unfolded(page)
            forms += [(path, number) for number in range(await page.locator(_FORMS).count())]
        for path, number in forms:
            wrong[f"{role} {path} filled in wrong, {number}"] = await _in_the_way_of_mending(page, path, number)
    assert {path: found for path, found in wrong.items() if found} == {}
    if has_data:
        mine = {path for path in page_paths() if path.startswith(walk.owns)}
        assert mine - {template_of(kind[0]) for kind, _ in seen} - _OF_AN_ISSUER == set()


async def _pages(page: Page, starts: Iterable[str]) -> AsyncIterator[tuple[Kind, str]]:
    """Opens a page of each kind that links lead to from these and from the first page, one after the other."""
    known = {kind: path for path in ("/", *starts) if (kind := kind_of(path))}
    waiting = list(known.items())
    while waiting:
        kind, path = waiting.pop(0)
        answer = await page.goto(path)
        assert answer is not None
        assert answer.ok, path
        for link in await page.evaluate(_LINKS):
            leads_to = kind_of(link)
            if leads_to and leads_to not in known:
                known[leads_to] = link
                waiting.append((leads_to, link))
        yield kind_of(urlsplit(page.url).path) or kind, path


async def _in_the_way_of_mending(page: Page, path: str, number: int) -> list[str]:
    """What is in the way where a form comes back with what is wrong with it; none where it was taken as it was."""
    answer = await page.goto(path)
    if answer is None or not answer.ok or await page.locator(_FORMS).count() <= number:
        return []  # what was taken from another form of the page has changed it
    async with page.expect_navigation() as answered:
        await page.locator(_FORMS).nth(number).evaluate(_SEND_WRONG)
    came = cast("Response | None", await answered.value)
    if came is None:  # the page took it without another being loaded, or which was loaded is not told yet
        await expect(page.locator("h1")).to_have_count(1)
        return await barriers(page, colours=False)
    if came.ok:
        return []
    assert await page.locator("main [role=alert], main .error").count(), f"{path} does not say what is wrong"
    return await barriers(page, colours=False)
