"""What regions have agreed: each its own; the clocks of their children go by it."""

import asyncio
from typing import Any

import httpx
import pytest

from app.kit.security.callers import Role
from tests.world import World, codes, problem

PATH = "/v1/regions/{}/agreements"
LADDER = ["local-team", "expert-team", "supraregional-network", "national"]
DEFAULT = {
    "contactLocalTeamDays": None,
    "expertTeamDays": None,
    "alsoWithoutMeasure": False,
    "authorisationWarningDays": 28,
    "nextPlaceDays": 42,
    "referralAnswerDays": 5,
    "urgentAnswerDays": 2,
    "crisisAnswerHours": 24,
    "arrangementAnswerDays": 5,
    "escalationLadder": LADDER,
    "supraregion": "noord-holland",
}


async def _put(
    world: World, body: Any, headers: dict[str, str] | None = None, region: str = "JZ03", etag: str | None = "*"
) -> httpx.Response:
    sent = (headers or world.region()) | ({"If-Match": etag} if etag else {})
    return await world.http.put(PATH.format(region), json=body, headers=sent)


async def test_needs_a_token(world: World) -> None:
    problem(await world.http.get(PATH.format("JZ03")), 401, "unauthenticated")
    problem(await world.http.put(PATH.format("JZ03"), json=DEFAULT), 401, "unauthenticated")


@pytest.mark.parametrize(
    "role", [each for each in Role if each not in {Role.REGION, Role.ADMIN, Role.REFERRER}], ids=str
)
async def test_is_read_by_all_and_written_by_regions_and_admins(world: World, role: Role) -> None:
    headers = world.as_(role)
    content = await world.ok(world.http.get(PATH.format("JZ03"), headers=headers))
    assert content == {"region": "JZ03", **DEFAULT}
    problem(await _put(world, DEFAULT, headers), 403, "forbidden")


async def test_a_region_writes_its_own_only(world: World) -> None:
    problem(await _put(world, DEFAULT, region="JZ06"), 403, "forbidden")
    assert (await _put(world, DEFAULT)).status_code == 200
    assert (await _put(world, DEFAULT, world.admin, "JZ06")).status_code == 200


@pytest.mark.parametrize(("region", "status"), [("JZ40", 404), ("JZ99", 404), ("West", 400)])
async def test_an_unknown_region_does_not_exist(world: World, region: str, status: int) -> None:
    assert (await world.http.get(PATH.format(region), headers=world.gi)).status_code == status
    assert (await _put(world, DEFAULT, world.admin, region)).status_code == status


async def test_westfriesland_has_its_agreements_from_the_start(world: World) -> None:
    content = await world.ok(world.http.get(PATH.format("JZ05"), headers=world.gi))
    assert content == {"region": "JZ05", **DEFAULT, "contactLocalTeamDays": 14, "expertTeamDays": 42}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"contactLocalTeamDays": 0, "expertTeamDays": 366, "referralAnswerDays": 61, "escalationLadder": []},
            {
                "#/contactLocalTeamDays": "out-of-range",
                "#/expertTeamDays": "out-of-range",
                "#/referralAnswerDays": "out-of-range",
                "#/escalationLadder": "too-few",
            },
        ),
        (
            {"referralAnswerDays": None, "alsoWithoutMeasure": None, "nextPlaceDays": None},
            {"#/referralAnswerDays": "type", "#/alsoWithoutMeasure": "type", "#/nextPlaceDays": "type"},
        ),
        (
            {"authorisationWarningDays": 0, "nextPlaceDays": 366},
            {"#/authorisationWarningDays": "out-of-range", "#/nextPlaceDays": "out-of-range"},
        ),
        ({"escalationLadder": ["national", "local-team"]}, {"#/escalationLadder": "order"}),
        ({"escalationLadder": ["national", "national"]}, {"#/escalationLadder": "repeated"}),
        (
            {"escalationLadder": ["minister"], "extra": 1},
            {"#/escalationLadder/0": "unknown-code", "#/extra": "unknown-field"},
        ),
    ],
)
async def test_bad_input_is_named(world: World, fields: dict[str, Any], expected: dict[str, str]) -> None:
    assert codes(await _put(world, DEFAULT | fields)) == expected
    missing = codes(await _put(world, {}))
    defaults = {
        "alsoWithoutMeasure",
        "authorisationWarningDays",
        "nextPlaceDays",
        "urgentAnswerDays",
        "crisisAnswerHours",
        "arrangementAnswerDays",
        "supraregion",
    }
    assert missing == {f"#/{name}": "missing" for name in DEFAULT if name not in defaults}


async def test_is_set_on_the_version_that_was_read(world: World) -> None:
    path, mine = PATH.format("JZ03"), DEFAULT | {"expertTeamDays": 28, "escalationLadder": ["expert-team", "national"]}
    read = await world.http.get(path, headers=world.region())
    problem(await _put(world, mine, etag=None), 428, "if-match-required")
    problem(await _put(world, mine, etag='"1"'), 412, "stale-version")
    answer = await _put(world, mine, etag=read.headers["etag"])
    assert (answer.status_code, answer.json()) == (200, {"region": "JZ03", **mine})
    problem(await _put(world, DEFAULT, etag=read.headers["etag"]), 412, "stale-version")
    again = await world.http.get(path, headers=world.gi)
    assert (again.json(), again.headers["etag"]) == (answer.json(), answer.headers["etag"])
    assert (await _put(world, mine, etag=answer.headers["etag"])).headers["etag"] == answer.headers["etag"]


async def test_of_two_that_set_it_first_at_once_one_is_stale(committing_world: World) -> None:
    world = committing_world
    sent = [_put(world, DEFAULT | {"expertTeamDays": days}, etag='"0"') for days in (10, 20, 30)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*sent)) == [200, 412, 412]


async def test_the_clocks_of_its_children_go_by_it_at_once(world: World) -> None:
    made = await world.add_request(requestedOn="2026-11-02")
    assert [each["clock"] for each in made["clocks"]] == ["protection-worker", "course", "help"]
    other = await world.add_request(child={"municipality": "GM0361"})
    await _put(world, DEFAULT | {"contactLocalTeamDays": 20, "expertTeamDays": 40})

    async def read(request: dict[str, Any]) -> list[dict[str, Any]]:
        content = await world.ok(world.http.get(f"/v1/requests/{request['id']}", headers=world.gi))
        found: list[dict[str, Any]] = content["clocks"]
        return found

    local_team, expert_team = (await read(made))[3:]
    assert (local_team["clock"], local_team["dueOn"], local_team["light"]) == ("local-team", "2026-11-22", "amber")
    assert (expert_team["clock"], expert_team["dueOn"], expert_team["light"]) == ("expert-team", "2026-11-21", "red")
    assert {local_team["norm"], expert_team["norm"]} == {"regional-agreement"}
    assert await read(other) == other["clocks"]


async def test_a_region_chooses_which_of_its_supraregions_takes_the_supraregional_step(world: World) -> None:
    answer = await _put(world, DEFAULT | {"supraregion": "nw4"})
    assert answer.json()["supraregion"] == "nw4"
    assert codes(await _put(world, DEFAULT | {"supraregion": "zuidwest"})) == {"#/supraregion": "not-of-region"}
    assert codes(await _put(world, DEFAULT | {"supraregion": "atlantis"})) == {"#/supraregion": "unknown-code"}
    assert (await _put(world, DEFAULT | {"supraregion": None})).json()["supraregion"] == "noord-holland", "the widest"
    read = await world.ok(world.http.get(PATH.format("JZ01"), headers=world.gi))
    assert read["supraregion"] is None, "it is in none"
