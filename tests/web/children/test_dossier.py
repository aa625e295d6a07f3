"""The dossier of a child."""

from uuid import UUID

from app.kit.security.callers import Role
from tests.access.clients import add_organisation
from tests.dossiers.referrals.scene import decide, refer
from tests.web.pages import browser_of, page_of, text_of
from tests.world import World

OTHER = {"organisation_id": UUID(int=77), "client_id": "other-gi"}


async def test_anothers_dossier_is_not_there(world: World) -> None:
    made = await world.add_request()
    other = await browser_of(world, Role.GI, **OTHER)
    for path in (f"/jeugdigen/{made['id']}", f"/jeugdigen/{made['id']}/sluiten", "/jeugdigen/geen-id"):
        assert page_of(await other.get(path), 404).css_first("h1") is not None
    answer = await other.post(f"/jeugdigen/{made['id']}/heropenen", {})
    assert answer.status_code == 404


async def test_a_dossier_says_how_it_stands_and_is_not_kept(world: World) -> None:
    made = await world.add_request(
        childReference="K-heel-1", needs=["trauma"], child={"measure": {"type": "21", "imposedOn": "2026-08-03"}}
    )
    gi = await browser_of(world, Role.GI)
    answer = await gi.get(f"/jeugdigen/{made['id']}")
    assert answer.headers["cache-control"] == "no-store"
    page, words = page_of(answer), text_of(answer)
    primary = page.css("a.utrecht-button--primary-action")
    assert [each.attributes["href"] for each in primary] == [f"/passend?jeugdige={made['id']}"]
    for part in ("K-heel-1", "Voogdij, sinds 3 augustus 2026", "Gedragen koers", "te laat", "Nog nergens aangemeld",
                 "Met niemand gedeeld", "Hulpvraag vastgelegd"):  # fmt: skip
        assert part in words
    title = page.css_first("title")
    assert title is not None
    assert "K-heel-1" not in title.text()


async def test_a_dossier_has_all_that_was_asked_and_answered(world: World) -> None:
    made = await world.add_request()
    provider = await world.add_provider(name="Demo Zorg", contact={"phone": "0223 123456"})
    offer = await world.contracted_offer(provider, name="Het Nest")
    await world.report(offer, placesTotal=4, placesFree=2)
    referral = await refer(world, offer, made)
    gi = await browser_of(world, Role.GI)
    assert "Antwoord nodigtot en met 27 november" in text_of(await gi.get(f"/jeugdigen/{made['id']}"))
    await decide(world, referral, "accept", expectedStart="2026-12-01")
    path = f"/v1/requests/{made['id']}"
    asked = {"step": "local-team", "reason": "no-suitable-offer", "asked": "Wie heeft een plek?"}
    await world.ok(world.http.post(f"{path}/escalations", json=asked, headers=world.gi))
    answer = await gi.get(f"/jeugdigen/{made['id']}")
    words = text_of(answer)
    for part in ("Het Nest, Demo Zorg", "aangenomen", "eerste keuze", "1 december 2026", "0223 123456", "Lokaal team",
                 "Wie heeft een plek?", "plek gevonden", "Aanmelding: aangenomen"):  # fmt: skip
        assert part in words
    hrefs = {str(each.attributes["href"]) for each in page_of(answer).css("a.utrecht-button")}
    for what in (f"starten/{referral['id']}", f"intrekken/{referral['id']}", "opschalen", "sluiten", "oproep"):
        assert f"/jeugdigen/{made['id']}/{what}" in hrefs


async def test_a_team_that_it_is_shared_with_reads_it_and_no_more(world: World) -> None:
    made = await world.add_request(childReference="K-geheim-1", careWorker="w-geheim-2")
    team = await add_organisation(world, name="Wijkteam", role="local-team")
    path, sent = f"/v1/requests/{made['id']}/shares/{team['id']}", world.gi | {"If-Match": "*"}
    await world.ok(world.http.put(path, json={"may": "read"}, headers=sent))
    local = await browser_of(world, Role.LOCAL_TEAM, organisation_id=UUID(team["id"]), client_id="wijkteam")
    answer = await local.get(f"/jeugdigen/{made['id']}")
    words = text_of(answer)
    assert "met u gedeeld" in words
    assert "geheim" not in words
    assert page_of(answer).css("main a.utrecht-button") == []
    for what in ("sluiten", "delen", "opschalen", "mijlpaal/course", "oproep", "oordeel", "uitleg/help"):
        assert (await local.get(f"/jeugdigen/{made['id']}/{what}")).status_code == 404
    assert (
        await local.post(f"/jeugdigen/{made['id']}/mijlpaal/course", {"date": "2026-11-01", "versie": "*"})
    ).status_code == 404
    await world.ok(world.http.put(path, json={"may": "escalate"}, headers=sent))
    [button] = page_of(await local.get(f"/jeugdigen/{made['id']}")).css("#opschalen ~ p.actions a.utrecht-button")
    assert button.attributes["href"] == f"/jeugdigen/{made['id']}/opschalen"
    given = {"step": "local-team", "reason": "no-suitable-offer", "asked": "Wie heeft een plek?"}
    answer = await local.post(f"/jeugdigen/{made['id']}/opschalen", given)
    assert answer.status_code == 303
