"""Keeping contracts: a region its own regional and light ones, an admin any; providers see their own."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.kit.security.callers import Role
from tests.supply.capacity.locks import meeting
from tests.world import (
    HOME,
    World,
    codes,
    problem,
)

PATH = "/v1/contracts"
ALKMAAR = "GM0361"
"""In region JZ06."""
AS_IT_STANDS = {"arrangementId": None, "withdrawnAt": None, "why": None}
"""A contract that a region registered, and that was not withdrawn."""


def _body(provider_id: str, **fields: Any) -> dict[str, Any]:
    return {"providerId": provider_id, "kind": "regional", "regions": ["JZ03"], "validFrom": "2026-01-01", **fields}


async def _post(world: World, body: Any, headers: dict[str, str] | None = None) -> httpx.Response:
    return await world.http.post(PATH, json=body, headers=headers or world.region())


async def _patch(
    world: World, contract: dict[str, Any], body: Any, headers: dict[str, str] | None = None, etag: str = '"1"'
) -> httpx.Response:
    sent = (headers or world.region()) | {"If-Match": etag}
    return await world.http.patch(f"{PATH}/{contract['id']}", json=body, headers=sent)


async def _get(world: World, contract: dict[str, Any]) -> dict[str, Any]:
    return await world.ok(world.http.get(f"{PATH}/{contract['id']}", headers=world.admin))


@pytest.mark.parametrize(
    ("method", "path"), [("GET", PATH), ("POST", PATH), ("GET", PATH + "/{id}"), ("PATCH", PATH + "/{id}")]
)
async def test_needs_a_token(world: World, method: str, path: str) -> None:
    contract = await world.add_contract(await world.add_provider())
    answer = await world.http.request(method, path.format(**contract), json=None if method == "GET" else {})
    problem(answer, 401, "unauthenticated")


@pytest.mark.parametrize(
    "role", [Role.GI, Role.LOCAL_TEAM, Role.REFERRER, Role.SUPRAREGION, Role.INSPECTORATE], ids=str
)
async def test_is_of_regions_providers_and_admins_only(world: World, role: Role) -> None:
    provider_id = await world.add_provider()
    contract, headers = await world.add_contract(provider_id), world.as_(role)
    problem(await world.http.get(PATH, headers=headers), 403, "forbidden")
    problem(await world.http.get(f"{PATH}/{contract['id']}", headers=headers), 403, "forbidden")
    problem(await _post(world, _body(provider_id), headers), 403, "forbidden")
    problem(await _patch(world, contract, {"validTo": None}, headers), 403, "forbidden")


async def test_a_provider_reads_its_own_and_writes_none(world: World) -> None:
    provider_id = await world.add_provider()
    contract, own = await world.add_contract(provider_id), world.provider(provider_id)
    problem(await _post(world, _body(provider_id), own), 403, "forbidden")
    problem(await _patch(world, contract, {"ceiling": {"reached": False}}, own), 403, "forbidden")
    assert await world.ok(world.http.get(f"{PATH}/{contract['id']}", headers=own)) == contract
    assert await _get(world, contract) == contract


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "supraregional"},
        {"kind": "national"},
        {"regions": ["JZ06"]},
        {"regions": ["JZ03", "JZ06"]},
        {"municipalities": [ALKMAAR]},
        {"regions": [], "municipalities": [HOME, ALKMAAR]},
        {"kind": "light", "regions": ["JZ06"]},
    ],
)
async def test_a_region_writes_only_regional_and_light_ones_of_its_own(world: World, fields: dict[str, Any]) -> None:
    body = _body(await world.add_provider(), **fields)
    problem(await _post(world, body), 403, "forbidden")
    assert (await world.ok(world.http.get(PATH, headers=world.admin)))["items"] == []
    assert (await _post(world, body, world.admin)).status_code == 201


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"kind": "light"},
        {"municipalities": [HOME, "GM0441"]},
        {"regions": [], "municipalities": [HOME]},
    ],
)
async def test_a_region_writes_its_own(world: World, fields: dict[str, Any]) -> None:
    body = _body(await world.add_provider(), **fields)
    answer = await _post(world, body)
    assert answer.status_code == 201
    assert {name: answer.json()[name] for name in body} == body


async def test_of_an_unknown_provider_is_refused(world: World) -> None:
    assert codes(await _post(world, _body(str(uuid4())))) == {"#/providerId": "unknown-provider"}


async def test_another_regions_looks_as_if_it_did_not_exist(world: World) -> None:
    contract = await world.add_contract(await world.add_provider(), regions=["JZ06"])
    other = world.provider(await world.add_provider())
    for headers in (world.region(), other):
        mine = await world.http.get(f"{PATH}/{contract['id']}", headers=headers)
        none = await world.http.get(f"{PATH}/{uuid4()}", headers=headers)
        assert problem(mine, 404, "not-found")["detail"] == problem(none, 404, "not-found")["detail"]
    problem(await _patch(world, contract, {"validTo": None}), 404, "not-found")
    assert await _get(world, contract) == contract


async def test_lists_all_errors_at_once(world: World) -> None:
    body = {
        "providerId": "De Vuurtoren",
        "kind": "landelijk",
        "regions": ["JZ03", "JZ40"],
        "municipalities": ["GM9999"],
        "careTypes": [],
        "productCodes": ["44A09", "44A09"],
        "validFrom": "2026-01-01",
        "validTo": "2025-12-31",
        "ceiling": {"reached": "misschien", "amount": 100},
        "price": 100,
    }
    assert codes(await _post(world, body)) == {
        "#/providerId": "format",
        "#/kind": "unknown-code",
        "#/regions/1": "unknown-code",
        "#/municipalities/0": "unknown-code",
        "#/careTypes": "too-few",
        "#/productCodes": "repeated",
        "#/validTo": "order",
        "#/ceiling/reached": "type",
        "#/ceiling/amount": "unknown-field",
        "#/price": "unknown-field",
    }
    assert codes(await _post(world, {})) == {
        "#/providerId": "missing",
        "#/kind": "missing",
        "#/validFrom": "missing",
    }


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"regions": []}, "no-area"),
        ({"regions": ["JZ03", "JZ03"]}, "repeated"),
        ({"municipalities": [HOME, HOME]}, "repeated"),
        ({"careTypes": ["weeshuis"]}, "unknown-code"),
        ({"validFrom": "2026-02-30"}, "format"),
        ({"validTo": "2025-12-31"}, "order"),
        ({"regions": None}, "type"),
    ],
)
async def test_refuses_what_does_not_fit(world: World, fields: dict[str, Any], code: str) -> None:
    answer = await _post(world, _body(await world.add_provider(), **fields), world.admin)
    assert list(codes(answer).values()) == [code]


async def test_keeps_everything_that_is_given(world: World) -> None:
    body = {
        "providerId": await world.add_provider(),
        "kind": "light",
        "regions": ["JZ03"],
        "municipalities": [HOME],
        "careTypes": ["gezinshuis", "logeren"],
        "productCodes": ["44A09"],
        "validFrom": "2026-01-01",
        "validTo": "2026-01-01",
        "ceiling": {"reached": True, "exemptsMeasure": True},
    }
    answer = await _post(world, body)
    made = answer.json()
    assert made == body | {"id": made["id"], **AS_IT_STANDS}
    assert answer.headers["location"] == f"{PATH}/{made['id']}"
    read = await world.http.get(answer.headers["location"], headers=world.region())
    assert (read.json(), read.headers["etag"]) == (made, answer.headers["etag"])
    known = world.region() | {"If-None-Match": answer.headers["etag"]}
    assert (await world.http.get(answer.headers["location"], headers=known)).status_code == 304


async def test_fills_in_what_is_left_out(world: World) -> None:
    body = _body(await world.add_provider())
    made = (await _post(world, body)).json()
    assert made == body | {
        "id": made["id"],
        "municipalities": [],
        "careTypes": None,
        "productCodes": [],
        "validTo": None,
        "ceiling": {"reached": False, "exemptsMeasure": False},
        **AS_IT_STANDS,
    }


async def test_a_patch_changes_what_it_names(world: World) -> None:
    contract = await world.add_contract(
        await world.add_provider(), validTo="2026-12-31", ceiling={"exemptsMeasure": True}
    )
    changed = (await _patch(world, contract, {"ceiling": {"reached": True}})).json()
    assert changed == contract | {"ceiling": {"reached": True, "exemptsMeasure": True}}
    body: dict[str, Any] = {
        "validFrom": "2026-02-01",
        "validTo": None,
        "careTypes": ["logeren"],
        "productCodes": ["44A09"],
    }
    answer = await _patch(world, contract, body, etag='"2"')
    assert (answer.json(), answer.headers["etag"]) == (changed | body, '"3"')
    body = {"careTypes": None, "regions": [], "municipalities": [HOME]}
    last = await _patch(world, contract, body, etag='"3"')
    assert await _get(world, contract) == last.json() == answer.json() | body


async def test_a_patch_that_changes_nothing_keeps_the_etag(world: World) -> None:
    contract = await world.add_contract(await world.add_provider())
    bodies: list[dict[str, Any]] = [{}, {"regions": ["JZ03"], "ceiling": {"reached": False}}, {"ceiling": {}}]
    for body in bodies:
        answer = await _patch(world, contract, body)
        assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')


async def test_a_patch_needs_the_version_that_it_is_based_on(world: World) -> None:
    contract = await world.add_contract(await world.add_provider())
    path = f"{PATH}/{contract['id']}"
    none = await world.http.patch(path, json={"ceiling": {"reached": True}}, headers=world.region())
    problem(none, 428, "if-match-required")
    assert (await _patch(world, contract, {"ceiling": {"reached": True}})).headers["etag"] == '"2"'
    stale = await _patch(world, contract, {"ceiling": {"reached": False}})
    assert '"2"' in problem(stale, 412, "stale-version")["detail"]
    assert (await _get(world, contract))["ceiling"]["reached"] is True


@pytest.mark.parametrize(
    "body",
    [
        {"regions": ["JZ06"]},
        {"regions": ["JZ03", "JZ06"]},
        {"municipalities": [ALKMAAR]},
        {"regions": [], "municipalities": [HOME, ALKMAAR]},
    ],
)
async def test_a_region_does_not_move_a_contract_out_of_itself(world: World, body: dict[str, Any]) -> None:
    contract = await world.add_contract(await world.add_provider())
    problem(await _patch(world, contract, body), 403, "forbidden")
    assert await _get(world, contract) == contract
    assert (await _patch(world, contract, body, world.admin)).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "supraregional"},
        {"kind": "national"},
        {"regions": ["JZ03", "JZ06"]},
        {"regions": ["JZ06"], "municipalities": [HOME]},
    ],
)
async def test_a_region_sees_what_touches_it_but_changes_only_its_own(world: World, fields: dict[str, Any]) -> None:
    contract = await world.add_contract(await world.add_provider(), **fields)
    assert await world.ok(world.http.get(f"{PATH}/{contract['id']}", headers=world.region())) == contract
    problem(await _patch(world, contract, {"ceiling": {"reached": True}}), 403, "forbidden")
    inside = {"regions": ["JZ03"], "municipalities": []}
    problem(await _patch(world, contract, inside), 403, "forbidden")
    assert await _get(world, contract) == contract


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"validTo": "2025-12-31"}, {"#/validTo": "order"}),
        ({"validFrom": "2027-01-01"}, {"#/validTo": "order"}),
        ({"validFrom": None}, {"#/validFrom": "null"}),
        (
            {"regions": None, "municipalities": None, "productCodes": None, "ceiling": None},
            {
                "#/regions": "null",
                "#/municipalities": "null",
                "#/productCodes": "null",
                "#/ceiling": "null",
            },
        ),
        ({"regions": []}, {"#/regions": "no-area"}),
        ({"careTypes": []}, {"#/careTypes": "too-few"}),
        ({"ceiling": {"reached": None}}, {"#/ceiling/reached": "type"}),
        (
            {"providerId": str(uuid4()), "kind": "national", "regions": ["JZ40"]},
            {"#/providerId": "unknown-field", "#/kind": "unknown-field", "#/regions/0": "unknown-code"},
        ),
    ],
)
async def test_a_patch_is_checked(world: World, body: dict[str, Any], errors: dict[str, str]) -> None:
    contract = await world.add_contract(await world.add_provider(), validTo="2026-12-31")
    assert codes(await _patch(world, contract, body)) == errors
    assert await _get(world, contract) == contract


async def test_registering_again_with_the_same_key_gives_the_first_answer(world: World) -> None:
    body = _body(await world.add_provider())
    headers = world.region() | {"Idempotency-Key": "een-sleutel"}
    problem(await _post(world, body | {"kind": "national"}, headers), 403, "forbidden")  # burns no key
    assert codes(await _post(world, body | {"regions": ["JZ40"]}, headers)) == {"#/regions/0": "unknown-code"}
    first, again = await _post(world, body, headers), await _post(world, body, headers)
    assert first.status_code == 201
    assert (again.status_code, again.content) == (201, first.content)
    for name in ("etag", "location"):
        assert again.headers[name] == first.headers[name]
    assert (await world.ok(world.http.get(PATH, headers=world.admin)))["items"] == [first.json()]
    problem(await _post(world, body | {"kind": "light"}, headers), 422, "idempotency-key-reused")


async def test_two_requests_at_once_with_the_same_key_register_one(committing_world: World) -> None:
    world = committing_world
    body = _body(await world.add_provider())
    headers = world.region() | {"Idempotency-Key": "een-sleutel"}
    answers = await asyncio.gather(*(_post(world, body, headers) for _ in range(5)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert (await world.ok(world.http.get(PATH, headers=world.admin)))["items"] == [answers[0].json()]


async def test_of_two_patches_at_once_on_one_version_one_is_stale(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    contract = await world.add_contract(await world.add_provider())
    sent = [_patch(world, contract, {"validTo": day}) for day in ("2026-06-30", "2026-12-31")]
    answers = await meeting(fresh_database_url, "SELECT FROM contracts FOR UPDATE", *sent)
    assert sorted(answers) == [200, 412]
    assert await _get(world, contract) == answers[200].json()
