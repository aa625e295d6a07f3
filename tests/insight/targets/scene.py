"""Target lines, made through the API."""

from typing import Any

import httpx

from tests.world import World

Json = dict[str, Any]
PATH = "/v1/insight/targets"


def target_body(**fields: Any) -> Json:
    """The body of a new target line: secure places, from 235 to 100, unless said."""
    return {
        "title": "Minder gesloten plekken",
        "source": "Regionaal plan 2021",
        "careTypes": ["jeugdzorgplus"],
        "bound": "at-most",
        "points": [{"on": "2022-01-01", "places": 235}, {"on": "2024-12-31", "places": 100}],
        **fields,
    }


async def add_target(world: World, headers: dict[str, str] | None = None, **fields: Any) -> Json:
    """A new target line, of the region JZ03 unless said."""
    return await world.ok(world.http.post(PATH, json=target_body(**fields), headers=headers or world.region()))


async def change(
    world: World, target: Json, headers: dict[str, str] | None = None, etag: str | None = "*", **fields: Any
) -> httpx.Response:
    """The answer to a change of a target line, by the region JZ03 unless said."""
    sent = (headers or world.region()) | ({"If-Match": etag} if etag else {})
    return await world.http.patch(f"{PATH}/{target['id']}", json=fields, headers=sent)


async def withdraw(
    world: World, target: Json, headers: dict[str, str] | None = None, etag: str | None = "*"
) -> httpx.Response:
    """The answer to the withdrawal of a target line, by the region JZ03 unless said."""
    sent = (headers or world.region()) | ({"If-Match": etag} if etag else {})
    return await world.http.delete(f"{PATH}/{target['id']}", params={"why": "Vervangen"}, headers=sent)
