"""The dashboard: who may see it, and that it says what the resources say."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from app.insight.dashboard.lights import Bounds
from app.insight.history.service import rebuild
from app.kit.security.callers import Role
from tests.conftest import NOW
from tests.insight.asked import bring_supply
from tests.insight.children import Child, add_children
from tests.insight.plans.scene import add_action
from tests.insight.scene import bring
from tests.world import World, codes, problem

PATH = "/v1/insight/dashboard"
Json = dict[str, Any]
DEN_HELDER, SCHAGEN, ALKMAAR = "GM0400", "GM0441", "GM0361"


async def dashboard(world: World, headers: dict[str, str] | None = None, **query: str) -> Json:
    """The page, of the region JZ03 to itself unless said."""
    return await world.ok(world.http.get(PATH, params=query, headers=headers or world.region()))


def readings(part: Json) -> Json:
    """What each tile says: so many of so many, and the light."""
    return {each["name"]: (each["count"], each["of"], each["light"]) for each in part["tiles"]}


async def test_who_may_see_it(world: World) -> None:
    problem(await world.http.get(PATH), 401, "unauthenticated")
    for headers in (world.as_(Role.REFERRER), world.as_(Role.ADMIN), world.provider("0" * 32)):
        problem(await world.http.get(PATH, params={"region": "JZ03"}, headers=headers), 403, "forbidden")
    problem(await world.http.get(PATH, params={"region": "JZ06"}, headers=world.region()), 403, "forbidden")
    for headers in (world.gi, world.as_(Role.NATIONAL), world.as_(Role.INSPECTORATE)):
        assert codes(await world.http.get(PATH, headers=headers)) == {"#/query/region": "missing"}
        assert (await dashboard(world, headers, region="JZ06"))["region"] == "JZ06"
    assert codes(await world.http.get(PATH, params={"region": "JZ99"}, headers=world.gi)) == {
        "#/query/region": "unknown-code"
    }


async def test_before_anything_is_known_there_is_no_light(world: World) -> None:
    found = await dashboard(world)
    assert {light for _, _, light in readings(found).values()} == {None}
    assert {each["name"] for each in found["municipalities"]} == {"Den Helder", "Hollands Kroon", "Schagen", "Texel"}
    assert (found["providers"], found["plan"]["counts"]["total"]) == ([], 0)


@pytest.fixture
async def region(world: World) -> None:
    """A region with children of two municipalities, two offers of a provider, and an action of its plan."""
    due = date(2026, 7, 10)  # the term of three months ended in October
    october = date(2026, 10, 5)
    await add_children(
        world,
        [
            *(Child(DEN_HELDER, due, help_on=october, known_on=due) for _ in range(9)),
            Child(DEN_HELDER, due),
            Child(SCHAGEN, date(2026, 6, 1), help_on=date(2026, 9, 2)),
            Child(SCHAGEN, date(2026, 11, 2)),
            Child(ALKMAAR, due),
        ],
    )
    provider = await world.add_provider()
    await world.report(await world.add_offer(provider), placesTotal=4, placesFree=1)
    await world.add_offer(provider)
    await add_action(world, light="red")
    await bring(world)
    await bring_supply(world)


@pytest.mark.usefixtures("region")
async def test_it_is_made_of_what_the_resources_say(world: World) -> None:
    found = await dashboard(world)
    assert (found["name"], found["month"], found["today"]) == ("Kop van Noord-Holland", "2026-10", f"{NOW:%Y-%m-%d}")
    assert readings(found) == {
        "late": (1, 10, "amber"),
        "waiting": (1, 2, "red"),
        "firstChoice": (0, 9, "red"),
        "stale": (1, 2, "red"),
        "declined": (0, 0, None),
    }
    tiles = {each["name"]: each for each in found["tiles"]}
    assert (tiles["late"]["before"]["count"], tiles["late"]["before"]["of"]) == (1, 1)
    for name, count in (("late", "helpLate"), ("waiting", "overNorm"), ("firstChoice", "firstChoice")):
        behind = await world.ok(world.http.get(tiles[name]["rows"], headers=world.region()))
        rows = [row for row in behind["totals"] if tiles[name]["period"] in {row["period"], row["lastDay"]}]
        assert [row[count] for row in rows] == [tiles[name]["count"]], name
    towns = {each["name"]: readings(each) for each in found["municipalities"]}
    assert towns["Den Helder"]["late"] == (1, 10, "amber")
    assert towns["Schagen"] == {"late": (0, 0, None), "waiting": (0, 1, "green"), "firstChoice": (0, 0, None)}
    assert [readings(each)["stale"] for each in found["providers"]] == [(1, 2, "red")]
    assert found["plan"]["counts"]["byLight"] == {"green": 0, "amber": 0, "red": 1}
    report = await world.ok(world.http.get(found["plan"]["report"], headers=world.region()))
    assert report["counts"] == found["plan"]["counts"]


@pytest.mark.usefixtures("region")
async def test_others_see_no_small_counts_and_an_institution_its_own(world: World) -> None:
    told = await dashboard(world, world.as_(Role.INSPECTORATE), region="JZ03")
    for part in (told, *told["municipalities"]):
        for name in ("late", "waiting", "firstChoice"):
            if name in readings(part):
                count, of, light = readings(part)[name]
                assert count in {None, 0} or count >= 5
                assert of in {None, 0} or of >= 5
                assert light is None or (count is not None and of)
    assert readings(told)["late"] == (None, None, None)
    assert readings(told)["stale"] == (1, 2, "red"), "an offer is no child"
    own = await dashboard(world, world.gi, region="JZ03")
    assert readings(own)["late"] == (1, 10, "amber")
    other = await dashboard(world, world.as_(Role.LOCAL_TEAM), region="JZ03")
    assert (readings(other)["late"], other["plan"]) == ((0, 0, None), None)


@pytest.mark.usefixtures("region")
async def test_as_a_table(world: World) -> None:
    wants = {"Accept": "text/csv", "Accept-Language": "nl"}
    sent = await world.http.get(PATH, headers=world.region() | wants)
    rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig")), delimiter=";"))
    late = [row for row in rows if row["tegel"] == "Passende hulp te laat"]
    assert [(row["naam"], row["aantal"], row["van"], row["licht"]) for row in late[:2]] == [
        ("Kop van Noord-Holland", "1", "10", "oranje"),
        ("Den Helder", "1", "10", "oranje"),
    ]


@pytest.mark.usefixtures("region")
async def test_it_takes_as_many_statements_whatever_there_is(world: World, statements: list[str]) -> None:
    statements.clear()
    await dashboard(world)
    before = len(statements)
    await add_children(world, [Child(SCHAGEN, date(2026, 7, 10)) for _ in range(20)])
    for _ in range(5):
        await world.add_offer()
    async with world.parts.database.write() as session:
        await rebuild(session, world.parts.clock())  # who asked for help in the past, and is recorded now
    await bring_supply(world)
    statements.clear()
    await dashboard(world)
    assert len(statements) == before <= 40


@pytest.mark.parametrize(
    ("bounds", "share", "light"),
    [
        (Bounds(0, 0.1), 0, "green"),
        (Bounds(0, 0.1), 0.0001, "amber"),
        (Bounds(0, 0.1), 0.1, "amber"),
        (Bounds(0, 0.1), 0.1001, "red"),
        (Bounds(0.7, 0.5, higher_is_better=True), 0.7, "green"),
        (Bounds(0.7, 0.5, higher_is_better=True), 0.6999, "amber"),
        (Bounds(0.7, 0.5, higher_is_better=True), 0.5, "amber"),
        (Bounds(0.7, 0.5, higher_is_better=True), 0.4999, "red"),
    ],
)
def test_a_bound_is_still_of_the_better_light(bounds: Bounds, share: float, light: str) -> None:
    assert bounds.light(share) == light
