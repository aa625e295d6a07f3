"""The region's sociale kaart: finding offers by words and by where they are."""

from typing import Any

import pytest

from app.kit.security.callers import Role
from tests.supply.providers.pages import flat, walk
from tests.world import HOME, World, codes

PATH = "/v1/offers"


async def _found(world: World, **query: Any) -> list[str]:
    answer = await world.ok(world.http.get(PATH, params=query, headers=world.gi))
    return [each["name"] for each in answer["items"]]


async def _two_providers(world: World) -> tuple[str, str]:
    """De Vuurtoren in Den Helder with a group home and foster care, De Polder in Alkmaar with a treatment group."""
    lighthouse = await world.add_provider(name="Jeugdhulp De Vuurtoren")
    polder = await world.add_provider(name="Stichting De Polder")
    await world.add_location(lighthouse, "zee")
    await world.add_location(polder, "stad", postcode="1811AB")
    await world.add_offer(lighthouse, name="Zeezicht", description="Warme plekken in een gezin.", locationKey="zee")
    await world.add_offer(lighthouse, name="Netwerk", careType="pleegzorg-voltijd", locationKey="zee")
    await world.add_offer(polder, name="Groep Noord", careType="verblijf-behandelgroep", locationKey="stad")
    return lighthouse, polder


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("limit=0", {"#/query/limit": "out-of-range"}),
        ("limit=201", {"#/query/limit": "out-of-range"}),
        ("cursor=onzin", {"#/query/cursor": "invalid-cursor"}),
        ("q=nul%00teken", {"#/query/q": "control-character"}),
        ("careType=gezinshuis&careType=weeshuis", {"#/query/careType/1": "unknown-code"}),
        (
            "region=JZ40&municipality=GM0401&provider=1&place=x",
            {
                "#/query/region/0": "unknown-code",
                "#/query/municipality/0": "unknown-code",
                "#/query/provider": "format",
                "#/query/place": "unknown-query-key",
            },
        ),
    ],
)
async def test_refuses_a_wrong_question(world: World, query: str, errors: dict[str, str]) -> None:
    assert codes(await world.http.get(f"{PATH}?{query}", headers=world.gi)) == errors


@pytest.mark.parametrize("role", list(Role), ids=str)
async def test_every_professional_reads_it(world: World, role: Role) -> None:
    offer = await world.add_offer()
    assert (await world.ok(world.http.get(PATH, headers=world.as_(role))))["items"] == [offer]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("zeezicht", ["Zeezicht"]),  # its name
        ("plek", ["Zeezicht"]),  # a word of its description, in the singular
        ("vuurtoren", ["Netwerk", "Zeezicht"]),  # its provider
        ("gezinshuis", ["Zeezicht"]),  # its care type
        ("groepen", ["Groep Noord"]),  # in the plural
        ("alkmaar", ["Groep Noord"]),  # its town
        ("den helder", ["Netwerk", "Zeezicht"]),
        ("gezinshuis vuurtoren", ["Zeezicht"]),  # words of several of these together
        ("helder pleegzorg", ["Netwerk"]),
        ("noord polder alkmaar", ["Groep Noord"]),
        ("vuurtoren -gezinshuis", ["Netwerk"]),
        ("polder helder", []),
        ('"groep noord"', ["Groep Noord"]),
        ('"noord groep"', []),
    ],
)
async def test_finds_words_of_the_offer_its_provider_care_type_and_town(world: World, q: str, found: list[str]) -> None:
    await _two_providers(world)
    assert await _found(world, q=q) == found


async def test_finds_by_the_new_name_after_a_providers_rename(world: World) -> None:
    lighthouse, _ = await _two_providers(world)
    headers = world.provider(lighthouse) | {"If-Match": '"1"'}
    body = {"name": "Jeugdhulp Horizon"}
    await world.ok(world.http.patch(f"/v1/providers/{lighthouse}", json=body, headers=headers))
    assert await _found(world, q="vuurtoren") == []
    assert await _found(world, q="horizon gezinshuis") == ["Zeezicht"]
    assert await _found(world, q="horizon") == ["Netwerk", "Zeezicht"]


