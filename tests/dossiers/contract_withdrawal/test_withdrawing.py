"""A contract that was registered in error: withdrawn by whom may write it, and not where a referral rests on it."""

import asyncio
from typing import Any

import httpx
import pytest

from app.kit.security.callers import Role
from tests.conftest import SavepointDatabase
from tests.dossiers.referrals.scene import brought_to, refer
from tests.supply.capacity.locks import connection, waiting
from tests.world import HOME, World, codes, problem

Json = dict[str, Any]
WHY = "Dubbel ingevoerd"


async def _withdraw(
    world: World, contract: Json, headers: dict[str, str] | None = None, etag: str | None = '"1"', why: str | None = WHY
) -> httpx.Response:
    sent = (headers or world.region()) | ({"If-Match": etag} if etag else {})
    asked = {} if why is None else {"why": why}
    return await world.http.delete(f"/v1/contracts/{contract['id']}", params=asked, headers=sent)


async def _contract(world: World, contract: Json, headers: dict[str, str] | None = None) -> Json:
    return await world.ok(world.http.get(f"/v1/contracts/{contract['id']}", headers=headers or world.region()))


async def _listed(world: World, query: str = "", headers: dict[str, str] | None = None) -> list[str]:
    answer = await world.ok(world.http.get(f"/v1/contracts{query}", headers=headers or world.region()))
    return [item["id"] for item in answer["items"]]


async def test_is_of_those_who_may_write_it(world: World) -> None:
    contract = await world.add_contract(await world.add_provider())
    problem(await world.http.delete(f"/v1/contracts/{contract['id']}?why=x"), 401, "unauthenticated")
    for role in (Role.GI, Role.LOCAL_TEAM, Role.REFERRER, Role.SUPRAREGION, Role.INSPECTORATE):
        problem(await _withdraw(world, contract, world.as_(role)), 403, "forbidden")
    problem(await _withdraw(world, contract, world.provider(contract["providerId"])), 403, "forbidden")
    problem(await _withdraw(world, contract, world.region("JZ06")), 404, "not-found")
    wide = await world.add_contract(contract["providerId"], regions=["JZ03", "JZ06"])
    problem(await _withdraw(world, wide), 403, "forbidden")
    assert (await _contract(world, contract))["withdrawnAt"] is None


async def test_wants_to_know_why_and_which_version(world: World) -> None:
    contract = await world.add_contract(await world.add_provider())
    assert codes(await _withdraw(world, contract, why=None)) == {"#/query/why": "missing"}
    assert codes(await _withdraw(world, contract, why=" ")) == {"#/query/why": "too-short"}
    assert codes(await _withdraw(world, contract, why="Kind 123456782")) == {"#/query/why": "bsn"}
    problem(await _withdraw(world, contract, etag=None), 428, "if-match-required")
    problem(await _withdraw(world, contract, etag='"2"'), 412, "stale-version")


async def test_is_kept_without_effect(world: World, database: SavepointDatabase) -> None:
    offer = await world.add_offer()
    contract = await world.add_contract(offer["providerId"])
    await world.report(offer)
    found = f"/v1/availability?careType=gezinshuis&contractedFor={HOME}"
    assert [each["offer"]["id"] for each in (await world.match())["results"]] == [offer["id"]]
    assert (await _withdraw(world, contract)).status_code == 204
    matched = await world.match()
    assert matched["results"] == []
    assert [each["needs"] for each in matched["alternatives"]] == ["light-contract"]
    assert (await world.ok(world.http.get(found, headers=world.gi)))["items"] == []
    listed = f"/v1/offers?contractedFor={HOME}"
    assert (await world.ok(world.http.get(listed, headers=world.gi)))["items"] == []
    shown = {"withdrawnAt": "2026-11-22T10:00:00Z", "why": WHY}
    for headers in (world.region(), world.admin, world.provider(offer["providerId"])):
        assert await _contract(world, contract, headers) == contract | shown
        assert await _listed(world, headers=headers) == []
        assert await _listed(world, "?withdrawn=true", headers) == [contract["id"]]
    async with database.driver() as driver:
        assert await driver.fetchval("SELECT withdrawn_by FROM contracts") == "test-region-JZ03"


