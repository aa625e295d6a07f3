"""Messages are signed with the secret that stands, and for a while with the one before it."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from app.kit.clock import system_clock
from app.notifying.webhooks.courier import Courier
from tests.conftest import SettableClock
from tests.notifying.webhooks.conftest import add_webhook, deliveries, tell
from tests.notifying.webhooks.receiver import Receiver
from tests.world import World

SECOND = timedelta(seconds=1)


async def test_after_a_rotation_both_secrets_sign_until_the_overlap_is_over(
    committing_world: World, receiver: Receiver, courier: Courier, clock: SettableClock
) -> None:
    world = committing_world
    clock.now = system_clock()
    first = await add_webhook(world, receiver, "watch.matched")
    path = f"/v1/webhooks/{first['id']}/secret-rotations"
    second = await world.ok(world.http.post(path, json={"overlapHours": 1}, headers=world.gi))
    await tell(world, "a")
    await courier.deliver_all()
    for secret in (first["secret"], second["secret"]):
        assert Webhook(secret).verify(receiver.messages[0].body, receiver.messages[0].headers)
    assert len(receiver.messages[0].headers["webhook-signature"].split(" ")) == 2
    third = await world.ok(world.http.post(path, json={"overlapHours": 0}, headers=world.gi))
    assert third["previousSecretUntil"] is None
    await tell(world, "a")
    await courier.deliver_all()
    assert Webhook(third["secret"]).verify(receiver.messages[1].body, receiver.messages[1].headers)
    for secret in (first["secret"], second["secret"]):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(receiver.messages[1].body, receiver.messages[1].headers)


async def test_the_overlap_ends_by_itself(
    committing_world: World, receiver: Receiver, courier: Courier, clock: SettableClock
) -> None:
    world = committing_world
    webhook = await add_webhook(world, receiver, "watch.matched")
    path = f"/v1/webhooks/{webhook['id']}/secret-rotations"
    rotated = await world.ok(world.http.post(path, headers=world.gi))
    assert rotated["previousSecretUntil"] == "2026-11-23T10:00:00Z"
    clock.now += timedelta(hours=24)
    await tell(world, "a")
    await courier.deliver_all()
    assert len(receiver.messages[0].headers["webhook-signature"].split(" ")) == 1
    shown = await world.ok(world.http.get(f"/v1/webhooks/{webhook['id']}", headers=world.gi))
    assert shown["previousSecretUntil"] is None


async def test_a_secret_that_cannot_be_opened_is_an_error_of_its_own(
    committing_world: World, receiver: Receiver, courier: Courier
) -> None:
    world = committing_world
    webhook = await add_webhook(world, receiver, "watch.matched")
    await tell(world, "a")
    async with world.parts.database.write() as session:
        await session.execute(text("UPDATE webhooks SET secret = 'x'"))
    await courier.deliver_all()
    (delivery,) = await deliveries(world, webhook)
    assert (delivery["lastError"], receiver.connections) == ("sealed-with-another-key", 0)
