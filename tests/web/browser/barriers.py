"""Whether a page can be used by everybody: what axe-core finds, what is beside the screen, what a finger misses."""

from pathlib import Path
from typing import Final

from playwright.async_api import Page, expect

PHONE: Final = 320
DESK: Final = 1440
HEIGHT: Final = 900
"""Pixels of the screens on which all can be used."""

_AXE: Final = (Path(__file__).parent / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN: Final = """([tags, colours]) => axe.run({
    runOnly: tags, resultTypes: ["violations"], rules: {"color-contrast": {enabled: colours}},
})"""

_SMALL: Final = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter((each) => each.checkVisibility() && !each.matches(".utrecht-skip-link, p > a:not(.target)"))
    .filter((each) => each.type !== "hidden")
    .map((each) => [each.closest("label.choice") ?? each, each])
    .filter(([hit]) => { const box = hit.getBoundingClientRect(); return box.width < 44 || box.height < 44; })
    .map(([, each]) => each.outerHTML)"""
"""What is smaller than 44 px; links in a sentence may be (WCAG 2.2, 2.5.8)."""

_BESIDE: Final = """() => document.documentElement.scrollWidth <= innerWidth ? [] : ["it scrolls sideways",
    ...[...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > innerWidth)
        .map((each) => each.outerHTML.slice(0, 200))]"""
"""What makes a page scroll sideways."""

_UNTOLD: Final = """() => [...document.querySelectorAll("[aria-invalid=true]")]
    .filter((each) => !(each.getAttribute("aria-describedby") ?? "").split(" ")
        .some((id) => document.getElementById(id)?.textContent.trim()))
    .map((each) => each.outerHTML)"""
"""Fields that are wrong, of which nothing says why."""

_ASTRAY: Final = """() => [...document.querySelectorAll("a[href^='#']")]
    .filter((each) => !document.getElementById(decodeURIComponent(each.hash.slice(1)))).map((each) => each.outerHTML)"""
"""Links within the page that lead nowhere, such as one of a list of what is wrong."""


_MOST: Final = {"main .utrecht-button--primary-action:visible": 1, "nav.pages a": 4}
"""How many a page has at most of what leads on: one action that stands out, and four links in the navigation."""


async def findings(page: Page, *, colours: bool = True) -> list[str]:
    """What axe-core finds on a page as it stands, in words; without its slowest rule unless `colours` are looked at."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_AXE)
    found = await page.evaluate(_RUN, [_RULES, colours])
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]


async def barriers(page: Page, *, colours: bool = True) -> list[str]:
    """All that is in somebody's way on a page as it stands, in words; none on a page that is in order.

    `colours`: whether their contrast is looked at, which is the same at each width.
    """
    found = [] if await page.locator("h1").count() == 1 else ["not one h1"]
    seen = {each: await page.locator(each).count() for each in _MOST}
    found += [f"{number} of {each}" for each, number in seen.items() if number > _MOST[each]]
    found += await findings(page, colours=colours)
    for script in (_SMALL, _BESIDE, _UNTOLD, _ASTRAY):
        found += await page.evaluate(script)
    return found


async def barriers_unfolded(page: Page) -> list[str]:
    """The barriers of a page with all unfolded: on a phone, and then at a desk; it is left as on a phone."""
    await _unfold(page)
    found = [f"at {PHONE} px: {each}" for each in await barriers(page)]
    await page.set_viewport_size({"width": DESK, "height": HEIGHT})
    found += [f"at {DESK} px: {each}" for each in await barriers(page, colours=False)]
    await page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    return found


async def _unfold(page: Page) -> None:
    """Opens all that is folded, and waits for what comes when it is scrolled to."""
    await page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    for course in await page.locator("section.course").all():
        await course.scroll_into_view_if_needed()
        await expect(course.locator("figure.plot")).to_have_count(1)
