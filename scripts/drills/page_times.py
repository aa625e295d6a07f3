"""A browser at both widths: how soon typing, events and lost lines are seen, and twelve rows saved."""

import argparse
import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.async_api import Browser, Page, async_playwright

from app.demo.rows import demo_id
from app.demo.seed import seed
from app.domain.dates import dutch_day
from app.kit.clock import system_clock
from app.kit.security.callers import Role
from scripts.drills._line import Line, line_to_port
from scripts.drills._postgres import Server
from scripts.drills._service import DATABASE, Remote, postgres, running
from scripts.drills._told import Told
from tests.web.browser.barriers import DESK, HEIGHT, PHONE

_LIST: Final = "/vrije-plekken?zorgvorm=gezinshuis&waar=Den+Helder"
_TOWNS: Final = ("Alkmaar", "Schagen", "Hoorn", "Texel", "Den Helder")
_PLACES: Final = 40
"""Of the offer that is followed: each event says another number of them."""
_ROWS: Final = 12
_EVENTS: Final = 10
_CHILDREN: Final = 5
"""Of which a list tells at each width, so that all are on its first page."""
_PATIENCE: Final = 60.0

_TIME_ANSWERS: Final = """() => {
    window.took = [];
    let typed = 0;
    const field = document.getElementById("waar");
    const isAnswered = () => new URLSearchParams(location.search).get("waar") === field.value;
    field.addEventListener("input", () => { typed = performance.now(); });
    document.addEventListener("htmx:after:swap", () => requestAnimationFrame(() => {
        if (!typed || !isAnswered()) return;
        took.push(performance.now() - typed);
        typed = 0;
    }));
}"""
"""Keeps in `took` how many ms after the last key an answer was on the page."""
_WHERE: Final = (
    "[document.activeElement.id, document.activeElement.value, document.activeElement.selectionStart, scrollY]"
)
_ALL_SAVED: Final = "!document.querySelector('[data-saving], [data-unsaved]')"
_BANNER_HIDDEN: Final = "document.getElementById('verbinding').hidden"
_NEXT: Final = "(field) => { field.select(); return field.value === '0' ? '1' : '0'; }"
"""What is typed in a field, so that it says something else."""

_LOOK: Final = 0.02
"""Seconds between two looks at a page."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Bound:
    """Within how many seconds something is seen, and whether each time or in the middle of all times.

    Of an event from the answer to whoever made it.
    """

    seconds: float
    each: bool = True


BOUNDS: Final = {
    "answer while typing": Bound(0.3, each=False),
    "event visible while somebody types": Bound(1.0),
    "event visible on a page of dossiers": Bound(1.0),
    "banner": Bound(5.0),
    "fresh again": Bound(10.0),
    "twelve rows changed and saved": Bound(30.0),
}


async def until(page: Page, expression: str) -> None:
    """Returns when this is so on a page. Playwright's own ways wait longer each time, or are no match for the CSP."""
    async with asyncio.timeout(_PATIENCE):
        while not await page.evaluate(expression):  # noqa: ASYNC110 - a browser has no event for it
            await asyncio.sleep(_LOOK)


