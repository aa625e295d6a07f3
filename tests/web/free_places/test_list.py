"""The page of free places."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

OF_GI = {"organisation_id": UUID(int=5)}


async def test_who_has_not_signed_in_is_led_there_and_back(world: World) -> None:
    answer = await Browser(world).get("/vrije-plekken?waar=Den+Helder")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/aanmelden?naar=/vrije-plekken%3Fwaar%3DDen%2BHelder"


async def test_a_row_says_all_that_a_referrer_asks(world: World) -> None:
    provider = await world.add_provider(name="Demo Zorg", contact={"phone": "0223 - 12 34 56"})
    offer = await world.contracted_offer(provider, name="Het Nest")
    await world.report(offer, placesTotal=4, placesFree=1)
    gi = await browser_of(world, Role.GI)
    answer = await gi.get("/vrije-plekken?zorgvorm=gezinshuis&waar=den+helder")
    [row] = page_of(answer).css("ol.rows > li")
    assert row.attributes["id"] == f"aanbod-{offer['id']}"
    words = " ".join(row.text().split())
    for part in ("Het Nest", "Gezinshuis", "Demo Zorg", "Den Helder", "vrij, 1 vrij", "kan nu starten", "regionaal"):
        assert part in words
    call = row.css_first("a[href^='tel:']")
    assert call is not None
    assert call.attributes["href"] == "tel:0223123456"


async def test_htmx_gets_the_list_alone(world: World) -> None:
    gi = await browser_of(world, Role.GI)
    answer = await gi.get("/vrije-plekken", HX_Request="true")
    assert page_of(answer).css_first("html head title") is None
    assert "Niets gevonden" in text_of(answer, "#plekken")


async def test_a_place_that_is_not_known_or_not_one(world: World) -> None:
    gi = await browser_of(world, Role.GI)
    assert "kennen we niet" in text_of(await gi.get("/vrije-plekken?waar=Nergenshuizen"))
    assert "Welke gemeente bedoelt u? Den Helder, Den Andel" in text_of(await gi.get("/vrije-plekken?waar=den"))


async def test_an_offer(world: World) -> None:
    offer = await world.contracted_offer(name="Het Nest", ageMin=4, ageMax=12)
    await world.report(offer, placesTotal=4, placesFree=1)
    gi = await browser_of(world, Role.GI)
    words = text_of(await gi.get(f"/aanbod/{offer['id']}"))
    for part in ("Het Nest", "4 tot en met 12 jaar", "1 van 4", "Verloop"):
        assert part in words


async def test_an_offer_that_is_not_there(world: World) -> None:
    gi = await browser_of(world, Role.GI)
    for path in ("/aanbod/0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21", "/aanbod/geen-id"):
        page = page_of(await gi.get(path), 404)
        assert page.css_first("h1") is not None


async def test_who_may_not_doubt_or_watch(world: World) -> None:
    offer = await world.add_offer()
    for button, role in (("klopt-niet", Role.PROVIDER), ("meld-mij", Role.REFERRER)):
        path = f"/aanbod/{offer['id']}/{button}"
        assert (await Browser(world).post(path)).headers["location"] == "/aanmelden?naar=/"
        other = await browser_of(world, role)
        assert (await other.post(path)).status_code == 403
        gi = await browser_of(world, Role.GI)
        assert (await gi.post(path, Sec_Fetch_Site="cross-site")).status_code == 403
        assert (await gi.post(path.replace(offer["id"], str(UUID(int=1))))).status_code == 404


async def test_a_doubt_asks_the_provider_once_and_is_counted_by_organisation(
    world: World, clock: SettableClock
) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    path = f"/aanbod/{offer['id']}/klopt-niet"
    gi, other = await browser_of(world, Role.GI), await browser_of(world, Role.GI, organisation_id=UUID(int=77))
    for each in (gi, gi, other):
        assert (await each.post(path)).headers["location"] == f"/aanbod/{offer['id']}?gedaan=klopt-niet"
    assert "De aanbieder krijgt de vraag" in text_of(await gi.get(f"/aanbod/{offer['id']}?gedaan=klopt-niet"))
    own = world.provider(offer["providerId"])
    [told] = (await world.ok(world.http.get("/v1/reminders", headers=own)))["items"]
    assert (told["reason"], told["doubts"]) == ("doubted-by-referrers", 2)
    clock.now += timedelta(minutes=1)
    await world.report(offer)
    assert (await world.ok(world.http.get("/v1/reminders", headers=own)))["items"] == []


async def test_whoever_asks_to_be_told_has_a_watch(world: World) -> None:
    offer = await world.add_offer(name="Het Nest")
    gi = await browser_of(world, Role.GI, **OF_GI)
    answer = await gi.post(f"/aanbod/{offer['id']}/meld-mij")
    assert answer.headers["location"] == f"/aanbod/{offer['id']}?gedaan=meld-mij"
    [watch] = (await world.ok(world.http.get("/v1/watches", headers=world.as_(Role.GI, **OF_GI))))["items"]
    assert watch["label"] == "Het Nest"
    assert watch["search"]["offer"] == offer["id"]
    assert "provider" not in watch["search"]


async def _watches(world: World) -> list[dict[str, Any]]:
    found = await world.ok(world.http.get("/v1/watches", headers=world.as_(Role.GI, **OF_GI)))
    return list(found["items"])


async def test_a_watch_stands_on_the_page_of_its_offer_once_and_can_be_stopped(world: World) -> None:
    offer, other = await world.add_offer(name="Het Nest"), await world.add_offer(name="De Hut")
    gi, path = await browser_of(world, Role.GI, **OF_GI), f"/aanbod/{offer['id']}"
    headers = world.as_(Role.GI, **OF_GI)
    search = {"careType": ["gezinshuis"], "offer": offer["id"], "age": 9}
    of_others = {"search": search, "channels": ["sse"]}
    await world.ok(world.http.post("/v1/watches", json=of_others, headers=headers))
    assert "Deze melding staat aan" not in text_of(await gi.get(path))
    for _ in range(2):
        await gi.post(f"{path}/meld-mij")
    await gi.post(f"/aanbod/{other['id']}/meld-mij")
    assert sorted(str(each["label"]) for each in await _watches(world)) == ["De Hut", "Het Nest", "None"]
    words = text_of(await gi.get(path))
    assert "Deze melding staat aan tot en met 20 februari 2027" in words
    assert "Meld mij" not in words
    assert "Meld mij" in text_of(await (await browser_of(world, Role.GI, organisation_id=UUID(int=77))).get(path))
    for _ in range(2):
        stopped = await gi.post(f"{path}/meld-mij-niet")
        assert stopped.headers["location"] == f"{path}?gedaan=meld-mij-niet"
    assert sorted(str(each["label"]) for each in await _watches(world)) == ["De Hut", "None"]
    assert "Meld mij" in text_of(await gi.get(path))


async def test_a_watch_that_is_paused_stands_not_and_goes_on_when_asked_again(world: World) -> None:
    offer = await world.add_offer(name="Het Nest")
    gi, path = await browser_of(world, Role.GI, **OF_GI), f"/aanbod/{offer['id']}"
    await gi.post(f"{path}/meld-mij")
    [watch] = await _watches(world)
    headers = world.as_(Role.GI, **OF_GI) | {"If-Match": "*"}
    await world.ok(world.http.patch(f"/v1/watches/{watch['id']}", json={"status": "paused"}, headers=headers))
    assert "Deze melding staat aan" not in text_of(await gi.get(path))
    await gi.post(f"{path}/meld-mij")
    assert [each["status"] for each in await _watches(world)] == ["active"]


async def test_a_watch_that_was_asked_for_twice_at_once_stands_once(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer(name="Het Nest")
    gi = await browser_of(world, Role.GI, **OF_GI)
    path = f"/aanbod/{offer['id']}/meld-mij"
    await asyncio.gather(*(gi.post(path) for _ in range(4)))
    assert len(await _watches(world)) == 1
