"""Target lines: who sets them, who reads them, and what they are."""

import asyncio
from uuid import uuid4

import pytest

from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.insight.plans.scene import supraregion
from tests.insight.targets.scene import PATH, Json, add_target, change, target_body, withdraw
from tests.world import World, codes, problem

BSN = "Bel over 111222333."
WRITERS = {Role.REGION, Role.SUPRAREGION}
READERS = WRITERS | {Role.GI, Role.LOCAL_TEAM, Role.NATIONAL, Role.INSPECTORATE}


async def titles(world: World, headers: dict[str, str], query: str = "") -> list[str]:
    """The titles of the target lines in a list."""
    found = await world.ok(world.http.get(f"{PATH}{query}", headers=headers))
    return [each["title"] for each in found["items"]]


async def test_all_of_it_takes_a_token(world: World) -> None:
    one = f"{PATH}/{(await add_target(world))['id']}"
    for method, path in (
        *(("POST", PATH), ("GET", PATH), ("GET", one), ("PATCH", one), ("DELETE", f"{one}?why=x")),
        ("GET", f"{one}/history"),
    ):
        body = target_body() if method == "POST" else {} if method == "PATCH" else None
        problem(await world.http.request(method, path, json=body), 401, "unauthenticated")


@pytest.mark.parametrize("role", [each for each in Role if each not in WRITERS], ids=str)
async def test_only_regions_and_supraregions_set_them(world: World, role: Role) -> None:
    target, headers = await add_target(world), world.as_(role)
    problem(await world.http.post(PATH, json=target_body(), headers=headers), 403, "forbidden")
    problem(await change(world, target, headers, title="x"), 403, "forbidden")
    problem(await withdraw(world, target, headers), 403, "forbidden")


@pytest.mark.parametrize("role", [each for each in Role if each not in READERS], ids=str)
async def test_providers_referrers_and_admins_read_none(world: World, role: Role) -> None:
    one = f"{PATH}/{(await add_target(world))['id']}"
    for path in (PATH, one, f"{one}/history"):
        problem(await world.http.get(path, headers=world.as_(role)), 403, "forbidden")


async def test_who_reads_whose(world: World) -> None:
    """As of the actions, where every role is tried."""
    made = [await add_target(world, title="JZ03"), await add_target(world, supraregion(world), title="noord-holland")]
    made.append(await add_target(world, world.region("JZ18"), title="JZ18"))
    readers = {
        "region": (world.region(), {"JZ03", "noord-holland"}),
        "supraregion": (supraregion(world), {"JZ03", "noord-holland"}),
        "gi": (world.gi, {"JZ03", "noord-holland"}),
        "local team": (world.as_(Role.LOCAL_TEAM), set()),
        "national": (world.as_(Role.NATIONAL), {"JZ03", "noord-holland", "JZ18"}),
        "inspectorate": (world.as_(Role.INSPECTORATE), {"JZ03", "noord-holland", "JZ18"}),
    }
    for headers, expected in readers.values():
        assert set(await titles(world, headers)) == expected
        for target in made:
            for path in (f"{PATH}/{target['id']}", f"{PATH}/{target['id']}/history"):
                status = (await world.http.get(path, headers=headers)).status_code
                assert status == (200 if target["title"] in expected else 404)


async def test_anothers_is_not_there_or_read_only(world: World) -> None:
    own, above = await add_target(world), await add_target(world, supraregion(world))
    problem(await change(world, own, world.region("JZ06"), title="x"), 404, "not-found")
    problem(await withdraw(world, own, world.region("JZ06")), 404, "not-found")
    problem(await change(world, above, title="x"), 403, "forbidden")
    problem(await withdraw(world, above), 403, "forbidden")
    problem(await change(world, own, supraregion(world), title="x"), 403, "forbidden")


def _points(*days: str) -> Json:
    return {"points": [{"on": day, "places": 10} for day in days]}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": BSN, "source": BSN}, {"#/title": "bsn", "#/source": "bsn"}),
        ({"title": "", "source": " "}, {"#/title": "too-short", "#/source": "too-short"}),
        ({"careTypes": []}, {"#/careTypes": "too-few"}),
        ({"careTypes": ["gezinshuis", "gezinshuis"]}, {"#/careTypes": "repeated"}),
        ({"careTypes": ["huis"]}, {"#/careTypes/0": "unknown-code"}),
        ({"bound": "about"}, {"#/bound": "unknown-code"}),
        ({"providerId": str(uuid4())}, {"#/providerId": "unknown-provider"}),
        ({"providerId": "x"}, {"#/providerId": "format"}),
        (_points(), {"#/points": "too-few"}),
        (_points("2026-02-01", "2026-01-01"), {"#/points": "order"}),
        (_points("2026-01-01", "2026-01-01"), {"#/points": "order"}),
        (_points("2026-01"), {"#/points/0/on": "format"}),
        ({"points": [{"on": "2026-01-01", "places": -1}]}, {"#/points/0/places": "out-of-range"}),
        ({"points": [{"on": "2026-01-01", "places": 0.3}]}, {"#/points/0/places": "type"}),
        (
            {"points": [{"on": "2026-01-01", "placesAtMost": 3}]},
            {
                "#/points/0/places": "missing",
                "#/points/0/placesAtMost": "unknown-field",
            },
        ),
    ],
)
async def test_bad_input_is_named(world: World, fields: Json, expected: dict[str, str]) -> None:
    posted = await world.http.post(PATH, json=target_body(**fields), headers=world.region())
    assert codes(posted) == expected
    assert codes(await change(world, await add_target(world), **fields)) == expected


