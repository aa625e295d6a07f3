"""A request that is shared with a local team: it reads all of it save the references, and writes nothing."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.kit.security.callers import Role
from tests.access.clients import add_organisation
from tests.dossiers.referrals.scene import refer
from tests.supply.capacity.locks import meeting
from tests.supply.providers.pages import flat, walk
from tests.world import World, codes, problem

Json = dict[str, Any]
Headers = dict[str, str]

ASKED = {"step": "local-team", "reason": "no-suitable-offer", "asked": "Wie heeft een plek?"}
OWN: Json = {"childReference": "kind-7731", "careWorker": "werker-7732", "siblingGroup": "gezin-7733"}


async def _team(world: World, name: str = "Wijkteam") -> tuple[str, Headers]:
    """A local team that is registered: its id, and its headers."""
    made = await add_organisation(world, name=name, role="local-team")
    return made["id"], world.as_(Role.LOCAL_TEAM, organisation_id=UUID(made["id"]), client_id="wijkteam")


def _path(made: Json, team: str) -> str:
    return f"/v1/requests/{made['id']}/shares/{team}"


async def _share(
    world: World, made: Json, team: str, may: str = "read", headers: Headers | None = None, etag: str = "*"
) -> httpx.Response:
    sent = (headers or world.gi) | {"If-Match": etag}
    return await world.http.put(_path(made, team), json={"may": may}, headers=sent)


async def _end(world: World, made: Json, team: str) -> httpx.Response:
    return await world.http.delete(_path(made, team), headers=world.gi | {"If-Match": "*"})


async def _shares(world: World, made: Json) -> list[Json]:
    found = await world.ok(world.http.get(f"/v1/requests/{made['id']}/shares", headers=world.gi))
    items: list[Json] = found["items"]
    return items


async def _escalate(world: World, made: Json, headers: Headers | None = None, **fields: Any) -> httpx.Response:
    path = f"/v1/requests/{made['id']}/escalations"
    return await world.http.post(path, json=ASKED | fields, headers=headers or world.gi)


async def _answer(world: World, escalation: Json, body: Json, headers: Headers) -> httpx.Response:
    path = f"/v1/requests/{escalation['requestId']}/escalations/{escalation['id']}"
    return await world.http.patch(path, json=body, headers=headers | {"If-Match": "*"})


async def _reads(world: World, made: Json, headers: Headers) -> bool:
    """Whether a dossier can be read: itself, in the list, and what is in it."""
    path = f"/v1/requests/{made['id']}"
    listed = made["id"] in flat([(await world.ok(world.http.get("/v1/requests", headers=headers)))["items"]])
    for each in (path, f"{path}/history", f"{path}/matches", f"{path}/escalations"):
        assert (await world.http.get(each, headers=headers)).status_code == (200 if listed else 404), each
    return listed


async def test_needs_a_version_and_a_local_team(world: World) -> None:
    made, (team, _) = await world.add_request(), await _team(world)
    unversioned = await world.http.put(_path(made, team), json={"may": "read"}, headers=world.gi)
    problem(unversioned, 428, "if-match-required")
    problem(await _share(world, made, team, etag='"7"'), 412, "stale-version")
    assert codes(await _share(world, made, team, may="write")) == {"#/may": "unknown-code"}
    provider = await add_organisation(world, name="Een GI", role="gi")
    for other in (provider["id"], str(uuid4())):
        assert codes(await _share(world, made, other)) == {"#/path/organisationId": "not-a-local-team"}
    own, headers = await _team(world, "Een ander wijkteam")
    mine = await world.add_request(headers)
    assert codes(await _share(world, mine, own, headers=headers)) == {"#/path/organisationId": "own-request"}
    problem(await _end(world, made, team), 404, "not-found")


async def test_is_read_without_the_references_until_it_is_taken_back(world: World) -> None:
    made, (team, headers) = await world.add_request(**OWN), await _team(world)
    await world.add_request(siblingGroup=OWN["siblingGroup"])
    path, versioned = f"/v1/requests/{made['id']}", world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(path, json={"careWorker": "werker-7734"}, headers=versioned))
    assert not await _reads(world, made, headers)
    shared = await _share(world, made, team)
    assert shared.json() == {"organisationId": team, "organisation": "Wijkteam", "may": "read", "asked": False}
    assert await _reads(world, made, headers)
    own = await world.ok(world.http.get(path, headers=world.gi))
    hidden: Json = dict.fromkeys(OWN) | {"siblings": [], "shared": "read", "organisation": None}
    assert await world.ok(world.http.get(path, headers=headers)) == own | hidden
    told = await world.http.get(f"{path}/history", headers=headers)
    assert not any(each in told.text for each in (*OWN.values(), "werker-7734"))
    for shown, expected in (("true", [made["id"]]), ("false", [])):
        assert flat(await walk(world, f"/v1/requests?shared={shown}", headers)) == expected
    assert (await _end(world, made, team)).status_code == 204
    assert not await _reads(world, made, headers)
    assert await _shares(world, made) == []
    events = [each for page in await walk(world, f"{path}/history", world.gi) for each in page]
    field = f"shares.{team}"
    assert [(each["what"], each["changes"]) for each in events[-2:]] == [
        ("shared", [{"field": field, "old": None, "new": "read"}]),
        ("share-ended", [{"field": field, "old": "read", "new": None}]),
    ]


async def test_its_referrals_and_calls_are_read_and_those_of_others_are_not(world: World) -> None:
    made, (team, headers) = await world.add_request(**OWN), await _team(world)
    offer = await world.contracted_offer()
    await world.add_contract(offer["providerId"])
    referral, other = await refer(world, offer, made), await refer(world, offer)
    call = await world.ok(world.http.post(f"/v1/requests/{made['id']}/calls", json={}, headers=world.gi))
    await _share(world, made, team)
    for what, each in (("referrals", referral), ("calls", call)):
        listed = await world.http.get(f"/v1/{what}?request={made['id']}", headers=headers)
        assert flat([listed.json()["items"]]) == [each["id"]]
        assert OWN["childReference"] not in listed.text
        assert flat(await walk(world, f"/v1/{what}", headers)) == [], "the list of what it sent itself"
        alone = await world.ok(world.http.get(f"/v1/{what}/{each['id']}", headers=headers))
        assert alone["childReference"] is None
    assert (await world.ok(world.http.get(f"/v1/referrals/{referral['id']}", headers=headers)))["possible"] == []
    problem(await world.http.get(f"/v1/referrals/{other['id']}", headers=headers), 404, "not-found")
    await _end(world, made, team)
    for path in (f"/v1/referrals/{referral['id']}", f"/v1/calls/{call['id']}"):
        problem(await world.http.get(path, headers=headers), 404, "not-found")


async def test_what_a_reader_looks_at_leads_to_no_referral(world: World) -> None:
    made, (team, headers), offer = await world.add_request(), await _team(world), await world.contracted_offer()
    await _share(world, made, team)
    path = f"/v1/requests/{made['id']}"
    assert (await world.ok(world.http.get(f"{path}/matches", headers=headers)))["rankingId"] is None
    assert flat(await walk(world, f"{path}/rankings", world.gi)) == []
    assert (await refer(world, offer, made))["rankingId"] is None


async def test_reading_is_not_escalating(world: World) -> None:
    made, (team, headers) = await world.add_request(), await _team(world)
    await _share(world, made, team)
    problem(await _escalate(world, made, headers), 404, "not-found")
    await _share(world, made, team, "escalate")
    escalation = (await _escalate(world, made, headers)).json()
    assert (escalation["step"], escalation["localTeam"]) == ("local-team", team)
    assert (await _answer(world, escalation, {"outcome": "Een plek."}, headers)).status_code == 200
    higher = (await _escalate(world, made, headers, step="expert-team")).json()
    problem(await _answer(world, higher, {"outcome": "Een plek."}, headers), 403, "forbidden")
    await _share(world, made, team, "read")
    problem(await _answer(world, escalation, {"outcome": None}, headers), 404, "not-found")
    request = {"status": "closed", "closedReason": "measure-ended"}
    path, versioned = f"/v1/requests/{made['id']}", headers | {"If-Match": "*"}
    problem(await world.http.patch(path, json=request, headers=versioned), 404, "not-found")


async def test_a_team_that_a_step_asks_reads_for_as_long_as_it_is_open(world: World) -> None:
    made, (team, headers) = await world.add_request(), await _team(world)
    assert codes(await _escalate(world, made, localTeam=str(uuid4()))) == {"#/localTeam": "not-a-local-team"}
    wrong: Json = {"step": "expert-team", "skipReason": "Al betrokken.", "localTeam": team}
    assert codes(await _escalate(world, made, **wrong)) == {"#/localTeam": "not-of-step"}
    escalation = (await _escalate(world, made, localTeam=team)).json()
    assert [(each["organisationId"], each["may"], each["asked"]) for each in await _shares(world, made)] == [
        (team, "escalate", True)
    ]
    assert await _reads(world, made, headers)
    asked = await _answer(world, escalation, {"outcome": "Welke school?", "outcomeKind": "question"}, headers)
    assert asked.status_code == 200
    assert not await _reads(world, made, headers)
    await world.ok(_answer(world, escalation, {"answer": "De Vlieger."}, world.gi))
    assert await _reads(world, made, headers)
    await _end(world, made, team)
    assert not await _reads(world, made, headers), "taken back, though the step is open"
    problem(await world.http.get(f"/v1/escalated-requests/{made['id']}", headers=headers), 404, "not-found")
    await world.ok(_answer(world, escalation, {"takenBy": "wijkteam-1"}, world.gi))
    assert not await _reads(world, made, headers), "and not by whatever is said of it later"
    events = flat(await walk(world, f"/v1/requests/{made['id']}/history", world.gi), "what")
    assert [each for each in events if each in {"shared", "share-ended"}] == ["shared", "share-ended"] * 2


async def test_a_step_finds_the_one_team_that_the_request_is_shared_with(world: World) -> None:
    made, (team, headers), (other, _) = await world.add_request(), await _team(world), await _team(world, "Ander team")
    await _share(world, made, team)
    escalation = (await _escalate(world, made)).json()
    assert escalation["localTeam"] == team
    await world.ok(_answer(world, escalation, {"outcome": "Geen plek."}, headers))
    assert await _reads(world, made, headers), "what was shared by hand stays shared"
    await _share(world, made, other)
    assert (await _escalate(world, made)).json()["localTeam"] is None, "of two it does not choose"


@pytest.mark.parametrize("how", ["helped", "closed"])
async def test_an_asked_team_reads_no_more_once_help_began_or_it_is_closed(world: World, how: str) -> None:
    made, (team, headers) = await world.add_request(), await _team(world)
    await _escalate(world, made, localTeam=team)
    path, versioned = f"/v1/requests/{made['id']}", world.gi | {"If-Match": "*"}
    if how == "helped":
        await world.ok(world.http.put(f"{path}/milestones/help", json={"date": "2026-11-21"}, headers=versioned))
    else:
        body = {"status": "closed", "closedReason": "measure-ended"}
        await world.ok(world.http.patch(path, json=body, headers=versioned))
    assert not await _reads(world, made, headers)


async def test_a_share_is_based_on_the_request_as_it_was_read(world: World) -> None:
    made, (team, _) = await world.add_request(), await _team(world)
    read = await world.http.get(f"/v1/requests/{made['id']}", headers=world.gi)
    shared = await _share(world, made, team, etag=read.headers["etag"])
    assert shared.status_code == 200
    problem(await _share(world, made, team, may="escalate", etag=read.headers["etag"]), 412, "stale-version")
    assert (await _share(world, made, team, may="escalate", etag=shared.headers["etag"])).status_code == 200


async def test_of_two_who_share_and_take_back_at_once_one_is_stale(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    made, (team, _) = await world.add_request(), await _team(world)
    versioned = world.gi | {"If-Match": (await _share(world, made, team)).headers["etag"]}
    sent = [
        world.http.put(_path(made, team), json={"may": "escalate"}, headers=versioned),
        world.http.delete(_path(made, team), headers=versioned),
    ]
    answers = await meeting(fresh_database_url, "SELECT FROM requests FOR UPDATE", *sent)
    assert 412 in answers
    assert len(answers) == 2


async def test_a_referral_of_siblings_of_whom_one_is_shared(world: World) -> None:
    """The team sees that there are other children, whose references and ids it does not."""
    (team, theirs), offer = await _team(world), await world.contracted_offer()
    await world.report(offer, placesTotal=4, placesOccupied=0, placesFree=4)
    shared, other = [await world.add_request(siblingGroup="gezin-31") for _ in range(2)]
    referral = await refer(world, offer, shared)
    joins = await world.add_request(siblingGroup="gezin-31")
    path, wanted = f"/v1/referrals/{referral['id']}", [shared["id"], other["id"], joins["id"]]
    amended = {"children": wanted, "why": "Hun broer kan mee."}
    await world.ok(world.http.post(f"{path}/amendments", json=amended, headers=world.gi))
    await world.ok(_share(world, shared, team))
    shown = await world.ok(world.http.get(path, headers=theirs))
    proposed = await world.ok(world.http.get(f"{path}/amendments", headers=theirs))
    assert (len(shown["children"]), len(proposed["items"][0]["adds"])) == (2, 1)
    assert not any(
        each[name] in str(shown) + str(proposed) for each in (other, joins) for name in ("id", "childReference")
    )
