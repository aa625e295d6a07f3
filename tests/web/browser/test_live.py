"""Pages that follow what others do, in a browser: in place, behind a button, and fresh after a lost connection."""

import re
from datetime import date
from typing import Any
from uuid import UUID

from playwright.async_api import Page, expect

from app.kit.security.callers import Role
from scripts.drills._line import line_to_port
from tests.dossiers.arrangements.scene import asked
from tests.dossiers.calls.scene import answer, publish
from tests.dossiers.proposals.scene import made_somehow
from tests.dossiers.referrals.scene import decide, refer
from tests.dossiers.transfers.scene import add_institution, propose
from tests.dossiers.transfers.scene import decide as decide_transfer
from tests.http import Served
from tests.insight.children import Child, add_children
from tests.insight.plans.scene import add_action
from tests.insight.plans.scene import change as change_action
from tests.insight.scene import bring
from tests.insight.targets.scene import add_target
from tests.web.browser.barriers import DESK, PHONE
from tests.web.browser.conftest import PageAs
from tests.web.browser.test_overview import TEAM
from tests.web.browser.test_own_offers import field
from tests.web.live.test_audiences import agree


async def following(page: Page, path: str, live: str = "/live") -> None:
    """Opens a page, and waits until its stream is open."""
    async with page.expect_response(re.compile(f"{live}(#|$)")):
        await page.goto(path)


async def offer_with_places(served: Served, **fields: Any) -> dict[str, Any]:
    offer = await served.contracted_offer(name="Het Nest", **fields)
    await served.report(offer, placesTotal=9, placesFree=1)
    return offer


async def test_a_referral_arrives_and_is_answered_elsewhere(served: Served, page_as: PageAs) -> None:
    offer = await offer_with_places(served)
    page = await page_as(Role.PROVIDER, PHONE, provider_id=UUID(offer["providerId"]))
    await following(page, "/aanmeldingen")
    sent = await refer(served, offer)
    button = page.get_by_role("button", name="1 wijziging, toon")
    await expect(button).to_be_visible()
    await expect(page.locator("#aanmeldingen li")).to_have_count(0)
    await button.click()
    row = page.locator(f"#aanmelding-{sent['id']}")
    await expect(row).to_be_visible()
    await expect(page.locator("#aanmeldingen")).to_be_focused()
    await served.ok(decide(served, sent, "see"))
    await expect(row).to_contain_text("gezien")
    await served.ok(decide(served, sent, "accept"))
    await expect(button).to_be_visible()


async def test_an_answer_reaches_whoever_referred(served: Served, page_as: PageAs) -> None:
    offer, made = await offer_with_places(served), await served.add_request()
    sent = await refer(served, offer, made)
    dossier, children, start = [await page_as(Role.GI, DESK) for _ in range(3)]
    await following(dossier, f"/jeugdigen/{made['id']}")
    await following(children, "/jeugdigen")
    await following(start, "/")
    await served.ok(decide(served, sent, "accept"))
    for page in (dossier, start):
        await page.get_by_role("button", name="toon").click()
    await expect(dossier.locator(f"#aanmelding-{sent['id']}")).to_contain_text("aangenomen", ignore_case=True)
    await expect(start.locator("#vandaag")).to_contain_text("Het Nest")
    await expect(children.locator(f"#jeugdige-{made['id']}")).to_be_visible()


