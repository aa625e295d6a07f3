"""Calls: whom they are put to is told, and whoever asked of each answer; nothing of what is asked."""

from app.kit.security.callers import Role
from app.notifying.webhooks.courier import Courier
from tests.dossiers.referrals.scene import OTHER_GI
from tests.notifying.webhooks.conftest import add_webhook
from tests.notifying.webhooks.receiver import Receiver, receiving
from tests.world import World

TYPES = ("call.published", "call.answered")


async def test_each_side_is_told_what_the_other_did(
    committing_world: World, receiver: Receiver, courier: Courier
) -> None:
    world = committing_world
    offer, other = await world.add_offer(), await world.add_offer()  # the other has no contract
    await world.add_contract(offer["providerId"])
    own = world.provider(offer["providerId"])
    async with receiving() as provider, receiving() as others:
        await add_webhook(world, receiver, *TYPES)
        await add_webhook(world, provider, *TYPES, headers=own)
        for headers in (world.provider(other["providerId"]), world.as_(Role.GI, **OTHER_GI), world.region()):
            await add_webhook(world, others, *TYPES, headers=headers)
        request = await world.add_request()
        path, body = f"/v1/requests/{request['id']}/calls", {"remark": "Het gaat niet goed", "respondBy": "2026-12-04"}
        call = await world.ok(world.http.post(path, json=body, headers=world.gi))
        answers = f"/v1/calls/{call['id']}/answers"
        for answer in (
            {"answer": "can", "startOn": "2026-12-14", "offerId": offer["id"]},
            {"answer": "decline", "reason": "no-place"},
        ):
            await world.ok(world.http.post(answers, json=answer, headers=own))
        await courier.deliver_all()
        ids = {"callId": call["id"], "providerId": offer["providerId"]}
        assert [message.data for message in provider.messages] == [ids | {"respondBy": "2026-12-04"}]
        answered = ids | {"requestId": request["id"]}
        assert [message.data for message in receiver.messages] == [
            answered | {"answer": "can", "offerId": offer["id"]},
            answered | {"answer": "decline", "offerId": None},
        ]
        assert others.messages == []
