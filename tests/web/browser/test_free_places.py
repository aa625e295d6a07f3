"""Free places in a browser: found while typing, followed as they change, and there without a connection."""

import asyncio
import re
from collections import Counter
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.async_api import Page, Response, expect

from app.kit.security.callers import Role
from app.reference.lists import reference
from tests.http import Served
from tests.patience import PATIENCE
from tests.web.browser.barriers import DESK, PHONE
from tests.web.browser.conftest import PageAs

HEADERS = 1_000
"""At least what the headers of an answer take."""
LIST = "/vrije-plekken?zorgvorm=gezinshuis&waar=Den+Helder"


async def free_place(served: Served, **fields: Any) -> dict[str, Any]:
    """An offer in Den Helder with a free place, under a contract."""
    offer = await served.contracted_offer(**fields)
    await served.report(offer, placesTotal=4, placesFree=1)
    return offer


async def following(page: Page, path: str = LIST) -> None:
    """Opens a list, and waits until its stream is open."""
    async with page.expect_response(re.compile("/vrije-plekken/live")):
        await page.goto(path)


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_from_the_start_in_two_steps_without_a_submit(served: Served, page_as: PageAs, width: int) -> None:
    await free_place(served, name="Het Nest")
    page = await page_as(Role.GI, width)
    await page.goto("/")
    await expect(page.locator("#zorgvorm")).to_be_focused()
    await page.locator("#zorgvorm").select_option("gezinshuis")
    await expect(page.locator("h1")).to_have_text("Vrije plekken")
    await expect(page.locator("#zorgvorm")).to_be_focused()
    await page.locator("#waar").press_sequentially("den hel")
    await expect(page).to_have_url(re.compile("waar=den\\+hel"))
    await expect(page.locator("#plekken li")).to_have_count(1)
    await expect(page.locator("#plekken")).to_contain_text("rond Den Helder")
    await expect(page.locator("#waar")).to_be_focused()
    await expect(page.locator("#waar")).to_have_value("den hel")
    await expect(page.locator("#map-marks")).to_have_attribute("aria-label", "Kaart van Den Helder")
    await expect(page.locator("#map-marks a")).to_have_count(1)


async def test_without_javascript(served: Served, page_as: PageAs) -> None:
    await free_place(served, name="Het Nest")
    page = await page_as(Role.GI, PHONE, javascript=False)
    await page.goto("/")
    await page.locator("#waar").fill("Den Helder")
    await page.get_by_role("button", name="Zoek").click()
    await page.get_by_role("link", name="Het Nest").click()
    await expect(page.locator("h1")).to_have_text("Het Nest")
    await page.get_by_role("button", name="Afmelden").click()
    await expect(page.locator("h1")).to_have_text("Aanmelden")


async def test_a_number_changes_in_place(served: Served, page_as: PageAs) -> None:
    offers = [await free_place(served) for _ in range(12)]
    page = await page_as(Role.GI, PHONE)
    await following(page)
    last = page.locator(f"#aanbod-{offers[5]['id']}")
    await last.scroll_into_view_if_needed()
    await last.get_by_role("link").first.focus()
    before = await page.evaluate("[scrollY, document.activeElement.href]")
    await served.report(offers[5], placesTotal=4, placesFree=3)
    await expect(last).to_contain_text("3 vrij")
    assert await page.evaluate("[scrollY, document.activeElement.href]") == before
    await expect(page.locator("#wijzigingen")).to_be_hidden()


async def test_new_rows_wait_until_they_are_asked_for(served: Served, page_as: PageAs) -> None:
    await free_place(served)
    page = await page_as(Role.GI)
    await following(page)
    await expect(page.locator("#plekken li")).to_have_count(1)
    await free_place(served, name="Nieuw Nest")
    button = page.get_by_role("button", name="1 wijziging, toon")
    await expect(button).to_be_visible()
    await expect(page.locator("#plekken li")).to_have_count(1)
    await button.click()
    await expect(page.locator("#plekken li")).to_have_count(2)
    await expect(button).to_be_hidden()


async def test_a_lost_connection_is_told_and_made_up_for(served: Served, page_as: PageAs) -> None:
    offer = await free_place(served)
    page = await page_as(Role.GI)
    await following(page)
    await page.context.set_offline(True)
    await expect(page.locator("#verbinding")).to_have_text(re.compile(r"Geen verbinding; stand van \d\d:\d\d"))
    await served.report(offer, placesTotal=4, placesFree=2)
    await page.context.set_offline(False)
    await expect(page.locator("#verbinding")).to_be_hidden()
    await expect(page.locator("#plekken")).to_contain_text("2 vrij")


