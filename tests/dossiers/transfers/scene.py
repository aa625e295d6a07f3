"""Transfers in the world of a test: the GI hands a dossier over to another, which is registered here."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from app.kit.security.callers import Role
from tests.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Institution:
    """An organisation that is registered: its id, and the headers of its client."""

    id: str
    headers: dict[str, str]


async def add_institution(world: World, role: Role = Role.GI, name: str = "GI De Overkant") -> Institution:
    """An organisation with this role."""
    registered = await world.ok(
        world.http.post("/v1/organisations", json={"name": name, "role": role}, headers=world.admin)
    )
    organisation_id = registered["id"]
    owner = world.as_(role, organisation_id=UUID(organisation_id), client_id=f"test-{organisation_id[:8]}")
    return Institution(organisation_id, owner)


async def propose(
    world: World,
    request: Json,
    institution: str,
    headers: dict[str, str] | None = None,
    siblings: list[str] | None = None,
    **fields: Any,
) -> httpx.Response:
    """A transfer of a request, by the GI unless said, with these siblings' requests."""
    body = {"institution": institution, "why": "Het gezin is verhuisd.", "with": siblings or [], **fields}
    return await world.http.post(f"/v1/requests/{request['id']}/transfers", json=body, headers=headers or world.gi)


async def decide(world: World, transfer: Json, decision: str, headers: dict[str, str], **fields: Any) -> httpx.Response:
    """A decision on a transfer."""
    body = {"decision": decision, "why": "Akkoord.", **fields}
    return await world.http.post(f"/v1/transfers/{transfer['id']}/decisions", json=body, headers=headers)


async def handed_over(world: World, request: Json, receiver: Institution, **fields: Any) -> Json:
    """The transfer of a request that the receiver has accepted, as the receiver has it."""
    transfer = await world.ok(propose(world, request, receiver.id, **fields))
    return await world.ok(decide(world, transfer, "accept", receiver.headers))


async def get(world: World, path: str, headers: dict[str, str]) -> httpx.Response:
    return await world.http.get(f"/v1{path}", headers=headers)