async def test_a_colleague_changes_a_row(served: Served, page_as: PageAs) -> None:
    offer = await offer_with_places(served)
    other = await served.add_offer(offer["providerId"], name="Ander aanbod")
    await served.report(other, placesTotal=9, placesFree=1)
    page = await page_as(Role.PROVIDER, DESK, provider_id=UUID(offer["providerId"]))
    await following(page, "/mijn-aanbod", "/mijn-aanbod/live")
    await field(page, other).focus()
    await field(page, other).press_sequentially("7")
    where = "[document.activeElement.id, document.activeElement.value, document.activeElement.selectionStart, scrollY]"
    before = await page.evaluate(where)
    await served.report(offer, placesTotal=9, placesFree=3)
    await expect(field(page, offer)).to_have_value("3")
    assert await page.evaluate(where) == before
    await served.report(other, placesTotal=9, placesFree=5)
    await served.report(offer, placesTotal=9, placesFree=4)
    await expect(field(page, offer)).to_have_value("4")
    assert await page.evaluate(where) == before
    await field(page, offer).focus()
    await expect(page.locator(f"#aanbod-{other['id']} .error").first).to_contain_text(
        "Intussen is dit aanbod gewijzigd"
    )


async def test_a_referral_says_how_it_stands_while_somebody_types(served: Served, page_as: PageAs) -> None:
    offer = await offer_with_places(served)
    sent = await refer(served, offer)
    page = await page_as(Role.PROVIDER, PHONE, provider_id=UUID(offer["providerId"]))
    await following(page, f"/aanmeldingen/{sent['id']}")
    note = page.locator("textarea[name=note]").first
    await note.press_sequentially("Wij bellen")
    await served.ok(decide(served, sent, "withdraw"))
    await expect(page.locator("#stand")).to_contain_text("ingetrokken")
    await expect(note).to_be_focused()
    await expect(note).to_have_value("Wij bellen")
    await note.fill("")
    served.parts.audiences.tell(None)
    await page.get_by_role("button", name="1 wijziging, toon").click()
    await expect(page.locator("main form")).to_have_count(0)


async def test_a_form_that_was_refused_stays_as_it_is(served: Served, page_as: PageAs) -> None:
    offer = await offer_with_places(served)
    sent = await refer(served, offer)
    await served.report(offer, placesTotal=9, placesFree=0)
    page = await page_as(Role.PROVIDER, PHONE, provider_id=UUID(offer["providerId"]))
    await following(page, f"/aanmeldingen/{sent['id']}")
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    await page.locator("form[action$=besluit] button").first.click()
    await expect(page.get_by_role("alert").first).to_contain_text("vrij volgens de cijfers: 0")
    await page.wait_for_load_state("load")
    assert not [each for each in asked if each.endswith("/live")]
    await page.goto(page.url)
    await expect(page).to_have_url(re.compile(f"/aanmeldingen/{sent['id']}$"))


async def test_a_call_says_what_was_answered_elsewhere(served: Served, page_as: PageAs) -> None:
    offer = await offer_with_places(served)
    call = await publish(served)
    page = await page_as(Role.PROVIDER, PHONE, provider_id=UUID(offer["providerId"]))
    await following(page, f"/oproepen/{call['id']}")
    await answer(served, call, offer)
    await expect(page.locator("#stand")).to_contain_text("u kunt, vanaf 14 december 2026")


async def test_what_a_region_decides_on_follows(served: Served, page_as: PageAs) -> None:
    page, team = await page_as(Role.REGION, PHONE), await page_as(Role.REGION, PHONE, **TEAM)
    await following(page, "/overzicht/regelingen")
    await following(team, "/overzicht/voorgelegd")
    made, _, arrangement = await asked(served, "light-contract")
    await page.get_by_role("button", name="1 wijziging, toon").click()
    await expect(page.locator(f"#regeling-{arrangement['id']}")).to_be_visible()
    body = {"step": "expert-team", "reason": "no-suitable-offer", "asked": "Wie?", "skipReason": "Al betrokken."}
    await served.ok(served.http.post(f"/v1/requests/{made['id']}/escalations", json=body, headers=served.gi))
    await team.get_by_role("button", name="1 wijziging, toon").click()
    row = team.locator(f"#vraag-{made['id']}")
    await row.get_by_role("link", name="Besluit").click()
    await expect(row.locator("form")).to_be_visible()
    async with team.expect_response(re.compile("/overzicht/voorgelegd$")):
        served.parts.audiences.tell(None)
    await expect(team.get_by_role("button", name="toon")).to_be_hidden()
    await expect(row.locator("form")).to_be_visible()


