"""The figures of declines over HTTP: why providers decline, how soon they answer, and what is put right later."""

from datetime import UTC, datetime
from typing import Any

from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import decide, post_referral, refer, referral_body
from tests.dossiers.referrals.test_corrections import correct
from tests.insight.scene import figures
from tests.world import World

Json = dict[str, Any]
CRITERIA = ["weglopen", "brandstichting"]


def _at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, 0, tzinfo=UTC)


async def _answered(world: World, clock: SettableClock, offer: Json, day: int, decision: str, **fields: Any) -> Json:
    """A referral of 20 October, answered on a day of that month."""
    clock.now = _at(10, 20)
    referral = await refer(world, offer)
    clock.now = _at(10, day)
    return await world.ok(decide(world, referral, decision, **fields))


async def test_why_providers_decline_and_how_soon_they_answer(world: World, clock: SettableClock) -> None:
    offer, other = await world.contracted_offer(), await world.contracted_offer(careType="pleegzorg-voltijd")
    await _answered(world, clock, offer, 21, "accept")
    await _answered(world, clock, offer, 22, "decline", reason="contra-indication", criteria=CRITERIA)
    await _answered(world, clock, offer, 23, "decline", reason="contra-indication", criteria=CRITERIA[:1])
    await _answered(world, clock, offer, 30, "decline", reason="no-place")
    waits = await _answered(world, clock, offer, 24, "waitlist", expectedStart="2026-12-01")
    clock.now = _at(10, 20)
    foster = await world.add_request(choices=[{"careType": "pleegzorg-voltijd"}])
    await refer(world, other, foster)
    clock.now = _at(11, 22)
    await world.ok(decide(world, waits, "decline"))

    answer = await figures(world, "declines", firstMonth="2026-10")
    october, november = answer["totals"]
    assert [october[name] for name in ("sent", "answered", "decided", "accepted", "declined")] == [6, 5, 4, 1, 3]
    assert (october["answerDaysMedian"], october["answerDaysP90"], october["acceptedShare"]) == (3, 10, 0.25)
    assert [november[name] for name in ("sent", "answered", "decided", "accepted", "declined")] == [0, 0, 1, 0, 1]
    assert {row["code"]: row["sent"] for row in answer["items"] if row["period"] == "2026-10"} == {
        offer["providerId"]: 5,
        other["providerId"]: 1,
    }

    by_reason = await figures(world, "declines", firstMonth="2026-10", by="reason")
    assert [
        (row["code"], row["name"], row["declined"], row["sent"])
        for row in by_reason["items"]
        if row["period"] == "2026-10"
    ] == [
        ("contra-indication", "Contra-indicatie (met kenmerk)", 2, 2),
        ("no-place", "Geen plek op korte termijn", 1, 2),
        ("none", "niet afgewezen", 0, 2),
    ]
    by_criterion = await figures(world, "declines", firstMonth="2026-10", by="criterion")
    assert by_criterion["overlapping"]
    assert [(row["code"], row["declined"]) for row in by_criterion["items"]] == [("brandstichting", 1), ("weglopen", 2)]
    assert by_criterion["totals"][0]["declined"] == 3
    of_one = await figures(world, "declines", firstMonth="2026-10", by="reason", provider=other["providerId"])
    assert [row["sent"] for row in of_one["totals"]] == [1, 0]


async def test_a_decline_that_is_taken_back_was_known_then_and_is_none_now(world: World, clock: SettableClock) -> None:
    referral = await _answered(world, clock, await world.contracted_offer(), 30, "decline")
    clock.now = _at(11, 3)
    await world.ok(correct(world, referral, "decline"))
    clock.now = _at(11, 4)
    await world.ok(decide(world, referral, "accept"))
    names = ("answered", "answerDaysMedian", "accepted", "declined")
    then = (await figures(world, "declines", firstMonth="2026-10", known="then"))["totals"]
    assert [[row[name] for name in names] for row in then] == [[1, 10, 0, 1], [1, 15, 1, 0]]
    now = (await figures(world, "declines", firstMonth="2026-10", known="now"))["totals"]
    assert [[row[name] for name in names] for row in now] == [[0, None, 0, 0], [1, 15, 1, 0]]
    reasons = await figures(world, "declines", firstMonth="2026-10", by="reason", known="then")
    assert [(row["period"], row["code"]) for row in reasons["items"]] == [("2026-10", "no-place"), ("2026-11", "none")]


async def test_an_acceptance_counts_also_where_the_institution_withdrew(world: World, clock: SettableClock) -> None:
    referral = await _answered(world, clock, await world.contracted_offer(), 21, "accept")
    clock.now = _at(10, 30)
    await world.ok(decide(world, referral, "withdraw"))
    [october] = (await figures(world, "declines", firstMonth="2026-10", lastMonth="2026-10"))["totals"]
    assert (october["accepted"], october["declined"], october["acceptedShare"]) == (1, 0, 1)


async def test_each_of_siblings_counts_for_what_became_of_it(world: World, clock: SettableClock) -> None:
    clock.now = _at(10, 20)
    three = [await world.add_request(siblingGroup="gezin-31") for _ in range(3)]
    referral = await refer(world, await world.contracted_offer(), three[0])
    await world.ok(decide(world, referral, "withdraw", only=[three[2]["id"]]))
    clock.now = _at(10, 25)
    await world.ok(decide(world, referral, "decline"))
    [declines] = (await figures(world, "declines", firstMonth="2026-10", lastMonth="2026-10"))["totals"]
    assert (declines["sent"], declines["answered"], declines["declined"]) == (3, 2, 2), "one was out before the answer"
    [referrals] = (await figures(world, "referrals", firstMonth="2026-10", lastMonth="2026-10"))["totals"]
    assert (referrals["declined"], referrals["withdrawn"]) == (2, 1)


async def test_what_is_done_despite_an_obstacle(world: World, clock: SettableClock) -> None:
    clock.now = _at(10, 20)
    offer = await world.add_offer(exclusionCriteria=["weglopen"])
    because = {"because": "Er is nergens anders plek."}
    despite = [{"reason": "not-contracted", **because}, {"reason": "exclusion-criterion", **because}]
    for decision in ("accept", "decline"):
        request = await world.add_request(characteristics=["weglopen"])
        body = referral_body(offer, despite=despite)
        referral = await world.ok(post_referral(world, request, body))
        await world.ok(decide(world, referral, decision))
    await refer(world, await world.contracted_offer())
    [october] = (await figures(world, "declines", firstMonth="2026-10", lastMonth="2026-10"))["totals"]
    names = ("sent", "despite", "despiteAccepted", "despiteDeclined", "despiteNotContracted")
    assert [october[name] for name in names] == [3, 2, 1, 1, 2]
    assert (october["despiteExclusionCriterion"], october["despiteAge"]) == (2, 0)
    assert october["despiteShare"] == 0.6667