class Scene:
    """A service with the demo data, a line to it, and who uses it in a browser."""

    def __init__(self, api: Remote, browser: Browser, line: Line, port: int, told: Told, outage: float) -> None:
        self.api, self.browser, self.line, self.told, self.outage = api, browser, line, told, outage
        self.base = f"http://127.0.0.1:{port}"
        self.took: dict[str, list[float]] = {}
        self.provider = str(demo_id("provider", "demo-provider"))
        self.offer: Json = {}
        self.rows: list[Json] = []
        self.free = 0

    async def prepare(self) -> None:
        """The offer that is followed, and twelve of the demo provider for it to report on."""
        self.offer = await self.api.contracted_offer(name="Het Nest")
        for number in range(_ROWS):
            self.rows.append(await self.api.add_offer(self.provider, name=f"Aanbod {number:02}"))
            await self.api.report(self.rows[-1], placesTotal=9)

    async def page_as(self, client: str, width: int) -> Page:
        """A page of a demo client who has signed in."""
        context = await self.browser.new_context(
            base_url=self.base,
            viewport={"width": width, "height": HEIGHT},
            locale="nl-NL",
            service_workers="block",
        )
        context.set_default_timeout(_PATIENCE * 1000)
        page = await context.new_page()
        await page.goto("/aanmelden")
        await page.locator(f'form:has(input[value="{client}"]) button, button[value="{client}"]').first.click()
        await page.wait_for_url(lambda url: "/aanmelden" not in url)
        return page

    async def report(self) -> None:
        """The offer that is followed has another number of free places."""
        self.free = self.free % (_PLACES - 1) + 1
        await self.api.report(self.offer, placesTotal=_PLACES, placesFree=self.free)

    async def shown(self, page: Page) -> None:
        """Returns when the list says what was reported last."""
        row = f"aanbod-{self.offer['id']}"
        await until(page, f"document.getElementById('{row}')?.textContent.includes('{self.free} vrij')")

    def note(self, what: str, width: int, seconds: float) -> None:
        """Keeps a time, by what was measured and at which width."""
        self.took.setdefault(f"{what}, {width} px", []).append(seconds)


async def _type(scene: Scene, width: int) -> None:
    """A municipality, key by key: what was found stands there soon after the last."""
    page = await scene.page_as("demo-gi", width)
    await page.goto("/vrije-plekken?zorgvorm=gezinshuis")
    await page.evaluate(_TIME_ANSWERS)
    for town in _TOWNS:
        await page.locator("#waar").select_text()
        await page.locator("#waar").press_sequentially(town, delay=40)
        await until(page, f"took.length && new URLSearchParams(location.search).get('waar') === '{town}'")
        scene.note("answer while typing", width, (await page.evaluate("took.pop()")) / 1000)
        await page.evaluate("took.length = 0")
    await page.context.close()


async def _events(scene: Scene, width: int) -> None:
    """Places change while somebody types: the number is there, and nothing else has moved."""
    page = await scene.page_as("demo-gi", width)
    async with page.expect_response(lambda answer: "/vrije-plekken/live" in answer.url):
        await page.goto(_LIST)
    await page.locator("#waar").focus()
    await page.keyboard.press("End")
    await page.keyboard.press("ArrowLeft")
    before = await page.evaluate(_WHERE)
    for _ in range(_EVENTS):
        await scene.report()
        began = time.monotonic()
        await scene.shown(page)
        scene.note("event visible while somebody types", width, time.monotonic() - began)
    after = await page.evaluate(_WHERE)
    scene.told.demand(before == after, f"somebody typed at {before}, and was at {after} after the events")
    await page.context.close()


async def _dossiers(scene: Scene, width: int) -> None:
    """A child is added by a colleague: the list of children says so."""
    page = await scene.page_as("demo-gi", width)
    async with page.expect_response(lambda answer: answer.url.endswith("/live")):
        await page.goto("/jeugdigen")
    colleague = scene.api.as_(Role.GI, organisation_id=demo_id("organisation", "demo-gi"), client_id="drill-gi")
    for number in range(1, _CHILDREN + 1):
        await scene.api.add_request(colleague, childReference=f"drill-{width}-{number}")
        began = time.monotonic()
        await until(page, f"document.querySelector('#wijzigingen:not([hidden])')?.textContent.startsWith('{number} ')")
        scene.note("event visible on a page of dossiers", width, time.monotonic() - began)
    await page.context.close()