async def test_what_is_handed_over_follows_on_both_sides(served: Served, page_as: PageAs) -> None:
    made, receiver = await served.add_request(), await add_institution(served)
    pages = [await page_as(Role.GI, PHONE), await page_as(Role.GI, PHONE, organisation_id=UUID(receiver.id))]
    for page in pages:
        await following(page, "/overdrachten")
    sent = await served.ok(propose(served, made, receiver.id))
    for page in pages:
        await page.get_by_role("button", name="1 wijziging, toon").click()
        await expect(page.locator(f"#overdracht-{sent['id']}")).to_be_visible()
    await served.ok(decide_transfer(served, sent, "decline", receiver.headers))
    for page in pages:
        await page.get_by_role("button", name="1 wijziging, toon").click()
        await expect(page.locator("#overdrachten")).to_contain_text("Er wacht geen overdracht op een besluit.")


async def test_a_transfer_says_what_was_decided_while_somebody_types(served: Served, page_as: PageAs) -> None:
    made, receiver = await served.add_request(), await add_institution(served)
    sent = await served.ok(propose(served, made, receiver.id))
    theirs, idle = [await page_as(Role.GI, PHONE, organisation_id=UUID(receiver.id)) for _ in range(2)]
    mine = await page_as(Role.GI, DESK)
    for page in (theirs, idle, mine):
        await following(page, f"/overdrachten/{sent['id']}")
    why = theirs.get_by_label("Toelichting")
    await why.press_sequentially("Wij kennen")
    await served.ok(decide_transfer(served, sent, "decline", receiver.headers))
    for page in (theirs, idle, mine):
        await expect(page.locator("#stand")).to_contain_text("geweigerd")
    await expect(why).to_be_focused()
    await expect(why).to_have_value("Wij kennen")
    await expect(idle.locator("main form")).to_have_count(1)
    await idle.get_by_role(
        "button", name="2 wijzigingen, toon"
    ).click()  # the form, and what is no longer told of the child
    await expect(idle.locator("main form")).to_have_count(0)
    await theirs.get_by_role("button", name="Neem het dossier aan").click()
    await expect(theirs.get_by_role("alert")).to_be_visible()


async def test_the_agreements_of_a_region_follow(served: Served, page_as: PageAs) -> None:
    page = await page_as(Role.REGION, PHONE)
    await following(page, "/overzicht/afspraken")
    days, hours = page.get_by_label("Dagen na het begin van de maatregel"), page.get_by_label("Uren voor antwoord")
    await agree(served)
    await expect(days).to_have_value("30")
    await expect(page.locator("[name=trede]:checked")).to_have_count(1)
    await hours.press_sequentially("1")
    before = await hours.input_value()
    async with page.expect_response(re.compile("/overzicht/afspraken$")):
        await agree(served, expertTeamDays=20)
    await expect(hours).to_be_focused()
    await expect(hours).to_have_value(before)
    await page.get_by_role("button", name="Sla op").click()
    await expect(page.get_by_role("alert")).to_contain_text("Iemand anders heeft dit intussen gewijzigd")


async def test_the_statement_says_who_delivers(served: Served, page_as: PageAs) -> None:
    receiver = await add_institution(served)
    since = date(2026, 6, 1)
    await add_children(served, [Child("GM0400", since, organisation_id=UUID(receiver.id)) for _ in range(6)])
    await bring(served)
    page = await page_as(Role.REGION, PHONE)
    await following(page, "/overzicht/wachtlijst")
    row = page.locator("#leveringen li", has_text="GI De Overkant")
    await expect(row).to_contain_text("niet geleverd")
    await served.ok(served.http.post("/v1/deliveries", json={"month": "2026-11"}, headers=receiver.headers))
    await expect(row).to_contain_text("bevestigd")
    await expect(page.locator("#van-Totaal td").first).to_have_text("6")
    await served.add_request()
    await bring(served)
    await expect(page.locator("#van-Totaal td").first).to_have_text("7")


