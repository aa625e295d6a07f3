"""Registering providers, and providers keeping their particulars."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from app.kit.security.callers import Role
from app.settings import Settings
from tests.conftest import SavepointDatabase, SettableClock, serving
from tests.supply.capacity.locks import meeting
from tests.world import World, codes, problem

FULL = {
    "name": "Jeugdhulp De Vuurtoren",
    "agbCode": "22220001",
    "kvkNumber": "12345678",
    "contact": {
        "intakeDesk": "Aanmeldteam",
        "phone": "088 000 0123",
        "email": "aanmelden@example.org",
        "website": "https://example.org",
    },
}
NO_CONTACT = {"intakeDesk": None, "phone": None, "email": None, "website": None}


async def _full(world: World) -> str:
    return str((await world.ok(world.http.post("/v1/providers", json=FULL, headers=world.admin)))["id"])


async def _patch(world: World, provider_id: str, body: Any, etag: str = '"1"') -> dict[str, Any]:
    headers = world.provider(provider_id) | {"If-Match": etag}
    return await world.ok(world.http.patch(f"/v1/providers/{provider_id}", json=body, headers=headers))


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/providers"), ("POST", "/v1/providers"), ("GET", "{one}"), ("PATCH", "{one}")]
)
async def test_needs_a_token(world: World, method: str, path: str) -> None:
    one = f"/v1/providers/{await world.add_provider()}"
    answer = await world.http.request(method, path.format(one=one), json=FULL if method != "GET" else None)
    problem(answer, 401, "unauthenticated")


async def test_reads_without_a_token_only_where_public_access_is_on(
    settings: Settings, database: SavepointDatabase, clock: SettableClock
) -> None:
    async with serving(settings.model_copy(update={"public_access": True}), database, clock) as world:
        one = f"/v1/providers/{await world.add_provider(name='Open')}"
        assert (await world.ok(world.http.get(one)))["name"] == "Open"
        assert [each["name"] for each in (await world.ok(world.http.get("/v1/providers")))["items"]] == ["Open"]
        problem(await world.http.post("/v1/providers", json=FULL), 401, "unauthenticated")
        problem(await world.http.patch(one, json={}, headers={"If-Match": "*"}), 401, "unauthenticated")


@pytest.mark.parametrize(
    "role", [Role.PROVIDER, Role.GI, Role.LOCAL_TEAM, Role.SUPRAREGION, Role.INSPECTORATE], ids=str
)
async def test_is_registered_by_regions_and_admins_only(world: World, role: Role) -> None:
    headers = world.as_(role, provider_id=uuid4())
    problem(await world.http.post("/v1/providers", json=FULL, headers=headers), 403, "forbidden")
    assert (await world.ok(world.http.get("/v1/providers", headers=headers)))["items"] == []


async def test_is_changed_by_itself_and_admins_only(world: World) -> None:
    one, other = await _full(world), await world.add_provider()
    for headers in (world.provider(other), world.gi, world.region(), world.as_(Role.INSPECTORATE)):
        sent = headers | {"If-Match": '"1"'}
        answer = await world.http.patch(f"/v1/providers/{one}", json={"name": "Anders"}, headers=sent)
        problem(answer, 403, "forbidden")
    answer = await world.http.get(f"/v1/providers/{one}", headers=world.gi)
    assert answer.headers["etag"] == '"1"'
    assert answer.json()["name"] == FULL["name"]
    by_admin = world.admin | {"If-Match": '"1"'}
    changed = await world.ok(world.http.patch(f"/v1/providers/{one}", json={"name": "Anders"}, headers=by_admin))
    assert changed["name"] == "Anders"


async def test_unknown_is_404(world: World) -> None:
    path = f"/v1/providers/{uuid4()}"
    problem(await world.http.get(path, headers=world.gi), 404, "not-found")
    problem(await world.http.patch(path, json={}, headers=world.admin | {"If-Match": "*"}), 404, "not-found")
    problem(await world.http.get("/v1/providers/22220001", headers=world.gi), 404, "not-found")


async def test_registering_lists_all_errors_at_once(world: World) -> None:
    body = {
        "name": "Bureau 123456782",
        "agbCode": "2222000",
        "kvkNumber": "1234567A",
        "agb": "22220001",
        "contact": {
            "intakeDesk": "bel 123.456.782",
            "phone": "088\x00",
            "email": "aanmelden",
            "website": "example.org",
            "person": "Jan",
        },
    }
    answer = await world.http.post("/v1/providers?dry=true", json=body, headers=world.admin)
    assert codes(answer) == {
        "#/name": "bsn",
        "#/agbCode": "agb-code",
        "#/kvkNumber": "kvk-number",
        "#/agb": "unknown-field",
        "#/contact/intakeDesk": "bsn",
        "#/contact/phone": "control-character",
        "#/contact/email": "pattern",
        "#/contact/website": "format",
        "#/contact/person": "unknown-field",
        "#/query/dry": "unknown-query-key",
    }
    answer = await world.http.post("/v1/providers", json={}, headers=world.admin)
    assert codes(answer) == {"#/name": "missing"}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("agbCode", "22220001 ", "agb-code"),
        ("agbCode", "2222\u0661000", "agb-code"),  # an Arabic digit is none of the register's
        ("agbCode", 22220001, "type"),
        ("kvkNumber", "123456789", "kvk-number"),
        ("name", "Bureau 123 456 782", "bsn"),
        ("name", "nul\x00teken", "control-character"),
        ("name", None, "type"),
    ],
)
async def test_refuses_what_is_no_such_value(world: World, field: str, value: Any, code: str) -> None:
    answer = await world.http.post("/v1/providers", json=FULL | {field: value}, headers=world.admin)
    assert codes(answer) == {f"#/{field}": code}


async def test_refuses_what_is_too_short_or_too_long(world: World) -> None:
    answer = await world.http.post("/v1/providers", json={"name": ""}, headers=world.admin)
    assert codes(answer) == {"#/name": "too-short"}
    body = {"name": "x" * 201, "contact": {"phone": "0" * 201}}
    answer = await world.http.post("/v1/providers", json=body, headers=world.admin)
    assert codes(answer) == {"#/name": "too-long", "#/contact/phone": "too-long"}


async def test_is_registered_by_an_admin_or_a_region(world: World) -> None:
    answer = await world.http.post("/v1/providers", json=FULL, headers=world.admin)
    assert answer.status_code == 201
    made = answer.json()
    assert made == FULL | {"id": made["id"]}
    assert answer.headers["location"] == f"/v1/providers/{made['id']}"
    assert answer.headers["etag"] == '"1"'
    read = await world.http.get(answer.headers["location"], headers=world.gi)
    assert (read.json(), read.headers["etag"]) == (made, '"1"')
    bare = await world.ok(world.http.post("/v1/providers", json={"name": "Kaal"}, headers=world.region()))
    assert bare == {"id": bare["id"], "name": "Kaal", "agbCode": None, "kvkNumber": None, "contact": NO_CONTACT}


async def test_an_agb_code_belongs_to_one_provider(world: World) -> None:
    first = await _full(world)
    answer = await world.http.post("/v1/providers", json=FULL | {"name": "Tweede"}, headers=world.region())
    assert "22220001" in problem(answer, 409, "conflict")["detail"]
    second = await world.add_provider(agbCode="22220002")
    answer = await world.http.patch(
        f"/v1/providers/{second}", json={"agbCode": "22220001"}, headers=world.admin | {"If-Match": '"1"'}
    )
    problem(answer, 409, "conflict")
    kept = await _patch(world, first, {"agbCode": "22220001", "name": "Zelfde code"})
    assert (kept["agbCode"], kept["name"]) == ("22220001", "Zelfde code")
    assert (await _patch(world, first, {"agbCode": None}, '"2"'))["agbCode"] is None
    assert (await _patch(world, second, {"agbCode": "22220001"}))["agbCode"] == "22220001"


async def test_two_that_take_the_same_agb_code_at_once_end_with_one(committing_world: World) -> None:
    world = committing_world
    bodies = [FULL | {"name": f"Gelijktijdig {number}"} for number in range(8)]
    sent = [world.http.post("/v1/providers", json=body, headers=world.admin) for body in bodies]
    answers = await asyncio.gather(*sent)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert len((await world.ok(world.http.get("/v1/providers", headers=world.gi)))["items"]) == 1


async def test_a_patch_changes_what_it_names_and_null_clears(world: World) -> None:
    one = await _full(world)
    contact = FULL["contact"] | {"phone": "0223 000 000"}  # type: ignore[operator]
    changed = await _patch(world, one, {"contact": {"phone": "0223 000 000"}})
    assert changed == FULL | {"id": one, "contact": contact}
    changed = await _patch(world, one, {"kvkNumber": None, "contact": {"email": None}}, '"2"')
    assert changed == FULL | {"id": one, "kvkNumber": None, "contact": contact | {"email": None}}
    changed = await _patch(world, one, {"name": "Nieuwe naam", "contact": None}, '"3"')
    assert changed == FULL | {"id": one, "name": "Nieuwe naam", "kvkNumber": None, "contact": NO_CONTACT}
    assert await world.ok(world.http.get(f"/v1/providers/{one}", headers=world.gi)) == changed


async def test_a_patch_that_changes_nothing_keeps_the_etag(world: World) -> None:
    one = await _full(world)
    for body in ({}, {"name": FULL["name"], "contact": {"phone": "088 000 0123"}}):
        headers = world.provider(one) | {"If-Match": '"1"'}
        answer = await world.http.patch(f"/v1/providers/{one}", json=body, headers=headers)
        assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')


async def test_a_patch_is_checked(world: World) -> None:
    one = await _full(world)
    headers = world.provider(one) | {"If-Match": '"1"'}
    answer = await world.http.patch(f"/v1/providers/{one}", json={"name": None}, headers=headers)
    assert set(codes(answer)) == {"#/name"}
    body = {"name": "Bureau 123456782", "agbCode": "1", "id": one, "contact": {"website": "ftp://example.org"}}
    answer = await world.http.patch(f"/v1/providers/{one}", json=body, headers=headers)
    assert codes(answer) == {
        "#/name": "bsn",
        "#/agbCode": "agb-code",
        "#/id": "unknown-field",
        "#/contact/website": "format",
    }


async def test_a_patch_needs_the_version_that_it_is_based_on(world: World) -> None:
    one = await _full(world)
    path, own = f"/v1/providers/{one}", world.provider(one)
    problem(await world.http.patch(path, json={"name": "Een"}, headers=own), 428, "if-match-required")
    assert (await _patch(world, one, {"name": "Een"}))["name"] == "Een"
    stale = await world.http.patch(path, json={"name": "Twee"}, headers=own | {"If-Match": '"1"'})
    detail = problem(stale, 412, "stale-version")["detail"]
    current = await world.http.get(path, headers=own)
    assert current.json()["name"] == "Een"
    assert current.headers["etag"] == '"2"'
    assert current.headers["etag"] in detail
    for given in ('W/"2"', '"3"', '""'):
        answer = await world.http.patch(path, json={"name": "Twee"}, headers=own | {"If-Match": given})
        problem(answer, 412, "stale-version")
    assert (await _patch(world, one, {"name": "Twee"}, '"9", "2"'))["name"] == "Twee"
    assert (await _patch(world, one, {"name": "Drie"}, "*"))["name"] == "Drie"


async def test_of_two_patches_at_once_on_one_version_one_is_stale(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    one = await world.add_provider()
    headers = world.provider(one) | {"If-Match": '"1"'}
    path = f"/v1/providers/{one}"
    sent = [world.http.patch(path, json={"name": name}, headers=headers) for name in ("Een", "Twee")]
    answers = await meeting(fresh_database_url, "SELECT FROM providers FOR UPDATE", *sent)
    assert sorted(answers) == [200, 412]
    read = await world.ok(world.http.get(path, headers=world.gi))
    assert read["name"] == answers[200].json()["name"]


async def test_who_has_it_already_gets_304(world: World) -> None:
    one = await _full(world)
    path = f"/v1/providers/{one}"
    for given in ('"1"', 'W/"1"', '"7", "1"', "*"):
        answer = await world.http.get(path, headers=world.gi | {"If-None-Match": given})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", '"1"')
    await _patch(world, one, {"name": "Anders"})
    answer = await world.http.get(path, headers=world.gi | {"If-None-Match": '"1"'})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')


async def test_registering_again_with_the_same_key_gives_the_first_answer(world: World) -> None:
    headers = world.admin | {"Idempotency-Key": "een-sleutel"}
    first = await world.http.post("/v1/providers", json=FULL, headers=headers)
    again = await world.http.post("/v1/providers", json=FULL, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    for name in ("etag", "location", "content-type", "cache-control"):
        assert again.headers[name] == first.headers[name]
    listed = await world.ok(world.http.get("/v1/providers", headers=world.gi))
    assert [each["id"] for each in listed["items"]] == [first.json()["id"]]
    other = await world.http.post("/v1/providers", json=FULL | {"name": "Ander"}, headers=headers)
    problem(other, 422, "idempotency-key-reused")
    by_region = world.region() | {"Idempotency-Key": "een-sleutel"}
    own = await world.http.post("/v1/providers", json={"name": "Van de regio"}, headers=by_region)
    assert (own.status_code, own.json()["name"]) == (201, "Van de regio")


async def test_a_failed_registration_does_not_burn_the_key(world: World) -> None:
    taken = await _full(world)
    headers = world.admin | {"Idempotency-Key": "een-sleutel"}
    assert set(codes(await world.http.post("/v1/providers", json={"name": ""}, headers=headers))) == {"#/name"}
    problem(await world.http.post("/v1/providers", json=FULL, headers=headers), 409, "conflict")
    await _patch(world, taken, {"agbCode": None})
    answer = await world.http.post("/v1/providers", json=FULL, headers=headers)
    assert answer.status_code == 201
    assert answer.json()["id"] != taken


async def test_a_key_has_a_form(world: World) -> None:
    for key in ("", "x" * 201, "met spatie"):
        answer = await world.http.post("/v1/providers", json=FULL, headers=world.admin | {"Idempotency-Key": key})
        assert set(codes(answer)) == {"#/header/Idempotency-Key"}


async def test_two_requests_at_once_with_the_same_key_register_one(committing_world: World) -> None:
    world = committing_world
    headers = world.admin | {"Idempotency-Key": "een-sleutel"}
    sent = [world.http.post("/v1/providers", json={"name": "Een"}, headers=headers) for _ in range(5)]
    answers = await asyncio.gather(*sent)
    assert {(answer.status_code, answer.content, answer.headers["location"]) for answer in answers} == {
        (201, answers[0].content, f"/v1/providers/{answers[0].json()['id']}")
    }
    assert len((await world.ok(world.http.get("/v1/providers", headers=world.gi)))["items"]) == 1


async def test_a_provider_keeps_its_name(world: World) -> None:
    provider_id = await world.add_provider()
    headers = world.admin | {"If-Match": "*"}
    answer = await world.http.patch(f"/v1/providers/{provider_id}", json={"name": None}, headers=headers)
    assert codes(answer) == {"#/name": "null"}
