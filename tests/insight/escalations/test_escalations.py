"""The figures of the ladder over HTTP: what is asked of each step, how long it takes and what comes out."""

from datetime import UTC, datetime
from typing import Any

from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import brought_to, refer
from tests.insight.scene import figures
from tests.world import World

Json = dict[str, Any]
MONTHS: Json = {"firstMonth": "2026-10", "lastMonth": "2026-11"}
LESSON = {"careTypes": ["gezinshuis"], "text": "Een tweede begeleider gaf vertrouwen."}


def _at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, 0, tzinfo=UTC)


async def _open(world: World, request: Json, step: str) -> Json:
    body = {"step": step, "reason": "no-suitable-offer", "asked": "Wie heeft een plek?"}
    path = f"/v1/requests/{request['id']}/escalations"
    return await world.ok(world.http.post(path, json=body, headers=world.gi))


async def _patch(world: World, escalation: Json, **body: Any) -> Json:
    path = f"/v1/requests/{escalation['requestId']}/escalations/{escalation['id']}"
    return await world.ok(world.http.patch(path, json=body, headers=world.gi | {"If-Match": "*"}))


def _shown(answer: Json, *names: str) -> list[list[float | None]]:
    return [[row[name] for name in names] for row in answer["totals"]]


async def test_a_child_goes_up_the_ladder(world: World, clock: SettableClock) -> None:
    clock.now = _at(10, 12)
    request, other, closed, unsaid = [await world.add_request() for _ in range(4)]
    first = await _open(world, request, "local-team")
    await _open(world, other, "local-team")
    await _open(world, closed, "local-team")
    clock.now = _at(10, 22)
    await _patch(world, first, outcome="Het lokale team heeft geen plek.", outcomeKind="explanation")
    clock.now = _at(10, 26)
    second = await _open(world, request, "expert-team")
    await _patch(world, await _open(world, unsaid, "local-team"), outcome="Iets.")
    clock.now = _at(11, 9)
    await _patch(world, second, outcome="Er is een plek.", outcomeKind="help", lesson=LESSON)
    await brought_to(world, await refer(world, await world.contracted_offer(), other), "accepted")
    body = {"status": "closed", "closedReason": "help-not-needed"}
    path, headers = f"/v1/requests/{closed['id']}", world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(path, json=body, headers=headers))
    clock.now = _at(11, 22)

    answer = await figures(world, "escalations", **MONTHS)
    assert _shown(answer, "opened", "ended", "raised", "lessons", "open") == [[5, 2, 1, 0, 3], [0, 2, 0, 1, 1]]
    outcomes = ("outcomeHelp", "outcomeExplanation", "outcomeQuestion", "outcomeUnsaid", "lapsed")
    assert _shown(answer, *outcomes) == [[0, 1, 0, 1, 0], [1, 0, 0, 0, 1]]
    assert _shown(answer, "daysMedian", "daysP90") == [[5, 10], [21, 28]]
    assert {(row["period"], row["name"]): (row["opened"], row["ended"], row["open"]) for row in answer["items"]} == {
        ("2026-10", "lokaal team"): (4, 2, 2),
        ("2026-10", "regionaal expertteam"): (1, 0, 1),
        ("2026-11", "lokaal team"): (0, 1, 1),
        ("2026-11", "regionaal expertteam"): (0, 1, 0),
    }


async def test_a_question_that_went_back_and_was_answered_is_open_again(world: World, clock: SettableClock) -> None:
    clock.now = _at(10, 12)
    escalation = await _open(world, await world.add_request(), "local-team")
    clock.now = _at(10, 20)
    await _patch(world, escalation, outcome="Is de school akkoord?", outcomeKind="question")
    clock.now = _at(11, 3)
    await _patch(world, escalation, answer="De school is akkoord.")
    names = ("opened", "ended", "outcomeQuestion", "open")
    assert _shown(await figures(world, "escalations", known="then", **MONTHS), *names) == [[1, 1, 1, 0], [0, 0, 0, 1]]
    assert _shown(await figures(world, "escalations", known="now", **MONTHS), *names) == [[1, 0, 0, 1], [0, 0, 0, 1]]


async def test_an_outcome_that_is_dated_back_was_not_known_then(world: World, clock: SettableClock) -> None:
    clock.now = _at(10, 12)
    escalation = await _open(world, await world.add_request(), "local-team")
    clock.now = _at(11, 3)
    await _patch(world, escalation, outcome="Er is een plek.", outcomeKind="help", outcomeOn="2026-10-30")
    names = ("ended", "outcomeHelp", "daysMedian", "open")
    assert _shown(await figures(world, "escalations", known="then", **MONTHS), *names) == [
        [0, 0, None, 1],
        [0, 0, None, 0],
    ]
    assert _shown(await figures(world, "escalations", known="now", **MONTHS), *names) == [
        [1, 1, 18, 0],
        [0, 0, None, 0],
    ]


async def test_what_help_leaves_behind_has_lapsed(world: World, clock: SettableClock) -> None:
    clock.now = _at(10, 12)
    request = await world.add_request()
    await _open(world, request, "local-team")
    clock.now = _at(11, 22)
    await brought_to(world, await refer(world, await world.contracted_offer(), request), "started")
    assert _shown(await figures(world, "escalations", **MONTHS), "open", "lapsed") == [[1, 0], [0, 1]]
