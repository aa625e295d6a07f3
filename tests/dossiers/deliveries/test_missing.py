"""What is not in the file: left alone, or with `endMissing` closed for a reason where it was delivered before."""

from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import text

from app.kit.media_types import NDJSON
from tests.dossiers.calls.scene import contracted
from tests.dossiers.deliveries.scene import child, deliver, history, made, other_gi, patch, read, send, statuses
from tests.dossiers.referrals.scene import decide, refer
from tests.world import World, codes, problem

ENDING = "?endMissing=true&reason=help-not-needed"


def _closed(answer: httpx.Response) -> list[str]:
    statuses(answer)
    return [each["childReference"] for each in answer.json()["closedRequests"]]


async def _states(world: World, *requests: Any) -> list[str]:
    return [(await read(world, each["id"]))["status"] for each in requests]


async def test_closes_what_was_delivered_before_and_is_not_in_the_file(world: World) -> None:
    bodies = [child(), child(), child(), child(helpOn="2026-11-20")]
    stays, goes, unreadable, helped = [await made(world, body) for body in bodies]
    typed = await world.add_request()
    known = await world.add_request()
    theirs = await made(world, child(), other_gi(world))
    lines = [bodies[0], bodies[2] | {"birthMonth": "mei"}, child(), {"childReference": known["childReference"]}]
    assert _closed(await deliver(world, *lines)) == [], "what is not in the file stays, unless that is asked"
    answer = await deliver(world, *lines, query=f"{ENDING}&referenceDay=2026-11-21")
    assert answer.json()["closedRequests"] == [
        {"requestId": goes["id"], "childReference": bodies[1]["childReference"], "problem": None}
    ]
    assert await _states(world, stays, goes, unreadable, helped, typed, known) == [
        *("open", "closed", "open", "helped", "open", "open")
    ]
    closed = await read(world, goes["id"])
    assert (closed["closedReason"], closed["closedOn"]) == ("help-not-needed", "2026-11-21")
    assert (await history(world, goes["id"]))[-1] == "closed"
    assert _closed(await deliver(world, *lines, query=ENDING)) == []
    assert (await deliver(world, *lines[:3], query=ENDING)).json()["closed"] == 1, "it was delivered meanwhile"
    assert (await read(world, known["id"]))["status"] == "closed"
    path = f"/v1/requests/{theirs['id']}"
    problem(await world.http.get(path, headers=world.gi), 404, "not-found")


async def test_all_that_is_open_in_a_dossier_ends_with_it(world: World) -> None:
    body, stays = child(), child()
    request = await made(world, body)
    referral = await refer(world, await contracted(world), request)
    await made(world, stays)
    assert _closed(await deliver(world, stays, query=ENDING)) == [body["childReference"]]
    now = await world.ok(world.http.get(f"/v1/referrals/{referral['id']}", headers=world.gi))
    assert (now["status"], now["withdrawnBecause"]) == ("withdrawn", "request-closed")


async def test_a_promised_place_is_given_back_and_help_ends_calls(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesFree=2, placesReserved=0)
    bodies = [child(), child(), child()]
    requests = [await made(world, body) for body in bodies]
    for request in requests[:2]:
        await world.ok(decide(world, await refer(world, offer, request), "accept"))

    async def free() -> Any:
        return (await world.ok(world.http.get(f"/v1/offers/{offer['id']}/capacity", headers=world.gi)))["placesFree"]

    assert await free() == 0
    call = await world.ok(world.http.post(f"/v1/requests/{requests[2]['id']}/calls", json={}, headers=world.gi))
    lines = [bodies[0] | {"closedReason": "by-municipality"}, bodies[2] | {"helpOn": "2026-11-20"}]
    assert _closed(await deliver(world, *lines, query=ENDING)) == [bodies[1]["childReference"]]
    assert await free() == 2
    assert await _states(world, *requests) == ["closed", "closed", "helped"]
    now = await world.ok(world.http.get(f"/v1/calls/{call['id']}", headers=world.gi))
    assert (now["status"], now["closedBecause"]) == ("closed", "help-started")


@pytest.mark.parametrize("wrong", [{"childReference": "Jan"}, {"birthMonth": "2014-05"}, 7])
async def test_closes_nothing_where_it_cannot_be_read_who_is_in_the_file(world: World, wrong: Any) -> None:
    request = await made(world, child())
    answer = await deliver(world, child(), wrong, query=ENDING)
    assert codes(answer) == {"#/1": "unreadable-reference"}
    assert await _states(world, request) == ["open"]


async def test_a_row_of_totals_is_no_child_that_could_be_missing(world: World) -> None:
    request = await made(world, child())
    answer = await send(world, f"kenmerk;gemeente\n{request['childReference']};Den Helder\nTotaal;1\n", query=ENDING)
    assert (statuses(answer), _closed(answer)) == (["unchanged", "rejected"], [])


async def test_an_empty_file_closes_nothing(world: World) -> None:
    request = await made(world, child())
    assert codes(await deliver(world, query=ENDING)) == {"#": "too-few"}
    assert codes(await send(world, "kenmerk\n", query=ENDING)) == {"#": "too-few"}
    assert await _states(world, request) == ["open"]


async def test_all_or_nothing_closes_nothing_either(world: World) -> None:
    request = await made(world, child())
    answer = await deliver(world, child(birthMonth="mei"), child(), query=f"{ENDING}&atomic=true")
    content = problem(answer, 400, "invalid-input")
    assert (content["closed"], content["closedRequests"]) == (0, [])
    assert await _states(world, request) == ["open"]


async def test_what_cannot_be_closed_is_told_and_stays(world: World) -> None:
    body, stays = child(), child()
    request = await made(world, body)
    await made(world, stays)
    await patch(world, request["id"], {"requestedOn": "2026-11-22"})
    async with world.parts.database.write() as session:
        spoilt = text("UPDATE requests SET course_on = '2026-10-01' WHERE id = :id")  # as an older release may have
        await session.execute(spoilt, {"id": request["id"]})
    answer = await deliver(world, stays, query=ENDING)
    [told] = answer.json()["closedRequests"]
    assert (answer.json()["closed"], told["childReference"]) == (0, body["childReference"])
    assert told["problem"]["errors"][0]["code"] == "order"
    assert await _states(world, request) == ["open"]


async def test_those_that_are_closed_stand_on_the_last_line_of_ndjson(world: World) -> None:
    gone = await made(world, child())
    body = orjson.dumps(child())
    answer = await send(world, body, NDJSON, headers=world.gi | {"Accept": NDJSON}, query=ENDING)
    first, last = map(orjson.loads, answer.content.splitlines())
    assert first["status"] == "accepted"
    assert last == {
        "closedRequests": [{"requestId": gone["id"], "childReference": gone["childReference"], "problem": None}]
    }
