"""Calls in the world of a test: published by a GI for a child of Den Helder, answered by contracted providers."""

from typing import Any, Final
from uuid import UUID

import httpx

from tests.world import World

Json = dict[str, Any]

OTHER_GI: Final = {"organisation_id": UUID(int=77), "client_id": "other-gi", "institution": "Een andere GI"}
CAN: Final[Json] = {"answer": "can", "startOn": "2026-12-14"}
DECLINE: Final[Json] = {"answer": "decline", "reason": "no-place"}


async def contracted(world: World, provider_id: str | None = None, **fields: Any) -> Json:
    """An offer of a provider with a regional contract of JZ03, a new one unless said; it has reported nothing."""
    offer = await world.add_offer(provider_id, **fields)
    if provider_id is None:
        await world.add_contract(offer["providerId"])
    return offer


async def post_call(world: World, request: Json, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
    path = f"/v1/requests/{request['id']}/calls"
    return await world.http.post(path, json=body, headers=headers or world.gi)


async def publish(world: World, request: Json | None = None, **body: Any) -> Json:
    """A call of the GI, for a new child unless said."""
    return await world.ok(post_call(world, request or await world.add_request(), **body))


async def post_answer(world: World, call: Json, body: Json, headers: dict[str, str]) -> httpx.Response:
    return await world.http.post(f"/v1/calls/{call['id']}/answers", json=body, headers=headers)


async def answer(world: World, call: Json, offer: Json, body: Json = CAN, **fields: Any) -> Json:
    """The call after the provider of this offer has answered."""
    return await world.ok(post_answer(world, call, body | fields, world.provider(offer["providerId"])))


async def close(
    world: World, call: Json, because: str = "answered", headers: dict[str, str] | None = None, if_match: str = "*"
) -> httpx.Response:
    body, sent = {"closedBecause": because}, (headers or world.gi) | {"If-Match": if_match}
    return await world.http.patch(f"/v1/calls/{call['id']}", json=body, headers=sent)


async def get(world: World, call: Json, headers: dict[str, str] | None = None) -> Json:
    """The call as it is now, to the GI unless said."""
    return await world.ok(world.http.get(f"/v1/calls/{call['id']}", headers=headers or world.gi))


async def listed(world: World, path: str, headers: dict[str, str]) -> list[Json]:
    """The items of a list's first page."""
    found: list[Json] = (await world.ok(world.http.get(path, headers=headers)))["items"]
    return found


async def answers(world: World, call: Json, headers: dict[str, str] | None = None, query: str = "") -> list[Json]:
    """The answers to a call, to the GI unless said."""
    return await listed(world, f"/v1/calls/{call['id']}/answers{query}", headers or world.gi)
