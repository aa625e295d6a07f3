"""Delivering waiting children, and reading what came of them."""

from itertools import count
from typing import Any
from uuid import uuid4

import httpx
import orjson

from app.kit.security.callers import Role
from tests.supply.providers.pages import flat, walk
from tests.world import HOME, World

PATH = "/v1/waiting-children"
_numbers = count(1)
Json = dict[str, Any]


def child(**fields: Any) -> Json:
    """A child of Den Helder that waits for a gezinshuis under a measure since 12 October, with a new reference."""
    return {
        "childReference": f"D-2026-{next(_numbers)}",
        "birthMonth": "2014-05",
        "gender": "female",
        "municipality": HOME,
        "postcode": "1781",
        "measureType": "21",
        "measureImposedOn": "2026-10-12",
        "requestedOn": "2026-10-20",
        "choice1": "gezinshuis",
        **fields,
    }


def other_gi(world: World) -> dict[str, str]:
    """Another institution."""
    return world.as_(Role.GI, organisation_id=uuid4(), client_id="test-other-gi")


async def send(
    world: World,
    body: bytes | str,
    media_type: str = "text/csv",
    *,
    headers: dict[str, str] | None = None,
    query: str = "",
) -> httpx.Response:
    """What is answered to this body."""
    given = (headers or world.gi) | {"Content-Type": media_type}
    return await world.http.post(f"{PATH}{query}", content=body, headers=given)


async def deliver(
    world: World, *children: Json, headers: dict[str, str] | None = None, query: str = ""
) -> httpx.Response:
    """What is answered to these children, as JSON."""
    return await send(world, orjson.dumps(children), "application/json", headers=headers, query=query)


def statuses(answer: httpx.Response) -> list[str]:
    """What came of each line, in order; the counts must agree."""
    assert answer.status_code == 200, answer.text
    content = answer.json()
    found = [item["status"] for item in content["items"]]
    for status in ("accepted", "unchanged", "rejected"):
        assert content[status] == found.count(status)
    assert content["closed"] == sum(each["problem"] is None for each in content["closedRequests"])
    return found


def errors(item: Json) -> dict[str, str]:
    """Of a rejected line: what is wrong where."""
    assert item["status"] == "rejected", item
    assert item["problem"]["status"] == 400, item
    return {error["pointer"]: error["code"] for error in item["problem"]["errors"]}


async def made(world: World, body: Json, headers: dict[str, str] | None = None) -> Json:
    """The request that this child made, which must be new."""
    answer = await deliver(world, body, headers=headers)
    assert statuses(answer) == ["accepted"], answer.text
    [item] = answer.json()["items"]
    assert item["created"] is True
    return await read(world, item["requestId"], headers)


async def read(world: World, request_id: str, headers: dict[str, str] | None = None) -> Json:
    """A request as it stands."""
    return await world.ok(world.http.get(f"/v1/requests/{request_id}", headers=headers or world.gi))


async def etag(world: World, request_id: str) -> str:
    """The version of a request."""
    return (await world.http.get(f"/v1/requests/{request_id}", headers=world.gi)).headers["etag"]


async def history(world: World, request_id: str, headers: dict[str, str] | None = None) -> list[str]:
    """What was done to a request."""
    return flat(await walk(world, f"/v1/requests/{request_id}/history", headers or world.gi), "what")


async def patch(world: World, request_id: str, body: Json, headers: dict[str, str] | None = None) -> Json:
    """Changes a request by hand."""
    given = (headers or world.gi) | {"If-Match": "*"}
    return await world.ok(world.http.patch(f"/v1/requests/{request_id}", json=body, headers=given))


async def requests(world: World, headers: dict[str, str] | None = None) -> list[Json]:
    """The requests of the caller."""
    items: list[Json] = (await world.ok(world.http.get("/v1/requests?limit=200", headers=headers or world.gi)))["items"]
    return items
