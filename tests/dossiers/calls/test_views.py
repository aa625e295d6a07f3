"""Who sees what of a call: a provider the question and its own answer, and nobody anything of a child's identity."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.kit.security.callers import Role
from tests.conftest import NOW, SettableClock
from tests.dossiers.calls.scene import (
    CAN,
    DECLINE,
    OTHER_GI,
    answer,
    answers,
    close,
    contracted,
    get,
    listed,
    post_answer,
    publish,
)
from tests.supply.providers.pages import flat, walk
from tests.world import World, codes, problem

OTHERS = [Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE, Role.ADMIN]
READS = ["/v1/calls", "/v1/calls/{id}", "/v1/calls/{id}/answers"]
SECRETS: dict[str, Any] = {"childReference": "kind-7731", "careWorker": "werker-7732", "siblingGroup": "gezin-7733"}


@pytest.mark.parametrize("path", READS)
async def test_is_for_both_sides_only(world: World, path: str) -> None:
    await contracted(world)
    href = path.format(**await publish(world))
    problem(await world.http.get(href), 401, "unauthenticated")
    for role in OTHERS:
        problem(await world.http.get(href, headers=world.as_(role)), 403, "forbidden")
    problem(await world.http.get(href, headers=world.expert_team()), 403, "forbidden")


async def test_anothers_looks_as_if_it_did_not_exist(world: World) -> None:
    await contracted(world)
    not_asked = await world.add_offer()
    call = await publish(world)
    strangers = [
        world.provider(not_asked["providerId"]),
        world.as_(Role.GI, **OTHER_GI),
        world.as_(Role.LOCAL_TEAM),
    ]
    for headers in strangers:
        assert await listed(world, "/v1/calls", headers) == []
        for path in READS[1:]:
            mine = await world.http.get(path.format(**call), headers=headers)
            none = await world.http.get(path.format(id=uuid4()), headers=headers)
            assert problem(mine, 404, "not-found")["detail"] == problem(none, 404, "not-found")["detail"]
    problem(await close(world, call, headers=strangers[1]), 404, "not-found")
    problem(await post_answer(world, call, CAN, strangers[0]), 404, "not-found")
    assert await answers(world, call) == []


async def test_a_provider_sees_nothing_that_says_who_the_child_is(world: World) -> None:
    offer = await contracted(world)
    request = await world.add_request(**SECRETS)
    call = await publish(world, request)
    headers = world.provider(offer["providerId"])
    seen = await get(world, call, headers)
    assert seen == call | {
        "requestId": None,
        "childReference": None,
        "counts": None,
        "child": call["child"] | {"municipality": None},
    }
    await answer(world, call, offer)
    told = [(await world.http.get(path.format(**call), headers=headers)).text for path in READS]
    for secret in (*SECRETS.values(), request["id"], "2014-05", "1781", "GM0400", "2026-10-12"):
        assert not any(secret in text for text in told), secret


async def test_providers_see_nothing_of_one_another(world: World) -> None:
    first, second = await contracted(world), await contracted(world)
    call = await publish(world)
    before = await get(world, call, world.provider(second["providerId"]))
    await answer(world, call, first, conditions="Na een kennismaking.")
    assert await get(world, call, world.provider(second["providerId"])) == before
    assert await answers(world, call, world.provider(second["providerId"])) == []
    await answer(world, call, second, DECLINE)
    for offer in (first, second):
        own = await answers(world, call, world.provider(offer["providerId"]))
        assert [each["provider"]["id"] for each in own] == [offer["providerId"]]
    assert [each["answer"] for each in await answers(world, call)] == ["can", "decline"]
    assert (await get(world, call))["counts"] == {"addressed": 2, "can": 1, "declined": 1}
    assert (await get(world, call))["ownAnswer"] is None


async def test_lists_by_how_they_stand(world: World, clock: SettableClock) -> None:
    offer = await contracted(world)
    made = {}
    for name in ("open", "answered", "closed", "expired"):
        clock.now += timedelta(minutes=1)
        made[name] = await publish(world, respondBy="2026-11-22" if name == "expired" else "2026-11-27")
    await answer(world, made["answered"], offer)
    await world.ok(close(world, made["closed"]))
    clock.now = NOW + timedelta(days=1)
    provider = world.provider(offer["providerId"])
    for query, names in {
        "": ["open", "answered", "closed", "expired"],
        "?status=open": ["open", "answered"],
        "?status=open&answered=false": ["open"],
        "?answered=true": ["answered"],
        "?status=closed": ["closed"],
        "?status=expired": ["expired"],
    }.items():
        for headers in (provider, world.gi):
            found = await listed(world, f"/v1/calls{query}", headers)
            assert [each["id"] for each in found] == [made[name]["id"] for name in names], query
    statuses = {each["id"]: each["status"] for each in await listed(world, "/v1/calls", provider)}
    assert statuses[made["expired"]["id"]] == "expired"


async def test_an_institution_lists_those_of_a_request(world: World) -> None:
    offer = await contracted(world)
    requests = [await world.add_request() for _ in range(2)]
    calls = [await publish(world, each) for each in requests]
    found = await listed(world, f"/v1/calls?request={requests[1]['id']}", world.gi)
    assert [each["id"] for each in found] == [calls[1]["id"]]
    headers = world.provider(offer["providerId"])
    refused = await world.http.get(f"/v1/calls?request={requests[1]['id']}", headers=headers)
    assert codes(refused) == {"#/query/request": "not-applicable"}
    wrong = await world.http.get("/v1/calls?status=dicht&answered=soms&kind=1", headers=headers)
    assert codes(wrong) == {
        "#/query/status": "unknown-code",
        "#/query/answered": "type",
        "#/query/kind": "unknown-query-key",
    }


async def test_pages_hold_all_of_them_once(world: World, clock: SettableClock) -> None:
    offer = await contracted(world)
    made = []
    for number in range(5):
        clock.now = NOW + timedelta(minutes=number // 2)  # some in the same moment
        made.append((await publish(world))["id"])
    for headers in (world.gi, world.provider(offer["providerId"])):
        pages = await walk(world, "/v1/calls?limit=2", headers)
        assert sorted(flat(pages)) == sorted(made)
        assert [len(items) for items in pages] == [2, 2, 1]
    cursor = await world.http.get("/v1/calls?limit=2", headers=world.gi)
    href = cursor.json()["_links"]["next"]["href"].replace("/calls?", "/referrals?")
    assert codes(await world.http.get(href, headers=world.gi)) == {"#/query/cursor": "invalid-cursor"}


async def test_lists_take_as_many_statements_however_long(world: World, statements: list[str]) -> None:
    offers = [await contracted(world) for _ in range(3)]
    provider = world.provider(offers[0]["providerId"])
    counts: list[int] = []
    for _ in range(2):
        for _ in range(3):
            call = await publish(world)
            for offer in offers:
                await answer(world, call, offer)
        for headers in (world.gi, provider):
            statements.clear()
            await listed(world, "/v1/calls", headers)
            counts.append(sum(each.startswith("SELECT") for each in statements))
    assert counts == [2, 2, 2, 2]


async def test_who_has_it_already_gets_it_once(world: World, clock: SettableClock) -> None:
    offer = await contracted(world)
    call = await publish(world)
    path, headers = f"/v1/calls/{call['id']}", world.gi
    etag = (await world.http.get(path, headers=headers)).headers["etag"]
    again = await world.http.get(path, headers=headers | {"If-None-Match": etag})
    assert again.status_code == 304
    await answer(world, call, offer)
    changed = await world.http.get(path, headers=headers | {"If-None-Match": etag})
    assert changed.status_code == 200
    clock.now = NOW + timedelta(days=30)
    expired = await world.http.get(path, headers=headers | {"If-None-Match": changed.headers["etag"]})
    assert (expired.status_code, expired.json()["status"]) == (200, "expired")
