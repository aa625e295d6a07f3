"""Finding providers: words of the name, where they are, page by page."""

import pytest

from app.kit.security.callers import Role
from tests.supply.providers.pages import flat, walk
from tests.world import HOME, World, codes

PATH = "/v1/providers"


async def _names(world: World, query: str) -> list[str]:
    answer = await world.ok(world.http.get(f"{PATH}?{query}", headers=world.gi))
    return [each["name"] for each in answer["items"]]


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("limit=0", {"#/query/limit": "out-of-range"}),
        ("limit=201", {"#/query/limit": "out-of-range"}),
        ("limit=veel", {"#/query/limit": "type"}),
        ("q=nul%00teken", {"#/query/q": "control-character"}),
        ("municipality=GM9999", {"#/query/municipality/0": "unknown-code"}),
        ("municipality=Helder", {"#/query/municipality/0": "municipality-code"}),
        ("cursor=", {"#/query/cursor": "invalid-cursor"}),
        ("cursor=onzin", {"#/query/cursor": "invalid-cursor"}),
        ("cursor=WyJhIl0", {"#/query/cursor": "invalid-cursor"}),  # ["a"]
        ("cursor=WyJhIiwiYiJd", {"#/query/cursor": "invalid-cursor"}),  # ["a","b"]
        ("name=x&limit=0", {"#/query/name": "unknown-query-key", "#/query/limit": "out-of-range"}),
    ],
)
async def test_refuses_a_wrong_question(world: World, query: str, errors: dict[str, str]) -> None:
    answer = await world.http.get(f"{PATH}?{query}", headers=world.gi)
    assert codes(answer) == errors


@pytest.mark.parametrize(("q", "code"), [("", "too-short"), ("x" * 201, "too-long")])
async def test_refuses_no_words_and_too_many(world: World, q: str, code: str) -> None:
    answer = await world.http.get(PATH, params={"q": q}, headers=world.gi)
    assert codes(answer) == {"#/query/q": code}


async def test_an_unknown_code_is_named(world: World) -> None:
    answer = await world.http.get(f"{PATH}?municipality=GM9999", headers=world.gi)
    assert "GM9999" in answer.json()["errors"][0]["detail"]


async def test_refuses_the_cursor_of_another_list(world: World) -> None:
    offer = await world.add_offer()
    for _ in range(2):
        await world.report(offer)
    path = f"/v1/offers/{offer['id']}/capacity-history?limit=1"
    history = await world.ok(world.http.get(path, headers=world.gi))
    cursor = history["_links"]["next"]["href"].partition("cursor=")[2]
    answer = await world.http.get(f"{PATH}?cursor={cursor}", headers=world.gi)
    assert codes(answer) == {"#/query/cursor": "invalid-cursor"}


@pytest.mark.parametrize("role", list(Role), ids=str)
async def test_every_professional_reads_it(world: World, role: Role) -> None:
    await world.add_provider(name="Te lezen")
    listed = await world.ok(world.http.get(PATH, headers=world.as_(role)))
    assert [each["name"] for each in listed["items"]] == ["Te lezen"]
    assert listed["_links"] == {"self": {"href": PATH}}


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("vuurtoren", ["Jeugdhulp De Vuurtoren"]),
        ("VUURTOREN", ["Jeugdhulp De Vuurtoren"]),
        ("woningen", ["Woning Vooruit"]),  # the plural finds the singular
        ("plek", ["Plekken Aan Zee"]),  # and the singular the plural
        ("jeugdhulp vuurtoren", ["Jeugdhulp De Vuurtoren"]),  # all words at once
        ("jeugdhulp", ["Jeugdhulp De Vuurtoren", "Jeugdhulp Kust"]),
        ("vuur", []),  # a part of a word is another word
        ("jeugdhulp -kust", ["Jeugdhulp De Vuurtoren"]),
        ("woning OR vuurtoren", ["Jeugdhulp De Vuurtoren", "Woning Vooruit"]),
        ("vuurtoren vooruit", []),
        ("' & | ! ( :*", []),  # no operator of PostgreSQL's can break it
    ],
)
async def test_finds_words_of_the_name_by_their_stems(world: World, q: str, found: list[str]) -> None:
    for name in ("Jeugdhulp De Vuurtoren", "Woning Vooruit", "Jeugdhulp Kust", "Plekken Aan Zee"):
        await world.add_provider(name=name)
    answer = await world.ok(world.http.get(PATH, params={"q": q}, headers=world.gi))
    assert [each["name"] for each in answer["items"]] == found


async def test_finds_by_the_new_name_after_a_rename(world: World) -> None:
    one = await world.add_provider(name="Oude Naam")
    headers = world.provider(one) | {"If-Match": '"1"'}
    await world.ok(world.http.patch(f"{PATH}/{one}", json={"name": "Verse Letters"}, headers=headers))
    assert await _names(world, "q=oude") == []
    assert await _names(world, "q=letter") == ["Verse Letters"]


async def test_finds_those_with_a_location_in_the_municipality(world: World) -> None:
    here, there = await world.add_provider(name="Hier"), await world.add_provider(name="Daar")
    await world.add_provider(name="Nergens")
    await world.add_location(here, "een")
    await world.add_location(here, "twee")
    await world.add_location(there, postcode="1811AB")
    assert await _names(world, f"municipality={HOME}") == ["Hier"]
    assert await _names(world, "municipality=GM0361") == ["Daar"]
    assert await _names(world, "municipality=GM0361&q=hier") == []


async def test_the_pages_give_each_exactly_once_by_name_also_where_names_are_equal(world: World) -> None:
    names = ["Gelijk", "Boven", "Gelijk", "Gelijk", "Onder", "Gelijk", "Gelijk"]
    made = {await world.add_provider(name=name) for name in names}
    pages = await walk(world, f"{PATH}?limit=2", world.gi)
    assert [len(items) for items in pages] == [2, 2, 2, 1]
    assert flat(pages, "name") == sorted(names)
    assert set(flat(pages)) == made
    assert len(await walk(world, f"{PATH}?limit=7", world.gi)) == 1


async def test_the_pages_keep_the_question(world: World) -> None:
    for number in range(5):
        await world.add_provider(name=f"Gezocht {number}")
        await world.add_provider(name=f"Ander {number}")
    pages = await walk(world, f"{PATH}?q=gezocht+OR+niets&limit=2", world.gi)
    assert flat(pages, "name") == [f"Gezocht {number}" for number in range(5)]


async def test_what_comes_in_between_does_not_shift_the_pages(world: World) -> None:
    for name in ("Een", "Twee", "Vier"):
        await world.add_provider(name=name)
    first = await world.ok(world.http.get(f"{PATH}?limit=2", headers=world.gi))
    await world.add_provider(name="Aap")
    await world.add_provider(name="Vijf")
    rest = await walk(world, first["_links"]["next"]["href"], world.gi)
    assert flat([first["items"], *rest], "name") == ["Een", "Twee", "Vier", "Vijf"]


async def test_who_has_the_list_already_gets_304(world: World) -> None:
    await world.add_provider()
    first = await world.http.get(PATH, headers=world.gi)
    headers = world.gi | {"If-None-Match": first.headers["etag"]}
    assert (await world.http.get(PATH, headers=headers)).status_code == 304
    await world.add_provider()
    changed = await world.http.get(PATH, headers=headers)
    assert (changed.status_code, len(changed.json()["items"])) == (200, 2)
