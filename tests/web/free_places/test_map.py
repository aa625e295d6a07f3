"""The map beside the list: it has all that the question finds, and its marks lead to what they stand for."""

from collections import Counter
from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborNode

from app.kit.security.callers import Role
from app.reference.lists import reference
from app.web.free_places import endpoints
from app.web.map.tiles import HOST
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

ALKMAAR, AMSTERDAM, MAASTRICHT, TEXEL = "1811AA", "1012AB", "6211AA", "1791AA"


async def add_offers(world: World) -> None:
    """Offers in four municipalities of three regions: free, full, stopped, never reported, in hours, and at home."""
    provider = await world.add_provider(name="Demo Zorg")
    for key, postcode in (("here", "1781AB"), ("a", MAASTRICHT), ("b", AMSTERDAM), ("c", TEXEL)):
        await world.add_location(provider, key, postcode=postcode, name=f"Huis {key}")

    async def add(location: str, free: float | None, **fields: Any) -> dict[str, Any]:
        body = {"name": f"Aanbod {location}", "careType": "gezinshuis", "ageMin": 0, "ageMax": 17, **fields}
        body["locationKey"] = location
        path = f"/v1/providers/{provider}/offers/{location}-{free}-{len(fields)}"
        offer = await world.ok(world.http.put(path, json=body, headers=world.provider(provider)))
        if free is not None:
            await world.report(offer, placesFree=free, placesTotal=9)
        return offer

    for location, free in (("here", 2), ("here", 0), ("a", 3), ("a", None), ("b", 1), ("c", 4)):
        await add(location, free)
    await add("b", 6, unit="hours-per-week")
    await add("here", 5, atHome=True)
    other = await world.add_offer(name="Gestopt")
    await world.report(other, placesFree=7)
    await world.add_stop(other["providerId"])


async def listed(world: World, **query: Any) -> list[Any]:
    """All that the API lists."""
    answer = await world.ok(world.http.get("/v1/availability", params={"limit": 200, **query}, headers=world.gi))
    items: list[Any] = answer["items"]
    return items


def marks_of(answer: httpx.Response) -> list[LexborNode]:
    return page_of(answer).css("a.map__mark")


def label(mark: LexborNode) -> str:
    return mark.attributes["aria-label"] or ""


def expected(items: list[Any], area: str) -> set[str]:
    """What the marks of these offers must be called: by region, or by municipality."""
    lists, offers, free = reference(), Counter[str](), Counter[str]()
    told: set[str] = set()
    for item in items:
        offer, available = item["offer"], item["availability"]
        if offer["atHome"]:
            continue
        municipality = lists.municipalities[offer["location"]["municipality"]]
        name = lists.regions[municipality.region].name if area == "region" else municipality.name
        offers[name] += 1
        if available["status"] != "unknown" and offer["unit"] != "hours-per-week":
            told.add(name)
            free[name] += available["placesFree"] if available["status"] == "free" else 0
    return {f"{name}: {in_words(number, free[name] if name in told else None)}" for name, number in offers.items()}


def in_words(offers: int, free: int | None) -> str:
    number = "1 aanbieding" if offers == 1 else f"{offers} aanbiedingen"
    return number if free is None else f"{free} {'plek' if free == 1 else 'plekken'} vrij bij {number}"


async def test_the_map_says_what_the_api_says_of_the_country_and_of_a_region(world: World) -> None:
    await add_offers(world)
    gi = await browser_of(world, Role.GI)
    country = await gi.get("/vrije-plekken")
    assert {label(each) for each in marks_of(country)} == expected(await listed(world), "region")
    assert "1 aanbieding is hulp aan huis en staat alleen in de lijst." in text_of(country, "figcaption")
    region = await gi.get("/vrije-plekken?regio=JZ03")
    found = [each for each in await listed(world, region="JZ03") if not each["offer"]["atHome"]]
    assert {label(each) for each in marks_of(region)} == expected(found, "municipality")
    assert text_of(region, "figcaption").startswith("Kaart van Kop van Noord-Holland.")


async def test_the_map_has_what_the_page_does_not_have(world: World) -> None:
    provider = await world.add_provider()
    for _ in range(52):
        await world.add_offer(provider)
    gi = await browser_of(world, Role.GI)
    first = await gi.get("/vrije-plekken")
    following = page_of(first).css_first("a[rel=next]")
    assert following is not None
    second = await gi.get(following.attributes["href"] or "")
    for answer, rows in ((first, 50), (second, 2)):
        assert len(page_of(answer).css("ol.rows > li")) == rows
        assert "52 gevonden" in text_of(answer, "#plekken")
        assert [label(each) for each in marks_of(answer)] == ["Kop van Noord-Holland: 52 aanbiedingen"]


