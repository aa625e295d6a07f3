"""Actions of plans, made through the API."""

from typing import Any

import httpx

from app.kit.security.callers import Role
from tests.world import World

Json = dict[str, Any]
PATH = "/v1/insight/actions"


def action_body(**fields: Any) -> Json:
    """The body of a new action: planned, green, due at the end of 2026, unless said."""
    return {
        "direction": {"number": 2, "title": "Hulp dichtbij"},
        "title": "Gezinshuizen werven",
        "owner": "Projectleider",
        "result": "Zes nieuwe plekken.",
        "dueOn": "2026-12-31",
        **fields,
    }


async def add_action(world: World, headers: dict[str, str] | None = None, **fields: Any) -> Json:
    """A new action, of the region JZ03 unless said."""
    return await world.ok(world.http.post(PATH, json=action_body(**fields), headers=headers or world.region()))


async def change(
    world: World, action: Json, headers: dict[str, str] | None = None, etag: str | None = "*", **fields: Any
) -> httpx.Response:
    """The answer to a change of an action, by the region JZ03 unless said."""
    sent = (headers or world.region()) | ({"If-Match": etag} if etag else {})
    return await world.http.patch(f"{PATH}/{action['id']}", json=fields, headers=sent)


async def withdraw(
    world: World, action: Json, headers: dict[str, str] | None = None, etag: str | None = "*"
) -> httpx.Response:
    """The answer to the withdrawal of an action, by the region JZ03 unless said."""
    sent = (headers or world.region()) | ({"If-Match": etag} if etag else {})
    return await world.http.delete(f"{PATH}/{action['id']}", params={"why": "Dubbel ingevoerd"}, headers=sent)


def supraregion(world: World, code: str = "noord-holland") -> dict[str, str]:
    """Headers of a supraregion."""
    return world.as_(Role.SUPRAREGION, supraregion=code, client_id=f"test-{code}")
