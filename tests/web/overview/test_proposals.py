"""Proposals on the pages of a region: who may ask one, what it shows while it is made, and all that came out."""

from typing import Any
from uuid import UUID

import pytest

from app.dossiers.proposals.schemas import ProposedEffect, ProposedOffer
from app.kit.security.callers import Right, Role
from app.web.overview.proposals.views import effect_in_words
from app.web.shell.words import NOTHING
from tests.dossiers.proposals.scene import ask, made, make
from tests.dossiers.referrals.scene import decide
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

LIST = "/overzicht/voorstellen"


async def expert_team(world: World, region: str = "JZ03") -> Browser:
    return await browser_of(world, Role.REGION, region=region, rights=frozenset({Right.EXPERT_TEAM}))


async def few_places(world: World) -> list[dict[str, Any]]:
    """Two children who wait for the one place that there is."""
    offer = await world.contracted_offer(name="Het Nest")
    await world.report(offer, placesTotal=4, placesFree=1)
    return [await world.add_request(childReference=f"kind-2026-{number}") for number in (31, 32)]


async def test_who_may_see_them(world: World) -> None:
    proposal = await ask(world)
    paths = (LIST, f"{LIST}/{proposal['id']}")
    for path in paths:
        assert (await Browser(world).get(path)).status_code == 303
        region = await (await browser_of(world, Role.REGION)).get(path)
        assert "expertteam" in text_of(region, status=403)
        for role in (Role.GI, Role.INSPECTORATE, Role.PROVIDER, Role.NATIONAL):
            assert (await (await browser_of(world, role)).get(path)).status_code == 403
    elsewhere = await expert_team(world, "JZ06")
    assert (await elsewhere.get(paths[1])).status_code == 404
    assert "nog geen voorstel" in text_of(await elsewhere.get(LIST))
    above = await browser_of(world, Role.SUPRAREGION)
    assert (await above.get(paths[1])).status_code == 404
    assert "Vraag een voorstel" in text_of(await above.get(LIST))
    team = await expert_team(world)
    assert (await team.post(LIST, {}, Sec_Fetch_Site="cross-site")).status_code == 403


async def test_one_is_asked_followed_and_read(world: World) -> None:
    await few_places(world)
    team = await expert_team(world)
    asked = await team.post(LIST, {"kinderen": "waiting", "plekken": "free", "termijn": "60", "methode": "stable"})
    assert asked.status_code == 303
    path = asked.headers["location"]
    page = page_of(await team.get(path))
    section = page.css_first("#voorstel")
    assert section is not None
    assert (section.attributes["hx-get"], section.attributes["hx-trigger"]) == (path, "every 2s")
    assert "wacht op zijn beurt" in section.text()
    assert await make(world)
    part = text_of(await team.get(path, HX_Request="true"), "#voorstel")
    for words in (
        "Kind van 12 jaar uit Den Helder",
        "Het Nest",
        "keuze 1, nummer 1 op de eigen lijst",
        "nog niet aangemeld",
        "Geen plek",
        "Wat zou helpen: Een plek erbij voor dit kind bij Het Nest.",
        "Een plek erbij bij Het Nest",
        "Wie voorgaat, gaat voor (dit voorstel)",
        "Samen zo min mogelijk te laat",
        "12 tot en met 15 jaar",
    ):
        assert words in part
    lines = [each.text().rstrip() for each in page_of(await team.get(path)).css("#voorstel li[id^=regel] p:last-child")]
    assert ["nog niet aangemeld" in each for each in lines].count(True) == 1
    assert not any(each.endswith(("·", NOTHING)) for each in lines)
    whole = await team.get(path)
    assert "kind-2026-3" not in whole.text
    assert "hx-trigger" not in whole.text
    assert "Begin van de hulp binnen 60 dagen" in text_of(whole)
    assert "de instelling ziet de regel op de pagina van het kind" in text_of(whole)
    assert "Klaar" in text_of(await team.get(LIST))


async def test_what_became_of_a_line(world: World) -> None:
    children = await few_places(world)
    proposal = await made(world)
    team = await expert_team(world)
    lines = (await world.ok(world.http.get(f"/v1/proposals/{proposal['id']}/lines", headers=world.expert_team())))[
        "items"
    ]
    placed = next(each for each in lines if each["toSend"] is not None)
    assert placed["requestId"] in {each["id"] for each in children}
    send = placed["toSend"]
    await world.ok(world.http.post(send["href"], json=send["body"], headers=world.gi))
    referral = (await world.ok(world.http.get("/v1/referrals", headers=world.gi)))["items"][0]
    line, path = f"#regel-{placed['requestId']}", f"{LIST}/{proposal['id']}"
    for decision, words in ((None, "aangemeld"), ("see", "aangemeld en gezien"), ("accept", "aangenomen")):
        if decision:
            await world.ok(decide(world, referral, decision))
        said = text_of(await team.get(path), line)
        assert words in said
        assert "nog niet" not in said


async def test_a_place_that_is_gone_since_is_said(world: World) -> None:
    offer = await world.contracted_offer(name="Het Nest")
    await world.report(offer)
    request = await world.add_request()
    path, line = f"{LIST}/{(await made(world))['id']}", f"#regel-{request['id']}"
    team = await expert_team(world)
    assert "nog niet aangemeld, aanbod nu vrij" in text_of(await team.get(path), line)
    await world.report(offer, placesFree=0, waitDaysIntake=40)
    assert "nog niet aangemeld, aanbod nu wachttijd" in text_of(await team.get(path), line)
    await world.add_stop(offer["providerId"])
    said = text_of(await team.get(path), line)
    assert "aanbod nu gesloten" in said
    assert "nog niet aangemeld" not in said


@pytest.mark.parametrize(
    ("placed", "late", "words"),
    [
        (1, -1, "samen 41 dagen minder te laat, 1 kind meer met een plek, 1 kind minder te laat"),
        (-1, 2, "samen 41 dagen minder te laat, 1 kind minder met een plek, 2 kinderen meer te laat"),
        (0, 0, "samen 41 dagen minder te laat"),
    ],
)
def test_what_a_change_does_is_said_whichever_way_it_goes(placed: int, late: int, words: str) -> None:
    offer = ProposedOffer(id=UUID(int=1), name="Het Nest", provider_id=None, provider_name=None)
    effect = ProposedEffect(
        change="place", offer=offer, request_id=None, needs=None, days_saved=41, placed=placed, late=late
    )
    assert effect_in_words(effect) == ("een plek erbij bij Het Nest", words)


async def test_what_is_wrong_is_said_and_nothing_is_asked(world: World) -> None:
    team = await expert_team(world)
    for termijn in ("0", "400", "lang", ""):
        refused = await team.post(LIST, {"termijn": termijn, "plekken": "free"})
        page = page_of(refused, 400)
        field = page.css_first("#termijn")
        assert field is not None
        assert (field.attributes["value"], field.attributes["aria-invalid"]) == (termijn, "true")
        chosen = page.css_first("#plekken option[selected]")
        assert chosen is not None
        assert chosen.attributes["value"] == "free"
    begun = page_of(await team.get(LIST)).css_first("#termijn")
    assert begun is not None
    assert begun.attributes["value"] == "91"
    for _ in range(5):
        assert (await team.post(LIST, {"termijn": "91"})).status_code == 303
    assert "5" in text_of(await team.post(LIST, {"termijn": "91"}), "[role=alert]", status=400)
