"""Delivering over real HTTP from a real database: at least once, in order, and for three days."""

from datetime import timedelta

from standardwebhooks.webhooks import Webhook
from structlog.testing import capture_logs

from app.kit.clock import system_clock
from app.notifying.outbox.service import NewEvent, write_events
from app.notifying.webhooks.courier import Courier
from tests.conftest import NOW, SettableClock
from tests.notifying.webhooks.conftest import (
    GI,
    add_webhook,
    deliveries,
    tell,
)
from tests.notifying.webhooks.receiver import Message, Receiver, answer
from tests.world import World

SECOND = timedelta(seconds=1)


async def test_a_message_is_signed_and_a_cloud_event(
    committing_world: World, receiver: Receiver, courier: Courier, clock: SettableClock
) -> None:
    world = committing_world
    clock.now = system_clock()  # the reference implementation looks at the real time
    webhook = await add_webhook(world, receiver, "watch.matched")
    await tell(world, "aanbod-1", data={"offerId": "aanbod-1"})
    await courier.deliver_all()
    (message,) = receiver.messages
    event = Webhook(webhook["secret"]).verify(message.body, message.headers)
    (delivery,) = await deliveries(world, webhook)
    assert event == {
        "specversion": "1.0",
        "id": delivery["eventId"],
        "source": "urn:nld:test",
        "type": "nl.beschikbaarheidswijzer.watch.matched",
        "subject": "aanbod-1",
        "time": "2026-11-22T10:00:00Z",
        "datacontenttype": "application/json",
        "sequence": event["sequence"],
        "data": {"number": 0, "offerId": "aanbod-1"},
    }
    assert message.headers["webhook-id"] == delivery["eventId"]
    assert message.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert message.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert (delivery["state"], delivery["attempts"], delivery["lastStatus"]) == ("delivered", 1, 204)
    await courier.deliver_all()
    assert len(receiver.messages) == 1


async def test_what_rolls_back_is_told_to_nobody(committing_world: World, receiver: Receiver, courier: Courier) -> None:
    await add_webhook(committing_world, receiver, "watch.matched")
    async with committing_world.parts.database.write() as session:
        event = NewEvent(type="watch.matched", subject="a", data={}, time=NOW, organisation_id=GI)
        await write_events(session, event)
        await session.rollback()
    await courier.deliver_all()
    assert receiver.messages == []


async def test_a_failing_event_holds_back_its_own_subject_and_no_other(
    committing_world: World, receiver: Receiver, courier: Courier, clock: SettableClock
) -> None:
    async def refuse_first(message: Message) -> bytes:
        return answer(500 if message.event["subject"] == "a" else 204)

    receiver.answers = [refuse_first] * 10
    webhook = await add_webhook(committing_world, receiver, "watch.matched")
    await tell(committing_world, "a", "a", "b", "a", "b")
    await courier.deliver_all()
    assert sorted(receiver.subjects) == ["a", "b", "b"]
    assert [message.data["number"] for message in receiver.messages if message.event["subject"] == "b"] == [2, 4]
    receiver.messages.clear()
    clock.now += 9 * SECOND
    await courier.deliver_all()
    assert receiver.messages == []
    receiver.answers.clear()
    clock.now += SECOND
    await courier.deliver_all()
    assert [message.data["number"] for message in receiver.messages] == [0, 1, 3]
    assert [each["attempts"] for each in await deliveries(committing_world, webhook)] == [1, 1, 1, 1, 2]


