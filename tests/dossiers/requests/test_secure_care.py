"""The clocks of secure care at their boundaries, and what a court authorisation can say."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.dossiers.requests.clock_model import Agreed, Clock, Facts
from app.dossiers.requests.clocks import clocks
from tests.conftest import NOW, SettableClock
from tests.dossiers.referrals.scene import items, request_of
from tests.world import World, codes, request_body

Json = dict[str, Any]

START = date(2026, 8, 31)
FACTS = Facts(requested_on=date(2026, 8, 1), imposed_on=None, secure_since=START, authorised_until=date(2027, 1, 31))
AGREED = Agreed()


def _clock(name: str, facts: Facts, today: str, agreed: Agreed = AGREED) -> Clock:
    return next(each for each in clocks(facts, agreed, date.fromisoformat(today)) if each.name == name)


@pytest.mark.parametrize(
    ("name", "today", "light"),
    [
        # 28 days before its end
        ("court-authorisation", "2027-01-02", "green"),
        ("court-authorisation", "2027-01-03", "amber"),
        ("court-authorisation", "2027-01-31", "amber"),
        ("court-authorisation", "2027-02-01", "red"),
        # six months: there is no 31st of February; amber after 135.75 of 181 days
        ("secure-stay", "2027-01-13", "green"),
        ("secure-stay", "2027-01-14", "amber"),
        ("secure-stay", "2027-02-28", "amber"),
        ("secure-stay", "2027-03-01", "red"),
        # six weeks before the authorisation ends, amber after 83.25 of 111 days
        ("next-place", "2026-11-22", "green"),
        ("next-place", "2026-11-23", "amber"),
        ("next-place", "2026-12-20", "amber"),
        ("next-place", "2026-12-21", "red"),
    ],
)
def test_turns_on_its_day(name: str, today: str, light: str) -> None:
    assert _clock(name, FACTS, today).light == light


@pytest.mark.parametrize(
    ("change", "due_on"),
    [
        ({}, "2026-12-20"),
        ({"authorised_until": None}, "2027-01-17"),  # six weeks before six months
        ({"authorised_until": date(2026, 9, 28)}, "2026-08-31"),  # four weeks in all: at once
    ],
)
def test_the_next_place_is_known_well_before_the_end(change: dict[str, Any], due_on: str) -> None:
    assert _clock("next-place", replace(FACTS, **change), "2026-09-01").due_on.isoformat() == due_on


def test_the_region_sets_the_days() -> None:
    agreed = Agreed(authorisation_warning_days=60, next_place_days=90)
    assert _clock("court-authorisation", FACTS, "2026-09-01", agreed).amber_from == date(2026, 12, 2)
    assert _clock("next-place", FACTS, "2026-09-01", agreed).due_on == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("change", "done"),
    [
        ({"secure_left_on": date(2026, 12, 1)}, {"court-authorisation", "secure-stay", "next-place"}),
        ({"next_place_on": date(2026, 12, 1)}, {"next-place"}),
        ({"help_on": START, "placed_on": START}, set()),  # the stay is help, and the clocks of the stay run on
    ],
)
def test_is_ended_by_leaving_or_by_a_next_place(change: dict[str, Any], done: set[str]) -> None:
    found = clocks(replace(FACTS, **change), AGREED, date(2026, 12, 2))
    assert {each.name for each in found if each.light == "done"} == done
    assert {each.norm for each in found} == {"secure-care"}


def test_there_are_none_without_a_stay_and_an_end_of_the_authorisation() -> None:
    assert clocks(replace(FACTS, secure_since=None, authorised_until=None), AGREED, START) == []
    [waiting] = clocks(replace(FACTS, secure_since=None), AGREED, START)
    assert (waiting.name, waiting.starts_on, waiting.starts_from) == (
        "court-authorisation",
        FACTS.requested_on,
        "requestedOn",
    )


async def _patch(world: World, made: Json, child: Json) -> Any:
    headers = world.gi | {"If-Match": "*"}
    return await world.http.patch(f"/v1/requests/{made['id']}", json={"child": child}, headers=headers)


async def test_an_authorisation_that_ends_goes_with_one_that_there_is(world: World) -> None:
    bad = {"courtAuthorisationUntil": "2027-01-31"}
    pointer = {"#/child/courtAuthorisationUntil": "goes-with-authorisation"}
    assert codes(await world.http.post("/v1/requests", json=request_body(child=bad), headers=world.gi)) == pointer
    both = {"courtAuthorisation": True, "courtAuthorisationUntil": "2027-01-31"}
    made = await world.add_request(child=both)
    assert {name: made["child"][name] for name in both} == both
    assert codes(await _patch(world, made, bad | {"courtAuthorisation": False})) == pointer
    later = (await _patch(world, made, {"courtAuthorisationUntil": "2027-07-31"})).json()["child"]
    assert (later["courtAuthorisation"], later["courtAuthorisationUntil"]) == (True, "2027-07-31")
    over = (await _patch(world, made, {"courtAuthorisation": False})).json()["child"]
    assert (over["courtAuthorisation"], over["courtAuthorisationUntil"]) == (False, None)
    assert codes(await _patch(world, made, bad)) == pointer
    history = await items(world, f"/v1/requests/{made['id']}/history", world.gi)
    assert {each["field"] for each in history[-1]["changes"]} == {
        "child.courtAuthorisation",
        "child.courtAuthorisationUntil",
    }


async def test_an_authorisation_is_warned_of_before_it_ends_and_after(world: World, clock: SettableClock) -> None:
    child = {"measure": None, "courtAuthorisation": True, "courtAuthorisationUntil": "2026-12-31"}
    made = await world.add_request(child=child)
    seen = []
    for days in (0, 11, 39, 40):
        clock.now = NOW + timedelta(days=days)
        shown = await request_of(world, made)
        listed = await items(world, f"/v1/requests?light={shown['light']}", world.gi)
        assert [each["id"] for each in listed] == [made["id"]]
        seen.append((clock.now.date().isoformat(), shown["light"], [each["code"] for each in shown["warnings"]]))
    assert seen == [
        ("2026-11-22", "green", []),
        ("2026-12-03", "amber", ["court-authorisation-ends"]),
        ("2026-12-31", "amber", ["court-authorisation-ends"]),
        ("2027-01-01", "red", ["court-authorisation-ended"]),
    ]
    headers = world.gi | {"Accept-Language": "en"}
    shown = await world.ok(world.http.get(f"/v1/requests/{made['id']}", headers=headers))
    assert "31 December 2026" in shown["warnings"][0]["detail"]
    sent = {"status": "closed", "closedReason": "help-not-needed"}
    path = f"/v1/requests/{made['id']}"
    closed = await world.ok(world.http.patch(path, json=sent, headers=world.gi | {"If-Match": "*"}))
    assert (closed["light"], closed["warnings"]) == (None, [])
