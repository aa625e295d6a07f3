"""Answers and closings at once: one answer of each provider stands, and none is taken after the closing."""

import asyncio
from collections import Counter

from tests.dossiers.calls.scene import (
    CAN,
    DECLINE,
    answers,
    close,
    contracted,
    get,
    post_answer,
    publish,
)
from tests.patience import PATIENCE
from tests.supply.capacity.locks import connection, meeting, waiting
from tests.world import World, problem


async def test_of_many_answers_of_one_provider_the_last_stands(committing_world: World) -> None:
    world = committing_world
    offer, other = await contracted(world), await contracted(world)
    call = await publish(world)
    bodies = [CAN if number % 2 else DECLINE for number in range(10)]
    sent = [post_answer(world, call, body, world.provider(offer["providerId"])) for body in bodies]
    sent.append(post_answer(world, call, CAN, world.provider(other["providerId"])))
    assert Counter(each.status_code for each in await asyncio.gather(*sent)) == {201: 11}
    history = await answers(world, call)
    own = [each for each in history if each["provider"]["id"] == offer["providerId"]]
    assert len(own) == 10
    assert [each["stands"] for each in own] == [False] * 9 + [True]
    counts = (await get(world, call))["counts"]
    assert counts["can"] + counts["declined"] == 2
    assert (await get(world, call, world.provider(offer["providerId"])))["ownAnswer"] == own[-1]


async def test_providers_do_not_wait_for_one_another(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    first, second = await contracted(world), await contracted(world)
    call = await publish(world)
    async with connection(fresh_database_url) as holder, connection(fresh_database_url) as observer:
        async with holder.transaction():
            held = "SELECT FROM call_addressees WHERE provider_id = $1 FOR UPDATE"
            await holder.execute(held, first["providerId"])
            slow = asyncio.create_task(post_answer(world, call, CAN, world.provider(first["providerId"])))
            await waiting(observer, 1)
            async with asyncio.timeout(PATIENCE):
                answered = await post_answer(world, call, CAN, world.provider(second["providerId"]))
            assert answered.status_code == 201
        assert (await slow).status_code == 201


async def test_an_answer_that_meets_the_closing_comes_before_it_or_not_at_all(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    offer = await contracted(world)
    call = await publish(world)
    sent = [close(world, call), post_answer(world, call, CAN, world.provider(offer["providerId"]))]
    met = await meeting(fresh_database_url, "SELECT FROM calls FOR UPDATE", *sent)
    closed = await get(world, call)
    assert closed["status"] == "closed"
    assert set(met) in ({200, 201}, {200, 409})
    assert closed["counts"]["can"] == (201 in met)


async def test_an_answer_waits_for_a_closing_and_finds_it_closed(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    offer = await contracted(world)
    call = await publish(world)
    async with connection(fresh_database_url) as holder, connection(fresh_database_url) as observer:
        async with holder.transaction():
            await holder.execute("UPDATE calls SET closed_at = now(), closed_because = 'request-closed'")
            late = asyncio.create_task(post_answer(world, call, CAN, world.provider(offer["providerId"])))
            await waiting(observer, 1)
        assert problem(await late, 409, "call-not-open")["callStatus"] == "closed"
    assert await answers(world, call) == []


async def test_a_closing_waits_for_an_answer_that_is_being_given(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    offer = await contracted(world)
    request = await world.add_request()
    call = await publish(world, request)
    async with connection(fresh_database_url) as holder, connection(fresh_database_url) as observer:
        async with holder.transaction():
            await holder.execute("SELECT FROM call_addressees FOR UPDATE")
            giving = asyncio.create_task(post_answer(world, call, CAN, world.provider(offer["providerId"])))
            await waiting(observer, 1)
            body = {"status": "closed", "closedReason": "help-not-needed"}
            headers = world.gi | {"If-Match": "*"}
            path = f"/v1/requests/{request['id']}"
            closing = asyncio.create_task(world.http.patch(path, json=body, headers=headers))
            await waiting(observer, 2)
        assert (await giving).status_code == 201
        assert (await closing).status_code == 200
    closed = await get(world, call)
    assert (closed["status"], closed["counts"]["can"]) == ("closed", 1)


async def test_of_two_closings_at_once_one_is(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    await contracted(world)
    call = await publish(world)
    sent = [close(world, call, because) for because in ("answered", "withdrawn")]
    met = await meeting(fresh_database_url, "SELECT FROM calls FOR UPDATE", *sent)
    assert set(met) == {200, 409}


async def test_closing_the_call_and_its_request_at_once_wait_in_no_circle(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    await contracted(world)
    request = await world.add_request()
    call = await publish(world, request)
    async with connection(fresh_database_url) as holder, connection(fresh_database_url) as observer:
        async with holder.transaction():
            await holder.execute("SELECT FROM calls FOR UPDATE")
            first = asyncio.create_task(close(world, call))
            await waiting(observer, 1)
            body = {"status": "closed", "closedReason": "help-not-needed"}
            headers = world.gi | {"If-Match": "*"}
            path = f"/v1/requests/{request['id']}"
            second = asyncio.create_task(world.http.patch(path, json=body, headers=headers))
            await waiting(observer, 2)
        assert [(await each).status_code for each in (first, second)] == [200, 200]
    assert (await get(world, call))["closedBecause"] == "answered"
