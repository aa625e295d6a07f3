"""Insight in the world of a test: what was recorded is brought into the figures, and these are read."""

from typing import Any

from app.insight.history.service import bring_up_to_date
from tests.world import World

Json = dict[str, Any]


async def bring(world: World) -> None:
    """Does what the job does."""
    async with world.parts.database.write() as session:
        await bring_up_to_date(session, world.parts.clock())


async def figures(world: World, name: str, headers: dict[str, str] | None = None, **query: Any) -> Json:
    """The answer of a resource to a region, with what was recorded until now in it."""
    await bring(world)
    keys = {key.rstrip("_"): value for key, value in query.items()}
    answer: Json = await world.ok(world.http.get(f"/v1/insight/{name}", params=keys, headers=headers or world.region()))
    return answer
