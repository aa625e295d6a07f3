"""Closing calls: by their institution, with the request, when help starts, and by the clock."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.kit.security.callers import Role
from tests.conftest import NOW, SettableClock
from tests.dossiers.calls.scene import (
    OTHER_GI,
    answer,
    close,
    contracted,
    get,
    listed,
    post_call,
    publish,
)
from tests.dossiers.referrals.scene import brought_to, refer
from tests.world import World, codes, problem

Json = dict[str, Any]
CLOSED: Json = {"status": "closed", "closedReason": "help-not-needed"}


async def _change(world: World, request: Json, body: Json) -> Json:
    headers = world.gi | {"If-Match": "*"}
    return await world.ok(world.http.patch(f"/v1/requests/{request['id']}", json=body, headers=headers))


async def test_needs_a_token(world: World) -> None:
    await contracted(world)
    path = f"/v1/calls/{(await publish(world))['id']}"
    problem(await world.http.patch(path, json={"closedBecause": "answered"}), 401, "unauthenticated")


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.REGION, Role.INSPECTORATE, Role.ADMIN], ids=str)
async def test_is_for_institutions_and_local_teams_only(world: World, role: Role) -> None:
    offer = await contracted(world)
    call = await publish(world)
    headers = world.provider(offer["providerId"]) if role is Role.PROVIDER else world.as_(role)
    problem(await close(world, call, headers=headers), 403, "forbidden")
    assert (await get(world, call))["status"] == "open"


async def test_of_anothers_looks_as_if_it_did_not_exist(world: World) -> None:
    await contracted(world)
    call = await publish(world)
    headers = world.as_(Role.GI, **OTHER_GI)
    problem(await close(world, call, headers=headers), 404, "not-found")
    problem(await close(world, {"id": uuid4()}, headers=headers), 404, "not-found")
    assert (await get(world, call))["status"] == "open"


async def test_names_why(world: World) -> None:
    await contracted(world)
    call = await publish(world)
    path, headers = f"/v1/calls/{call['id']}", world.gi | {"If-Match": "*"}
    for body, wrong in (
        ({}, {"#/closedBecause": "missing"}),
        ({"closedBecause": "request-closed"}, {"#/closedBecause": "unknown-code"}),
        ({"closedBecause": "answered", "status": "open"}, {"#/status": "unknown-field"}),
    ):
        assert codes(await world.http.patch(path, json=body, headers=headers)) == wrong
    assert (await get(world, call))["status"] == "open"


async def test_asks_for_the_version_that_was_read(world: World) -> None:
    offer = await contracted(world)
    call = await publish(world)
    path = f"/v1/calls/{call['id']}"
    missing = await world.http.patch(path, json={"closedBecause": "answered"}, headers=world.gi)
    problem(missing, 428, "if-match-required")
    problem(await close(world, call, if_match='"7"'), 412, "stale-version")
    etag = (await world.http.get(path, headers=world.gi)).headers["etag"]
    await answer(world, call, offer)  # what others answer does not stand in the way
    closed = await close(world, call, if_match=etag)
    assert closed.status_code == 200
    problem(await close(world, call, if_match=etag), 412, "stale-version")


async def test_is_told_to_both_sides(world: World, clock: SettableClock) -> None:
    offer = await contracted(world)
    call = await publish(world)
    clock.now = NOW + timedelta(hours=1)
    closed = await world.ok(close(world, call, "withdrawn"))
    wanted = {"status": "closed", "closedBecause": "withdrawn", "closedAt": "2026-11-22T11:00:00Z"}
    for each in (closed, await get(world, call, world.provider(offer["providerId"]))):
        assert {name: each[name] for name in wanted} == wanted
    assert problem(await close(world, call), 409, "call-not-open")["callStatus"] == "closed"


async def test_one_that_has_expired_is_not_closed_any_more(world: World, clock: SettableClock) -> None:
    await contracted(world)
    call = await publish(world)
    clock.now = NOW + timedelta(days=10)
    assert problem(await close(world, call), 409, "call-not-open")["callStatus"] == "expired"


async def test_closing_the_request_closes_its_open_calls(world: World, clock: SettableClock) -> None:
    await contracted(world)
    await contracted(world, careType="pleegzorg-voltijd")
    request = await world.add_request(choices=[{"careType": "gezinshuis"}, {"careType": "pleegzorg-voltijd"}])
    expired = await publish(world, request, careTypes=["gezinshuis"], respondBy="2026-11-22")
    clock.now = NOW + timedelta(days=1)
    withdrawn = await publish(world, request)
    await world.ok(close(world, withdrawn, "withdrawn"))
    still_open = [await publish(world, request, careTypes=[each]) for each in ("gezinshuis", "pleegzorg-voltijd")]
    other = await publish(world)
    await _change(world, request, CLOSED)
    for call in still_open:
        closed = await get(world, call)
        assert (closed["status"], closed["closedBecause"]) == ("closed", "request-closed")
        assert closed["closedAt"] == "2026-11-23T10:00:00Z"
    assert (await get(world, expired))["status"] == "expired"
    assert (await get(world, withdrawn))["closedBecause"] == "withdrawn"
    assert (await get(world, other))["status"] == "open"
    history = await listed(world, f"/v1/requests/{request['id']}/history", world.gi)
    assert [each["what"] for each in history][-3:] == ["call-closed", "call-closed", "closed"]
    await _change(world, request, {"status": "open"})
    assert {(await get(world, call))["status"] for call in still_open} == {"closed"}
    assert (await post_call(world, request)).status_code == 201


async def test_a_request_that_is_not_closed_after_all_keeps_its_calls(world: World) -> None:
    await contracted(world)
    request = await world.add_request()
    call = await publish(world, request)
    headers = world.gi | {"If-Match": '"7"'}
    stale = await world.http.patch(f"/v1/requests/{request['id']}", json=CLOSED, headers=headers)
    problem(stale, 412, "stale-version")
    assert (await get(world, call))["status"] == "open"


async def test_help_that_starts_closes_the_calls_of_all_children_that_it_is_for(world: World) -> None:
    offer = await contracted(world)
    await world.report(offer, placesTotal=4, placesOccupied=0, placesFree=4)
    children = [await world.add_request(siblingGroup="gezin-31") for _ in range(2)]
    calls = [await publish(world, child) for child in children]
    other = await publish(world)
    referral = await brought_to(world, await refer(world, offer, children[0]), "accepted")
    assert {(await get(world, call))["status"] for call in calls} == {"open"}
    sent = {"decision": "start", "date": "2026-11-22"}
    await world.ok(world.http.post(f"/v1/referrals/{referral['id']}/decisions", json=sent, headers=world.gi))
    assert [(await get(world, call))["closedBecause"] for call in calls] == ["help-started"] * 2
    assert (await get(world, other))["status"] == "open"


async def test_help_that_the_institution_says_itself_closes_them_too(world: World) -> None:
    await contracted(world)
    request = await world.add_request()
    call, headers = await publish(world, request), world.gi | {"If-Match": "*"}
    path = f"/v1/requests/{request['id']}/milestones"
    await world.ok(world.http.put(f"{path}/course", json={"date": "2026-11-20"}, headers=headers))
    assert (await get(world, call))["status"] == "open"
    await world.ok(world.http.put(f"{path}/help", json={"date": "2026-11-20"}, headers=headers))
    assert (await get(world, call))["closedBecause"] == "help-started"
