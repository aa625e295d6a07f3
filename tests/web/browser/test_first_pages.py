"""What the page costs at which each role begins: at most 110 kB in three round trips, being led there included."""

import re
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.async_api import Response, expect

from app.kit.security.callers import Role
from tests.http import Served
from tests.web.browser.barriers import DESK
from tests.web.browser.conftest import PageAs
from tests.web.browser.test_free_places import HEADERS

MOST_BYTES: Final = 110_000
FILES: Final = {"stylesheet", "script", "font", "image", "manifest"}


async def owned(served: Served) -> dict[str, Any]:
    """What a provider with twelve offers is known by; an institution has children besides."""
    provider = await served.add_provider()
    for number in range(12):
        offer = await served.add_offer(provider, name=f"Gezinshuis De Duinen {number}")
        await served.report(offer, placesTotal=9, placesFree=1)
    for _ in range(12):
        await served.add_request()
    return {"provider_id": UUID(provider)}


@pytest.mark.parametrize("role", [None, Role.GI, Role.PROVIDER, Role.REGION])
async def test_what_the_first_page_takes(served: Served, page_as: PageAs, role: Role | None) -> None:
    owns = await owned(served)
    page = await page_as(role, DESK, **(owns if role is Role.PROVIDER else {}))
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    await page.goto("/")
    await expect(page.locator("h1")).to_be_visible()
    await page.evaluate("document.fonts.ready.then(() => null)")
    pages = [each for each in answers if each.request.is_navigation_request()]
    named = set(re.findall(r"/(?:static/[^\s\"'()#?<>]+|manifest\.webmanifest)", await pages[-1].text()))
    files = {urlsplit(each.url).path for each in answers if each.request.resource_type in FILES}
    assert any(each.endswith(".woff2") for each in files)
    # what was led to, the page, its files, and what these name; plots further down are asked for when they are seen
    assert len(pages) + 1 + bool(files - named) <= 3, files - named
    taken = {each.url: int(each.headers.get("content-length", 0)) + HEADERS for each in answers}
    assert sum(taken.values()) <= MOST_BYTES, taken
