"""What may be told of small counts is settled when a day is over: as it would be decided, and not in a request."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.insight.answers import small_counts
from app.insight.settling.service import GATHERED, settle
from app.kit.security.callers import Role
from tests.conftest import NOW, SettableClock
from tests.insight.children import Child, add_children
from tests.insight.histories import CARE_TYPES, TOWNS, end_of, seeded
from tests.insight.scene import bring, figures
from tests.world import World

YESTERDAY = NOW.date() - timedelta(days=1)
_ABOUT = {"sourceAt", "completeness"}


async def _add(world: World) -> None:
    """Children of some towns, so few of one of them that it is not told; in time, late, helped and waiting."""
    rng = seeded(3)
    await add_children(
        world,
        [
            Child(
                rng.choice((*TOWNS, TOWNS[0], TOWNS[3])),
                since := date(2026, 6, 1) + timedelta(days=rng.randint(0, 170)),
                care_types=(rng.choice(CARE_TYPES),),
                help_on=rng.choice((None, since + timedelta(days=40))),
            )
            for _ in range(90)
        ],
    )
    await bring(world)


async def _settle(world: World) -> None:
    async with world.parts.database.write() as session:
        await settle(session, NOW)


async def _ask(world: World, name: str, **query: str) -> dict[str, Any]:
    asked = world.http.get(f"/v1/insight/{name}", params=query, headers=world.as_(Role.INSPECTORATE))
    return {key: value for key, value in (await world.ok(asked)).items() if key not in _ABOUT}


@pytest.mark.parametrize("known", ["then", "now"])
async def test_what_is_settled_is_what_would_be_decided(
    world: World, clock: SettableClock, monkeypatch: pytest.MonkeyPatch, known: str
) -> None:
    await _add(world)
    clock.now = end_of(YESTERDAY)
    asked = [(resource.name, {"known": known, "by": by}) for resource, _ in GATHERED for by in ("region", "care-type")]
    asked = [each for each in asked if each != ("waiting-children", {"known": known, "by": "care-type"})]
    decided = [await _ask(world, name, **query) for name, query in asked]
    clock.now = NOW
    await _settle(world)

    async def refuse(*_: object) -> None:
        raise AssertionError("a request decides")

    monkeypatch.setattr(small_counts, "decide", refuse)
    assert [await _ask(world, name, **query) for name, query in asked] == decided
    hidden = [each["smallCounts"]["hidden"] for each in decided if each["smallCounts"]]
    assert len(hidden) == len(decided)
    assert any(hidden)


async def test_what_is_recorded_today_is_told_when_the_day_is_over(world: World, clock: SettableClock) -> None:
    clock.now = end_of(YESTERDAY)
    await _add(world)
    clock.now = NOW
    await _settle(world)
    before = await _ask(world, "waiting-children", by="municipality")
    assert before["totals"][0]["period"] == YESTERDAY.isoformat()
    own = (await figures(world, "waiting-children"))["totals"][0]["waiting"]
    clock.now = NOW + timedelta(hours=1)
    await add_children(world, [Child(TOWNS[0], NOW.date(), known_at=clock.now) for _ in range(7)])
    assert (await figures(world, "waiting-children"))["totals"][0]["waiting"] == own + 7, "the region sees it at once"
    await _settle(world)
    assert await _ask(world, "waiting-children", by="municipality") == before
    clock.now = NOW + timedelta(days=1)
    async with world.parts.database.write() as session:
        await settle(session, clock.now)
    after = await _ask(world, "waiting-children", by="municipality")
    assert after["totals"][0]["period"] == NOW.date().isoformat()
    assert after["totals"][0]["waiting"] > before["totals"][0]["waiting"]


async def test_what_was_not_settled_is_decided_as_of_the_same_day(world: World) -> None:
    await _add(world)
    await _settle(world)
    await add_children(world, [Child(TOWNS[0], date(2026, 9, 1), known_on=NOW.date()) for _ in range(7)])
    await bring(world)
    answer = await _ask(world, "waiting-children", asOf="2026-09-10")
    own = await figures(world, "waiting-children", asOf="2026-09-10", known="then")
    assert answer["totals"][0]["period"] == "2026-09-10"
    assert answer["items"], "there is something of that day"
    shown = next(each for each in answer["items"] if each["code"] == "JZ03")
    assert shown["waiting"] in {None, own["totals"][0]["waiting"]}
