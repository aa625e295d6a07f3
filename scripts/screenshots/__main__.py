"""Takes the pictures: signs in as each demo role, opens its main pages on a phone and at a desk."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER: Final = Path(__file__).parents[2] / "docs" / "screenshots"
WIDTHS: Final = {"telefoon": (390, 844), "bureau": (1440, 900)}


class Shot(NamedTuple):
    """A picture: its name, the demo client that looks, the page, and the link to follow there, if any."""

    name: str
    client: str
    path: str
    link: str | None = None


SHOTS: Final = (
    Shot("vrije-plekken", "demo-gi", "/vrije-plekken?zorgvorm=gezinshuis&waar=Alkmaar&binnen=50"),
    Shot("jeugdigen", "demo-gi", "/jeugdigen"),
    Shot("jeugdige", "demo-gi", "/jeugdigen", link="main ol a, main ul a, main table a"),
    Shot("mijn-aanbod", "demo-provider", "/mijn-aanbod"),
    Shot("aanmeldingen", "demo-provider", "/aanmeldingen"),
    Shot("overzicht", "demo-region", "/overzicht"),
)


def take(browser: Browser, address: str) -> Iterator[Path]:
    """Every picture, written one after the other; the file of each."""
    for device, (width, height) in WIDTHS.items():
        for shot in SHOTS:
            context = browser.new_context(
                base_url=address, viewport={"width": width, "height": height}, locale="nl-NL", service_workers="block"
            )
            page = context.new_page()
            _open(page, shot)
            file = FOLDER / f"{shot.name}-{device}.png"
            page.screenshot(path=file)
            yield file
            context.close()


def _open(page: Page, shot: Shot) -> None:
    page.goto("/aanmelden")
    page.locator(f'form:has(input[value="{shot.client}"]) button, button[value="{shot.client}"]').first.click()
    page.wait_for_url(lambda url: "/aanmelden" not in url)
    page.goto(shot.path)
    if shot.link is not None:
        page.locator(shot.link).first.click()
    page.wait_for_load_state("load")


def main() -> None:
    """Takes them of the service at the address that is given."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for file in take(browser, sys.argv[1]):
            print(file)
        browser.close()


main()
