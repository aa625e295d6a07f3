"""The figures of referrals over HTTP: what comes of them, whether answers are in time, and which way children go."""

from datetime import UTC, datetime
from typing import Any

from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import OUTSIDE, brought_to, decide, post_referral, refer
from tests.dossiers.referrals.test_corrections import correct
from tests.insight.scene import figures
from tests.world import World, codes

Json = dict[str, Any]
UTRECHT = {"postcode": "3511AA"}
ALKMAAR = {"municipality": "GM0361"}


def _at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, 0, tzinfo=UTC)


async def _offer(world: World, **location: Any) -> Json:
    """An offer at a location, contracted by three regions."""
    provider_id = await world.add_provider()
    await world.add_location(provider_id, **location)
    offer = await world.add_offer(provider_id, locationKey="here")
    await world.add_contract(provider_id, regions=["JZ03", "JZ06", "JZ22"])
    return offer


async def test_which_way_children_go(world: World, clock: SettableClock) -> None:
    clock.now = _at(10, 20)
    here, there = await _offer(world), await _offer(world, **UTRECHT)
    for offer in (here, here, there):
        await refer(world, offer)
    await world.ok(post_referral(world, await world.add_request(), OUTSIDE))
    for _ in range(2):
        await refer(world, here, await world.add_request(child=ALKMAAR))

    month: Json = {"firstMonth": "2026-10", "lastMonth": "2026-10"}
    [own] = (await figures(world, "referrals", **month))["totals"]
    assert [own[f"sent{each}"] for each in ("", "OwnRegion", "OtherRegion", "PlaceUnknown")] == [4, 2, 1, 1]
    assert own["sentOutsideProvince"] == 1
    going = await figures(world, "referrals", **month, by="to-region")
    assert [(row["code"], row["name"], row["sent"]) for row in going["items"]] == [
        ("JZ03", "Kop van Noord-Holland", 2),
        ("JZ22", "Utrecht Stad", 1),
        ("none", "plaats niet bekend", 1),
    ]
    by_provider = await figures(world, "referrals", **month, by="provider")
    assert ("outside", "hulp buiten de contracten", 1) in [
        (row["code"], row["name"], row["sent"]) for row in by_provider["items"]
    ]

    coming = await figures(world, "referrals", world.gi, **month, by="from-region", region="JZ03")
    assert [(row["code"], row["sent"]) for row in coming["items"]] == [("JZ03", 2), ("JZ06", 2)]
    assert (coming["overlapping"], coming["smallCounts"]) == (True, None)
    others = await figures(world, "referrals", world.region("JZ03"), **month, by="from-region")
    assert others["smallCounts"] is not None, "few children of another region are not this one's to see"
    assert {row["sent"] for row in (*others["items"], *others["totals"])} == {None}
    asked = {**month, "by": "from-region", "region": "JZ03"}
    refused = await world.http.get("/v1/insight/referrals", params=asked, headers=world.as_(Role.INSPECTORATE))
    assert codes(refused) == {"#/query/by": "overlapping"}


async def test_whether_answers_are_in_time(world: World, clock: SettableClock) -> None:
    """Of a referral of Tuesday 20 October five working days are over after the 27th, of a crisis a day after it."""
    offer = await _offer(world)
    clock.now = _at(10, 20)
    referrals = [await refer(world, offer) for _ in range(3)]
    crises = [await refer(world, offer, summary={"urgency": "crisis"}) for _ in range(3)]
    clock.now = _at(10, 21, 8)
    await world.ok(decide(world, crises[0], "accept"))
    clock.now = _at(10, 21, 9)
    await world.ok(decide(world, crises[1], "decline"))
    clock.now = _at(10, 27, 22)
    await world.ok(decide(world, referrals[0], "waitlist"))
    clock.now = _at(10, 27, 23)
    await world.ok(decide(world, referrals[1], "accept"))
    clock.now = _at(11, 2)
    month: Json = {"firstMonth": "2026-10", "lastMonth": "2026-10"}
    [october] = (await figures(world, "referrals", **month))["totals"]
    names = ("sent", "sentCrisis", "answered", "answeredInTime", "answeredLate", "answeredInTimeShare")
    assert [october[name] for name in names] == [6, 3, 4, 2, 2, 0.5]
    assert [october[name] for name in ("accepted", "declined", "open", "openCrisis", "openOverdue")] == [2, 1, 5, 2, 2]


async def test_a_start_that_is_dated_back_was_not_known_then(world: World, clock: SettableClock) -> None:
    clock.now = _at(10, 20)
    request, offer = await world.add_request(), await _offer(world, **UTRECHT)
    rival = await refer(world, await _offer(world), request)
    referral = await brought_to(world, await refer(world, offer, request), "accepted")
    clock.now = _at(11, 5)
    await world.ok(decide(world, referral, "start", date="2026-11-05"))
    clock.now = _at(11, 12)
    await world.ok(correct(world, referral, "start", "2026-10-30"))
    names = ("started", "startedOtherRegion", "startedOutsideProvince", "withdrawn", "open")
    then = (await figures(world, "referrals", firstMonth="2026-10", known="then"))["totals"]
    assert [[row[name] for name in names] for row in then] == [[0, 0, 0, 0, 2], [0, 0, 0, 1, 0]]
    now = (await figures(world, "referrals", firstMonth="2026-10", known="now"))["totals"]
    assert [[row[name] for name in names] for row in now] == [[1, 1, 1, 0, 1], [0, 0, 0, 1, 0]]
    clock.now = _at(11, 14)
    await world.ok(correct(world, referral, "start"))
    now = (await figures(world, "referrals", firstMonth="2026-10", known="now"))["totals"]
    assert [[row[name] for name in names] for row in now] == [[0, 0, 0, 0, 2], [0, 0, 0, 0, 2]], "the rival came back"
    assert rival["status"] == "sent"
