"""Sending many reports, and reading what came of them."""

from typing import Any

import httpx
import orjson

from tests.world import World

PATH = "/v1/capacity-reports"
NDJSON = "application/x-ndjson"


async def send(
    world: World, headers: dict[str, str], body: bytes | str, media_type: str = "text/csv", path: str = PATH
) -> httpx.Response:
    """What is answered to this body."""
    return await world.http.post(path, content=body, headers=headers | {"Content-Type": media_type})


async def push(world: World, headers: dict[str, str], *reports: dict[str, Any], path: str = PATH) -> httpx.Response:
    """What is answered to these reports, as JSON."""
    return await send(world, headers, orjson.dumps(reports), "application/json", path)


def statuses(answer: httpx.Response) -> list[str]:
    """What came of each line, in order; the counts must agree."""
    assert answer.status_code == 200, answer.text
    content = answer.json()
    found = [item["status"] for item in content["items"]]
    for status in ("accepted", "unchanged", "rejected"):
        assert content[status] == found.count(status)
    return found


def errors(item: dict[str, Any]) -> dict[str, str]:
    """Of a rejected line: what is wrong where."""
    assert item["status"] == "rejected"
    assert item["problem"]["status"] == 400
    return {error["pointer"]: error["code"] for error in item["problem"]["errors"]}


async def current(world: World, offer: dict[str, Any]) -> dict[str, Any]:
    """What stands of an offer."""
    return await world.ok(world.http.get(f"/v1/offers/{offer['id']}/capacity", headers=world.gi))


async def history(world: World, offer: dict[str, Any]) -> list[dict[str, Any]]:
    """Every report of an offer."""
    path = f"/v1/offers/{offer['id']}/capacity-history"
    items: list[dict[str, Any]] = (await world.ok(world.http.get(path, headers=world.gi)))["items"]
    return items
