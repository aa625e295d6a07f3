"""What fits a child of a dossier: its ranking in one click, which is kept, and what if something else were asked."""

from typing import Any
from uuid import UUID, uuid4

from app.kit.security.callers import Role
from tests.access.clients import add_organisation
from tests.dossiers.referrals.scene import OTHER_GI, decide, refer
from tests.web.fitting.forms import filled, value_of
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World


async def _offer(world: World, **fields: Any) -> dict[str, Any]:
    offer = await world.contracted_offer(**fields)
    await world.report(offer, placesTotal=4)
    return offer


async def _rankings(world: World, child: dict[str, Any]) -> list[str]:
    found = await world.ok(world.http.get(f"/v1/requests/{child['id']}/rankings", headers=world.gi))
    return [each["id"] for each in found["items"]]


async def test_is_of_who_keeps_the_dossier(world: World) -> None:
    child = await world.add_request()
    path = f"/passend?jeugdige={child['id']}"
    assert (await Browser(world).get(path)).status_code == 303
    for role in (Role.PROVIDER, Role.REGION, Role.REFERRER):
        other = await browser_of(world, role)
        for answer in (await other.get(path), await other.post(path, filled())):
            assert "gecertificeerde instelling" in text_of(answer, status=403)
    stranger = await browser_of(world, Role.GI, **OTHER_GI)
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.post(path, filled())).status_code == 404
    own = await browser_of(world, Role.GI)
    assert (await own.get(f"/passend?jeugdige={uuid4()}")).status_code == 404


async def test_one_click_shows_the_ranking_and_keeps_it(world: World) -> None:
    offer = await _offer(world, name="Het Nest")
    choice = {"careType": "gezinshuis", "offerId": offer["id"], "maxDistanceKm": 12.5}
    child = await world.add_request(
        choices=[choice, {"careType": "logeren", "providerId": offer["providerId"]}],
        needs=["trauma"],
        characteristics=["weglopen"],
        places=2,
    )
    gi = await browser_of(world, Role.GI)
    answer = await gi.get(f"/passend?jeugdige={child['id']}")
    assert answer.headers["cache-control"] == "no-store"
    page = page_of(answer)
    assert value_of(page, "#geboortemaand") == "5-2014"
    assert value_of(page, "#gemeente") == "Den Helder"
    assert value_of(page, "#afstand-1") == "12,5"
    assert value_of(page, "#wens-1 option[selected]") == f"aanbod:{offer['id']}"
    assert value_of(page, "#wens-2 option[selected]") == f"aanbieder:{offer['providerId']}"
    assert value_of(page, "#plekken") == "2"
    assert value_of(page, "input[name=kenmerken][checked]") == "weglopen"
    assert len(await _rankings(world, child)) == 1
    assert child["childReference"] in text_of(answer)
    assert child["childReference"] not in str(answer.request.url)


async def test_a_row_leads_to_a_referral_with_its_ranking(world: World) -> None:
    offer, child = await _offer(world, name="Het Nest"), await world.add_request()
    other = await world.add_offer(name="Zonder contract")
    gi = await browser_of(world, Role.GI)
    page = page_of(await gi.get(f"/passend?jeugdige={child['id']}"))
    [row] = page.css(f"#rij-{offer['id']} form")
    assert row.attributes["action"] == f"/passend/aanmelden?jeugdige={child['id']}"
    fields = {each.attributes["name"]: each.attributes["value"] for each in row.css("input")}
    [ranking] = await _rankings(world, child)
    assert fields == {"aanbod": offer["id"], "keuze": "1", "rangschikking": ranking}
    assert value_of(page, f"#rij-{other['id']} input[name=reden]") == "not-contracted"


