"""The table of own offers in a browser: moving between cells, rows that save themselves, and the way back."""

from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from app.kit.security.callers import Role
from tests.http import Served
from tests.web.browser.barriers import DESK, PHONE, barriers
from tests.web.browser.conftest import PageAs

PATH = "/mijn-aanbod"


async def scene(served: Served, page_as: PageAs, many: int, width: int = DESK) -> tuple[Page, list[dict[str, Any]]]:
    """A provider at its table of so many offers, each with 1 free place of 9, in the order of the table."""
    provider = await served.add_provider()
    offers = [await served.add_offer(provider, name=f"Aanbod {number:02}") for number in range(many)]
    for offer in offers:
        await served.report(offer, placesTotal=9, placesFree=1)
    page = await page_as(Role.PROVIDER, width, provider_id=UUID(provider))
    await page.goto(PATH)
    return page, offers


async def free_of(served: Served, offers: list[dict[str, Any]]) -> list[int]:
    """How many places are free, of each."""
    paths = [f"/v1/offers/{offer['id']}/capacity" for offer in offers]
    return [(await served.ok(served.http.get(path, headers=served.gi)))["placesFree"] for path in paths]


def field(page: Page, offer: dict[str, Any], name: str = "placesFree") -> Any:
    return page.locator(f"#{name}-{offer['id']}")


async def saved(page: Page, name: str) -> None:
    await expect(page.locator("#bewaard")).to_contain_text(f"{name} is bewaard")


@pytest.mark.parametrize(("rows", "most"), [(12, 25), (3, 7)])
async def test_rows_are_changed_in_few_keys(served: Served, page_as: PageAs, rows: int, most: int) -> None:
    page, offers = await scene(served, page_as, rows)
    await expect(field(page, offers[0])).to_be_focused()
    keys = [key for number in range(rows) for key in (str(number % 8 + 2), "Enter")]
    assert len(keys) <= most
    for key in keys:
        await page.keyboard.press(key)
    await saved(page, f"Aanbod {rows - 1:02}")
    await expect(page.locator("[data-saving], [data-unsaved]")).to_have_count(0)
    assert await free_of(served, offers) == [number % 8 + 2 for number in range(rows)]
    await expect(field(page, offers[-1])).to_be_focused()
    await expect(page.locator(f"#aanbod-{offers[0]['id']}")).to_contain_text("vandaag")


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_the_table_has_no_barriers(served: Served, page_as: PageAs, width: int) -> None:
    page, offers = await scene(served, page_as, 2, width)
    await served.add_location(offers[0]["providerId"], "there", name="Elders")
    await served.add_offer(offers[0]["providerId"], locationKey="there", name="Nog nooit gemeld")
    await page.reload()
    await expect(page.get_by_role("button", name="Hier alles ongewijzigd op Elders")).to_be_visible()
    assert await barriers(page) == []


async def test_ctrl_z_brings_back_the_row_that_was_saved_last(served: Served, page_as: PageAs) -> None:
    page, offers = await scene(served, page_as, 3)
    for key in ("4", "Enter", "5", "Enter", "6", "Enter"):
        await page.keyboard.press(key)
    await saved(page, "Aanbod 02")
    await page.keyboard.press("Control+z")
    await expect(field(page, offers[2])).to_have_value("1")
    await expect(page.locator("[data-saving]")).to_have_count(0)
    assert await free_of(served, offers) == [4, 5, 1]


async def test_arrows_move_and_an_error_stands_at_its_row(served: Served, page_as: PageAs) -> None:
    page, offers = await scene(served, page_as, 3)
    await page.keyboard.press("ArrowRight")
    await expect(field(page, offers[0], "placesTotal")).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowDown")
    await expect(field(page, offers[1])).to_be_focused()
    await page.keyboard.type("99")
    await page.keyboard.press("Enter")
    await page.keyboard.type("3")
    await page.keyboard.press("Enter")
    await saved(page, "Aanbod 02")
    row = page.locator(f"#aanbod-{offers[1]['id']}")
    await expect(row.locator(".error")).to_contain_text("meer dan het totaal van 9")
    await expect(field(page, offers[1])).to_have_value("99")
    assert await barriers(page) == []
    assert await free_of(served, offers) == [1, 1, 3]
    await field(page, offers[1]).fill("2")
    await page.keyboard.press("Enter")
    await saved(page, "Aanbod 01")
    await expect(row.locator(".error")).to_have_count(0)


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_all_unchanged_takes_one_click(served: Served, page_as: PageAs, width: int) -> None:
    page, offers = await scene(served, page_as, 12, width)
    await page.get_by_role("button", name="Alles ongewijzigd").click()
    await expect(page.get_by_role("status").first).to_contain_text("12 keer aanbod is bevestigd")
    assert await free_of(served, offers) == [1] * 12


async def test_all_unchanged_waits_for_what_is_being_saved(served: Served, page_as: PageAs) -> None:
    page, offers = await scene(served, page_as, 2)
    await page.keyboard.press("7")
    await page.get_by_role("button", name="Alles ongewijzigd").click()
    await expect(page.get_by_role("status").first).to_contain_text("2 keer aanbod is bevestigd")
    assert await free_of(served, offers) == [7, 1]


async def test_a_phone_has_cards_with_minus_and_plus(served: Served, page_as: PageAs) -> None:
    page, offers = await scene(served, page_as, 2, PHONE)
    row = page.locator(f"#aanbod-{offers[0]['id']}")
    await row.get_by_role("button", name="Vrij: één meer").click()
    await row.get_by_role("button", name="Vrij: één meer").click()
    await expect(field(page, offers[0])).to_have_value("3")
    await saved(page, "Aanbod 00")
    assert await free_of(served, offers) == [3, 1]
    await page.get_by_role("button", name="Maak ongedaan").click()
    await expect(field(page, offers[0])).to_have_value("1")
    assert await barriers(page, colours=False) == []


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_without_javascript(served: Served, page_as: PageAs, width: int) -> None:
    _, offers = await scene(served, page_as, 2, width)
    page = await page_as(Role.PROVIDER, width, javascript=False, provider_id=UUID(offers[0]["providerId"]))
    await page.goto(PATH)
    await field(page, offers[1]).fill("5")
    await page.get_by_role("button", name="Bewaar Aanbod 01").click()
    await expect(field(page, offers[1])).to_have_value("5")
    assert await free_of(served, offers) == [1, 5]


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_a_table_is_pasted_looked_at_and_taken_in(served: Served, page_as: PageAs, width: int) -> None:
    page, offers = await scene(served, page_as, 2, width)
    await page.get_by_role("link", name="Plakken uit Excel").click()
    rows = "\n".join(["aanbodId\tvrij", f"{offers[0]['id']}\t4", f"{offers[1]['id']}\tveel"])
    await page.get_by_label("Tabel").fill(rows)
    await page.get_by_role("button", name="Bekijk").click()
    await expect(page.locator("main")).to_contain_text("Hier hoort een getal")
    assert await barriers(page) == []
    await page.get_by_role("button", name="Verwerk 1 goede regel").click()
    await expect(page.locator("h1")).to_have_text("1 regel verwerkt")
    assert await barriers(page) == []
    assert await free_of(served, offers) == [4, 1]
