"""Imposing and lifting placement stops: each party its own."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.kit.security.callers import Role
from tests.supply.capacity.locks import meeting
from tests.world import World, codes, problem

PATH = "/v1/placement-stops"


def _body(provider_id: str, **fields: Any) -> dict[str, Any]:
    return {
        "providerId": provider_id,
        "from": "2026-11-01",
        "imposedBy": "provider",
        "reason": "Verbouwing",
        **fields,
    }


async def _post(world: World, body: Any, headers: dict[str, str]) -> httpx.Response:
    return await world.http.post(PATH, json=body, headers=headers)


async def _patch(
    world: World, stop: dict[str, Any], body: Any, headers: dict[str, str], etag: str = '"1"'
) -> httpx.Response:
    return await world.http.patch(f"{PATH}/{stop['id']}", json=body, headers=headers | {"If-Match": etag})


async def _get(world: World, stop: dict[str, Any]) -> dict[str, Any]:
    return await world.ok(world.http.get(f"{PATH}/{stop['id']}", headers=world.admin))


@pytest.mark.parametrize(
    ("method", "path"), [("GET", PATH), ("POST", PATH), ("GET", PATH + "/{id}"), ("PATCH", PATH + "/{id}")]
)
async def test_needs_a_token(world: World, method: str, path: str) -> None:
    stop = await world.add_stop(await world.add_provider())
    answer = await world.http.request(method, path.format(**stop), json=None if method == "GET" else {})
    problem(answer, 401, "unauthenticated")


@pytest.mark.parametrize(
    "role", [Role.GI, Role.LOCAL_TEAM, Role.REFERRER, Role.SUPRAREGION, Role.INSPECTORATE], ids=str
)
async def test_is_of_regions_providers_and_admins_only(world: World, role: Role) -> None:
    provider_id = await world.add_provider()
    stop, headers = await world.add_stop(provider_id), world.as_(role)
    problem(await world.http.get(PATH, headers=headers), 403, "forbidden")
    problem(await world.http.get(f"{PATH}/{stop['id']}", headers=headers), 403, "forbidden")
    problem(await _post(world, _body(provider_id, imposedBy="inspectorate"), headers), 403, "forbidden")
    problem(await _patch(world, stop, {"to": "2026-11-30"}, headers), 403, "forbidden")


async def test_each_party_imposes_its_own(world: World) -> None:
    provider_id, other = await world.add_provider(), await world.add_provider()
    refused = [
        (world.provider(other), "provider"),
        (world.provider(provider_id), "region"),
        (world.provider(provider_id), "inspectorate"),
        (world.region(), "provider"),
        (world.region(), "inspectorate"),
    ]
    for headers, party in refused:
        problem(await _post(world, _body(provider_id, imposedBy=party), headers), 403, "forbidden")
    assert (await world.ok(world.http.get(PATH, headers=world.admin)))["items"] == []
    allowed = [
        (world.provider(provider_id), "provider", None),
        (world.region(), "region", "JZ03"),
        (world.region("JZ06"), "region", "JZ06"),
        (world.admin, "provider", None),
        (world.admin, "inspectorate", None),
    ]
    for headers, party, region in allowed:
        answer = await _post(world, _body(provider_id, imposedBy=party), headers)
        assert answer.status_code == 201
        assert (answer.json()["imposedBy"], answer.json()["region"]) == (party, region)


async def test_a_regions_stop_needs_a_region(world: World) -> None:
    answer = await _post(world, _body(await world.add_provider(), imposedBy="region"), world.admin)
    assert codes(answer) == {"#/imposedBy": "no-region"}


async def test_of_an_unknown_provider_is_refused(world: World) -> None:
    assert codes(await _post(world, _body(str(uuid4())), world.admin)) == {"#/providerId": "unknown-provider"}


async def test_anothers_looks_as_if_it_did_not_exist(world: World) -> None:
    provider_id, other = await world.add_provider(), await world.add_provider()
    by_provider = await world.add_stop(provider_id)
    by_region = await world.add_stop(provider_id, world.region("JZ06"), imposedBy="region")
    for stop, headers in ((by_provider, world.provider(other)), (by_region, world.region())):
        mine = await world.http.get(f"{PATH}/{stop['id']}", headers=headers)
        none = await world.http.get(f"{PATH}/{uuid4()}", headers=headers)
        assert problem(mine, 404, "not-found")["detail"] == problem(none, 404, "not-found")["detail"]
        problem(await _patch(world, stop, {"to": "2026-11-30"}, headers), 404, "not-found")
        assert await _get(world, stop) == stop


async def test_each_party_changes_its_own(world: World) -> None:
    provider_id = await world.add_provider()
    own = world.provider(provider_id)
    by_provider = await world.add_stop(provider_id)
    by_region = await world.add_stop(provider_id, world.region(), imposedBy="region")
    by_inspectorate = await world.add_stop(provider_id, world.admin, imposedBy="inspectorate")
    seen_only = [
        (by_provider, world.region()),
        (by_region, own),
        (by_inspectorate, own),
        (by_inspectorate, world.region()),
    ]
    for stop, headers in seen_only:
        assert await world.ok(world.http.get(f"{PATH}/{stop['id']}", headers=headers)) == stop
        problem(await _patch(world, stop, {"to": "2026-11-30"}, headers), 403, "forbidden")
        assert await _get(world, stop) == stop
    for stop, headers in ((by_provider, own), (by_region, world.region()), (by_inspectorate, world.admin)):
        changed = await _patch(world, stop, {"to": "2026-11-30"}, headers)
        assert changed.json() == stop | {"to": "2026-11-30"}
    assert (await _patch(world, by_region, {"to": None}, world.admin, '"2"')).json() == by_region


async def test_lists_all_errors_at_once(world: World) -> None:
    body = {
        "providerId": "De Vuurtoren",
        "locationKey": "zee",
        "offerId": str(uuid4()),
        "from": "2026-11-22",
        "to": "2026-11-21",
        "imposedBy": "gemeente",
        "reason": "Vanwege 123456782",
        "region": "JZ03",
    }
    assert codes(await _post(world, body, world.admin)) == {
        "#/providerId": "format",
        "#/offerId": "two-targets",
        "#/to": "order",
        "#/imposedBy": "unknown-code",
        "#/reason": "bsn",
        "#/region": "unknown-field",
    }
    assert codes(await _post(world, {}, world.admin)) == {
        "#/providerId": "missing",
        "#/from": "missing",
        "#/imposedBy": "missing",
        "#/reason": "missing",
    }
    wrong = _body(str(uuid4()), locationKey="met spatie", offerId="1", to="morgen") | {"from": "nu", "reason": None}
    assert codes(await _post(world, wrong, world.admin)) == {
        "#/locationKey": "pattern",
        "#/offerId": "format",
        "#/from": "format",
        "#/to": "format",
        "#/reason": "type",
    }


async def test_needs_a_reason(world: World) -> None:
    for reason, code in (("", "too-short"), ("x" * 2001, "too-long")):
        answer = await _post(world, _body(await world.add_provider(), reason=reason), world.admin)
        assert codes(answer) == {"#/reason": code}


async def test_the_target_is_the_providers_own(world: World) -> None:
    one = await world.add_offer()
    other = await world.add_offer()
    await world.add_location(other["providerId"], "elders")
    targets = [
        ({"locationKey": "elders"}, {"#/locationKey": "unknown-location"}),
        ({"offerId": other["id"]}, {"#/offerId": "unknown-offer"}),
        ({"offerId": str(uuid4())}, {"#/offerId": "unknown-offer"}),
    ]
    for headers, party in ((world.provider(one["providerId"]), "provider"), (world.region(), "region")):
        for target, errors in targets:
            body = _body(one["providerId"], imposedBy=party, **target)
            assert codes(await _post(world, body, headers)) == errors
    assert (await world.ok(world.http.get(PATH, headers=world.admin)))["items"] == []


@pytest.mark.parametrize("target", ["all", "location", "offer"])
async def test_binds_a_provider_or_one_of_its_locations_or_offers(world: World, target: str) -> None:
    offer = await world.add_offer()
    fields = {"all": {}, "location": {"locationKey": "here"}, "offer": {"offerId": offer["id"]}}[target]
    body = _body(offer["providerId"], to="2026-11-01", **fields)
    answer = await _post(world, body, world.provider(offer["providerId"]))
    assert answer.status_code == 201
    made = answer.json()
    assert made == {"locationKey": None, "offerId": None, **body, "id": made["id"], "region": None}
    assert answer.headers["location"] == f"{PATH}/{made['id']}"
    read = await world.http.get(answer.headers["location"], headers=world.region())
    assert (read.json(), read.headers["etag"]) == (made, answer.headers["etag"])
    known = world.region() | {"If-None-Match": answer.headers["etag"]}
    assert (await world.http.get(answer.headers["location"], headers=known)).status_code == 304
    extended = await _patch(world, made, {"to": None}, world.provider(offer["providerId"]))
    assert extended.json() == made | {"to": None}


async def test_is_lifted_by_its_last_day_and_imposed_again_by_null(world: World) -> None:
    provider_id = await world.add_provider()
    stop, own = await world.add_stop(provider_id), world.provider(provider_id)
    lifted = await _patch(world, stop, {"to": "2026-11-21"}, own)
    assert (lifted.json(), lifted.headers["etag"]) == (stop | {"to": "2026-11-21"}, '"2"')
    same = await _patch(world, stop, {"to": "2026-11-21"}, own, '"2"')
    assert same.headers["etag"] == '"2"'
    body = {"from": "2026-11-21", "to": None, "reason": "Verlengd"}
    again = await _patch(world, stop, body, own, '"2"')
    assert await _get(world, stop) == again.json() == stop | body


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"to": "2026-10-31"}, {"#/to": "order"}),
        ({"from": "2026-12-01"}, {"#/to": "order"}),
        ({"from": None, "reason": None}, {"#/from": "null", "#/reason": "null"}),
        ({"reason": "Vanwege 123.456.782"}, {"#/reason": "bsn"}),
        (
            {"imposedBy": "region", "providerId": str(uuid4()), "to": "30-11-2026"},
            {"#/imposedBy": "unknown-field", "#/providerId": "unknown-field", "#/to": "format"},
        ),
    ],
)
async def test_a_patch_is_checked(world: World, body: dict[str, Any], errors: dict[str, str]) -> None:
    provider_id = await world.add_provider()
    stop = await world.add_stop(provider_id, to="2026-11-30")
    assert codes(await _patch(world, stop, body, world.provider(provider_id))) == errors
    assert await _get(world, stop) == stop


async def test_a_patch_needs_the_version_that_it_is_based_on(world: World) -> None:
    provider_id = await world.add_provider()
    stop, own = await world.add_stop(provider_id), world.provider(provider_id)
    none = await world.http.patch(f"{PATH}/{stop['id']}", json={"to": "2026-11-30"}, headers=own)
    problem(none, 428, "if-match-required")
    assert (await _patch(world, stop, {"to": "2026-11-30"}, own)).status_code == 200
    stale = await _patch(world, stop, {"to": "2026-12-31"}, own)
    assert '"2"' in problem(stale, 412, "stale-version")["detail"]
    assert (await _get(world, stop))["to"] == "2026-11-30"


async def test_imposing_again_with_the_same_key_gives_the_first_answer(world: World) -> None:
    provider_id = await world.add_provider()
    headers = world.provider(provider_id) | {"Idempotency-Key": "een-sleutel"}
    problem(await _post(world, _body(provider_id, imposedBy="region"), headers), 403, "forbidden")  # burns no key
    unknown = _body(provider_id, locationKey="elders")
    assert codes(await _post(world, unknown, headers)) == {"#/locationKey": "unknown-location"}
    body = _body(provider_id)
    first, again = await _post(world, body, headers), await _post(world, body, headers)
    assert first.status_code == 201
    assert (again.status_code, again.content) == (201, first.content)
    for name in ("etag", "location"):
        assert again.headers[name] == first.headers[name]
    assert (await world.ok(world.http.get(PATH, headers=world.admin)))["items"] == [first.json()]
    problem(await _post(world, body | {"reason": "Anders"}, headers), 422, "idempotency-key-reused")


async def test_two_requests_at_once_with_the_same_key_impose_one(committing_world: World) -> None:
    world = committing_world
    provider_id = await world.add_provider()
    headers = world.provider(provider_id) | {"Idempotency-Key": "een-sleutel"}
    answers = await asyncio.gather(*(_post(world, _body(provider_id), headers) for _ in range(5)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert (await world.ok(world.http.get(PATH, headers=world.admin)))["items"] == [answers[0].json()]


async def test_of_two_patches_at_once_on_one_version_one_is_stale(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    provider_id = await world.add_provider()
    stop, own = await world.add_stop(provider_id), world.provider(provider_id)
    sent = [_patch(world, stop, {"to": day}, own) for day in ("2026-11-30", "2026-12-31")]
    answers = await meeting(fresh_database_url, "SELECT FROM placement_stops FOR UPDATE", *sent)
    assert sorted(answers) == [200, 412]
    assert await _get(world, stop) == answers[200].json()
