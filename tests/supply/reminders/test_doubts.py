"""Figures that a referrer doubts: who may say so, what the provider is told, and what it is counted by."""

from uuid import UUID, uuid4

import httpx

from app.kit.security.callers import Role
from tests.world import World, problem


async def _doubt(world: World, offer_id: str, headers: dict[str, str]) -> httpx.Response:
    return await world.http.post(f"/v1/offers/{offer_id}/capacity/doubts", headers=headers)


async def test_who_may_doubt(world: World) -> None:
    offer = await world.add_offer()
    problem(await _doubt(world, offer["id"], {}), 401, "unauthenticated")
    for headers in (world.provider(offer["providerId"]), world.region(), world.as_(Role.INSPECTORATE)):
        problem(await _doubt(world, offer["id"], headers), 403, "forbidden")
    problem(await _doubt(world, str(uuid4()), world.gi), 404, "not-found")
    problem(await _doubt(world, "geen-id", world.gi), 404, "not-found")
    for role in (Role.GI, Role.LOCAL_TEAM, Role.REFERRER):
        assert (await _doubt(world, offer["id"], world.as_(role))).status_code == 204


async def test_an_offer_that_has_ended_has_no_figures_to_doubt(world: World) -> None:
    offer = await world.add_offer()
    own = world.provider(offer["providerId"])
    assert (await world.http.delete(f"/v1/offers/{offer['id']}", headers=own)).is_success
    problem(await _doubt(world, offer["id"], world.gi), 404, "not-found")


async def test_each_organisation_counts_once_and_the_provider_is_told_once(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    other = world.as_(Role.GI, organisation_id=UUID(int=77))
    for headers in (world.gi, world.gi, other):
        assert (await _doubt(world, offer["id"], headers)).status_code == 204
    own = world.provider(offer["providerId"])
    [told] = (await world.ok(world.http.get("/v1/reminders", headers=own)))["items"]
    assert (told["reason"], told["doubts"], told["offerId"]) == ("doubted-by-referrers", 2, offer["id"])