async def _lose(scene: Scene, width: int) -> None:
    """The connection is lost in each way: the banner says so, and the list is fresh soon after its return."""
    page = await scene.page_as("demo-gi", width)
    line = scene.line

    async def mended() -> None:
        line.mend()

    async def silent() -> None:
        line.swallow()

    async def cut() -> None:
        line.swallow()
        line.cut()

    faults: dict[str, tuple[Callable[[], Awaitable[None]], Callable[[], Awaitable[None]]]] = {
        "the browser is offline": (
            lambda: page.context.set_offline(True),
            lambda: page.context.set_offline(False),
        ),
        "the line is silent": (silent, mended),
        "the line is cut": (cut, mended),
    }
    async with page.expect_response(lambda answer: "/vrije-plekken/live" in answer.url):
        await page.goto(_LIST)
    for fault, (lose, mend) in faults.items():
        await scene.report()
        await scene.shown(page)
        began = time.monotonic()
        await lose()
        await until(page, f"!{_BANNER_HIDDEN}")
        scene.note(f"banner, {fault}", width, time.monotonic() - began)
        await asyncio.sleep(max(0.0, scene.outage - (time.monotonic() - began)))
        await scene.report()
        began = time.monotonic()
        await mend()
        await scene.shown(page)
        await until(page, _BANNER_HIDDEN)
        scene.note(f"fresh again, {fault}", width, time.monotonic() - began)
    await page.context.close()


async def _rows(scene: Scene, width: int) -> None:
    """Twelve rows of own offers, with a digit and Enter each, until all are saved."""
    page = await scene.page_as("demo-provider", width)
    await page.goto("/mijn-aanbod")
    fields = [page.locator(f"#placesFree-{offer['id']}") for offer in scene.rows]
    digits = [await field.evaluate(_NEXT) for field in fields]
    await fields[0].focus()
    began = time.monotonic()
    for digit in digits:
        await page.keyboard.press(digit)
        await page.keyboard.press("Enter")
    await until(page, _ALL_SAVED)
    scene.note("twelve rows changed and saved", width, time.monotonic() - began)
    wrong = await page.locator("#cijfers .error").count()
    scene.told.demand(not wrong, f"{wrong} of twelve rows were not saved")
    await page.context.close()


def _tell(scene: Scene) -> None:
    for what, took in scene.took.items():
        ordered = sorted(took)
        middle, longest = ordered[len(ordered) // 2], ordered[-1]
        bound = next(bound for name, bound in BOUNDS.items() if what.startswith(name))
        which = "each" if bound.each else "the middle one"
        scene.told.figures[what] = (
            f"{middle:.2f} s, at most {longest:.2f} s, of {len(took)}; {which} within {bound.seconds:g} s"
        )
        found = longest if bound.each else middle
        scene.told.demand(found <= bound.seconds, f"{what}: {found:.2f} s, more than {bound.seconds:g} s")


async def _run(server: Server, folder: Path, told: Told, options: argparse.Namespace) -> None:
    dsn = server.url(DATABASE)
    await seed(dsn, dutch_day(system_clock()), past=False)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with running(dsn, folder) as service:
        port = httpx.URL(service.server.url).port or 80
        api = Remote(service.server.url)
        async with async_playwright() as playwright, line_to_port(port) as (line, over):
            arguments = ["--no-sandbox", "--disable-gpu"]
            browser = await playwright.chromium.launch(executable_path=chromium, args=arguments)
            scene = Scene(api, browser, line, over, told, options.outage)
            await scene.prepare()
            for width in (PHONE, DESK):
                for step in (_type, _events, _dossiers, _lose, _rows):
                    await step(scene, width)
            await browser.close()
            _tell(scene)
        await api.http.aclose()


def main(arguments: list[str]) -> int:
    """0 where all was seen in time."""
    parser = argparse.ArgumentParser(prog="scripts/drill page-times", description=__doc__)
    parser.add_argument("--outage", type=float, default=8, help="seconds for which a connection is lost")
    options = parser.parse_args(arguments)
    told = Told()
    with tempfile.TemporaryDirectory(prefix="wijzer-drill-") as folder, postgres() as server:
        asyncio.run(_run(server, Path(folder), told, options))
    return told.show()
