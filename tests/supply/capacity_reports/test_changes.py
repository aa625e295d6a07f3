"""Lines that change what they name, build on each other, and say of when they are; and waits with their unit."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson
import pytest

from tests.conftest import NOW, SettableClock
from tests.supply.capacity.locks import meeting
from tests.supply.capacity_reports.sending import (
    NDJSON,
    current,
    errors,
    history,
    push,
    send,
    statuses,
)
from tests.world import World, codes

CLOSED = {"placesTotal": 6, "placesFree": 0, "acceptsReferrals": False, "waitingCount": 12, "note": "Vol."}


def _ago(hours: int) -> str:
    return (NOW - timedelta(hours=hours)).isoformat()


@pytest.fixture
async def offer(world: World) -> dict[str, Any]:
    """An offer that takes nobody, with 12 waiting, as it was reported two days ago."""
    made = await world.add_offer(key="duinen")
    await world.report(made, **CLOSED, observedAt=_ago(48))
    return made


def _own(world: World, offer: dict[str, Any]) -> dict[str, str]:
    return world.provider(offer["providerId"])


@pytest.mark.parametrize("media_type", ["application/json", NDJSON, "text/csv"])
async def test_a_line_keeps_what_it_does_not_name(world: World, offer: dict[str, Any], media_type: str) -> None:
    report = {"offerId": offer["id"], "placesFree": 1, "note": None}
    body = {
        "application/json": orjson.dumps([report]),
        NDJSON: orjson.dumps(report),
        "text/csv": f"offerId,placesFree,note\n{offer['id']},1,\n".encode(),
    }[media_type]
    answer = await send(world, _own(world, offer), body, media_type)
    assert statuses(answer) == ["accepted"]
    assert [hint["code"] for hint in answer.json()["items"][0]["hints"]] == ["waiting-first"]
    standing = await current(world, offer)
    assert {name: standing[name] for name in CLOSED} == CLOSED | {"placesFree": 1, "note": None}


async def test_lines_of_one_offer_build_on_each_other_by_their_time(world: World, offer: dict[str, Any]) -> None:
    key = {"offerId": offer["id"]}
    answer = await push(
        world,
        _own(world, offer),
        key | {"observedAt": _ago(1), "placesFree": 2},
        key | {"observedAt": _ago(3), "waitingCount": 3},
        key | {"observedAt": _ago(2), "acceptsReferrals": True},
        key | {"observedAt": _ago(60), "placesFree": 5},  # before there was any report
        key | {"observedAt": _ago(60), "note": "Toen."},
    )
    assert statuses(answer) == ["accepted"] * 5
    assert [item["stands"] for item in answer.json()["items"]] == [True, False, False, False, False]
    told = [
        (item["placesFree"], item["waitingCount"], item["acceptsReferrals"], item["note"])
        for item in await history(world, offer)
    ]
    assert told == [
        (5, None, True, None),
        (5, None, True, "Toen."),
        (0, 12, False, "Vol."),
        (0, 3, False, "Vol."),
        (0, 3, True, "Vol."),
        (2, 3, True, "Vol."),
    ]


async def test_a_late_line_builds_on_what_stood_then(world: World, offer: dict[str, Any]) -> None:
    await world.report(offer, **CLOSED | {"placesTotal": 9, "waitingCount": 1})
    report = {"offerId": offer["id"], "waitingCount": 11, "observedAt": _ago(24)}
    headers = _own(world, offer)
    assert statuses(await push(world, headers, report)) == ["accepted"]
    assert statuses(await push(world, headers, report)) == ["unchanged"], "it is in the history already"
    told = [(item["placesTotal"], item["waitingCount"]) for item in await history(world, offer)]
    assert told == [(6, 12), (6, 11), (9, 1)]


async def test_a_line_that_does_not_add_up_with_what_stands_is_no_ground_for_the_next(
    world: World, offer: dict[str, Any]
) -> None:
    key = {"offerId": offer["id"]}
    reports = [key | {"placesFree": 7, "note": "Fout."}, key | {"waitingCount": 11}]
    answer = await push(world, _own(world, offer), *reports)
    assert statuses(answer) == ["rejected", "accepted"]
    assert errors(answer.json()["items"][0]) == {"#/0/placesFree": "over-total"}
    assert "totaal 6" in answer.json()["items"][0]["problem"]["errors"][0]["detail"]
    standing = await current(world, offer)
    assert {name: standing[name] for name in CLOSED} == CLOSED | {"waitingCount": 11}


async def test_all_or_nothing_counts_what_does_not_add_up_with_what_stands(world: World, offer: dict[str, Any]) -> None:
    never = await world.add_offer(offer["providerId"], "nooit")
    reports = [
        {"offerId": offer["id"], "placesFree": 7},
        {"offerId": offer["id"], "placesFree": 1},
        {"offerId": never["id"], "waitingCount": 1},
    ]
    answer = await push(world, _own(world, offer), *reports, path="/v1/capacity-reports?atomic=true")
    assert codes(answer) == {"#/0/placesFree": "over-total", "#/2/placesFree": "missing"}
    assert len(await history(world, offer)) == 1


async def test_pushes_of_other_fields_at_once_all_stay(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    made = await world.add_offer()
    await world.report(made, placesFree=0)
    key = {"offerId": made["id"]}
    sent = [push(world, _own(world, made), key | body) for body in ({"waitingCount": 4}, {"note": "Druk."})]
    sent.append(
        world.http.patch(f"/v1/offers/{made['id']}/capacity", json={"placesTotal": 3}, headers=_own(world, made))
    )
    await meeting(fresh_database_url, "SELECT FROM offers FOR UPDATE", *sent)
    standing = await current(world, made)
    assert (standing["waitingCount"], standing["note"], standing["placesTotal"]) == (4, "Druk.", 3)


async def test_hours_may_be_halves_with_a_comma(world: World) -> None:
    made = await world.add_offer(unit="hours-per-week")
    places = await world.add_offer(made["providerId"], "plekken")
    body = f"aanbodId;totaal;vrij\n{made['id']};20,0;2,5\n{made['id']};20.5;0.25\n{places['id']};4;1,5\n"
    answer = await send(world, _own(world, made), body)
    assert statuses(answer) == ["accepted", "rejected", "rejected"]
    assert errors(answer.json()["items"][1]) == {"#/line/3/vrij": "type"}
    assert errors(answer.json()["items"][2]) == {"#/line/4/vrij": "type"}
    standing = await current(world, made)
    assert (standing["placesTotal"], standing["placesFree"]) == (20, 2.5)


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("wachttijd tot behandeling", "wachtdagenBehandeling of wachtwekenBehandeling"),
        ("Wachttijd behandeling", "wachtdagenBehandeling of wachtwekenBehandeling"),
        ("behandelwachttijd", "wachtdagenBehandeling of wachtwekenBehandeling"),
        ("wait to treatment", "wachtdagenBehandeling of wachtwekenBehandeling"),
        ("wait to intake", "wachtdagenIntake of wachtwekenIntake"),
        ("aanmeldwachttijd", "wachtdagenIntake of wachtwekenIntake"),
        ("Wachttijd tot intake", "wachtdagenIntake of wachtwekenIntake"),
        ("wachttijd", "wachtdagenIntake of wachtwekenIntake, of wachtdagenBehandeling of wachtwekenBehandeling"),
        ("Wachttijd in weken", "wachtwekenIntake, of wachtdagenBehandeling"),
        ("gem. wachttijd intake (werkdagen)", "wachtdagenIntake of wachtwekenIntake"),
        ("waiting months intake", "wachtdagenIntake of wachtwekenIntake"),
        ("wachttijd tot intake (in maanden)", "in kalenderdagen of weken gelezen"),
        ("Wachttijd behandeling (werkdagen)", "kolom wachtdagenBehandeling of wachtwekenBehandeling."),
        ("Behandelwachttijd (mnd)", "kolom wachtdagenBehandeling of wachtwekenBehandeling."),
        ("maanden wachten op eerste gesprek", "kolom wachtdagenIntake of wachtwekenIntake."),
    ],
)
async def test_a_wait_without_a_unit_is_refused(world: World, offer: dict[str, Any], name: str, names: str) -> None:
    answer = await send(world, _own(world, offer), f"aanbodId;vrij;{name}\n{offer['id']};1;6\n")
    [error] = answer.json()["errors"]
    assert error["code"] == "no-unit"
    assert names in error["detail"]
    assert len(await history(world, offer)) == 1


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("waitDaysIntake", 6),
        ("wachtdagenIntake", 6),
        ("Wachttijd tot intake (dagen)", 6),
        ("aanmeldwachttijd in dagen", 6),
        ("wait to intake in days", 6),
        ("wachtwekenIntake", 42),
        ("waitWeeksIntake", 42),
        ("Wachttijd tot intake (weken)", 42),
        ("wachttijd in weken tot intake", 42),
        ("aanmeldwachttijd (wkn)", 42),
        ("Wachttijd voor intake in kalenderdagen", 6),
    ],
)
async def test_a_wait_in_days_or_weeks(world: World, offer: dict[str, Any], name: str, days: int) -> None:
    other = name.replace("intake", "behandeling").replace("Intake", "Treatment" if "wait" in name else "Behandeling")
    other = other.replace("aanmeld", "behandel").replace("wait to behandeling", "wait to treatment")
    answer = await send(world, _own(world, offer), f"aanbodId;{name};{other}\n{offer['id']};6;6\n")
    assert statuses(answer) == ["accepted"], answer.text
    standing = await current(world, offer)
    assert (standing["waitDaysIntake"], standing["waitDaysTreatment"]) == (days, days)


async def test_half_a_week_is_no_shorter_than_it_is(world: World, offer: dict[str, Any]) -> None:
    answer = await send(world, _own(world, offer), f"aanbodId;wachtwekenIntake\n{offer['id']};6,5\n")
    assert statuses(answer) == ["accepted"], answer.text
    assert (await current(world, offer))["waitDaysIntake"] == 46


async def test_a_wait_in_both_units_is_there_twice(world: World, offer: dict[str, Any]) -> None:
    answer = await send(world, _own(world, offer), f"aanbodId;wachtwekenIntake;wachtdagenIntake\n{offer['id']};1;7\n")
    assert codes(answer) == {"#/line/1/wachtdagenIntake": "repeated"}


@pytest.mark.parametrize(
    ("now", "day", "observed"),
    [
        ("2026-11-25T12:00:00Z", "2026-11-25", "2026-11-25T12:00:00Z"),  # today: now
        ("2026-11-25T12:00:00Z", "24-11-2026", "2026-11-24T22:59:59Z"),  # earlier: the end of that day
        ("2026-11-25T23:30:00Z", "26-11-2026", "2026-11-25T23:30:00Z"),  # half past midnight
        ("2026-11-25T23:30:00Z", "25-11-2026", "2026-11-25T22:59:59Z"),
        ("2027-03-29T12:00:00Z", "2027-03-28", "2027-03-28T21:59:59Z"),  # the day of 23 hours
        ("2027-03-29T12:00:00Z", "2027-03-27", "2027-03-27T22:59:59Z"),
        ("2027-11-01T12:00:00Z", "2027-10-31", "2027-10-31T22:59:59Z"),  # the day of 25 hours
        ("2027-11-01T12:00:00Z", "2027-10-30", "2027-10-30T21:59:59Z"),
        ("2026-11-25T22:59:59Z", "26-11-2026", None),  # not yet
    ],
)
async def test_a_day_of_observation_is_a_dutch_day(
    world: World, offer: dict[str, Any], clock: SettableClock, now: str, day: str, observed: str | None
) -> None:
    clock.now = datetime.fromisoformat(now)
    answer = await send(world, _own(world, offer), f"aanbodId;vrij;peildatum\n{offer['id']};1;{day}\n")
    if observed is None:
        assert errors(answer.json()["items"][0]) == {"#/line/2/peildatum": "in-future"}
    else:
        assert statuses(answer) == ["accepted"]
        assert (await current(world, offer))["observedAt"] == observed


async def test_json_takes_no_day_for_a_time(world: World, offer: dict[str, Any]) -> None:
    answer = await push(world, _own(world, offer), {"offerId": offer["id"], "observedAt": "2026-11-22"})
    assert errors(answer.json()["items"][0]) == {"#/0/observedAt": "format"}


async def test_a_line_of_an_unknown_offer_says_so(world: World, offer: dict[str, Any]) -> None:
    answer = await push(world, _own(world, offer), {"offerId": str(uuid4())}, {"offerId": offer["id"]})
    assert statuses(answer) == ["rejected", "unchanged"]
    assert answer.json()["items"][0]["problem"]["status"] == 404
