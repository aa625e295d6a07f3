"""How fresh figures are: the shares are those of a count, and what counts as fresh to the day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from app.kit.security.callers import Role
from tests.conftest import SavepointDatabase, SettableClock
from tests.insight.asked import ask, bring_supply, by_code, figures_of, periods_of
from tests.insight.supply_history.oracle import day_of, days_figures, months_figures
from tests.insight.supply_history.story import STARTS, STEPS, UNHURRIED, Story, forgotten
from tests.world import World, codes, problem

PATH = "/v1/insight/freshness"
BANDS = ("fresh", "ageing", "stale", "missing")
OF_INSTITUTIONS = dict.fromkeys(("monthsDue", "monthsDelivered", "monthsMissing", "deliveredShare"))
"""Of which there is nothing where the figures are of offers."""


async def test_who_may_see_it(world: World) -> None:
    problem(await world.http.get(PATH), 401, "unauthenticated")
    problem(await world.http.get(PATH, headers=world.as_(Role.REFERRER)), 403, "forbidden")
    problem(await world.http.get(PATH, params={"region": "JZ06"}, headers=world.region()), 403, "forbidden")
    wrong = await world.http.get(PATH, params={"by": "municipality"}, headers=world.region())
    assert codes(wrong) == {"#/query/by": "not-applicable"}


async def test_a_provider_sees_its_own(world: World) -> None:
    mine, _ = await world.add_offer(), await world.add_offer()
    await world.report(mine)
    await bring_supply(world)
    answer = await ask(world, "freshness", world.provider(mine["providerId"]), firstMonth="2026-11")
    assert [(row["offers"], row["freshShare"], row["missingShare"]) for row in answer["totals"]] == [(1, 1, 0)]
    assert answer["smallCounts"] is None or answer["smallCounts"]["hidden"] == 0


@pytest.mark.parametrize(
    ("days", "band"), [(0, "fresh"), (7, "fresh"), (8, "ageing"), (30, "ageing"), (31, "stale"), (300, "stale")]
)
async def test_what_is_fresh(world: World, clock: SettableClock, days: int, band: str) -> None:
    """Counted in Dutch days: what was observed in the last minute of a day is a day old a minute later."""
    clock.now = datetime(2026, 10, 31, 22, 59, tzinfo=UTC)
    await world.report(await world.add_offer())
    clock.now = datetime(2026, 10, 31, 23, 1, tzinfo=UTC) + timedelta(days=max(0, days - 1))
    if days == 0:
        clock.now -= timedelta(minutes=2)
    await bring_supply(world)
    month = f"{day_of(clock.now):%Y-%m}"
    [total] = (await ask(world, "freshness", world.region(), firstMonth=month))["totals"]
    assert {name: total[name] for name in BANDS} == {name: int(name == band) for name in BANDS}


async def test_a_confirmation_makes_figures_fresh(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    clock.now += timedelta(days=9)
    headers = world.provider(offer["providerId"])
    for band in ("ageing", "fresh"):
        await bring_supply(world)
        [total] = (await ask(world, "freshness", world.region(), firstMonth="2026-12"))["totals"]
        assert (total["offers"], total[band], total[f"{band}Share"]) == (1, 1, 1)
        await world.ok(world.http.post(f"/v1/offers/{offer['id']}/capacity/confirmations", headers=headers))


@given(start=STARTS, steps=STEPS)
@settings(UNHURRIED, max_examples=5)
async def test_the_figures_are_those_of_a_count(
    world: World, database: SavepointDatabase, clock: SettableClock, start: datetime, steps: list[Any]
) -> None:
    async with forgotten(database) as session:
        story = Story(session, start)
        await story.tell(steps)
        clock.now, today = story.now, day_of(story.now)
        for known in ("then", "now"):
            query = {"by": "provider", "known": known, "firstMonth": f"{start:%Y-%m}"}
            answer = await ask(world, "freshness", world.as_(Role.NATIONAL), **query)
            items = by_code(answer)
            for total, _, last in periods_of(answer):
                at = last if known == "then" else today
                counted = list(days_figures(story.offers, last, at).values())
                assert figures_of(total) == shares(counted)
                for provider in story.providers:
                    own = [each for key, each in months_figures(story.offers, last, at).items() if key[0] == provider]
                    assert items.get((total["period"], str(provider))) == (shares(own) if own else None)


def shares(counted: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures that these come to."""
    counts = {name: sum(each[name] for each in counted) for name in ("offers", *BANDS)}
    offers = counts["offers"]
    parts = {f"{name}Share": round(counts[name] / offers, 4) if offers else None for name in BANDS}
    return counts | parts | OF_INSTITUTIONS
