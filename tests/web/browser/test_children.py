"""Children in a browser: from the deadline on the start to what is recorded about it, with the keyboard alone."""

from typing import Any, Final

import pytest
from playwright.async_api import expect

from app.kit.security.callers import Role
from tests.dossiers.calls.scene import answer, contracted, publish
from tests.dossiers.referrals.scene import decide, refer
from tests.http import Served
from tests.web.browser.barriers import DESK, PHONE, barriers
from tests.web.browser.conftest import PageAs

FORMS: Final = ("uitleg/help", "opschalen", "oproep")
"""Those that have every kind of field between them."""


async def _child(served: Served) -> dict[str, Any]:
    """A child with late clocks, a place that was promised, an answered call and a step of the ladder."""
    made = await served.add_request(
        childReference="K-2026-7", child={"measure": {"type": "21", "imposedOn": "2026-08-03"}}
    )
    offer = await contracted(served, name="Het Nest")
    await served.report(offer, placesTotal=4, placesFree=2)
    await served.ok(decide(served, await refer(served, offer, made), "accept"))
    await answer(served, await publish(served, made), offer)
    asked = {"step": "local-team", "reason": "no-suitable-offer", "asked": "Wie heeft een plek?"}
    await served.ok(served.http.post(f"/v1/requests/{made['id']}/escalations", json=asked, headers=served.gi))
    return made


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_no_form_has_barriers(served: Served, page_as: PageAs, width: int) -> None:
    made = await _child(served)
    page = await page_as(Role.GI, width)
    for what in FORMS:
        await page.goto(f"/jeugdigen/{made['id']}/{what}")
        assert await barriers(page) == []


async def test_a_child_is_found_while_typing_and_no_address_says_so(served: Served, page_as: PageAs) -> None:
    await _child(served)
    await served.add_request(childReference="K-ander-8")
    page = await page_as(Role.GI, PHONE)
    await page.goto("/jeugdigen")
    await expect(page.locator("#jeugdigen li")).to_have_count(2)
    await page.locator("#zoek").press_sequentially("2026-7")
    await expect(page.locator("#jeugdigen li")).to_have_count(1)
    await expect(page.locator("#zoek")).to_be_focused()
    assert "2026-7" not in page.url
    assert await barriers(page) == []
    await page.get_by_role("link", name="K-2026-7", exact=True).click()
    await expect(page.get_by_role("link", name="Zoek passende hulp").first).to_be_visible()


async def test_without_javascript(served: Served, page_as: PageAs) -> None:
    await _child(served)
    page = await page_as(Role.GI, PHONE, javascript=False)
    await page.goto("/jeugdigen")
    await page.locator("#zoek").fill("Den Helder")
    await page.get_by_role("button", name="Zoek").click()
    await page.get_by_role("link", name="K-2026-7", exact=True).click()
    await page.get_by_role("link", name="Sluit de hulpvraag").click()
    await page.locator("#closedReason").select_option("measure-ended")
    await page.get_by_role("button", name="Sluit de hulpvraag").click()
    await expect(page.get_by_role("status")).to_have_text("De hulpvraag is gesloten.")
