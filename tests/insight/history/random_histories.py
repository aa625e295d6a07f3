"""Random histories side by side in one database, told once and looked at from every side.

The suite does some hundreds of them, `scripts/drill histories` as many thousands as are asked for.
"""

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.dates import add_months
from app.insight.history.service import bring_up_to_date, rebuild
from app.insight.history.tables import KnownReferralRow, NeedRow
from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.insight.histories import (
    FIRST,
    INSTITUTIONS,
    LAST,
    TOWNS,
    History,
    Search,
    Teller,
    all_searches,
    end_of,
    seeded,
)
from tests.insight.scene import figures
from tests.world import World

_REGION = {"GM0400": "JZ03", "GM0441": "JZ03", "GM1911": "JZ03", "GM0361": "JZ06", "GM0405": "JZ05"}


async def _tell(world: World, rng: Random, count: int) -> list[History]:
    """Random histories, with the job having run now and then, and not on every day."""
    offers = [UUID((await world.add_offer())["id"]) for _ in range(3)]
    async with world.parts.database.write() as session:
        histories = [await Teller(session, offers, rng).tell() for _ in range(count)]
        day = FIRST
        while day <= LAST:
            await bring_up_to_date(session, end_of(day) - timedelta(hours=rng.randint(0, 23)))
            day += timedelta(days=rng.choice((1, 1, 9, 60)))
        await bring_up_to_date(session, end_of(LAST))
    return histories


async def check(world: World, clock: SettableClock, seed: int, count: int) -> None:
    """Tells so many histories, and compares what insight says of them with what plain Python makes of the same."""
    rng = seeded(seed)
    histories = await _tell(world, rng, count)
    clock.now = end_of(LAST)
    await _check_waiting_children(world, histories, rng)
    await _check_norms_and_choices(world, histories)
    await _check_institutions(world, histories)
    await _check_made_anew(world)


async def _check_waiting_children(world: World, histories: list[History], rng: Random) -> None:
    """Of any day, as known then or now, by town."""
    for _ in range(8):
        day, known = FIRST + timedelta(days=rng.randint(0, (LAST - FIRST).days)), rng.choice(("then", "now"))
        found = all_searches(histories, day if known == "then" else LAST)
        waiting = [each for each in found if each.waits_on(day)]
        for region in ("JZ03", "JZ06"):
            answer = await figures(
                world, "waiting-children", world.region(region), asOf=day.isoformat(), known=known, by="municipality"
            )
            for town in (town for town in TOWNS if _REGION[town] == region):
                own = [each for each in waiting if each.state.child.municipality == town]
                shown: dict[str, Any] = next((each for each in answer["items"] if each["code"] == town), Counter())
                assert shown["waiting"] == len(own)
                assert shown["withNorm"] == sum(each.due_on is not None for each in own)
                assert shown["overNorm"] == sum(each.due_on is not None and each.due_on < day for each in own)
                assert shown["bridged"] == sum(each.is_bridged_on(day) for each in own)


async def _check_norms_and_choices(world: World, histories: list[History]) -> None:
    """Of each month, as known then and now."""
    for known in ("then", "now"):
        norms = await figures(world, "norms", firstMonth="2026-06", known=known)
        choices = await figures(world, "choices", firstMonth="2026-06", known=known)
        assert [each["period"] for each in norms["totals"]] == [f"2026-{month:02}" for month in range(6, 12)]
        for norm, choice in zip(norms["totals"], choices["totals"], strict=True):
            first, last = date.fromisoformat(norm["firstDay"]), date.fromisoformat(norm["lastDay"])
            assert last == min(add_months(first, 1) - timedelta(days=1), LAST)
            found = [
                each
                for each in all_searches(histories, last if known == "then" else LAST)
                if _REGION[each.state.child.municipality] == "JZ03"
            ]
            _check_norm(norm, found, first, last)
            _check_choice(choice, found, first, last)


def _check_norm(shown: dict[str, Any], found: list[Search], first: date, last: date) -> None:
    due = [each for each in found if each.due_on is not None and first <= each.due_on <= last]
    due = [each for each in due if each.since <= last]
    ended = [
        each
        for each in due
        if each.closed_on is None
        or each.closed_on > (each.due_on or last)
        or (each.help_on is not None and each.help_on <= (each.due_on or last))
    ]
    in_time = [each for each in ended if each.help_on is not None and each.help_on <= (each.due_on or last)]
    assert (shown["helpDue"], shown["helpInTime"]) == (len(ended), len(in_time))
    assert shown["helpLate"] == len(ended) - len(in_time)
    assert shown["waitingOverNorm"] == sum(
        each.waits_on(last) and each.due_on is not None and each.due_on < last for each in found
    )


def _check_choice(shown: dict[str, Any], found: list[Search], first: date, last: date) -> None:
    helped = Counter(each.help_as for each in found if each.help_on is not None and first <= each.help_on <= last)
    names = {"1": "firstChoice", "2": "secondChoice", "3": "thirdChoice", "alternative": "alternative", "said": "said"}
    assert {name: shown[name] for name in names.values()} == {name: helped[code] for code, name in names.items()}
    assert shown["helped"] == helped.total()
    waiting = [each for each in found if each.waits_on(last)]
    bridged = sum(each.is_bridged_on(last) for each in waiting)
    assert (shown["bridgingOnly"], shown["nothing"]) == (bridged, len(waiting) - bridged)


async def _check_made_anew(world: World) -> None:
    """What is made anew is what was made day by day."""
    async with world.parts.database.write() as session:
        made = [await rows_of(session, table) for table in (NeedRow, KnownReferralRow)]
        await rebuild(session, end_of(LAST))
        assert [await rows_of(session, table) for table in (NeedRow, KnownReferralRow)] == made
    assert all(made)


async def rows_of(session: Any, table: Any) -> list[tuple[Any, ...]]:
    """The rows of a table, in one order."""
    rows = (await session.execute(select(table.__table__))).all()
    return sorted(tuple(map(str, row)) for row in rows)


async def _check_institutions(world: World, histories: list[History]) -> None:
    """An institution sees its own alone."""
    for institution in INSTITUTIONS:
        own = [each for each in histories if each.versions[-1][1].child.organisation_id == institution]
        headers = world.as_(Role.GI, organisation_id=institution)
        shown = await figures(world, "waiting-children", headers)
        assert shown["totals"][0]["waiting"] == sum(each.waits_on(LAST) for each in all_searches(own, LAST))
        assert len(shown["children"]) == shown["totals"][0]["waiting"]
