"""Both sides of a transfer at once, and what is decided on the dossier while it goes over: one after the other."""

import asyncio
from collections import Counter

from tests.dossiers.referrals.scene import brought_to, places, post_referral, refer, referral_body
from tests.dossiers.referrals.scene import decide as decide_referral
from tests.dossiers.referrals.scene import get as get_referral
from tests.dossiers.transfers.scene import add_institution, decide, get, propose
from tests.supply.capacity.locks import in_turn, meeting
from tests.world import World, problem

HELD = "SELECT FROM requests FOR UPDATE"


async def test_withdrawn_and_accepted_at_once(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    request, receiver = await world.add_request(), await add_institution(world)
    transfer = await world.ok(propose(world, request, receiver.id))
    sent = [decide(world, transfer, "withdraw", world.gi), decide(world, transfer, "accept", receiver.headers)]
    answers = await meeting(fresh_database_url, HELD, *sent)
    assert answers.keys() == {201, 409}
    problem(answers[409], 409, "transfer-decided")
    owner = {"withdrawn": world.gi, "accepted": receiver.headers}[answers[201].json()["status"]]
    seen = [(await get(world, f"/requests/{request['id']}", who)).status_code for who in (world.gi, receiver.headers)]
    assert sorted(seen) == [200, 404]
    assert (await get(world, f"/requests/{request['id']}", owner)).status_code == 200


async def test_who_proposes_two_at_once_has_one(committing_world: World) -> None:
    world = committing_world
    request, receivers = await world.add_request(), [await add_institution(world) for _ in range(4)]
    answers = await asyncio.gather(*(propose(world, request, each.id) for each in receivers))
    assert Counter(each.status_code for each in answers) == {201: 1, 409: 3}


async def test_the_old_one_decides_nothing_more_once_it_is_accepted(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    request, receiver, offer = await world.add_request(), await add_institution(world), await world.contracted_offer()
    await world.report(offer, placesTotal=2, placesOccupied=0, placesFree=2)
    referral = await brought_to(world, await refer(world, offer, request), "accepted")
    transfer, path = await world.ok(propose(world, request, receiver.id)), f"/v1/requests/{request['id']}"
    closing = {"status": "closed", "closedReason": "help-not-needed"}
    accepted, *late = await in_turn(
        fresh_database_url,
        HELD,
        decide(world, transfer, "accept", receiver.headers),
        decide_referral(world, referral, "withdraw"),
        post_referral(world, request, referral_body(await world.contracted_offer())),
        world.http.patch(path, json=closing, headers=world.gi | {"If-Match": "*"}),
        world.http.post(f"{path}/calls", json={}, headers=world.gi),
        propose(world, request, (await add_institution(world)).id),
    )
    assert accepted.status_code == 201
    for answer in late:
        problem(answer, 404, "not-found")
    assert (await get_referral(world, referral, receiver.headers))["status"] == "accepted"
    assert (await get(world, f"/requests/{request['id']}", receiver.headers)).json()["status"] == "placed"
    assert await places(world, offer) == (0, 1, 1)


async def test_what_was_sent_before_it_was_accepted_goes_along(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    request, receiver, offer = await world.add_request(), await add_institution(world), await world.contracted_offer()
    transfer = await world.ok(propose(world, request, receiver.id))
    sent, accepted = await in_turn(
        fresh_database_url,
        HELD,
        post_referral(world, request, referral_body(offer)),
        decide(world, transfer, "accept", receiver.headers),
    )
    assert (sent.status_code, accepted.status_code) == (201, 201)
    assert (await get_referral(world, sent.json(), receiver.headers))["institution"] == "GI De Overkant"
    problem(await get(world, f"/referrals/{sent.json()['id']}", world.gi), 404, "not-found")


async def test_a_provider_that_accepts_while_it_goes_over_is_heard(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    request, receiver, offer = await world.add_request(), await add_institution(world), await world.contracted_offer()
    await world.report(offer, placesTotal=2, placesOccupied=0, placesFree=2)
    referral = await refer(world, offer, request)
    transfer = await world.ok(propose(world, request, receiver.id))
    answers = await in_turn(
        fresh_database_url,
        HELD,
        decide(world, transfer, "accept", receiver.headers),
        decide_referral(world, referral, "accept"),
    )
    assert [each.status_code for each in answers] == [201, 201]
    assert (await get_referral(world, referral, receiver.headers))["status"] == "accepted"
    assert (await get(world, f"/requests/{request['id']}", receiver.headers)).json()["status"] == "placed"


async def test_a_sibling_that_came_to_share_a_place_stops_it(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    request, sibling = [await world.add_request(siblingGroup="gezin-31") for _ in range(2)]
    receiver, offer = await add_institution(world), await world.contracted_offer()
    transfer = await world.ok(propose(world, request, receiver.id))
    sent, accepted = await in_turn(
        fresh_database_url,
        HELD,
        post_referral(world, sibling, referral_body(offer)),
        decide(world, transfer, "accept", receiver.headers),
    )
    assert sent.status_code == 201
    assert problem(accepted, 409, "siblings-together")["requestIds"] == [sibling["id"]]
    assert (await get(world, f"/requests/{request['id']}", world.gi)).status_code == 200
