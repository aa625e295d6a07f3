"""Every page at both widths: no barrier that axe-core finds, no sideways scroll, targets that a finger hits."""

from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

import pytest
from playwright.async_api import Page

from app.kit.security.callers import Role
from tests.http import Served
from tests.web.browser.conftest import DESK, PHONE, PageAs

AXE: Final = (Path(__file__).parent / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

SMALL: Final = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
    .filter((each) => each.checkVisibility() && !each.matches(".utrecht-skip-link, p > a:not(.target)"))
    .map((each) => [each.closest("label.choice") ?? each, each])
    .filter(([hit]) => { const box = hit.getBoundingClientRect(); return box.width < 44 || box.height < 44; })
    .map(([, each]) => each.outerHTML)"""
"""What is smaller than 44 px; links in a sentence may be (WCAG 2.2, 2.5.8)."""


class Seen(NamedTuple):
    """A page as somebody sees it; `{offer}` in its path is an offer that is there."""

    path: str
    role: Role | None


PAGES: Final = [
    Seen("/aanmelden", None),
    Seen("/", Role.GI),
    Seen("/vrije-plekken", Role.GI),
    Seen("/vrije-plekken?zorgvorm=gezinshuis&waar=Den+Helder&binnen=50", Role.REFERRER),
    Seen("/vrije-plekken?waar=Nergenshuizen", Role.GI),
    Seen("/vrije-plekken?waar=den", Role.GI),
    Seen("/vrije-plekken?regio=JZ03&plek=Demo", Role.GI),
    Seen("/vrije-plekken?waar=Den+Helder&gemeente=GM0400", Role.GI),
    Seen("/passend", Role.GI),
    Seen("/passend", Role.REFERRER),
    Seen("/jeugdigen", Role.GI),
    Seen("/aanbod/{offer}", Role.GI),
    Seen("/aanbod/{offer}?gedaan=meld-mij", Role.GI),
    Seen("/aanbod/{offer}", Role.PROVIDER),
    Seen("/mijn-aanbod", Role.PROVIDER),
    Seen("/mijn-aanbod/plakken", Role.PROVIDER),
    Seen("/aanmeldingen", Role.PROVIDER),
    Seen("/oproepen", Role.PROVIDER),
]
"""Every page that there is; a new one gets a line here."""


async def findings(page: Page) -> list[str]:
    """What axe-core finds on a page as it stands, in words."""
    await page.evaluate(AXE)
    found = await page.evaluate("tags => axe.run({runOnly: tags})", _RULES)
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]


async def scene(served: Served) -> tuple[str, UUID]:
    """A provider with an offer that has a free place: the ids of the offer and of the provider."""
    provider = await served.add_provider(contact={"phone": "0223 123456", "email": "aanmelden@example.org"})
    offer = await served.contracted_offer(
        provider, description="Vier plekken in een gezin.", specialisations=["trauma"]
    )
    await served.report(offer, placesTotal=4, placesFree=1, note="Bel voor overleg.")
    return str(offer["id"]), UUID(provider)


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("seen", PAGES, ids=[f"{each.role} {each.path}" for each in PAGES])
async def test_has_no_barriers(served: Served, page_as: PageAs, seen: Seen, width: int) -> None:
    offer, provider_id = await scene(served)
    page = await page_as(seen.role, width, **({"provider_id": provider_id} if seen.role is Role.PROVIDER else {}))
    answer = await page.goto(seen.path.format(offer=offer))
    assert answer is not None
    assert answer.ok
    assert await page.locator("h1").count() == 1
    assert await findings(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await page.evaluate(SMALL) == []


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_has_no_barriers_with_its_tables_open(served: Served, page_as: PageAs, width: int) -> None:
    offer, _ = await scene(served)
    page = await page_as(Role.GI, width)
    await page.goto(f"/aanbod/{offer}")
    for each in await page.locator("summary").all():
        await each.click()
    assert await page.locator("table").count() > 0
    assert await findings(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await page.evaluate(SMALL) == []
