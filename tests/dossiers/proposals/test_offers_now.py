"""How the offer of a line stands after the proposal: what is gone is said, and no call is given that would fail."""

from datetime import timedelta
from typing import Any

from tests.conftest import NOW, SettableClock
from tests.dossiers.proposals.scene import lines, made
from tests.dossiers.referrals.scene import decide, refer
from tests.world import World

Json = dict[str, Any]


async def proposed(world: World, **capacity: Any) -> tuple[Json, Json]:
    """An offer that is reported so, and the proposal in which a child goes there."""
    offer = await world.contracted_offer()
    await world.report(offer, **capacity)
    await world.add_request()
    return offer, await made(world)


async def lines_of(world: World, request: Json) -> list[Json]:
    """What proposals say of a child to whose it is."""
    path = f"/v1/requests/{request['id']}/proposal-lines"
    items: list[Json] = (await world.ok(world.http.get(path, headers=world.gi)))["items"]
    return items


async def now_and_call(world: World, proposal: Json) -> list[tuple[str | None, bool]]:
    """Of each line how its offer stands, and whether there is a call that refers."""
    return [(each["offerNow"], each["toSend"] is not None) for each in await lines(world, proposal)]


async def test_a_place_that_is_gone_is_said_so(world: World) -> None:
    offer, proposal = await proposed(world)
    assert await now_and_call(world, proposal) == [("free", True)]
    await world.report(offer, placesFree=0, waitDaysIntake=40)
    assert await now_and_call(world, proposal) == [("waiting", True)]
    [request] = (await world.ok(world.http.get("/v1/requests", headers=world.gi)))["items"]
    assert [each["offerNow"] for each in await lines_of(world, request)] == ["waiting"]


async def test_what_takes_nobody_has_no_call(world: World) -> None:
    stopped, first = await proposed(world)
    await world.add_stop(stopped["providerId"])
    assert await now_and_call(world, first) == [("closed", False)]


async def test_what_has_ended_has_no_call(world: World) -> None:
    offer, proposal = await proposed(world)
    own = world.provider(offer["providerId"])
    assert (await world.http.delete(f"/v1/offers/{offer['id']}", headers=own)).status_code == 204
    assert await now_and_call(world, proposal) == [("closed", False)]


async def test_what_declined_since_has_no_call_and_what_was_withdrawn_has(world: World) -> None:
    _, proposal = await proposed(world)
    for decision, call in (("withdraw", True), ("decline", False)):
        [line] = await lines(world, proposal)
        send = line["toSend"]
        referral = await world.ok(world.http.post(send["href"], json=send["body"], headers=world.gi))
        await world.ok(decide(world, referral, decision))
        assert await now_and_call(world, proposal) == [("free", call)]


async def test_what_was_sent_before_and_is_open_still_is_told_and_has_no_call(
    world: World, clock: SettableClock
) -> None:
    """As where a proposal is asked each week, and a provider takes longer to answer."""
    offer = await world.contracted_offer()
    await world.report(offer)
    request = await world.add_request()
    referral = await refer(world, offer, request)
    clock.now = NOW + timedelta(minutes=5)
    proposal = await made(world)
    for shown in (await lines(world, proposal), await lines_of(world, request)):
        assert [(each["referral"]["id"], each["toSend"]) for each in shown] == [(referral["id"], None)]
    await world.ok(decide(world, referral, "withdraw"))
    for shown in (await lines(world, proposal), await lines_of(world, request)):
        assert [(each["referral"], each["toSend"] is not None) for each in shown] == [(None, True)]


async def test_a_family_has_no_place_where_one_is_left(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesFree=2)
    for _ in range(2):
        await world.add_request(siblingGroup="gezin-1")
    proposal = await made(world)
    assert await now_and_call(world, proposal) == [("free", True)] * 2
    await world.report(offer, placesFree=1)
    assert await now_and_call(world, proposal) == [("waiting", True)] * 2


async def test_of_a_child_that_waits_no_more_it_is_not_said(world: World) -> None:
    _, proposal = await proposed(world)
    [line] = await lines(world, proposal)
    send = line["toSend"]
    referral = await world.ok(world.http.post(send["href"], json=send["body"], headers=world.gi))
    await world.ok(decide(world, referral, "accept"))
    assert await now_and_call(world, proposal) == [(None, False)]
