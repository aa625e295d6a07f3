"""What is done in a dossier, by its forms."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from app.kit.security.callers import Role
from tests.access.clients import add_organisation
from tests.dossiers.referrals.scene import OUTSIDE, decide, get, post_referral, refer, request_of
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

Json = dict[str, Any]
MEASURED = {"measure": {"type": "21", "imposedOn": "2026-08-03"}}


async def _filled(gi: Browser, path: str) -> Json:
    """What a form sends as it is first shown."""
    values: Json = {}
    page = page_of(await gi.get(path))
    for each in page.css("main form input, main form textarea"):
        kind, name = each.attributes.get("type"), str(each.attributes["name"])
        if kind not in {"radio", "checkbox"}:
            values[name] = each.attributes.get("value") or ""
        elif "checked" in each.attributes:
            values[name] = each.attributes["value"]
    return values


async def _do(gi: Browser, path: str, **given: Any) -> httpx.Response:
    """Fills a form in and sends it."""
    return await gi.post(path, await _filled(gi, path) | given)


async def _done(gi: Browser, path: str, **given: Any) -> str:
    """Does it, and what the dossier's page says of that."""
    answer = await _do(gi, path, **given)
    assert answer.status_code == 303, text_of(answer, status=answer.status_code)
    assert answer.headers["location"].startswith("/jeugdigen/")
    return text_of(await gi.get(answer.headers["location"]), "main [role=status]:not(.changes)")


async def test_forms_of_another_site_are_refused(world: World) -> None:
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    answer = await gi.post(f"/jeugdigen/{made['id']}/sluiten", {}, Sec_Fetch_Site="cross-site")
    assert answer.status_code == 403


async def test_a_form_that_is_not_there(world: World) -> None:
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    nobody = UUID(int=5)
    for what in ("verdwijnen", "mijlpaal", "mijlpaal/geen", "mijlpaal-wissen/course", "uitleg/help", "heropenen",
                 f"starten/{nobody}", "starten/geen-id", f"uitkomst/{nobody}", f"oproep-sluiten/{nobody}",
                 f"niet-delen/{nobody}", f"regeling-intrekken/{nobody}", "kenmerken"):  # fmt: skip
        assert (await gi.get(f"/jeugdigen/{made['id']}/{what}")).status_code == 404, what


async def test_a_milestone_is_set_put_right_and_cleared(world: World) -> None:
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    path = f"/jeugdigen/{made['id']}/mijlpaal/course"
    assert (await _filled(gi, path))["date"] == "2026-11-22"
    assert await _done(gi, path, date="2026-11-02") == "De datum is vastgelegd."
    assert (await _filled(gi, path))["date"] == "2026-11-02"
    assert (await request_of(world, made))["milestones"] == [{"name": "course", "date": "2026-11-02"}]
    assert await _done(gi, f"/jeugdigen/{made['id']}/mijlpaal-wissen/course") == "De datum is gewist."
    assert (await request_of(world, made))["milestones"] == []


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "Vul dit in."),
        ("2027-01-01", "in de toekomst"),
        ("2026-10-01", "vóór de dag"),
        ("x", "een datum"),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(world: World, day: str, said: str) -> None:
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    answer = await _do(gi, f"/jeugdigen/{made['id']}/mijlpaal/course", date=day)
    page = page_of(answer, 400)
    error, field = page.css_first("#date-fout"), page.css_first("#date")
    assert error is not None
    assert field is not None
    assert said in error.text()
    assert field.attributes["aria-describedby"] == "date-fout"
    assert field.attributes["aria-invalid"] == "true"
    assert field.attributes["value"] == day
    assert (await request_of(world, made))["milestones"] == []


