"""How organisations are reached: each says it itself, an admin for any, and local teams are found by municipality."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.kit.security.callers import Role
from tests.access.clients import add_organisation
from tests.world import World, codes, problem

ME = "/v1/me/contact"
HOURS = {"days": ["mon", "fri"], "opens": "09:00", "closes": "17:00"}
TEAM = {
    "key": "kop",
    "name": "Team Kop",
    "phone": "088 000 0125",
    "email": "kop@example.org",
    "openingHours": [{"days": ["tue"], "opens": "13:00", "closes": "24:00"}],
}
CONTACT = {
    "name": "Aanmeldpunt",
    "phone": "088 000 0124",
    "email": "aanmeldpunt@example.org",
    "openingHours": [HOURS],
    "teams": [TEAM],
    "municipalities": [],
}
EMPTY: dict[str, Any] = {
    "name": None,
    "phone": None,
    "email": None,
    "openingHours": [],
    "teams": [],
    "municipalities": [],
}


async def put(
    world: World, body: dict[str, Any], headers: dict[str, str] | None = None, *, path: str = ME, etag: str = "*"
) -> httpx.Response:
    return await world.http.put(path, json=body, headers={"If-Match": etag, **(headers or world.gi)})


async def test_whose_it_is(world: World) -> None:
    organisation = (await add_organisation(world))["id"]
    paths = {ME: set(Role) - {Role.PROVIDER, Role.REFERRER}, f"/v1/organisations/{organisation}/contact": {Role.ADMIN}}
    for path, own in paths.items():
        problem(await world.http.get(path), 401, "unauthenticated")
        problem(await put(world, {"name": "X"}, {"Authorization": ""}, path=path), 401, "unauthenticated")
        for role in Role:
            read = await world.http.get(path, headers=world.as_(role))
            written = await put(world, {"name": "Balie"}, world.as_(role), path=path)
            assert (read.status_code, written.status_code) == ((200, 200) if role in own else (403, 403)), role
    unknown = f"/v1/organisations/{UUID(int=9)}/contact"
    problem(await put(world, {"name": "X"}, world.admin, path=unknown), 404, "not-found")
    problem(await world.http.get(unknown, headers=world.admin), 404, "not-found")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": ""}, {"#/name": "too-short"}),
        ({"phone": "", "email": "geen adres"}, {"#/phone": "too-short", "#/email": "email"}),
        ({"phone": "123456782"}, {"#/phone": "bsn"}),
        ({"openingHours": [HOURS | {"days": []}]}, {"#/openingHours/0/days": "too-few"}),
        ({"openingHours": [HOURS | {"days": ["maandag"]}]}, {"#/openingHours/0/days/0": "unknown-code"}),
        ({"openingHours": [HOURS | {"opens": "9:00"}]}, {"#/openingHours/0/opens": "pattern"}),
        ({"openingHours": [HOURS | {"closes": "24:01"}]}, {"#/openingHours/0/closes": "pattern"}),
        ({"openingHours": [HOURS | {"closes": "09:00"}]}, {"#/openingHours/0/closes": "order"}),
        ({"openingHours": [HOURS, HOURS | {"days": ["fri"], "opens": "16:59"}]}, {"#/openingHours": "overlap"}),
        ({"teams": [TEAM, TEAM | {"name": "Nog een"}]}, {"#/teams": "repeated"}),
        ({"teams": [TEAM | {"key": "met spatie"}]}, {"#/teams/0/key": "pattern"}),
        ({"municipalities": ["GM0400"]}, {"#/municipalities": "not-applicable"}),
        ({"municipalities": ["GM9999"]}, {"#/municipalities/0": "unknown-code"}),
        ({"careWorker": "w-1"}, {"#/careWorker": "unknown-field"}),
    ],
)
async def test_bad_input_is_named(world: World, fields: dict[str, Any], expected: dict[str, str]) -> None:
    assert codes(await put(world, CONTACT | fields)) == expected
    assert (await world.ok(world.http.get(ME, headers=world.gi))) == EMPTY


async def test_teams_are_an_institutions_alone(world: World) -> None:
    assert codes(await put(world, CONTACT, world.region())) == {"#/teams": "not-applicable"}


async def test_is_said_on_the_version_that_was_read(world: World) -> None:
    read = await world.http.get(ME, headers=world.gi)
    assert read.json() == EMPTY
    assert "contact" not in await world.ok(world.http.get("/v1/me", headers=world.gi))
    problem(await world.http.put(ME, json=CONTACT, headers=world.gi), 428, "if-match-required")
    problem(await put(world, CONTACT, etag='"1"'), 412, "stale-version")
    answer = await put(world, CONTACT, etag=read.headers["etag"])
    assert (answer.status_code, answer.json()) == (200, CONTACT)
    problem(await put(world, {"name": "Te laat"}, etag=read.headers["etag"]), 412, "stale-version")
    again = await world.http.get(ME, headers=world.gi)
    assert (again.json(), again.headers["etag"]) == (CONTACT, answer.headers["etag"])
    assert (await world.ok(world.http.get("/v1/me", headers=world.gi)))["contact"] == CONTACT
    bare = await put(world, {"name": "Balie"}, etag=answer.headers["etag"])
    assert bare.json() == EMPTY | {"name": "Balie"}


async def test_of_two_that_say_it_first_at_once_one_is_stale(committing_world: World) -> None:
    world = committing_world
    sent = [put(world, {"name": name}, etag='"0"') for name in ("A", "B", "C")]
    assert sorted(answer.status_code for answer in await asyncio.gather(*sent)) == [200, 412, 412]


async def test_an_admin_says_it_for_an_organisation(world: World) -> None:
    made = await add_organisation(world, role="region", region="JZ03", name="Kop")
    path = f"/v1/organisations/{made['id']}/contact"
    answer = await put(world, {"name": "Toegang Kop", "phone": "0223 000 000"}, world.admin, path=path)
    assert answer.json() == EMPTY | {"name": "Toegang Kop", "phone": "0223 000 000"}
    region = world.as_(Role.REGION, organisation_id=UUID(made["id"]))
    assert (await world.ok(world.http.get(ME, headers=region))) == answer.json()


async def test_a_providers_contact_is_its_intake_desk(world: World) -> None:
    desk = {"intakeDesk": "Aanmeldteam", "phone": "088 000 0123", "email": "aanmelden@example.org"}
    provider = await world.add_provider(contact=desk)
    own = (await world.ok(world.http.get("/v1/me", headers=world.provider(provider))))["contact"]
    assert own == EMPTY | {"name": "Aanmeldteam", "phone": desk["phone"], "email": desk["email"]}
    made = await add_organisation(world, role="provider", providerId=provider)
    path = f"/v1/organisations/{made['id']}/contact"
    told = problem(await put(world, {"name": "Balie"}, world.admin, path=path), 409, "conflict")
    assert "/v1/providers" in told["detail"]


async def test_local_teams_are_found_by_municipality(world: World) -> None:
    for number, (name, municipalities) in enumerate(
        [("Wijkteam Oost", ["GM0400"]), ("Wijkteam Alkmaar", ["GM0361", "GM0400"]), ("Wijkteam Ver", ["GM0014"])]
    ):
        headers = world.as_(Role.LOCAL_TEAM, organisation_id=UUID(int=50 + number))
        await world.ok(put(world, {"name": name, "municipalities": municipalities, "phone": "0223"}, headers))
    await world.ok(put(world, CONTACT))

    async def found(query: str) -> list[str]:
        listed = await world.ok(world.http.get(f"/v1/local-teams?{query}", headers=world.gi))
        return [each["name"] for each in listed["items"]]

    assert await found("municipality=GM0400") == ["Wijkteam Alkmaar", "Wijkteam Oost"]
    assert await found("municipality=GM0014") == ["Wijkteam Ver"]
    assert await found("municipality=GM0363") == []
    assert await found("limit=200") == ["Wijkteam Alkmaar", "Wijkteam Oost", "Wijkteam Ver"]
    first = await world.ok(world.http.get("/v1/local-teams?limit=1", headers=world.gi))
    assert first["items"] == [
        {
            "name": "Wijkteam Alkmaar",
            "phone": "0223",
            "email": None,
            "openingHours": [],
            "organisationId": str(UUID(int=51)),
            "municipalities": ["GM0361", "GM0400"],
        }
    ]
    following = await world.ok(world.http.get(first["_links"]["next"]["href"], headers=world.gi))
    assert [each["name"] for each in following["items"]] == ["Wijkteam Oost"]
    problem(await world.http.get("/v1/local-teams"), 401, "unauthenticated")
    problem(await world.http.get("/v1/local-teams", headers=world.as_(Role.REFERRER)), 403, "forbidden")
    bad = await world.http.get("/v1/local-teams?municipality=Den%20Helder", headers=world.gi)
    assert list(codes(bad)) == ["#/query/municipality"]
