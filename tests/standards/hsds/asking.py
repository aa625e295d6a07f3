"""Asking the HSDS interface as a professional does."""

import json
from typing import Any

from tests.world import World


async def get(world: World, path: str, **query: Any) -> dict[str, Any]:
    """The answer at a path."""
    return await world.ok(world.http.get(f"/hsds/{path}", params=query, headers=world.gi))


async def ids(world: World, path: str, **query: Any) -> set[str]:
    """The ids in the first page of a list, which holds all of them."""
    page = await get(world, path, **query)
    found = {each["id"] for each in page["contents"]}
    assert len(found) == page["total_items"] == page["size"]
    return found


async def lines(world: World, path: str, **query: Any) -> list[dict[str, Any]]:
    """All objects of a list as a stream."""
    answer = await world.http.get(f"/hsds/{path}", params={**query, "format": "ndjson"}, headers=world.gi)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert not answer.text or answer.text.endswith("\n")
    return [json.loads(line) for line in answer.text.splitlines()]