async def test_a_change_of_somebody_else_is_told_and_can_be_sent_on(world: World) -> None:
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    path = f"/jeugdigen/{made['id']}/mijlpaal/course"
    mine = await _filled(gi, path)
    await _done(gi, f"/jeugdigen/{made['id']}/mijlpaal/protection-worker", date="2026-10-14")
    answer = await gi.post(path, mine | {"date": "2026-11-03"})
    page = page_of(answer, 412)
    assert "Iemand anders wijzigde dit" in text_of(answer, status=412)
    again = {str(each.attributes["name"]): each.attributes["value"] for each in page.css("form.single input")}
    assert again["date"] == "2026-11-03"
    assert (await gi.post(path, again)).status_code == 303


async def test_a_late_clock_is_explained_once_however_often_it_is_sent(world: World) -> None:
    made, gi = await world.add_request(child=MEASURED), await browser_of(world, Role.GI)
    path = f"/jeugdigen/{made['id']}/uitleg/help"
    sent = await _filled(gi, path) | {"cause": "waiting-list", "text": "Plek vanaf januari."}
    for _ in range(2):
        answer = await gi.post(path, sent)
        assert answer.headers["location"] == f"/jeugdigen/{made['id']}?gedaan=uitleg"
    [clock] = [each for each in (await request_of(world, made))["clocks"] if each["clock"] == "help"]
    assert [each["text"] for each in clock["explanations"]] == ["Plek vanaf januari."]
    assert "Wachtlijst bij de aanbieder. Plek vanaf januari." in text_of(await gi.get(f"/jeugdigen/{made['id']}"))


async def test_a_bsn_is_refused_at_its_field(world: World) -> None:
    made, gi = await world.add_request(child=MEASURED), await browser_of(world, Role.GI)
    answer = await _do(gi, f"/jeugdigen/{made['id']}/uitleg/help", cause="waiting-list", text="Kind 111222333 wacht.")
    assert "BSN" in text_of(answer, "#text-fout", 400)
    assert "Kind 111222333 wacht." in answer.text


async def test_help_is_started_judged_ended_and_put_right(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=4, placesFree=2)
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    referral = await refer(world, offer, made)
    await decide(world, referral, "accept")
    path = f"/jeugdigen/{made['id']}"
    assert (await gi.get(f"{path}/oordeel")).status_code == 200
    early = await _do(gi, f"{path}/oordeel", by="family", fits="partly")
    assert "nog geen hulp gestart" in text_of(early, "[role=alert]", 409)
    assert await _done(gi, f"{path}/starten/{referral['id']}", date="2026-11-16") == "De start is vastgelegd."
    assert (
        await _done(gi, f"{path}/oordeel", by="family", fits="partly", word="Ver weg.") == "Het oordeel is vastgelegd."
    )
    corrected = await _done(gi, f"{path}/corrigeren/{referral['id']}", value="2026-11-17", why="Een dag later.")
    assert corrected == "De correctie is vastgelegd."
    assert (await get(world, referral))["startedOn"] == "2026-11-17"
    ended = await _done(gi, f"{path}/beeindigen/{referral['id']}", date="2026-11-20", reason="as-planned")
    assert ended == "Het einde van de hulp is vastgelegd."
    back = await _done(gi, f"{path}/corrigeren/{referral['id']}", how="back", why="Hij is er nog.")
    assert back == "De correctie is vastgelegd."
    assert (await get(world, referral))["status"] == "started"
    again = await _done(gi, f"{path}/opnieuw-nodig", neededAgainOn="2026-11-22", why="Het past niet meer.")
    assert again == "Vastgelegd dat opnieuw hulp nodig is."


async def test_a_referral_that_was_answered_meanwhile_is_told(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=4, placesFree=2)
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    referral = await refer(world, offer, made)
    await decide(world, referral, "accept")
    path = f"/jeugdigen/{made['id']}/starten/{referral['id']}"
    mine = await _filled(gi, path)
    await decide(world, referral, "decline")
    answer = await gi.post(path, mine)
    assert "Iemand anders wijzigde dit intussen" in text_of(answer, status=409)
    withdrawn = await gi.get(f"/jeugdigen/{made['id']}/intrekken/{referral['id']}")
    assert withdrawn.status_code == 404


