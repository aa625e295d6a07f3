"""Referrals in the world of a test: sent by a GI for a child of Den Helder, answered by a provider."""

from typing import Any, Final
from uuid import UUID

import httpx

from tests.world import World

Json = dict[str, Any]

OTHER_GI: Final = {"organisation_id": UUID(int=77), "client_id": "other-gi", "institution": "Een andere GI"}
GIVEN: Final[dict[str, Json]] = {
    "waitlist": {"expectedStart": "2027-01-11"},
    "decline": {"reason": "no-place"},
    "delay": {"expectedStart": "2027-01-11"},
    "left": {"date": "2026-11-22"},
    "start": {"date": "2026-11-22"},
    "end": {"date": "2026-11-22", "reason": "as-planned"},
}
"""What goes with a decision at the least."""
PATHS: Final = {
    "sent": (),
    "seen": ("see",),
    "accepted": ("accept",),
    "waitlisted": ("waitlist",),
    "declined": ("decline",),
    "withdrawn": ("withdraw",),
    "started": ("accept", "start"),
    "ended": ("accept", "start", "end"),
}
"""How a referral comes to each status."""


def referral_body(offer: Json | None = None, **fields: Any) -> Json:
    """The body of a new referral: to this offer, for the first choice, unless said."""
    addressee = {} if offer is None else {"offerId": offer["id"]}
    return {"standsFor": 1, "summary": {"urgency": "regular"}, **addressee, **fields}


OUTSIDE: Final = referral_body(
    standsFor="outside",
    outsideCare={"kind": "tailored", "description": "Zorgboerderij", "providerName": "Demo De Es"},
)


async def post_referral(
    world: World, request: Json, body: Json, headers: dict[str, str] | None = None
) -> httpx.Response:
    path = f"/v1/requests/{request['id']}/referrals"
    return await world.http.post(path, json=body, headers=headers or world.gi)


async def refer(world: World, offer: Json, request: Json | None = None, **fields: Any) -> Json:
    """A referral to this offer, of a new child unless said."""
    request = request or await world.add_request()
    return await world.ok(post_referral(world, request, referral_body(offer, **fields)))


def side(world: World, referral: Json, decision: str) -> dict[str, str]:
    """Headers of the side whose decision it is."""
    if decision in {"see", "accept", "waitlist", "decline", "delay", "left"} and referral["providerId"] is not None:
        return world.provider(referral["providerId"])
    return world.gi


async def decide(
    world: World, referral: Json, decision: str, headers: dict[str, str] | None = None, **fields: Any
) -> httpx.Response:
    """A decision, by the side whose it is unless said, with what has to go with it."""
    body = {"decision": decision, **GIVEN.get(decision, {}), **fields}
    path = f"/v1/referrals/{referral['id']}/decisions"
    return await world.http.post(path, json=body, headers=headers or side(world, referral, decision))


async def brought_to(world: World, referral: Json, status: str) -> Json:
    """The referral, decided on until it has this status."""
    for decision in PATHS[status]:
        referral = await world.ok(decide(world, referral, decision))
    assert referral["status"] == status
    return referral


async def get(world: World, referral: Json, headers: dict[str, str] | None = None) -> Json:
    """The referral as it is now, to the GI unless said."""
    return await world.ok(world.http.get(f"/v1/referrals/{referral['id']}", headers=headers or world.gi))


async def places(world: World, offer: Json) -> tuple[int | None, int | None, int]:
    """Occupied, reserved and free of an offer."""
    standing = await world.ok(world.http.get(f"/v1/offers/{offer['id']}/capacity", headers=world.gi))
    return standing["placesOccupied"], standing["placesReserved"], standing["placesFree"]


async def request_of(world: World, request: Json) -> Json:
    """The request as it is now."""
    return await world.ok(world.http.get(f"/v1/requests/{request['id']}", headers=world.gi))


async def items(world: World, path: str, headers: dict[str, str]) -> list[Json]:
    """The items of a list's first page."""
    found: list[Json] = (await world.ok(world.http.get(path, headers=headers)))["items"]
    return found
