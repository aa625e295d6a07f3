"""Referrals: each side is told what was not its own doing, in ids and codes."""

from typing import Any

import pytest

from app.kit.security.callers import Role
from app.notifying.webhooks.courier import Courier
from tests.dossiers.referrals.scene import (
    OTHER_GI,
    OUTSIDE,
    decide,
    post_referral,
    refer,
)
from tests.notifying.webhooks.conftest import add_webhook
from tests.notifying.webhooks.receiver import Json, Receiver, receiving
from tests.world import World

TYPES = ("referral.sent", "referral.decided")


@pytest.mark.parametrize(
    ("decisions", "to_provider", "to_institution"),
    [
        (["see", "accept"], ["send"], ["see", "accept"]),
        (["waitlist", "decline"], ["send"], ["waitlist", "decline"]),
        (["withdraw"], ["send", "withdraw"], []),
        (["accept", "start", "end"], ["send", "start", "end"], ["accept"]),
    ],
)
async def test_each_side_is_told_what_the_other_did(
    committing_world: World,
    receiver: Receiver,
    courier: Courier,
    decisions: list[str],
    to_provider: list[str],
    to_institution: list[str],
) -> None:
    world = committing_world
    offer = await world.contracted_offer()
    await world.report(offer, placesFree=3)
    async with receiving() as provider, receiving() as others:
        await add_webhook(world, receiver, *TYPES)
        await add_webhook(world, provider, *TYPES, headers=world.provider(offer["providerId"]))
        await add_webhook(world, others, *TYPES, headers=world.as_(Role.GI, **OTHER_GI))
        await add_webhook(world, others, *TYPES, headers=world.provider(await world.add_provider()))
        await add_webhook(world, others, *TYPES, headers=world.region())
        await add_webhook(world, others, *TYPES, headers=world.admin)
        referral = await refer(world, offer, remark="Het gaat niet goed", summary={"urgency": "crisis"})
        for decision in decisions:
            await world.ok(decide(world, referral, decision))
        await courier.deliver_all()
        assert [message.data["decision"] for message in provider.messages] == to_provider
        assert [message.data["decision"] for message in receiver.messages] == to_institution
        assert others.messages == []
        check_bodies(provider, receiver, referral)


def check_bodies(provider: Receiver, institution: Receiver, referral: Json) -> None:
    """Nothing but ids and codes, and to the provider nothing of the request."""
    ids = {"referralId": referral["id"], "offerId": referral["offerId"], "providerId": referral["providerId"]}
    for message in provider.messages:
        kind = "sent" if message.data["decision"] == "send" else "decided"
        assert message.event["type"] == f"nl.beschikbaarheidswijzer.referral.{kind}"
        assert message.event["subject"] == referral["offerId"]
        rest = {name: value for name, value in message.data.items() if name not in ids}
        assert message.data == rest | ids
        assert rest.keys() == {"careType", "decision", "status"}
        assert referral["requestId"].encode() not in message.body
    for message in institution.messages:
        assert message.data.keys() == {*ids, "careType", "decision", "status", "requestId"}
        assert message.data["requestId"] == referral["requestId"]
    for message in [*provider.messages, *institution.messages]:
        assert not any(word in message.body for word in (b"K-2026", b"niet goed", b"GM0400", b"female", b"crisis"))


async def test_both_sides_are_told_what_followed_by_itself(
    committing_world: World, receiver: Receiver, courier: Courier
) -> None:
    """Help that starts elsewhere withdraws the other referrals."""
    world = committing_world
    offers = [await world.contracted_offer() for _ in range(2)]
    for offer in offers:
        await world.report(offer, placesFree=1)
    request = await world.add_request()
    first, second = [await refer(world, offer, request) for offer in offers]
    async with receiving() as provider:
        await add_webhook(world, receiver, *TYPES)
        await add_webhook(world, provider, *TYPES, headers=world.provider(offers[1]["providerId"]))
        for decision in ("accept", "start"):
            await world.ok(decide(world, first, decision))
        await courier.deliver_all()
        told = [(message.data["referralId"], message.data["decision"]) for message in receiver.messages]
        assert sorted(told) == sorted([(first["id"], "accept"), (second["id"], "withdraw")])
        last = provider.messages[-1].data
        assert (last["referralId"], last["decision"], last["status"]) == (second["id"], "withdraw", "withdrawn")


async def test_of_care_outside_the_contracts_nobody_is_told(
    committing_world: World, receiver: Receiver, courier: Courier
) -> None:
    """All of it is the institution's own doing."""
    world = committing_world
    await add_webhook(world, receiver, *TYPES)
    sent = await world.ok(post_referral(world, await world.add_request(), OUTSIDE))
    await world.ok(decide(world, sent, "accept"))
    await courier.deliver_all()
    assert receiver.messages == []


async def test_a_decision_that_is_refused_tells_nothing(
    committing_world: World, receiver: Receiver, courier: Courier
) -> None:
    world: Any = committing_world
    offer = await world.contracted_offer()
    await world.report(offer, placesFree=0)
    referral = await refer(world, offer)
    await add_webhook(world, receiver, *TYPES)
    path = f"/v1/referrals/{referral['id']}/decisions"
    refused = await world.http.post(path, json={"decision": "accept"}, headers=world.provider(offer["providerId"]))
    assert refused.status_code == 409
    await courier.deliver_all()
    assert receiver.messages == []
