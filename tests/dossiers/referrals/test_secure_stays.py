"""A stay in secure care, as its referrals tell it: its clocks, the next place, and where it is."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.conftest import NOW, SettableClock
from tests.dossiers.referrals.scene import OUTSIDE, brought_to, decide, post_referral, refer, request_of
from tests.world import World

Json = dict[str, Any]

CHILD = {"measure": None, "courtAuthorisation": True, "courtAuthorisationUntil": "2027-03-31"}
SECURE = [{"careType": "jeugdzorgplus"}]
UTRECHT = {"postcode": "3511AA"}


async def _offer(world: World, care_type: str, location: Json | None = None) -> Json:
    provider_id = await world.add_provider()
    if location is not None:
        await world.add_location(provider_id, "there", **location)
    fields = {} if location is None else {"locationKey": "there"}
    offer = await world.contracted_offer(provider_id, careType=care_type, **fields)
    await world.add_contract(provider_id)
    return offer


async def _in_secure_care(world: World, since: str = "2026-11-22", **child: Any) -> tuple[Json, Json]:
    """A child that is in secure care, and its referral."""
    made = await world.add_request(child=CHILD | child, choices=SECURE)
    referral = await brought_to(world, await refer(world, await _offer(world, "jeugdzorgplus"), made), "accepted")
    return made, await world.ok(decide(world, referral, "start", date=since))


def _lights(shown: Json) -> dict[str, str]:
    return {each["clock"]: each["light"] for each in shown["clocks"]}


def _codes(shown: Json) -> list[str]:
    return [each["code"] for each in shown["warnings"]]


async def test_its_clocks_run_from_the_start_to_the_end_of_the_stay(world: World, clock: SettableClock) -> None:
    made, referral = await _in_secure_care(world)
    shown = await request_of(world, made)
    assert [(each["clock"], each["startsFrom"], each["startsOn"], each["dueOn"]) for each in shown["clocks"]] == [
        ("court-authorisation", "secureSince", "2026-11-22", "2027-03-31"),
        ("secure-stay", "secureSince", "2026-11-22", "2027-05-22"),
        ("next-place", "secureSince", "2026-11-22", "2027-02-17"),
    ]
    assert (shown["status"], shown["light"], shown["secureSince"]) == ("helped", "green", "2026-11-22")
    clock.now = NOW + timedelta(days=182)  # 23 May 2027, over all three
    shown = await request_of(world, made)
    assert set(_lights(shown).values()) == {"red"}
    assert _codes(shown) == ["court-authorisation-ended", "secure-stay-long", "next-place-unknown"]
    await world.ok(decide(world, referral, "end", date="2027-05-22"))
    shown = await request_of(world, made)
    assert {each["clock"]: each["onTime"] for each in shown["clocks"]} == {
        "court-authorisation": False,
        "secure-stay": True,
        "next-place": False,
    }
    assert (shown["light"], shown["secureLeftOn"], shown["warnings"]) == ("done", "2027-05-22", [])


@pytest.mark.parametrize(
    ("name", "start", "due", "midnight"),
    [
        # the day that lasts 23 hours, the one that lasts 25, and King's Day
        ("secure-stay", "2026-09-28", "2027-03-28", "2027-03-28T22:00:00Z"),
        ("secure-stay", "2026-04-25", "2026-10-25", "2026-10-25T23:00:00Z"),
        ("secure-stay", "2026-10-27", "2027-04-27", "2027-04-27T22:00:00Z"),
        ("next-place", "2026-09-28", "2027-02-17", "2027-02-17T23:00:00Z"),
    ],
)
async def test_is_in_time_until_the_dutch_midnight_after_its_last_day(
    world: World, clock: SettableClock, name: str, start: str, due: str, midnight: str
) -> None:
    clock.now = datetime.fromisoformat(f"{start}T09:00:00Z")
    made, _ = await _in_secure_care(world, start)
    for after, light in ((-1, "amber"), (0, "red")):
        clock.now = datetime.fromisoformat(midnight) + timedelta(seconds=after)
        [found] = [each for each in (await request_of(world, made))["clocks"] if each["clock"] == name]
        assert (found["startsOn"], found["dueOn"], found["light"]) == (start, due, light)


async def test_a_start_or_an_end_that_is_put_right_moves_its_clocks(world: World) -> None:
    made, referral = await _in_secure_care(world)
    path = f"/v1/referrals/{referral['id']}/corrections"

    async def correct(what: str, value: str | None) -> Json:
        body = {"what": what, "value": value, "why": "Verkeerd genoteerd."}
        await world.ok(world.http.post(path, json=body, headers=world.gi))
        return await request_of(world, made)

    assert (await correct("start", "2026-11-20"))["clocks"][1]["dueOn"] == "2027-05-20"
    await world.ok(decide(world, referral, "end", date="2026-11-21"))
    assert (await correct("end", None))["secureLeftOn"] is None
    shown = await correct("start", None)
    assert (shown["secureSince"], list(_lights(shown))) == (None, ["court-authorisation"])


@pytest.mark.parametrize(
    ("care_type", "light"),
    [("gezinshuis", "done"), ("jeugdzorgplus", "green"), ("ambulante-begeleiding", "green")],
)
async def test_the_next_place_is_one_to_live_outside_secure_care(world: World, care_type: str, light: str) -> None:
    made, _ = await _in_secure_care(world)
    referral = await refer(world, await _offer(world, care_type), made, standsFor="alternative")
    assert _lights(await request_of(world, made))["next-place"] == "green", "asked is not known yet"
    await brought_to(world, referral, "accepted")
    assert _lights(await request_of(world, made))["next-place"] == light
    await world.ok(decide(world, referral, "withdraw"))
    assert _lights(await request_of(world, made))["next-place"] == "green"


async def test_the_next_place_can_be_care_outside_the_contracts_or_the_institutions_word(world: World) -> None:
    made, _ = await _in_secure_care(world)
    outside = await world.ok(post_referral(world, made, OUTSIDE))
    await brought_to(world, outside, "accepted")
    assert _lights(await request_of(world, made))["next-place"] == "done"
    await world.ok(decide(world, outside, "withdraw"))
    path, headers = f"/v1/requests/{made['id']}/milestones/next-place", world.gi | {"If-Match": "*"}
    shown = await world.ok(world.http.put(path, json={"date": "2026-11-22"}, headers=headers))
    assert _lights(shown)["next-place"] == "done"
    assert {"name": "next-place", "date": "2026-11-22"} in shown["milestones"]
    await world.http.delete(path, headers=headers)
    assert _lights(await request_of(world, made))["next-place"] == "green"


async def test_a_new_authorisation_after_a_stay_is_not_ended_by_that_stay(world: World) -> None:
    made, referral = await _in_secure_care(world)
    await world.ok(decide(world, referral, "end"))
    assert set(_lights(await request_of(world, made)).values()) == {"done"}
    again = await refer(world, await _offer(world, "jeugdzorgplus"), made, standsFor="alternative")
    await brought_to(world, again, "accepted")
    assert _lights(await request_of(world, made)) == {"court-authorisation": "green"}
    await world.ok(decide(world, again, "start"))
    assert _lights(await request_of(world, made)) == dict.fromkeys(
        ("court-authorisation", "secure-stay", "next-place"), "green"
    )


@pytest.mark.parametrize(
    ("ended", "since"), [("2026-11-22", "2026-11-10"), ("2026-11-21", "2026-11-10"), ("2026-11-20", "2026-11-22")]
)
async def test_from_one_secure_place_to_the_next_is_one_stay(world: World, ended: str, since: str) -> None:
    made = await world.add_request(child=CHILD, choices=SECURE)
    first = await refer(world, await _offer(world, "jeugdzorgplus"), made)
    await brought_to(world, first, "accepted")
    await world.ok(decide(world, first, "start", date="2026-11-10"))
    await world.ok(decide(world, first, "end", date=ended))
    second = await refer(world, await _offer(world, "jeugdzorgplus"), made, standsFor="alternative")
    await brought_to(world, second, "started")
    shown = await request_of(world, made)
    assert (shown["secureSince"], shown["secureLeftOn"]) == (since, None)


@pytest.mark.parametrize(("location", "far"), [(None, False), (UTRECHT, True)], ids=["own province", "another"])
async def test_a_secure_place_outside_the_own_province_is_warned_of(
    world: World, location: Json | None, *, far: bool
) -> None:
    made = await world.add_request(child=CHILD, choices=SECURE)
    referral = await refer(world, await _offer(world, "jeugdzorgplus", location), made)
    assert _codes(await request_of(world, made)) == []
    expected = ["secure-care-outside-province"] if far else []
    for decision in ("accept", "start"):
        referral = await world.ok(decide(world, referral, decision))
        assert _codes(await request_of(world, made)) == expected
    [item] = (await world.ok(world.http.get("/v1/requests", headers=world.gi)))["items"]
    assert _codes(item) == expected
    await world.ok(decide(world, referral, "end"))
    assert _codes(await request_of(world, made)) == []


async def test_a_stay_without_a_known_end_of_the_authorisation_says_so(world: World) -> None:
    made, _ = await _in_secure_care(world, courtAuthorisationUntil=None)
    shown = await request_of(world, made)
    assert _codes(shown) == ["court-authorisation-undated"]
    due = {each["clock"]: each["dueOn"] for each in shown["clocks"]}
    assert due == {"secure-stay": "2027-05-22", "next-place": "2027-04-10"}


async def test_a_provider_is_told_nothing_of_the_authorisations_end(world: World) -> None:
    _, referral = await _in_secure_care(world)
    path = f"/v1/referrals/{referral['id']}"
    answer = await world.http.get(path, headers=world.provider(referral["providerId"]))
    assert "2027-03-31" not in answer.text
