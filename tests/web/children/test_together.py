"""What a dossier shares with others: siblings on one referral, a lesson, a kept ranking, and handing it over."""

from typing import Any
from uuid import UUID

from app.kit.security.callers import Role
from tests.dossiers.referrals.scene import get, refer
from tests.dossiers.transfers.scene import add_institution, propose
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

Json = dict[str, Any]


async def _send(gi: Browser, path: str, **given: Any) -> str:
    """Fills a form in, sends it, and what the dossier says of it."""
    hidden = page_of(await gi.get(path)).css("main form input[type=hidden]")
    values = {str(each.attributes["name"]): each.attributes.get("value") or "" for each in hidden}
    answer = await gi.post(path, values | given)
    assert answer.status_code == 303, text_of(answer, status=answer.status_code)
    return text_of(await gi.get(answer.headers["location"]), "main [role=status]:not(.changes)")


async def test_a_sibling_joins_a_referral_when_the_provider_agrees(world: World) -> None:
    child = await world.add_request(siblingGroup="gezin-31")
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=4, placesOccupied=0, placesReserved=0, placesFree=3)
    referral = await refer(world, offer, child)
    joins = await world.add_request(siblingGroup="gezin-31", childReference="K-2")
    gi = await browser_of(world, Role.GI)
    path = f"/jeugdigen/{child['id']}/erbij/{referral['id']}"
    assert "K-2" in text_of(await gi.get(path), "#children")
    assert text_of(await gi.post(path, {"why": "Zusje."}), "#children-fout", 400) == "Vul dit in."
    stranger = await gi.post(path, {"children[]": str(UUID(int=9)), "why": "Zusje."})
    assert text_of(stranger, "#children-fout", 400)
    said = await _send(gi, path, **{"children[]": joins["id"], "why": "Zijn zusje moet ook uit huis."})
    assert said == "Het voorstel is gedaan; de aanbieder beslist."
    provider = await browser_of(world, Role.PROVIDER, provider_id=UUID(offer["providerId"]))
    page = f"/aanmeldingen/{referral['id']}"
    assert "erbij. Zijn zusje moet ook uit huis." in text_of(await provider.get(page))
    refused = await provider.post(f"{page}/voorstel/1", {"decision": "refuse"})
    assert text_of(refused, "#voorstel-why-fout", 400) == "Vul dit in."
    elsewhere = await browser_of(world, Role.PROVIDER, provider_id=UUID(int=4))
    assert (await elsewhere.post(f"{page}/voorstel/1", {"decision": "agree"})).status_code == 404
    assert (await provider.post(f"{page}/voorstel/1", {"decision": "agree"})).status_code == 303
    assert {each["requestId"] for each in (await get(world, referral))["children"]} == {child["id"], joins["id"]}


async def test_what_came_of_a_step_is_told_as_a_lesson_and_taken_back(world: World) -> None:
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    asked = {"step": "local-team", "reason": "no-suitable-offer", "asked": "Wie heeft een plek?"}
    posted = world.http.post(f"/v1/requests/{made['id']}/escalations", json=asked, headers=world.gi)
    step = (await world.ok(posted))["id"]
    path = f"/jeugdigen/{made['id']}"
    assert (await gi.get(f"{path}/les/{step}")).status_code == 404
    await _send(gi, f"{path}/uitkomst/{step}", outcomeKind="help", outcome="Plek gevonden.", outcomeOn="2026-11-22")
    leads = {"careTypes[]": "gezinshuis", "text": "Bel Den Helder."}
    assert "Den Helder" in text_of(await gi.post(f"{path}/les/{step}", leads), "#text-fout", 400)
    given = {"careTypes[]": "gezinshuis", "text": "Een tweede begeleider gaf vertrouwen."}
    assert await _send(gi, f"{path}/les/{step}", **given) == "De les is gedeeld."
    [lesson] = (await world.ok(world.http.get("/v1/lessons", headers=world.gi)))["items"]
    assert (lesson["text"], lesson["careTypes"]) == ("Een tweede begeleider gaf vertrouwen.", ["gezinshuis"])
    assert await _send(gi, f"{path}/les-weg/{step}") == "De les is weg."
    assert (await world.ok(world.http.get("/v1/lessons", headers=world.gi)))["items"] == []