async def test_finds_by_the_new_town_after_a_location_moves(world: World) -> None:
    lighthouse, _ = await _two_providers(world)
    await world.add_location(lighthouse, "zee", postcode="1741AB")
    assert await _found(world, q="helder") == []
    assert await _found(world, q="schagen vuurtoren") == ["Netwerk", "Zeezicht"]
    assert await _found(world, municipality="GM0441") == ["Netwerk", "Zeezicht"]


async def test_finds_by_the_new_words_after_an_offer_changes(world: World) -> None:
    lighthouse = await world.add_provider()
    await world.add_location(lighthouse, "zee")
    await world.add_location(lighthouse, "stad", postcode="1811AB")
    offer = await world.add_offer(lighthouse, "een", name="Zeezicht", locationKey="zee")
    changed = {"name": "Stadszicht", "careType": "logeren", "locationKey": "stad"}
    assert (await world.add_offer(lighthouse, "een", **changed))["id"] == offer["id"]
    for gone in ("zeezicht", "gezinshuis", "helder"):
        assert await _found(world, q=gone) == []
    for new in ("stadszicht", "logeren", "alkmaar"):
        assert await _found(world, q=new) == ["Stadszicht"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"careType": "gezinshuis"}, ["Zeezicht"]),
        ({"careType": ["gezinshuis", "verblijf-behandelgroep"]}, ["Groep Noord", "Zeezicht"]),
        ({"careType": "crisisopvang"}, []),
        ({"region": "JZ03"}, ["Netwerk", "Zeezicht"]),
        ({"region": "JZ06"}, ["Groep Noord"]),
        ({"region": "JZ01"}, []),
        ({"municipality": HOME}, ["Netwerk", "Zeezicht"]),
        ({"municipality": "GM0441"}, []),  # in the same region
        ({"region": "JZ03", "municipality": HOME}, ["Netwerk", "Zeezicht"]),
        ({"region": "JZ06", "municipality": HOME}, []),
        ({"region": "JZ03", "careType": "pleegzorg-voltijd", "q": "vuurtoren"}, ["Netwerk"]),
        ({"region": "JZ06", "q": "vuurtoren"}, []),
    ],
)
async def test_what_is_asked_holds_all_at_once(world: World, query: dict[str, Any], found: list[str]) -> None:
    await _two_providers(world)
    assert await _found(world, **query) == found


async def test_finds_one_providers(world: World) -> None:
    lighthouse, polder = await _two_providers(world)
    assert await _found(world, provider=polder) == ["Groep Noord"]
    assert await _found(world, provider=lighthouse, careType="gezinshuis") == ["Zeezicht"]


async def test_the_pages_give_each_exactly_once_by_name_also_where_names_are_equal(world: World) -> None:
    provider_id = await world.add_provider()
    await world.add_location(provider_id)
    names = ["Gelijk", "Gelijk", "Boven", "Gelijk", "Onder"]
    made = [(await world.add_offer(provider_id, name=name, locationKey="here"))["id"] for name in names]
    await world.add_offer(name="Gelijk", careType="logeren")
    for path in (f"{PATH}?careType=gezinshuis&limit=2", f"/v1/providers/{provider_id}/offers?limit=2"):
        pages = await walk(world, path, world.gi)
        assert [len(items) for items in pages] == [2, 2, 1]
        assert flat(pages, "name") == sorted(names)
        assert set(flat(pages)) == set(made)


async def test_a_repeated_query_key_stays_in_the_link_to_the_next_page(world: World) -> None:
    await _two_providers(world)
    pages = await walk(world, f"{PATH}?careType=gezinshuis&careType=pleegzorg-voltijd&limit=1", world.gi)
    assert flat(pages, "name") == ["Netwerk", "Zeezicht"]


async def test_who_has_the_list_already_gets_304(world: World) -> None:
    await world.add_offer()
    first = await world.http.get(PATH, headers=world.gi)
    headers = world.gi | {"If-None-Match": first.headers["etag"]}
    assert (await world.http.get(PATH, headers=headers)).status_code == 304
    await world.add_offer()
    assert (await world.http.get(PATH, headers=headers)).status_code == 200
