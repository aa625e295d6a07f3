"""Figures pasted from a spreadsheet, or sent as its file: shown first, then taken in."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from app.kit.security.callers import Role
from app.web.shell.words import NOTHING
from tests.web.own_offers.test_table import capacity, scene
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

PATH = "/mijn-aanbod/plakken"
HEADING = "aanbodId\tvrij\ttotaal\twachtenden"


def table(*rows: tuple[Any, ...]) -> dict[str, str]:
    """The form with a table as it is copied from a spreadsheet."""
    return {"tabel": "\r\n".join([HEADING, *("\t".join(map(str, row)) for row in rows)])}


def confirmation(answer: httpx.Response) -> dict[str, str]:
    """The form of a preview."""
    fields = page_of(answer).css("form.actions input[type=hidden]")
    return {str(each.attributes["name"]): str(each.attributes["value"]) for each in fields}


async def reports(world: World, offer: dict[str, Any]) -> int:
    """How many reports an offer has."""
    path = f"/v1/offers/{offer['id']}/capacity-history"
    return len((await world.ok(world.http.get(path, headers=world.gi)))["items"])


@pytest.mark.parametrize("path", [PATH, f"{PATH}/verwerken"])
async def test_it_is_of_providers_alone_and_of_our_own_pages(world: World, path: str) -> None:
    assert (await Browser(world).post(path)).status_code == 303
    gi = await browser_of(world, Role.GI)
    assert "aanbieder" in text_of(await gi.post(path), status=403)
    provider = await browser_of(world, Role.PROVIDER)
    assert "niet van deze site" in text_of(await provider.post(path, Sec_Fetch_Site="cross-site"), status=403)


async def test_what_is_no_table_is_refused_and_stays(world: World) -> None:
    provider, _ = await scene(world)
    answer = await provider.post(PATH, {"tabel": "zomaar\ttekst\r\n1\t2"})
    assert "De kolom aanbodId ontbreekt" in text_of(answer, "#fout", status=400)
    unknown = await provider.post(PATH, {"tabel": "aanbodId\tmooi\n1\t2"})
    assert text_of(unknown, "#fout", status=400) == "mooi: Deze kolom bestaat niet; zie het sjabloon."
    field = page_of(answer, 400).css_first("#tabel")
    assert field is not None
    assert field.text().split() == ["zomaar", "tekst", "1", "2"]
    assert "geen enkele regel" in text_of(await provider.post(PATH, {"tabel": ""}), "#fout", status=400)


async def test_the_preview_shows_old_and_new_and_stores_nothing(world: World) -> None:
    provider, offer = await scene(world, waitingCount=2)
    answer = await provider.post(PATH, table((offer["id"], 0, 4, 5)))
    words = text_of(answer)
    assert "Het Nest Vrij 1 0" in words
    assert "Wachtenden 2 5" in words
    assert "Totaal" not in words
    assert "Verwerk 1 goede regel" in words
    assert await reports(world, offer) == 1


async def test_good_rows_are_taken_in_and_wrong_ones_told(world: World) -> None:
    provider, offer = await scene(world)
    _, others = await scene(world)
    rows = table((offer["id"], 0, 4, 5), (offer["id"], "veel", 4, 0), (others["id"], 3, 4, 0))
    preview = await provider.post(PATH, rows)
    words = text_of(preview)
    assert "1 goede regel, 2 regels met een fout" in words
    assert "vrij: Hier hoort een getal" in words
    assert "Alleen de aanbieder zelf" in words
    done = await provider.post(f"{PATH}/verwerken", confirmation(preview))
    words = text_of(done)
    assert "1 regel verwerkt" in words
    assert "2 regels zijn overgeslagen" in words
    now = await capacity(world, offer)
    assert (now["placesFree"], now["waitingCount"]) == (0, 5)
    assert (await capacity(world, others))["placesFree"] == 1


async def test_a_row_that_is_refused_says_which_offer_it_is_of(world: World) -> None:
    provider, offer = await scene(world)
    unknown, own = str(UUID(int=7)), offer["providerId"]
    rows = [
        (offer["id"], "", "", "veel"),
        (unknown, "", "", 3),
        ("", own, "de-duinen", 3),
        ("", own, "1-mrt", 3),
        ("", "", "", 3),
        ("x" * 300, "", "", 3),
    ]
    text = "\r\n".join("\t".join(map(str, row)) for row in [("aanbodId", "aanbiederId", "sleutel", "vrij"), *rows])
    page = page_of(await provider.post(PATH, {"tabel": text}))
    shown = [row.css("td")[0].text().partition("!")[0].strip() for row in page.css("table.pasted tbody tr")]
    assert shown == ["Het Nest", unknown, "de-duinen", "1-mrt", NOTHING, "x" * 80 + "…"]


async def test_what_changed_since_the_preview_is_shown_again_first(world: World) -> None:
    provider, offer = await scene(world)
    preview = await provider.post(PATH, table((offer["id"], 0, 4, 5)))
    await world.report(offer, placesTotal=4, placesFree=2)
    again = await provider.post(f"{PATH}/verwerken", confirmation(preview))
    assert "Intussen zijn er cijfers gewijzigd" in text_of(again)
    assert "Vrij 2 0" in text_of(again)
    assert (await capacity(world, offer))["placesFree"] == 2
    await provider.post(f"{PATH}/verwerken", confirmation(again))
    assert (await capacity(world, offer))["placesFree"] == 0


async def test_the_own_figures_come_as_a_workbook_and_go_back_as_one(world: World) -> None:
    provider, offer = await scene(world, observedAt="2026-11-02T09:00:00Z")
    book = await provider.get("/mijn-aanbod/cijfers.xlsx")
    assert book.content.startswith(b"PK")
    answer = await provider.post(PATH, files={"bestand": ("mijn-aanbod.xlsx", book.content)})
    assert "Ongewijzigd" in text_of(answer)
    await provider.post(f"{PATH}/verwerken", confirmation(answer))
    assert (await capacity(world, offer))["confirmation"] is True


async def test_what_is_no_preview_is_refused(world: World) -> None:
    provider = await browser_of(world, Role.PROVIDER, provider_id=UUID(await world.add_provider()))
    answer = await provider.post(f"{PATH}/verwerken", {"bestand": "*", "gezien": ""})
    assert page_of(answer, 400).css_first("h1") is not None