async def test_a_ranking_is_opened_as_it_was_kept(world: World) -> None:
    offer = await world.contracted_offer(name="Het Nest")
    await world.report(offer, placesTotal=4, placesFree=2)
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    await world.ok(world.http.get(f"/v1/requests/{made['id']}/matches", headers=world.gi))
    [link] = [
        str(each.attributes["href"])
        for each in page_of(await gi.get(f"/jeugdigen/{made['id']}")).css("a[href*='/zoekresultaat/']")
    ]
    await world.report(offer, placesTotal=4, placesFree=0)  # later, which changes nothing of what was kept
    words = text_of(await gi.get(link))
    for part in ("Zoekresultaat van 22 november 2026", "1. Het Nest", "Keuze1e", "op tijd"):
        assert part in words
    other = await browser_of(world, Role.GI, organisation_id=UUID(int=77))
    assert (await other.get(link)).status_code == 404
    assert (await gi.get(f"{link.rpartition('/')[0]}/{UUID(int=3)}")).status_code == 404


async def test_a_dossier_is_offered_to_another_and_taken_back(world: World) -> None:
    made, gi = await world.add_request(), await browser_of(world, Role.GI)
    receiver = await add_institution(world)
    path = f"/jeugdigen/{made['id']}/overdragen"
    assert text_of(await gi.post(path, {"why": "Verhuisd."}), "#institution-fout", 400) == "Vul dit in."
    said = await _send(gi, path, institution=receiver.id, why="Het gezin is verhuisd.")
    assert said == "De overdracht is voorgesteld; de ander beslist."
    [sent] = (await world.ok(world.http.get("/v1/transfers", headers=world.gi)))["items"]
    assert (await gi.get(path)).status_code == 404
    listed = text_of(await gi.get("/overdrachten"), "#overdrachten")
    assert "Aan GI De Overkant Meisje, 12 jaar, Den Helder" in listed
    assert text_of(await gi.get(f"/overdrachten/{sent['id']}"), "h1") == "Overdracht aan GI De Overkant"
    away = await _send(gi, f"/jeugdigen/{made['id']}/overdracht-intrekken/{sent['id']}")
    assert away == "De overdracht is ingetrokken."
    assert "wacht geen overdracht" in text_of(await gi.get("/overdrachten"))
    assert "ingetrokken" in text_of(await gi.get("/overdrachten?alle=ja"), "#overdrachten")


async def test_a_dossier_is_declined_with_a_reason_or_taken_under_an_own_reference(world: World) -> None:
    made, receiver = await world.add_request(), await add_institution(world)
    theirs = await browser_of(world, Role.GI, organisation_id=UUID(receiver.id))
    first = await world.ok(propose(world, made, receiver.id))
    path = f"/overdrachten/{first['id']}"
    words = text_of(await theirs.get(path))
    for part in ("Meisje, 12 jaar, Den Helder", "Het gezin is verhuisd.", "Neem het dossier aan"):
        assert part in words
    stranger = await browser_of(world, Role.GI, organisation_id=UUID(int=77))
    for answer in (await stranger.get(path), await stranger.post(path, {"besluit": "accept"})):
        assert answer.status_code == 404
    refused = await theirs.post(path, {"besluit": "decline"})
    assert text_of(refused, "#waarom-fout", 400) == "Vul dit in."
    assert (await theirs.post(path, {"besluit": "decline", "waarom": "Niet ons gebied."})).status_code == 303
    again = await world.ok(propose(world, made, receiver.id))
    path = f"/overdrachten/{again['id']}"
    sent = {"besluit": "accept", f"kenmerk-{made['id']}": "Sanne"}
    assert text_of(await theirs.post(path, sent), f"#kenmerk-{made['id']}-fout", 400)
    answer = await theirs.post(path, sent | {f"kenmerk-{made['id']}": "N-31"})
    assert answer.headers["location"] == f"/jeugdigen/{made['id']}"
    assert text_of(await theirs.get(answer.headers["location"]), "h1") == "N-31"
    gi = await browser_of(world, Role.GI)
    assert (await gi.get(f"/jeugdigen/{made['id']}")).status_code == 404
    assert "bij u van" in text_of(await gi.get(path))
    late = await theirs.post(path, sent | {f"kenmerk-{made['id']}": "N-32"})
    assert "Deze overdracht is aangenomen" in text_of(late, "[role=alert]", 409)
