"""Answers beside the match of a request: what is shown, whether within the norm, and that the ranking knows nothing."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import NOW, SettableClock
from tests.dossiers.calls.scene import (
    CAN,
    DECLINE,
    answer,
    answers,
    close,
    contracted,
    get,
    publish,
)
from tests.world import World, matched_child

Json = dict[str, Any]
BESIDE = {"calls", "callAnswers"}


async def _match(world: World, request: Json, query: str = "?explain=true") -> Json:
    return await world.ok(world.http.get(f"/v1/requests/{request['id']}/matches{query}", headers=world.gi))


def _ranking(match: Json) -> Json:
    return {name: value for name, value in match.items() if name not in BESIDE}


async def test_without_a_call_there_is_nothing_beside(world: World) -> None:
    match = await _match(world, await world.add_request())
    assert {name: match[name] for name in BESIDE} == {"calls": [], "callAnswers": []}


async def test_the_ranking_knows_nothing_of_what_was_answered(world: World) -> None:
    offers = [await contracted(world) for _ in range(3)]
    await world.report(offers[0])
    await world.report(offers[1], placesFree=0, nextFreeOn="2027-02-01")
    request = await world.add_request()
    before = await _match(world, request)
    call = await publish(world, request)
    await answer(world, call, offers[2], startOn="2026-11-22", offerId=offers[2]["id"])
    await answer(world, call, offers[0], DECLINE)
    await answer(world, call, offers[1], startOn="2026-11-23", offerId=offers[1]["id"])
    after = await _match(world, request)
    assert _ranking(after) == _ranking(before), "the ranking id is that of all that went in and came out"
    assert [each["offer"]["id"] for each in after["results"]] == [each["id"] for each in offers]
    child = matched_child(request)
    asked = {"child": child, "choices": request["choices"]}
    matched = await world.http.post("/v1/matches?explain=true", json=asked, headers=world.gi)
    own = {"rankingId", "arrangements"}
    assert matched.json() == {name: value for name, value in _ranking(after).items() if name not in own}


async def test_shows_what_stands_those_that_can_first_and_the_soonest_first(world: World) -> None:
    offers = [await contracted(world) for _ in range(4)]
    request = await world.add_request()
    call = await publish(world, request)
    await answer(world, call, offers[0], DECLINE)
    await answer(world, call, offers[1], startOn="2027-02-01", conditions="Zonder weekenden.")
    await answer(world, call, offers[2], DECLINE)
    await answer(world, call, offers[2], startOn="2027-01-12")
    match = await _match(world, request)
    assert match["calls"] == [await get(world, call)]
    assert match["calls"][0]["counts"] == {"addressed": 4, "can": 2, "declined": 1}
    shown = match["callAnswers"]
    standing = {each["provider"]["id"]: each for each in await answers(world, call, query="?stands=true")}
    providers = [offers[number]["providerId"] for number in (2, 1, 0)]
    assert [each["provider"]["id"] for each in shown] == providers
    assert [each["withinNorm"] for each in shown] == [True, False, False]
    for each in shown:
        without = {name: value for name, value in each.items() if name != "withinNorm"}
        assert without == standing[each["provider"]["id"]]
    assert shown[1]["conditions"] == "Zonder weekenden."


@pytest.mark.parametrize(
    ("measure", "start_on", "within"),
    [
        ("2026-10-12", "2027-01-12", True),  # the deadline itself
        ("2026-10-12", "2027-01-13", False),
        ("2026-07-01", "2026-11-29", True),  # overdue: within a week counts as at once
        ("2026-07-01", "2026-11-30", False),
    ],
)
async def test_within_the_norm_is_said_as_of_an_offer(world: World, measure: str, start_on: str, within: bool) -> None:
    offer = await contracted(world)
    request = await world.add_request(child={"measure": {"type": "21", "imposedOn": measure}})
    await answer(world, await publish(world, request), offer, startOn=start_on)
    [shown] = (await _match(world, request))["callAnswers"]
    assert shown["withinNorm"] is within


async def test_within_the_norm_is_as_the_request_is_now(world: World) -> None:
    offer = await contracted(world)
    request = await world.add_request()
    await answer(world, await publish(world, request), offer)
    headers = world.gi | {"If-Match": "*"}
    sent = world.http.patch(f"/v1/requests/{request['id']}", json={"neededBy": "2026-12-13"}, headers=headers)
    await world.ok(sent)
    [shown] = (await _match(world, request))["callAnswers"]
    assert shown["withinNorm"] is False


async def test_what_was_answered_stays_beside_unless_it_was_withdrawn(world: World, clock: SettableClock) -> None:
    offer = await contracted(world)
    request = await world.add_request()
    made = []
    for because in ("answered", "withdrawn", None):
        clock.now += timedelta(minutes=1)
        call = await publish(world, request)
        await answer(world, call, offer)
        if because:
            await world.ok(close(world, call, because))
        made.append(call["id"])
    clock.now = NOW + timedelta(days=8)
    match = await _match(world, request)
    assert [(each["id"], each["status"]) for each in match["calls"]] == [(made[0], "closed"), (made[2], "expired")]
    assert {each["callId"] for each in match["callAnswers"]} == {made[0], made[2]}


async def test_is_of_the_request_alone(world: World) -> None:
    offer = await contracted(world)
    requests = [await world.add_request() for _ in range(2)]
    await answer(world, await publish(world, requests[0]), offer)
    match = await _match(world, requests[1])
    assert (match["calls"], match["callAnswers"]) == ([], [])


async def test_a_match_that_stores_nothing_shows_nothing_of_it(world: World) -> None:
    offer = await contracted(world)
    await answer(world, await publish(world), offer, CAN)
    assert not BESIDE & set(await world.match())


async def test_takes_as_many_statements_however_many_there_are(world: World, statements: list[str]) -> None:
    offers = [await contracted(world) for _ in range(4)]
    request = await world.add_request(choices=[{"careType": "gezinshuis"}])
    counts = []
    for number in range(3):
        if number:
            call = await publish(world, request)
            for offer in offers[: 2 * number]:
                await answer(world, call, offer)
            await world.ok(close(world, call))
        statements.clear()
        await _match(world, request)
        counts.append(sum("call" in each and each.startswith("SELECT") for each in statements))
    assert counts == [1, 3, 3]