async def test_what_a_target_line_needs(world: World) -> None:
    missing = codes(await world.http.post(PATH, json={}, headers=world.region()))
    required = ("title", "source", "bound", "points")
    assert missing == {f"#/{name}": "missing" for name in required}
    refused = codes(await change(world, await add_target(world), **dict.fromkeys(required)))
    assert refused == {f"#/{name}": "null" for name in required}


async def test_a_target_line_from_start_to_end(world: World) -> None:
    provider = await world.add_provider()
    sent = target_body(providerId=provider)
    made = await world.http.post(PATH, json=sent, headers=supraregion(world))
    target = made.json()
    own = {"id": target["id"], "region": None, "supraregion": "noord-holland", "withdrawnAt": None, "why": None}
    assert (made.status_code, target) == (201, sent | own)
    assert (made.headers["location"], made.headers["etag"]) == (f"{PATH}/{target['id']}", '"1"')

    async def patch(etag: str | None, **fields: object) -> Json:
        answer = await change(world, target, supraregion(world), etag, **fields)
        return {"etag": answer.headers["etag"], **answer.json()}

    problem(await change(world, target, supraregion(world), None), 428, "if-match-required")
    problem(await change(world, target, supraregion(world), '"7"'), 412, "stale-version")
    more: Json = {"careTypes": None, "providerId": None, "bound": "at-least"}
    more |= {"points": [{"on": "2026-01-01", "places": 7.5}]}
    assert await patch('"1"', **more) == sent | own | more | {"etag": '"2"'}
    assert (await patch('"2"', **more))["etag"] == '"2"', "what is the same already is no change"
    assert (await withdraw(world, target, supraregion(world), '"2"')).status_code == 204
    assert (await withdraw(world, target, supraregion(world), '"2"')).status_code == 204
    problem(await change(world, target, supraregion(world), title="x"), 409, "conflict")
    read = await world.ok(world.http.get(f"{PATH}/{target['id']}", headers=supraregion(world)))
    assert read == sent | own | more | {"withdrawnAt": "2026-11-22T10:00:00Z", "why": "Vervangen"}
    history = await world.ok(world.http.get(f"{PATH}/{target['id']}/history", headers=world.region()))
    assert [each["what"] for each in history["items"]] == ["added", "changed", "withdrawn"]
    changed = {each["field"]: (each["old"], each["new"]) for each in history["items"][1]["changes"]}
    assert changed == {name: (sent[name], value) for name, value in more.items()}


async def test_of_changes_at_once_one_wins(committing_world: World) -> None:
    world = committing_world
    target = await add_target(world)
    sent = [change(world, target, etag='"1"', title=f"Titel {number}") for number in range(3)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*sent)) == [200, 412, 412]


async def test_a_key_makes_one_target_line(world: World) -> None:
    headers = world.region() | {"Idempotency-Key": "lijn-1"}
    first, again = [await world.http.post(PATH, json=target_body(), headers=headers) for _ in range(2)]
    assert first.json() == again.json()
    assert len(await titles(world, world.region())) == 1


FILTERS: list[tuple[str, list[str]]] = [
    ("", ["secure", "two", "all"]),
    ("?region=JZ03", ["secure", "two"]),
    ("?supraregion=noord-holland", ["all"]),
    ("?careType=jeugdzorgplus", ["secure", "two", "all"]),
    ("?careType=gezinshuis", ["two", "all"]),
    ("?careType=gezinshuis&region=JZ03", ["two"]),
    ("?careType=logeren", ["all"]),
    ("?withdrawn=true", ["gone"]),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
async def test_filters_of_the_list(world: World, clock: SettableClock, query: str, expected: list[str]) -> None:
    made = [
        ("secure", world.region(), ["jeugdzorgplus"]),
        ("two", world.region(), ["gezinshuis", "jeugdzorgplus"]),
        ("all", supraregion(world), None),
        ("gone", world.region(), None),
    ]
    for number, (title, headers, care_types) in enumerate(made):
        clock.now = clock.now.replace(minute=number)
        target = await add_target(world, headers, title=title, careTypes=care_types)
    await withdraw(world, target)
    assert await titles(world, world.region(), query) == expected


async def test_a_filter_that_is_wrong_is_named(world: World) -> None:
    answer = await world.http.get(f"{PATH}?careType=huis&region=JZ99&x=1", headers=world.region())
    assert codes(answer) == {
        "#/query/careType": "unknown-code",
        "#/query/region": "unknown-code",
        "#/query/x": "unknown-query-key",
    }


async def test_pages(world: World) -> None:
    for number in range(5):
        await add_target(world, title=str(number))
    found: list[str] = []
    path = f"{PATH}?limit=2"
    while path:
        page = await world.http.get(path, headers=world.region())
        found += [each["title"] for each in page.json()["items"]]
        path = page.links["next"]["url"] if "next" in page.links else ""
    assert sorted(found) == list("01234")