@pytest.mark.parametrize("question", ["/vrije-plekken", "/vrije-plekken?zorgvorm=gezinshuis&waar=Den+Helder&binnen=50"])
async def test_each_mark_leads_to_what_it_stands_for_down_to_a_location(world: World, question: str) -> None:
    await add_offers(world)
    provider = await world.add_provider()
    await world.add_location(provider, postcode=ALKMAAR)
    await world.add_offer(provider, locationKey="here")
    gi = await browser_of(world, Role.GI)
    seen = set()
    asked = [question]
    while asked:
        answer = await gi.get(asked.pop())
        for mark in marks_of(answer):
            href = mark.attributes["href"] or ""
            if href in seen:
                continue
            seen.add(href)
            there = await gi.get(href)
            number = sum(number_in(label(each)) for each in marks_of(there))
            assert number == number_in(label(mark)), href
            at_home = sum("aan huis" in row.text() for row in page_of(there).css("ol.rows > li"))
            assert len(page_of(there).css("ol.rows > li")) == number + at_home
            asked.append(href)
    assert any("plek=Demo+Zorg%2C+Huis+here" in each for each in seen)


def number_in(name: str) -> int:
    """How many offers a mark stands for, by its name."""
    return int(name.split()[-2])


async def test_what_was_chosen_on_the_map_can_be_taken_back(world: World) -> None:
    await add_offers(world)
    gi = await browser_of(world, Role.GI)
    answer = await gi.get("/vrije-plekken?regio=JZ03&plek=Demo+Zorg,+Huis+here")
    fields = page_of(answer).css("fieldset input[checked]")
    assert [(each.attributes["name"], each.attributes["value"]) for each in fields] == [
        ("regio", "JZ03"),
        ("plek", "Demo Zorg, Huis here"),
    ]
    assert len(page_of(answer).css("ol.rows > li")) == 2
    for path, up in (
        ("/vrije-plekken?regio=JZ03&plek=x", "/vrije-plekken?regio=JZ03"),
        ("/vrije-plekken?regio=JZ03&gemeente=GM0400", "/vrije-plekken?regio=JZ03"),
        ("/vrije-plekken?regio=JZ03", "/vrije-plekken"),
        ("/vrije-plekken?waar=Den+Helder", "/vrije-plekken?regio=JZ03"),
    ):
        link = page_of(await gi.get(path)).css_first(".map__up a")
        assert link is not None
        assert link.attributes["href"] == up


async def test_of_too_many_to_name_their_locations_the_map_shows_municipalities(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_offers(world)
    gi, path = await browser_of(world, Role.GI), "/vrije-plekken?waar=Den+Helder&binnen=10"
    assert "Huis here" in label(marks_of(await gi.get(path))[0])
    monkeypatch.setattr(endpoints, "MOST_APART", 1)
    assert "Den Helder: 2 plekken vrij bij 3 aanbiedingen" in {label(each) for each in marks_of(await gi.get(path))}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("?waar=Amsterdam&regio=JZ03", "Amsterdam ligt niet in wat op de kaart gekozen is"),
        ("?waar=Texel&gemeente=GM0400", "Texel ligt niet in wat op de kaart gekozen is"),
        ("?regio=JZ99", "JZ99"),
        ("?gemeente=GM9999", "GM9999"),
        ("?plek=Nergens", "Niets gevonden"),
    ],
)
async def test_a_choice_that_cannot_be_says_so_and_leads_on(world: World, path: str, words: str) -> None:
    gi = await browser_of(world, Role.GI)
    answer = await gi.get(f"/vrije-plekken{path}")
    assert words in text_of(answer, "#plekken")
    link = next(each for each in page_of(answer).css("#plekken a") if "zonder de keuze" in each.text())
    assert "regio" not in (link.attributes["href"] or "")


async def test_the_public_is_told_offers_and_no_places(world: World) -> None:
    await add_offers(world)
    world.change(settings=world.parts.settings.model_copy(update={"public_access": True}))
    answer = await Browser(world).get("/vrije-plekken?zorgvorm=gezinshuis&regio=JZ03")
    assert sorted(label(each) for each in marks_of(answer)) == ["Den Helder: 3 aanbiedingen", "Texel: 1 aanbieding"]
    assert "Het getal is het aantal aanbiedingen" in text_of(answer, "figcaption")


async def test_hours_are_said_as_hours(world: World) -> None:
    await add_offers(world)
    gi = await browser_of(world, Role.GI)
    assert "vrij, 6 uur vrij" in text_of(await gi.get("/vrije-plekken?waar=Amsterdam"), "#plekken")


async def test_a_background_of_pdok_is_asked_for_with_the_setting_alone(world: World) -> None:
    gi = await browser_of(world, Role.GI)
    without = await gi.get("/vrije-plekken")
    assert HOST not in without.text + without.headers["content-security-policy"]
    world.change(settings=world.parts.settings.model_copy(update={"pdok_background": True}))
    over_it = await gi.get("/vrije-plekken")
    assert f"img-src 'self' {HOST} data:;" in over_it.headers["content-security-policy"]
    assert page_of(over_it).css_matches(f"image[href^='{HOST}']")
    assert "Kadaster (BRT)" in text_of(over_it, "figcaption")
