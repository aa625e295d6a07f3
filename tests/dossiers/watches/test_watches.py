"""Keeping watches: whose they are, what is refused, and how they change."""

from typing import Any
from uuid import uuid4

import pytest

from app.dossiers.watches import service
from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.dossiers.watches.scene import (
    PATH,
    add_watch,
    body,
    change,
    matches,
    other_gi,
)
from tests.world import World, codes, problem

NOBODYS = "3f0f2a52-0e0c-5a5e-9a0a-0f0a6b7c8d90"
REFERRERS = {Role.GI, Role.LOCAL_TEAM}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", PATH),
        ("GET", PATH),
        ("GET", f"{PATH}/events"),
        ("GET", f"{PATH}/{NOBODYS}"),
        ("PATCH", f"{PATH}/{NOBODYS}"),
        ("DELETE", f"{PATH}/{NOBODYS}"),
        ("GET", f"{PATH}/{NOBODYS}/matches"),
    ],
)
async def test_are_for_referrers_alone(world: World, method: str, path: str) -> None:
    content = {"POST": body(), "PATCH": {}}.get(method)
    problem(await world.http.request(method, path, json=content), 401, "unauthenticated")
    for role in set(Role) - REFERRERS:
        problem(await world.http.request(method, path, headers=world.as_(role), json=content), 403, "forbidden")


async def test_another_organisations_watch_does_not_exist(world: World) -> None:
    watch = await add_watch(world)
    path, other = f"{PATH}/{watch['id']}", other_gi(world)
    for answer in (
        await world.http.get(path, headers=other),
        await world.http.get(f"{path}/matches", headers=other),
        await world.http.patch(path, json={"label": "x"}, headers=other | {"If-Match": "*"}),
        await world.http.delete(path, headers=other | {"If-Match": "*"}),
        await world.http.get(f"{PATH}/{uuid4()}", headers=other),
        await world.http.get(f"{PATH}/nonsense", headers=other),
    ):
        problem(answer, 404, "not-found")
    assert (await world.ok(world.http.get(PATH, headers=other)))["items"] == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"channels": []}, {"#/channels": "too-few"}),
        ({"channels": ["sse", "sse"]}, {"#/channels": "repeated"}),
        ({"channels": ["pigeon"]}, {"#/channels/0": "unknown-code"}),
        ({"channels": ["email"]}, {"#/email": "email-and-channel"}),
        ({"email": "team@example.org"}, {"#/email": "email-and-channel"}),
        ({"channels": ["email"], "email": "team at home"}, {"#/email": "email"}),
        ({"channels": ["email"], "email": "a@example.org\nBcc: b@example.org"}, {"#/email": "email"}),
        ({"channels": ["email"], "email": "team@example.org"}, {"#/channels": "no-mail"}),
        ({"search": None}, {"#": "one-of"}),
        ({"search": {"careType": ["gezinshuis"]}, "requestId": str(uuid4())}, {"#": "one-of"}),
        ({"search": {}}, {"#/search/careType": "missing"}),
        ({"search": {"careType": []}}, {"#/search/careType": "too-few"}),
        ({"search": {"careType": ["magie"], "wens": 1}},
         {"#/search/careType/0": "unknown-code", "#/search/wens": "unknown-field"}),
        ({"search": {"careType": ["gezinshuis"], "age": "9"}}, {"#/search/age": "type"}),
        ({"search": {"careType": ["gezinshuis"], "status": ["closed"]}}, {"#/search/status/0": "unknown-code"}),
        ({"search": {"careType": ["gezinshuis"], "status": []}}, {"#/search/status": "too-few"}),
        ({"search": {"careType": ["gezinshuis"], "sort": "soonest"}}, {"#/search/sort": "unknown-field"}),
        (
            {"search": {"careType": ["gezinshuis"], "radiusKm": 5}, "expiresOn": "2026-11-21"},
            {"#/search/radiusKm": "needs-postcode", "#/expiresOn": "out-of-range"},
        ),
        ({"expiresOn": "2027-12-01"}, {"#/expiresOn": "out-of-range"}),
        ({"label": "Voor 111222333"}, {"#/label": "bsn"}),
        ({"requestId": str(uuid4())}, {"#/requestId": "unknown-request"}),
    ],
)  # fmt: skip
async def test_refuses_what_is_no_watch(world: World, fields: dict[str, Any], expected: dict[str, str]) -> None:
    assert codes(await world.http.post(PATH, json=body(**fields), headers=world.gi)) == expected


