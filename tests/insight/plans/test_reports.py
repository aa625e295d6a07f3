"""The report of a month: the actions as they stood on its last day, which is a Dutch day."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import ANY
from uuid import UUID

import pytest
from openpyxl import load_workbook

from app.kit.media_types import XLSX
from app.kit.security.callers import Role
from tests.conftest import NOW, SettableClock
from tests.insight.children import Child, add_children
from tests.insight.plans.scene import Json, add_action, change, supraregion, withdraw
from tests.insight.scene import bring
from tests.world import World, codes, problem

PATH = "/v1/insight/action-reports"
OF_JZ03 = {"region": "JZ03"}


async def report(
    world: World, month: str, headers: dict[str, str] | None = None, query: dict[str, str] | None = None
) -> Json:
    """The report of a month, of the region JZ03 unless said."""
    sent = world.http.get(f"{PATH}/{month}", params=query or OF_JZ03, headers=headers or world.region())
    return await world.ok(sent)


async def the_action(world: World, month: str) -> Json | None:
    """The one action in the report of a month; None where it is not in it."""
    items = (await report(world, month))["items"]
    assert len(items) <= 1
    return items[0] if items else None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"#/query/region": "one-area"}),
        ({"region": "JZ03", "supraregion": "noord-holland"}, {"#/query/region": "one-area"}),
        ({"region": "JZ99"}, {"#/query/region": "unknown-code"}),
        ({"supraregion": "atlantis"}, {"#/query/supraregion": "unknown-code"}),
        ({"region": "JZ03", "status": "done"}, {"#/query/status": "unknown-query-key"}),
    ],
)
async def test_is_asked_of_one_plan(world: World, query: dict[str, str], expected: dict[str, str]) -> None:
    assert codes(await world.http.get(f"{PATH}/2026-10", params=query, headers=world.region())) == expected


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "2026-1", "202610", "2026-10-31", "oktober"])
async def test_what_is_no_month_is_refused(world: World, month: str) -> None:
    answer = await world.http.get(f"{PATH}/{month}", params=OF_JZ03, headers=world.region())
    assert set(codes(answer)) == {"#/path/month"}


async def test_a_plan_that_the_caller_may_not_read_has_no_report(world: World) -> None:
    async def status(headers: dict[str, str], **query: str) -> int:
        return (await world.http.get(f"{PATH}/2026-10", params=query, headers=headers)).status_code

    assert await status(world.region("JZ06"), region="JZ03") == 404
    assert await status(world.region("JZ03"), supraregion="zuidwest") == 404
    assert await status(supraregion(world), region="JZ18") == 404
    assert await status(world.as_(Role.LOCAL_TEAM), region="JZ03") == 404
    assert await status(world.region("JZ06"), supraregion="noord-holland") == 200
    assert await status(supraregion(world), region="JZ06") == 200
    assert await status(world.gi, region="JZ03") == 200
    for role in (Role.NATIONAL, Role.INSPECTORATE):
        assert await status(world.as_(role), region="JZ18") == 200


async def test_a_month_that_has_yet_to_begin_has_none(world: World, clock: SettableClock) -> None:
    clock.now = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
    problem(await world.http.get(f"{PATH}/2026-12", params=OF_JZ03, headers=world.region()), 404, "not-found")
    clock.now = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)  # midnight in the Netherlands
    assert (await report(world, "2026-12"))["provisional"] is True


async def test_what_it_says(world: World, clock: SettableClock) -> None:
    clock.now = datetime(2026, 9, 10, 9, 0, tzinfo=UTC)
    figures = [{"name": "norms.helpLate", "careType": None}, {"name": "capacity.placesTotal", "careType": "logeren"}]
    action = await add_action(world, figures=figures, dueOn="2026-10-30")
    clock.now = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    await change(world, action, status="running", light="red")
    clock.now = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
    await change(world, action, light="amber", word="Het gaat weer.")
    clock.now = NOW
    await change(world, action, light="green", status="done", title="Werven")
    found = await report(world, "2026-10")
    assert found == {
        "month": "2026-10",
        "region": "JZ03",
        "supraregion": None,
        "lastDay": "2026-10-31",
        "provisional": False,
        "counts": {
            "total": 1,
            "overdue": 1,
            "byLight": {"green": 0, "amber": 1, "red": 0},
            "byStatus": {"planned": 0, "running": 1, "done": 0, "stopped": 0},
        },
        "figuresOf": "plan",
        "items": [
            action
            | {
                "figures": [ANY, ANY],
                "status": "running",
                "light": "amber",
                "word": "Het gaat weer.",
                "addedOn": "2026-09-10",
                "previousLight": "green",
                "overdue": True,
                "changes": [
                    {"field": "status", "old": "planned", "new": "running"},
                    {"field": "light", "old": "green", "new": "amber"},
                    {"field": "word", "old": None, "new": "Het gaat weer."},
                ],
            }
        ],
    }


async def test_a_past_month_is_told_the_same_for_ever(world: World, clock: SettableClock) -> None:
    clock.now = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    action, other = await add_action(world), await add_action(world, title="Anders")
    clock.now = NOW
    path, headers = f"{PATH}/2026-10?region=JZ03", world.region()
    first = await world.http.get(path, headers=headers)
    await change(world, action, light="red", dueOn="2027-05-01", direction={"title": "Anders"})
    await withdraw(world, other)
    await add_action(world)
    again = await world.http.get(path, headers=headers | {"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("last", "next_"),
    [  # the last second of a Dutch month, and the first of the one after it
        (datetime(2026, 1, 31, 22, 59, 59, tzinfo=UTC), datetime(2026, 1, 31, 23, 0, tzinfo=UTC)),
        (datetime(2028, 2, 29, 22, 59, 59, tzinfo=UTC), datetime(2028, 2, 29, 23, 0, tzinfo=UTC)),
        (datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC), datetime(2026, 3, 31, 22, 0, tzinfo=UTC)),
        (datetime(2026, 10, 31, 22, 59, 59, tzinfo=UTC), datetime(2026, 10, 31, 23, 0, tzinfo=UTC)),
        (datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)),
    ],
    ids=lambda moment: f"{moment:%m-%d %H:%M}",
)
async def test_the_end_of_a_month(world: World, clock: SettableClock, last: datetime, next_: datetime) -> None:
    month = f"{last:%Y-%m}"
    coming = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    clock.now = last
    action = await add_action(world)
    await change(world, action, light="amber")
    assert (await report(world, month))["provisional"] is True
    clock.now = next_
    await change(world, action, light="red")
    found, after = await the_action(world, month), await the_action(world, f"{coming:%Y-%m}")
    assert found
    assert after
    assert (found["light"], found["previousLight"]) == ("amber", None)
    assert (after["light"], after["previousLight"]) == ("red", "amber")
    ended = await report(world, month)
    assert (ended["provisional"], ended["lastDay"]) == (False, f"{last:%Y-%m-%d}")


async def test_a_new_action_has_nothing_before_it(world: World, clock: SettableClock) -> None:
    clock.now = datetime(2026, 10, 31, 22, 30, tzinfo=UTC)
    action = await add_action(world)
    await change(world, action, light="amber")
    clock.now = NOW
    assert await the_action(world, "2026-09") is None
    october, november = await the_action(world, "2026-10"), await the_action(world, "2026-11")
    assert october
    assert november
    assert (october["addedOn"], october["previousLight"], october["changes"]) == ("2026-10-31", None, [])
    assert (november["addedOn"], november["previousLight"], november["changes"]) == ("2026-10-31", "amber", [])


async def test_the_month_that_is_not_over_is_as_of_now(world: World) -> None:
    action = await add_action(world)
    before = await report(world, "2026-11")
    assert (before["lastDay"], before["provisional"], before["counts"]["byLight"]["red"]) == ("2026-11-22", True, 0)
    await change(world, action, light="red")
    assert (await report(world, "2026-11"))["counts"]["byLight"]["red"] == 1


@pytest.mark.parametrize(
    ("fields", "overdue"),
    [
        ({"dueOn": "2026-11-21"}, True),
        ({"dueOn": "2026-11-22"}, False),  # its last day is in time
        ({"dueOn": "2026-11-21", "status": "running"}, True),
        ({"dueOn": "2026-11-21", "status": "done"}, False),
        ({"dueOn": "2026-11-21", "status": "stopped"}, False),
    ],
)
async def test_overdue_is_past_its_day_and_not_finished(world: World, fields: Json, overdue: bool) -> None:
    await add_action(world, **fields)
    found = await report(world, "2026-11")
    assert (found["items"][0]["overdue"], found["counts"]["overdue"]) == (overdue, int(overdue))


async def test_what_was_withdrawn_stands_in_the_report_of_that_month_only(world: World, clock: SettableClock) -> None:
    clock.now = datetime(2026, 9, 10, 9, 0, tzinfo=UTC)
    action = await add_action(world, light="red", dueOn="2026-09-30")
    clock.now = datetime(2026, 10, 10, 9, 0, tzinfo=UTC)
    await withdraw(world, action)
    clock.now = NOW
    october = await report(world, "2026-10")
    assert october["counts"]["total"] == october["counts"]["overdue"] == 0
    (item,) = october["items"]
    assert (item["withdrawnAt"], item["overdue"]) == ("2026-10-10T09:00:00Z", False)
    assert [each["field"] for each in item["changes"]] == ["withdrawnAt", "why"]
    assert (await report(world, "2026-09"))["counts"]["total"] == 1
    assert await the_action(world, "2026-11") is None


async def test_goes_by_direction_and_due_day(world: World) -> None:
    async def add(title: str, direction: dict[str, Any], due: str) -> None:
        await add_action(world, title=title, direction=direction, dueOn=due)

    await add("d", {"title": "Zonder nummer"}, "2026-01-01")
    await add("c", {"number": 10, "title": "Tien"}, "2026-01-01")
    await add("b", {"number": 2, "title": "Twee"}, "2026-12-01")
    await add("a", {"number": 2, "title": "Twee"}, "2026-11-01")
    assert [each["title"] for each in (await report(world, "2026-11"))["items"]] == ["a", "b", "c", "d"]


async def test_is_of_one_plan_only(world: World) -> None:
    await add_action(world, title="van de regio")
    await add_action(world, supraregion(world), title="van het verband")
    await add_action(world, world.region("JZ06"), title="van een ander")
    for query, expected in ((OF_JZ03, "van de regio"), ({"supraregion": "noord-holland"}, "van het verband")):
        found = await report(world, "2026-11", query=query)
        assert [each["title"] for each in found["items"]] == [expected]
        assert {name: found[name] for name in query} == query


async def test_takes_as_many_statements_whatever_is_in_it(world: World, statements: list[str]) -> None:
    for _ in range(3):
        await add_action(world)
    statements.clear()
    await report(world, "2026-11")
    assert len([each for each in statements if each.startswith("SELECT")]) == 2


async def test_the_figures_that_an_action_should_move_stand_beside_it(world: World, clock: SettableClock) -> None:
    """Of three children whose term ended in October two were late, and one of two in September; care types apart."""
    late, in_time = date(2026, 11, 20), date(2026, 8, 1)
    await add_children(
        world,
        [
            Child("GM0400", date(2026, 7, 10)),
            Child("GM0400", date(2026, 7, 11), help_on=late, known_on=date(2026, 7, 11)),
            Child("GM0400", date(2026, 7, 12), help_on=in_time, care_types=("logeren",)),
            Child("GM0400", date(2026, 6, 10)),
            Child("GM0400", date(2026, 6, 11), help_on=in_time),
            Child("GM0383", date(2026, 7, 10), organisation_id=UUID(int=77)),  # of another region
        ],
    )
    figures = [
        {"name": "norms.helpLate"},
        {"name": "norms.helpInTimeShare"},
        {"name": "norms.helpLate", "careType": "logeren"},
        {"name": "waiting-children.waiting"},
        {"name": "capacity.placesTotal"},
    ]
    clock.now = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
    await add_action(world, figures=figures)
    await add_action(world, figures=[], dueOn="2027-06-30")
    clock.now = NOW
    await bring(world)
    found = await report(world, "2026-10")
    told = {(each["name"], each["careType"]): each for each in found["items"][0]["figures"]}
    assert {name: (each["value"], each["before"]) for name, each in told.items()} == {
        ("norms.helpLate", None): (2, 1),
        ("norms.helpInTimeShare", None): (0.3333, 0.5),
        ("norms.helpLate", "logeren"): (0, 0),
        ("waiting-children.waiting", None): (3, 3),
        ("capacity.placesTotal", None): (None, None),
    }
    assert told["norms.helpLate", None]["kind"] == "count"
    assert "drie maanden" in told["norms.helpLate", None]["title"]
    assert found["items"][1]["figures"] == []
    own = await report(world, "2026-10", world.gi)
    assert own["figuresOf"] == "own"
    hidden = await report(world, "2026-10", world.as_(Role.INSPECTORATE))
    assert hidden["figuresOf"] == "plan"
    assert [each["value"] for each in hidden["items"][0]["figures"]] == [None, None, None, None, None]


async def test_beside_the_plan_of_a_supraregion_a_region_sees_its_own_figures(world: World) -> None:
    await add_children(world, [Child("GM0400", date(2026, 7, 10)), Child("GM0405", date(2026, 7, 10))])
    await add_action(world, supraregion(world), figures=[{"name": "waiting-children.waiting"}])
    await bring(world)
    for headers, whose, value in (
        (world.region(), "own", 1),
        (supraregion(world), "plan", None),  # two children are too few to be told
    ):
        found = await report(world, f"{NOW:%Y-%m}", headers, {"supraregion": "noord-holland"})
        assert (found["figuresOf"], found["items"][0]["figures"][0]["value"]) == (whose, value)


async def test_as_a_table_with_a_row_for_each_figure(world: World, clock: SettableClock) -> None:
    clock.now = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    two = [{"name": "norms.helpLate"}, {"name": "capacity.placesTotal", "careType": "logeren"}]
    await add_action(world, figures=two, word="=1+1", light="red")
    await add_action(world, title="Zonder", dueOn="2027-12-31")
    clock.now = NOW
    sent = await world.http.get(
        f"{PATH}/2026-10", params=OF_JZ03, headers=world.region() | {"Accept": "text/csv", "Accept-Language": "nl"}
    )
    assert sent.headers["content-disposition"] == 'attachment; filename="action-report-2026-10.csv"'
    rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["actie"], row["cijfer"], row["vorm van jeugdhulp"], row["in de maand"]) for row in rows] == [
        (
            "Gezinshuizen werven",
            "De normen van de inspecties: passende hulp binnen drie maanden: te laat of nog niet",
            "",
            "0",
        ),
        ("Gezinshuizen werven", "Capaciteit: plekken", "Logeren", ""),
        ("Zonder", "", "", ""),
    ]
    assert (rows[0]["licht"], rows[0]["toelichting"], rows[0]["over tijd"]) == ("rood", "'=1+1", "nee")
    book = await world.http.get(f"{PATH}/2026-10", params=OF_JZ03, headers=world.region() | {"Accept": XLSX})
    sheets = load_workbook(io.BytesIO(book.content)).worksheets
    assert (sheets[0].max_row, sheets[1]["B1"].value) == (4, "Kop van Noord-Holland")


async def test_however_many_actions_a_resource_is_asked_once(world: World, statements: list[str]) -> None:
    for _ in range(3):
        await add_action(world, figures=[{"name": "norms.helpLate"}, {"name": "norms.workerLate"}])
    statements.clear()
    await report(world, f"{NOW:%Y-%m}")
    assert len([each for each in statements if "insight_needs" in each]) == 1
    assert len(statements) <= 12
