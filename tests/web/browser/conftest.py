"""Chromium on the service as it is served, and people at it; a page that complains fails its test."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import pytest
from playwright.async_api import Browser, ConsoleMessage, Error, Locator, Page, async_playwright, expect

from app.kit.database.sessions import Database, make_engine
from app.kit.security.callers import Role
from app.main import create_app
from app.settings import Settings
from tests.conftest import SettableClock
from tests.http import Served, serving_http
from tests.patience import PATIENCE
from tests.web.browser.barriers import DESK, HEIGHT
from tests.web.pages import browser_of

_OPTIONS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

_STATUS: Final = "the server responded with a status of"
"""What the console says of a page that tells of an error, too."""

_KEPT_OUT: Final = "Service Worker registration blocked by Playwright"

PageAs = Callable[..., Awaitable[Page]]
"""A page at which somebody sits: `await page_as(role, width)`; of nobody with the role None.

Its service worker is kept out unless `has_worker`: it installs itself beside whatever a test does, which asks for more.
"""


async def follow(link: Locator) -> None:
    """Clicks a link, and waits until the page that it leads to is there."""
    async with link.page.expect_navigation():
        await link.click()


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all tests of a worker; each page has cookies of its own."""
    expect.set_options(timeout=PATIENCE * 1000)
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "there is no Chromium: run scripts/browser-tools"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_OPTIONS)
        yield browser
        await browser.close()


@pytest.fixture
def served_settings(settings: Settings) -> Settings:
    """What the service runs with; a module that wants others has a fixture of this name."""
    return settings


@pytest.fixture
async def served(served_settings: Settings, fresh_database_url: str, clock: SettableClock) -> AsyncIterator[Served]:
    """The service in demo mode over HTTP, on a database of its own."""
    database = Database(make_engine(fresh_database_url, pool_size=10, patience=PATIENCE))
    async with serving_http(create_app(served_settings, database=database, clock=clock)) as made:
        yield made


@pytest.fixture
async def page_as(chromium: Browser, served: Served) -> AsyncIterator[PageAs]:
    """Opens pages; at the end no console may have an error, such as a report of the Content-Security-Policy."""
    complaints: list[tuple[str, str]] = []
    contexts = []
    visited: set[str] = set()

    def note(message: ConsoleMessage) -> None:
        # a test took the connection away, or keeps the service worker out
        is_meant = "net::ERR_" in message.text or message.text == _KEPT_OUT
        if message.type in {"error", "warning"} and not is_meant:
            complaints.append((message.text, message.location["url"]))

    def note_error(error: Error) -> None:
        complaints.append((str(error), ""))

    async def open_page(
        role: Role | None, width: int = DESK, *, javascript: bool = True, has_worker: bool = False, **owns: Any
    ) -> Page:
        base = f"http://127.0.0.1:{served.port}"
        context = await chromium.new_context(
            base_url=base,
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=javascript,
            locale="nl-NL",
            service_workers="allow" if has_worker else "block",
        )
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        if role is not None:
            signed_in = await browser_of(served, role, **owns)
            await context.add_cookies(
                [{"name": name, "value": value, "url": base} for name, value in signed_in.cookies.items()]
            )
        page = await context.new_page()
        page.on("framenavigated", lambda frame: visited.add(frame.url))
        page.on("console", note)
        page.on("pageerror", note_error)
        return page

    yield open_page
    for each in contexts:
        await each.close()
    assert [text for text, url in complaints if not (_STATUS in text and url in visited)] == []
