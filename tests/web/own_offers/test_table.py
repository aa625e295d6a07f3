"""The table of own offers: what it shows, how a row is saved and refused, and "unchanged" of all."""

from typing import Any
from uuid import UUID

import httpx
from selectolax.lexbor import LexborHTMLParser

from app.kit.security.callers import Role
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

PATH = "/mijn-aanbod"


async def scene(world: World, **figures: Any) -> tuple[Browser, dict[str, Any]]:
    """A provider at its browser, with an offer of which 1 of 4 places is free."""
    offer = await world.add_offer(name="Het Nest")
    await world.report(offer, **{"placesTotal": 4, "placesFree": 1, "placesReserved": 1, **figures})
    return await browser_of(world, Role.PROVIDER, provider_id=UUID(offer["providerId"])), offer


def rows_of(answer: httpx.Response) -> LexborHTMLParser:
    """The rows in an answer: of a page, or those that htmx gets, which stand in no table."""
    is_page = answer.text.startswith("<!doctype")
    return LexborHTMLParser(answer.text if is_page else f"<table>{answer.text}</table>")


def words_of(answer: httpx.Response, offer: dict[str, Any]) -> str:
    """What the row of an offer says."""
    [row] = rows_of(answer).css(f"#aanbod-{offer['id']}")
    return " ".join(row.text().split())


def form_of(answer: httpx.Response, offer: dict[str, Any]) -> dict[str, Any]:
    """The fields of an offer's row as they stand, as a browser would send them."""
    page = rows_of(answer)
    version = page.css_first(f"#rij-{offer['id']} [name=versie]")
    assert version is not None
    found: dict[str, Any] = {"versie": version.attributes["value"] or ""}
    for each in page.css(f"[form=rij-{offer['id']}][name]"):
        given = each.attributes
        if given.get("type") != "checkbox" or "checked" in given:
            found[str(given["name"])] = given["value"] or ""
    return found


async def capacity(world: World, offer: dict[str, Any]) -> dict[str, Any]:
    return await world.ok(world.http.get(f"/v1/offers/{offer['id']}/capacity", headers=world.gi))


async def test_who_has_not_signed_in_is_led_there(world: World) -> None:
    answer = await Browser(world).get(PATH)
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden?naar=/mijn-aanbod")


async def test_it_is_of_providers_alone(world: World) -> None:
    _, offer = await scene(world)
    gi = await browser_of(world, Role.GI)
    for answer in (await gi.get(PATH), await gi.post(f"{PATH}/{offer['id']}"), await gi.post(f"{PATH}/ongewijzigd")):
        assert "aanbieder" in text_of(answer, status=403)


async def test_another_changes_nothing_of_it(world: World) -> None:
    _, offer = await scene(world)
    other, _ = await scene(world)
    answer = await other.post(f"{PATH}/{offer['id']}", {"placesFree": "3"})
    assert "Alleen de aanbieder zelf" in text_of(answer, status=403)
    assert str(offer["id"]) not in (await other.get(PATH)).text
    page_of(await other.post(f"{PATH}/{UUID(int=9)}", {"placesFree": "3"}), 404)
    assert (await capacity(world, offer))["placesFree"] == 1


async def test_another_site_changes_nothing(world: World) -> None:
    provider, offer = await scene(world)
    for path in (f"{PATH}/{offer['id']}", f"{PATH}/ongewijzigd"):
        answer = await provider.post(path, {"placesFree": "3"}, Sec_Fetch_Site="cross-site")
        assert "niet van deze site" in text_of(answer, status=403)
    assert (await capacity(world, offer))["placesFree"] == 1


