"""Several processes that deliver, and those that die; what they measure, and what is forgotten."""

import asyncio
import sys
from datetime import timedelta

from prometheus_client import REGISTRY
from sqlalchemy import text
from structlog.testing import capture_logs

from app.kit.database.sessions import connect
from app.kit.schemas import write_time
from app.main import create_app
from app.notifying.webhooks.attempt_outcomes import pause
from app.notifying.webhooks.courier import Courier
from app.notifying.webhooks.delivery_repository import LEASE, prune
from app.notifying.webhooks.targets import Targets
from app.settings import Settings
from tests.conftest import OWNER, SettableClock
from tests.notifying.webhooks.conftest import (
    add_webhook,
    courier_of,
    deliveries,
    drip,
    tell,
)
from tests.notifying.webhooks.receiver import Message, Receiver, answer
from tests.patience import PATIENCE
from tests.world import World

SECOND = timedelta(seconds=1)


PROCESS = """
import asyncio, sys
from tests.conftest import SettableClock
from app.kit.database.sessions import connect
from app.kit.schemas import write_time
from app.main import create_app
from app.settings import Settings
from app.notifying.webhooks.targets import Targets
from tests.notifying.webhooks.conftest import courier_of
from tests.world import World

app = create_app(Settings(database_url=sys.argv[1], demo=True), clock=SettableClock())
asyncio.run(courier_of(World(app, None), Targets(["127.0.0.1"])).deliver_all())
"""


async def test_what_a_process_had_when_it_was_killed_is_delivered_by_another(
    committing_world: World, fresh_database_url: str, receiver: Receiver, courier: Courier, clock: SettableClock
) -> None:
    world = committing_world
    receiver.answers = [drip]
    webhook = await add_webhook(world, receiver, "watch.matched")
    await tell(world, "a", "a")
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROCESS, fresh_database_url)
    async with asyncio.timeout(PATIENCE):
        while not receiver.messages:  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0)
    process.kill()
    await process.wait()
    await courier.deliver_all()
    assert len(receiver.messages) == 1, "the claim has not run out"
    clock.now += LEASE
    await courier.deliver_all()
    assert [message.data["number"] for message in receiver.messages] == [0, 0, 1]
    assert len({message.headers["webhook-id"] for message in receiver.messages}) == 2
    assert [each["attempts"] for each in await deliveries(world, webhook)] == [1, 2]


async def test_who_comes_too_late_changes_nothing(
    committing_world: World, receiver: Receiver, targets: Targets, courier: Courier, clock: SettableClock
) -> None:
    """A process that froze until another took over: its failure is not that of the other's attempt."""
    go_on = asyncio.Event()

    async def late(_: Message) -> bytes:
        await go_on.wait()
        return answer(500)

    receiver.answers = [late, answer(503)]
    webhook = await add_webhook(committing_world, receiver, "watch.matched")
    await tell(committing_world, "a")
    frozen = courier_of(committing_world, targets)
    await frozen.begin()
    while not receiver.messages:  # noqa: ASYNC110 - nothing announces it
        await asyncio.sleep(0)
    clock.now += LEASE
    await courier.deliver_all()
    go_on.set()
    await frozen.deliver_all()
    (delivery,) = await deliveries(committing_world, webhook)
    assert (delivery["state"], delivery["attempts"], delivery["lastStatus"]) == ("pending", 2, 503)
    assert delivery["dueAt"] == write_time(clock.now + pause(2, 0))


async def test_several_processes_deliver_each_event_once_and_in_order(
    committing_world: World, receiver: Receiver, targets: Targets, courier: Courier
) -> None:
    await add_webhook(committing_world, receiver, "watch.matched")
    subjects = [f"aanbod-{number % 7}" for number in range(100)]
    await tell(committing_world, *subjects)
    processes = [courier, *(courier_of(committing_world, targets) for _ in range(3))]
    while len(receiver.messages) < 100:
        await asyncio.gather(*(process.deliver_all() for process in processes))
    assert len({message.headers["webhook-id"] for message in receiver.messages}) == 100
    for subject in set(subjects):
        numbers = [each.data["number"] for each in receiver.messages if each.event["subject"] == subject]
        assert numbers == sorted(numbers)


async def test_the_service_delivers(
    settings: Settings, committing_world: World, fresh_database_url: str, receiver: Receiver
) -> None:
    webhook = await add_webhook(committing_world, receiver, "watch.matched")
    await tell(committing_world, "a")
    allowing = settings.model_copy(update={"webhook_private_targets": ["127.0.0.1"]})
    app = create_app(allowing, database=connect(fresh_database_url, pool_size=2))
    async with app.router.lifespan_context(app), asyncio.timeout(PATIENCE):
        while not receiver.messages:  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0)
    (delivery,) = await deliveries(committing_world, webhook)
    assert delivery["state"] == "delivered", "it stops when what it has begun is done"


async def test_delivering_goes_on_when_the_database_is_back(
    committing_world: World, receiver: Receiver, courier: Courier
) -> None:
    await add_webhook(committing_world, receiver, "watch.matched")
    database = committing_world.parts.database
    async with database.write(OWNER) as session:
        await session.execute(text("ALTER TABLE outbox_events RENAME TO away"))
    with capture_logs() as logs:
        async with asyncio.timeout(PATIENCE), courier.running():
            while not logs:  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0)
            async with database.write(OWNER) as session:
                await session.execute(text("ALTER TABLE away RENAME TO outbox_events"))
            await tell(committing_world, "a")
            while not receiver.messages:  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0)
    assert {(each["event"], each["error"]) for each in logs} == {("webhooks.interrupted", "ProgrammingError")}


async def test_attempts_and_the_backlog_are_measured(
    committing_world: World, receiver: Receiver, courier: Courier, clock: SettableClock
) -> None:
    def metric(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(f"wijzer_webhook_{name}", labels) or 0

    failed = metric("attempts_total", outcome="failed")
    receiver.answers = [answer(410), answer(500)]
    await add_webhook(committing_world, receiver, "watch.matched")
    await tell(committing_world, "a")
    await courier.deliver_all()
    await add_webhook(committing_world, receiver, "watch.matched")
    await tell(committing_world, "b")
    await courier.deliver_all()
    clock.now += timedelta(seconds=5)
    await courier._measure()  # noqa: SLF001 - what it does every half minute
    assert [metric("pending"), metric("oldest_seconds"), metric("dead")] == [1, 5, 1]
    assert metric("attempts_total", outcome="failed") == failed + 1


async def test_what_is_old_is_forgotten(committing_world: World, receiver: Receiver, courier: Courier) -> None:
    world = committing_world
    receiver.answers = [answer(204), answer(410)]
    webhook = await add_webhook(world, receiver, "watch.matched")
    await tell(world, "delivered")
    await courier.deliver_all()
    await tell(world, "dead")
    await courier.deliver_all()
    await tell(world, "for nobody")
    await courier.deliver_all()

    async def left_after(days: int) -> tuple[int, int]:
        async with world.parts.database.write() as session:
            ago = {"days": days}
            for table, column in (("webhook_deliveries", "ended_at"), ("outbox_events", "taken_at")):
                moved = f"UPDATE {table} SET {column} = now() - :days * interval '1 day'"  # noqa: S608 - of these two
                await session.execute(text(moved), ago)
            await prune(session)
            events = await session.scalar(text("SELECT count(*) FROM outbox_events"))
        return len(await deliveries(world, webhook)), events

    assert await left_after(6) == (2, 3)
    assert await left_after(8) == (1, 1)
    assert await left_after(31) == (0, 0)