async def test_what_the_dossier_knows_counts(world: World) -> None:
    offer, child = await _offer(world), await world.add_request()
    referral = await refer(world, offer, child)
    await world.ok(decide(world, referral, "decline", reason="need-too-heavy", criteria=["weglopen"]))
    gi = await browser_of(world, Role.GI)
    address = f"/passend?jeugdige={child['id']}"
    assert "Opnieuw vragen" in text_of(await gi.get(address), "#uitkomst")
    other = await gi.post(address, filled(gewenst=["trauma"]))
    words = text_of(other, "#uitkomst")
    assert "Opnieuw vragen" in words, "a refusal stands, whatever else is asked"
    assert "wijkt af van wat er bij de jeugdige staat" in words
    assert "Toch aanmelden" not in words
    assert len(await _rankings(world, child)) == 1, "what was only tried is not kept"


async def test_the_same_question_is_the_dossiers_again(world: World) -> None:
    await _offer(world)
    child = await world.add_request()
    gi = await browser_of(world, Role.GI)
    answer = await gi.post(f"/passend?jeugdige={child['id']}", filled())
    assert "wijkt af" not in text_of(answer, "#uitkomst")
    assert len(page_of(answer).css("ol.ranked form")) == 1
    assert len(await _rankings(world, child)) == 1
    compared = await gi.post(f"/passend/vergelijken?jeugdige={child['id']}", filled(vergelijk=["een", "twee"]))
    assert value_of(page_of(compared), "main form input[name=gemeente]") == "Den Helder"
    form = page_of(compared).css_first("main form")
    assert form is not None
    assert form.attributes["action"] == f"/passend?jeugdige={child['id']}#uitkomst"


async def _version(gi: Browser, child: dict[str, Any]) -> str | None:
    return value_of(page_of(await gi.get(f"/passend?jeugdige={child['id']}")), "input[name=versie]")