async def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(world: World) -> None:
    provider, offer = await scene(world)
    form = form_of(await provider.get(PATH), offer)
    answer = await provider.post(f"{PATH}/{offer['id']}", form | {"placesFree": "veel", "waitingCount": "7"})
    page = page_of(answer, 400)
    field = page.css_first(f"#placesFree-{offer['id']}")
    assert field is not None
    assert field.attributes["value"] == "veel"
    assert "'veel' is dat niet" in text_of(answer, f"#{field.attributes['aria-describedby']}", status=400)
    assert form_of(answer, offer) == form | {"placesFree": "veel", "waitingCount": "7"}
    assert (await capacity(world, offer))["waitingCount"] is None


async def test_more_than_there_is_is_refused_in_the_words_of_the_api(world: World) -> None:
    provider, offer = await scene(world)
    form = form_of(await provider.get(PATH), offer)
    answer = await provider.post(f"{PATH}/{offer['id']}", form | {"placesFree": "9"}, HX_Request="true")
    told = "Bezet + gereserveerd + vrij is 10, meer dan het totaal van 4."
    assert told in words_of(answer, offer)
    assert page_of(answer).css_first("html head title") is None


async def test_a_row_saves_what_it_says_and_keeps_the_rest(world: World) -> None:
    provider, offer = await scene(world, note="Bel eerst.", waitingCount=2)
    form = form_of(await provider.get(PATH), offer)
    changed = {"placesFree": "2", "placesOccupied": "1", "waitingCount": "", "nextFreeOn": "2026-12-14"}
    answer = await provider.post(f"{PATH}/{offer['id']}", form | changed)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}#aanbod-{offer['id']}")
    now = await capacity(world, offer)
    told = {"placesFree": 2, "placesOccupied": 1, "waitingCount": None, "nextFreeOn": "2026-12-14"}
    kept = {"placesTotal": 4, "placesReserved": 1, "note": "Bel eerst.", "acceptsReferrals": True}
    assert now | told | kept == now


async def test_the_intake_closes_and_opens(world: World) -> None:
    provider, offer = await scene(world)
    form = form_of(await provider.get(PATH), offer)
    await provider.post(f"{PATH}/{offer['id']}", form | {"acceptsReferrals": "nee"})
    assert (await capacity(world, offer))["acceptsReferrals"] is False
    form = form_of(await provider.get(PATH), offer)
    assert form["acceptsReferrals"] == "nee"
    await provider.post(f"{PATH}/{offer['id']}", form | {"acceptsReferrals": "ja"})
    assert (await capacity(world, offer))["acceptsReferrals"] is True


async def test_what_changed_meanwhile_is_told_and_not_overwritten(world: World) -> None:
    provider, offer = await scene(world)
    form = form_of(await provider.get(PATH), offer)
    await world.report(offer, placesTotal=4, placesFree=0, waitingCount=3)
    answer = await provider.post(f"{PATH}/{offer['id']}", form | {"placesFree": "2"}, HX_Request="true")
    words = words_of(answer, offer)
    assert "Intussen is dit aanbod gewijzigd" in words
    assert "Er staat nu 0." in words
    assert (await capacity(world, offer))["placesFree"] == 0
    page_of(await provider.post(f"{PATH}/{offer['id']}", form | {"placesFree": "2"}), 409)
    again = form_of(answer, offer)
    assert again["placesFree"] == "2"
    await provider.post(f"{PATH}/{offer['id']}", again)
    assert (await capacity(world, offer))["placesFree"] == 2


async def test_a_saved_row_offers_the_way_back(world: World) -> None:
    provider, offer = await scene(world)
    form = form_of(await provider.get(PATH), offer)
    answer = await provider.post(f"{PATH}/{offer['id']}", form | {"placesFree": "0"}, HX_Request="true")
    fields = page_of(answer).css("#terug input")
    undo = {str(each.attributes["name"]): each.attributes["value"] or "" for each in fields}
    assert undo["placesFree"] == "1"
    await provider.post(f"{PATH}/{offer['id']}", undo, HX_Request="true")
    assert (await capacity(world, offer))["placesFree"] == 1


