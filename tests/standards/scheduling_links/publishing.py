"""The published files as a client gets them: by way of the manifest, each line checked."""

import json
from typing import Any

import httpx

from tests.standards.fhir.checking import check_resource
from tests.world import World

MANIFEST = "/fhir/$bulk-publish"


async def manifest(world: World, headers: dict[str, str] | None = None, **query: str) -> dict[str, Any]:
    """The manifest; of changes where `_since` is asked."""
    answer = await world.http.get(MANIFEST, params=query or None, headers=world.gi if headers is None else headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    content: dict[str, Any] = answer.json()
    assert set(content) == {"transactionTime", "request", "output", "error"}
    return content


def lines(answer: httpx.Response) -> list[dict[str, Any]]:
    """The resources of a file, one a line."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/fhir+ndjson"
    assert answer.text == "" or answer.text.endswith("\n")
    return [check_resource(json.loads(line)) for line in answer.text.splitlines()]


async def published(
    world: World, type_: str, headers: dict[str, str] | None = None, **query: str
) -> list[dict[str, Any]]:
    """All resources of a type, out of every file that the manifest names."""
    headers = world.gi if headers is None else headers
    found = []
    for output in (await manifest(world, headers, **query))["output"]:
        if output["type"] == type_:
            resources = lines(await world.http.get(output["url"], headers=headers))
            assert {each["resourceType"] for each in resources} <= {type_}
            found += resources
    return found


async def slot_of(world: World, offer: dict[str, Any]) -> dict[str, Any]:
    """The one slot of an offer."""
    (found,) = (each for each in await published(world, "Slot") if each["id"] == offer["id"])
    return found


def value_of(resource: dict[str, Any], name: str) -> Any:
    """The value of the extension whose URL ends so; None where it has none."""
    for each in resource.get("extension", []):
        if each["url"].endswith(f"/{name}"):
            return next(value for key, value in each.items() if key.startswith("value"))
    return None
