"""Referrals and calls received in a browser: a yes in two clicks, a no in three."""

from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from app.kit.security.callers import Role
from tests.dossiers.calls.scene import publish
from tests.dossiers.referrals.scene import refer
from tests.http import Served
from tests.web.browser.barriers import DESK, PHONE, barriers
from tests.web.browser.conftest import PageAs, follow


async def scene(served: Served, page_as: PageAs, width: int) -> tuple[Page, dict[str, Any], dict[str, Any]]:
    """A provider at its browser, its offer with free places, and a referral to it."""
    offer = await served.contracted_offer(name="Het Nest")
    await served.report(offer, placesTotal=4, placesFree=2)
    referral = await refer(served, offer, summary={"urgency": "crisis", "characteristics": ["weglopen"]})
    page = await page_as(Role.PROVIDER, width, provider_id=UUID(offer["providerId"]))
    return page, offer, referral


async def status_of(served: Served, referral: dict[str, Any]) -> str:
    found = await served.ok(served.http.get(f"/v1/referrals/{referral['id']}", headers=served.gi))
    return str(found["status"])


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_accepting_takes_two_clicks(served: Served, page_as: PageAs, width: int) -> None:
    page, _, referral = await scene(served, page_as, width)
    await page.goto("/aanmeldingen")
    assert await barriers(page) == []
    await follow(page.get_by_role("link", name="Meisje, 12 jaar"))
    assert await barriers(page) == []
    await page.get_by_role("button", name="Neem aan").click()
    await expect(page.locator("main")).to_contain_text("aangenomen")
    assert await status_of(served, referral) == "accepted"
    assert await barriers(page) == []


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_declining_takes_three_clicks(served: Served, page_as: PageAs, width: int) -> None:
    page, _, referral = await scene(served, page_as, width)
    await page.goto("/aanmeldingen")
    await follow(page.get_by_role("link", name="Meisje, 12 jaar"))
    await page.get_by_label("Personeelstekort").click()
    await page.get_by_role("button", name="Wijs af").click()
    await expect(page.locator("main")).to_contain_text("Personeelstekort")
    assert await status_of(served, referral) == "declined"


async def test_what_goes_with_a_reason_is_asked_with_it(served: Served, page_as: PageAs) -> None:
    page, _, referral = await scene(served, page_as, PHONE)
    await page.goto(f"/aanmeldingen/{referral['id']}")
    named = page.get_by_role("group", name="Om welke contra-indicatie gaat het?")
    await expect(named).to_be_hidden()
    await page.get_by_label("Contra-indicatie (met kenmerk)").click()
    await expect(named).to_be_visible()
    await expect(named.get_by_role("checkbox").first).to_have_value("weglopen")
    await page.get_by_role("button", name="Wijs af").click()
    await expect(page.locator("#fout-criteria")).to_be_visible()
    assert await barriers(page) == []


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_a_call_is_answered(served: Served, page_as: PageAs, width: int) -> None:
    page, _, _ = await scene(served, page_as, width)
    await publish(served)
    await page.goto("/oproepen")
    assert await barriers(page) == []
    await follow(page.get_by_role("link", name="Meisje, 12 tot en met 15 jaar"))
    assert await barriers(page) == []
    await page.get_by_role("button", name="Wij kunnen dit", exact=True).click()
    await expect(page.locator("#kan-startOn-fout")).to_be_visible()
    await page.get_by_label("Start mogelijk op").fill("2026-12-14")
    await page.get_by_role("button", name="Wij kunnen dit", exact=True).click()
    await expect(page.locator("main")).to_contain_text("u kunt, vanaf 14 december 2026")