async def test_the_first_report_of_an_offer(world: World) -> None:
    offer = await world.add_offer(name="Het Nest")
    provider = await browser_of(world, Role.PROVIDER, provider_id=UUID(offer["providerId"]))
    form = form_of(await provider.get(PATH), offer)
    assert "nooit gemeld" in words_of(await provider.get(PATH), offer)
    answer = await provider.post(f"{PATH}/{offer['id']}", form | {"placesTotal": "4"}, HX_Request="true")
    assert "Vul dit in." in words_of(answer, offer)
    await provider.post(f"{PATH}/{offer['id']}", form | {"placesTotal": "4", "placesFree": "1"})
    assert (await capacity(world, offer))["placesFree"] == 1


async def test_all_unchanged_in_one_click_or_by_location(world: World) -> None:
    provider, offer = await scene(world, observedAt="2026-11-02T09:00:00Z")
    await world.add_location(offer["providerId"], "there", name="Elders")
    there = await world.add_offer(offer["providerId"], locationKey="there", name="Het Hof")
    await world.report(there, placesFree=1, observedAt="2026-11-02T09:00:00Z")
    await world.add_offer(offer["providerId"], name="Nieuw")
    assert "20 dagen oud" in words_of(await provider.get(PATH), offer)
    answer = await provider.post(f"{PATH}/ongewijzigd", {"locatie": "there"})
    words = text_of(await provider.get(answer.headers["location"]))
    assert "1 aanbod is bevestigd" in words
    assert "vandaag" in words_of(await provider.get(PATH), there)
    assert "20 dagen oud" in words_of(await provider.get(PATH), offer)
    answer = await provider.post(f"{PATH}/ongewijzigd")
    words = text_of(await provider.get(answer.headers["location"]))
    assert "2 keer aanbod is bevestigd" in words
    assert "Van 1 aanbod is nog nooit iets gemeld" in words
    assert "vandaag" in words_of(await provider.get(PATH), offer)


async def test_how_often_an_offer_was_asked_this_month(world: World) -> None:
    offer = await world.contracted_offer(name="Het Nest")
    await world.report(offer)
    made = await world.add_request()
    body = {"standsFor": 1, "offerId": offer["id"], "summary": {"urgency": "regular"}}
    await world.ok(world.http.post(f"/v1/requests/{made['id']}/referrals", json=body, headers=world.gi))
    provider = await browser_of(world, Role.PROVIDER, provider_id=UUID(offer["providerId"]))
    assert "deze maand 0 keer getoond, 1 aanmelding" in words_of(await provider.get(PATH), offer)


async def test_a_doubt_stands_at_its_row(world: World) -> None:
    offer = await world.contracted_offer(name="Het Nest")
    await world.report(offer)
    gi = await browser_of(world, Role.GI)
    await gi.post(f"/aanbod/{offer['id']}/klopt-niet")
    provider = await browser_of(world, Role.PROVIDER, provider_id=UUID(offer["providerId"]))
    assert "1 verwijzer betwijfelt deze cijfers." in words_of(await provider.get(PATH), offer)


async def test_reminders_by_mail_are_muted_and_sent_again(world: World) -> None:
    provider, _ = await scene(world)
    path = f"{PATH}/herinneringen"
    answer = await provider.post(path, {"until": "2026-11-30"}, Sec_Fetch_Site="cross-site")
    assert "niet van deze site" in text_of(answer, status=403)
    answer = await provider.post(path, {"until": "2026-01-01"})
    assert "al voorbij" in text_of(answer, "#fout-until", status=400)
    assert page_of(answer, 400).css("#until[value='2026-01-01']")
    assert text_of(await provider.post(path, {"until": ""}), "#fout-until", status=400) == "Vul dit in."
    answer = await provider.post(path, {"until": "2026-11-30"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}#herinneringen")
    assert "geen mail tot en met 30 november 2026" in text_of(await provider.get(PATH))
    await provider.post(path)
    assert "Even geen mail" in text_of(await provider.get(PATH))
