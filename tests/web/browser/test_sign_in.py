"""Signing in and out with a whole OpenID Connect issuer, on its own pages: a real round trip in a real browser."""

import asyncio
import json
import re
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from app.settings import Settings
from tests.patience import PATIENCE
from tests.web.browser.barriers import PHONE, barriers
from tests.web.browser.conftest import PageAs


@pytest.fixture
async def issuer_url() -> AsyncIterator[str]:
    """The issuer, in a process of its own."""
    process = await asyncio.create_subprocess_exec("node", str(Path(__file__).with_name("issuer.mjs")), stdout=PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        url = (await process.stdout.readline()).decode().strip()
    assert url, "it did not start: run scripts/browser-tools"
    yield url
    process.terminate()
    await process.wait()


@pytest.fixture
def served_settings(settings: Settings, issuer_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """With the service as a public client of the issuer."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    changes = {
        "sign_in_issuer": issuer_url,
        "sign_in_client_id": "wijzer",
        "sign_in_scope": "openid profile jeugd",
        "sign_in_name": "Jeugd Noord",
        "trusted_issuers": json.dumps(
            {issuer_url: {"speaksFor": [{"organisation": str(UUID(int=7)), "role": "region", "region": "JZ03"}]}}
        ),
    }
    return settings.model_copy(update=changes)


async def sign_in_as(page: Page, login: str) -> None:
    """Fills in the issuer's form, and consents."""
    await page.get_by_placeholder("Enter any login").fill(login)
    await page.get_by_placeholder("and password").fill("geheim")
    await page.get_by_role("button", name="Sign-in").click()
    await page.get_by_role("button", name="Continue").click()


async def test_there_and_back_again(page_as: PageAs, issuer_url: str) -> None:
    page = await page_as(None, PHONE)
    await page.route("https://**", lambda route: route.abort())  # a font of the issuer's pages
    await page.goto("/vrije-plekken?zorgvorm=gezinshuis")
    await expect(page.locator("h1")).to_have_text("Aanmelden")
    assert await barriers(page) == []
    await page.get_by_role("link", name="Aanmelden bij Jeugd Noord").click()

    await page.get_by_role("link", name="[ Cancel ]").click()
    await expect(page.locator("h1")).to_have_text("Het aanmelden is afgebroken")
    assert await barriers(page) == []
    await page.get_by_role("link", name="Opnieuw aanmelden").click()

    await sign_in_as(page, "niemand")
    await expect(page.locator("h1")).to_have_text("Uw account heeft hier nog geen toegang")
    await page.get_by_role("link", name="Aanmelden met een ander account").click()

    await sign_in_as(page, "anna")
    await expect(page).to_have_url(re.compile(r"/vrije-plekken\?zorgvorm=gezinshuis$"))
    await expect(page.locator("header")).to_contain_text("Anna de Vries")

    await page.get_by_role("button", name="Afmelden").click()
    await expect(page).to_have_url(re.compile(f"^{issuer_url}/session/end"))
    await page.get_by_role("button", name="Yes, sign me out").click()
    await expect(page.locator("h1")).to_have_text("Aanmelden")
    await page.goto("/vrije-plekken")
    await expect(page.locator("h1")).to_have_text("Aanmelden")
