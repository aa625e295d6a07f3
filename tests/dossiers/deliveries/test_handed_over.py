"""A child whose dossier went to another institution: told as such, and never made anew by its former one."""

from datetime import timedelta

from tests.conftest import SettableClock
from tests.dossiers.deliveries.scene import child, deliver, made, read, statuses
from tests.dossiers.transfers.scene import add_institution, decide, propose
from tests.world import World


async def test_a_line_of_a_dossier_that_was_handed_over_says_to_whom(world: World) -> None:
    bodies = [child(), child()]
    requests = [await made(world, body) for body in bodies]
    receiver = await add_institution(world)
    for request, reference in zip(requests, (None, "X-77"), strict=True):
        transfer = await world.ok(propose(world, request, receiver.id))
        given = {"childReference": reference} if reference else {}
        [standing] = statuses(await deliver(world, bodies[requests.index(request)]))
        assert standing == "unchanged", "until it is accepted it is the sender's"
        await world.ok(decide(world, transfer, "accept", headers=receiver.headers, **given))
    answer = await deliver(world, *bodies)
    assert statuses(answer) == ["rejected", "rejected"]
    for item in answer.json()["items"]:
        assert (item["problem"]["status"], item["problem"]["type"].rpartition(":")[2]) == (409, "handed-over")
        assert "22 november 2026" in item["problem"]["detail"]
    theirs = [bodies[0], bodies[1] | {"childReference": "X-77"}]
    assert statuses(await deliver(world, *theirs, headers=receiver.headers)) == ["unchanged", "unchanged"]
    closing = "?endMissing=true&reason=other-institution"
    gone = await deliver(world, child(), query=closing)
    assert gone.json()["closedRequests"] == [], "what it delivered once is not its own to close"
    assert (await read(world, requests[0]["id"], receiver.headers))["status"] == "open"


async def test_what_was_handed_over_twice_is_known_by_what_each_called_it(world: World, clock: SettableClock) -> None:
    body = child()
    request = await made(world, body)
    second, third = await add_institution(world), await add_institution(world)
    first = await world.ok(propose(world, request, second.id))
    await world.ok(decide(world, first, "accept", headers=second.headers, childReference="X-7"))
    clock.now += timedelta(minutes=1)
    onward = await world.ok(propose(world, request, third.id, headers=second.headers))
    await world.ok(decide(world, onward, "accept", headers=third.headers, childReference="Q-2"))
    for reference, headers in ((body["childReference"], world.gi), ("X-7", second.headers)):
        told = await deliver(world, body | {"childReference": reference}, headers=headers)
        assert told.json()["items"][0]["problem"]["type"].endswith("handed-over")
    assert statuses(await deliver(world, body | {"childReference": "Q-2"}, headers=third.headers)) == ["unchanged"]
    assert statuses(await deliver(world, body | {"childReference": "Q-2"})) == ["accepted"], "it is a name of its own"


async def test_a_child_that_comes_back_by_hand_is_known_again(world: World) -> None:
    body = child()
    request = await made(world, body)
    receiver = await add_institution(world)
    transfer = await world.ok(propose(world, request, receiver.id))
    await world.ok(decide(world, transfer, "accept", headers=receiver.headers, childReference="X-1"))
    again = await world.add_request(childReference=body["childReference"], requestedOn="2026-10-20")
    answer = await deliver(world, body)
    assert (statuses(answer), answer.json()["items"][0]["requestId"]) == (["unchanged"], again["id"])
    assert again["id"] != request["id"]
