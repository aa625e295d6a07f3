"""The overview in a browser: what a region does on it, and no barriers on any of its pages, at both widths."""

from datetime import date

import pytest
from playwright.async_api import expect

from app.kit.security.callers import Right, Role
from tests.dossiers.arrangements.scene import asked
from tests.dossiers.proposals.scene import made_somehow
from tests.http import Served
from tests.insight.asked import bring_supply
from tests.insight.children import Child, add_children
from tests.insight.plans.scene import add_action
from tests.insight.scene import bring
from tests.web.browser.barriers import DESK, PHONE, barriers_unfolded
from tests.web.browser.conftest import PageAs

DEN_HELDER = "GM0400"
TEAM = {"rights": frozenset({Right.EXPERT_TEAM})}


async def scene(served: Served) -> dict[str, str]:
    """A region with waiting children, one before the expert team, something to decide, a stop and a plan; ids."""
    due = date(2026, 7, 10)
    helped = [Child(DEN_HELDER, due, help_on=date(2026, 10, 5), known_on=due) for _ in range(6)]
    await add_children(served, [*helped, Child(DEN_HELDER, due)])
    _, offer, _ = await asked(served, "light-contract")
    provider = offer["providerId"]
    made = await served.add_request()
    body = {"step": "expert-team", "reason": "no-suitable-offer", "asked": "Wie?", "skipReason": "Al betrokken."}
    await served.ok(served.http.post(f"/v1/requests/{made['id']}/escalations", json=body, headers=served.gi))
    contract = await served.add_contract(provider, ceiling={"reached": True})
    stop = await served.add_stop(provider, served.region(), imposedBy="region")
    action = await add_action(served, figures=[{"name": "norms.helpLate"}], word="Het loopt.")
    await bring(served)
    await bring_supply(served)
    proposal = await made_somehow(served)
    return {
        "proposal": proposal["id"],
        "action": action["id"],
        "contract": contract["id"],
        "stop": stop["id"],
        "request": made["id"],
        "provider": provider,
    }


PATHS = (
    "/overzicht",
    "/overzicht/cijfers/normen",
    "/overzicht/cijfers/keuzen",
    "/overzicht/cijfers/plekken?van=mei",
    "/overzicht/wachtlijst",
    "/overzicht/plan",
    "/overzicht/plan/nieuw",
    "/overzicht/plan/{action}",
    "/overzicht/doorbraak",
    "/overzicht/voorgelegd",
    "/overzicht/voorgelegd/{request}",
    "/overzicht/voorstellen",
    "/overzicht/voorstellen/{proposal}",
    "/overzicht/regelingen",
    "/overzicht/contracten",
    "/overzicht/contracten/nieuw?zoek=zorg",
    "/overzicht/contracten/nieuw?aanbieder={provider}",
    "/overzicht/contracten/{contract}",
    "/overzicht/plaatsingsstops",
    "/overzicht/plaatsingsstops/{stop}",
    "/overzicht/afspraken",
)


async def test_no_page_has_barriers(served: Served, page_as: PageAs) -> None:
    ids = await scene(served)
    page = await page_as(Role.REGION, PHONE, **TEAM)
    found = {}
    for path in PATHS:
        answer = await page.goto(path.format(**ids))
        assert answer is not None
        assert answer.ok, path
        found[path] = await barriers_unfolded(page)
    assert found == {path: [] for path in PATHS}


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_from_a_tile_to_its_rows_and_a_decision_in_the_list(served: Served, page_as: PageAs, width: int) -> None:
    await scene(served)
    page = await page_as(Role.REGION, width, **TEAM)
    await page.goto("/overzicht")
    await page.get_by_role("link", name="Passende hulp te laat").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Op tijd volgens de normen")
    await page.get_by_role("link", name="Doorbraaklijst").click()
    await page.get_by_role("link", name="Besluit").click()
    await page.get_by_label("Wat komt eruit").select_option("hulp is geregeld")
    await page.get_by_label("Uitkomst, uitleg of vraag").fill("Plek in een gezinshuis.")
    await page.get_by_role("button", name="Leg vast").click()
    await expect(page.locator("#doorbraak a", has_text="Besluit")).to_have_count(0)
    await page.get_by_role("link", name="Voorgelegd").click()
    await expect(page.get_by_text("Er ligt nu niets voor.")).to_be_visible()


async def test_the_plots_are_there_without_scripts(served: Served, page_as: PageAs) -> None:
    await scene(served)
    page = await page_as(Role.REGION, PHONE, javascript=False)
    await page.goto("/overzicht")
    await page.get_by_role("link", name="Plekken tegenover het streefaantal").click()
    await expect(page.locator("figure#verloop-plekken svg.plot__picture--narrow")).to_be_visible()
    await page.get_by_label("Eerste maand").select_option("september 2026")
    await page.get_by_role("button", name="Toon").click()
    await expect(page.locator("figure#verloop-plekken tbody tr")).to_have_count(3)
