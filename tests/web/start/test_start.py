"""Where everybody begins."""

from uuid import UUID

from app.kit.security.callers import Role
from app.web.shell.navigation import items_for
from tests.dossiers.calls.scene import answer, contracted, publish
from tests.dossiers.referrals.scene import decide, refer
from tests.dossiers.watches.scene import look
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

OTHER = {"organisation_id": UUID(int=77), "client_id": "other-gi"}


async def test_who_has_not_signed_in_is_led_there(world: World) -> None:
    led = await Browser(world).get("/")
    assert (led.status_code, led.headers["location"]) == (303, "/aanmelden")


async def test_a_referrer_begins_in_the_search(world: World) -> None:
    for role in (Role.GI, Role.LOCAL_TEAM, Role.REFERRER):
        shown = await (await browser_of(world, role)).get("/")
        field = page_of(shown).css_first("#zorgvorm")
        assert field is not None
        assert "autofocus" in field.attributes
        assert shown.headers["cache-control"] == "no-store"
        assert ("Termijnen van vandaag" in shown.text) == (role is not Role.REFERRER)


async def test_the_deadlines_that_press_stand_there_with_what_to_do(world: World) -> None:
    late = await world.add_request(childReference="K-laat-1")
    await world.add_request(childReference="K-rustig-2", child={"measure": None})
    page = page_of(await (await browser_of(world, Role.GI)).get("/"))
    [row] = page.css("ol.rows > li")
    words = " ".join(row.text().split())
    assert "K-laat-1" in words
    assert "te laat" in words
    button = row.css_first("a.utrecht-button")
    assert button is not None
    assert button.attributes["href"] == f"/jeugdigen/{late['id']}/mijlpaal/protection-worker"
    hrefs = [str(each.attributes["href"]) for each in row.css("a.utrecht-link")]
    assert hrefs == [f"/jeugdigen/{late['id']}", f"/passend?jeugdige={late['id']}"]
    other = await browser_of(world, Role.GI, **OTHER)
    assert "K-laat-1" not in text_of(await other.get("/"))


async def test_answers_stand_there_the_last_first(world: World) -> None:
    provider = await world.add_provider(name="Demo Zorg")
    offer = await world.contracted_offer(provider, name="Het Nest")
    await world.report(offer, placesTotal=4, placesFree=2)
    for decision in ("accept", "decline"):
        made = await world.add_request(childReference=f"K-{decision}-1")
        await world.ok(decide(world, await refer(world, offer, made), decision))
    gi = await browser_of(world, Role.GI)
    page = page_of(await gi.get("/"))
    words = [" ".join(each.text().split()) for each in page.css(".rows--news > li")]
    assert words[0].startswith("Demo Zorg wijst af: geen plek op korte termijn K-decline-1 · Het Nest vandaag")
    assert words[1].startswith("Demo Zorg neemt aan K-accept-1 · Het Nest")
    [link, *_] = page.css(".rows--news a")
    assert str(link.attributes["href"]).endswith("#aanmeldingen")
    other = await browser_of(world, Role.GI, **OTHER)
    assert "Geen nieuwe antwoorden" in text_of(await other.get("/"))


async def test_a_call_that_was_answered_stands_there(world: World) -> None:
    offer = await contracted(world)
    call = await publish(world, await world.add_request(childReference="K-oproep-1"))
    gi = await browser_of(world, Role.GI)
    assert "Oproep" not in text_of(await gi.get("/"))
    await answer(world, call, offer)
    shown = text_of(await gi.get("/"), ".rows--news")
    assert "Oproep: 1 aanbieder kan helpen, 0 niet K-oproep-1 · Gezinshuis" in shown


async def test_others_begin_at_their_first_page(world: World) -> None:
    for role in (Role.PROVIDER, Role.REGION, Role.SUPRAREGION, Role.NATIONAL, Role.INSPECTORATE):
        begun = await (await browser_of(world, role)).get("/")
        assert (begun.status_code, begun.headers["location"]) == (303, items_for(role)[0].path)


async def test_a_place_that_somebody_asked_to_hear_of_stands_there(world: World) -> None:
    offer = await world.contracted_offer(await world.add_provider(name="Demo Zorg"), name="Het Nest")
    await world.report(offer, placesTotal=4, placesFree=0)
    gi = await browser_of(world, Role.GI)
    assert (await gi.post(f"/aanbod/{offer['id']}/meld-mij")).status_code == 303
    assert page_of(await gi.get("/")).css(".rows--news > li") == []
    await world.report(offer, placesTotal=4, placesFree=1)
    await look(world)
    [row] = page_of(await gi.get("/")).css(".rows--news > li")
    assert " ".join(row.text().split()).startswith("Er is plek, nu: Het Nest Demo Zorg")
    [link] = row.css("a")
    assert link.attributes["href"] == f"/aanbod/{offer['id']}"
    assert page_of(await (await browser_of(world, Role.GI, **OTHER)).get("/")).css(".rows--news > li") == []


async def test_what_is_told_of_stands_there_and_can_be_stopped(world: World) -> None:
    offer = await world.add_offer(name="Het Nest")
    gi = await browser_of(world, Role.GI)
    assert "Meldingen die aanstaan" not in text_of(await gi.get("/"))
    await gi.post(f"/aanbod/{offer['id']}/meld-mij")
    page = page_of(await gi.get("/"))
    [row] = page.css(f"#melding-{offer['id']}")
    assert " ".join(row.text().split()) == "Het Nest tot en met 20 februari 2027 Stop de melding over Het Nest"
    assert "Meldingen" not in text_of(await (await browser_of(world, Role.GI, **OTHER)).get("/"))
    form = row.css_first("form")
    assert form is not None
    for _ in range(2):
        stopped = await gi.post(str(form.attributes["action"]), {"terug": "start"})
        assert stopped.headers["location"] == "/"
    assert "Meldingen die aanstaan" not in text_of(await gi.get("/"))
