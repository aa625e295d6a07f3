"""Keeping requests: each institution and local team its own, with every change in the history."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kit.security.callers import Role
from tests.conftest import NOW, OWNER, SavepointDatabase, SettableClock
from tests.supply.capacity.locks import meeting
from tests.supply.providers.pages import flat, walk
from tests.world import (
    World,
    codes,
    problem,
    request_body,
)

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
    measure = body["child"]["measure"] | {"informedOn": None, "startedOn": None}
    court = {"courtAuthorisation": False, "courtAuthorisationUntil": None}
    assert made["child"] == {**body["child"], "measure": measure, **court, "region": "JZ03"}
    whole = {"careType": "gezinshuis", "offerId": None, "providerId": None, "maxDistanceKm": None}
    assert made["choices"] == [whole]
    assert (made["firstChoice"], made["choicesVersion"]) == (whole, 1)
    assert (made["status"], made["closedReason"], made["closedOn"]) == ("open", None, None)
    assert made["createdAt"] == made["updatedAt"] == "2026-11-22T10:00:00Z"
    read = await world.http.get(f"{PATH}/{made['id']}", headers=world.gi)
    assert read.json() == made
    assert read.headers["etag"] == answer.headers["etag"]


async def test_lists_all_errors_at_once(world: World) -> None:
    body = request_body(child={"birthMonth": "2014-05-13", "name": "Jan"}, choices=[], places=0)
    body |= {"childReference": "Jan Jansen", "careWorker": "Jan", "siblingGroup": BSN, "extendedHelp": "ja"}
    body |= {"requestedOn": "gisteren", "status": "open", "bsn": BSN}
    assert codes(await world.http.post(PATH, json=body, headers=world.gi)) == {
        "#/child/birthMonth": "invalid",
        "#/child/name": "unknown-field",
        "#/choices": "too-few",
        "#/places": "out-of-range",
        "#/childReference": "pattern",
        "#/careWorker": "pattern",
        "#/siblingGroup": "bsn",
        "#/extendedHelp": "type",
        "#/requestedOn": "format",
        "#/status": "unknown-field",
        "#/bsn": "unknown-field",
    }


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("K-2026-0147", None),
        ("0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21", None),
        ("123456789", None),  # nine digits that fail the test of a BSN
        ("x" * 63 + "1", None),
        ("x" * 64 + "1", "too-long"),
        ("", "pattern"),
        ("Jan", "pattern"),
        ("Jan Jansen 1", "pattern"),
        ("K\u00e9-1", "pattern"),
        ("K-1\n", "pattern"),
        (BSN, "bsn"),
        ("111.222.333", "bsn"),
        ("kind-111222333", "bsn"),
        ("1112-22-333", "bsn"),
        ("111_222_333", "bsn"),
        ("111/222/333", "bsn"),
        ("a1b1c1d2e2f2g3h3i3", "bsn"),
        ("K-2026-01470", None),
        (7, "type"),
        (None, "type"),
    ],
)
async def test_the_childs_reference_is_no_name_and_no_bsn(world: World, reference: Any, code: str | None) -> None:
    answer = await world.http.post(PATH, json=request_body() | {"childReference": reference}, headers=world.gi)
    if code is None:
        assert answer.status_code == 201, answer.text
    else:
        assert codes(answer) == {"#/childReference": code}


async def test_the_childs_reference_is_unique_within_its_organisation(world: World) -> None:
    body = request_body()
    await world.ok(world.http.post(PATH, json=body, headers=world.gi))
    problem(await world.http.post(PATH, json=body, headers=world.gi), 409, "conflict")
    assert (await world.http.post(PATH, json=body, headers=_other(world))).status_code == 201
    assert len((await world.ok(world.http.get(PATH, headers=world.gi)))["items"]) == 1


async def test_the_same_key_keeps_one(world: World) -> None:
    body, headers = request_body(), world.gi | {"Idempotency-Key": "een-sleutel"}
    first, again = [await world.http.post(PATH, json=body, headers=headers) for _ in range(2)]
    assert (again.status_code, again.content) == (201, first.content)
    problem(await world.http.post(PATH, json=request_body(), headers=headers), 422, "idempotency-key-reused")
    assert len((await world.ok(world.http.get(PATH, headers=world.gi)))["items"]) == 1


async def test_of_two_at_once_with_one_reference_one_is_kept(committing_world: World) -> None:
    world, body = committing_world, request_body()
    sent = [world.http.post(PATH, json=body, headers=world.gi) for _ in range(8)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*sent)) == [201] + [409] * 7


@pytest.mark.parametrize(
    ("child", "fields", "pointers"),
    [
        ({}, {"requestedOn": "2026-11-23"}, ["#/requestedOn"]),
        ({"birthMonth": "2027-09"}, {}, ["#/child/birthMonth"]),
        ({"measure": {"type": "21", "imposedOn": "2026-11-23"}}, {}, ["#/child/measure/imposedOn"]),
        (
            {"birthMonth": "2027-09", "measure": {"type": "21", "imposedOn": "2027-01-01"}},
            {"requestedOn": "2027-01-01"},
            ["#/requestedOn", "#/child/birthMonth", "#/child/measure/imposedOn"],
        ),
    ],
)
async def test_a_day_that_has_not_come_is_refused(
    world: World, child: dict[str, Any], fields: dict[str, Any], pointers: list[str]
) -> None:
    answer = await world.http.post(PATH, json=request_body(child=child, **fields), headers=world.gi)
    assert codes(answer) == dict.fromkeys(pointers, "in-future")
    today = request_body(
        child={"birthMonth": "2027-08", "measure": {"type": "21", "imposedOn": "2026-11-22"}}, requestedOn="2026-11-22"
    )
    assert (await world.http.post(PATH, json=today, headers=world.gi)).status_code == 201


async def test_a_choice_names_what_exists(world: World) -> None:
    offer = await world.add_offer()
    choices = [
        {"careType": "gezinshuis", "offerId": offer["id"]},
        {"careType": "gezinshuis", "providerId": offer["providerId"]},
        {"careType": "gezinshuis", "offerId": str(uuid4()), "providerId": str(uuid4())},
    ]
    made = await world.add_request(choices=choices[:2])
    assert [each["offerId"] for each in made["choices"]] == [offer["id"], None]
    expected = {"#/choices/2/offerId": "unknown-offer", "#/choices/2/providerId": "unknown-provider"}
    assert codes(await world.http.post(PATH, json=request_body(choices=choices), headers=world.gi)) == expected
    assert codes(await _patch(world, made, {"choices": choices})) == expected
    assert (await _patch(world, made, {"choices": choices[1:2]})).json()["firstChoice"]["offerId"] == offer["id"]


async def _patch(world: World, made: dict[str, Any], body: Any, etag: str = "*") -> httpx.Response:
    return await world.http.patch(f"{PATH}/{made['id']}", json=body, headers=world.gi | {"If-Match": etag})


async def _history(world: World, made: dict[str, Any]) -> list[dict[str, Any]]:
    pages = await walk(world, f"{PATH}/{made['id']}/history?limit=2", world.gi)
    return [item for items in pages for item in items]


async def test_changes_what_is_named_and_says_so_in_the_history(world: World, clock: SettableClock) -> None:
    made = await world.add_request()
    clock.now = NOW + timedelta(hours=1)
    body = {
        "careWorker": "w-13",
        "child": {"municipality": "GM0361", "measure": None, "postcode": None},
        "needs": ["trauma"],
        "places": 1,  # as it was
        "neededBy": "2026-12-15",
    }
    answer = await _patch(world, made, body)
    assert answer.status_code == 200, answer.text
    changed = {
        "careWorker": "w-13",
        "child": made["child"] | {"municipality": "GM0361", "region": "JZ06", "measure": None, "postcode": None},
        "needs": ["trauma"],
        "neededBy": "2026-12-15",
        "clocks": [],
        "light": None,
        "updatedAt": "2026-11-22T11:00:00Z",
    }
    assert answer.json() == made | changed
    [created, event] = await _history(world, made)
    assert created == {"at": "2026-11-22T10:00:00Z", "clientId": "test-gi", "what": "created", "changes": []}
    assert (event["at"], event["clientId"], event["what"]) == ("2026-11-22T11:00:00Z", "test-gi", "changed")
    assert event["changes"] == [
        {"field": "careWorker", "old": None, "new": "w-13"},
        {"field": "child.municipality", "old": "GM0400", "new": "GM0361"},
        {"field": "child.postcode", "old": "1781", "new": None},
        {"field": "child.measure.type", "old": "21", "new": None},
        {"field": "child.measure.imposedOn", "old": "2026-10-12", "new": None},
        {"field": "needs", "old": [], "new": ["trauma"]},
        {"field": "neededBy", "old": None, "new": "2026-12-15"},
    ]


@pytest.mark.parametrize("body", [{}, {"places": 1}, {"child": {}}, {"child": {"postcode": "1781"}}])
async def test_a_change_that_changes_nothing_leaves_no_trace(world: World, body: dict[str, Any]) -> None:
    made = await world.add_request()
    before = (await world.http.get(f"{PATH}/{made['id']}", headers=world.gi)).headers["etag"]
    answer = await _patch(world, made, body)
    assert (answer.json(), answer.headers["etag"]) == (made, before)
    assert len(await _history(world, made)) == 1


async def test_a_change_takes_the_version_that_it_is_based_on(world: World) -> None:
    made = await world.add_request()
    path = f"{PATH}/{made['id']}"
    etag = (await world.http.get(path, headers=world.gi)).headers["etag"]
    problem(await world.http.patch(path, json={"places": 2}, headers=world.gi), 428, "if-match-required")
    problem(await _patch(world, made, {"places": 2}, '"7"'), 412, "stale-version")
    answer = await _patch(world, made, {"places": 2}, etag)
    assert answer.status_code == 200, answer.text
    problem(await _patch(world, made, {"places": 3}, etag), 412, "stale-version")
    assert (await _patch(world, made, {"places": 3}, answer.headers["etag"])).json()["places"] == 3


async def test_the_etag_moves_with_the_light(world: World, clock: SettableClock) -> None:
    made = await world.add_request(child={"measure": {"type": "21", "imposedOn": "2026-11-20"}})
    path = f"{PATH}/{made['id']}"
    etag = (await world.http.get(path, headers=world.gi)).headers["etag"]
    same = await world.http.get(path, headers=world.gi | {"If-None-Match": etag})
    assert same.status_code == 304
    clock.now = NOW + timedelta(days=6)
    later = await world.http.get(path, headers=world.gi | {"If-None-Match": etag})
    assert (later.status_code, later.json()["light"]) == (200, "red")
    assert (await _patch(world, made, {"places": 2}, etag)).status_code == 200, "nobody changed it"


async def test_a_change_is_based_on_what_was_read_in_any_language_and_on_nothing_else(
    world: World, clock: SettableClock
) -> None:
    made = await world.add_request()
    path = f"{PATH}/{made['id']}"
    clock.now = NOW + timedelta(days=5 * 365)  # the request has a warning, which is in words
    dutch, english = [
        (await world.http.get(path, headers=world.gi | {"Accept-Language": language})).headers["etag"]
        for language in ("nl", "en")
    ]
    assert dutch != english
    for part in ('"1"', dutch.rpartition(".")[0] + '"', dutch.replace('"1.', '"1.9')):
        problem(await _patch(world, made, {"places": 3}, part), 412, "stale-version")
    assert (await _patch(world, made, {"places": 2}, english)).status_code == 200
    problem(await _patch(world, made, {"places": 3}, dutch), 412, "stale-version")


async def test_of_two_changes_at_once_on_one_version_one_is_stale(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    made = await world.add_request()
    etag = (await world.http.get(f"{PATH}/{made['id']}", headers=world.gi)).headers["etag"]
    sent = [_patch(world, made, {"places": places}, etag) for places in (2, 3)]
    answers = await meeting(fresh_database_url, "SELECT FROM requests FOR UPDATE", *sent)
    assert sorted(answers) == [200, 412]
    assert await world.ok(world.http.get(f"{PATH}/{made['id']}", headers=world.gi)) == answers[200].json()
    assert len(await _history(world, made)) == 2


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            dict.fromkeys(("choices", "needs", "wishes", "characteristics", "places", "extendedHelp")),
            {
                f"#/{name}": "null"
                for name in ("choices", "needs", "wishes", "characteristics", "places", "extendedHelp")
            },
        ),
        (
            {"child": {"birthMonth": None, "gender": None, "municipality": None, "courtAuthorisation": None}},
            {f"#/child/{name}": "null" for name in ("birthMonth", "gender", "municipality", "courtAuthorisation")},
        ),
        ({"child": None, "requestedOn": None}, {"#/child": "null", "#/requestedOn": "null"}),
        ({"childReference": "K-2"}, {"#/childReference": "unknown-field"}),
        ({"status": "helped"}, {"#/status": "unknown-code"}),
        ({"status": "closed", "closedReason": "zomaar"}, {"#/closedReason": "unknown-code"}),
        ({"child": {"birthMonth": "2027-09"}}, {"#/child/birthMonth": "in-future"}),
        ({"status": "closed"}, {"#/closedReason": "goes-with-status"}),
        ({"closedReason": "as-planned"}, {"#/closedReason": "goes-with-status"}),
        ({"status": "open", "closedReason": "as-planned"}, {"#/closedReason": "goes-with-status"}),
        ({"closedOn": "2026-11-22"}, {"#/closedOn": "goes-with-status"}),
        ({"status": "closed", "closedReason": "as-planned", "closedOn": "2026-11-23"}, {"#/closedOn": "in-future"}),
        ({"status": "closed", "closedReason": "as-planned", "closedOn": "2026-11-21"}, {"#/closedOn": "order"}),
    ],
)
async def test_a_bad_change_is_named(world: World, body: dict[str, Any], expected: dict[str, str]) -> None:
    made = await world.add_request()
    assert codes(await _patch(world, made, body)) == expected
    assert await world.ok(world.http.get(f"{PATH}/{made['id']}", headers=world.gi)) == made


async def test_every_version_of_the_choices_stays_and_the_first_choice_is_the_first(
    world: World, clock: SettableClock
) -> None:
    made = await world.add_request(choices=[{"careType": "gezinshuis", "maxDistanceKm": 40}, {"careType": "logeren"}])
    clock.now = NOW + timedelta(days=1)
    revised = (await _patch(world, made, {"choices": [{"careType": "pleegzorg-voltijd"}]})).json()
    assert (await _patch(world, made, {"choices": [{"careType": "pleegzorg-voltijd"}]})).json() == revised
    assert revised["choicesVersion"] == 2
    assert [each["careType"] for each in revised["choices"]] == ["pleegzorg-voltijd"]
    assert revised["firstChoice"] == made["choices"][0] == made["firstChoice"]
    pages = await walk(world, f"{PATH}/{made['id']}/choices?limit=1", world.gi)
    [first, second] = [item for items in pages for item in items]
    assert (first["version"], first["choices"]) == (1, made["choices"])
    assert (second["version"], second["choices"]) == (2, revised["choices"])
    assert (second["statedAt"], second["clientId"]) == ("2026-11-23T10:00:00Z", "test-gi")
    [change] = (await _history(world, made))[1]["changes"]
    assert change == {"field": "choices", "old": made["choices"], "new": revised["choices"]}


async def test_is_closed_for_a_reason_and_opened_again(world: World, clock: SettableClock) -> None:
    made = await world.add_request()
    clock.now = NOW + timedelta(days=3)
    closed = (await _patch(world, made, {"status": "closed", "closedReason": "help-not-needed"})).json()
    assert (closed["status"], closed["closedReason"]) == ("closed", "help-not-needed")
    assert (closed["closedOn"], closed["light"]) == ("2026-11-25", None)
    clock.now = NOW + timedelta(days=300)
    problem(await _patch(world, made, {"places": 2}), 409, "conflict")
    later = await world.ok(world.http.get(f"{PATH}/{made['id']}", headers=world.gi))
    assert [each["light"] for each in later["clocks"]] == ["red", "red", "green"], "as on the day it was closed"
    corrected = (await _patch(world, made, {"status": "closed", "closedReason": "external-cause"})).json()
    assert (corrected["closedReason"], corrected["closedOn"]) == ("external-cause", "2026-11-25")
    on = {"status": "closed", "closedReason": "external-cause", "closedOn": "2026-11-24"}
    assert (await _patch(world, made, on)).json()["closedOn"] == "2026-11-24"
    opened = (await _patch(world, made, {"status": "open"})).json()
    assert (opened["status"], opened["closedReason"], opened["closedOn"]) == ("open", None, None)
    assert opened["light"] == "red"
    history = await _history(world, made)
    assert [each["what"] for each in history] == ["created", "closed", "closed", "closed", "reopened"]
    assert {"field": "status", "old": "open", "new": "closed"} in history[1]["changes"]


async def test_lists_by_status_on_pages(world: World) -> None:
    made = [await world.add_request(requestedOn=f"2026-11-{day:02}") for day in (9, 3, 3, 20)]
    await _patch(world, made[0], {"status": "closed", "closedReason": "measure-ended"})
    await world.add_request(headers=_other(world))
    pages = await walk(world, f"{PATH}?limit=2", world.gi)
    listed = [item for items in pages for item in items]
    assert [item["requestedOn"] for item in listed] == ["2026-11-03", "2026-11-03", "2026-11-09", "2026-11-20"]
    assert {item["id"] for item in listed} == {each["id"] for each in made}
    assert flat(await walk(world, f"{PATH}?status=closed", world.gi)) == [made[0]["id"]]
    assert len(flat(await walk(world, f"{PATH}?status=open&escalated=false", world.gi))) == 3
    assert flat(await walk(world, f"{PATH}?escalated=true", world.gi)) == []


async def test_a_page_takes_as_many_statements_whatever_is_on_it(world: World, statements: list[str]) -> None:
    for number in range(5):
        await world.add_request(siblingGroup=f"gezin-{number}")
    counts = []
    for limit in (1, 5):
        statements.clear()
        await world.ok(world.http.get(f"{PATH}?limit={limit}", headers=world.gi))
        counts.append(len(statements))
    assert counts[0] == counts[1] == 12, "seven, one for the audit log, and the savepoints of both there and back"


async def test_shows_its_open_siblings(world: World) -> None:
    made = [await world.add_request(siblingGroup="gezin-31") for _ in range(3)]
    await world.add_request(siblingGroup="gezin-32")
    await world.add_request(headers=_other(world), siblingGroup="gezin-31")
    await _patch(world, made[2], {"status": "closed", "closedReason": "measure-ended"})
    listed = {
        item["id"]: item["siblings"] for item in (await world.ok(world.http.get(PATH, headers=world.gi)))["items"]
    }
    assert listed[made[0]["id"]] == [made[1]["id"]]
    assert listed[made[1]["id"]] == [made[0]["id"]]
    assert (await _patch(world, made[1], {"siblingGroup": None})).json()["siblings"] == []


@pytest.mark.parametrize("table", ["request_events", "choice_versions", "explanations"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET client_id = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
async def test_the_database_keeps_the_history_as_it_is(
    world: World, database: SavepointDatabase, table: str, statement: str
) -> None:
    made = await world.add_request()
    body = {"clock": "course", "cause": "waiting-list", "text": "Wacht."}
    path = f"{PATH}/{made['id']}/explanations"
    clock_is_red = await world.http.post(path, json=body | {"clock": "protection-worker"}, headers=world.gi)
    assert clock_is_red.status_code == 201
    with pytest.raises(DBAPIError, match=f"{table} is a history"):
        async with database.write(OWNER) as session:
            await session.execute(text(statement.format(table)))


async def test_a_choice_that_contradicts_itself_is_refused(world: World) -> None:
    offer, other = await world.add_offer(), await world.add_provider()
    named = {"careType": "gezinshuis", "offerId": offer["id"], "providerId": offer["providerId"]}
    wrong = [named | {"careType": "logeren"}, named, named | {"providerId": other}]
    expected = {"#/choices/0/offerId": "other-care-type", "#/choices/2/providerId": "other-provider"}
    answer = await world.http.post(PATH, json=request_body(choices=wrong), headers=world.gi)
    assert codes(answer) == expected
    made = await world.add_request(choices=[named])
    change = world.http.patch(f"{PATH}/{made['id']}", json={"choices": wrong}, headers=world.gi | {"If-Match": "*"})
    assert codes(await change) == expected


async def test_a_child_whose_gender_is_unknown_is_kept(world: World) -> None:
    made = await world.add_request(child={"gender": "unknown"})
    assert made["child"]["gender"] == "unknown"
