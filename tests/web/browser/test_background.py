"""The map over PDOK's background: its tiles are asked for as PDOK lays them out, and the page's policy lets them in."""

import base64
import re
from typing import Final

import pytest
from playwright.async_api import Route, expect

from app.kit.security.callers import Role
from app.settings import Settings
from tests.http import Served
from tests.web.browser.barriers import DESK
from tests.web.browser.conftest import PageAs

LAYOUT: Final = re.compile(
    r"https://service\.pdok\.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:28992/(\d|1[0-3])/(\d+)/(\d+)\.png"
)
"""Zoom, column and row, without leading zeros (PDOK, BRT Achtergrondkaart, WMTS v2_0 by REST)."""
PIXEL: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def served_settings(settings: Settings) -> Settings:
    """With the background on."""
    return settings.model_copy(update={"pdok_background": True})


async def test_tiles_are_asked_for_and_let_in(served: Served, page_as: PageAs) -> None:
    await served.report(await served.contracted_offer(), placesTotal=4, placesFree=1)
    page = await page_as(Role.GI, DESK)
    asked: list[str] = []

    async def give(route: Route) -> None:
        asked.append(route.request.url)
        await route.fulfill(body=PIXEL, content_type="image/png")

    await page.route("https://service.pdok.nl/**", give)
    async with page.expect_event("requestfinished", lambda request: "service.pdok.nl" in request.url):
        await page.goto("/vrije-plekken?waar=Den+Helder")
    await expect(page.locator("#map-marks a")).to_have_count(1)
    found = [LAYOUT.fullmatch(each) for each in asked]
    assert found
    assert all(found)
