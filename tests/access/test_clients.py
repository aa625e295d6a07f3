"""Clients of an organisation: their secret is the caller's, is replaced and revoked, and is kept nowhere."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text, update

from app.access.tables import ClientRow
from app.kit.clock import system_clock
from app.kit.security.hashing import hashed
from tests.access.clients import (
    SECRET,
    add_client,
    add_organisation,
    ask_token,
    get_token,
    put_client,
)
from tests.conftest import SavepointDatabase, SettableClock
from tests.world import World, codes, problem

OTHER_SECRET = "N3w-" + SECRET[4:]


async def list_clients(world: World, organisation: dict[str, str]) -> list[dict[str, str]]:
    path = f"/v1/organisations/{organisation['id']}/clients"
    items: list[dict[str, str]] = (await world.ok(world.http.get(path, headers=world.admin)))["items"]
    return items


async def test_is_made_and_listed_without_its_secret(world: World) -> None:
    organisation = await add_organisation(world)
    answer = await put_client(world, organisation, "duinen-epd")
    assert answer.status_code == 201
    made = answer.json()
    assert made.keys() == {"id", "organisationId", "rights", "createdAt", "revokedAt"}
    assert (made["id"], made["organisationId"]) == ("duinen-epd", organisation["id"])
    assert made["revokedAt"] is None
    assert SECRET not in answer.text
    assert await list_clients(world, organisation) == [made]


async def test_the_secret_is_nowhere_in_the_database(world: World, database: SavepointDatabase) -> None:
    organisation = await add_client(world, "duinen-epd")
    await put_client(world, organisation, "duinen-lvs")  # the same secret for another client
    async with database.read() as session:
        rows = [str(row) for row in await session.scalars(text("SELECT to_jsonb(clients)::text FROM clients"))]
        hashes = list(await session.scalars(text("SELECT secret_hash FROM clients")))
    assert len(rows) == 2
    for form in (SECRET, SECRET.encode().hex()):
        assert not any(form in row for row in rows)
    assert len(set(hashes)) == 2, "each has a salt of its own"
    assert all(each.startswith(b"$argon2id$") for each in hashes)


@pytest.mark.parametrize(
    ("secret", "code"),
    [(SECRET[:-1], "too-short"), ("", "too-short"), ("x" * 201, "too-long"), (None, "type"), (12345678, "type")],
)
async def test_the_secret_has_at_least_32_characters(world: World, secret: object, code: str) -> None:
    organisation = await add_organisation(world)
    path = f"/v1/organisations/{organisation['id']}/clients/duinen-epd"
    answer = await world.http.put(path, json={"secret": secret}, headers=world.admin)
    assert codes(answer) == {"#/secret": code}
    if secret:
        assert str(secret) not in answer.text
    assert await list_clients(world, organisation) == []


async def test_has_the_rights_that_it_was_given_last(world: World, clock: SettableClock) -> None:
    clock.now = system_clock()
    organisation = await add_organisation(world, role="region", region="JZ03")
    path = f"/v1/organisations/{organisation['id']}/clients/ret-kop"
    body = {"secret": SECRET, "rights": ["expert-team"]}
    made = await world.ok(world.http.put(path, json=body, headers=world.admin))
    assert made["rights"] == ["expert-team"]
    headers = {"Authorization": f"Bearer {await get_token(world, 'ret-kop')}"}
    assert (await world.ok(world.http.get("/v1/me", headers=headers)))["rights"] == ["expert-team"]
    assert (await world.http.get("/v1/escalated-requests", headers=headers)).status_code == 200
    await put_client(world, organisation, "ret-kop", OTHER_SECRET)
    headers = {"Authorization": f"Bearer {await get_token(world, 'ret-kop', OTHER_SECRET)}"}
    assert "rights" not in await world.ok(world.http.get("/v1/me", headers=headers))
    problem(await world.http.get("/v1/escalated-requests", headers=headers), 403, "forbidden")


@pytest.mark.parametrize(
    ("role", "rights", "error"),
    [
        ("gi", ["expert-team"], {"#/rights": "role-mismatch"}),
        ("gi", ["baas"], {"#/rights/0": "unknown-code"}),
        ("gi", ["expert-team", "expert-team"], {"#/rights": "repeated"}),
        ("gi", None, {"#/rights": "type"}),
    ],
)
async def test_a_right_goes_with_its_role(world: World, role: str, rights: object, error: dict[str, str]) -> None:
    organisation = await add_organisation(world, role=role)
    path = f"/v1/organisations/{organisation['id']}/clients/ret-kop"
    answer = await world.http.put(path, json={"secret": SECRET, "rights": rights}, headers=world.admin)
    assert codes(answer) == error
    assert await list_clients(world, organisation) == []


@pytest.mark.parametrize("name", ["ab", "Duinen", "duinen_epd", "-duinen", "x" * 64, "duinen epd"])
async def test_the_name_is_plain(world: World, name: str) -> None:
    answer = await put_client(world, await add_organisation(world), name)
    assert codes(answer) == {"#/path/clientId": "pattern"}


async def test_another_secret_replaces_the_first(world: World) -> None:
    organisation = await add_client(world, "duinen-epd")
    assert (await put_client(world, organisation, "duinen-epd", OTHER_SECRET)).status_code == 200
    problem(await ask_token(world, "duinen-epd", SECRET), 401, "invalid-client")
    assert (await ask_token(world, "duinen-epd", OTHER_SECRET)).status_code == 200
    assert len(await list_clients(world, organisation)) == 1


async def test_is_revoked_once_and_stays_listed(world: World) -> None:
    organisation = await add_client(world, "duinen-epd")
    await put_client(world, organisation, "duinen-lvs")
    path = f"/v1/organisations/{organisation['id']}/clients/duinen-epd"
    answer = await world.http.delete(path, headers=world.admin)
    assert (answer.status_code, answer.content) == (204, b"")
    problem(await ask_token(world, "duinen-epd"), 401, "invalid-client")
    assert (await ask_token(world, "duinen-lvs")).status_code == 200
    listed = await list_clients(world, organisation)
    assert [(each["id"], each["revokedAt"]) for each in listed] == [
        ("duinen-epd", "2026-11-22T10:00:00Z"),
        ("duinen-lvs", None),
    ]
    assert (await world.http.delete(path, headers=world.admin)).status_code == 204


async def test_a_new_secret_makes_a_revoked_client_valid_again(world: World) -> None:
    organisation = await add_client(world, "duinen-epd")
    path = f"/v1/organisations/{organisation['id']}/clients/duinen-epd"
    await world.http.delete(path, headers=world.admin)
    answer = await put_client(world, organisation, "duinen-epd", OTHER_SECRET)
    assert answer.json()["revokedAt"] is None
    assert (await ask_token(world, "duinen-epd", OTHER_SECRET)).status_code == 200


async def test_a_new_secret_makes_an_end_of_a_demo_client(world: World, database: SavepointDatabase) -> None:
    organisation = await add_client(world, "demo-gi")
    async with database.write() as session:
        await session.execute(update(ClientRow).values(demo=True))
    await put_client(world, organisation, "demo-gi", OTHER_SECRET)
    async with database.read() as session:
        row = await session.get_one(ClientRow, "demo-gi")
    assert row.demo is False


async def test_a_name_of_another_organisation_is_taken(world: World) -> None:
    await add_client(world, "duinen-epd")
    other = await add_organisation(world)
    problem(await put_client(world, other, "duinen-epd", OTHER_SECRET), 409, "conflict")
    assert (await ask_token(world, "duinen-epd", SECRET)).status_code == 200
    assert await list_clients(world, other) == []


async def test_another_organisation_cannot_revoke_it(world: World) -> None:
    await add_client(world, "duinen-epd")
    other = await add_organisation(world)
    for name in ("duinen-epd", "duinen-lvs"):
        answer = await world.http.delete(f"/v1/organisations/{other['id']}/clients/{name}", headers=world.admin)
        problem(answer, 404, "not-found")
    assert (await ask_token(world, "duinen-epd")).status_code == 200


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two requests that make a client meet before either has looked whether there is one."""
    meeting = asyncio.Barrier(2)

    async def hash_and_meet(*arguments: Any) -> Any:
        made = await hashed(*arguments)
        await meeting.wait()
        return made

    monkeypatch.setattr("app.access.service.hashed", hash_and_meet)


