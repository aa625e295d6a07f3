"""Organisations: kept by admins, each with a role and what it owns in that role."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.kit.security.callers import Role
from tests.access.clients import add_organisation
from tests.world import World, codes, problem

UNKNOWN = "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"
OPERATIONS: list[tuple[str, str, dict[str, Any] | None]] = [
    ("GET", "/v1/organisations", None),
    ("POST", "/v1/organisations", {"name": "Organisatie", "role": "gi"}),
    ("GET", f"/v1/organisations/{UNKNOWN}", None),
    ("PATCH", f"/v1/organisations/{UNKNOWN}", {"name": "Organisatie"}),
    ("GET", f"/v1/organisations/{UNKNOWN}/clients", None),
    ("PUT", f"/v1/organisations/{UNKNOWN}/clients/duinen-epd", {"secret": "x" * 32}),
    ("DELETE", f"/v1/organisations/{UNKNOWN}/clients/duinen-epd", None),
]


async def add(world: World, **fields: Any) -> httpx.Response:
    body = {"name": "Organisatie", "role": "gi", **fields}
    return await world.http.post("/v1/organisations", json=body, headers=world.admin)


@pytest.mark.parametrize(("method", "path", "body"), OPERATIONS)
async def test_is_the_admins_alone(world: World, method: str, path: str, body: dict[str, Any] | None) -> None:
    problem(await world.http.request(method, path, json=body), 401, "unauthenticated")
    for role in set(Role) - {Role.ADMIN}:
        answer = await world.http.request(method, path, json=body, headers=world.as_(role))
        problem(answer, 403, "forbidden")
    answer = await world.http.request(method, path, json=body, headers=world.admin)
    assert answer.status_code in ({200, 201} if path == "/v1/organisations" else {404})


async def test_every_role_has_a_token_that_opens_me(world: World) -> None:
    problem(await world.http.get("/v1/me"), 401, "unauthenticated")
    for role in Role:
        assert (await world.ok(world.http.get("/v1/me", headers=world.as_(role))))["role"] == role


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"role": "provider"}, {"#": "role-mismatch"}),  # of which provider?
        ({"role": "region"}, {"#": "role-mismatch"}),
        ({"role": "supraregion"}, {"#": "role-mismatch"}),
        ({"role": "gi", "providerId": UNKNOWN}, {"#": "role-mismatch"}),
        ({"role": "gi", "region": "JZ03"}, {"#": "role-mismatch"}),
        ({"role": "region", "region": "JZ03", "supraregion": "noord-holland"}, {"#": "role-mismatch"}),
        ({"role": "admin", "institution": "De Jeugd- en Gezinsbeschermers"}, {"#": "role-mismatch"}),
        ({"role": "supraregion", "supraregion": "atlantis"}, {"#": "unknown-code"}),
        ({"role": "region", "region": "JZ99"}, {"#/region": "unknown-code"}),
        ({"role": "region", "region": "Kop van Noord-Holland"}, {"#/region": "region-code"}),
        ({"role": "minister"}, {"#/role": "unknown-code"}),
        ({"role": None, "name": ""}, {"#/role": "unknown-code", "#/name": "too-short"}),
        ({"name": "Gezin 123456782"}, {"#/name": "bsn"}),
        ({"name": "x" * 201}, {"#/name": "too-long"}),
        ({"name": "De\x00Duinen"}, {"#/name": "control-character"}),
        ({"rol": "gi", "id": UNKNOWN}, {"#/rol": "unknown-field", "#/id": "unknown-field"}),
    ],
)
async def test_bad_input_is_refused(world: World, fields: dict[str, Any], expected: dict[str, str]) -> None:
    assert codes(await add(world, **fields)) == expected


async def test_an_unknown_role_is_named(world: World) -> None:
    answer = await add(world, role="minister")
    (error,) = problem(answer, 400, "invalid-input")["errors"]
    assert "minister" in error["detail"]
    assert "inspectorate" in error["detail"]


async def test_a_provider_has_to_exist(world: World) -> None:
    assert codes(await add(world, role="provider", providerId=UNKNOWN)) == {"#/providerId": "unknown-provider"}


async def test_is_registered_with_what_it_owns(world: World) -> None:
    answer = await add(world, name="Kop van Noord-Holland", role="region", region="JZ03")
    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["location"] == f"/v1/organisations/{made['id']}"
    assert made == {
        "id": made["id"],
        "name": "Kop van Noord-Holland",
        "role": "region",
        "region": "JZ03",
        "providerId": None,
        "supraregion": None,
        "institution": None,
    }
    read = await world.http.get(answer.headers["location"], headers=world.admin)
    assert read.json() == made
    assert read.headers["etag"] == answer.headers["etag"]


async def test_the_same_idempotency_key_registers_once(world: World) -> None:
    body, headers = {"name": "Eenmaal", "role": "gi"}, world.admin | {"Idempotency-Key": str(uuid4())}
    first = await world.http.post("/v1/organisations", json=body, headers=headers)
    again = await world.http.post("/v1/organisations", json=body, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["location"] == first.headers["location"]
    listed = await world.ok(world.http.get("/v1/organisations?limit=200", headers=world.admin))
    assert [each["name"] for each in listed["items"]].count("Eenmaal") == 1


async def test_what_does_not_exist_is_not_found(world: World) -> None:
    for path in (UNKNOWN, "duinen"):
        answer = await world.http.get(f"/v1/organisations/{path}", headers=world.admin)
        problem(answer, 404, "not-found")
        answer = await world.http.get(f"/v1/organisations/{path}/clients", headers=world.admin)
        problem(answer, 404, "not-found")
    answer = await world.http.patch(f"/v1/organisations/{UNKNOWN}", json={"name": "X"}, headers=world.admin)
    problem(answer, 404, "not-found")


async def test_the_name_changes_only_for_who_has_read_it(world: World) -> None:
    path = f"/v1/organisations/{(await add_organisation(world))['id']}"
    first = (await world.http.get(path, headers=world.admin)).headers["etag"]

    async def rename(name: str, **headers: str) -> httpx.Response:
        return await world.http.patch(path, json={"name": name}, headers=world.admin | headers)

    problem(await rename("Zonder"), 428, "if-match-required")
    problem(await rename("Verkeerd", **{"If-Match": '"99"'}), 412, "stale-version")
    problem(await rename("Zwak", **{"If-Match": f"W/{first}"}), 412, "stale-version")
    changed = await rename("Nieuw", **{"If-Match": f'"99", {first}'})
    assert changed.status_code == 200
    assert changed.json()["name"] == "Nieuw"
    assert changed.headers["etag"] != first
    stale = await rename("Te laat", **{"If-Match": first})
    assert changed.headers["etag"] in problem(stale, 412, "stale-version")["detail"]
    assert (await rename("Nieuw", **{"If-Match": "*"})).headers["etag"] == changed.headers["etag"]
    assert (await world.http.get(path, headers=world.admin)).json()["name"] == "Nieuw"


async def test_its_role_does_not_change(world: World) -> None:
    path = f"/v1/organisations/{(await add_organisation(world))['id']}"
    headers = world.admin | {"If-Match": "*"}
    answer = await world.http.patch(path, json={"name": "X", "role": "admin"}, headers=headers)
    assert codes(answer) == {"#/role": "unknown-field"}


async def test_who_has_the_version_gets_no_body(world: World) -> None:
    path = f"/v1/organisations/{(await add_organisation(world))['id']}"
    etag = (await world.http.get(path, headers=world.admin)).headers["etag"]
    answer = await world.http.get(path, headers=world.admin | {"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


async def test_pages_are_by_name_without_gaps(world: World) -> None:
    names = ["Ada", "Ada", "Bo", "Cas", "Dirk"]
    for name in reversed(names):
        await add_organisation(world, name=name, role="inspectorate")
    await add_organisation(world, name="Aaron", role="gi")
    href, seen, sizes = "/v1/organisations?role=inspectorate&limit=2", [], []
    while href:
        answer = await world.http.get(href, headers=world.admin)
        content = answer.json()
        assert content["_links"]["self"]["href"] == href
        following = content["_links"].get("next", {}).get("href", "")
        assert answer.headers.get("link", "") == (f'<{following}>; rel="next"' if following else "")
        seen += content["items"]
        sizes.append(len(content["items"]))
        href = following
    assert [each["name"] for each in seen] == names
    assert len({each["id"] for each in seen}) == len(names)
    assert sizes == [2, 2, 1]