async def test_a_start_that_the_match_speaks_against_asks_why(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=4, placesFree=2)
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    referral = await refer(world, offer, made)
    await decide(world, referral, "accept")
    await world.add_stop(offer["providerId"])
    path = f"/jeugdigen/{made['id']}/starten/{referral['id']}"
    answer = await _do(gi, path, date="2026-11-20")
    page = page_of(answer, 409)
    why = page.css_first("textarea[name='despite.placement-stop']")
    assert why is not None
    again = {str(each.attributes["name"]): each.attributes["value"] for each in page.css("form.single input")}
    assert again["date"] == "2026-11-20"
    assert (await gi.post(path, again | {"despite.placement-stop": "Afgesproken."})).status_code == 303
    assert (await get(world, referral))["despite"][0]["because"] == "Afgesproken."


async def test_care_outside_the_contracts_is_decided_here(world: World) -> None:
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    referral = await world.ok(post_referral(world, made, OUTSIDE))
    path = f"/jeugdigen/{made['id']}"
    missing = await _do(gi, f"{path}/afwijzen/{referral['id']}", reason="contra-indication")
    assert page_of(missing, 400).css_first("#criteria-fout") is not None
    done = await _done(
        gi, f"{path}/afwijzen/{referral['id']}", reason="contra-indication", **{"criteria[]": ["weglopen"]}
    )
    assert done == "De afwijzing is vastgelegd."
    assert "Contra-indicatie" in text_of(await gi.get(path))


async def test_a_named_characteristic_is_taken_over_or_dismissed(world: World) -> None:
    gi = await browser_of(world, Role.GI)
    for take in (True, False):
        made = await world.add_request(characteristics=["brandstichting"] if take else [])
        referral = await world.ok(post_referral(world, made, OUTSIDE))
        given: Json = {"reason": "contra-indication", "criteria": ["weglopen"]}
        await decide(world, referral, "decline", **given)
        path = f"/jeugdigen/{made['id']}"
        assert (await request_of(world, made))["proposedCharacteristics"] != []
        if take:
            done = await _done(gi, f"{path}/kenmerken", **{"characteristics[]": ["brandstichting", "weglopen"]})
            assert done == "De kenmerken zijn vastgelegd."
            assert (await request_of(world, made))["characteristics"] == ["brandstichting", "weglopen"]
        else:
            assert await _done(gi, f"{path}/kenmerk-afwijzen") == "Het genoemde kenmerk is afgewezen."
        assert (await request_of(world, made))["proposedCharacteristics"] == []


async def test_a_request_is_escalated_and_an_outcome_noted(world: World) -> None:
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    path = f"/jeugdigen/{made['id']}"
    given = {"reason": "no-suitable-offer", "asked": "Wie heeft een plek?"}
    skipped = await _do(gi, f"{path}/opschalen", step="expert-team", **given)
    assert page_of(skipped, 400).css_first("#skipReason-fout") is not None
    assert await _done(gi, f"{path}/opschalen", **given) == "De hulpvraag is opgeschaald."
    found = await world.ok(world.http.get(f"/v1/requests/{made['id']}/escalations", headers=world.gi))
    escalation = found["items"][0]["id"]
    asked = await _done(gi, f"{path}/uitkomst/{escalation}", outcomeKind="question", outcome="Is de school akkoord?")
    assert asked == "De uitkomst is vastgelegd."
    assert await _done(gi, f"{path}/antwoord/{escalation}", answer="Ja.") == "De vraag is beantwoord."
    helped = await _done(gi, f"{path}/uitkomst/{escalation}", outcomeKind="help", outcome="Plek gevonden.")
    assert helped == "De uitkomst is vastgelegd."
    assert "Plek gevonden." in text_of(await gi.get(path))