async def test_an_event_that_never_arrives_is_dead_after_three_days_and_can_be_had_after_all(
    committing_world: World, receiver: Receiver, courier: Courier, clock: SettableClock
) -> None:
    world, tries = committing_world, 0
    webhook = await add_webhook(world, receiver, "watch.matched")
    await tell(world, "a")
    while True:
        receiver.answers = [answer(503)]
        with capture_logs() as logs:
            await courier.deliver_all()
        tries += 1
        (delivery,) = await deliveries(world, webhook)
        if delivery["state"] == "dead":
            break
        assert (delivery["lastError"], delivery["lastStatus"], delivery["attempts"]) == ("status", 503, tries)
        clock.now = system_clock().fromisoformat(delivery["dueAt"])
    assert clock.now == NOW + timedelta(days=3)
    assert [each["event"] for each in logs] == ["webhook.given_up"]
    assert "127.0.0.1" not in str(logs)
    assert len({message.headers["webhook-id"] for message in receiver.messages}) == 1
    assert len({message.body for message in receiver.messages}) == 1
    assert len({message.headers["webhook-timestamp"] for message in receiver.messages}) == tries
    await courier.deliver_all()
    assert len(receiver.messages) == tries
    (dead,) = await deliveries(world, webhook, query="?state=dead")
    path = f"/v1/webhooks/{webhook['id']}/deliveries/{dead['id']}/redeliveries"
    again = await world.ok(world.http.post(path, headers=world.gi))
    assert (again["state"], again["attempts"]) == ("pending", 0)
    await courier.deliver_all()
    (delivery,) = await deliveries(world, webhook)
    assert (delivery["state"], len(receiver.messages)) == ("delivered", tries + 1)
    assert (await world.http.post(path, headers=world.gi)).status_code == 409


async def test_a_dead_event_holds_nothing_back(
    committing_world: World, receiver: Receiver, courier: Courier, clock: SettableClock
) -> None:
    await add_webhook(committing_world, receiver, "watch.matched")
    await tell(committing_world, "a", "a")
    receiver.answers = [answer(500)] * 2
    await courier.deliver_all()
    clock.now += timedelta(days=3)
    await courier.deliver_all()
    assert [message.data["number"] for message in receiver.messages] == [0, 0, 1]


async def test_the_target_says_when_it_can_be_tried_again(
    committing_world: World, receiver: Receiver, courier: Courier, clock: SettableClock
) -> None:
    webhook = await add_webhook(committing_world, receiver, "watch.matched")
    receiver.answers = [answer(429, "Retry-After: 3600\r\n")]
    await tell(committing_world, "a")
    await courier.deliver_all()
    (delivery,) = await deliveries(committing_world, webhook)
    assert delivery["dueAt"] == "2026-11-22T11:00:00Z"
    clock.now += timedelta(hours=1)
    await courier.deliver_all()
    assert len(receiver.messages) == 2


async def test_a_target_that_is_gone_ends_its_webhook(
    committing_world: World, receiver: Receiver, courier: Courier
) -> None:
    world = committing_world
    webhook = await add_webhook(world, receiver, "watch.matched")
    receiver.answers = [answer(410)]
    await tell(world, "a", "a")
    await courier.deliver_all()
    await tell(world, "b")
    await courier.deliver_all()
    assert len(receiver.messages) == 1
    found = await deliveries(world, webhook)
    assert [(each["state"], each["lastError"]) for each in found] == [("dead", "gone")] * 2
    path = f"/v1/webhooks/{webhook['id']}"
    read = await world.http.get(path, headers=world.gi)
    assert (read.json()["active"], read.json()["disabledBecause"]) == (False, "gone")
    changed = {"active": True}
    headers = world.gi | {"If-Match": read.headers["etag"]}
    assert (await world.ok(world.http.patch(path, json=changed, headers=headers)))["disabledBecause"] is None
    await tell(world, "c")
    await courier.deliver_all()
    assert receiver.subjects[1:] == ["c"]


async def test_a_paused_webhook_keeps_what_waits_and_is_told_nothing_new(
    committing_world: World, receiver: Receiver, courier: Courier, clock: SettableClock
) -> None:
    world = committing_world
    webhook = await add_webhook(world, receiver, "watch.matched")
    receiver.answers = [answer(500)]
    await tell(world, "voor")
    await courier.deliver_all()
    path, headers = f"/v1/webhooks/{webhook['id']}", world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(path, json={"active": False}, headers=headers))
    await tell(world, "tijdens")
    clock.now += timedelta(hours=1)
    await courier.deliver_all()
    assert receiver.subjects == ["voor"]
    await world.ok(world.http.patch(path, json={"active": True}, headers=headers))
    await tell(world, "na")
    await courier.deliver_all()
    assert receiver.subjects[1:] == ["voor", "na"]
