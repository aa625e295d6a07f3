"""A place that is taken shows in search and matching: at once where it was taken, elsewhere a moment later."""

from typing import Any

from app.kit.database.sessions import connect
from app.settings import Settings
from tests.conftest import SettableClock, serving
from tests.dossiers.referrals.scene import decide, refer
from tests.world import World

Json = dict[str, Any]


async def _shown(world: World, offer: Json) -> tuple[int, str, int, str]:
    """The free places and status of an offer, in search and in a ranking for a child."""
    searched = await world.ok(world.http.get("/v1/availability?careType=gezinshuis", headers=world.gi))
    matched = await world.match()
    [found] = [each["availability"] for each in searched["items"] if each["offer"]["id"] == offer["id"]]
    [ranked] = [each["availability"] for each in matched["results"] if each["offer"]["id"] == offer["id"]]
    return found["placesFree"], found["status"], ranked["placesFree"], ranked["status"]


async def _scene(world: World) -> tuple[Json, Json]:
    offer = await world.contracted_offer()
    await world.add_contract(offer["providerId"])
    await world.report(offer, placesTotal=4, placesOccupied=3, placesReserved=0, placesFree=1)
    return offer, await refer(world, offer)


async def test_a_place_that_is_taken_and_given_back_shows_at_once(world: World) -> None:
    offer, referral = await _scene(world)
    assert await _shown(world, offer) == (1, "free", 1, "free")
    await world.ok(decide(world, referral, "accept"))
    assert await _shown(world, offer) == (0, "waiting", 0, "waiting")
    await world.ok(decide(world, referral, "withdraw"))
    assert await _shown(world, offer) == (1, "free", 1, "free")


async def test_another_worker_shows_it_with_the_next_changes_that_it_reads(
    committing_world: World, settings: Settings, fresh_database_url: str, clock: SettableClock
) -> None:
    offer, referral = await _scene(committing_world)
    database = connect(fresh_database_url, pool_size=2)
    async with serving(settings, database, clock) as elsewhere:
        await committing_world.ok(decide(committing_world, referral, "accept"))
        assert await _shown(committing_world, offer) == (0, "waiting", 0, "waiting")
        assert await _shown(elsewhere, offer) == (1, "free", 1, "free")
        await elsewhere.parts.follower.catch_up()  # as it does every INTERVAL
        assert await _shown(elsewhere, offer) == (0, "waiting", 0, "waiting")
    await database.engine.dispose()
