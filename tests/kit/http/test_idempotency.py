"""The same key and body give the same answer, once made; another request with the key is refused."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select, text, update

from app.access.tables import OrganisationRow
from app.kit.clock import system_clock
from app.kit.http.idempotency import StoredAnswerRow, prune
from app.kit.http.openapi import document
from app.kit.security.answers import Sealer
from app.kit.security.callers import Role
from tests.conftest import SavepointDatabase
from tests.world import World, codes, problem, request_body

PATH = "/v1/organisations"
BODY = {"name": "Eenmaal", "role": "gi"}


async def post(
    world: World, key: str, body: Any = BODY, path: str = PATH, client: str = "test-admin"
) -> httpx.Response:
    headers = world.as_(Role.ADMIN, client_id=client) | {"Idempotency-Key": key}
    return await world.http.post(path, json=body, headers=headers)


async def count(world: World) -> int:
    async with world.parts.database.read() as session:
        return await session.scalar(select(func.count()).select_from(OrganisationRow)) or 0


async def test_a_repeat_gets_the_first_answer(world: World) -> None:
    first, again = await post(world, "key-1"), await post(world, "key-1")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    for name in ("location", "etag", "content-type", "cache-control"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert await count(world) == 1


async def test_another_key_or_none_makes_another(world: World) -> None:
    answers = [await post(world, "key-1"), await post(world, "key-2")]
    answers += [await world.http.post(PATH, json=BODY, headers=world.admin) for _ in range(2)]
    assert len({answer.json()["id"] for answer in answers}) == 4


@pytest.mark.parametrize("body", [{**BODY, "name": "Andermaal"}, {"role": "gi", "name": "Eenmaal"}])
async def test_another_body_is_refused(world: World, body: dict[str, str]) -> None:
    await post(world, "key-1")
    problem(await post(world, "key-1", body), 422, "idempotency-key-reused")
    assert await count(world) == 1


async def test_another_operation_is_refused(world: World) -> None:
    body = {"name": "Eenmaal"}
    assert (await post(world, "key-1", body, "/v1/providers")).status_code == 201
    problem(await post(world, "key-1", BODY), 422, "idempotency-key-reused")


async def test_the_same_operation_on_something_else_is_refused(world: World) -> None:
    provider_id = await world.add_provider()
    offers = [await world.add_offer(provider_id) for _ in range(2)]
    for offer in offers:
        await world.report(offer)
    headers = world.provider(provider_id) | {"Idempotency-Key": "key-1"}
    paths = [f"/v1/offers/{offer['id']}/capacity/confirmations" for offer in offers]
    assert (await world.http.post(paths[0], headers=headers)).is_success
    problem(await world.http.post(paths[1], headers=headers), 422, "idempotency-key-reused")


async def test_the_key_is_the_clients_own(world: World) -> None:
    first, other = await post(world, "key-1", client="one"), await post(world, "key-1", client="two")
    assert first.json()["id"] != other.json()["id"]


async def test_a_refused_request_may_be_mended_with_the_same_key(world: World) -> None:
    assert codes(await post(world, "key-1", {"name": "Eenmaal"})) == {"#/role": "missing"}
    body = {"name": "Eenmaal", "role": "provider", "providerId": str(uuid4())}
    assert codes(await post(world, "key-1", body)) == {"#/providerId": "unknown-provider"}
    assert (await post(world, "key-1")).status_code == 201


@pytest.mark.parametrize(
    ("key", "code"), [("a b", "pattern"), ("a\tb", "pattern"), ("", "too-short"), ("x" * 201, "too-long")]
)
async def test_a_key_is_200_characters_at_most_and_has_no_spaces(world: World, key: str, code: str) -> None:
    headers = [*world.admin.items(), ("Idempotency-Key", key)]
    answer = await world.http.post(PATH, json=BODY, headers=headers)
    assert codes(answer) == {"#/header/Idempotency-Key": code}


def kept_key(client: str, key: str) -> str:
    return Sealer(client, key, b"").kept_key


async def test_answers_are_kept_for_a_week(world: World, database: SavepointDatabase) -> None:
    for client in ("one", "two"):
        for days in (0, 6, 8):
            await post(world, f"key-{days}", client=client)
    async with database.write() as session:
        for days in (6, 8):
            keys = [kept_key(client, f"key-{days}") for client in ("one", "two")]
            statement = update(StoredAnswerRow).where(StoredAnswerRow.key.in_(keys))
            await session.execute(statement.values(created_at=system_clock() - timedelta(days=days)))
        await prune(session)
        kept = set(await session.scalars(select(StoredAnswerRow.key)))
    assert kept == {kept_key(client, key) for client in ("one", "two") for key in ("key-0", "key-6")}


async def test_what_is_kept_says_nothing_of_the_request_or_its_answer(
    world: World, database: SavepointDatabase
) -> None:
    headers, body = world.gi | {"Idempotency-Key": "key-van-jansen"}, request_body(childReference="kind-99817")
    made, again = [await world.http.post("/v1/requests", json=body, headers=headers) for _ in range(2)]
    assert made.status_code == 201
    assert made.content == again.content
    async with database.read() as session:
        row = (await session.scalars(select(StoredAnswerRow))).one()
        said = await session.scalar(text("SELECT a::text FROM stored_answers a"))
    kept = bytes(row.body or b"") + str(said).encode() + str(row.headers).encode()
    assert not [each for each in ("kind-99817", "jansen", "gezinshuis", "Location", "etag") if each.encode() in kept]
    assert row.dossiers == [UUID(made.json()["id"])], "which erasure looks for"


async def test_another_request_opens_no_answer() -> None:
    sealer = Sealer("one", "key-1", b"sent")
    sealed = sealer.seal({"etag": '"1"'}, b"body")
    assert sealer.open(sealed) == ({"etag": '"1"'}, b"body")
    for other in (Sealer("two", "key-1", b"sent"), Sealer("one", "key-2", b"sent"), Sealer("one", "key-1", b"other")):
        assert other.fingerprint != sealer.fingerprint
        with pytest.raises(InvalidTag):
            other.open(sealed)


async def test_two_at_once_are_one(committing_world: World) -> None:
    answers = await asyncio.gather(*(post(committing_world, "key-1") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await count(committing_world) == 1


async def test_two_different_ones_at_once_are_one_and_a_refusal(committing_world: World) -> None:
    bodies = [{**BODY, "name": name} for name in ("Een", "Twee", "Drie")]
    answers = await asyncio.gather(*(post(committing_world, "key-1", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422]
    assert await count(committing_world) == 1


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_a_report_that_is_repeated_is_one(world: World, method: str) -> None:
    offer = (await world.add_offer(await world.add_provider()))["id"]
    path, headers = f"/v1/offers/{offer}/capacity", world.admin | {"Idempotency-Key": "report-1"}
    body = {"placesTotal": 4, "placesFree": 2}
    first = await world.http.request(method, path, json=body, headers=headers)
    between = await world.http.put(path, json={"placesTotal": 4, "placesFree": 0}, headers=world.admin)
    again = await world.http.request(method, path, json=body, headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    history = (await world.http.get(f"/v1/offers/{offer}/capacity-history", headers=world.admin)).json()
    assert len(history["items"]) == 2
    standing = (await world.http.get(path, headers=world.admin)).json()
    assert standing["placesFree"] == between.json()["placesFree"]
    other = await world.http.request(method, path, json=body | {"placesFree": 1}, headers=headers)
    problem(other, 422, "idempotency-key-reused")


CREATES_NOTHING = {"/v1/matches", "/v1/oauth/token"}


def test_every_write_that_adds_something_takes_a_key(world: World) -> None:
    """A POST adds something, and so does a report, to the history; what else is written twice is written once."""
    for path, operations in document(world.app)["paths"].items():
        for method, operation in operations.items():
            adds = method == "post" or (method in {"put", "patch"} and path.endswith("/capacity"))
            if adds and f"/v1{path}" not in CREATES_NOTHING:
                names = {each.get("name") for each in operation.get("parameters", [])}
                assert "Idempotency-Key" in names, f"{method} {path}"
