"""The expert team of a region sees what was put before it, in full but for what its institution calls the child."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.kit.security.callers import Role
from tests.access.clients import add_organisation
from tests.conftest import NOW, SettableClock
from tests.supply.providers.pages import flat, walk
from tests.world import World, codes, problem

PATH = "/v1/escalated-requests"
REASON = {"reason": "no-suitable-offer", "asked": "Wie heeft een gezinshuis?"}


async def _escalate(world: World, made: dict[str, Any], step: str = "expert-team") -> dict[str, Any]:
    body = {"step": step, **REASON} | ({} if step == "local-team" else {"skipReason": "Al betrokken."})
    return await world.ok(world.http.post(f"/v1/requests/{made['id']}/escalations", json=body, headers=world.gi))


async def _patch(world: World, escalation: dict[str, Any], body: Any, headers: dict[str, str]) -> httpx.Response:
    path = f"/v1/requests/{escalation['requestId']}/escalations/{escalation['id']}"
    return await world.http.patch(path, json=body, headers=headers | {"If-Match": "*"})


async def test_needs_a_token(world: World) -> None:
    problem(await world.http.get(PATH), 401, "unauthenticated")
    problem(await world.http.get(f"{PATH}/{uuid4()}"), 401, "unauthenticated")


async def test_is_not_of_those_without_a_step(world: World) -> None:
    made = await world.add_request()
    await _escalate(world, made)
    for role in set(Role) - {Role.LOCAL_TEAM, Role.SUPRAREGION, Role.NATIONAL}:  # a region's client without the right
        for path in (PATH, f"{PATH}/{made['id']}"):
            problem(await world.http.get(path, headers=world.as_(role)), 403, "forbidden")


async def test_sees_no_other_request(world: World) -> None:
    not_escalated = await world.add_request()
    lower = await world.add_request()
    await _escalate(world, lower, "local-team")
    elsewhere = await world.add_request(child={"municipality": "GM0361"})
    await _escalate(world, elsewhere)
    headers = world.expert_team()
    assert (await world.ok(world.http.get(PATH, headers=headers)))["items"] == []
    for made in (not_escalated, lower, elsewhere, {"id": uuid4()}):
        problem(await world.http.get(f"{PATH}/{made['id']}", headers=headers), 404, "not-found")
        problem(await world.http.get(f"/v1/requests/{made['id']}/escalations", headers=headers), 404, "not-found")
    found = await world.ok(world.http.get(PATH, headers=world.expert_team("JZ06")))
    assert flat([found["items"]]) == [elsewhere["id"]]


@pytest.mark.parametrize("path", ["", "/history", "/choices", "/matches", "/rankings"])
async def test_the_dossier_itself_stays_its_institutions(world: World, path: str) -> None:
    made = await world.add_request()
    await _escalate(world, made)
    problem(await world.http.get(f"/v1/requests/{made['id']}{path}", headers=world.expert_team()), 403, "forbidden")


async def test_sees_it_in_full_but_for_the_references(world: World, clock: SettableClock) -> None:
    organisation = await add_organisation(world, name="Demo GI", role="gi")
    gi = world.as_(Role.GI, organisation_id=UUID(organisation["id"]))
    own = {"careWorker": "worker-77", "siblingGroup": "gezin-88"}
    made = await world.add_request(gi, needs=["trauma"], childReference="kind-99", **own)
    await world.add_request(gi, siblingGroup="gezin-88")
    body = {"step": "local-team", **REASON}
    first = await world.ok(world.http.post(f"/v1/requests/{made['id']}/escalations", json=body, headers=gi))
    clock.now = NOW + timedelta(hours=1)
    body = {"step": "expert-team", **REASON}
    second = await world.ok(world.http.post(f"/v1/requests/{made['id']}/escalations", json=body, headers=gi))
    shown = await world.ok(world.http.get(f"{PATH}/{made['id']}", headers=world.expert_team()))
    kept = await world.ok(world.http.get(f"/v1/requests/{made['id']}", headers=gi))
    hidden = {"childReference", "careWorker", "team", "siblingGroup", "siblings", "shared", "proposedCharacteristics"}
    assert shown == {name: value for name, value in kept.items() if name not in hidden} | {
        "organisationId": organisation["id"],
        "organisation": "Demo GI",
        "siblingCount": 1,
        "escalations": [first, second],
        "refusals": [],
    }
    assert not any(each in json.dumps(shown) for each in ("kind-99", "worker-77", "gezin-88"))
    listed = await world.ok(world.http.get(PATH, headers=world.expert_team()))
    assert listed["items"] == [shown]


async def test_lists_by_the_day_it_was_asked_on_pages(world: World, clock: SettableClock) -> None:
    made = [await world.add_request() for _ in range(3)]
    for days, each in enumerate(reversed(made)):
        clock.now = NOW + timedelta(days=days)
        await _escalate(world, each)
    assert flat(await walk(world, f"{PATH}?limit=1", world.expert_team())) == [each["id"] for each in reversed(made)]


async def test_adds_an_outcome_and_an_offer_outside_the_contracts(world: World) -> None:
    made = await world.add_request()
    escalation = await _escalate(world, made)
    offer = {"providerName": "Demo Gezinshuizen De Horizon", "description": "Plek vanaf 1 december, licht contract."}
    body = {"takenBy": "ret-kop", "outcome": "Plek buiten de contracten.", "offer": offer}
    answer = await _patch(world, escalation, body, world.expert_team())
    assert answer.status_code == 200, answer.text
    assert answer.json() == escalation | body | {"outcomeOn": "2026-11-22", "outcomeKind": "help"}
    path = f"/v1/requests/{made['id']}/escalations/{escalation['id']}"
    assert await world.ok(world.http.get(path, headers=world.gi)) == answer.json()
    events = [item for items in await walk(world, f"/v1/requests/{made['id']}/history", world.gi) for item in items]
    assert events[-1]["clientId"] == events[-2]["clientId"] == "test-expert-team-JZ03"
    assert (await _patch(world, escalation, {"offer": None}, world.expert_team())).json()["offer"] is None
    problem(await world.http.get(f"{PATH}/{made['id']}", headers=world.expert_team()), 404, "not-found")


async def test_leaves_the_local_teams_step_alone(world: World) -> None:
    made = await world.add_request()
    lower = await _escalate(world, made, "local-team")
    body = {"step": "expert-team", **REASON}
    await world.ok(world.http.post(f"/v1/requests/{made['id']}/escalations", json=body, headers=world.gi))
    problem(await _patch(world, lower, {"outcome": "Klaar."}, world.expert_team()), 404, "not-found")
    problem(await _patch(world, lower, {"outcome": "Klaar."}, world.expert_team("JZ06")), 404, "not-found")


@pytest.mark.parametrize("how", ["helped", "closed"])
async def test_sees_it_no_more_once_help_began_or_it_is_closed(world: World, how: str) -> None:
    made = await world.add_request()
    escalation = await _escalate(world, made)
    path, headers = f"/v1/requests/{made['id']}", world.gi | {"If-Match": "*"}
    if how == "helped":
        await world.ok(world.http.put(f"{path}/milestones/help", json={"date": "2026-11-21"}, headers=headers))
    else:
        body = {"status": "closed", "closedReason": "measure-ended"}
        await world.ok(world.http.patch(path, json=body, headers=headers))
    problem(await world.http.get(f"{PATH}/{made['id']}", headers=world.expert_team()), 404, "not-found")
    problem(await _patch(world, escalation, {"outcome": "Klaar."}, world.expert_team()), 404, "not-found")
    assert (await world.ok(world.http.get(PATH, headers=world.expert_team())))["items"] == []


async def test_an_expert_team_opens_no_steps(world: World) -> None:
    made = await world.add_request()
    await _escalate(world, made)
    body = {"step": "national", **REASON}
    answer = await world.http.post(f"/v1/requests/{made['id']}/escalations", json=body, headers=world.expert_team())
    problem(answer, 403, "forbidden")


async def test_unknown_query_keys_are_named(world: World) -> None:
    answer = await world.http.get(f"{PATH}?region=JZ06", headers=world.expert_team())
    assert codes(answer) == {"#/query/region": "unknown-query-key"}
