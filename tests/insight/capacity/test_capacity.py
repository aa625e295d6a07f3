"""Places over time: who may see them, and that they are those of a count of the definition, as known then and now."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook

from app.insight.capacity.definition import AVERAGES, STANDING
from app.kit.media_types import XLSX
from app.kit.security.callers import Role
from tests.conftest import SavepointDatabase, SettableClock
from tests.insight.asked import Json, ask, bring_supply, by_code, figures_of, periods_of
from tests.insight.supply_history.oracle import Offer, all_days, day_of, months_figures
from tests.insight.supply_history.story import STARTS, STEPS, UNHURRIED, Story, forgotten
from tests.insight.targets.scene import add_target, withdraw
from tests.world import World, codes, problem

PATH = "/v1/insight/capacity"
Key = tuple[Any, ...]
CODES: dict[str, Callable[[Key], str]] = {
    "region": lambda key: str(key[1]),
    "care-type": lambda key: str(key[2]),
    "provider": lambda key: str(key[0]),
}
TIME = datetime(2026, 11, 22, 10, tzinfo=UTC)


async def test_who_may_see_it(world: World) -> None:
    problem(await world.http.get(PATH), 401, "unauthenticated")
    for role in (Role.REFERRER, Role.ADMIN):
        problem(await world.http.get(PATH, headers=world.as_(role)), 403, "forbidden")
    of_other = {"region": "JZ06"}
    problem(await world.http.get(PATH, params=of_other, headers=world.region()), 403, "forbidden")
    other = {"provider": str(UUID(int=9)), "by": "provider"}
    problem(await world.http.get(PATH, params=other, headers=world.as_(Role.PROVIDER)), 403, "forbidden")


async def test_what_cannot_be_asked_is_said(world: World) -> None:
    async def wrong(**query: str) -> dict[str, str]:
        return codes(await world.http.get(PATH, params=query, headers=world.region()))

    assert await wrong(lastMonth="2026-12") == {"#/query/lastMonth": "in-future"}
    assert await wrong(firstMonth="2026-11", lastMonth="2026-10") == {"#/query/firstMonth": "order"}
    assert await wrong(by="institution") == {"#/query/by": "not-applicable"}
    assert await wrong(municipality="GM0400") == {"#/query/municipality": "not-applicable"}


async def test_before_anything_is_kept_nothing_is_known(world: World) -> None:
    answer = await ask(world, "capacity", world.region(), firstMonth="2026-10")
    assert [(row["offers"], row["placesTotal"], row["placesTotalAverage"]) for row in answer["totals"]] == [
        (0, None, None),
        (0, None, None),
    ]
    assert (answer["sourceAt"], answer["items"]) == (None, [])


async def test_a_provider_sees_its_own_a_region_its_own_and_an_institution_all(world: World) -> None:
    mine, other = await world.add_offer(), await world.add_offer()
    await world.report(mine, placesTotal=4, placesOccupied=3, placesFree=1)
    await world.report(other, placesTotal=8, placesOccupied=2, placesFree=3)
    far = await world.add_provider()
    await world.add_location(far, postcode="1011AB")
    await world.report(await world.add_offer(far, locationKey="here"), placesTotal=20, placesFree=0)
    await bring_supply(world)

    async def total(headers: dict[str, str]) -> float:
        answer = await ask(world, "capacity", headers, firstMonth="2026-11")
        assert answer["completeness"][0]["known"] <= answer["completeness"][0]["of"]
        return answer["totals"][0]["placesTotal"]  # type: ignore[no-any-return]

    assert await total(world.provider(mine["providerId"])) == 4
    assert await total(world.region()) == 12
    assert await total(world.region("JZ06")) is None
    for role in (Role.GI, Role.NATIONAL, Role.INSPECTORATE):
        assert await total(world.as_(role)) == 32
    answer = await ask(world, "capacity", world.provider(mine["providerId"]), by="provider", firstMonth="2026-11")
    assert [each["code"] for each in answer["items"]] == [mine["providerId"]]
    finer = {"by": "provider", "careType": "gezinshuis", "firstMonth": "2026-11"}
    found = await ask(world, "capacity", world.as_(Role.NATIONAL), **finer)
    assert len(found["items"]) == 3, "places are no children: any two breakdowns go together"


async def test_a_late_report_shows_now_and_not_then(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesTotal=4, placesOccupied=4, placesFree=0)
    await bring_supply(world)
    clock.now = datetime(2026, 12, 3, 9, tzinfo=UTC)
    await bring_supply(world)
    await world.report(offer, placesTotal=6, placesOccupied=4, placesFree=2, observedAt="2026-11-30T12:00:00Z")
    await bring_supply(world)
    for known, places, average in (("then", 4, 4), ("now", 6, round((8 * 4 + 6) / 9, 2))):
        answer = await ask(world, "capacity", world.region(), firstMonth="2026-11", known=known)
        november, december = answer["totals"]
        assert (november["placesTotal"], november["placesTotalAverage"]) == (places, average)
        assert (november["provisional"], december["provisional"]) == (False, True)
        assert (december["placesTotal"], december["placesTotalAverage"]) == (6, 6)


def added(offers: list[Offer], day: date, known: date, columns: dict[str, str], code: Callable[[Key], str]) -> Any:
    """What each figure comes to by code."""
    found: dict[str, Counter[str]] = {}
    for key, figures in months_figures(offers, day, known).items():
        found.setdefault(code(key), Counter()).update({name: figures[column] for name, column in columns.items()})
    return found


def expected(story: Story, by: str, first: date, last: date, known: date) -> dict[str, Json]:
    """The figures of a period by code."""
    code = CODES.get(by, lambda _: "")
    found = {each: dict(values) for each, values in added(story.offers, last, known, STANDING, code).items()}
    days = all_days(max(first, _kept_since(story, known)), last)
    averages = [added(story.offers, day, known, AVERAGES, code) for day in days]
    for each in {each for day in averages for each in day} | found.keys():
        kept = found.setdefault(each, {})
        for name in AVERAGES:
            sums = [day[each][name] for day in averages if each in day]
            kept[name] = None if by == "provider" or not sums else round(sum(sums) / len(days), 2)
    return found


def _kept_since(story: Story, known: date) -> date:
    """The first day on which there was any offer: of a day without one nothing is kept, and no average counts it."""
    days = all_days(day_of(story.first), day_of(story.now))
    return next((day for day in days if months_figures(story.offers, day, known)), day_of(story.now))


def check(row: Json, figures: Json) -> None:
    """A row has these figures; none of what nothing is known of."""
    empty = {name: (0 if name.startswith("offers") else None) for name in STANDING} | {"target": None}
    assert figures_of(row) == empty | dict.fromkeys(AVERAGES) | figures


@given(start=STARTS, steps=STEPS)
@settings(UNHURRIED, max_examples=8)
async def test_the_figures_are_those_of_a_count(
    world: World, database: SavepointDatabase, clock: SettableClock, start: datetime, steps: list[Any]
) -> None:
    async with forgotten(database) as session:
        story = Story(session, start)
        await story.tell(steps)
        clock.now, today = story.now, day_of(story.now)
        for known in ("then", "now"):
            for by in CODES:
                answer = await ask(
                    world, "capacity", world.as_(Role.NATIONAL), by=by, known=known, firstMonth=f"{start:%Y-%m}"
                )
                items = by_code(answer)
                for total, first, last in periods_of(answer):
                    at = last if known == "then" else today
                    own = expected(story, by, first, last, at)
                    shown = {code: row for (period, code), row in items.items() if period == total["period"]}
                    if by == "provider":
                        own = {code: each for code, each in own.items() if "offers" in each}
                    assert shown.keys() == own.keys(), (by, known, total["period"])
                    for code, figures in own.items():
                        check(shown[code], figures)
                    together = expected(story, "", first, last, at).get("", {})
                    check(total, together | (dict.fromkeys(AVERAGES) if by == "provider" else {}))


async def test_a_quarter_is_as_its_last_day(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    for month, free in ((10, 1), (11, 2), (12, 3)):
        clock.now = datetime(2026, month, 15, 9, tzinfo=UTC)
        await world.report(offer, placesTotal=4, placesFree=free)
        await bring_supply(world)
    query = {"unit": "quarter", "firstMonth": "2026-10", "by": "provider"}
    [row] = (await ask(world, "capacity", world.region(), **query))["items"]
    assert (row["period"], row["placesFree"], row["name"][:4]) == ("2026-Q4", 3, "Demo")


async def test_until_the_job_has_come_to_a_day_the_last_that_is_kept_counts(world: World, clock: SettableClock) -> None:
    await world.report(await world.add_offer(), placesTotal=4, placesFree=1)
    await bring_supply(world)
    clock.now += timedelta(days=3)
    [row] = (await ask(world, "capacity", world.region(), firstMonth="2026-11"))["totals"]
    assert (row["placesTotal"], row["placesTotalAverage"]) == (4, 4)
    clock.now += timedelta(days=30)
    rows = (await ask(world, "capacity", world.region(), firstMonth="2026-11"))["totals"]
    assert [row["placesTotal"] for row in rows] == [4, None], "of a month that it has not come to nothing is known"


async def test_what_is_aimed_at_stands_beside_just_those_places(world: World, clock: SettableClock) -> None:
    provider = await world.add_provider()
    for care_type, places in (("gezinshuis", 4), ("logeren", 7)):
        await world.report(await world.add_offer(provider, careType=care_type), placesTotal=places, placesFree=1)
    await bring_supply(world)
    line = [{"on": "2026-11-01", "places": 10}, {"on": "2026-11-30", "places": 39}]
    await add_target(world, careTypes=["gezinshuis"], points=[{"on": "2026-01-01", "places": 99}])
    clock.now += timedelta(minutes=1)
    await add_target(world, careTypes=["gezinshuis"], points=line)
    await add_target(world, careTypes=None, points=[{"on": "2026-01-01", "places": 50}])
    await add_target(world, careTypes=None, providerId=provider, points=[{"on": "2027-01-01", "places": 1}])
    withdrawn = await add_target(world, careTypes=["logeren"], points=line)
    await withdraw(world, withdrawn)

    async def targets(**query: str) -> tuple[Any, dict[str, Any]]:
        found = await ask(world, "capacity", world.region(), firstMonth="2026-11", **query)
        return found["totals"][0]["target"], {row["code"]: row["target"] for row in found["items"]}

    aimed = 10 + (TIME.day - 1)  # one more each day; of two lines the one added last
    assert await targets() == (50, {"JZ03": 50})
    assert await targets(by="care-type") == (50, {"gezinshuis": aimed, "logeren": None})
    assert await targets(careType="gezinshuis") == (aimed, {"JZ03": aimed})
    assert await targets(provider=provider) == (None, {"JZ03": None}), "before its first day a line aims at nothing"
    assert await targets(by="provider") == (50, {provider: None})
    of_others = await ask(world, "capacity", world.as_(Role.INSPECTORATE), firstMonth="2026-11")
    assert (of_others["totals"][0]["target"], of_others["items"][0]["target"]) == (None, 50)


async def test_a_line_is_asked_with_what_it_counts(world: World) -> None:
    provider = await world.add_provider()
    for care_type, places in (("gezinshuis", 4), ("logeren", 7), ("jeugdzorgplus", 20)):
        await world.report(await world.add_offer(provider, careType=care_type), placesTotal=places, placesFree=1)
    await bring_supply(world)
    line = await add_target(world, careTypes=["gezinshuis", "logeren"], points=[{"on": "2026-01-01", "places": 12.5}])
    found = await ask(world, "capacity", world.region(), target=line["id"], by="provider", firstMonth="2026-11")
    [total], [item] = found["totals"], found["items"]
    assert (total["placesTotal"], total["target"], item["placesTotal"]) == (11, 12.5, 11)
    for headers, query, expected in (
        (world.region("JZ18"), {}, 404),
        (world.region(), {"target": str(UUID(int=9))}, 404),
        (world.region(), {"region": "JZ03", "careType": "logeren"}, 400),
        (world.as_(Role.INSPECTORATE), {}, 200),
    ):
        answer = await world.http.get(PATH, params={"target": line["id"], **query}, headers=headers)
        assert answer.status_code == expected
        if expected == 400:
            assert codes(answer) == {"#/query/region": "not-applicable", "#/query/careType": "not-applicable"}


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_as_a_table(world: World, language: str) -> None:
    provider = await world.add_provider()
    at_home = await world.add_offer(provider, atHome=True, serviceArea=["GM0400", "GM0363"])
    await world.report(at_home, placesTotal=5, placesFree=2)
    await bring_supply(world)
    wants = {"Accept": "text/csv", "Accept-Language": language}
    query = {"firstMonth": "2026-11"}
    answer = await world.http.get(PATH, params=query, headers=world.as_(Role.NATIONAL) | wants)
    delimiter = ";" if language == "nl" else ","
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=delimiter))
    region, free = ("jeugdregio", "vrije plekken") if language == "nl" else ("region", "free places")
    assert [(row[region], row["code"], row[free]) for row in rows] == [
        ("totaal" if language == "nl" else "total", "", "2"),
        ("geen of meer dan één jeugdregio", "", "2"),
    ]
    book = await world.http.get(PATH, params=query, headers=world.region() | {"Accept": XLSX})
    assert load_workbook(io.BytesIO(book.content)).worksheets[0].max_row == 2


async def test_two_statements_gather_all(world: World, statements: list[str]) -> None:
    for _ in range(3):
        await world.report(await world.add_offer())
    await bring_supply(world)
    statements.clear()
    await ask(world, "capacity", world.region(), by="care-type")
    assert len([each for each in statements if "JOIN insight_supply_days" in each]) == 1
    assert len([each for each in statements if "JOIN insight_supply_sums" in each]) == 1
    assert len(statements) <= 9
