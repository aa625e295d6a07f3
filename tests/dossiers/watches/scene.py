"""What the tests of watches share: making them, and looking what they find."""

from typing import Any

from sqlalchemy import text

from app.dossiers.watches.evaluator import Evaluator
from app.kit.security.callers import Role
from tests.world import World

PATH = "/v1/watches"
PUBLIC_URL = "https://wijzer.example.org"


def other_gi(world: World) -> dict[str, str]:
    """Headers of an institution that is not the one of `world.gi`."""
    return world.as_(Role.GI, organisation_id="00000000-0000-4000-8000-00000000abcd", client_id="test-other-gi")


def body(**fields: Any) -> dict[str, Any]:
    """A watch on family-style group homes, unless said."""
    search = {} if "requestId" in fields else {"search": {"careType": ["gezinshuis"]}}
    return {"channels": ["sse"], **search, **fields}


async def add_watch(world: World, headers: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
    """A watch of an institution."""
    return await world.ok(world.http.post(PATH, json=body(**fields), headers=headers or world.gi))


async def change(world: World, watch: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Changes a watch as it is."""
    headers = world.gi | {"If-Match": "*"}
    return await world.ok(world.http.patch(f"{PATH}/{watch['id']}", json=fields, headers=headers))


def evaluator(world: World) -> Evaluator:
    """This process's part in holding watches against offers."""
    return Evaluator(world.parts.follower, world.parts.clock, PUBLIC_URL)


async def look(world: World) -> int:
    """Holds the watches against what changed, as the job does; how many places were found."""
    async with world.parts.database.write() as session:
        return await evaluator(world).evaluate(session)


async def matches(world: World, watch: dict[str, Any]) -> list[dict[str, Any]]:
    """What a watch found, the last first."""
    content = await world.ok(world.http.get(f"{PATH}/{watch['id']}/matches", headers=world.gi))
    items: list[dict[str, Any]] = content["items"]
    return items


async def events(world: World) -> list[dict[str, Any]]:
    """What was written for webhooks, in order."""
    statement = text(
        "SELECT subject, organisation_id, data FROM outbox_events WHERE type = 'watch.matched' ORDER BY id"
    )
    async with world.parts.database.read() as session:
        return [dict(row) for row in (await session.execute(statement)).mappings()]
