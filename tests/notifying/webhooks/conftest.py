"""Webhooks in the world of a test, with a receiver on loopback that may be sent to."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import pytest

from app.kit.database.sessions import Database
from app.notifying.outbox.service import NewEvent, write_events
from app.notifying.webhooks.courier import Courier
from app.notifying.webhooks.sender import Sender
from app.notifying.webhooks.targets import Targets
from tests.conftest import NOW
from tests.notifying.webhooks.receiver import (
    Json,
    Message,
    Receiver,
    receiving,
)
from tests.world import World

GI = UUID(int=len("gi"))
"""The organisation of the tests' GI."""
HOSTS = ["127.0.0.1", "hook.example.nl"]
"""Those that may be anywhere in these tests."""


async def to_loopback(_: str, __: int) -> Sequence[str]:
    """Every name is that of this machine."""
    return ["127.0.0.1"]


@pytest.fixture
def targets() -> Targets:
    return Targets(HOSTS, to_loopback)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


def courier_of(world: World, targets: Targets, **options: Any) -> Courier:
    """A process that delivers, on the world's database and by its clock; without jitter."""
    parts = world.parts
    given: Json = {"sender": Sender(patience=10), "chance": lambda: 0.0, "interval": 0.01, "pause": 0.01}
    return Courier(
        Database(parts.database.engine),
        parts.vault,
        targets,
        source="urn:nld:test",
        clock=parts.clock,
        **given | options,
    )


@pytest.fixture
def world(world: World, targets: Targets) -> World:
    """The world, in which the receiver may be sent to."""
    world.change(targets=targets)
    return world


@pytest.fixture
def committing_world(committing_world: World, targets: Targets) -> World:
    """The same, on a database of its own."""
    committing_world.change(targets=targets)
    return committing_world


@pytest.fixture
def courier(committing_world: World, targets: Targets) -> Courier:
    return courier_of(committing_world, targets)


async def add_webhook(
    world: World, receiver: Receiver, *types: str, headers: dict[str, str] | None = None, **fields: Any
) -> Json:
    """A webhook of a GI for changes of capacity, unless said."""
    body = {"url": receiver.url, "types": list(types) or ["capacity.changed"], **fields}
    return await world.ok(world.http.post("/v1/webhooks", json=body, headers=headers or world.gi))


async def deliveries(world: World, webhook: Json, headers: dict[str, str] | None = None, query: str = "") -> list[Json]:
    """The deliveries to a webhook, the newest first."""
    path = f"/v1/webhooks/{webhook['id']}/deliveries{query}"
    items: list[Json] = (await world.ok(world.http.get(path, headers=headers or world.gi)))["items"]
    return items


async def tell(world: World, *subjects: str, **fields: Any) -> None:
    """Events for the GI of the tests, one after another, in a transaction."""
    given: dict[str, Any] = {"type": "watch.matched", "data": {}, "time": NOW, "organisation_id": GI} | fields
    async with world.parts.database.write() as session:
        for number, subject in enumerate(subjects):
            event = NewEvent(**given | {"subject": subject, "data": {"number": number, **given["data"]}})
            await write_events(session, event)


async def drip(_: Message) -> bytes:
    """An answer that never comes."""
    await asyncio.Event().wait()
    return b""
