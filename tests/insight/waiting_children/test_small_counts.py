"""Small counts stay with whoever they are of, whatever answers are held against each other over HTTP."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from app.insight.answers import small_counts
from app.insight.answers.definitions import Resource
from app.insight.answers.periods import on_day, period_of
from app.insight.answers.questions import Gather, Question, Scope
from app.insight.answers.small_counts import decide
from app.insight.settling.service import GATHERED
from app.insight.suppression.lattice import Cell
from app.insight.waiting_children.definition import WAITING_CHILDREN
from app.kit.security.callers import Role
from app.reference.lists import reference
from tests.insight.attack import Kind, gathered, pinned, sums_over_kinds
from tests.insight.children import Child, add_children
from tests.insight.histories import CARE_TYPES, INSTITUTIONS, seeded
from tests.insight.published import AUTUMN, NOORD_HOLLAND, noord_holland
from tests.insight.scene import bring, figures
from tests.world import World, codes

_BY = ("municipality", "institution", "kind")
_ALL_TOWNS = [town for each in NOORD_HOLLAND.values() for town in each]
_TOWNS = _ALL_TOWNS[:7]
_COUNTS = ("waiting", "referredNone", "withNorm", "overNorm")


async def test_a_small_count_is_not_told_and_is_to_the_region(world: World) -> None:
    await add_children(world, noord_holland())
    asked = {"asOf": AUTUMN.isoformat(), "by": "municipality"}
    told = await figures(world, "waiting-children", world.as_(Role.INSPECTORATE), **asked)
    assert told["smallCounts"]["below"] == 5
    assert told["smallCounts"]["hidden"] > 0
    for row in told["items"]:
        assert all(row[name] is None or row[name] == 0 or row[name] >= 5 for name in _COUNTS), row
    haarlem = next(each for each in told["items"] if each["name"] == "Haarlem")
    bloemendaal = next(each for each in told["items"] if each["name"] == "Bloemendaal")
    assert bloemendaal["overNorm"] is None
    own = await figures(world, "waiting-children", world.region("JZ11"), **asked)
    assert {each["overNorm"] for each in own["items"]} == {1, 7}
    assert own["smallCounts"] is None
    assert haarlem["waiting"] is None or haarlem["waiting"] >= 5


async def test_what_is_decided_is_told_though_all_that_is_kept_is_let_go_of_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job that settles lets go of it, beside those who ask."""

    def decide_and_forget(decide: Any, *given: object) -> Any:
        try:
            return decide(*given)
        finally:
            small_counts.forget()

    monkeypatch.setattr(small_counts, "_one_by_one", decide_and_forget)
    await add_children(world, noord_holland())
    norms = await figures(world, "norms", world.as_(Role.INSPECTORATE), firstMonth="2026-08", lastMonth="2026-10")
    assert norms["smallCounts"] is not None
    flow = await figures(world, "residential-flow", world.as_(Role.INSPECTORATE))
    assert flow["smallCounts"] is not None


async def test_what_would_need_a_finer_view_is_refused(world: World) -> None:
    headers, path = world.as_(Role.SUPRAREGION), "/v1/insight/waiting-children"

    async def wrong(path: str, **query: str) -> dict[str, str]:
        return codes(await world.http.get(path, params=query, headers=headers))

    assert await wrong(path, by="municipality", institution=str(UUID(int=2))) == {"#/query": "too-fine"}
    assert await wrong(path, by="cause") == {"#/query/by": "overlapping"}
    assert await wrong(path, careType="gezinshuis") == {"#/query/careType": "overlapping"}
    assert await wrong(path, provider=str(UUID(int=7))) == {"#/query/provider": "overlapping"}
    assert await wrong("/v1/insight/norms", unit="quarter", known="then") == {"#/query/known": "too-coarse"}


async def test_all_answers_together_give_no_small_count_away(world: World) -> None:
    """Everything that an inspectorate can ask about a day, against linear programs over what children there may be."""
    day = date(2026, 11, 1)
    children = _drawn(day)
    await add_children(world, children)
    await bring(world)
    headers = world.as_(Role.INSPECTORATE)
    lists = reference()
    regions = sorted({lists.municipalities[town].region for town in _TOWNS})
    areas: list[dict[str, str]] = [{}, *({"region": each} for each in regions), {"supraregion": "noord-holland-noord"}]
    told: list[dict[Cell, int | None]] = []
    for area, by in product(areas, ("region", *_BY)):
        answer = await world.ok(
            world.http.get(
                "/v1/insight/waiting-children", params={"asOf": day.isoformat(), "by": by, **area}, headers=headers
            )
        )
        told += [_cells(row, area) for row in answer["totals"]]
        told += [
            _cells(row, {by: row["code"]} | ({} if by in {"region", "municipality"} else area))
            for row in answer["items"]
        ]
    kinds = [
        Kind(
            frozenset(
                {
                    ("municipality", town),
                    ("region", lists.municipalities[town].region),
                    *(("supraregion", each) for each in lists.regions[lists.municipalities[town].region].supraregions),
                    ("institution", str(institution)),
                    ("kind", kind),
                }
            ),
            frozenset(
                {"waiting", "referredNone", *(["withNorm"] if kind != "none" else []), *(["overNorm"] if late else [])}
            ),
        )
        for town, institution, kind, late in product(
            _TOWNS, INSTITUTIONS, ("protection", "youth-probation", "none"), (True, False)
        )
        if not (late and kind == "none")
    ]
    cells = {cell for each in told for cell in each}
    known = gathered(*told)
    hidden = cells - known.keys()
    truth = {cell: _true(children, cell, day) for cell in hidden}
    assert any(0 < count < 5 for count in truth.values()), "there is something to hide"
    found = pinned(known, sums_over_kinds(cells, kinds), hidden)
    assert {cell: count for cell, count in found.items() if 0 < count < 5} == {}


