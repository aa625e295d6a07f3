"""The OpenAPI document says what each event says, and the events say that."""

from datetime import UTC, datetime
from typing import get_args

from app.dossiers.deliveries.reminding import remind
from app.event_schemas import MESSAGES, Event
from app.kit.security.callers import Role
from app.notifying.outbox.tables import EVENT_TYPES
from app.notifying.webhooks.messages import TYPE_PREFIX
from app.notifying.webhooks.schemas import AskedType
from app.notifying.webhooks.targets import Targets
from tests.dossiers.arrangements.scene import alternative, ask
from tests.dossiers.arrangements.scene import decide as decide_arrangement
from tests.dossiers.referrals.scene import decide, refer
from tests.dossiers.transfers.scene import add_institution, propose
from tests.dossiers.transfers.scene import decide as decide_transfer
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
        offer = await world.contracted_offer()
        webhook = await add_webhook(world, receiver, *get_args(AskedType))
        own = world.provider(offer["providerId"])
        await add_webhook(world, receiver, *get_args(AskedType), headers=own)
        await world.report(offer, placesTotal=2, nextFreeOn="2027-01-11")
        await world.ok(decide(world, await refer(world, offer), "accept"))
        request, other = await alternative(world, "provider-consent", provider_id=offer["providerId"])
        await world.ok(
            decide_arrangement(world, await world.ok(ask(world, request, other, "provider-consent")), "grant")
        )
        request = await world.add_request()
        receiver_of = await add_institution(world)
        transfer = await world.ok(propose(world, request, receiver_of.id))
        asking = {"step": "national", "reason": "no-suitable-offer", "asked": "Wie?", "skipReason": "Alles gevraagd."}
        path = f"/v1/requests/{request['id']}/escalations"
        step = await world.ok(world.http.post(path, json=asking, headers=world.gi))
        headers = world.as_(Role.NATIONAL) | {"If-Match": "*"}
        await world.ok(world.http.patch(f"{path}/{step['id']}", json={"outcome": "Geen plek."}, headers=headers))
        await world.ok(decide_transfer(world, transfer, "decline", receiver_of.headers, why="Niet van ons."))
        call = await world.ok(world.http.post(f"/v1/requests/{request['id']}/calls", json={}, headers=world.gi))
        answer = {"answer": "can", "startOn": "2026-12-14", "offerId": offer["id"]}
        await world.ok(world.http.post(f"/v1/calls/{call['id']}/answers", json=answer, headers=own))
        await world.ok(world.http.post(f"/v1/webhooks/{webhook['id']}/test-events", headers=world.gi))
        async with world.parts.database.write() as session:
            assert await remind(session, datetime(2026, 12, 7, 10, tzinfo=UTC))
        await courier_of(world, targets).deliver_all()
        messages = list(receiver.messages)
    kinds = set()
    for message in messages:
        kind = message.event["type"].removeprefix(TYPE_PREFIX)
        kinds.add(kind)
        Event[MESSAGES[kind][0]].model_validate_json(message.body)  # type: ignore[misc]  # made for each type
    assert kinds == set(EVENT_TYPES) - {"reminder.due", "watch.matched"}
