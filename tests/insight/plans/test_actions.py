"""The actions of plans: who writes them, who reads them, and what they are."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.insight.plans.schemas import ActionIn
from app.kit.security.callers import Role
from tests.insight.plans.scene import PATH, Json, action_body, add_action, change, supraregion, withdraw
from tests.world import World, codes, problem

BSN = "Bel over 111222333."
WRITERS = {Role.REGION, Role.SUPRAREGION}
READERS = WRITERS | {Role.GI, Role.LOCAL_TEAM, Role.NATIONAL, Role.INSPECTORATE}


async def titles(world: World, headers: dict[str, str], query: str = "") -> list[str]:
    """The titles of the actions in a list."""
    found = await world.ok(world.http.get(f"{PATH}{query}", headers=headers))
    return [each["title"] for each in found["items"]]


async def test_all_of_it_takes_a_token(world: World) -> None:
    one = f"{PATH}/{(await add_action(world))['id']}"
    for method, path in (
        *(("POST", PATH), ("GET", PATH), ("GET", one), ("PATCH", one), ("DELETE", f"{one}?why=x")),
        *(("GET", f"{one}/history"), ("GET", "/v1/insight/action-reports/2026-10?region=JZ03")),
    ):
        body = action_body() if method == "POST" else {} if method == "PATCH" else None
        problem(await world.http.request(method, path, json=body), 401, "unauthenticated")


@pytest.mark.parametrize("role", [each for each in Role if each not in WRITERS], ids=str)
async def test_only_regions_and_supraregions_write(world: World, role: Role) -> None:
    action, headers = await add_action(world), world.as_(role)
    problem(await world.http.post(PATH, json=action_body(), headers=headers), 403, "forbidden")
    problem(await change(world, action, headers, light="red"), 403, "forbidden")
    problem(await withdraw(world, action, headers), 403, "forbidden")


@pytest.mark.parametrize("role", [each for each in Role if each not in READERS], ids=str)
async def test_providers_referrers_and_admins_read_none(world: World, role: Role) -> None:
    one = f"{PATH}/{(await add_action(world))['id']}"
    for path in (PATH, one, f"{one}/history", "/v1/insight/action-reports/2026-10?region=JZ03"):
        problem(await world.http.get(path, headers=world.as_(role)), 403, "forbidden")


READ: list[tuple[str, set[str]]] = [
    ("region JZ03", {"JZ03", "noord-holland"}),
    ("region JZ18", {"JZ18", "zuidwest"}),
    ("region JZ01", set()),  # in no supraregion
    ("supraregion noord-holland", {"JZ03", "noord-holland"}),
    ("supraregion nw4", {"JZ03"}),  # JZ03 is in it as well; another supraregion's own it does not read
    ("supraregion zuidwest", {"JZ18", "zuidwest"}),
    ("national", {"JZ03", "noord-holland", "JZ18", "zuidwest"}),
    ("inspectorate", {"JZ03", "noord-holland", "JZ18", "zuidwest"}),
    ("gi of Noord-Holland", {"JZ03", "noord-holland"}),
    ("gi of Zuidwest", {"JZ18", "zuidwest"}),
    ("gi that nobody is known to contract", set()),
    ("local team", set()),
]


def _reader(world: World, name: str) -> dict[str, str]:
    kind, _, code = name.partition(" ")
    if kind == "region":
        return world.region(code)
    if kind == "supraregion":
        return supraregion(world, code)
    institutions = {"of Noord-Holland": "De Jeugd- en Gezinsbeschermers", "of Zuidwest": "Jeugdbescherming west"}
    roles = {"gi": Role.GI, "local": Role.LOCAL_TEAM, "national": Role.NATIONAL, "inspectorate": Role.INSPECTORATE}
    return world.as_(roles[kind], institution=institutions.get(code))


@pytest.mark.parametrize(("reader", "expected"), READ, ids=[reader for reader, _ in READ])
async def test_who_reads_whose(world: World, reader: str, expected: set[str]) -> None:
    keepers = {"JZ03": world.region("JZ03"), "JZ18": world.region("JZ18")}
    keepers |= {code: supraregion(world, code) for code in ("noord-holland", "zuidwest")}
    made = {code: await add_action(world, headers, title=code) for code, headers in keepers.items()}
    headers = _reader(world, reader)
    assert set(await titles(world, headers)) == expected
    for code, action in made.items():
        for path in (f"{PATH}/{action['id']}", f"{PATH}/{action['id']}/history"):
            answer = await world.http.get(path, headers=headers)
            assert answer.status_code == (200 if code in expected else 404), (code, path)


@pytest.mark.parametrize("role", [Role.GI, Role.LOCAL_TEAM], ids=str)
async def test_whoever_has_requests_of_a_region_reads_its_plan(world: World, role: Role) -> None:
    await add_action(world)
    headers, other = (world.as_(role, organisation_id=UUID(int=number)) for number in (71, 72))
    await world.add_request(headers)
    assert (await titles(world, headers), await titles(world, other)) == (["Gezinshuizen werven"], [])


async def test_a_local_team_reads_the_plan_of_the_municipality_that_its_contact_names(world: World) -> None:
    await add_action(world)
    headers = world.as_(Role.LOCAL_TEAM, organisation_id=UUID(int=73))
    assert await titles(world, headers) == []
    contact = {"name": "Wijkteam", "municipalities": ["GM0400"]}
    await world.ok(world.http.put("/v1/me/contact", json=contact, headers=headers | {"If-Match": "*"}))
    assert await titles(world, headers) == ["Gezinshuizen werven"]


async def test_another_regions_action_does_not_exist_and_a_supraregions_is_read_only(world: World) -> None:
    own, above = await add_action(world), await add_action(world, supraregion(world))
    problem(await change(world, own, world.region("JZ06"), light="red"), 404, "not-found")
    problem(await withdraw(world, own, world.region("JZ06")), 404, "not-found")
    refused = problem(await change(world, above, world.region(), light="red"), 403, "forbidden")
    assert "noord-holland" in refused["detail"]
    problem(await withdraw(world, above, world.region()), 403, "forbidden")
    problem(await change(world, own, supraregion(world), light="red"), 403, "forbidden")
    problem(await change(world, {"id": str(uuid4())}, light="red"), 404, "not-found")


_TEXTS = ("title", "owner", "result", "word")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (dict.fromkeys(_TEXTS, BSN), {f"#/{name}": "bsn" for name in _TEXTS}),
        ({"direction": {"title": BSN}}, {"#/direction/title": "bsn"}),
        (dict.fromkeys(_TEXTS, "  "), {f"#/{name}": "too-short" for name in _TEXTS}),
        ({"direction": {"number": 0, "title": "Hulp"}}, {"#/direction/number": "out-of-range"}),
        ({"direction": {"number": 1}}, {"#/direction/title": "missing"}),
        ({"status": "late", "light": "done"}, {"#/status": "unknown-code", "#/light": "unknown-code"}),
        ({"dueOn": "31-12-2026"}, {"#/dueOn": "format"}),
        ({"region": "JZ06", "extra": 1}, {"#/region": "unknown-field", "#/extra": "unknown-field"}),
        ({"figures": [{"name": "norms.late"}]}, {"#/figures/0/name": "unknown-code"}),
        ({"figures": [{"name": "norms"}]}, {"#/figures/0/name": "unknown-code"}),
        ({"figures": [{"careType": "gezinshuis"}]}, {"#/figures/0/name": "missing"}),
        (
            {"figures": [{"name": "waiting-children.waiting", "careType": "gezinshuis"}]},
            {"#/figures/0/careType": "not-applicable"},
        ),
        (
            {"figures": [{"name": "capacity.placesTotal", "careType": "huis"}]},
            {"#/figures/0/careType": "unknown-code"},
        ),
        ({"figures": [{"name": "supply.shortage"}] * 2}, {"#/figures": "repeated"}),
    ],
)
async def test_bad_input_is_named(world: World, fields: Json, expected: dict[str, str]) -> None:
    posted = await world.http.post(PATH, json=action_body(**fields), headers=world.region())
    assert codes(posted) == expected
    assert codes(await change(world, await add_action(world), **fields)) == expected


async def test_what_an_action_needs(world: World) -> None:
    missing = codes(await world.http.post(PATH, json={}, headers=world.region()))
    required = {"direction", "title", "owner", "result", "dueOn"}
    assert missing == {f"#/{name}": "missing" for name in required}
    nulls: Json = {each.alias or name: None for name, each in ActionIn.model_fields.items()}
    refused = codes(await change(world, await add_action(world), **nulls))
    assert refused == {f"#/{name}": "null" for name in nulls if name != "word"}


async def test_an_action_from_start_to_end(world: World) -> None:
    sent = action_body(
        status="running",
        light="amber",
        word="Twee van zes.",
        figures=[{"name": "capacity.placesTotal", "careType": "gezinshuis"}, {"name": "norms.helpLate"}],
    )
    made = await world.http.post(PATH, json=sent, headers=world.region())
    action = made.json()
    expected = sent | {
        "id": action["id"],
        "region": "JZ03",
        "supraregion": None,
        "withdrawnAt": None,
        "why": None,
        "figures": [
            {"name": "capacity.placesTotal", "careType": "gezinshuis"},
            {"name": "norms.helpLate", "careType": None},
        ],
    }
    assert (made.status_code, action) == (201, expected)
    assert (made.headers["location"], made.headers["etag"]) == (f"{PATH}/{action['id']}", '"1"')
    read = await world.http.get(made.headers["location"], headers=world.region())
    assert (read.json(), read.headers["etag"]) == (action, '"1"')
    known = await world.http.get(made.headers["location"], headers=world.region() | {"If-None-Match": '"1"'})
    assert known.status_code == 304

    more: Json = {"direction": {"title": "Anders"}, "light": "red", "word": None, "figures": [], "dueOn": "2027-01-31"}
    changed = await change(world, action, etag='"1"', **more)
    expected |= more | {"direction": {"number": None, "title": "Anders"}}
    assert (changed.json(), changed.headers["etag"]) == (expected, '"2"')
    same = await change(world, action, etag='"2"', **more)
    assert (same.json(), same.headers["etag"]) == (expected, '"2"'), "what is the same already is no change"


async def test_the_defaults_of_a_new_action(world: World) -> None:
    action = await add_action(world, supraregion(world))
    assert (action["region"], action["supraregion"]) == (None, "noord-holland")
    assert (action["status"], action["light"], action["word"], action["figures"]) == ("planned", "green", None, [])


async def test_is_changed_on_the_version_that_was_read(world: World) -> None:
    action = await add_action(world)
    problem(await change(world, action, etag=None, light="red"), 428, "if-match-required")
    assert (await change(world, action, etag='"1"', light="amber")).status_code == 200
    problem(await change(world, action, etag='"1"', light="red"), 412, "stale-version")
    problem(await withdraw(world, action, etag=None), 428, "if-match-required")
    problem(await withdraw(world, action, etag='"1"'), 412, "stale-version")


async def test_of_changes_at_once_one_wins(committing_world: World) -> None:
    world = committing_world
    action = await add_action(world)
    sent = [change(world, action, etag='"1"', word=f"Woord {number}") for number in range(4)]
    answers = await asyncio.gather(*sent, withdraw(world, action, etag='"1"'))
    assert sorted(answer.status_code for answer in answers if not answer.is_success) == [412] * 4
    history = await world.ok(world.http.get(f"{PATH}/{action['id']}/history", headers=world.region()))
    assert [entry["version"] for entry in history["items"]] == [1, 2]


async def test_a_key_makes_one_action(world: World) -> None:
    headers = world.region() | {"Idempotency-Key": "plan-1"}
    first, again = [await world.http.post(PATH, json=action_body(), headers=headers) for _ in range(2)]
    assert first.json() == again.json()
    assert len(await titles(world, world.region())) == 1
    other = await world.http.post(PATH, json=action_body(light="red"), headers=headers)
    problem(other, 422, "idempotency-key-reused")


async def test_what_was_withdrawn_is_kept_and_changes_no_more(world: World) -> None:
    action = await add_action(world)
    path = f"{PATH}/{action['id']}"
    headers = world.region() | {"If-Match": "*"}
    assert codes(await world.http.delete(path, headers=headers)) == {"#/query/why": "missing"}
    assert codes(await world.http.delete(path, params={"why": BSN}, headers=headers)) == {"#/query/why": "bsn"}
    assert (await withdraw(world, action, etag='"1"')).status_code == 204
    assert (await withdraw(world, action, etag='"1"')).status_code == 204, "again changes nothing"
    read = await world.http.get(path, headers=world.region())
    assert read.headers["etag"] == '"2"'
    assert read.json() == action | {"withdrawnAt": "2026-11-22T10:00:00Z", "why": "Dubbel ingevoerd"}
    problem(await change(world, action, light="red"), 409, "conflict")
    assert await titles(world, world.region()) == []
    assert await titles(world, world.region(), "?withdrawn=true") == ["Gezinshuizen werven"]


FILTERS: list[tuple[str, list[str]]] = [
    ("", ["a", "b", "c"]),
    ("?region=JZ03", ["a", "c"]),
    ("?supraregion=noord-holland", ["b"]),
    ("?region=JZ03&supraregion=noord-holland", []),
    ("?status=running", ["b"]),
    ("?light=red", ["c"]),
    ("?dueBefore=2026-12-02", ["a"]),
    ("?dueBefore=2026-12-03", ["a", "b"]),
    ("?withdrawn=true", []),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
async def test_filters_of_the_list(world: World, query: str, expected: list[str]) -> None:
    await add_action(world, title="c", dueOn="2026-12-03", light="red")
    await add_action(world, supraregion(world), title="b", dueOn="2026-12-02", status="running")
    await add_action(world, title="a", dueOn="2026-12-01")
    assert await titles(world, world.region(), query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?region=JZ99", {"#/query/region": "unknown-code"}),
        ("?supraregion=atlantis", {"#/query/supraregion": "unknown-code"}),
        ("?light=blue&status=late", {"#/query/light": "unknown-code", "#/query/status": "unknown-code"}),
        ("?dueBefore=soon", {"#/query/dueBefore": "format"}),
        ("?owner=x", {"#/query/owner": "unknown-query-key"}),
    ],
)
async def test_a_filter_that_is_wrong_is_named(world: World, query: str, expected: dict[str, str]) -> None:
    assert codes(await world.http.get(f"{PATH}{query}", headers=world.region())) == expected


async def test_pages_go_by_due_day_and_belong_to_their_question(world: World) -> None:
    for title in "dacb":
        await add_action(world, title=title, dueOn=f"2026-12-{ord(title) - 90:02}")
    await add_action(world, title="b", dueOn="2026-12-08")
    found: list[Any] = []
    path = f"{PATH}?limit=2&region=JZ03"
    while path:
        page = await world.http.get(path, headers=world.region())
        found += [each["title"] for each in page.json()["items"]]
        path = page.links["next"]["url"] if "next" in page.links else ""
    assert found == ["a", "b", "b", "c", "d"]
    first = await world.http.get(f"{PATH}?limit=2&region=JZ03", headers=world.region())
    other = first.links["next"]["url"].replace("region=JZ03&", "")
    assert codes(await world.http.get(other, headers=world.region())) == {"#/query/cursor": "invalid-cursor"}


async def test_a_list_takes_as_many_statements_whatever_is_on_it(world: World, statements: list[str]) -> None:
    for _ in range(3):
        await add_action(world)
    for headers, expected in ((world.region(), 1), (world.gi, 2)):
        statements.clear()
        await world.ok(world.http.get(PATH, headers=headers))
        assert len([each for each in statements if each.startswith("SELECT") or " UNION " in each]) == expected