async def test_another_organisations_request_is_none(world: World) -> None:
    request = await world.add_request()
    answer = await world.http.post(PATH, json=body(requestId=request["id"]), headers=other_gi(world))
    assert codes(answer) == {"#/requestId": "unknown-request"}


async def test_is_kept_as_it_was_made(world: World) -> None:
    search = {"careType": ["gezinshuis"], "region": ["JZ03"], "postcode": "1781", "radiusKm": 25, "age": 9}
    asked = search | {"region": "JZ03"}  # one of what may be several, as it was asked before it could be
    answer = await world.http.post(PATH, json=body(label="Kop", search=asked), headers=world.gi)
    watch = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{PATH}/{watch['id']}"
    assert watch == {
        "id": watch["id"],
        "label": "Kop",
        "search": {**search, "status": ["free", "soon"]},
        "requestId": None,
        "channels": ["sse"],
        "email": None,
        "language": "nl",
        "status": "active",
        "expiresOn": "2027-02-20",
        "createdAt": "2026-11-22T10:00:00Z",
    }
    seen = await world.http.get(f"{PATH}/{watch['id']}", headers=world.gi)
    assert seen.json() == watch
    assert seen.headers["etag"] == answer.headers["etag"]


async def test_the_same_key_makes_one(world: World) -> None:
    headers = world.gi | {"Idempotency-Key": "watch-1"}
    first = await world.ok(world.http.post(PATH, json=body(), headers=headers))
    assert await world.ok(world.http.post(PATH, json=body(), headers=headers)) == first
    refused = await world.http.post(PATH, json=body(label="x"), headers=headers)
    problem(refused, 422, "idempotency-key-reused")
    assert len((await world.ok(world.http.get(PATH, headers=world.gi)))["items"]) == 1


async def test_what_fits_already_is_noted_and_not_told(world: World) -> None:
    free, full, soon = await world.add_offer(), await world.add_offer(), await world.add_offer()
    await world.report(free)
    await world.report(full, placesFree=0)
    await world.report(soon, placesFree=0, nextFreeOn="2026-12-01")
    watch = await add_watch(world)
    found = {each["offerId"]: (each["status"], each["told"], each["goneAt"]) for each in await matches(world, watch)}
    assert found == {free["id"]: ("free", False, None), soon["id"]: ("soon", False, None)}


async def test_pages_hold(world: World) -> None:
    made = [(await add_watch(world))["id"] for _ in range(5)]
    offers = [await world.add_offer() for _ in range(3)]
    for offer in offers:
        await world.report(offer)
    for path, count in ((PATH, 5), (f"{PATH}/{(await add_watch(world))['id']}/matches", 3)):
        seen: list[Any] = []
        following: str | None = f"{path}?limit=2"
        while following:
            content = await world.ok(world.http.get(following, headers=world.gi))
            seen += [each["id"] for each in content["items"]]
            following = content["_links"].get("next", {}).get("href")
        assert len(set(seen)) == len(seen) >= count
    assert set(made) <= {each["id"] for each in (await world.ok(world.http.get(PATH, headers=world.gi)))["items"]}


