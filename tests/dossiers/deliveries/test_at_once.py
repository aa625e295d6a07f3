"""Several deliveries at once, and beside changes by hand: none doubled, none lost, and nothing half done."""

import asyncio
from typing import Any

import asyncpg
import httpx

from tests.dossiers.calls.scene import contracted
from tests.dossiers.deliveries.scene import child, deliver, history, made, other_gi, read, requests, statuses
from tests.dossiers.referrals.scene import refer
from tests.patience import PATIENCE
from tests.supply.capacity.locks import connection, waiting
from tests.world import World, problem

ENDING = "?endMissing=true&reason=help-not-needed"


async def test_of_the_same_files_at_once_one_makes_the_requests(committing_world: World) -> None:
    world = committing_world
    bodies = [child(causes=["waiting-list"], measureImposedOn="2026-05-12") for _ in range(20)]
    files = [bodies, bodies[::-1], bodies, bodies[::-1]]
    answers = await asyncio.gather(*(deliver(world, *each) for each in files))
    assert sorted(map(statuses, answers)) == [["accepted"] * 20, *[["unchanged"] * 20] * 3]
    kept = await requests(world)
    assert len(kept) == 20
    for request in kept:
        [clock] = [each for each in request["clocks"] if each["clock"] == "help"]
        assert len(clock["explanations"]) == 1
        assert await history(world, request["id"]) == ["created", "explained"]


async def test_the_same_changes_at_once_are_made_once(committing_world: World) -> None:
    world = committing_world
    bodies = [child() for _ in range(6)]
    await deliver(world, *bodies)
    changed = [body | {"postcode": "1782", "courseOn": "2026-11-20"} for body in bodies]
    answers = await asyncio.gather(*(deliver(world, *each) for each in (changed, changed[::-1], changed)))
    assert sorted(map(statuses, answers)) == [["accepted"] * 6, *[["unchanged"] * 6] * 2]
    for request in await requests(world):
        assert await history(world, request["id"]) == ["created", "changed"]


async def test_deliveries_closings_and_changes_by_hand_of_the_same_dossiers(committing_world: World) -> None:
    world = committing_world
    bodies = [child(siblingGroup=f"gezin-{number // 2}") for number in range(8)]
    made_ = [item["requestId"] for item in (await deliver(world, *bodies)).json()["items"]]
    offers = [await contracted(world) for _ in range(3)]
    for number, id_ in enumerate(made_):
        await refer(world, offers[number % 3], {"id": id_})
    others = [other_gi(world), other_gi(world)]
    sent: list[Any] = []
    for turn in range(3):
        changed = [body | {"postcode": f"178{turn + 1}"} for body in bodies]
        sent.append(deliver(world, *changed[turn:]))
        sent.append(deliver(world, *changed[::-1][: 8 - turn], query=ENDING))
        sent += [deliver(world, *bodies, headers=headers) for headers in others]
        sent += [
            world.http.patch(f"/v1/requests/{id_}", json={"places": turn + 1}, headers=world.gi | {"If-Match": "*"})
            for id_ in made_[::2]
        ]
        path = f"/v1/requests/{made_[turn]}/milestones/course"
        sent.append(world.http.put(path, json={"date": "2026-11-20"}, headers=world.gi | {"If-Match": "*"}))
    async with asyncio.timeout(PATIENCE):
        answers: list[httpx.Response] = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} <= {200, 409}, [answer.text for answer in answers]
    assert len(await requests(world)) == 8
    for headers in others:
        assert len(await requests(world, headers)) == 8


async def test_a_request_that_is_made_by_hand_meanwhile_is_no_second_one(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    body = child()
    async with connection(fresh_database_url) as other, connection(fresh_database_url) as observer:
        first = await made(world, child())
        transaction = other.transaction()
        await transaction.start()
        await other.execute(
            _COPY,
            body["childReference"],
            first["id"],
        )
        sending = asyncio.create_task(deliver(world, body))
        await waiting(observer, 1)
        await transaction.commit()
        answer = await sending
    assert statuses(answer) == ["rejected"]
    assert answer.json()["items"][0]["problem"]["status"] == 409
    assert statuses(await deliver(world, body | {"requestedOn": "2026-10-20"})) == ["unchanged"]
    assert len(await requests(world)) == 2


_COLUMNS = (
    *("organisation_id", "birth_month", "gender", "municipality_code", "region_code", "postcode", "measure_type"),
    *("measure_imposed_on", "court_authorisation", "choices", "choices_version", "first_choice", "needs", "wishes"),
    *("characteristics", "places", "extended_help", "requested_on"),
)
_COPY = (
    f"INSERT INTO requests (id, child_reference, {', '.join(_COLUMNS)}) "  # noqa: S608 - our own words
    f"SELECT gen_random_uuid(), $1, {', '.join(_COLUMNS)} FROM requests WHERE id = $2::text::uuid"
)


async def test_a_connection_that_is_lost_half_way_leaves_nothing_half_done(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    body, gone = child(), child()
    request, missing = await made(world, body), await made(world, gone)
    lines = [child(), body | {"postcode": "1782"}, child(causes=["waiting-list"], measureImposedOn="2026-05-12")]
    async with (
        connection(fresh_database_url) as holder,
        connection(fresh_database_url) as observer,
        holder.transaction(),
    ):
        await holder.execute("LOCK TABLE explanations IN ACCESS EXCLUSIVE MODE")  # the requests are made by then
        sending = asyncio.create_task(deliver(world, *lines, query=ENDING))
        [pid] = await waiting(observer, 1)
        assert await observer.fetchval("SELECT pg_terminate_backend($1)", pid)
        problem(await sending, 503, "unavailable")
    assert sorted(each["id"] for each in await requests(world)) == sorted([request["id"], missing["id"]])
    assert await read(world, request["id"]) == request
    assert (await read(world, missing["id"]))["status"] == "open"
    assert await _recorded(fresh_database_url) == 2
    assert statuses(await deliver(world, *lines, query=ENDING)) == ["accepted"] * 3
    assert await _recorded(fresh_database_url) == 3


async def _recorded(database_url: str) -> int:
    async with connection(database_url) as database:
        count: int = await database.fetchval("SELECT count(*) FROM deliveries")
    return count


async def test_one_institution_does_not_wait_for_another(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    async with connection(fresh_database_url) as holder:
        await _hold_turn(holder, "00000000-0000-0000-0000-000000000002")
        async with asyncio.timeout(PATIENCE):
            assert statuses(await deliver(world, child(), headers=other_gi(world))) == ["accepted"]
        waits = asyncio.create_task(deliver(world, child()))
        async with connection(fresh_database_url) as observer:
            await waiting(observer, 1)
        await holder.execute("SELECT pg_advisory_unlock_all()")
        assert statuses(await waits) == ["accepted"]


async def _hold_turn(holder: asyncpg.Connection, organisation_id: str) -> None:
    """As a delivery of that organisation holds it (`repository.take_turn`)."""
    name = f"deliveries of {organisation_id}"
    await holder.execute("SELECT pg_advisory_lock(hashtextextended($1, 0))", name)