async def controlled(page: Page) -> None:
    """Opens the list, and again when the service worker has taken over."""
    await following(page)
    await page.evaluate("navigator.serviceWorker.ready")
    await page.wait_for_function("navigator.serviceWorker.controller !== null")
    await following(page)


async def stop(served: Served) -> None:
    """Stops the service; whoever asks after this is refused."""
    served.stop()
    async with asyncio.timeout(PATIENCE):
        while any(each.is_serving() for each in served.server.servers):  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0)


async def test_offline_there_is_the_last_list_and_no_more(served: Served, page_as: PageAs) -> None:
    offer = await free_place(served, name="Het Nest")
    page = await page_as(Role.GI, has_worker=True)
    await controlled(page)
    await page.goto(f"/aanbod/{offer['id']}")
    await stop(served)
    await page.goto("/vrije-plekken")
    await expect(page.locator("#plekken")).to_contain_text("Het Nest")
    await expect(page.locator("#verbinding")).to_contain_text("Geen verbinding; stand van")
    await page.goto(f"/aanbod/{offer['id']}")
    await expect(page.locator("h1")).to_have_text("Geen verbinding")


async def test_signing_out_forgets_the_list(served: Served, page_as: PageAs) -> None:
    await free_place(served)
    page = await page_as(Role.GI, has_worker=True)
    await controlled(page)
    await page.wait_for_function("caches.has('vrije-plekken')")
    await page.get_by_role("button", name="Afmelden").click()
    await expect(page.locator("h1")).to_have_text("Aanmelden")
    await page.wait_for_function("caches.has('vrije-plekken').then((has) => !has)")


MARKS = "links => links.map(each => each.getAttribute('aria-label'))"


async def three_places(served: Served) -> None:
    """Offers of one provider in three municipalities: 1, 2 and 3 of a gezinshuis, and one of another care type."""
    provider = await served.add_provider(name="Demo Zorg")
    for number, postcode in enumerate(("1781AB", "1791AA", "6211AA"), start=1):
        await served.add_location(provider, f"l{number}", postcode=postcode, name=f"Huis {number}")
        for _ in range(number):
            offer = await served.add_offer(provider, locationKey=f"l{number}")
            await served.report(offer, placesTotal=4, placesFree=number)
    await served.add_offer(provider, locationKey="l3", careType="pleegzorg-voltijd")


def named(items: list[dict[str, Any]]) -> set[str]:
    """What the API's answer says, as the marks of municipalities are called."""
    lists, offers, free = reference(), Counter[str](), Counter[str]()
    for each in items:
        name = lists.municipalities[each["offer"]["location"]["municipality"]].name
        offers[name] += 1
        free[name] += each["availability"]["placesFree"]
    return {
        f"{name}: {free[name]} {'plek' if free[name] == 1 else 'plekken'} vrij bij "
        f"{number} {'aanbieding' if number == 1 else 'aanbiedingen'}"
        for name, number in offers.items()
    }


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_the_map_the_list_and_the_api_say_the_same(served: Served, page_as: PageAs, width: int) -> None:
    await three_places(served)
    page = await page_as(Role.GI, width)
    await page.goto("/vrije-plekken")
    await page.locator("#zorgvorm").select_option("gezinshuis")
    await expect(page.locator("#plekken li")).to_have_count(6)
    marks = page.locator("#map-marks a")
    assert await marks.evaluate_all(MARKS) == [
        "Kop van Noord-Holland: 5 plekken vrij bij 3 aanbiedingen",
        "Zuid-Limburg: 9 plekken vrij bij 3 aanbiedingen",
    ]
    await marks.first.click()
    await expect(page.get_by_label("Jeugdregio Kop van Noord-Holland")).to_be_checked()
    query = {"careType": "gezinshuis", "region": "JZ03"}
    items = (await served.ok(served.http.get("/v1/availability", params=query, headers=served.gi)))["items"]
    await expect(marks).to_have_count(len(named(items)))
    assert set(await marks.evaluate_all(MARKS)) == named(items)
    in_list = await page.locator("#plekken li").evaluate_all("rows => rows.map(each => each.id)")
    assert sorted(in_list) == sorted(f"aanbod-{each['offer']['id']}" for each in items)
    shown = " ".join(await page.locator("#plekken li").all_inner_texts())
    for name in await marks.evaluate_all(MARKS):
        assert name.partition(":")[0] in shown
    await page.get_by_label("Jeugdregio Kop van Noord-Holland").uncheck()
    await expect(page.locator("#plekken li")).to_have_count(6)
    await expect(page.locator("#map-marks")).to_have_attribute("aria-label", "Kaart van Nederland")