async def test_proposals_follow(served: Served, page_as: PageAs) -> None:
    page = await page_as(Role.REGION, PHONE, **TEAM)
    await following(page, "/overzicht/voorstellen")
    days = page.get_by_label("Begin van de hulp binnen (dagen)")
    await days.fill("30")
    asked = await made_somehow(served)
    await page.get_by_role("button", name="1 wijziging, toon").click()
    await expect(page.locator(f"#voorstel-{asked['id']}")).to_contain_text("Klaar")
    await expect(days).to_have_value("30")


async def test_what_a_region_keeps_follows(served: Served, page_as: PageAs) -> None:
    provider, region = await served.add_provider(), served.region()
    contract, action = await served.add_contract(provider), await add_action(served)
    row, edited = await page_as(Role.REGION, PHONE), await page_as(Role.REGION, DESK)
    contracts, stops, lines = [await page_as(Role.REGION, PHONE) for _ in range(3)]
    await following(row, "/overzicht/plan")
    await following(contracts, "/overzicht/contracten")
    await following(stops, "/overzicht/plaatsingsstops")
    await following(lines, "/overzicht/streeflijnen")
    await following(edited, f"/overzicht/plan/{action['id']}")
    word = edited.get_by_label("Toelichting (niets over een kind)")
    for typed, light in (("Toch niet", "amber"), ("", "green")):  # what was filled in and taken back is no work
        await word.fill(typed)
        await edited.get_by_label("Licht", exact=True).select_option(light)
    await served.ok(change_action(served, action, word="Twee gevonden.", light="red"))
    await expect(row.locator(f"#actie-{action['id']}")).to_contain_text("Twee gevonden.")
    await expect(row.locator("#stand")).to_contain_text("1 rood")
    await expect(word).to_have_value("Twee gevonden.")
    await expect(edited.get_by_label("Licht", exact=True)).to_have_value("red")
    await word.press_sequentially("Wij ")
    typed = await word.input_value()
    await served.ok(change_action(served, action, word="Drie gevonden.", title="Werven"))
    await expect(edited.locator("#verloop")).to_contain_text("Werven")
    await expect(word).to_be_focused()
    await expect(word).to_have_value(typed)
    await edited.get_by_role("button", name="Sla op").click()
    await expect(edited.get_by_role("alert")).to_contain_text("Iemand anders heeft dit intussen gewijzigd")
    body = {"ceiling": {"reached": True, "exemptsMeasure": False}}
    sent = served.http.patch(f"/v1/contracts/{contract['id']}", json=body, headers=region | {"If-Match": "*"})
    await served.ok(sent)
    await expect(contracts.locator(f"#contract-{contract['id']}")).to_contain_text("Plafond: ✕ bereikt")
    await served.add_stop(provider)
    await add_target(served)
    for page, rows in ((stops, "#stops li"), (lines, "#streeflijnen li")):
        await expect(page.locator(rows)).to_have_count(0)
        await page.get_by_role("button", name="1 wijziging, toon").click()
        await expect(page.locator(rows)).to_have_count(1)


async def test_an_offer_says_how_it_stands_now(served: Served, page_as: PageAs) -> None:
    offer = await offer_with_places(served)
    page = await page_as(Role.GI, PHONE)
    await following(page, f"/aanbod/{offer['id']}", f"/aanbod/{offer['id']}/live")
    await served.report(offer, placesTotal=9, placesFree=6)
    await expect(page.locator("#plek")).to_contain_text("6 van 9")


async def test_the_figures_of_a_region_follow(served: Served, page_as: PageAs) -> None:
    page = await page_as(Role.REGION, DESK)
    await following(page, "/overzicht")
    await page.locator("#tegel-1 summary").click()
    async with page.expect_response(re.compile("/overzicht$")):
        served.parts.audiences.tell(None)
    await expect(page.locator("#tegel-1 details")).to_have_attribute("open", "")


