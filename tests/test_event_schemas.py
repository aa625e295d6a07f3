"""The OpenAPI document says what each event says, and the events say that."""

from typing import get_args

from app.event_schemas import MESSAGES, Event
from app.notifying.outbox.tables import EVENT_TYPES
from app.notifying.webhooks.messages import TYPE_PREFIX
from app.notifying.webhooks.schemas import AskedType
from app.notifying.webhooks.targets import Targets
from tests.dossiers.referrals.scene import decide, refer
from tests.notifying.webhooks.conftest import HOSTS, add_webhook, courier_of, to_loopback
from tests.notifying.webhooks.receiver import receiving
from tests.world import World


async def test_every_type_is_in_the_document(world: World) -> None:
    document = await world.ok(world.http.get("/v1/openapi.json"))
    assert document["webhooks"].keys() == MESSAGES.keys() == set(EVENT_TYPES)
    assert {*get_args(AskedType), "webhook.test"} == set(EVENT_TYPES)


async def test_the_messages_are_as_it_says(committing_world: World) -> None:
    world, targets = committing_world, Targets(HOSTS, to_loopback)
    world.change(targets=targets)
    async with receiving() as receiver:
        offer = await world.add_offer()
        webhook = await add_webhook(world, receiver, *get_args(AskedType))
        own = world.provider(offer["providerId"])
        await add_webhook(world, receiver, *get_args(AskedType), headers=own)
        await world.report(offer, placesTotal=2, nextFreeOn="2027-01-11")
        await world.ok(decide(world, await refer(world, offer), "accept"))
        await world.add_contract(offer["providerId"])
        request = await world.add_request()
        call = await world.ok(world.http.post(f"/v1/requests/{request['id']}/calls", json={}, headers=world.gi))
        answer = {"answer": "can", "startOn": "2026-12-14", "offerId": offer["id"]}
        await world.ok(world.http.post(f"/v1/calls/{call['id']}/answers", json=answer, headers=own))
        await world.ok(world.http.post(f"/v1/webhooks/{webhook['id']}/test-events", headers=world.gi))
        await courier_of(world, targets).deliver_all()
        messages = list(receiver.messages)
    kinds = set()
    for message in messages:
        kind = message.event["type"].removeprefix(TYPE_PREFIX)
        kinds.add(kind)
        Event[MESSAGES[kind][0]].model_validate_json(message.body)  # type: ignore[misc]  # made for each type
    calls = {"call.published", "call.answered"}
    assert kinds == {"capacity.changed", "referral.sent", "referral.decided", "webhook.test", *calls}
