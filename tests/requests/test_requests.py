"""Keeping requests: each institution and local team its own, with every change in the history."""

from typing import Any
from uuid import uuid4

import pytest

from app.kit.auth import Role
from tests.world import World, problem, request_body

PATH = "/v1/requests"
BSN = "111222333"
OTHERS = [Role.PROVIDER, Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE, Role.ADMIN]
READS = ["", "/{id}", "/{id}/history", "/{id}/choices"]


def _other(world: World) -> dict[str, str]:
    """Another institution."""
    return world.as_(Role.GI, organisation_id=uuid4(), client_id="test-other-gi")


@pytest.mark.parametrize("path", READS)
async def test_needs_a_token(world: World, path: str) -> None:
    made = await world.add_request()
    problem(await world.http.get(PATH + path.format(**made)), 401, "unauthenticated")
    problem(await world.http.post(PATH, json=request_body()), 401, "unauthenticated")
    problem(await world.http.patch(f"{PATH}/{made['id']}", json={}), 401, "unauthenticated")


@pytest.mark.parametrize("role", OTHERS, ids=str)
async def test_is_of_institutions_and_local_teams_only(world: World, role: Role) -> None:
    made, headers = await world.add_request(), world.as_(role)
    for path in READS:
        problem(await world.http.get(PATH + path.format(**made), headers=headers), 403, "forbidden")
    problem(await world.http.post(PATH, json=request_body(), headers=headers), 403, "forbidden")
    sent = world.http.patch(f"{PATH}/{made['id']}", json={"places": 2}, headers=headers | {"If-Match": "*"})
    problem(await sent, 403, "forbidden")


async def test_another_organisations_looks_as_if_it_did_not_exist(world: World) -> None:
    made, headers = await world.add_request(), _other(world)
    for path in READS[1:]:
        mine = await world.http.get(PATH + path.format(**made), headers=headers)
        none = await world.http.get(PATH + path.format(id=uuid4()), headers=headers)
        assert problem(mine, 404, "not-found")["detail"] == problem(none, 404, "not-found")["detail"]
    sent = world.http.patch(f"{PATH}/{made['id']}", json={"places": 2}, headers=headers | {"If-Match": "*"})
    problem(await sent, 404, "not-found")
    assert (await world.ok(world.http.get(PATH, headers=headers)))["items"] == []
    assert await world.ok(world.http.get(f"{PATH}/{made['id']}", headers=world.gi)) == made


async def test_is_kept_as_it_was_given(world: World) -> None:
    body = request_body(needs=["trauma"], wishes=["lvb"], characteristics=["weglopen"], places=2, neededBy="2026-12-15")
    body |= {"careWorker": "w-12", "siblingGroup": "gezin-31", "extendedHelp": True, "requestedOn": "2026-11-02"}
    answer = await world.http.post(PATH, json=body, headers=world.gi)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == f"{PATH}/{made['id']}"
    plain = {name: value for name, value in body.items() if name not in {"child", "choices"}}
    assert {name: made[name] for name in plain} == plain
    assert made["child"] == {**body["child"], "courtAuthorisation": False, "region": "JZ03"}
    whole = {"careType": "gezinshuis", "offerId": None, "providerId": None, "maxDistanceKm": None}
    assert made["choices"] == [whole]
    assert (made["firstChoice"], made["choicesVersion"]) == (whole, 1)
    assert (made["status"], made["closedReason"], made["closedOn"]) == ("open", None, None)
    assert made["createdAt"] == made["updatedAt"] == "2026-11-22T10:00:00Z"
    read = await world.http.get(f"{PATH}/{made['id']}", headers=world.gi)
    assert read.json() == made
    assert read.headers["etag"] == answer.headers["etag"]


def _reference(text: Any) -> dict[str, Any]:
    return request_body() | {"childReference": text}