async def test_doing_it_again_changes_nothing_and_nothing_else_changes_it(world: World) -> None:
    contract = await world.add_contract(await world.add_provider())
    for etag in ('"1"', '"1"', '"2"'):
        assert (await _withdraw(world, contract, etag=etag, why=f"De keer met {etag}")).status_code == 204
    assert (await _contract(world, contract))["why"] == 'De keer met "1"'
    path, headers = f"/v1/contracts/{contract['id']}", world.region() | {"If-Match": "*"}
    problem(await world.http.patch(path, json={"validTo": None}, headers=headers), 409, "conflict")


RESTING: list[tuple[str, Json, Json, bool]] = [
    # status, this contract, the other one, whether it rests
    ("sent", {}, {"careTypes": ["pleegzorg-voltijd"]}, True),
    ("seen", {}, {"regions": ["JZ06"]}, True),
    ("waitlisted", {}, {"validTo": "2026-11-21"}, True),
    ("accepted", {}, {"validFrom": "2026-11-23"}, True),
    ("started", {"regions": [], "municipalities": [HOME]}, {"regions": [], "municipalities": ["GM0361"]}, True),
    ("sent", {}, {"careTypes": ["gezinshuis"]}, False),
    ("started", {}, {"regions": [], "municipalities": [HOME]}, False),
    ("waitlisted", {}, {"validFrom": "2027-01-01"}, False),  # expected to start on 2027-01-11
    ("declined", {}, {"regions": ["JZ06"]}, False),
    ("withdrawn", {}, {"regions": ["JZ06"]}, False),
    ("ended", {}, {"regions": ["JZ06"]}, False),
    ("sent", {"careTypes": ["pleegzorg-voltijd"]}, {"regions": ["JZ06"]}, False),  # it does not cover it itself
    ("sent", {"validTo": "2026-11-21"}, {"regions": ["JZ06"]}, False),
]


@pytest.mark.parametrize(("status", "this", "other", "rests"), RESTING)
async def test_stays_where_a_referral_rests_on_it(
    world: World, status: str, this: Json, other: Json, rests: bool
) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesTotal=3)
    national = await world.add_contract(offer["providerId"], kind="national")
    await brought_to(world, await refer(world, offer), status)
    contract = await world.add_contract(offer["providerId"], **this)
    await world.add_contract(offer["providerId"], **other)
    await world.add_contract(await world.add_provider())
    path, headers = f"/v1/contracts/{national['id']}", world.admin | {"If-Match": "*"}
    await world.ok(world.http.patch(path, json={"regions": ["JZ06"]}, headers=headers))
    answer = await _withdraw(world, contract)
    if rests:
        assert problem(answer, 409, "referrals-rest-on-contract")["referrals"] == 1
        assert (await _contract(world, contract))["withdrawnAt"] is None
    else:
        assert answer.status_code == 204, answer.text


async def test_of_two_that_are_the_same_one_goes(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    twins = [await world.add_contract(offer["providerId"]) for _ in range(2)]
    await refer(world, offer)
    answers = await asyncio.gather(*(_withdraw(world, each) for each in twins))
    assert sorted(each.status_code for each in answers) == [204, 409]
    assert len(await _listed(world)) == 1


async def test_waits_for_a_referral_that_is_being_sent(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    offer = await world.add_offer()
    contract = await world.add_contract(offer["providerId"])
    async with connection(fresh_database_url) as holder, connection(fresh_database_url) as observer:
        async with holder.transaction():  # the last that sending one does is to write in the history of the request
            await holder.execute("LOCK request_events IN ACCESS EXCLUSIVE MODE")
            request = asyncio.create_task(world.add_request())
            await waiting(observer, 1)
        made = await request
        async with holder.transaction():
            await holder.execute("LOCK request_events IN ACCESS EXCLUSIVE MODE")
            sending = asyncio.create_task(refer(world, offer, made))
            await waiting(observer, 1)
            withdrawing = asyncio.create_task(_withdraw(world, contract))
            await waiting(observer, 2)
        assert (await sending)["status"] == "sent"
        problem(await withdrawing, 409, "referrals-rest-on-contract")