async def test_a_call_is_published_and_closed(world: World) -> None:
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    path = f"/jeugdigen/{made['id']}"
    nobody = await _do(gi, f"{path}/oproep")
    assert nobody.status_code == 409
    await world.contracted_offer()
    wrong = await _do(gi, f"{path}/oproep", hoursPerWeek="veel")
    assert "geheel getal" in text_of(wrong, "#hoursPerWeek-fout", 400)
    assert await _done(gi, f"{path}/oproep", hoursPerWeek="8") == "De oproep is geplaatst."
    found = await world.ok(world.http.get("/v1/calls", headers=world.gi))
    call = found["items"][0]
    assert (call["hoursPerWeek"], call["careTypes"]) == (8, ["gezinshuis"])
    closed = await _done(gi, f"{path}/oproep-sluiten/{call['id']}", closedBecause="withdrawn")
    assert closed == "De oproep is gesloten."


async def test_what_a_provider_proposes_is_settled(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=4, placesFree=3)
    made, sibling = [await world.add_request(siblingGroup="gezin-31") for _ in range(2)]
    referral = await refer(world, offer, made)
    [leaves] = [each["id"] for each in referral["children"] if each["requestId"] == sibling["id"]]
    stays = [each["id"] for each in referral["children"] if each["id"] != leaves]
    proposed, body = f"/v1/referrals/{referral['id']}/amendments", {"children": stays, "why": "Er is iets veranderd."}
    await world.ok(world.http.post(proposed, json=body, headers=world.provider(offer["providerId"])))
    gi, path = await browser_of(world, Role.GI), f"/jeugdigen/{made['id']}"
    assert "12 jaar eruit. Er is iets veranderd." in text_of(await gi.get(path))
    form = f"{path}/voorstel/{referral['id']}.1"
    assert page_of(await _do(gi, form, decision="refuse"), 400).css_first("#why-fout") is not None
    assert await _done(gi, form, decision="agree") == "Het besluit is vastgelegd."
    assert (await gi.get(form)).status_code == 404
    for item in (f"{referral['id']}.x", f"{referral['id']}", "geen-id.1"):
        assert (await gi.post(f"{path}/voorstel/{item}", {"decision": "agree"})).status_code == 404


async def test_references_measure_and_authorisation_are_changed(world: World) -> None:
    made, gi = await world.add_request(careWorker="w-1"), await browser_of(world, Role.GI)
    path = f"/jeugdigen/{made['id']}"
    changed = await _done(gi, f"{path}/eigen-kenmerken", careWorker="", siblingGroup="gezin-3")
    assert changed == "De eigen kenmerken zijn vastgelegd."
    now = await request_of(world, made)
    assert (now["careWorker"], now["siblingGroup"]) == (None, "gezin-3")
    measure = {"type": "11", "imposedOn": "2026-10-12", "informedOn": "2026-10-14"}
    assert await _done(gi, f"{path}/maatregel", **measure) == "De maatregel is vastgelegd."
    assert (await request_of(world, made))["child"]["measure"] == measure | {"startedOn": None}
    wrong = await _do(gi, f"{path}/maatregel", type="11", imposedOn="2027-10-12")
    assert page_of(wrong, 400).css_first("#imposedOn-fout") is not None
    until = {"courtAuthorisation": "ja", "courtAuthorisationUntil": "2027-02-28"}
    assert await _done(gi, f"{path}/machtiging", **until) == "De machtiging is vastgelegd."
    assert "machtiging tot en met 28 februari 2027" in text_of(await gi.get(path))
    assert await _done(gi, f"{path}/machtiging", courtAuthorisation="nee") == "De machtiging is vastgelegd."
    assert (await request_of(world, made))["child"]["courtAuthorisation"] is False


async def test_a_request_is_closed_and_opened_again(world: World) -> None:
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    path = f"/jeugdigen/{made['id']}"
    assert text_of(await _do(gi, f"{path}/sluiten"), "#closedReason-fout", 400) == "Vul dit in."
    assert await _done(gi, f"{path}/sluiten", closedReason="measure-ended") == "De hulpvraag is gesloten."
    page = page_of(await gi.get(path))
    assert [each.attributes["href"] for each in page.css("main a.utrecht-button--primary-action")] == []
    assert (await gi.get(f"{path}/sluiten")).status_code == 404
    assert await _done(gi, f"{path}/heropenen") == "De hulpvraag is weer open."


