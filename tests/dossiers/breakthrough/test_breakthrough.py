"""The breakthrough list: the children over the norm, the longest first, and what could be done for each."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.dossiers.breakthrough.schemas import Breakthrough
from app.kit.security.callers import Role
from tests.conftest import NOW, SettableClock
from tests.supply.providers.pages import flat, walk
from tests.world import World, codes, problem

PATH = "/v1/breakthrough-list"
IN_TIME = {"type": "21", "imposedOn": "2026-11-20"}


async def _listed(world: World, headers: dict[str, str], query: str = "limit=1") -> list[dict[str, Any]]:
    pages = await walk(world, f"{PATH}?{query}", headers)
    return [item for items in pages for item in items]


async def _put(world: World, made: dict[str, Any], milestone: str, day: str = "2026-11-20") -> None:
    path = f"/v1/requests/{made['id']}/milestones/{milestone}"
    await world.ok(world.http.put(path, json={"date": day}, headers=world.gi | {"If-Match": "*"}))


async def test_needs_a_token(world: World) -> None:
    problem(await world.http.get(PATH), 401, "unauthenticated")


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE, Role.ADMIN], ids=str)
async def test_is_of_institutions_and_expert_teams_only(world: World, role: Role) -> None:
    problem(await world.http.get(PATH, headers=world.as_(role)), 403, "forbidden")


async def test_another_regions_is_forbidden_and_bad_keys_are_named(world: World) -> None:
    problem(await world.http.get(f"{PATH}?region=JZ06", headers=world.expert_team()), 403, "forbidden")
    answer = await world.http.get(f"{PATH}?region=JZ40&light=red", headers=world.gi)
    assert codes(answer) == {"#/query/region": "unknown-code", "#/query/light": "unknown-query-key"}


async def test_an_expert_team_sees_all_of_its_region_and_an_institution_its_own(world: World) -> None:
    mine = await world.add_request()
    far = await world.add_request(child={"municipality": "GM0361"})
    other = world.as_(Role.LOCAL_TEAM, organisation_id=uuid4())
    theirs = await world.add_request(other)

    async def seen(headers: dict[str, str], query: str = "limit=1") -> set[str]:
        return {item["requestId"] for item in await _listed(world, headers, query)}

    assert await seen(world.expert_team()) == {mine["id"], theirs["id"]}
    assert await seen(world.expert_team("JZ06")) == {far["id"]}
    assert await seen(world.gi) == {mine["id"], far["id"]}
    assert await seen(world.gi, "region=JZ06") == {far["id"]}
    assert await seen(other) == {theirs["id"]}


async def test_only_an_institution_sees_what_it_calls_the_child(world: World) -> None:
    made = await world.add_request(childReference="kind-99", careWorker="worker-77")
    [own] = await _listed(world, world.gi)
    assert own["childReference"] == made["childReference"]
    [item] = await _listed(world, world.expert_team())
    assert item == own | {"childReference": None}
    assert not any(each in json.dumps(item) for each in ("kind-99", "worker-77", "2014-05"))


async def test_holds_those_over_a_norm_without_help_the_longest_first(world: World, clock: SettableClock) -> None:
    def measure(day: str) -> dict[str, Any]:
        return {"measure": {"type": "21", "imposedOn": day}}

    late = await world.add_request(child=measure("2026-11-02"))
    later = await world.add_request(child=measure("2026-10-12"))
    await world.add_request(child=measure("2026-11-20"))
    await world.add_request(child={"measure": None})
    helped = await world.add_request()
    await _put(world, helped, "help")
    done = await world.add_request()
    await _put(world, done, "protection-worker")
    assert flat([await _listed(world, world.gi)], "requestId") == [later["id"], late["id"]]
    clock.now = NOW + timedelta(days=2)  # the course of a measure of 12 October was due on the 23rd
    listed = await _listed(world, world.gi)
    assert flat([listed], "requestId") == [later["id"], late["id"], done["id"]]
    assert [(item["overNormSince"], item["daysOver"]) for item in listed] == [
        ("2026-10-20", 36),
        ("2026-11-10", 15),
        ("2026-11-24", 1),
    ]
    assert [[each["clock"] for each in item["clocks"]] for item in listed] == [
        ["protection-worker", "course"],
        ["protection-worker"],
        ["course"],
    ]


async def test_says_what_could_be_done(world: World) -> None:
    fitting = await world.add_offer()
    await world.add_contract(fitting["providerId"])
    await world.report(fitting)
    uncontracted = await world.add_offer()
    await world.report(uncontracted)
    made = await world.add_request(needs=[])
    await world.ok(
        world.http.post(
            f"/v1/requests/{made['id']}/explanations",
            json={"clock": "protection-worker", "cause": "staff-shortage", "text": "Geen jeugdbeschermer vrij."},
            headers=world.gi,
        )
    )
    [item] = await _listed(world, world.expert_team())
    Breakthrough.model_validate(item)
    assert [each["offer"]["id"] for each in item["results"]] == [fitting["id"]]
    assert [(each["offer"]["id"], each["needs"]) for each in item["alternatives"]] == [
        (uncontracted["id"], "light-contract")
    ]
    assert item["choices"] == made["choices"]
    assert (item["age"], item["municipality"], item["region"]) == (12, "GM0400", "JZ03")
    assert item["clocks"][0]["explanations"][0]["cause"] == "staff-shortage"
    assert item["refusals"] == []
    english = world.expert_team() | {"Accept-Language": "en"}
    [translated] = await _listed(world, english)
    assert translated["alternatives"][0]["explanation"] != item["alternatives"][0]["explanation"]
