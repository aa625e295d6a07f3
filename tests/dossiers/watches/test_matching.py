"""Which places a watch finds: each once, whoever looks, whatever breaks, and again only after it was gone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.dossiers.watches import evaluator, repository
from app.dossiers.watches.evaluator import match_rows
from app.dossiers.watches.fitting_offers import fits_search
from app.dossiers.watches.schemas import WatchSearch
from app.dossiers.watches.tables import WatchRow
from app.finding.catalogue.repository import prune_changes
from app.kit.database.sessions import connect
from app.settings import Settings
from tests.conftest import SettableClock, serving
from tests.dossiers.referrals.scene import decide, refer
from tests.dossiers.watches.scene import (
    PATH,
    add_watch,
    change,
    events,
    look,
    matches,
)
from tests.world import World


@pytest.fixture
async def other_worker(settings: Settings, fresh_database_url: str, clock: SettableClock) -> AsyncIterator[World]:
    """Another process on the database of `committing_world`, with a catalogue of its own."""
    database = connect(fresh_database_url, pool_size=4)
    async with serving(settings, database, clock) as made:
        yield made
    await database.engine.dispose()


async def _told(world: World, watch: dict[str, Any]) -> list[str]:
    """The offers that were told of, the first first."""
    return [each["offerId"] for each in reversed(await matches(world, watch)) if each["told"]]


async def test_a_place_that_comes_free_is_found_once(committing_world: World) -> None:
    world = committing_world
    offer, other = await world.add_offer(), await world.add_offer(careType="dagbehandeling")
    await world.report(offer, placesFree=0)
    watch = await add_watch(world, search={"careType": ["gezinshuis"], "postcode": "1781"})
    assert await look(world) == 0
    await world.report(offer)
    await world.report(other)
    assert await look(world) == 1
    await world.report(offer, placesFree=2)
    assert await look(world) == 0
    (found,) = await matches(world, watch)
    assert found == {
        "id": found["id"],
        "watchId": watch["id"],
        "offerId": offer["id"],
        "offerName": "Gezinshuis De Duinen",
        "careType": "gezinshuis",
        "providerId": offer["providerId"],
        "providerName": found["providerName"],
        "city": "Den Helder",
        "municipality": "GM0400",
        "status": "free",
        "expectedStart": "2026-11-22",
        "distanceKm": found["distanceKm"],
        "matchedAt": "2026-11-22T10:00:00Z",
        "told": True,
        "goneAt": None,
    }
    assert found["providerName"].startswith("Demo Aanbieder")
    assert 0 <= found["distanceKm"] < 10


async def test_free_then_full_then_free_are_two_places(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    watch = await add_watch(world)
    for places in (1, 0, 1):
        await world.report(offer, placesFree=places)
        await look(world)
    found = await matches(world, watch)
    assert [each["offerId"] for each in found] == [offer["id"]] * 2
    assert [each["goneAt"] is None for each in found] == [True, False]


async def test_an_offer_that_ends_or_changes_its_care_type_is_gone(committing_world: World) -> None:
    world = committing_world
    ended, changed = await world.add_offer(), await world.add_offer()
    watch = await add_watch(world)
    for offer in (ended, changed):
        await world.report(offer)
    assert await look(world) == 2
    owner = world.provider(ended["providerId"])
    await world.http.delete(f"/v1/offers/{ended['id']}", headers=owner | {"If-Match": "*"})
    await world.add_offer(changed["providerId"], changed["key"], careType="dagbehandeling")
    assert await look(world) == 0
    assert all(each["goneAt"] for each in await matches(world, watch))


async def test_what_came_free_while_nobody_looked_is_found_when_the_log_is_pruned(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    watch = await add_watch(world)
    await look(world)
    await world.report(offer)
    async with world.parts.database.write() as session:
        await session.execute(text("UPDATE catalogue_marks SET marked_at = now() - interval '3 hours'"))
        await prune_changes(session)
        await session.execute(text("UPDATE watch_progress SET position = '3:3:'"))
    assert await look(world) == 1
    assert await _told(world, watch) == [offer["id"]]


async def test_two_workers_at_once_find_it_once(committing_world: World, other_worker: World) -> None:
    world = committing_world
    offers = [await world.add_offer() for _ in range(5)]
    watch = await add_watch(world, channels=["webhook"])
    await look(world)
    for offer in offers:
        await world.report(offer)
        await asyncio.gather(*(look(each) for each in (world, other_worker) * 3))
    await look(world)
    assert await _told(world, watch) == [offer["id"] for offer in offers]
    assert [each["subject"] for each in await events(world)] == [offer["id"] for offer in offers]


async def test_a_worker_that_is_behind_catches_up_first(committing_world: World, other_worker: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    watch = await add_watch(world)
    await look(other_worker)
    await world.report(offer)
    assert await look(world) == 1
    assert await look(other_worker) == 0  # it had not heard of the report until now
    await world.report(offer, placesFree=0)
    assert await look(other_worker) == 0
    assert [each["goneAt"] is not None for each in await matches(world, watch)] == [True]


async def test_the_index_stands_guard(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    watch = await add_watch(world)
    await world.report(offer)
    await look(world)
    catalogue, now = world.parts.follower.catalogue, world.parts.clock()
    fits = fits_search(catalogue, WatchSearch.model_validate(watch["search"]), now.date())
    async with world.parts.database.write() as session:
        row = await session.get_one(WatchRow, UUID(watch["id"]))
        again = match_rows(catalogue, row, fits, now, told=True)
        assert [str(each["offer_id"]) for each in again] == [offer["id"]]
        assert await repository.add_matches(session, again) == []


class _Killed(BaseException):
    """What ends a process in the middle."""


@pytest.mark.parametrize("where", ["tell", "save_progress"])
async def test_a_worker_that_dies_leaves_its_work_to_the_next(
    committing_world: World, other_worker: World, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    world = committing_world
    offer = await world.add_offer()
    watch = await add_watch(world, channels=["webhook"])
    await look(world)
    await world.report(offer)

    async def die(*_: object) -> None:
        raise _Killed

    with monkeypatch.context() as patched:
        patched.setattr(repository if where == "save_progress" else evaluator, where, die)
        with pytest.raises(_Killed):
            await look(world)
    assert await matches(world, watch) == []
    assert await look(other_worker) == 1
    assert await look(world) == 0
    assert await _told(world, watch) == [offer["id"]]
    assert len(await events(world)) == 1


async def test_what_was_rolled_back_is_not_found(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    await world.report(offer, placesFree=0)
    watch = await add_watch(world)
    async with world.parts.database.engine.connect() as connection:
        await connection.execute(
            text("UPDATE current_capacities SET places_free = 1 WHERE offer_id = :id"), {"id": offer["id"]}
        )
        assert await look(world) == 0
        await connection.rollback()
    assert await look(world) == 0
    assert await matches(world, watch) == []


async def test_what_commits_late_is_not_missed(committing_world: World) -> None:
    """A transaction that began before a look and commits after it."""
    world = committing_world
    offer, other = await world.add_offer(), await world.add_offer()
    await world.report(offer, placesFree=0)
    watch = await add_watch(world)
    async with world.parts.database.engine.connect() as connection:
        await connection.execute(
            text("UPDATE current_capacities SET places_free = 1 WHERE offer_id = :id"), {"id": offer["id"]}
        )
        await world.report(other)
        assert await look(world) == 1
        await connection.commit()
    assert await look(world) == 1
    assert await _told(world, watch) == [other["id"], offer["id"]]


async def test_a_place_that_came_free_while_the_watch_was_made_is_found(committing_world: World) -> None:
    """The catalogue with which it was made lags behind, and the look before had seen the change."""
    world = committing_world
    offer = await world.add_offer()
    await look(world)
    catch_up = world.parts.database.after_commit
    world.parts.database.after_commit = None
    await world.report(offer)
    watch = await add_watch(world)
    assert await matches(world, watch) == []
    world.parts.database.after_commit = catch_up
    async with world.parts.database.write() as session:
        await world.parts.follower.catch_up()
        position = str(world.parts.follower.catalogue.position)
        await repository.save_progress(session, world.parts.clock().date(), position)
    assert await look(world) == 1


async def test_the_day_alone_brings_a_place_near(committing_world: World, clock: SettableClock) -> None:
    world = committing_world
    offer = await world.add_offer()
    await world.report(offer, placesFree=0, nextFreeOn="2026-12-22")  # 28 days after the 24th
    watch = await add_watch(world, search={"careType": ["gezinshuis"], "status": ["soon"]})
    for day in (23, 24, 24):
        assert await _told(world, watch) == []
        clock.now = clock.now.replace(day=day)
        if await look(world):
            break
    assert await _told(world, watch) == [offer["id"]]
    assert clock.now.day == 24
    clock.now += timedelta(days=40)  # the report has grown stale: it is not known to be free any more
    await look(world)
    assert [each["goneAt"] is not None for each in await matches(world, watch)] == [True]


async def test_a_paused_watch_finds_nothing_until_it_is_active_again(committing_world: World) -> None:
    world = committing_world
    offer, short = await world.add_offer(), await world.add_offer()
    watch = await add_watch(world)
    await look(world)
    await change(world, watch, status="paused")
    await world.report(offer)
    await world.report(short)
    assert await look(world) == 0
    await world.report(short, placesFree=0)
    await change(world, watch, status="active")
    assert await look(world) == 1
    assert await _told(world, watch) == [offer["id"]]


async def test_an_expired_watch_finds_nothing(committing_world: World, clock: SettableClock) -> None:
    world = committing_world
    offer = await world.add_offer()
    await add_watch(world, expiresOn="2026-11-22")
    clock.now = clock.now.replace(day=23)
    await world.report(offer)
    assert await look(world) == 0


async def test_a_requests_watch_finds_what_its_ranking_has_now_or_soon(committing_world: World) -> None:
    world = committing_world
    offers = {name: await world.add_offer() for name in ("fits", "later", "too old", "no contract")}
    for name, offer in offers.items():
        if name != "no contract":
            await world.add_contract(offer["providerId"])
    await world.add_offer(offers["too old"]["providerId"], offers["too old"]["key"], ageMin=15)
    request = await world.add_request()
    watch = await add_watch(world, requestId=request["id"])
    assert watch["requestId"] == request["id"]
    for name, offer in offers.items():
        await world.report(offer, **({"placesFree": 0, "nextFreeOn": "2027-02-01"} if name == "later" else {}))
    assert await look(world) == 1
    (found,) = await matches(world, watch)
    assert (found["offerId"], found["distanceKm"]) == (offers["fits"]["id"], None)
    headers = world.gi | {"If-Match": "*"}
    path = f"/v1/requests/{request['id']}"
    await world.ok(world.http.patch(path, json={"child": {"birthMonth": "2010-05"}}, headers=headers))
    assert await look(world) == 1  # the request changed, and no offer did
    assert await _told(world, watch) == [offers["fits"]["id"], offers["too old"]["id"]]


async def test_an_offer_that_refused_the_child_is_not_told_of_while_that_stands(
    committing_world: World, clock: SettableClock
) -> None:
    world = committing_world
    for_good, for_room = await world.add_offer(), await world.add_offer()
    request = await world.add_request()
    watch = await add_watch(world, requestId=request["id"])
    for offer, reason in ((for_good, "insufficient-information"), (for_room, "no-place")):
        await world.add_contract(offer["providerId"])
        answer = await decide(world, await refer(world, offer, request), "decline", reason=reason)
        assert answer.is_success, answer.text
    await look(world)
    clock.now = clock.now.replace(day=23)
    for offer in (for_good, for_room):
        await world.report(offer)
    await look(world)
    assert await _told(world, watch) == [for_room["id"]]


async def test_siblings_need_a_place_each(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    await world.add_contract(offer["providerId"])
    request = await world.add_request(siblingGroup="g1")
    await world.add_request(siblingGroup="g1")
    await add_watch(world, requestId=request["id"])
    await world.report(offer, placesTotal=3, placesFree=1)
    assert await look(world) == 0
    await world.report(offer, placesTotal=3, placesFree=2)
    assert await look(world) == 1


async def test_a_request_that_is_closed_or_helped_is_not_looked_for(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    await world.add_contract(offer["providerId"])
    helped, closed = await world.add_request(), await world.add_request()
    watches = [await add_watch(world, requestId=each["id"]) for each in (helped, closed)]
    headers = world.gi | {"If-Match": "*"}
    path = f"/v1/requests/{helped['id']}/milestones/help"
    await world.ok(world.http.put(path, json={"date": "2026-11-20"}, headers=headers))
    reason = (await world.ok(world.http.get("/v1/closing-reasons")))["items"][0]["code"]
    closing = {"status": "closed", "closedReason": reason}
    await world.ok(world.http.patch(f"/v1/requests/{closed['id']}", json=closing, headers=headers))
    await world.report(offer)
    assert await look(world) == 0
    states = [(await world.ok(world.http.get(f"{PATH}/{each['id']}", headers=world.gi)))["status"] for each in watches]
    assert states == ["active", "ended"]


async def test_a_code_that_is_no_more_stops_no_other_watch(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    old = await add_watch(world)
    watch = await add_watch(world)
    async with world.parts.database.write() as session:
        await session.execute(
            text('UPDATE watches SET search = search || \'{"municipality": "GM9999"}\' WHERE id = :id'),
            {"id": old["id"]},
        )
    await world.report(offer)
    assert await look(world) == 1
    assert await _told(world, watch) == [offer["id"]]


async def test_ended_watches_go_after_a_month(committing_world: World, clock: SettableClock) -> None:
    world = committing_world
    offer = await world.add_offer()
    ended, running = await add_watch(world, expiresOn="2026-11-23"), await add_watch(world)
    await world.report(offer)
    await look(world)
    for days, left in ((30, 2), (32, 1)):
        async with world.parts.database.write() as session:
            await repository.prune_watches(session, (clock.now + timedelta(days=days)).date())
        kept = (await world.ok(world.http.get(PATH, headers=world.gi)))["items"]
        assert len(kept) == left
    assert [each["id"] for each in kept] == [running["id"]]
    assert ended["id"] != running["id"]