async def test_a_dossier_is_shared_and_no_more(world: World) -> None:
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    team = await add_organisation(world, name="Wijkteam Noord", role="local-team")
    path = f"/jeugdigen/{made['id']}"
    assert await _done(gi, f"{path}/delen", organisationId=team["id"]) == "Het dossier is gedeeld."
    assert "Wijkteam Noord" in text_of(await gi.get(path))
    assert await _done(gi, f"{path}/niet-delen/{team['id']}") == "Het dossier is niet meer gedeeld."
    assert "Met niemand gedeeld" in text_of(await gi.get(path))


async def test_what_a_form_needs_is_asked_for(world: World) -> None:
    """A schema of a change takes a field that is not sent for one that stays as it was: its form does not."""
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    step = {"step": "expert-team", "reason": "no-suitable-offer", "asked": "Wie?", "skipReason": "Al betrokken."}
    path = f"/jeugdigen/{made['id']}"
    asked = await world.ok(world.http.post(f"/v1/requests/{made['id']}/escalations", json=step, headers=world.gi))
    for form, names in (
        (f"uitkomst/{asked['id']}", {"outcomeKind", "outcome", "outcomeOn"}),
        ("oproep", {"careTypes"}),
        ("delen", {"organisationId", "may"}),
    ):
        page = page_of(await gi.post(f"{path}/{form}", {}), 400)
        told = {str(each.attributes["id"]).removesuffix("-fout"): each.text() for each in page.css("p.error")}
        assert told.keys() == names
        assert set(told.values()) <= {"Vul dit in.", "Kies er minstens een."}
        assert {str(each.attributes["href"])[1:] for each in page.css("[role=alert] a")} == names


async def test_a_form_that_is_sent_once_more_with_something_else_says_so(world: World) -> None:
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    path = f"/jeugdigen/{made['id']}/machtiging"
    sent = await _filled(gi, path)
    assert (await gi.post(path, sent | {"courtAuthorisation": "ja"})).status_code == 303
    again = text_of(await gi.post(path, sent | {"courtAuthorisation": "nee"}), "[role=alert]", 422)
    assert again == "Dit formulier is al eens verstuurd."


async def test_an_arrangement_is_asked_of_an_offer_that_is_named(world: World) -> None:
    offer = await world.add_offer(name="Het Nest")
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    path = f"/jeugdigen/{made['id']}/regeling/{offer['id']}"
    assert "Het Nest" in text_of(await gi.get(path))
    assert "kind" not in await _filled(gi, path)
    assert (await _filled(gi, f"{path}?kind=light-contract"))["kind"] == "light-contract"
    assert "kind" not in await _filled(gi, f"{path}?kind=x&why=Omdat")
    assert "Omdat" not in (await gi.get(f"{path}?kind=x&why=Omdat")).text
    assert "Het Nest" in text_of(await gi.post(path, {}), status=400)


async def test_an_arrangement_is_asked_and_taken_back(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesTotal=4, placesFree=2)
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    path = f"/jeugdigen/{made['id']}"
    wrong = await _do(gi, f"{path}/regeling/{offer['id']}", kind="ceiling-exception", why="Enige plek.")
    assert wrong.status_code == 409
    asked = await _done(gi, f"{path}/regeling/{offer['id']}", kind="light-contract", why="Enige plek.")
    assert asked == "De regeling is gevraagd."
    found = await world.ok(world.http.get("/v1/arrangements", headers=world.gi))
    taken_back = await _done(gi, f"{path}/regeling-intrekken/{found['items'][0]['id']}")
    assert taken_back == "De vraag is ingetrokken."
