"""What is not said stays: reports that change what they name, whole ones that lose nothing unsaid, and hints."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.kit.security.callers import Caller, Role
from app.supply.capacity.counted_places import hold, settle
from app.supply.capacity.place_movements import Stay
from tests.conftest import NOW, SavepointDatabase, SettableClock
from tests.supply.capacity.locks import meeting
from tests.world import World, codes, problem

FULL = {
    "placesTotal": 8,
    "placesOccupied": 5,
    "placesReserved": 1,
    "placesFree": 2,
    "waitingCount": 1,
    "nextFreeOn": "2026-12-14",
    "waitDaysIntake": 7,
    "waitDaysTreatment": 14,
    "acceptsReferrals": False,
    "note": "Plek op groep Noord.",
}
CLOSED = {"placesTotal": 6, "placesFree": 0, "acceptsReferrals": False, "waitingCount": 12, "note": "Vol."}
HOURS = {"unit": "hours-per-week"}


def _path(offer: dict[str, Any]) -> str:
    return f"/v1/offers/{offer['id']}/capacity"


async def _patch(world: World, offer: dict[str, Any], headers: dict[str, str] | None = None, /, **body: Any) -> Any:
    return await world.http.patch(_path(offer), json=body, headers=headers or world.provider(offer["providerId"]))


async def _put(world: World, offer: dict[str, Any], **body: Any) -> httpx.Response:
    return await world.http.put(_path(offer), json=body, headers=world.provider(offer["providerId"]))


def _figures(standing: dict[str, Any]) -> dict[str, Any]:
    return {name: standing[name] for name in FULL}


async def _history(world: World, offer: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await world.ok(world.http.get(f"{_path(offer)}-history", headers=world.gi))
    items: list[dict[str, Any]] = answer["items"]
    return items


async def test_a_change_is_the_owners_alone(world: World) -> None:
    offer = await world.add_offer()
    problem(await world.http.patch(_path(offer), json={"placesFree": 1}), 401, "unauthenticated")
    other = await world.add_provider()
    for headers in (world.gi, world.region(), world.provider(other)):
        problem(await _patch(world, offer, headers, placesFree=1), 403, "forbidden")
    problem(await _patch(world, {"id": str(uuid4())}, world.admin, placesFree=1), 404, "not-found")
    assert await _history(world, offer) == []


async def test_a_change_keeps_what_it_does_not_name(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer, **FULL)
    clock.now += timedelta(hours=1)
    answer = await _patch(world, offer, placesFree=1, note="Eén plek.")
    assert answer.status_code == 200, answer.text
    assert _figures(answer.json()) == FULL | {"placesFree": 1, "note": "Eén plek."}
    assert answer.json()["observedAt"] == "2026-11-22T11:00:00Z"
    read = await world.http.get(_path(offer), headers=world.gi)
    assert (read.json(), read.headers["etag"]) == (answer.json(), answer.headers["etag"])


@pytest.mark.parametrize("name", sorted(FULL.keys() - {"placesFree", "acceptsReferrals"}))
async def test_null_empties(world: World, name: str) -> None:
    offer = await world.add_offer()
    await world.report(offer, **FULL)
    assert _figures((await _patch(world, offer, **{name: None})).json()) == FULL | {name: None}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"placesFree": None, "acceptsReferrals": None}, {"#/placesFree": "missing", "#/acceptsReferrals": "missing"}),
        ({"placesFree": -1, "waitingCount": "3"}, {"#/placesFree": "out-of-range", "#/waitingCount": "type"}),
        ({"placesFree": 3}, {"#/placesFree": "over-total"}),  # 5 + 1 + 3 of 8
        ({"placesTotal": 7}, {"#/placesFree": "over-total"}),
        ({"placesFree": 1.5}, {"#/placesFree": "type"}),
        ({"placesFree": 0, "nextFreeOn": "2026-11-21"}, {"#/nextFreeOn": "before-report"}),
        ({"observedAt": "2026-11-22T10:00:31Z"}, {"#/observedAt": "in-future"}),
        ({"vrij": 1}, {"#/vrij": "unknown-field"}),
    ],
)
async def test_a_change_that_does_not_add_up_changes_nothing(
    world: World, body: dict[str, Any], errors: dict[str, str]
) -> None:
    offer = await world.add_offer()
    standing = await world.report(offer, **FULL)
    assert codes(await _patch(world, offer, **body)) == errors
    assert await _history(world, offer) == [standing]


async def test_the_first_report_needs_places_free(world: World) -> None:
    offer = await world.add_offer()
    assert codes(await _patch(world, offer, waitingCount=3)) == {"#/placesFree": "missing"}
    assert codes(await _patch(world, offer)) == {"#/placesFree": "missing"}
    standing = (await _patch(world, offer, placesFree=1)).json()
    unknown = dict.fromkeys(FULL) | {"placesFree": 1, "acceptsReferrals": True}
    assert _figures(standing) == unknown


async def test_a_change_of_nothing_says_unchanged(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer, **FULL)
    clock.now += timedelta(days=2)
    for body in ({}, {"placesFree": 2}):
        standing = (await _patch(world, offer, **body)).json()
        assert (_figures(standing), standing["confirmation"]) == (FULL, True)
        assert standing["observedAt"] == "2026-11-24T10:00:00Z"


async def test_an_older_change_builds_on_what_stood_then(world: World) -> None:
    offer = await world.add_offer()
    times = [(NOW - timedelta(hours=hours)).isoformat() for hours in (9, 7, 5, 3)]
    await world.report(offer, placesFree=1, waitingCount=5, observedAt=times[1])
    standing = await world.report(offer, placesFree=2, waitingCount=6, observedAt=times[3])
    late = await _patch(world, offer, placesFree=0, observedAt=times[2])
    assert late.json() == standing, "what stands is newer"
    told = [(item["placesFree"], item["waitingCount"]) for item in await _history(world, offer)]
    assert told == [(1, 5), (0, 5), (2, 6)]
    none_yet = await _patch(world, offer, waitingCount=4, observedAt=times[0])
    assert codes(none_yet) == {"#/placesFree": "missing"}


async def test_a_change_builds_on_the_places_that_were_counted(world: World, database: SavepointDatabase) -> None:
    offer = await world.add_offer()
    earlier = (NOW - timedelta(hours=2)).isoformat()
    await world.report(offer, placesFree=2, placesReserved=0, observedAt=earlier)
    caller = Caller(client_id="teller", organisation_id=UUID(int=1), role=Role.PROVIDER)
    async with database.write() as session:
        held = await hold(session, UUID(offer["id"]))
        assert held is not None
        await settle(session, caller, held, [Stay(1, NOW - timedelta(hours=1))], NOW - timedelta(hours=1))
    between = (NOW - timedelta(minutes=90)).isoformat()
    assert (await _patch(world, offer, note="Toen nog niet.", observedAt=between)).json()["note"] is None
    assert [item["placesFree"] for item in await _history(world, offer) if item["note"]] == [2]
    standing = (await _patch(world, offer, note="Nu wel.")).json()
    assert (standing["placesFree"], standing["placesReserved"], standing["countedAt"]) == (1, 1, None)


async def test_a_change_honours_if_match(world: World) -> None:
    offer = await world.add_offer()
    own = world.provider(offer["providerId"])
    problem(await _patch(world, offer, own | {"If-Match": '"1"'}, placesFree=9), 412, "stale-version")
    first = await _patch(world, offer, placesFree=1)
    based = own | {"If-Match": first.headers["etag"]}
    second = await _patch(world, offer, based, note="Ja.")
    assert second.status_code == 200
    assert (
        second.headers["etag"]
        in problem(await _patch(world, offer, based, note="Nee."), 412, "stale-version")["detail"]
    )


async def test_an_ended_offer_takes_no_change(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    await world.http.delete(f"/v1/offers/{offer['id']}", headers=world.provider(offer["providerId"]))
    problem(await _patch(world, offer, placesFree=2), 409, "conflict")


async def test_changes_of_other_fields_at_once_all_stay(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    offer = await world.add_offer()
    await world.report(offer, placesFree=0)
    sent = [
        _patch(world, offer, **body)
        for body in ({"waitingCount": 4}, {"note": "Druk."}, {"placesTotal": 6}, {"acceptsReferrals": False})
    ]
    await meeting(fresh_database_url, "SELECT FROM offers FOR UPDATE", *sent)
    standing = await world.ok(world.http.get(_path(offer), headers=world.gi))
    said = {"waitingCount": 4, "note": "Druk.", "placesTotal": 6, "acceptsReferrals": False}
    assert {name: standing[name] for name in said} == said
    assert len(await _history(world, offer)) == 5


async def test_first_changes_at_once_build_on_each_other(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    await asyncio.gather(
        *(_patch(world, offer, placesFree=0, **more) for more in ({"placesTotal": 3}, {"note": "Vol."}))
    )
    standing = await world.ok(world.http.get(_path(offer), headers=world.gi))
    assert (standing["placesTotal"], standing["note"]) == (3, "Vol.")


async def test_a_whole_report_opens_no_intake_and_forgets_no_waiting_list_unsaid(world: World) -> None:
    """The example of the issue, word for word: a PUT of places alone after a closed intake with 12 waiting."""
    offer = await world.add_offer()
    standing = await world.report(offer, **CLOSED)
    answer = await _put(world, offer, placesFree=0)
    assert codes(answer) == {"#/acceptsReferrals": "left-out", "#/waitingCount": "left-out"}
    details = {error["pointer"]: error["detail"] for error in answer.json()["errors"]}
    assert "12 wachtenden" in details["#/waitingCount"]
    assert "acceptsReferrals false" in details["#/acceptsReferrals"]
    assert codes(await _put(world, offer, placesFree=0, acceptsReferrals=False)) == {"#/waitingCount": "left-out"}
    assert codes(await _put(world, offer, placesFree=0, waitingCount=12)) == {"#/acceptsReferrals": "left-out"}
    assert await _history(world, offer) == [standing]
    said = await _put(world, offer, placesFree=0, acceptsReferrals=True, waitingCount=None)
    expected = dict.fromkeys(FULL) | {"placesFree": 0, "acceptsReferrals": True}
    assert _figures(said.json()) == expected
    assert (await _put(world, offer, placesFree=0)).status_code == 200, "nothing is lost any more"


async def test_a_whole_report_of_an_earlier_time_loses_nothing(world: World) -> None:
    offer = await world.add_offer()
    standing = await world.report(offer, **CLOSED)
    earlier = await _put(world, offer, placesFree=1, observedAt=(NOW - timedelta(days=1)).isoformat())
    assert (earlier.status_code, earlier.json()) == (200, standing)


@pytest.mark.parametrize("table", ["offers", "current_capacities"])
async def test_a_whole_report_that_meets_a_closing_one_does_not_open_it(
    committing_world: World, fresh_database_url: str, table: str
) -> None:
    world = committing_world
    offer = await world.add_offer()
    await world.report(offer, placesFree=1)
    sent = [_patch(world, offer, acceptsReferrals=False), _put(world, offer, placesFree=0)]
    answers = await meeting(fresh_database_url, f"SELECT FROM {table} FOR UPDATE", *sent)
    standing = await world.ok(world.http.get(_path(offer), headers=world.gi))
    assert standing["acceptsReferrals"] is False
    if 400 in answers:
        assert codes(answers[400]) == {"#/acceptsReferrals": "left-out"}


async def test_all_that_is_wrong_with_a_whole_report_is_told_at_once(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer, **CLOSED)
    answer = await _put(world, offer, placesFree=0, nextFreeOn="2026-11-20")
    assert codes(answer) == {
        "#/acceptsReferrals": "left-out",
        "#/waitingCount": "left-out",
        "#/nextFreeOn": "before-report",
    }
    other = world.provider(await world.add_provider())
    for body in ({"placesFree": 0}, {"placesFree": 0, "nextFreeOn": "2026-11-20"}):
        problem(await world.http.put(_path(offer), json=body, headers=other), 403, "forbidden")


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"placesFree": 2, "waitingCount": 1}, []),
        ({"placesFree": 2, "waitingCount": 2}, ["waiting-first"]),
        ({"placesFree": 1, "waitingCount": 9}, ["waiting-first"]),
        ({"placesFree": 0, "waitingCount": 9}, []),
        ({"placesFree": 1, "waitingCount": 1, "waitDaysIntake": 0, "waitDaysTreatment": None}, []),  # at once
        ({"placesFree": 1, "waitingCount": 1, "waitDaysIntake": 3}, ["waiting-first"]),
    ],
)
async def test_who_waits_comes_first_and_the_answer_says_so(
    world: World, figures: dict[str, Any], expected: list[str]
) -> None:
    offer = await world.add_offer()
    for answer in (await _put(world, offer, **figures), await _patch(world, offer, **figures)):
        assert [hint["code"] for hint in answer.json()["hints"]] == expected
    english = world.provider(offer["providerId"]) | {"Accept-Language": "en"}
    told = (await _patch(world, offer, english, **figures)).json()["hints"]
    assert all("Who waits comes first" in hint["detail"] for hint in told)


@pytest.mark.parametrize(
    ("at", "day", "status"),
    [
        ("2026-11-22T10:00:00Z", "2026-11-21", 400),
        ("2026-11-22T10:00:00Z", "2026-11-22", 200),
        ("2026-11-22T22:59:59Z", "2026-11-22", 200),
        ("2026-11-22T23:00:00Z", "2026-11-22", 400),  # half past midnight is of the next day
        ("2026-03-28T23:00:00Z", "2026-03-28", 400),  # the nights of summer time
        ("2026-03-29T21:59:59Z", "2026-03-29", 200),
        ("2026-03-29T22:00:00Z", "2026-03-29", 400),
        ("2026-10-25T22:59:59Z", "2026-10-25", 200),
        ("2026-10-25T23:00:00Z", "2026-10-25", 400),
    ],
)
async def test_a_next_place_before_the_report_is_refused(
    world: World, clock: SettableClock, at: str, day: str, status: int
) -> None:
    clock.now += timedelta(days=1)
    offer = await world.add_offer()
    answer = await _put(world, offer, placesFree=0, nextFreeOn=day, observedAt=at)
    assert answer.status_code == status
    if status == 400:
        assert codes(answer) == {"#/nextFreeOn": "before-report"}
        assert (await _put(world, offer, placesFree=1, nextFreeOn=day, observedAt=at)).status_code == 200


async def test_a_next_place_that_was_said_before_stays_and_is_told(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=1, nextFreeOn="2026-11-24")
    clock.now += timedelta(days=7)
    for body in ({"placesFree": 0}, {"nextFreeOn": "2026-11-24"}):
        answer = await _patch(world, offer, **body)
        assert (answer.status_code, answer.json()["nextFreeOn"]) == (200, "2026-11-24")
        assert [hint["code"] for hint in answer.json()["hints"]] == ["next-free-passed"]
    assert codes(await _put(world, offer, placesFree=0, nextFreeOn="2026-11-24")) == {"#/nextFreeOn": "before-report"}


async def test_hours_a_week_may_be_halves(world: World) -> None:
    offer = await world.add_offer(**HOURS)
    said = {"placesTotal": 20, "placesOccupied": 12.5, "placesReserved": 5, "placesFree": 2.5, "waitingCount": 1}
    for answer in (await _put(world, offer, **said), await _patch(world, offer, placesFree=2.5)):
        assert answer.status_code == 200, answer.text
        assert {name: answer.json()[name] for name in said} == said
        assert '"placesTotal":20,' in answer.text, "a whole number has no decimals"
    assert codes(await _put(world, offer, **said | {"placesFree": 3})) == {"#/placesFree": "over-total"}
    assert codes(await _put(world, offer, placesFree=0.25)) == {"#/placesFree": "type"}
    assert codes(await _put(world, offer, placesFree=1, waitingCount=0.5)) == {"#/waitingCount": "type"}


@pytest.mark.parametrize("unit", ["places", "trajectories"])
async def test_what_is_not_hours_is_whole(world: World, unit: str) -> None:
    offer = await world.add_offer(unit=unit)
    said = {"placesTotal": 4.5, "placesFree": 1.5}
    for send in (_put, _patch):
        answer = await send(world, offer, **said)
        assert codes(answer) == {"#/placesTotal": "type", "#/placesFree": "type"}
        assert "hours-per-week" in answer.json()["errors"][0]["detail"]
    assert await _history(world, offer) == []
    assert (await _put(world, offer, placesFree=2.0)).json()["placesFree"] == 2
