"""Places that are counted between two reports: kept in the history, never fresher than the provider's own figures."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from app.kit.security.callers import Caller, Role
from app.supply.capacity.counted_places import hold, settle
from app.supply.capacity.errors import NoPlaceError
from app.supply.capacity.place_movements import Stay
from tests.conftest import NOW, SavepointDatabase, SettableClock
from tests.world import World

PROVIDER = Caller(client_id="teller", organisation_id=UUID(int=1), role=Role.PROVIDER)
EARLIER = NOW - timedelta(days=3)
WHOLE = {"placesTotal": 4, "placesOccupied": 2, "placesReserved": 0, "placesFree": 2, "observedAt": EARLIER.isoformat()}


async def _count(database: SavepointDatabase, offer: dict[str, Any], *stays: Stay) -> bool:
    async with database.write() as session:
        held = await hold(session, UUID(offer["id"]))
        if held is not None:
            await settle(session, PROVIDER, held, stays, NOW)
        return held is not None


def _reserved(places: int = 1) -> Stay:
    return Stay(places, reserved_at=NOW)


async def _current(world: World, offer: dict[str, Any]) -> dict[str, Any]:
    return await world.ok(world.http.get(f"/v1/offers/{offer['id']}/capacity", headers=world.gi))


async def _history(world: World, offer: dict[str, Any]) -> list[dict[str, Any]]:
    path = f"/v1/offers/{offer['id']}/capacity-history"
    items: list[dict[str, Any]] = (await world.ok(world.http.get(path, headers=world.gi)))["items"]
    return items


async def test_a_counted_place_stands_and_looks_no_fresher(world: World, database: SavepointDatabase) -> None:
    offer = await world.add_offer()
    reported = await world.report(offer, **WHOLE, note="Groep Noord", waitingCount=3)
    assert await _count(database, offer, _reserved())
    standing = await _current(world, offer)
    moved = {"placesReserved": 1, "placesFree": 1, "countedAt": "2026-11-22T10:00:00Z"}
    assert standing == reported | moved | {"receivedAt": standing["receivedAt"]}
    assert await _history(world, offer) == [reported, standing]


async def test_more_than_are_free_is_refused_with_what_stands(world: World, database: SavepointDatabase) -> None:
    offer = await world.add_offer()
    standing = await world.report(offer, **WHOLE)
    with pytest.raises(NoPlaceError) as caught:
        await _count(database, offer, _reserved(3))
    assert caught.value.members == {"capacity": standing}
    assert await _history(world, offer) == [standing]


async def test_where_nothing_was_reported_nothing_is_counted(world: World, database: SavepointDatabase) -> None:
    offer = await world.add_offer()
    assert not await _count(database, offer, _reserved())
    assert await _history(world, offer) == []


async def test_what_does_not_move_is_no_report(world: World, database: SavepointDatabase) -> None:
    offer = await world.add_offer()
    standing = await world.report(offer, **WHOLE)
    assert await _count(database, offer, Stay(1, EARLIER - timedelta(days=1), started_on=NOW.date(), started_at=NOW))
    assert await _history(world, offer) == [standing]


async def test_what_was_observed_before_the_counting_does_not_undo_it(
    world: World, database: SavepointDatabase
) -> None:
    offer = await world.add_offer()
    await world.report(offer, **WHOLE)
    await _count(database, offer, _reserved())
    counted = await _current(world, offer)
    for ago in (timedelta(days=3), timedelta(hours=1)):
        again = await world.report(offer, **WHOLE | {"observedAt": (NOW - ago).isoformat()})
        assert again == counted, "a file that is pushed again gives no place away twice"
    assert await _count(database, offer, _reserved(), _reserved()), "counting goes on from what was counted"
    assert (await _current(world, offer))["placesFree"] == 0


async def test_the_providers_own_next_report_overrules_and_the_difference_is_logged(
    world: World, database: SavepointDatabase, clock: SettableClock
) -> None:
    offer = await world.add_offer()
    await world.report(offer, **WHOLE)
    await _count(database, offer, _reserved())
    clock.now += timedelta(minutes=1)
    with capture_logs() as logged:
        standing = await world.report(offer, placesTotal=4, placesOccupied=1, placesFree=3)
        await world.report(offer, placesTotal=4, placesOccupied=1, placesFree=2)
    assert (standing["placesFree"], standing["countedAt"]) == (3, None)
    told = [entry for entry in logged if entry["event"] == "capacity.counted_overruled"]
    assert told == [
        {"event": "capacity.counted_overruled", "log_level": "info", "offer": offer["id"], "difference": 2}
    ], "of the first report only, and only of figures that were counted"


async def test_a_report_that_says_what_was_counted_is_no_difference(
    world: World, database: SavepointDatabase, clock: SettableClock
) -> None:
    offer = await world.add_offer()
    await world.report(offer, **WHOLE)
    await _count(database, offer, _reserved())
    clock.now += timedelta(minutes=1)
    path, own = f"/v1/offers/{offer['id']}/capacity/confirmations", world.provider(offer["providerId"])
    with capture_logs() as logged:
        confirmed = await world.ok(world.http.post(path, headers=own))
    assert confirmed["countedAt"] is None
    assert (confirmed["placesReserved"], confirmed["placesFree"]) == (1, 1)
    assert "capacity.counted_overruled" not in [entry["event"] for entry in logged]
