"""An example of a body is taken where it is an example: each is sent to its operation.

A body has an example of its own, or is made of those of its fields. Ids in examples are of nothing that is there, so
that an answer may say so; what may not come is that the input itself is wrong.
"""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.kit.security.callers import Role
from tests.world import World

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parents[2] / "openapi" / "openapi.json").read_text())
BODIES = {
    f"{method.upper()} {path}": operation["requestBody"]["content"]["application/json"]["schema"]
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if "application/json" in operation.get("requestBody", {}).get("content", {})
}
UNKNOWN = {
    "unknown-offer",
    "unknown-provider",
    "unknown-location",
    "in-future",
    "in-past",
    "unknown-request",
    "unknown-host",
}
"""What says that an id is of nothing, or that an example's day has passed or is yet to come."""


def example_of(schema: dict[str, Any]) -> Any:
    """What an example of this schema is."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return example_of(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0])
    if schema.get("type") == "array":
        return [example_of(schema["items"])]
    return {name: example_of(each) for name, each in schema.get("properties", {}).items()}


def _callers(world: World) -> list[dict[str, str]]:
    roles = (Role.ADMIN, Role.GI, Role.REGION)
    own = world.as_(Role.PROVIDER, provider_id=UUID("6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"))
    return [*(world.as_(role) for role in roles), own, world.expert_team()]


@pytest.mark.parametrize("operation", BODIES)
async def test_a_body_is_taken(world: World, operation: str) -> None:
    method, _, template = operation.partition(" ")
    path = "/v1" + template.replace("{region}", "JZ03").replace("{name}", "course").replace("{key}", "here")
    path = path.replace("{clientId}", "duinen-epd")
    for name in ("{providerId}", "{offerId}", "{organisationId}", "{contractId}", "{stopId}", "{requestId}"):
        path = path.replace(name, "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    for name in ("{escalationId}", "{referralId}", "{callId}", "{watchId}", "{webhookId}", "{transferId}"):
        path = path.replace(name, "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    for name in ("{actionId}", "{targetId}"):
        path = path.replace(name, "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    path = path.replace("{deliveryId}", "1").replace("{number}", "1")
    wrong: list[Any] = []
    for headers in _callers(world):
        answer = await world.http.request(
            method, path, json=example_of(BODIES[operation]), headers=headers | {"If-Match": '"1"'}
        )
        if answer.status_code in {401, 403}:
            continue
        errors = answer.json().get("errors", []) if answer.status_code == 400 else []
        wrong.append([each for each in errors if each["code"] not in UNKNOWN])
    assert [] in wrong, wrong
