"""Waits as providers report them and as they turned out, never mixed: both are those of a count."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.insight.history.service import bring_up_to_date
from app.kit.security.callers import Role
from app.reference.lists import reference
from tests.conftest import SavepointDatabase, SettableClock
from tests.dossiers.referrals.scene import brought_to, decide, refer
from tests.insight.asked import Json, ask, bring_supply, by_code, figures_of, periods_of
from tests.insight.histories import INSTITUTIONS, LAST, History, Stay, Teller, end_of
from tests.insight.scene import bring
from tests.insight.supply_history.oracle import day_of, months_figures
from tests.insight.supply_history.story import OCTOBER, STEPS, UNHURRIED, Story, forgotten
from tests.world import World, codes, problem

PATH = "/v1/insight/waiting-times"
NOVEMBER = {"firstMonth": "2026-11"}


async def test_who_may_see_it(world: World) -> None:
    problem(await world.http.get(PATH), 401, "unauthenticated")
    for role in (Role.REFERRER, Role.ADMIN):
        problem(await world.http.get(PATH, headers=world.as_(role)), 403, "forbidden")
    other = {"provider": str(UUID(int=9)), "by": "provider"}
    problem(await world.http.get(PATH, params=other, headers=world.as_(Role.PROVIDER)), 403, "forbidden")
    wrong = await world.http.get(PATH, params={"by": "kind"}, headers=world.region())
    assert codes(wrong) == {"#/query/by": "not-applicable"}


async def test_what_is_reported_and_what_came_of_it(world: World, clock: SettableClock) -> None:
    offer, other = await world.contracted_offer(), await world.contracted_offer()
    await world.report(offer, placesFree=3, waitDaysIntake=10, waitDaysTreatment=20)
    await world.report(other, waitDaysTreatment=7)
    await world.report(await world.contracted_offer())
    referral = await brought_to(world, await refer(world, offer), "accepted")
    bridging = await brought_to(world, await refer(world, offer, standsFor="bridging"), "accepted")
    clock.now += timedelta(days=5)
    for each in (referral, bridging):
        await world.ok(decide(world, each, "start", date="2026-11-26"))
    await bring(world)
    await bring_supply(world)
    answer = await ask(world, "waiting-times", world.region(), **NOVEMBER)
    [total] = answer["totals"]
    assert figures_of(total) == {
        "offersReporting": 2,
        "reportedWaitMedian": 18.5,
        "reportedWaitP90": 30,
        "started": 1,
        "realisedWaitMedian": 4,
        "realisedWaitP90": 4,
    }
    assert answer["sourceAt"] == "2026-11-27T10:00:00Z"
    assert len(answer["completeness"]) == 2, "it rests on what providers report and on what institutions keep"
    own = await ask(world, "waiting-times", world.provider(other["providerId"]), **NOVEMBER)
    assert [(row["offersReporting"], row["reportedWaitMedian"], row["started"]) for row in own["totals"]] == [(1, 7, 0)]
    elsewhere = world.as_(Role.GI, organisation_id=UUID(int=77))
    [institution] = (await ask(world, "waiting-times", elsewhere, **NOVEMBER))["totals"]
    assert (institution["offersReporting"], institution["started"]) == (2, 0), "all supply, and its own children"


def started(histories: list[History], first: date, last: date, known: date) -> Iterator[Stay]:
    """The stays whose help began in a period, as was known at the end of a day."""
    for history in histories:
        state = history.known_at(end_of(known))
        for stay in state.stays if state else ():
            began = stay.started_on
            if stay.stands_for != "bridging" and not stay.released and began and first <= began <= last:
                yield stay


def middle(name: str, days: list[int]) -> Json:
    """The median and the ninetieth percentile."""
    if not days:
        return {f"{name}Median": None, f"{name}P90": None}
    ordered = sorted(days)
    at = next(number for number in range(len(ordered)) if 10 * (number + 1) >= 9 * len(ordered))
    return {f"{name}Median": median(ordered), f"{name}P90": ordered[at]}


def figures(reported: list[int], realised: list[int]) -> Json:
    return {
        "offersReporting": len(reported),
        **middle("reportedWait", reported),
        "started": len(realised),
        **middle("realisedWait", realised),
    }


@given(steps=STEPS, seed=st.integers(0, 10**6))
@settings(UNHURRIED, max_examples=6)
async def test_the_figures_are_those_of_a_count(
    world: World, database: SavepointDatabase, clock: SettableClock, steps: list[Any], seed: int
) -> None:
    async with forgotten(database) as session:
        story = Story(session, OCTOBER)
        await story.tell(steps)
        rng = Random(seed)  # noqa: S311 - no secret
        teller = Teller(session, [each.id for each in story.offers], rng)
        histories = [await teller.tell() for _ in range(40)]
        story.now = max(story.now, end_of(LAST))
        await story.bring()
        await bring_up_to_date(session, story.now)
        clock.now, today = story.now, day_of(story.now)
        provider_of = {each.id: str(each.provider) for each in story.offers}
        regions = {each.code: each.region for each in reference().municipalities.values()}
        for institution in INSTITUTIONS:
            own = [each for each in histories if each.versions[-1][1].child.organisation_id == institution]
            headers = world.as_(Role.GI, organisation_id=institution)
            for by, known in (("provider", "then"), ("provider", "now"), ("region", "now"), ("care-type", "then")):
                query = {"by": by, "known": known, "firstMonth": "2026-08"}
                answer = await ask(world, "waiting-times", headers, **query)
                shown = by_code(answer)
                for total, first, last in periods_of(answer):
                    at = last if known == "then" else today
                    reported, realised = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
                    if last >= day_of(story.first):
                        for (provider, region, care_type), kept in months_figures(story.offers, last, at).items():
                            code = {"provider": str(provider), "region": region, "care-type": care_type}[by]
                            reported[code] += kept["waits"]
                    for stay in started(own, first, last, at):
                        code = {"provider": provider_of[stay.offer], "region": regions[stay.town]}.get(by, "gezinshuis")
                        realised[code].append(((stay.started_on or date.max) - stay.sent_on).days)
                    found = {code for code in {*reported, *realised} if reported[code] or realised[code]}
                    assert {code for period, code in shown if period == total["period"]} == found
                    for code in found:
                        assert shown[total["period"], code] == figures(reported[code], realised[code])
                    assert figures_of(total) == figures([*chain(*reported.values())], [*chain(*realised.values())])


async def test_two_statements_gather_all(world: World, statements: list[str]) -> None:
    await world.report(await world.add_offer(), waitDaysIntake=3)
    await bring(world)
    await bring_supply(world)
    statements.clear()
    await ask(world, "waiting-times", world.region(), by="provider")
    assert len([each for each in statements if "insight_supply_months" in each or "insight_referrals" in each]) == 2
    assert len(statements) <= 14