async def test_what_was_tried_is_put_in_the_dossier(world: World) -> None:
    await _offer(world)
    measure = {"type": "21", "imposedOn": "2026-10-12", "informedOn": "2026-10-14"}
    child = await world.add_request(child={"measure": measure}, needs=["trauma"], neededBy="2026-12-20")
    gi = await browser_of(world, Role.GI)
    path = f"/passend/bijwerken?jeugdige={child['id']}"
    form = filled(
        postcode="", gewenst=["hechting"], zorgvorm=["gezinshuis", "logeren", ""], afstand=["40", "", ""], plekken="2"
    )
    tried = await gi.post(f"/passend?jeugdige={child['id']}", form)
    assert "Zet dit bij de jeugdige" in text_of(tried, "#uitkomst")
    answer = await gi.post(path, form | {"versie": await _version(gi, child)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/passend?jeugdige={child['id']}")
    kept = await world.ok(world.http.get(f"/v1/requests/{child['id']}", headers=world.gi))
    assert [each["careType"] for each in kept["choices"]] == ["gezinshuis", "logeren"]
    assert kept["choices"][0]["maxDistanceKm"] == 40
    assert (kept["needs"], kept["wishes"], kept["places"], kept["neededBy"]) == ([], ["hechting"], 2, None)
    assert kept["child"]["postcode"] is None
    assert kept["child"]["measure"]["informedOn"] == "2026-10-14", "what was not asked stays"
    assert kept["choicesVersion"] == 2
    again = await gi.post(path, form)
    assert again.status_code == 303, "nothing to change"


async def test_a_change_that_another_was_before(world: World) -> None:
    await _offer(world)
    child = await world.add_request()
    gi = await browser_of(world, Role.GI)
    version = await _version(gi, child)
    path = f"/v1/requests/{child['id']}"
    await world.ok(world.http.patch(path, json={"places": 3}, headers={**world.gi, "If-Match": "*"}))
    address, form = f"/passend/bijwerken?jeugdige={child['id']}", filled(gewenst=["trauma"])
    for stale in (version, "", "geen", "9" * 30):
        answer = await gi.post(address, form | {"versie": stale})
        assert "intussen gewijzigd" in text_of(answer, "[role=alert]", 409)
        assert page_of(answer, 409).css("input[name=gewenst][checked]")
    kept = await world.ok(world.http.get(path, headers=world.gi))
    assert (kept["wishes"], kept["places"]) == ([], 3)


async def test_a_change_is_its_keepers(world: World) -> None:
    child = await world.add_request()
    path = f"/passend/bijwerken?jeugdige={child['id']}"
    assert (await Browser(world).post(path, filled())).status_code == 303
    for role in (Role.PROVIDER, Role.REFERRER, Role.REGION):
        assert (await (await browser_of(world, role)).post(path, filled())).status_code == 403
    assert (await (await browser_of(world, Role.GI, **OTHER_GI)).post(path, filled())).status_code == 404
    gi = await browser_of(world, Role.GI)
    assert (await gi.post(path, filled(), Sec_Fetch_Site="cross-site")).status_code == 403
    assert (await gi.post("/passend/bijwerken", filled())).status_code == 404
    assert "Vul dit nog in." in text_of(await gi.post(path, filled(geslacht="")), "#fout-geslacht", 400)
    closed = {"status": "closed", "closedReason": "as-planned"}
    patched = world.http.patch(f"/v1/requests/{child['id']}", json=closed, headers={**world.gi, "If-Match": "*"})
    await world.ok(patched)
    form = filled(gewenst=["trauma"], versie=await _version(gi, child))
    assert "gesloten" in text_of(await gi.post(path, form), "[role=alert]", 409)


async def test_a_closed_child_is_not_referred(world: World) -> None:
    await _offer(world)
    child = await world.add_request()
    body = {"status": "closed", "closedReason": "as-planned"}
    path = f"/v1/requests/{child['id']}"
    await world.ok(world.http.patch(path, json=body, headers={**world.gi, "If-Match": "*"}))
    gi = await browser_of(world, Role.GI)
    page = page_of(await gi.get(f"/passend?jeugdige={child['id']}"))
    assert page.css("ol.ranked form") == []


async def test_a_team_that_it_is_shared_with_sees_it_and_refers_nobody(world: World) -> None:
    await _offer(world)
    child, team = await world.add_request(), await add_organisation(world, name="Wijkteam", role="local-team")
    share = f"/v1/requests/{child['id']}/shares/{team['id']}"
    await world.ok(world.http.put(share, json={"may": "read"}, headers={**world.gi, "If-Match": "*"}))
    own = {"organisation_id": UUID(team["id"]), "client_id": "wijkteam"}
    reader = await browser_of(world, Role.LOCAL_TEAM, **own)
    answer = await reader.get(f"/passend?jeugdige={child['id']}")
    assert len(page_of(answer).css("ol.ranked > li")) == 1
    assert page_of(answer).css("ol.ranked form") == []
    assert child["childReference"] not in text_of(answer)


async def test_a_page_that_looks_again_by_itself_keeps_no_ranking(world: World) -> None:
    offer, child = await _offer(world, name="Het Nest"), await world.add_request()
    gi, address = await browser_of(world, Role.GI), f"/passend?jeugdige={child['id']}"
    page = page_of(await gi.get(address))
    shown = value_of(page, "input[form=passend][name=rangschikking]")
    form = {each.attributes["name"]: each.attributes.get("value") or "" for each in page.css("#passend input[value]")}
    await world.report(offer, placesTotal=4, placesFree=3)
    asked = filled(gemeente="Den Helder", rangschikking=shown, versie=form["versie"])
    again = await gi.post(address, asked, HX_Request="true", X_Refresh="1")
    row = page_of(again).css_first(f"#rij-{offer['id']}")
    assert row is not None
    assert value_of(page_of(again), f"#rij-{offer['id']} input[name=rangschikking]") == shown
    assert await _rankings(world, child) == [shown]
    await gi.post(address, asked, HX_Request="true")
    assert len(await _rankings(world, child)) == 2, "somebody asked"
