"""Targets that lead elsewhere, keep silent, or answer what they should not."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.notifying.webhooks.courier import Courier
from app.notifying.webhooks.delivery_repository import MOST_AT_ONCE
from app.notifying.webhooks.sender import Sender
from app.notifying.webhooks.tables import WebhookRow
from app.notifying.webhooks.targets import Targets
from tests.notifying.webhooks.conftest import (
    add_webhook,
    courier_of,
    deliveries,
    drip,
    tell,
)
from tests.notifying.webhooks.receiver import Receiver, answer, receiving
from tests.patience import PATIENCE
from tests.world import World

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(
    committing_world: World, receiver: Receiver, courier: Courier, status: int
) -> None:
    async with receiving() as other:
        receiver.answers = [answer(status, f"Location: {other.url}\r\n")]
        webhook = await add_webhook(committing_world, receiver, "watch.matched")
        await tell(committing_world, "a")
        await courier.deliver_all()
        assert (len(receiver.messages), other.connections) == (1, 0)
    (delivery,) = await deliveries(committing_world, webhook)
    assert (delivery["state"], delivery["lastError"], delivery["lastStatus"]) == ("pending", "redirect", status)


async def test_what_leads_inside_since_it_was_made_is_not_sent_to(committing_world: World, receiver: Receiver) -> None:
    world = committing_world
    webhook = await add_webhook(world, receiver, "watch.matched", url=f"https://hook.example.nl:{receiver.port}/")
    await tell(world, "a")

    async def inside(_: str, __: int) -> list[str]:
        return ["127.0.0.1"]

    await courier_of(world, Targets([], inside)).deliver_all()
    (delivery,) = await deliveries(world, webhook)
    assert (delivery["lastError"], delivery["lastStatus"], receiver.connections) == ("private-address", None, 0)


async def test_the_address_that_was_checked_is_connected_to(committing_world: World, receiver: Receiver) -> None:
    """The name has one answer, once: nothing asks again for the connection."""
    world, asked = committing_world, []
    await add_webhook(world, receiver, "watch.matched", url=f"http://hook.example.nl:{receiver.port}/x")
    await tell(world, "a", "b")

    async def once(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    await courier_of(world, Targets(["hook.example.nl"], once)).deliver_all()
    assert asked == [("hook.example.nl", receiver.port)]
    assert [message.headers["host"] for message in receiver.messages] == [f"hook.example.nl:{receiver.port}"] * 2


async def test_the_next_address_is_tried_where_one_does_not_answer(committing_world: World, receiver: Receiver) -> None:
    world = committing_world
    await add_webhook(world, receiver, "watch.matched", url=f"http://hook.example.nl:{receiver.port}/x")
    await tell(world, "a")

    async def two(_: str, __: int) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    await courier_of(world, Targets(["hook.example.nl"], two)).deliver_all()
    assert len(receiver.messages) == 1


async def test_a_silent_target_holds_nobody_else_up(
    committing_world: World, receiver: Receiver, targets: Targets
) -> None:
    async with receiving() as silent:
        silent.answers = [drip] * 12
        for each in (silent, receiver):
            await add_webhook(committing_world, each, "watch.matched")
        await tell(committing_world, *"abcdefghijkl")
        process = courier_of(committing_world, targets, sender=Sender(patience=30))
        async with asyncio.timeout(PATIENCE), process.running():
            while len(receiver.messages) < 12:  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0)
            assert 0 < len(silent.messages) <= MOST_AT_ONCE
            silent.answers.clear()
            await silent.hang_up()


async def test_90_silent_targets_hold_nobody_up(committing_world: World, receiver: Receiver, targets: Targets) -> None:
    async with receiving() as silent:
        silent.answers = [drip] * 1000
        webhook = await add_webhook(committing_world, silent, "watch.matched")
        await add_webhook(committing_world, receiver, "watch.matched")
        async with committing_world.parts.database.write() as session:
            first = await session.get_one(WebhookRow, UUID(webhook["id"]))
            names = [column.key for column in WebhookRow.__table__.columns]
            same = {name: getattr(first, name) for name in names}
            vault = committing_world.parts.vault
            ids = [uuid4() for _ in range(89)]
            session.add_all(
                WebhookRow(**same | {"id": id_, "secret": vault.seal("whsec_c2VjcmV0", id_)}) for id_ in ids
            )
        await tell(committing_world, "a")
        process = courier_of(committing_world, targets, sender=Sender(patience=3600), prompt=0.01)
        async with asyncio.timeout(PATIENCE), process.running():
            while len(silent.messages) < 40:  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0)
            await tell(committing_world, *(f"subject {number}" for number in range(30)))
            while len(receiver.messages) < 31:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0)
            assert len(silent.answers) <= 960, "they were tried, and none has answered"
            silent.answers.clear()
            await silent.hang_up()


async def test_a_target_that_takes_too_long_has_failed(
    committing_world: World, receiver: Receiver, targets: Targets
) -> None:
    receiver.answers = [drip]
    webhook = await add_webhook(committing_world, receiver, "watch.matched")
    await tell(committing_world, "a")
    await courier_of(committing_world, targets, sender=Sender(patience=0.2)).deliver_all()
    (delivery,) = await deliveries(committing_world, webhook)
    assert (delivery["state"], delivery["lastError"]) == ("pending", "timeout")


@pytest.mark.parametrize(
    ("given", "state", "error"),
    [
        (b"", "pending", "connection"),  # it hangs up
        (b"geen HTTP\r\n\r\n", "pending", "connection"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"x" * 200_000, "pending", "connection"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n" + b"x" * 100_000, "delivered", None),  # not read on
        (answer(200, "content-encoding: gzip\r\n", "geen gzip"), "delivered", None),  # nobody unpacks it
    ],
)
async def test_hostile_answers(
    committing_world: World, receiver: Receiver, courier: Courier, given: bytes, state: str, error: str | None
) -> None:
    receiver.answers = [given]
    webhook = await add_webhook(committing_world, receiver, "watch.matched")
    await tell(committing_world, "a")
    sending = asyncio.create_task(courier.deliver_all())
    while not receiver.messages:  # noqa: ASYNC110 - nothing announces it
        await asyncio.sleep(0)
    if error is not None:
        await receiver.hang_up()
    await sending
    (delivery,) = await deliveries(committing_world, webhook)
    assert (delivery["state"], delivery["lastError"]) == (state, error)


async def test_nobody_listens(committing_world: World, receiver: Receiver, courier: Courier) -> None:
    webhook = await add_webhook(committing_world, receiver, "watch.matched", url="http://127.0.0.1:1/")
    await tell(committing_world, "a")
    await courier.deliver_all()
    (delivery,) = await deliveries(committing_world, webhook)
    assert (delivery["state"], delivery["lastError"], delivery["lastStatus"]) == ("pending", "connection", None)
