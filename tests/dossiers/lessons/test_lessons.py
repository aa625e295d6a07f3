"""What worked elsewhere is found when a search is stuck, and leads back to nobody."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.kit.security.callers import Role
from tests.conftest import NOW, SettableClock
from tests.supply.providers.pages import flat, walk
from tests.world import World, codes, problem

Json = dict[str, Any]

PATH = "/v1/lessons"
LESSON: Json = {
    "careTypes": ["gezinshuis", "pleegzorg-voltijd"],
    "characteristics": ["brandstichting"],
    "causes": ["contra-indication"],
    "text": "Een tweede begeleider in de eerste zes weken gaf het gezinshuis vertrouwen.",
}
READERS = (Role.GI, Role.LOCAL_TEAM, Role.REGION, Role.SUPRAREGION, Role.NATIONAL)


async def _ended(world: World, made: Json | None = None) -> Json:
    """An escalation to the national table that has an outcome."""
    made = made or await world.add_request()
    body = {"step": "national", "reason": "no-suitable-offer", "asked": "Wie?", "skipReason": "Al betrokken."}
    path = f"/v1/requests/{made['id']}/escalations"
    escalation = await world.ok(world.http.post(path, json=body, headers=world.gi))
    outcome = {"outcome": "Een plek.", "outcomeKind": "help"}
    return await world.ok(_patch(world, escalation, outcome, world.as_(Role.NATIONAL)))


async def _patch(world: World, escalation: Json, body: Json, headers: dict[str, str] | None = None) -> httpx.Response:
    path = f"/v1/requests/{escalation['requestId']}/escalations/{escalation['id']}"
    return await world.http.patch(path, json=body, headers=(headers or world.gi) | {"If-Match": "*"})


async def _found(world: World, query: str = "", role: Role = Role.LOCAL_TEAM) -> list[Json]:
    answer = await world.ok(world.http.get(PATH + query, headers=world.as_(role)))
    items: list[Json] = answer["items"]
    return items


async def test_is_for_those_who_look_for_help(world: World) -> None:
    problem(await world.http.get(PATH), 401, "unauthenticated")
    for role in set(Role) - set(READERS):
        problem(await world.http.get(PATH, headers=world.as_(role)), 403, "forbidden")
    assert codes(await world.http.get(f"{PATH}?careType=villa&characteristic=lief", headers=world.gi)) == {
        "#/query/careType": "unknown-code",
        "#/query/characteristic": "unknown-code",
    }


@pytest.mark.parametrize("role", READERS, ids=str)
async def test_a_lesson_is_found_by_what_it_is_about_and_says_nothing_else(world: World, role: Role) -> None:
    escalation = await _ended(world)
    marked = (await _patch(world, escalation, {"lesson": LESSON}, world.as_(Role.NATIONAL))).json()
    assert marked == escalation | {"lesson": LESSON}
    (found,) = await _found(world, "?careType=gezinshuis&characteristic=brandstichting", role)
    assert found == LESSON | {"id": found["id"], "year": 2026}, "no request, institution, municipality or day"
    assert found["id"] not in {escalation["id"], escalation["requestId"]}
    assert await _found(world, "?careType=ambulante-begeleiding") == []
    assert await _found(world, "?characteristic=weglopen") == []


async def test_stays_when_the_request_closes_and_goes_with_its_outcome(world: World) -> None:
    kept, escalation = await _ended(world), await _ended(world)
    for each in (kept, escalation):
        await world.ok(_patch(world, each, {"lesson": LESSON}))
    body, headers = {"status": "closed", "closedReason": "measure-ended"}, world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(f"/v1/requests/{kept['requestId']}", json=body, headers=headers))
    assert len(await _found(world)) == 2
    before = {each["id"] for each in await _found(world)}
    await world.ok(_patch(world, escalation, {"lesson": LESSON | {"text": "Samen rijden hielp."}}))
    assert {each["id"] for each in await _found(world)} == before, "a lesson that is said otherwise stays the same one"
    reopened = (await _patch(world, escalation, {"outcome": None})).json()
    assert (reopened["lesson"], len(await _found(world))) == (None, 1)
    events = [
        each for page in await walk(world, f"/v1/requests/{escalation['requestId']}/history", world.gi) for each in page
    ]
    texts = [change["new"] for each in events for change in each["changes"] if change["field"].endswith("lesson.text")]
    assert texts == [LESSON["text"], "Samen rijden hielp.", None], "the history keeps what was said"


async def test_is_taken_back(world: World) -> None:
    escalation = await _ended(world)
    await world.ok(_patch(world, escalation, {"lesson": LESSON}))
    assert (await _patch(world, escalation, {"lesson": None})).json()["lesson"] is None
    assert await _found(world) == []


async def test_lists_the_last_year_first_on_pages(world: World, clock: SettableClock) -> None:
    for days in (0, 100, 500):
        clock.now = NOW + timedelta(days=days)
        await world.ok(_patch(world, await _ended(world), {"lesson": LESSON}))
    assert flat(await walk(world, f"{PATH}?limit=1", world.gi), "year") == [2028, 2027, 2026]


@pytest.mark.parametrize(
    ("lesson", "expected"),
    [
        (LESSON | {"careTypes": [], "text": ""}, {"#/lesson/careTypes": "too-few", "#/lesson/text": "too-short"}),
        (LESSON | {"causes": ["pech"]}, {"#/lesson/causes/0": "unknown-code"}),
        (LESSON | {"text": "Kind 111222333"}, {"#/lesson/text": "bsn"}),
        (LESSON | {"text": "Jan de Vries belde."}, {"#/lesson/text": "leads-to-child"}),
        (LESSON | {"text": "Een plek in Den Helder."}, {"#/lesson/text": "leads-to-child"}),
        (LESSON | {"text": "Voor kind-77 hielp het."}, {"#/lesson/text": "leads-to-child"}),
    ],
)
async def test_what_leads_to_a_child_is_refused(world: World, lesson: Json, expected: dict[str, str]) -> None:
    escalation = await _ended(world, await world.add_request(childReference="kind-77"))
    assert codes(await _patch(world, escalation, {"lesson": lesson})) == expected
    assert await _found(world) == []


async def test_a_refusal_names_all_that_has_to_go_out(world: World) -> None:
    text = "Op 3 mei belde mevr. Jansen (06-12345678) uit de Dorpsstraat 3."
    answer = await _patch(world, await _ended(world), {"lesson": LESSON | {"text": text}})
    (error,) = problem(answer, 400, "invalid-input")["errors"]
    for each in ("3 mei", "mevr. Jansen", "06-12345678", "Dorpsstraat 3"):
        assert each in error["detail"]


async def test_only_what_came_out_is_a_lesson(world: World) -> None:
    escalation = await _ended(world)
    question = {"outcome": "Welke school?", "outcomeKind": "question"}
    assert codes(await _patch(world, escalation, question | {"lesson": LESSON})) == {"#/lesson": "of-question"}
    nothing = {"outcome": None, "lesson": LESSON}
    assert codes(await _patch(world, escalation, nothing)) == {"#/lesson": "goes-with-outcome"}