@pytest.mark.usefixtures("at_once")
async def test_two_organisations_that_want_one_name_at_once(committing_world: World) -> None:
    world = committing_world
    both = [await add_organisation(world), await add_organisation(world)]
    answers = await asyncio.gather(*(put_client(world, each, "duinen-epd") for each in both))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    won = next(answer.json()["organisationId"] for answer in answers if answer.status_code == 201)
    assert [len(await list_clients(world, each)) for each in both] == [int(each["id"] == won) for each in both]


@pytest.mark.usefixtures("at_once")
async def test_one_organisation_that_makes_a_client_twice_at_once(committing_world: World) -> None:
    world = committing_world
    organisation = await add_organisation(world)
    answers = await asyncio.gather(*(put_client(world, organisation, "duinen-epd") for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 201]


async def test_pages_are_by_name(world: World) -> None:
    organisation = await add_organisation(world)
    for name in ("ccc", "aaa", "bbb"):
        await put_client(world, organisation, name)
    href, seen = f"/v1/organisations/{organisation['id']}/clients?limit=2", []
    while href:
        content = await world.ok(world.http.get(href, headers=world.admin))
        seen.append([each["id"] for each in content["items"]])
        href = content["_links"].get("next", {}).get("href", "")
    assert seen == [["aaa", "bbb"], ["ccc"]]