async def test_a_dossier_says_of_when_it_is_without_a_connection(served: Served, page_as: PageAs) -> None:
    offer, made = await offer_with_places(served), await served.add_request()
    sent = await refer(served, offer, made)
    page = await page_as(Role.GI, PHONE)
    await following(page, f"/jeugdigen/{made['id']}")
    await page.context.set_offline(True)
    await expect(page.locator("#verbinding")).to_have_text(re.compile(r"Geen verbinding; stand van \d\d:\d\d"))
    await served.ok(decide(served, sent, "accept"))
    await page.context.set_offline(False)
    await expect(page.locator("#verbinding")).to_be_hidden()
    await expect(page.get_by_role("button", name="toon")).to_be_visible()


async def test_a_line_that_swallows_all_is_told_and_made_up_for(served: Served, page_as: PageAs) -> None:
    offer = await offer_with_places(served)
    fits = await served.add_request()
    async with line_to_port(served.port) as (line, port):
        pages = [await page_as(Role.GI, PHONE), await page_as(Role.GI, DESK)]
        paths = (f"/aanbod/{offer['id']}", f"/passend?jeugdige={fits['id']}")
        for page, path in zip(pages, paths, strict=True):
            await following(page, f"http://127.0.0.1:{port}{path}", path.partition("?")[0] + "/live")
        line.swallow()
        for page in pages:
            await expect(page.locator("#verbinding")).to_have_text(re.compile(r"Geen verbinding; stand van \d\d:\d\d"))
        await served.report(offer, placesTotal=9, placesFree=6)
        line.mend()
        for page in pages:
            await expect(page.locator("#verbinding")).to_be_hidden()
        await expect(pages[0].locator("#plek")).to_contain_text("6 van 9")
        for page in pages:
            await page.close()


async def test_who_has_signed_out_elsewhere_sees_nothing_more(served: Served, page_as: PageAs) -> None:
    made = await served.add_request()
    page = await page_as(Role.GI, PHONE)
    await following(page, f"/jeugdigen/{made['id']}")
    other = await page.context.new_page()
    await other.goto("/")
    await other.get_by_role("button", name="Afmelden").click()
    await expect(other.locator("h1")).to_have_text("Aanmelden")
    served.parts.audiences.tell(None)
    await expect(page.locator("h1")).to_have_text("Aanmelden")


async def test_what_fits_a_child_follows(served: Served, page_as: PageAs) -> None:
    first, second = [await offer_with_places(served) for _ in range(2)]
    child = await served.add_request()
    page = await page_as(Role.GI)
    await following(page, f"/passend?jeugdige={child['id']}", "/passend/live")
    rows = page.locator("ol.ranked > li")
    await expect(rows).to_have_count(2)
    top = await rows.first.get_attribute("id")
    other = second if top == f"rij-{first['id']}" else first
    await served.report(other, placesTotal=9, placesFree=1, waitingCount=0, observedAt="2026-11-20T10:00:00Z")
    gone = first if other is second else second
    await served.report(gone, placesTotal=9, placesFree=0, waitingCount=30)
    button = page.get_by_role("button", name=re.compile(r"\d wijziging(en)?, toon"))
    await expect(button).to_be_visible()
    assert await rows.first.get_attribute("id") == top, "nothing moves until somebody asks"
    await button.click()
    await expect(rows.first).to_have_id(f"rij-{other['id']}")
    await rows.first.get_by_role("button", name="Meld aan").click()
    await page.get_by_role("button", name="Verstuur de aanmelding").click()
    await expect(page).to_have_url(re.compile(f"/jeugdigen/{child['id']}"))
    kept = await served.ok(served.http.get(f"/v1/requests/{child['id']}/rankings", headers=served.gi))
    assert len(kept["items"]) == 1