async def test_the_map_stands_beside_the_list_or_below_it(served: Served, page_as: PageAs) -> None:
    await three_places(served)
    for width, is_beside in ((DESK, True), (PHONE, False)):
        page = await page_as(Role.GI, width)
        await page.goto("/vrije-plekken")
        rows, beside = await page.locator("ol.rows").bounding_box(), await page.locator("#kaart").bounding_box()
        assert rows
        assert beside
        assert (beside["x"] >= rows["x"] + rows["width"]) == is_beside
        assert (beside["y"] >= rows["y"] + rows["height"]) != is_beside
        link = page.get_by_role("link", name="Kaart", exact=True)
        await expect(link).to_be_visible(visible=not is_beside)
        drawn = await page.locator("#kaart .map__area use").first.bounding_box()
        assert drawn
        assert drawn["width"] > 1  # the outlines are there, out of a file of their own
        if not is_beside:
            await link.click()
            await expect(page.locator("#map-marks")).to_be_in_viewport()


async def test_the_map_follows_what_changes(served: Served, page_as: PageAs) -> None:
    offer = await free_place(served)
    page = await page_as(Role.GI)
    await following(page, "/vrije-plekken")
    mark = page.locator("#map-marks a")
    await mark.focus()
    await served.report(offer, placesTotal=4, placesFree=3)
    await expect(mark).to_have_accessible_name("Kop van Noord-Holland: 3 plekken vrij bij 1 aanbieding")
    await expect(mark).to_be_focused()


async def test_the_map_is_used_by_keyboard(served: Served, page_as: PageAs) -> None:
    await three_places(served)
    page = await page_as(Role.GI)
    await page.goto("/vrije-plekken")
    await page.locator("#map-marks a").first.focus()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("regio=JZ"))
    await page.locator("#map-marks a").first.focus()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("waar="))
    await page.locator("#map-marks a").first.focus()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("plek=Demo\\+Zorg"))


async def first_named(page: Page, path: str) -> set[str]:
    """The paths that a page names, and those that its style sheets and modules do."""
    files = re.compile(r"/static/[^\s\"'()#?<>]+")
    named = set(files.findall(await (await page.request.get(path)).text()))
    texts = [(each, await (await page.request.get(each)).text()) for each in named if each.endswith((".css", ".js"))]
    inside = re.compile(r"""(?:url\(["']?|from ")([^"')]+)""")
    deeper = {urljoin(each, found) for each, text in texts for found in inside.findall(text)}
    return named | deeper | {"/manifest.webmanifest", "/sw.js"}


@pytest.mark.parametrize("path", ["/vrije-plekken", "/vrije-plekken?regio=JZ03", "/vrije-plekken?waar=Den+Helder"])
async def test_what_goes_over_the_line(served: Served, page_as: PageAs, path: str) -> None:
    for _ in range(3):
        await free_place(served)
    page = await page_as(Role.GI)
    sizes: dict[str, int] = {}

    def note(answer: Response) -> None:
        sizes.setdefault(answer.url, int(answer.headers.get("content-length", 0)) + HEADERS)

    page.on("response", note)
    await following(page, path)
    await expect(page.locator("#map-marks a").first).to_be_visible()
    named = await first_named(page, path)
    loaded = {urlsplit(each).path for each in sizes} - {"/vrije-plekken", "/vrije-plekken/live"}
    assert loaded - named == set()  # so it is there in three round trips: the page, its files, and what those name
    assert any(url.endswith(".woff2") for url in sizes)
    assert any("/map/" in url for url in sizes)
    assert sum(sizes.values()) < 110_000


async def test_what_a_filter_takes(served: Served, page_as: PageAs) -> None:
    provider = await served.add_provider()
    for number in range(60):
        await served.add_offer(provider, name=f"Gezinshuis De Duinen van {number}")
    page = await page_as(Role.GI)
    await following(page, "/vrije-plekken")
    for filled in (page.locator("#zorgvorm").select_option("gezinshuis"), page.locator("#waar").fill("Den Helder")):
        async with page.expect_response(re.compile(r"/vrije-plekken\?")) as answered:
            await filled
        answer = await answered.value
        assert answer.request.headers["hx-request"] == "true"
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) + HEADERS < 15_000
        assert await page.locator("#plekken li").count() == 50