async def test_changes_by_version(world: World) -> None:
    watch = await add_watch(world)
    path = f"{PATH}/{watch['id']}"
    etag = (await world.http.get(path, headers=world.gi)).headers["etag"]
    problem(await world.http.patch(path, json={"label": "x"}, headers=world.gi), 428, "if-match-required")
    stale = world.gi | {"If-Match": '"7"'}
    problem(await world.http.patch(path, json={"label": "x"}, headers=stale), 412, "stale-version")
    answer = await world.http.patch(
        path, json={"label": "x", "channels": ["webhook"], "status": "paused"}, headers=world.gi | {"If-Match": etag}
    )
    assert answer.json() == watch | {"label": "x", "channels": ["webhook"], "status": "paused"}
    assert answer.headers["etag"] != etag
    problem(await world.http.delete(path, headers=world.gi), 428, "if-match-required")
    assert (await world.http.delete(path, headers=world.gi | {"If-Match": "*"})).status_code == 204
    problem(await world.http.get(path, headers=world.gi), 404, "not-found")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"search": {"careType": ["gezinshuis"]}}, {"#/search": "unknown-field"}),
        ({"channels": None, "status": None, "expiresOn": None, "language": None},
         {"#/channels": "null", "#/status": "null", "#/expiresOn": "null", "#/language": "null"}),
        ({"channels": ["email"]}, {"#/email": "email-and-channel"}),
        ({"status": "ended"}, {"#/status": "unknown-code"}),
        ({"expiresOn": "2026-11-21"}, {"#/expiresOn": "out-of-range"}),
        ({"channels": ["email"], "email": "team@example.org"}, {"#/channels": "no-mail"}),
    ],
)  # fmt: skip
async def test_refuses_what_is_no_change(world: World, fields: dict[str, Any], expected: dict[str, str]) -> None:
    watch = await add_watch(world)
    headers = world.gi | {"If-Match": "*"}
    assert codes(await world.http.patch(f"{PATH}/{watch['id']}", json=fields, headers=headers)) == expected


async def test_ends_by_its_last_day_and_goes_on_with_another(world: World, clock: SettableClock) -> None:
    watch = await add_watch(world, expiresOn="2026-11-22")
    assert watch["status"] == "active"
    before = (await world.http.get(f"{PATH}/{watch['id']}", headers=world.gi)).headers["etag"]
    clock.now = clock.now.replace(day=23)
    seen = await world.http.get(f"{PATH}/{watch['id']}", headers=world.gi)
    assert seen.json()["status"] == "ended"
    assert seen.headers["etag"] != before
    assert (await change(world, watch, expiresOn="2026-11-30"))["status"] == "active"


async def test_ends_with_its_request(world: World) -> None:
    request = await world.add_request()
    watch, other = await add_watch(world, requestId=request["id"]), await add_watch(world)
    headers, stale = world.gi | {"If-Match": "*"}, world.gi | {"If-Match": '"9"'}
    reasons = (await world.ok(world.http.get("/v1/closing-reasons")))["items"]
    closing = {"status": "closed", "closedReason": reasons[0]["code"]}
    path = f"{PATH}/{watch['id']}"
    refused = await world.http.patch(f"/v1/requests/{request['id']}", json=closing, headers=stale)
    problem(refused, 412, "stale-version")
    assert (await world.ok(world.http.get(path, headers=world.gi)))["status"] == "active"
    await world.ok(world.http.patch(f"/v1/requests/{request['id']}", json=closing, headers=headers))
    assert (await world.ok(world.http.get(path, headers=world.gi)))["status"] == "ended"
    assert (await world.ok(world.http.get(f"{PATH}/{other['id']}", headers=world.gi)))["status"] == "active"
    problem(await world.http.patch(path, json={"status": "active"}, headers=headers), 409, "conflict")
    again = await world.http.post(PATH, json=body(requestId=request["id"]), headers=world.gi)
    problem(again, 409, "conflict")


async def test_an_organisation_has_so_many_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_WATCHES", 2)
    first, _ = await add_watch(world), await add_watch(world)
    problem(await world.http.post(PATH, json=body(), headers=world.gi), 409, "conflict")
    await add_watch(world, other_gi(world))
    await world.http.delete(f"{PATH}/{first['id']}", headers=world.gi | {"If-Match": "*"})
    await add_watch(world)