async def test_what_one_question_leaves_empty_no_other_tells(world: World) -> None:
    """Who waits at the end of a month, by region: four questions leave the same of it empty."""
    await add_children(world, _drawn(date(2026, 11, 1), _ALL_TOWNS, 30))
    await bring(world)
    headers, empty = world.as_(Role.INSPECTORATE), dict[str, set[str]]()
    for resource, names in {
        "waiting-children": ("waiting", "bridged", "overNorm"),
        "supply": ("waiting",),
        "choices": ("bridgingOnly", "nothing"),
        "norms": ("waitingOverNorm",),
    }.items():
        query = {"by": "region"} | ({} if resource == "waiting-children" else {"firstMonth": "2026-11"})
        answer = await world.ok(world.http.get(f"/v1/insight/{resource}", params=query, headers=headers))
        for name in names:
            empty[f"{resource} {name}"] = {row["code"] for row in answer["items"] if row[name] is None}
    assert empty["waiting-children waiting"] == empty["supply waiting"] == empty["choices nothing"] != set()
    assert empty["waiting-children overNorm"] == empty["norms waitingOverNorm"] != set()
    assert empty["waiting-children bridged"] == empty["choices bridgingOnly"]


@pytest.mark.parametrize(("resource", "gather"), [each for each in GATHERED if each[0].linked])
async def test_what_several_questions_tell_is_decided_on_together(
    world: World, resource: Resource, gather: Gather
) -> None:
    day = world.parts.clock().date()
    period = on_day(day) if resource is WAITING_CHILDREN else period_of(day, "month")
    async with world.parts.database.read() as session:
        [found] = (await decide(session, resource, gather, Question([period], "region", "now", day, Scope()))).values()
    assert found.linked == {own: name for each in resource.linked for own, name in each.names}
    assert found.withheld({"region": "JZ03"}) == frozenset(), "there is nobody"


def _drawn(day: date, towns: Sequence[str] = _TOWNS, count: int = 160) -> list[Child]:
    """So many children of these towns who wait on a day."""
    rng = seeded(5)
    return [
        Child(
            rng.choice(towns),
            day - timedelta(days=rng.choice((10, 120))),
            measure=rng.choice(("11", "11", "41", None)),
            organisation_id=rng.choice(INSTITUTIONS),
            care_types=(rng.choice(CARE_TYPES),),
        )
        for _ in range(count)
    ]


def _cells(row: dict[str, Any], place: dict[str, str]) -> dict[Cell, int | None]:
    return {Cell.of(name, place): row[name] for name in _COUNTS}


def _true(children: list[Child], cell: Cell, day: date) -> int:
    lists = reference()
    count = 0
    for child in children:
        region = lists.municipalities[child.municipality].region
        measure = lists.measures.get(child.measure or "")
        own = {
            ("municipality", child.municipality),
            ("region", region),
            *(("supraregion", each) for each in lists.regions[region].supraregions),
            ("institution", str(child.organisation_id)),
            ("kind", measure.kind if measure else "none"),
        }
        late = child.measure is not None and (day - child.requested_on).days > 95
        counted = {"waiting", "referredNone"} | ({"withNorm"} if measure else set()) | ({"overNorm"} if late else set())
        count += own.issuperset(cell.place) and cell.measure in counted
    return count


async def test_the_figures_are_those_that_are_defined() -> None:
    assert set(_COUNTS) < {each.name for each in WAITING_CHILDREN}


@pytest.mark.parametrize(("first", "told"), [(6, 18), (3, None)])
async def test_a_quarter_is_told_where_each_of_its_months_is(world: World, first: int, told: int | None) -> None:
    """Of 3, 6 and 6 children whose term ended, the 3 would follow from the quarter and the other months."""
    asked_on = {date(2026, 4, 10): first, date(2026, 5, 10): 6, date(2026, 6, 10): 6}
    children = [
        Child("GM0400", day, help_on=date(2026, 6, 20)) for day, count in asked_on.items() for _ in range(count)
    ]
    await add_children(world, children)
    quarter = {"firstMonth": "2026-07", "lastMonth": "2026-09"}
    headers = world.as_(Role.INSPECTORATE)
    months = (await figures(world, "norms", headers, region="JZ03", **quarter))["totals"]
    assert [row["helpDue"] for row in months] == [first if first >= 5 else None, 6, 6]
    for by in ("region", "municipality"):
        [total] = (await figures(world, "norms", headers, region="JZ03", unit="quarter", by=by, **quarter))["totals"]
        assert (total["period"], total["helpDue"], total["helpInTime"]) == ("2026-Q3", told, told)
    [own] = (await figures(world, "norms", None, unit="quarter", **quarter))["totals"]
    assert own["helpDue"] == sum(asked_on.values())
