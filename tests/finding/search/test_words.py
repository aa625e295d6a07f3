"""Words are found however they are written: in the free places, the sociale kaart, the providers, HSDS and FHIR."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.domain.words import search_text
from app.kit.http.parts import KitParts, parts_of
from app.reference.lists import reference
from tests.world import World

SPELLINGS = [
    ("Skûtsje", "skutsje"),
    ("Skutsje", "Skûtsje"),
    (unicodedata.normalize("NFD", "Skûtsje"), unicodedata.normalize("NFC", "skûtsje")),
    (unicodedata.normalize("NFC", "Skûtsje"), unicodedata.normalize("NFD", "SKÛTSJE")),
    ("Sint-Pancras", "sint pancras"),
    ("Sint Pancras", "Sint-Pancras"),
    ("Søren", "soren"),
    ("'s-Gravenzande", "s gravenzande"),
    ("Gezinshuis", "gezinshuizen"),
    ("Gezinshuizen", "gezinshuis"),
    ("Foto’s", "foto"),  # noqa: RUF001 - as it is typed
    ("'s-Gravenzande", "\u2019s-gravenzande"),
    ("\u2018s-Gravenzande", "'s gravenzande"),
    ("Kamer \u201cDe Linde\u201d", "linde"),
    ("De Linde \u2013 Alkmaar", "linde \u2014 alkmaar"),
    ("De Linde - Alkmaar", "linde - alkmaar"),
]


async def _add(world: World, name: str) -> tuple[str, str]:
    """A provider, a location and an offer of that name; the provider's and the offer's id."""
    provider = await world.add_provider(name=f"Stichting {name}")
    await world.add_location(provider, "here", name=name)
    offer = await world.add_offer(provider, name=name, locationKey="here", careType="pleegzorg-voltijd")
    return provider, offer["id"]


@pytest.mark.parametrize(("written", "asked"), SPELLINGS)
async def test_a_word_is_found_however_it_is_written(world: World, written: str, asked: str) -> None:
    provider, offer = await _add(world, written)
    await _add(world, "Heel iets anders")
    query = {"q": asked}
    found = await world.ok(world.http.get("/v1/availability", params=query, headers=world.gi))
    assert [each["offer"]["id"] for each in found["items"]] == [offer]
    found = await world.ok(world.http.get("/v1/offers", params=query, headers=world.gi))
    assert [each["id"] for each in found["items"]] == [offer]
    found = await world.ok(world.http.get("/v1/providers", params=query, headers=world.gi))
    assert [each["id"] for each in found["items"]] == [provider]


@pytest.mark.parametrize(("written", "asked"), SPELLINGS)
async def test_so_it_is_in_the_standards(world: World, written: str, asked: str) -> None:
    _, offer = await _add(world, written)
    await _add(world, "Heel iets anders")
    for path in ("services", "organizations", "locations"):
        found = await world.ok(world.http.get(f"/hsds/{path}", params={"search": asked}, headers=world.gi))
        assert found["total_items"] == 1, path
    found = await world.ok(world.http.get("/fhir/HealthcareService", params={"name:contains": asked}, headers=world.gi))
    assert [each["resource"]["id"] for each in found["entry"]] == [offer]


async def test_the_plural_of_every_care_type_that_has_one(world: World) -> None:
    plurals = {
        "gezinshuis": "gezinshuizen",
        "crisis-gezinshuis": "crisisgezinshuizen",
        "systeemtherapie": "systeemtherapieën",
        "ouderschapsbeoordeling": "ouderschapsbeoordelingen",
        "dagbehandeling": "dagbehandelingen",
        "kleinschalige-woonvorm": "kleinschalige woonvormen",
        "driemilieuvoorziening": "driemilieuvoorzieningen",
        "ouder-kindvoorziening": "ouder-kindvoorzieningen",
        "gezinsopname": "gezinsopnames",
        "observatie": "observaties",
        "verblijf-groep": "leefgroepen",
        "verblijf-behandelgroep": "behandelgroepen",
        "jeugdzorgplus-alternatief": "alternatieven voor jeugdzorgplus",
    }
    provider = await world.add_provider(name="Aanbieder")
    await world.add_location(provider, "here", name="Plek")
    for code in plurals:
        await world.add_offer(provider, name="Aanbod", careType=code, locationKey="here")
    for code, plural in plurals.items():
        found = await world.ok(world.http.get("/v1/availability", params={"q": plural}, headers=world.gi))
        assert code in {each["offer"]["careType"] for each in found["items"]}, plural
        name = reference().care_types[code].name.nl
        assert len(found["items"]) < len(plurals), name


async def test_a_care_type_and_a_town(world: World) -> None:
    alkmaar, elsewhere = await world.add_provider(), await world.add_provider()
    await world.add_location(alkmaar, "here", postcode="1811AB")
    await world.add_location(elsewhere, "here")
    found = await world.add_offer(alkmaar, name="De Vlinder", locationKey="here")
    await world.add_offer(elsewhere, name="De Duinen", locationKey="here")
    await world.add_offer(alkmaar, name="De Bij", careType="logeren", locationKey="here")
    query = {"q": "gezinshuizen alkmaar"}
    answer = await world.ok(world.http.get("/v1/availability", params=query, headers=world.gi))
    assert [each["offer"]["id"] for each in answer["items"]] == [found["id"]]


async def test_words_go_with_filters_pages_and_changes(world: World) -> None:
    provider = await world.add_provider(name="Aanbieder")
    made = [await world.add_offer(provider, name=f"Boerderij {number}", key=f"o{number}") for number in range(3)]
    await world.add_offer(provider, name="Boerderij, maar logeren", careType="logeren")
    query: dict[str, str | int] = {"q": "boerderijen", "careType": "gezinshuis", "limit": 2}
    first = await world.ok(world.http.get("/v1/availability", params=query, headers=world.gi))
    second = await world.ok(world.http.get(first["_links"]["next"]["href"], headers=world.gi))
    ids = [each["offer"]["id"] for each in (*first["items"], *second["items"])]
    assert sorted(ids) == sorted(each["id"] for each in made)
    await world.add_offer(provider, key="o1", name="Geen van die")
    answer = await world.ok(world.http.get("/v1/availability", params=query | {"limit": 50}, headers=world.gi))
    assert len(answer["items"]) == 2


async def test_hostile_words_are_words(world: World) -> None:
    await world.add_offer()
    for words in ("'", '"', "-", "a' OR 1=1 --", "\\", "%", ":*", "!!", "&|", "de het een", "🙂"):
        for path in ("/v1/availability", "/v1/offers", "/v1/providers"):
            answer = await world.http.get(path, params={"q": words}, headers=world.gi)
            assert (answer.status_code, answer.json()["items"]) == (200, []), (path, words)


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20))
def test_a_search_text_is_one(given_text: str) -> None:
    assert "\u0302" not in search_text(given_text)


@pytest.mark.parametrize("words", [*(each for pair in SPELLINGS for each in pair), "Brieven en reizen, ideeën; Łódź"])
async def test_the_database_makes_the_same_of_a_text(world: World, words: str) -> None:
    async with parts_of(world.app, KitParts).database.read() as session:
        made = await session.scalar(text("SELECT search_text(:words)"), {"words": words})
    assert made == search_text(words)
