"""Two sides at once: one decision stands, and what is granted makes one contract."""

import pytest

from tests.dossiers.arrangements.scene import alternative, ask, asked, contracts, decide, get
from tests.supply.capacity.locks import meeting
from tests.world import World, problem

LOCK = "SELECT FROM requests FOR UPDATE"


@pytest.mark.parametrize("other", ["grant", "refuse", "withdraw"])
async def test_a_grant_against_another_decision(committing_world: World, fresh_database_url: str, other: str) -> None:
    world = committing_world
    _, _, made = await asked(world, "light-contract")
    answers = await meeting(fresh_database_url, LOCK, decide(world, made, "grant"), decide(world, made, other))
    assert sorted(answers) == [201, 409]
    problem(answers[409], 409, "arrangement-decided")
    stands = (await get(world, made))["status"]
    assert stands == answers[201].json()["status"]
    assert len(await contracts(world)) == (stands == "granted")


async def test_the_same_asked_twice_at_once_is_asked_once(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    request, offer = await alternative(world, "ceiling-exception")
    asking = [ask(world, request, offer, "ceiling-exception") for _ in range(2)]
    answers = await meeting(fresh_database_url, LOCK, *asking)
    assert sorted(answers) == [201, 409]
    assert problem(answers[409], 409, "arrangement-open")["arrangementId"] == answers[201].json()["id"]


async def test_a_grant_against_the_closing_of_the_request(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    request, _, made = await asked(world, "light-contract")
    body, headers = {"status": "closed", "closedReason": "as-planned"}, world.gi | {"If-Match": "*"}
    closing = world.http.patch(f"/v1/requests/{request['id']}", json=body, headers=headers)
    answers = await meeting(fresh_database_url, LOCK, decide(world, made, "grant"), closing)
    assert answers[200].json()["status"] == "closed"
    stands = (await get(world, made))["status"]
    assert stands == ("granted" if 201 in answers else "ended")
    assert len(await contracts(world)) == (stands == "granted")
