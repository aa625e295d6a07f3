"""Publishing a call: whose request it is, what is refused, and what the call says of the child afterwards."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.dossiers.calls.question import AGE_BANDS, age_band
from app.kit.security.callers import Role
from tests.conftest import NOW, SavepointDatabase, SettableClock
from tests.dossiers.calls.scene import (
    OTHER_GI,
    close,
    contracted,
    get,
    listed,
    post_call,
    publish,
)
from tests.dossiers.lost_municipality import lose_municipality
from tests.world import World, codes, problem

OTHERS = [Role.PROVIDER, Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE, Role.ADMIN]


async def test_needs_a_token(world: World) -> None:
    request = await world.add_request()
    problem(await world.http.post(f"/v1/requests/{request['id']}/calls", json={}), 401, "unauthenticated")


@pytest.mark.parametrize("role", OTHERS, ids=str)
async def test_is_for_institutions_and_local_teams_only(world: World, role: Role) -> None:
    await contracted(world)
    problem(await post_call(world, await world.add_request(), world.as_(role)), 403, "forbidden")
    assert await listed(world, "/v1/calls", world.gi) == []


async def test_of_anothers_request_looks_as_if_that_did_not_exist(world: World) -> None:
    await contracted(world)
    request = await world.add_request()
    for headers in (world.as_(Role.GI, **OTHER_GI), world.as_(Role.LOCAL_TEAM)):
        mine = await post_call(world, request, headers)
        none = await post_call(world, {"id": uuid4()}, headers)
        assert problem(mine, 404, "not-found")["detail"] == problem(none, 404, "not-found")["detail"]
    assert await listed(world, "/v1/calls", world.gi) == []


async def test_lists_all_errors_at_once(world: World) -> None:
    body: dict[str, Any] = {
        "careTypes": ["gezinshuis", "tovenarij"],
        "respondBy": "morgen",
        "needs": ["trauma", "trauma"],
        "wishes": ["onzin"],
        "characteristics": "weglopen",
        "hoursPerWeek": 169,
        "remark": "Het kind heeft BSN 111222333.",
        "childReference": "K-1",
    }
    assert codes(await post_call(world, await world.add_request(), **body)) == {
        "#/careTypes/1": "unknown-code",
        "#/respondBy": "format",
        "#/needs": "repeated",
        "#/wishes/0": "unknown-code",
        "#/characteristics": "type",
        "#/hoursPerWeek": "out-of-range",
        "#/remark": "bsn",
        "#/childReference": "unknown-field",
    }
    assert codes(await post_call(world, await world.add_request(), careTypes=[])) == {"#/careTypes": "too-few"}


async def test_days_that_have_passed_or_are_too_far_away_are_refused(world: World) -> None:
    await contracted(world)
    request = await world.add_request()
    passed: dict[str, Any] = {"respondBy": "2026-11-21", "wishedStart": "2026-11-21"}
    assert codes(await post_call(world, request, **passed)) == {
        "#/respondBy": "in-past",
        "#/wishedStart": "in-past",
    }
    assert codes(await post_call(world, request, respondBy="2027-02-23")) == {"#/respondBy": "out-of-range"}
    last = await publish(world, request, respondBy="2027-02-22", wishedStart="2026-11-22")
    assert last["respondBy"] == "2027-02-22"
    today = await publish(world, respondBy="2026-11-22")
    assert (today["respondBy"], today["status"]) == ("2026-11-22", "open")


async def test_a_closed_request_calls_for_nothing(world: World) -> None:
    await contracted(world)
    request = await world.add_request()
    closing = {"status": "closed", "closedReason": "help-not-needed"}
    headers = world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(f"/v1/requests/{request['id']}", json=closing, headers=headers))
    problem(await post_call(world, request), 409, "conflict")


async def test_a_municipality_that_is_no_more_is_said(world: World, database: SavepointDatabase) -> None:
    await contracted(world)
    request = await world.add_request()
    await lose_municipality(database, request)
    problem(await post_call(world, request), 409, "conflict")


async def test_with_nobody_to_call_nothing_is_published(world: World) -> None:
    await world.add_offer()
    problem(await post_call(world, await world.add_request()), 409, "nobody-to-call")
    assert await listed(world, "/v1/calls", world.gi) == []


async def test_says_what_is_asked_in_codes_and_dates(world: World) -> None:
    await contracted(world)
    request = await world.add_request(
        needs=["trauma"], wishes=["broers-zussen"], characteristics=["weglopen"], places=2, careWorker="w-12"
    )
    answer = await post_call(world, request, remark="  Liefst een gezin. ", hoursPerWeek=8, respondBy="2026-12-04")
    assert answer.status_code == 201, answer.text
    call = answer.json()
    assert answer.headers["location"] == f"/v1/calls/{call['id']}"
    assert call == {
        "id": call["id"],
        "status": "open",
        "closedBecause": None,
        "closedAt": None,
        "publishedAt": "2026-11-22T10:00:00Z",
        "respondBy": "2026-12-04",
        "institution": "De Jeugd- en Gezinsbeschermers",
        "senderContact": None,
        "requestId": request["id"],
        "childReference": request["childReference"],
        "careTypes": ["gezinshuis"],
        "child": {
            "ageMin": 12,
            "ageMax": 15,
            "gender": "female",
            "region": "JZ03",
            "municipality": "GM0400",
            "hasMeasure": True,
            "courtAuthorisation": None,
        },
        "needs": ["trauma"],
        "wishes": ["broers-zussen"],
        "characteristics": ["weglopen"],
        "wishedStart": None,
        "deadline": "2027-01-12",
        "places": 2,
        "siblingCount": 0,
        "hoursPerWeek": 8,
        "remark": "Liefst een gezin.",
        "counts": {"addressed": 1, "can": 0, "declined": 0},
        "ownAnswer": None,
    }
    read = await world.http.get(answer.headers["location"], headers=world.gi)
    assert (read.json(), read.headers["etag"]) == (call, answer.headers["etag"])


async def test_says_what_the_request_says_unless_it_says_otherwise(world: World) -> None:
    await contracted(world, careType="pleegzorg-voltijd")
    request = await world.add_request(
        choices=[{"careType": "gezinshuis"}, {"careType": "pleegzorg-voltijd"}, {"careType": "gezinshuis"}],
        needs=["trauma"],
        wishes=["lvb"],
        characteristics=["weglopen"],
    )
    call = await publish(world, request)
    assert call["careTypes"] == ["gezinshuis", "pleegzorg-voltijd"]
    await world.ok(close(world, call))
    told = {"careTypes": ["pleegzorg-voltijd"], "needs": [], "wishes": [], "characteristics": ["psychose"]}
    call = await publish(world, request, **told)
    assert {name: call[name] for name in told} == told


async def test_stays_as_it_was_published(world: World) -> None:
    await contracted(world)
    request = await world.add_request()
    call = await publish(world, request)
    changed = {"needs": ["trauma"], "child": {"gender": "male", "birthMonth": "2020-01"}}
    headers = world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(f"/v1/requests/{request['id']}", json=changed, headers=headers))
    assert await get(world, call) == call


async def test_is_answered_within_the_working_days_that_the_region_has_agreed(world: World) -> None:
    await contracted(world)
    assert (await publish(world))["respondBy"] == "2026-11-27"
    agreements = {
        "contactLocalTeamDays": None,
        "expertTeamDays": None,
        "referralAnswerDays": 2,
        "escalationLadder": ["expert-team"],
    }
    path = "/v1/regions/JZ03/agreements"
    await world.ok(world.http.put(path, json=agreements, headers=world.region() | {"If-Match": "*"}))
    assert (await publish(world))["respondBy"] == "2026-11-24"


async def test_siblings_are_called_for_together(world: World) -> None:
    await contracted(world)
    made = [await world.add_request(siblingGroup="gezin-31") for _ in range(3)]
    await world.add_request(siblingGroup="gezin-32")
    call = await publish(world, made[0])
    assert (call["places"], call["siblingCount"]) == (3, 2)


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, (0, 3)),
        (3, (0, 3)),
        (4, (4, 7)),
        (7, (4, 7)),
        (8, (8, 11)),
        (12, (12, 15)),
        (15, (12, 15)),
        (16, (16, 17)),
        (17, (16, 17)),
        (18, (18, None)),
        (30, (18, None)),
    ],
)
def test_an_age_is_told_as_its_band(age: int, band: tuple[int, int | None]) -> None:
    assert age_band(age) == band


def test_the_bands_leave_no_age_out() -> None:
    ends = [youngest for youngest, _ in AGE_BANDS][1:]
    assert [oldest + 1 for _, oldest in AGE_BANDS if oldest is not None] == ends


async def test_the_age_is_that_on_the_wished_start(world: World) -> None:
    await contracted(world)
    request = await world.add_request(child={"birthMonth": "2010-12"})
    call = await publish(world, request)
    assert (call["child"]["ageMin"], call["child"]["ageMax"]) == (12, 15)
    await world.ok(close(world, call))
    call = await publish(world, request, wishedStart="2026-12-01")
    assert (call["child"]["ageMin"], call["child"]["ageMax"]) == (16, 17)


async def test_a_court_authorisation_is_told_only_where_it_matters(world: World) -> None:
    await contracted(world)
    await contracted(world, careType="jeugdzorgplus", needsCourtAuthorisation=True)
    request = await world.add_request(child={"courtAuthorisation": True, "measure": None})
    call = await publish(world, request)
    assert (call["child"]["courtAuthorisation"], call["child"]["hasMeasure"]) == (None, False)
    secure = await publish(world, request, careTypes=["jeugdzorgplus"])
    assert secure["child"]["courtAuthorisation"] is True


async def test_who_asks_is_told_save_of_a_local_team(world: World) -> None:
    await contracted(world)
    for role in ("gi", "local-team"):
        body = {"name": f"Naam {role}", "role": role}
        made = await world.ok(world.http.post("/v1/organisations", json=body, headers=world.admin))
        headers = world.as_(Role(role), organisation_id=UUID(made["id"]))
        call = await world.ok(post_call(world, await world.add_request(headers), headers))
        assert call["institution"] == ("Naam gi" if role == "gi" else None)


async def test_the_same_help_is_called_for_once_at_a_time(world: World, clock: SettableClock) -> None:
    await contracted(world)
    await contracted(world, careType="pleegzorg-voltijd")
    request = await world.add_request(choices=[{"careType": "gezinshuis"}, {"careType": "pleegzorg-voltijd"}])
    first = await publish(world, request)
    again = problem(await post_call(world, request, careTypes=["pleegzorg-voltijd"]), 409, "conflict")
    assert again["callId"] == first["id"]
    await publish(world, await world.add_request())
    await world.ok(close(world, first))
    second = await publish(world, request, respondBy="2026-11-23")
    clock.now = NOW + timedelta(days=1)
    problem(await post_call(world, request), 409, "conflict")
    clock.now = NOW + timedelta(days=2)
    third = await publish(world, request)
    assert len({first["id"], second["id"], third["id"]}) == 3


async def test_the_same_key_publishes_once(world: World) -> None:
    await contracted(world)
    request = await world.add_request()
    headers = world.gi | {"Idempotency-Key": "call-1"}
    answers = [await post_call(world, request, headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert [answer.status_code for answer in answers] == [201, 201]
    problem(await post_call(world, request, headers, hoursPerWeek=4), 422, "idempotency-key-reused")
    assert len(await listed(world, "/v1/calls", world.gi)) == 1


async def test_the_history_of_the_request_tells_of_it(world: World) -> None:
    await contracted(world)
    request = await world.add_request()
    call = await publish(world, request)
    await world.ok(close(world, call, "withdrawn"))
    events = (await listed(world, f"/v1/requests/{request['id']}/history", world.gi))[1:]
    assert [(each["what"], each["changes"]) for each in events] == [
        ("call-published", [{"field": f"calls.{call['id']}", "old": None, "new": "open"}]),
        ("call-closed", [{"field": f"calls.{call['id']}", "old": "open", "new": "closed"}]),
    ]


async def test_published_at_once_there_is_one(committing_world: World) -> None:
    world = committing_world
    await contracted(world)
    request = await world.add_request()
    answers = await asyncio.gather(*(post_call(world, request) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
