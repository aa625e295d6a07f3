"""Each main path with the keyboard alone: Tab comes to everything, Enter and Space do it."""

from typing import Any, Final
from uuid import UUID

from playwright.async_api import Locator, Page, expect

from app.kit.security.callers import Right, Role
from tests.dossiers.calls.scene import publish
from tests.dossiers.referrals.scene import refer
from tests.http import Served
from tests.web.browser.conftest import PageAs

_FOCUSED: Final = "each => each === document.activeElement"
_MOST: Final = 150
"""Times Tab; no page of these has more to come to."""


async def tab_to(page: Page, aimed: Locator) -> None:
    """Goes on with Tab until this has the focus, which can be seen."""
    for _ in range(_MOST):
        await page.keyboard.press("Tab")
        if await aimed.first.evaluate(_FOCUSED):
            assert await aimed.first.evaluate("each => getComputedStyle(each).outlineStyle") != "none"
            return
    raise AssertionError(f"Tab does not come to {aimed}")


async def press(page: Page, name: str, key: str = "Enter") -> None:
    """Comes to the button or link that is called so, presses a key on it, and waits for the page that this leads to."""
    await tab_to(page, page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)))
    async with page.expect_navigation():
        await page.keyboard.press(key)


async def fill(page: Page, label: str, typed: str) -> None:
    """Comes to the field of this label, and types."""
    await tab_to(page, page.get_by_label(label, exact=True))
    await page.keyboard.type(typed)


async def offer_with_places(served: Served, name: str = "Het Nest", **fields: Any) -> dict[str, Any]:
    offer = await served.contracted_offer(name=name, **fields)
    await served.report(offer, placesTotal=4, placesFree=2)
    return offer


def own(offer: dict[str, Any]) -> dict[str, UUID]:
    return {"provider_id": UUID(offer["providerId"])}


async def test_a_free_place_is_found_and_watched(served: Served, page_as: PageAs) -> None:
    await offer_with_places(served)
    page = await page_as(Role.GI)
    await page.goto("/")
    await expect(page.locator("#zorgvorm")).to_be_focused()
    await page.keyboard.type("gezinshuis")
    await expect(page.locator("h1")).to_have_text("Vrije plekken")
    await fill(page, "Gemeente, plaats of postcode", "Den Helder")
    await expect(page.locator("#plekken")).to_contain_text("rond Den Helder")
    await press(page, "Het Nest")
    await expect(page.locator("h1")).to_have_text("Het Nest")
    await press(page, "Meld mij")
    await expect(page.get_by_role("status").filter(has_text="De melding staat aan")).to_be_visible()


async def test_what_fits_is_found_and_referred_to(served: Served, page_as: PageAs) -> None:
    await offer_with_places(served)
    child = await served.add_request()
    page = await page_as(Role.GI)
    await page.goto(f"/jeugdigen/{child['id']}")
    await press(page, "Zoek passende hulp")
    await press(page, "Meld aan bij Het Nest")
    await expect(page.locator("h1")).to_contain_text("Het Nest")
    await press(page, "Verstuur de aanmelding")
    await expect(page.locator("main")).to_contain_text("Het Nest")
    found = await served.ok(served.http.get("/v1/referrals", headers=served.gi))
    assert [each["status"] for each in found["items"]] == ["sent"]


async def test_a_deadline_is_met_from_the_start_page(served: Served, page_as: PageAs) -> None:
    await served.add_request(childReference="K-2026-7", child={"measure": {"type": "21", "imposedOn": "2026-08-03"}})
    page = await page_as(Role.GI)
    await page.goto("/")
    await press(page, "Leg jeugdbeschermer vast voor K-2026-7")
    await expect(page.locator("h1")).to_have_text("Vaste jeugdbeschermer toegewezen")
    await tab_to(page, page.locator("#date"))
    await page.locator("#date").fill("2026-08-06")  # in which order its parts are typed is the browser's
    await press(page, "Leg vast")
    await expect(page.get_by_role("status").filter(has_text="De datum is vastgelegd.")).to_be_visible()
    await expect(page.locator("main")).to_contain_text("gedaan op 6 augustus 2026")


async def test_referrals_are_accepted_and_declined(served: Served, page_as: PageAs) -> None:
    offer = await offer_with_places(served)
    referrals = [await refer(served, offer) for _ in range(2)]
    page = await page_as(Role.PROVIDER, **own(offer))
    await page.goto(f"/aanmeldingen/{referrals[0]['id']}")
    await press(page, "Neem aan", "Space")
    await expect(page.locator("#stand")).to_contain_text("aangenomen")
    await press(page, "Alle aanmeldingen")
    await press(page, "Meisje, 12 jaar")
    await expect(page.locator("#aanmelding")).to_be_visible()
    await tab_to(page, page.get_by_role("radio"))
    await page.keyboard.press("ArrowDown")
    await press(page, "Wijs af")
    await expect(page.locator("#stand")).to_contain_text("afgewezen")


async def test_a_call_is_answered(served: Served, page_as: PageAs) -> None:
    offer = await offer_with_places(served)
    await publish(served)
    page = await page_as(Role.PROVIDER, **own(offer))
    await page.goto("/oproepen")
    await press(page, "Meisje, 12 tot en met 15 jaar")
    await tab_to(page, page.get_by_label("Start mogelijk op"))
    await page.get_by_label("Start mogelijk op").fill("2026-12-14")
    await press(page, "Wij kunnen dit")
    await expect(page.locator("#stand")).to_contain_text("u kunt, vanaf 14 december 2026")


async def test_all_figures_are_confirmed(served: Served, page_as: PageAs) -> None:
    offer = await offer_with_places(served)
    page = await page_as(Role.PROVIDER, **own(offer))
    await page.goto("/mijn-aanbod")
    await press(page, "Alles ongewijzigd")
    await expect(page.get_by_role("status").first).to_contain_text("1 aanbod is bevestigd")


async def test_a_region_decides(served: Served, page_as: PageAs) -> None:
    made = await served.add_request()
    body = {"step": "expert-team", "reason": "no-suitable-offer", "asked": "Wie?", "skipReason": "Al betrokken."}
    await served.ok(served.http.post(f"/v1/requests/{made['id']}/escalations", json=body, headers=served.gi))
    page = await page_as(Role.REGION, rights=frozenset({Right.EXPERT_TEAM}))
    await page.goto("/overzicht")
    await press(page, "Doorbraaklijst")
    await press(page, "Besluit")
    await tab_to(page, page.get_by_label("Wat komt eruit"))
    await page.keyboard.type("hulp is geregeld")
    await fill(page, "Uitkomst, uitleg of vraag", "Plek in een gezinshuis.")
    await press(page, "Leg vast")
    await expect(page.locator("#doorbraak a", has_text="Besluit")).to_have_count(0)
