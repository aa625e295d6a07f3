"""What fits a child, in a browser: a list while the form is filled in, a referral from a row, the keyboard alone."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from app.kit.security.callers import Role
from tests.http import Served
from tests.web.browser.barriers import DESK, PHONE, barriers
from tests.web.browser.conftest import PageAs

ROWS = "ol.ranked > li"
MOST_BYTES = 15_000
"""An answer to a filter, over the wire."""


async def _offers(served: Served) -> list[dict[str, Any]]:
    """Two that fit, one that needs a contract, and one that does not fit."""
    provider = await served.add_provider(name="Demo Zorg", contact={"phone": "0223 123456"})
    made = [
        await served.contracted_offer(provider, name="Het Nest", specialisations=["trauma"]),
        await served.contracted_offer(name="De Burcht"),
        await served.add_offer(name="Zonder contract"),
        await served.contracted_offer(name="Alleen jongens", genders=["male"]),
    ]
    for each in made:
        await served.report(each, placesTotal=4)
    return made


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_seven_fields_make_a_list_without_a_submit(served: Served, page_as: PageAs, width: int) -> None:
    await _offers(served)
    page = await page_as(Role.GI, width)
    await page.goto("/passend")
    await page.fill("#geboortemaand", "5-2014")
    await page.select_option("#geslacht", "female")
    await page.fill("#gemeente", "Den Helder")
    await page.select_option("#maatregel", "21")
    await page.fill("#uitgesproken", "2026-10-12")
    await page.fill("#afstand-1", "40")
    await expect(page.locator("#uitkomst")).to_contain_text("Vul nog in: Zorgvorm van keuze 1")
    await page.locator("#zorgvorm-1").focus()
    async with page.expect_response("**/passend") as answered:
        await page.select_option("#zorgvorm-1", "gezinshuis")
    await expect(page.locator(ROWS)).to_have_count(2)
    await expect(page.locator("#zorgvorm-1")).to_be_focused()
    sizes = await (await answered.value).request.sizes()
    assert sizes["responseBodySize"] + sizes["responseHeadersSize"] <= MOST_BYTES
    assert page.url.endswith("/passend"), "nothing about a child is in an address"
    await expect(page.locator("#wens-1 option")).to_have_count(9)

    await page.fill("#geboortemaand", "lente")
    await page.locator("#afstand-1").focus()
    await expect(page.locator("#fout-geboortemaand")).to_have_text("Schrijf maand en jaar, zoals 5-2014.")
    await expect(page.locator("#afstand-1")).to_be_focused()
    await page.fill("#geboortemaand", "mei 2014")
    await page.locator("#afstand-1").focus()
    await expect(page.locator(ROWS)).to_have_count(2)
    await expect(page.locator("#fout-geboortemaand")).to_be_empty()

    for fold in await page.locator("summary").all():
        if await fold.is_visible():
            await fold.click()
    assert await barriers(page) == []

    await page.get_by_label("Vergelijk Het Nest").check()
    await page.get_by_label("Vergelijk Zonder contract").check()
    await page.get_by_role("button", name="Vergelijk wat is aangevinkt").click()
    await expect(page.locator("table.compared thead th")).to_have_count(2)
    assert await barriers(page) == []
    await page.get_by_role("button", name="Terug naar de lijst").click()
    await expect(page.locator(ROWS)).to_have_count(2)

    await page.select_option("#wachttijd", "expected")
    await expect(page.locator("#uitkomst")).to_contain_text("Op onze verwachte wachttijd")
    await expect(page.locator(ROWS).first).to_contain_text("van ons geen schatting")
    assert await barriers(page) == []
    assert page.url.endswith("/passend#uitkomst"), "nothing about a child is in an address"


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_a_known_child_in_one_click_and_a_referral_on_one_page(
    served: Served, page_as: PageAs, width: int
) -> None:
    await _offers(served)
    child = await served.add_request(characteristics=["weglopen"])
    page = await page_as(Role.GI, width)
    await page.goto("/")
    await page.get_by_role("link", name=f"Passend aanbod voor {child['childReference']}").click()
    await expect(page.locator(ROWS)).to_have_count(2)
    assert await barriers(page) == []
    await page.get_by_role("button", name="Toch aanmelden bij Zonder contract").click()
    await page.get_by_label("Geen geldig contract").fill("De gemeente regelt een licht contract.")
    assert await barriers(page) == []
    await page.get_by_role("button", name="Verstuur de aanmelding").click()
    await expect(page).to_have_url(re.compile(f"/jeugdigen/{child['id']}"))
    await expect(page.locator("main")).to_contain_text("Zonder contract")
    assert await barriers(page) == []
    found = await served.ok(served.http.get("/v1/referrals", headers=served.gi))
    assert [each["despite"][0]["reason"] for each in found["items"]] == ["not-contracted"]


async def test_without_javascript(served: Served, page_as: PageAs) -> None:
    await _offers(served)
    page = await page_as(Role.REFERRER, PHONE, javascript=False)
    await page.goto("/passend")
    await page.fill("#geboortemaand", "5-2014")
    await page.select_option("#geslacht", "female")
    await page.fill("#gemeente", "Den Helder")
    await page.select_option("#zorgvorm-1", "gezinshuis")
    await page.get_by_role("button", name="Toon passend aanbod").click()
    await expect(page.locator(ROWS)).to_have_count(2)
    await expect(page.locator("#wens-1 option")).to_have_count(9)


async def test_the_keyboard_alone(served: Served, page_as: PageAs) -> None:
    await _offers(served)
    page = await page_as(Role.GI)
    await page.goto("/passend")
    await page.locator("#geboortemaand").focus()
    for typed in ("5-2014", "Meis", "Den Helder", "1781"):
        await page.keyboard.type(typed)
        await page.keyboard.press("Tab")
    await page.locator("#zorgvorm-1").focus()
    await page.keyboard.type("Gezinshuis")
    await page.keyboard.press("Tab")
    await expect(page.locator(ROWS)).to_have_count(2)
    await page.locator("#plekken").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/passend#uitkomst")
    await expect(page.locator(ROWS)).to_have_count(2)


async def test_paper_shows_the_list_and_what_was_asked(served: Served, page_as: PageAs) -> None:
    await _offers(served)
    child = await served.add_request()
    page = await page_as(Role.GI)
    await page.goto(f"/passend?jeugdige={child['id']}")
    await page.emulate_media(media="print")
    await expect(page.locator(ROWS).first).to_be_visible()
    await expect(page.locator(".asked")).to_be_visible()
    for hidden in ("nav", "#passend", "ol.ranked form >> nth=0", "ol.ranked .choice >> nth=0", "summary >> nth=0"):
        await expect(page.locator(hidden)).to_be_hidden()
