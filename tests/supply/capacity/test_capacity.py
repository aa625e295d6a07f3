"""Reporting capacity: who may, what is refused, what stands afterwards."""

from typing import Any
from uuid import uuid4

import pytest

from app.kit.security.callers import Role
from tests.conftest import SettableClock
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


def _path(offer: dict[str, Any]) -> str:
    return f"/v1/offers/{offer['id']}/capacity"


async def _history(world: World, offer: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await world.ok(world.http.get(f"{_path(offer)}-history", headers=world.gi))
    items: list[dict[str, Any]] = answer["items"]
    return items


async def test_needs_a_token(world: World) -> None:
    offer = await world.add_offer()
    answer = await world.http.put(_path(offer), json={"placesFree": 1})
    problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    problem(await world.http.get(_path(offer)), 401, "unauthenticated")


async def test_is_the_owners_alone(world: World) -> None:
    offer = await world.add_offer()
    other = await world.add_provider()
    for headers in (world.gi, world.region(), world.provider(other)):
        answer = await world.http.put(_path(offer), json={"placesFree": 1}, headers=headers)
        problem(answer, 403, "forbidden")
    assert await _history(world, offer) == []


async def test_of_an_unknown_offer_is_404(world: World) -> None:
    unknown = {"id": str(uuid4())}
    answer = await world.http.put(_path(unknown), json={"placesFree": 1}, headers=world.admin)
    problem(answer, 404, "not-found")
    problem(await world.http.get(_path(unknown), headers=world.gi), 404, "not-found")


async def test_lists_all_errors_at_once(world: World) -> None:
    offer = await world.add_offer()
    answer = await world.http.put(
        f"{_path(offer)}?now=true",
        json={
            "placesTotal": 2,
            "placesOccupied": 1,
            "placesReserved": 1,
            "placesFree": 1,
            "waitingCount": -1,
            "note": "bel 123456782",
            "nextFreeOn": "22-11-2026",
            "acceptsReferrals": "misschien",
            "observedAt": "2026-11-22T09:00:00",
            "vrij": 2,
        },
        headers=world.provider(offer["providerId"]),
    )
    assert codes(answer) == {
        "#/placesFree": "over-total",
        "#/waitingCount": "out-of-range",
        "#/note": "bsn",
        "#/nextFreeOn": "format",
        "#/acceptsReferrals": "type",
        "#/observedAt": "format",
        "#/vrij": "unknown-field",
        "#/query/now": "unknown-query-key",
    }


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"#/placesFree": "missing"}),
        ({"placesFree": None}, {"#/placesFree": "type"}),
        ({"placesFree": -1}, {"#/placesFree": "out-of-range"}),
        ({"placesFree": 1.5}, {"#/placesFree": "type"}),
        ({"placesFree": 100_001}, {"#/placesFree": "out-of-range"}),
        ({"placesFree": 0, "placesReserved": -1}, {"#/placesReserved": "out-of-range"}),
        ({"placesFree": 0, "waitDaysIntake": 3651}, {"#/waitDaysIntake": "out-of-range"}),
        ({"placesFree": 0, "waitDaysTreatment": -1}, {"#/waitDaysTreatment": "out-of-range"}),
        ({"placesFree": 0, "nextFreeOn": "2026-02-30"}, {"#/nextFreeOn": "format"}),
        ({"placesFree": 0, "nextFreeOn": "2026-12-14T00:00:00Z"}, {"#/nextFreeOn": "format"}),
        ({"placesFree": 0, "observedAt": 1795341600}, {"#/observedAt": "format"}),
        ({"placesFree": 0, "observedAt": "0001-01-01T00:00:00+01:00"}, {"#/observedAt": "format"}),
        ({"placesFree": 3, "placesTotal": 2}, {"#/placesFree": "over-total"}),
        ({"placesFree": 0, "placesTotal": 2, "placesOccupied": 3}, {"#/placesFree": "over-total"}),
        ({"placesFree": 1, "placesTotal": 2, "placesReserved": 2}, {"#/placesFree": "over-total"}),
    ],
)
async def test_refuses_what_does_not_add_up(world: World, body: dict[str, Any], errors: dict[str, str]) -> None:
    offer = await world.add_offer()
    answer = await world.http.put(_path(offer), json=body, headers=world.provider(offer["providerId"]))
    assert codes(answer) == errors
    assert await _history(world, offer) == []


@pytest.mark.parametrize(
    "figures",
    [
        {"placesTotal": 8, "placesOccupied": 5, "placesReserved": 1, "placesFree": 2},  # just as many
        {"placesTotal": 8, "placesOccupied": 1, "placesReserved": 1, "placesFree": 1},  # some cannot be used now
        {"placesTotal": None, "placesOccupied": 5, "placesReserved": 1, "placesFree": 2},
        {"placesTotal": 0, "placesOccupied": None, "placesReserved": None, "placesFree": 0},
    ],
)
async def test_takes_what_fits_in_the_total(world: World, figures: dict[str, Any]) -> None:
    standing = await world.report(await world.add_offer(), **figures)
    assert {name: standing[name] for name in figures} == figures


