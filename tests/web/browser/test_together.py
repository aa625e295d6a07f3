"""Two people in two browsers: what one does, the other sees."""

import re
from uuid import UUID

from playwright.async_api import expect

from app.kit.security.callers import Role
from tests.dossiers.referrals.scene import refer
from tests.http import Served
from tests.web.browser.barriers import DESK, PHONE
from tests.web.browser.conftest import PageAs
from tests.web.browser.test_free_places import LIST, following


async def test_a_place_is_accepted_in_one_and_the_other_sees_it_go(served: Served, page_as: PageAs) -> None:
    offer = await served.contracted_offer(name="Het Nest")
    await served.report(offer, placesTotal=4, placesFree=2)
    await refer(served, offer)
    referrer = await page_as(Role.GI, PHONE)
    await following(referrer)
    row = referrer.locator(f"#aanbod-{offer['id']}")
    await expect(row).to_contain_text("2 vrij")
    provider = await page_as(Role.PROVIDER, DESK, provider_id=UUID(offer["providerId"]))
    await provider.goto("/aanmeldingen")
    await provider.get_by_role("link", name="Meisje, 12 jaar").click()
    await provider.get_by_role("button", name="Neem aan").click()
    await expect(row).to_contain_text("1 vrij")


async def test_who_is_typing_goes_on_undisturbed(served: Served, page_as: PageAs) -> None:
    offer = await served.contracted_offer(name="Het Nest")
    await served.report(offer, placesTotal=4, placesFree=2)
    page = await page_as(Role.GI, DESK)
    await following(page, LIST)
    await page.locator("#waar").focus()
    await page.keyboard.press("End")
    await page.locator("#waar").press_sequentially("x")
    await page.locator("#waar").press("Backspace")
    await page.locator("#waar").press("ArrowLeft")
    await expect(page).to_have_url(re.compile("waar=Den\\+Helder"))
    where = "[document.activeElement.id, document.activeElement.value, document.activeElement.selectionStart, scrollY]"
    before = await page.evaluate(where)
    assert before[:3] == ["waar", "Den Helder", len("Den Helde")]
    await served.report(offer, placesTotal=4, placesFree=3)
    await expect(page.locator(f"#aanbod-{offer['id']}")).to_contain_text("3 vrij")
    assert await page.evaluate(where) == before
