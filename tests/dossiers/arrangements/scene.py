"""Alternatives in the world of a test, each out for one reason, and what is asked and decided about them."""

from typing import Any, Final

import httpx

from tests.world import World

Json = dict[str, Any]

KINDS: Final = ("light-contract", "ceiling-exception", "longer-distance", "provider-consent")
REASONS: Final = {
    "light-contract": "not-contracted",
    "ceiling-exception": "budget-ceiling",
    "longer-distance": "too-far",
    "provider-consent": "age",
}
FAR: Final[Json] = {"choices": [{"careType": "gezinshuis", "maxDistanceKm": 0}], "child": {"postcode": "1811"}}
"""Of a child in Alkmaar that is to stay there: Den Helder is too far."""


async def alternative(world: World, kind: str, **fields: Any) -> tuple[Json, Json]:
    """A new request, and an offer with a free place that needs this to be possible for it."""
    age: Json = {"ageMin": 13} if kind == "provider-consent" else {}
    offer = await world.add_offer(**age, **fields)
    if kind != "light-contract":
        reached = {"ceiling": {"reached": kind == "ceiling-exception"}}
        await world.add_contract(offer["providerId"], **reached)
    await world.report(offer)
    far: Json = FAR if kind == "longer-distance" else {}
    return await world.add_request(**far), offer


async def ask(
    world: World, request: Json, offer: Json, kind: str, headers: dict[str, str] | None = None, **fields: Any
) -> httpx.Response:
    body = {"offerId": offer["id"], "kind": kind, "why": "Enige plek voor dit kind.", **fields}
    return await world.http.post(f"/v1/requests/{request['id']}/arrangements", json=body, headers=headers or world.gi)


async def asked(world: World, kind: str) -> tuple[Json, Json, Json]:
    """A request, an offer, and what was asked about it."""
    request, offer = await alternative(world, kind)
    return request, offer, await world.ok(ask(world, request, offer, kind))


def addressee(world: World, arrangement: Json) -> dict[str, str]:
    """Headers of whom it was put to."""
    return world.region() if arrangement["putTo"] == "region" else world.provider(arrangement["providerId"])


async def decide(
    world: World, arrangement: Json, decision: str, headers: dict[str, str] | None = None, **fields: Any
) -> httpx.Response:
    """A decision, by whose it is unless said; a refusal says why."""
    own = world.gi if decision == "withdraw" else addressee(world, arrangement)
    body = {"decision": decision, **({"why": "Er is elders plek."} if decision == "refuse" else {}), **fields}
    path = f"/v1/arrangements/{arrangement['id']}/decisions"
    return await world.http.post(path, json=body, headers=headers or own)


async def get(world: World, arrangement: Json, headers: dict[str, str] | None = None) -> Json:
    """The arrangement as it is now, to the GI unless said."""
    return await world.ok(world.http.get(f"/v1/arrangements/{arrangement['id']}", headers=headers or world.gi))


async def matches(world: World, request: Json) -> Json:
    """The match of the request now."""
    return await world.ok(world.http.get(f"/v1/requests/{request['id']}/matches?explain=true", headers=world.gi))


async def contracts(world: World) -> list[Json]:
    """Every contract that stands."""
    found: list[Json] = (await world.ok(world.http.get("/v1/contracts", headers=world.admin)))["items"]
    return found