async def test_keeps_everything_that_is_given(world: World) -> None:
    offer = await world.add_offer()
    own = world.provider(offer["providerId"])
    body = FULL | {"observedAt": "2026-11-22T10:30:00+01:00"}
    answer = await world.http.put(_path(offer), json=body, headers=own)
    standing = answer.json()
    assert standing == FULL | {
        "offerId": offer["id"],
        "observedAt": "2026-11-22T09:30:00Z",
        "receivedAt": standing["receivedAt"],
        "confirmation": False,
        "countedAt": None,
        "hints": [],
    }
    read = await world.http.get(_path(offer), headers=world.gi)
    assert (read.json(), read.headers["etag"]) == (standing, answer.headers["etag"])
    assert await _history(world, offer) == [standing]
    again = await world.http.get(_path(offer), headers=world.gi | {"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_fills_in_what_is_left_out(world: World) -> None:
    standing = await world.report(await world.add_offer(), placesFree=0)
    said = {"placesFree", "acceptsReferrals"}
    assert {standing[name] for name in FULL.keys() - said} == {None}
    assert standing["acceptsReferrals"] is True
    assert standing["observedAt"] == "2026-11-22T10:00:00Z"


async def test_a_new_report_replaces_the_whole_of_the_old(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer, **FULL)
    standing = await world.report(offer, placesFree=1, acceptsReferrals=True, waitingCount=None)
    assert (standing["placesFree"], standing["placesTotal"], standing["note"]) == (1, None, None)
    assert (standing["acceptsReferrals"], standing["waitingCount"]) == (True, None)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.REFERRER], ids=str)
async def test_is_read_by_every_professional(world: World, role: Role) -> None:
    offer = await world.add_offer()
    problem(await world.http.get(_path(offer), headers=world.as_(role)), 404, "not-found")
    standing = await world.report(offer)
    assert await world.ok(world.http.get(_path(offer), headers=world.as_(role))) == standing
    history = await world.ok(world.http.get(f"{_path(offer)}-history", headers=world.as_(role)))
    assert history["items"] == [standing]


async def test_is_not_for_who_only_searches(world: World) -> None:
    offer = await world.add_offer()
    problem(await world.http.get(_path(offer), headers=world.as_(Role.REFERRER)), 403, "forbidden")


@pytest.mark.parametrize("observed", ["2026-11-22T10:00:31Z", "2026-11-22T11:00:31+01:00", "2026-11-23T00:00:00Z"])
async def test_refuses_a_report_from_the_future(world: World, observed: str) -> None:
    offer = await world.add_offer()
    body = {"placesFree": 1, "observedAt": observed}
    answer = await world.http.put(_path(offer), json=body, headers=world.provider(offer["providerId"]))
    assert codes(answer) == {"#/observedAt": "in-future"}
    assert await _history(world, offer) == []


async def test_a_clock_that_runs_a_little_ahead_is_taken_as_now(world: World) -> None:
    standing = await world.report(await world.add_offer(), observedAt="2026-11-22T10:00:30Z")
    assert standing["observedAt"] == "2026-11-22T10:00:00Z"


async def test_an_older_report_goes_into_the_history_and_changes_nothing_now(
    world: World, clock: SettableClock
) -> None:
    offer = await world.add_offer()
    first = await world.report(offer, placesFree=2, observedAt="2026-11-20T09:00:00+01:00")
    etag = (await world.http.get(_path(offer), headers=world.gi)).headers["etag"]
    clock.now = clock.now.replace(hour=11)
    body = {"placesFree": 5, "observedAt": "2026-11-19T09:00:00+01:00"}
    late = await world.http.put(_path(offer), json=body, headers=world.provider(offer["providerId"]))
    assert (late.status_code, late.json(), late.headers["etag"]) == (200, first, etag)
    assert first["observedAt"] == "2026-11-20T08:00:00Z"
    assert [item["placesFree"] for item in await _history(world, offer)] == [5, 2]


async def test_of_reports_observed_at_the_same_time_the_last_one_stands(world: World) -> None:
    offer = await world.add_offer()
    for free in (3, 1, 2):
        standing = await world.report(offer, placesFree=free, observedAt="2026-11-22T09:00:00Z")
        assert standing["placesFree"] == free
    assert [item["placesFree"] for item in await _history(world, offer)] == [3, 1, 2]


async def test_reports_of_one_offer_leave_another_alone(world: World) -> None:
    one, other = await world.add_offer(), await world.add_offer()
    await world.report(one, placesFree=3)
    standing = await world.report(other, placesFree=0)
    await world.report(one, placesFree=4)
    assert await world.ok(world.http.get(_path(other), headers=world.gi)) == standing


async def test_honours_if_match_without_asking_for_it(world: World) -> None:
    offer = await world.add_offer()
    own = world.provider(offer["providerId"])
    early = await world.http.put(_path(offer), json={"placesFree": 9}, headers=own | {"If-Match": '"1"'})
    problem(early, 412, "stale-version")
    first = await world.http.put(_path(offer), json={"placesFree": 1}, headers=own)
    based = own | {"If-Match": first.headers["etag"]}
    second = await world.http.put(_path(offer), json={"placesFree": 2}, headers=based)
    assert (second.status_code, second.json()["placesFree"]) == (200, 2)
    stale = await world.http.put(_path(offer), json={"placesFree": 3}, headers=based)
    assert second.headers["etag"] in problem(stale, 412, "stale-version")["detail"]
    assert [item["placesFree"] for item in await _history(world, offer)] == [1, 2]


async def test_an_ended_offer_takes_no_reports_until_it_is_given_again(world: World) -> None:
    offer = await world.add_offer(key="duinen")
    own = world.provider(offer["providerId"])
    standing = await world.report(offer)
    await world.http.delete(f"/v1/offers/{offer['id']}", headers=own)
    problem(await world.http.put(_path(offer), json={"placesFree": 2}, headers=own), 409, "conflict")
    problem(await world.http.post(f"{_path(offer)}/confirmations", headers=own), 409, "conflict")
    assert await _history(world, offer) == [standing]
    await world.add_offer(offer["providerId"], key="duinen")
    assert await world.ok(world.http.get(_path(offer), headers=world.gi)) == standing
    assert (await world.report(offer, placesFree=2))["placesFree"] == 2
