"""Demand against supply: who may see it, the list of shortages, and that the figures are those of a count."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.insight.answers.periods import period_of
from app.insight.answers.questions import Question, Scope
from app.insight.history.service import bring_up_to_date
from app.insight.supply.repository import gather
from app.kit.security.callers import Role
from app.reference.lists import reference
from tests.conftest import SavepointDatabase, SettableClock
from tests.dossiers.referrals.scene import brought_to, decide, refer
from tests.insight.asked import Json, ask, bring_supply, by_code, figures_of, periods_of
from tests.insight.children import Child, add_children
from tests.insight.histories import INSTITUTIONS, LAST, History, Teller, all_searches, end_of
from tests.insight.scene import bring
from tests.insight.supply_history.oracle import Offer, day_of, days_figures
from tests.insight.supply_history.story import OCTOBER, STEPS, UNHURRIED, Story, forgotten
from tests.world import HOME, World, codes, problem

PATH = "/v1/insight/supply"
NOVEMBER = {"firstMonth": "2026-11"}
NOTHING = {
    "waiting": 0,
    "wishes": 0,
    "placesOpen": None,
    "shortage": 0,
    "freeInSupraregion": None,
    "started": 0,
    "ended": 0,
}


async def bring_both(world: World) -> None:
    await bring(world)
    await bring_supply(world)


async def test_who_may_see_it(world: World) -> None:
    problem(await world.http.get(PATH), 401, "unauthenticated")
    for role in (Role.REFERRER, Role.ADMIN):
        problem(await world.http.get(PATH, headers=world.as_(role)), 403, "forbidden")
    problem(await world.http.get(PATH, params={"region": "JZ06"}, headers=world.region()), 403, "forbidden")
    wrong = await world.http.get(PATH, params={"by": "provider"}, headers=world.region())
    assert codes(wrong) == {"#/query/by": "not-applicable"}


async def test_the_list_of_shortages(world: World) -> None:
    """Three wait for a place in a family-style home, of which one is free; two for foster care; nobody for a ward."""
    wanting = [("gezinshuis", "pleegzorg-voltijd"), ("gezinshuis",), ("gezinshuis", "gezinshuis")]
    wanting += [("pleegzorg-voltijd",)] * 2
    await add_children(world, [Child(HOME, date(2026, 11, 1), care_types=each) for each in wanting])
    await world.report(await world.add_offer(), placesFree=3, waitingCount=2)
    await world.report(await world.add_offer(careType="jeugdzorgplus"), placesFree=4)
    near = await world.add_provider()
    await world.add_location(near, postcode="1811AB")  # Alkmaar, in the same supraregion
    await world.report(await world.add_offer(near, locationKey="here"), placesFree=5)
    far = await world.add_provider()
    await world.add_location(far, postcode="9711AB")  # Groningen
    await world.report(await world.add_offer(far, locationKey="here"), placesFree=9)
    await bring_both(world)
    answer = await ask(world, "supply", world.region(), **NOVEMBER)
    shown = [
        (row["code"], row["waiting"], row["wishes"], row["placesOpen"], row["shortage"], row["freeInSupraregion"])
        for row in answer["items"]
    ]
    assert shown == [
        ("gezinshuis", 3, 3, 1, 2, 5),
        ("pleegzorg-voltijd", 2, 3, None, 2, None),
        ("jeugdzorgplus", 0, 0, 4, 0, None),
    ]
    [total] = answer["totals"]
    assert (total["waiting"], total["wishes"], total["placesOpen"], total["shortage"]) == (5, 6, 5, 0)
    assert total["freeInSupraregion"] == 5
    one = await ask(world, "supply", world.region(), by="region", careType="gezinshuis", **NOVEMBER)
    [row] = one["items"]
    assert (row["waiting"], row["wishes"], row["placesOpen"], row["shortage"]) == (3, 3, 1, 2)
    wants = world.region() | {"Accept": "text/csv", "Accept-Language": "en"}
    table = await world.http.get(PATH, params=NOVEMBER, headers=wants)
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [row["shortage of places"] for row in rows] == ["0", "2", "2", "0"]


async def test_each_sees_its_own(world: World, clock: SettableClock) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesFree=3)
    stays = [await brought_to(world, await refer(world, offer), "accepted") for _ in range(2)]
    stays.append(await brought_to(world, await refer(world, offer, standsFor="bridging"), "accepted"))
    clock.now += timedelta(days=3)
    for referral in stays:
        await world.ok(decide(world, referral, "start", date="2026-11-24"))
    await world.ok(decide(world, stays[0], "end", date="2026-11-25"))
    await add_children(world, [Child("GM0363", date(2026, 11, 1))])
    await bring_both(world)
    assert offer["careType"] == "gezinshuis"
    flows = {"started": 2, "ended": 1}
    region = await ask(world, "supply", world.region(), **NOVEMBER)
    assert [figures_of(row) for row in region["items"]] == [
        NOTHING | flows | {"placesOpen": 1, "waiting": 1, "wishes": 1}
    ], "what bridges the wait is no help; who it is bridged for waits"
    own = await ask(world, "supply", world.provider(offer["providerId"]), **NOVEMBER)
    unknown = dict.fromkeys(("waiting", "wishes", "shortage", "started", "ended"))
    assert [figures_of(row) for row in own["items"]] == [NOTHING | unknown | {"placesOpen": 1}], "so few are not told"
    other = world.as_(Role.GI, organisation_id=UUID(int=77))
    [institution] = (await ask(world, "supply", other, **NOVEMBER))["totals"]
    assert figures_of(institution) == NOTHING | {"placesOpen": 1}, "all supply, and its own children"


Code = Callable[[str, str], str]


def expected(
    story: Story, histories: list[History], first: date, last: date, known: date, code: Code
) -> dict[str, Json]:
    """The figures of a period by code, without what is free in the regions around."""
    found: dict[str, Json] = defaultdict(lambda: dict(NOTHING))
    for name, region, care_type in [*waiting(histories, last, known), *flows(histories, first, last, known)]:
        found[code(region, care_type)][name] += 1
    for (region, care_type), figures in supplied(story, last, known).items():
        row = found[code(region, care_type)]
        row["placesOpen"] = (row["placesOpen"] or 0) + figures["places_open"]
    for row in found.values():
        row["shortage"] = max(0, row["waiting"] - (row["placesOpen"] or 0))
    return found


def region_of(town: str) -> str:
    return reference().municipalities[town].region


def waiting(histories: list[History], last: date, known: date) -> Iterator[tuple[str, str, str]]:
    """Who waits, and what each of them asks for: the figure, the region, the care type."""
    for search in all_searches(histories, known):
        child = search.state.child
        if search.waits_on(last):
            yield "waiting", region_of(child.municipality), child.care_types[0]
            yield from (("wishes", region_of(child.municipality), each) for each in set(child.care_types))


def flows(histories: list[History], first: date, last: date, known: date) -> Iterator[tuple[str, str, str]]:
    """Whose help began, and whose ended."""
    for history in histories:
        state = history.known_at(end_of(known))
        for stay in state.stays if state else ():
            for name, day in (("started", stay.started_on), ("ended", stay.ended_on)):
                is_help = stay.stands_for != "bridging" and not stay.released
                if is_help and day is not None and first <= day <= last:
                    yield name, region_of(stay.town), "gezinshuis"


def supplied(story: Story, last: date, known: date) -> dict[tuple[Any, ...], Json]:
    offers: list[Offer] = story.offers if last >= day_of(story.first) else []
    return days_figures(offers, last, known)


def free_around(story: Story, region: str, last: date, known: date) -> float | None:
    """What is free in the other regions of the supraregions of a region; None where nothing is given there."""
    together = {
        code
        for each in reference().supraregions.values()
        if region in each.regions
        for code in each.regions
        if code != region
    }
    found = [figures["places_open"] for (code, _), figures in supplied(story, last, known).items() if code in together]
    return sum(found) if found else None


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
        codes_by: dict[str, Code] = {"region": lambda region, _: region, "care-type": lambda _, care_type: care_type}
        for institution in INSTITUTIONS:
            own = [each for each in histories if each.versions[-1][1].child.organisation_id == institution]
            headers = world.as_(Role.GI, organisation_id=institution)
            for by, known in (("care-type", "then"), ("care-type", "now"), ("region", "now"), ("region", "then")):
                query = {"by": by, "known": known, "firstMonth": "2026-08"}
                answer = await ask(world, "supply", headers, **query)
                shown = by_code(answer)
                order = [(row["period"], -(row["shortage"] or 0), row["code"]) for row in answer["items"]]
                assert order == sorted(order)
                for total, first, last in periods_of(answer):
                    at = last if known == "then" else today
                    counted = expected(story, own, first, last, at, codes_by[by])
                    rows = {code: row for (period, code), row in shown.items() if period == total["period"]}
                    for code, row in rows.items():
                        around = free_around(story, code, last, at) if by == "region" else None
                        assert row == counted.get(code, NOTHING) | {"freeInSupraregion": around}
                    assert counted.keys() <= rows.keys()
                    together = expected(story, own, first, last, at, lambda *_: "").get("", NOTHING)
                    assert figures_of(total) == together


async def test_figures_of_several_dimensions_together_add_up_to_those_of_each(world: World) -> None:
    wanting = [("gezinshuis", "pleegzorg-voltijd"), ("pleegzorg-voltijd", "gezinshuis")]
    towns = (HOME, "GM0361")
    await add_children(world, [Child(each, date(2026, 11, 1), care_types=wish) for each in towns for wish in wanting])
    await world.report(await world.add_offer(), placesFree=3)
    await bring_both(world)
    period = period_of(date(2026, 11, 1), "month")
    question = Question([period], "care-type", "now", date(2026, 11, 22), Scope())
    found: dict[str, Counter[str]] = defaultdict(Counter)
    async with world.parts.database.read() as session:
        for cell in await gather(session, replace(question, together=("region", "care-type"))):
            found[cell.code].update({name: int(number) for name, number in cell.counts.items()})
        by_region = await gather(session, replace(question, together=("region",)))
    assert found == {
        "JZ03|gezinshuis": {"waiting": 1, "wishes": 2, "placesOpen": 3},
        "JZ03|pleegzorg-voltijd": {"waiting": 1, "wishes": 2},
        "JZ06|gezinshuis": {"waiting": 1, "wishes": 2},
        "JZ06|pleegzorg-voltijd": {"waiting": 1, "wishes": 2},
    }
    wishes = [(cell.code, cell.counts["wishes"]) for cell in by_region if "wishes" in cell.counts]
    assert sorted(wishes) == [("JZ03", 2), ("JZ03", 2), ("JZ06", 2), ("JZ06", 2)]


async def test_few_statements_gather_all(world: World, statements: list[str]) -> None:
    await add_children(world, [Child(HOME, date(2026, 11, 1))] * 3)
    await world.report(await world.add_offer())
    await bring_both(world)
    statements.clear()
    await ask(world, "supply", world.region())
    assert len([each for each in statements if "insight_supply_days" in each]) == 2
    assert len([each for each in statements if "insight_needs" in each]) == 2
    assert len([each for each in statements if "insight_referrals" in each]) == 1
    assert len(statements) <= 16
