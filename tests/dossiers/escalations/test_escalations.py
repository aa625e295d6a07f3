"""Escalation: up the ladder of the child's region, with the clocks that it ends."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.kit.security.callers import Role
from tests.conftest import NOW, SettableClock
from tests.supply.capacity.locks import meeting
from tests.supply.providers.pages import flat, walk
from tests.world import World, codes, problem

HOORN = {"municipality": "GM0405"}
"""In Westfriesland (JZ05), which has agreed on when to ask the local team and the expert team."""

SKIPPED = "Al betrokken."


def _path(made: dict[str, Any]) -> str:
    return f"/v1/requests/{made['id']}/escalations"


async def _open(
    world: World, made: dict[str, Any], step: str, headers: dict[str, str] | None = None, **fields: Any
) -> httpx.Response:
    body = {"step": step, "reason": "no-suitable-offer", "asked": "Wie heeft een gezinshuis?", **fields}
    return await world.http.post(_path(made), json=body, headers=headers or world.gi)


async def _patch(
    world: World, escalation: dict[str, Any], body: Any, headers: dict[str, str] | None = None, etag: str = "*"
) -> httpx.Response:
    path = f"/v1/requests/{escalation['requestId']}/escalations/{escalation['id']}"
    return await world.http.patch(path, json=body, headers=(headers or world.gi) | {"If-Match": etag})


async def _read(world: World, made: dict[str, Any]) -> dict[str, Any]:
    return await world.ok(world.http.get(f"/v1/requests/{made['id']}", headers=world.gi))


async def test_needs_a_token(world: World) -> None:
    path = f"/v1/requests/{uuid4()}/escalations"
    for method, href in (("GET", path), ("POST", path), ("GET", f"{path}/{uuid4()}"), ("PATCH", f"{path}/{uuid4()}")):
        answer = await world.http.request(method, href, json=None if method == "GET" else {})
        problem(answer, 401, "unauthenticated")


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.REGION, Role.INSPECTORATE, Role.ADMIN], ids=str)
async def test_is_not_of_others(world: World, role: Role) -> None:
    made, headers = await world.add_request(), world.as_(role)
    escalation = (await _open(world, made, "local-team")).json()
    problem(await _open(world, made, "expert-team", headers), 403, "forbidden")
    problem(await world.http.get(_path(made), headers=headers), 403, "forbidden")
    problem(await world.http.get(f"{_path(made)}/{escalation['id']}", headers=headers), 403, "forbidden")
    problem(await _patch(world, escalation, {"outcome": "Klaar."}, headers), 403, "forbidden")


async def test_another_organisations_looks_as_if_it_did_not_exist(world: World) -> None:
    made, other = await world.add_request(), world.as_(Role.GI, organisation_id=uuid4())
    escalation = (await _open(world, made, "local-team")).json()
    mine = await world.add_request()
    problem(await _open(world, made, "expert-team", other), 404, "not-found")
    problem(await world.http.get(_path(made), headers=other), 404, "not-found")
    problem(await world.http.get(f"{_path(made)}/{escalation['id']}", headers=other), 404, "not-found")
    problem(await _patch(world, escalation, {"outcome": "Klaar."}, other), 404, "not-found")
    elsewhere = escalation | {"requestId": mine["id"]}
    problem(await _patch(world, elsewhere, {"outcome": "Klaar."}), 404, "not-found")


async def test_opens_a_step(world: World) -> None:
    made = await world.add_request()
    answer = await _open(world, made, "local-team")
    assert answer.status_code == 201, answer.text
    escalation = answer.json()
    assert answer.headers["location"] == f"{_path(made)}/{escalation['id']}"
    assert escalation == {
        "id": escalation["id"],
        "requestId": made["id"],
        "step": "local-team",
        "openedAt": "2026-11-22T10:00:00Z",
        "reason": "no-suitable-offer",
        "asked": "Wie heeft een gezinshuis?",
        "skipReason": None,
        "localTeam": None,
        "supraregion": None,
        "takenBy": None,
        "outcome": None,
        "outcomeKind": None,
        "outcomeOn": None,
        "offer": None,
        "lesson": None,
        "questions": [],
    }
    read = await world.http.get(answer.headers["location"], headers=world.gi)
    assert (read.json(), read.headers["etag"]) == (escalation, answer.headers["etag"])
    assert (await _read(world, made))["escalatedTo"] == "local-team"
    assert flat(await walk(world, "/v1/requests?escalated=true", world.gi)) == [made["id"]]
    assert flat(await walk(world, "/v1/requests?escalated=false", world.gi)) == []


async def test_goes_up_step_by_step(world: World, clock: SettableClock) -> None:
    made = await world.add_request()
    steps = ["local-team", "expert-team", "supraregional-network", "national"]
    for number, step in enumerate(steps):
        clock.now = NOW + timedelta(days=number)
        assert (await _open(world, made, step)).status_code == 201
        assert (await _read(world, made))["escalatedTo"] == step
    assert flat(await walk(world, f"{_path(made)}?limit=1", world.gi), "step") == steps
    history = flat(await walk(world, f"/v1/requests/{made['id']}/history", world.gi), "what")
    assert history == ["created"] + ["escalated"] * 4


@pytest.mark.parametrize(
    ("before", "step", "fields", "expected"),
    [
        ([], "expert-team", {}, {"#/skipReason": "missing"}),
        ([], "national", {}, {"#/skipReason": "missing"}),
        (["local-team"], "supraregional-network", {}, {"#/skipReason": "missing"}),
        ([], "local-team", {"skipReason": SKIPPED}, {"#/skipReason": "nothing-skipped"}),
        (["local-team"], "expert-team", {"skipReason": SKIPPED}, {"#/skipReason": "nothing-skipped"}),
        ([], "minister", {}, {"#/step": "unknown-code"}),
        ([], "local-team", {"reason": "zomaar", "asked": ""}, {"#/reason": "unknown-code", "#/asked": "too-short"}),
        ([], "local-team", {"asked": "Kind 111222333"}, {"#/asked": "bsn"}),
        ([], "expert-team", {"skipReason": "Kind 111222333"}, {"#/skipReason": "bsn"}),
    ],
)
async def test_bad_input_is_named(
    world: World, before: list[str], step: str, fields: dict[str, Any], expected: dict[str, str]
) -> None:
    made = await world.add_request()
    for each in before:
        await _open(world, made, each)
    assert codes(await _open(world, made, step, **fields)) == expected


async def test_skips_for_a_reason_and_never_goes_down(world: World) -> None:
    made = await world.add_request()
    skipped = await _open(world, made, "supraregional-network", skipReason=SKIPPED)
    assert (skipped.status_code, skipped.json()["skipReason"]) == (201, SKIPPED)
    for step in ("local-team", "expert-team", "supraregional-network"):
        answer = problem(await _open(world, made, step), 409, "conflict")
        assert "supraregional-network" in answer["detail"], "says what stands"
    assert (await _open(world, made, "national")).status_code == 201


async def test_a_step_can_be_taken_again_once_it_had_an_outcome(world: World) -> None:
    made = await world.add_request()
    first = (await _open(world, made, "local-team")).json()
    problem(await _open(world, made, "local-team"), 409, "conflict")
    await world.ok(_patch(world, first, {"outcome": "Niets gevonden."}))
    assert (await _read(world, made))["escalatedTo"] is None
    assert (await _open(world, made, "local-team")).status_code == 201
    assert (await _read(world, made))["escalatedTo"] == "local-team"


async def test_the_ladder_is_that_of_the_childs_region(world: World) -> None:
    made = await world.add_request()
    agreed = {"contactLocalTeamDays": None, "expertTeamDays": None, "referralAnswerDays": 5}
    body = agreed | {"escalationLadder": ["expert-team", "national"]}
    path, headers = "/v1/regions/JZ03/agreements", world.region() | {"If-Match": "*"}
    await world.ok(world.http.put(path, json=body, headers=headers))
    assert codes(await _open(world, made, "local-team")) == {"#/step": "not-in-ladder"}
    assert (await _open(world, made, "expert-team")).status_code == 201, "nothing is skipped"
    assert (await _open(world, made, "national")).status_code == 201


async def test_ends_the_clocks_of_the_region(world: World) -> None:
    made = await world.add_request(child=HOORN, requestedOn="2026-11-02")

    async def clocks() -> dict[str, Any]:
        return {each["clock"]: each["doneOn"] for each in (await _read(world, made))["clocks"]}

    assert (await clocks())["local-team"] is None
    await _open(world, made, "local-team")
    assert await clocks() == {
        **dict.fromkeys(["protection-worker", "course", "help", "expert-team"]),
        "local-team": "2026-11-22",
    }
    await _open(world, made, "expert-team")
    assert (await clocks())["expert-team"] == "2026-11-22"


async def test_an_expert_team_asked_at_once_ends_both(world: World) -> None:
    made = await world.add_request(child=HOORN)
    await _open(world, made, "expert-team", skipReason=SKIPPED)
    done = [each["doneOn"] for each in (await _read(world, made))["clocks"][3:]]
    assert done == ["2026-11-22", "2026-11-22"]


async def test_a_closed_request_is_not_escalated(world: World) -> None:
    made = await world.add_request()
    escalation = (await _open(world, made, "local-team")).json()
    body = {"status": "closed", "closedReason": "measure-ended"}
    headers = world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(f"/v1/requests/{made['id']}", json=body, headers=headers))
    problem(await _open(world, made, "expert-team"), 409, "conflict")
    problem(await _patch(world, escalation, {"outcome": "Klaar."}), 409, "conflict")


async def test_the_same_key_opens_one(world: World) -> None:
    made, headers = await world.add_request(), world.gi | {"Idempotency-Key": "een-sleutel"}
    first, again = [await _open(world, made, "local-team", headers) for _ in range(2)]
    assert (again.status_code, again.content) == (201, first.content)
    assert len((await world.ok(world.http.get(_path(made), headers=world.gi)))["items"]) == 1


async def test_of_two_at_once_one_is_opened(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    made = await world.add_request()
    sent = [_open(world, made, "local-team") for _ in range(2)]
    answers = await meeting(fresh_database_url, "SELECT FROM requests FOR UPDATE", *sent)
    assert sorted(answers) == [201, 409]


async def test_is_taken_and_comes_out(world: World, clock: SettableClock) -> None:
    made = await world.add_request()
    escalation = (await _open(world, made, "local-team")).json()
    taken = await _patch(world, escalation, {"takenBy": "wijkteam-noord"}, etag='"1"')
    assert taken.json() == escalation | {"takenBy": "wijkteam-noord"}
    problem(await _patch(world, escalation, {"outcome": "Klaar."}, etag='"1"'), 412, "stale-version")
    clock.now = NOW + timedelta(days=5)
    outcome = {"outcome": "Plek gevonden.", "outcomeOn": "2026-11-25"}
    done = (await _patch(world, escalation, outcome, etag=taken.headers["etag"])).json()
    assert done == escalation | {"takenBy": "wijkteam-noord"} | outcome
    assert (await _read(world, made))["escalatedTo"] is None
    corrected = (await _patch(world, escalation, {"outcome": "Toch niet."})).json()
    assert corrected["outcomeOn"] == "2026-11-25", "the day stays unless said"
    reopened = (await _patch(world, escalation, {"outcome": None})).json()
    assert (reopened["outcome"], reopened["outcomeOn"]) == (None, None)
    assert (await _read(world, made))["escalatedTo"] == "local-team"
    events = [item for items in await walk(world, f"/v1/requests/{made['id']}/history", world.gi) for item in items]
    assert [event["what"] for event in events[2:]] == [
        "escalation-changed",
        "escalation-changed",
        "escalation-ended",
        "escalation-changed",
        "escalation-changed",
        "escalation-reopened",
    ]
    assert events[2]["changes"] == [{"field": "escalations.local-team.takenBy", "old": None, "new": "wijkteam-noord"}]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"takenBy": "Jan Jansen"}, {"#/takenBy": "pattern"}),
        ({"takenBy": "111222333"}, {"#/takenBy": "bsn"}),
        ({"outcome": ""}, {"#/outcome": "too-short"}),
        ({"outcomeOn": "2026-11-22"}, {"#": "goes-with-outcome"}),
        ({"outcome": "Klaar.", "outcomeOn": "2026-11-23"}, {"#/outcomeOn": "in-future"}),
        ({"outcome": "Klaar.", "outcomeOn": "2026-11-21"}, {"#/outcomeOn": "order"}),
        ({"offer": {"providerName": "", "description": "BSN 111222333", "prijs": 1}},
         {"#/offer/providerName": "too-short", "#/offer/description": "bsn", "#/offer/prijs": "unknown-field"}),
        ({"step": "national"}, {"#/step": "unknown-field"}),
    ],
)  # fmt: skip
async def test_a_bad_change_is_named(world: World, body: dict[str, Any], expected: dict[str, str]) -> None:
    escalation = (await _open(world, await world.add_request(), "local-team")).json()
    assert codes(await _patch(world, escalation, body)) == expected


async def test_a_change_takes_a_version(world: World) -> None:
    made = await world.add_request()
    escalation = (await _open(world, made, "local-team")).json()
    answer = await world.http.patch(f"{_path(made)}/{escalation['id']}", json={"outcome": "Klaar."}, headers=world.gi)
    problem(answer, 428, "if-match-required")
