"""Proposing a transfer and deciding on it: whose decision it is, what each side sees, and what siblings ask."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import OTHER_GI, brought_to, items, refer
from tests.dossiers.referrals.scene import decide as decide_referral
from tests.dossiers.referrals.scene import get as get_referral
from tests.dossiers.transfers.scene import add_institution, decide, get, handed_over, propose
from tests.world import World, codes, problem

Json = dict[str, Any]


async def test_who_may_propose_see_and_decide(world: World) -> None:
    request, receiver = await world.add_request(), await add_institution(world)
    path, body = f"/v1/requests/{request['id']}/transfers", {"institution": receiver.id, "why": "Verhuisd."}
    problem(await world.http.post(path, json=body), 401, "unauthenticated")
    problem(await propose(world, request, receiver.id, world.region()), 403, "forbidden")
    other = world.as_(Role.GI, **OTHER_GI)
    problem(await propose(world, request, receiver.id, other), 404, "not-found")
    transfer = await world.ok(propose(world, request, receiver.id))
    for headers in (other, world.as_(Role.LOCAL_TEAM)):
        problem(await get(world, f"/transfers/{transfer['id']}", headers), 404, "not-found")
        problem(await decide(world, transfer, "accept", headers), 404, "not-found")
        assert await items(world, "/v1/transfers", headers) == []
    problem(await decide(world, transfer, "accept", world.gi), 403, "forbidden")
    problem(await decide(world, transfer, "decline", world.gi), 403, "forbidden")
    problem(await decide(world, transfer, "withdraw", receiver.headers), 403, "forbidden")
    assert (await get(world, f"/requests/{request['id']}", world.gi)).status_code == 200, "nothing has moved"


async def test_only_registered_institutions_and_local_teams_receive(world: World) -> None:
    request = await world.add_request()
    region = await world.ok(
        world.http.post("/v1/organisations", json={"name": "R", "role": "inspectorate"}, headers=world.admin)
    )
    for receiver in (str(uuid4()), region["id"], str(UUID(int=77))):
        assert codes(await propose(world, request, receiver)) == {"#/institution": "unknown-institution"}
    assert codes(await propose(world, request, str(UUID(int=2)))) == {"#/institution": "own-institution"}
    answer = await propose(world, request, str(uuid4()), siblings=[str(uuid4())])
    assert codes(answer) == {"#/institution": "unknown-institution", "#/with/0": "unknown-request"}
    assert codes(await propose(world, request, str(uuid4()), why="bsn 111222333")) == {"#/why": "bsn"}
    team = await add_institution(world, Role.LOCAL_TEAM, "Wijkteam Oost")
    assert (await propose(world, request, team.id)).status_code == 201


async def test_the_receiver_sees_what_it_decides_by_and_no_more(world: World) -> None:
    request = await world.add_request(needs=["trauma"], careWorker="w-12", siblingGroup="gezin-31")
    for status in ("sent", "accepted", "declined"):
        offer = await world.contracted_offer(specialisations=["trauma"])
        await brought_to(world, await refer(world, offer, request), status)
    receiver = await add_institution(world)
    transfer = await world.ok(propose(world, request, receiver.id))
    answer = await get(world, f"/transfers/{transfer['id']}", receiver.headers)
    seen = answer.json()
    assert (seen["direction"], seen["status"], seen["possible"]) == ("incoming", "open", ["accept", "decline"])
    assert (seen["senderName"], seen["institutionName"]) == ("De Jeugd- en Gezinsbeschermers", "GI De Overkant")
    [dossier] = seen["dossiers"]
    assert dossier.pop("choices")[0]["careType"] == "gezinshuis"
    assert dossier == {
        "requestId": request["id"],
        "age": 12,
        "gender": "female",
        "municipality": "GM0400",
        "measureKind": "protection",
        "needs": ["trauma"],
        "referrals": [{"status": "sent", "count": 1}, {"status": "accepted", "count": 1}],
    }
    assert not any(own in answer.text for own in (request["childReference"], "w-12", "gezin-31"))
    problem(await get(world, f"/requests/{request['id']}", receiver.headers), 404, "not-found")
    await world.ok(decide(world, transfer, "decline", receiver.headers))
    after = (await get(world, f"/transfers/{transfer['id']}", receiver.headers)).json()
    assert (after["status"], after["dossiers"], after["accounts"]) == ("declined", [], [])


@pytest.mark.parametrize(("decision", "status"), [("decline", "declined"), ("withdraw", "withdrawn")])
async def test_what_is_not_accepted_changes_nothing(world: World, decision: str, status: str) -> None:
    request, receiver = await world.add_request(), await add_institution(world)
    transfer = await world.ok(propose(world, request, receiver.id))
    standing = problem(await propose(world, request, receiver.id), 409, "transfer-open")
    assert standing["transferId"] == transfer["id"]
    by = world.gi if decision == "withdraw" else receiver.headers
    if decision == "decline":
        answer = await decide(world, transfer, "decline", by, why=None, childReference="N-1")
        assert codes(answer) == {"#/why": "missing", "#/childReference": "not-applicable"}
    decided = await world.ok(decide(world, transfer, decision, by, why="Toch niet."))
    assert (decided["status"], decided["decidedBecause"], decided["possible"]) == (status, "Toch niet.", [])
    assert problem(await decide(world, transfer, "accept", receiver.headers), 409, "transfer-decided")
    now = await world.ok(get(world, f"/requests/{request['id']}", world.gi))
    assert {**now, "updatedAt": None} == {**request, "updatedAt": None}
    history = await items(world, f"/v1/requests/{request['id']}/history", world.gi)
    assert [each["what"] for each in history] == ["created", "transfer-open", f"transfer-{status}"]
    assert (await propose(world, request, receiver.id)).status_code == 201, "it can be proposed again"


async def test_lists_by_direction_and_status_in_pages(world: World, clock: SettableClock) -> None:
    receiver, proposed = await add_institution(world), []
    for _ in range(3):
        proposed.append(await world.ok(propose(world, await world.add_request(), receiver.id)))
        clock.now = clock.now.replace(minute=clock.now.minute + 1)
    back = await handed_over(world, await world.add_request(), receiver)
    ids = [each["id"] for each in proposed]
    assert [each["id"] for each in await items(world, "/v1/transfers?status=open", world.gi)] == ids
    assert [each["id"] for each in await items(world, "/v1/transfers?status=accepted", world.gi)] == [back["id"]]
    assert await items(world, "/v1/transfers?direction=incoming", world.gi) == []
    assert len(await items(world, "/v1/transfers?direction=outgoing", world.gi)) == 4
    page = await world.ok(get(world, "/transfers?limit=2&direction=incoming", receiver.headers))
    rest = await world.ok(world.http.get(page["_links"]["next"]["href"], headers=receiver.headers))
    assert [each["id"] for each in (*page["items"], *rest["items"])] == [*ids, back["id"]]
    assert codes(await get(world, "/transfers?direction=both", world.gi)) == {"#/query/direction": "unknown-code"}


async def test_the_same_key_proposes_and_decides_once(world: World) -> None:
    request, receiver = await world.add_request(), await add_institution(world)
    key = {"Idempotency-Key": "overdracht-1"}
    first, again = [await propose(world, request, receiver.id, world.gi | key) for _ in range(2)]
    assert (first.status_code, again.json()) == (201, first.json())
    assert first.headers["location"] == f"/v1/transfers/{first.json()['id']}"
    answers = [await decide(world, first.json(), "accept", receiver.headers | key) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]


async def _siblings(world: World, group: str = "gezin-31") -> list[Json]:
    return [await world.add_request(siblingGroup=group) for _ in range(3)]


async def test_siblings_who_share_a_referral_go_together(world: World) -> None:
    receiver, children = await add_institution(world), await _siblings(world)
    offer = await world.contracted_offer()
    together = await brought_to(world, await refer(world, offer, children[0]), "accepted")
    left = problem(await propose(world, children[0], receiver.id), 409, "siblings-together")
    assert set(left["requestIds"]) == {children[1]["id"], children[2]["id"]}
    one = [children[1]["id"]]
    left = problem(await propose(world, children[0], receiver.id, siblings=one), 409, "siblings-together")
    assert left["requestIds"] == [children[2]["id"]]
    others = [children[1]["id"], children[2]["id"]]
    transfer = await world.ok(propose(world, children[0], receiver.id, siblings=others))
    assert set(transfer["with"]) == set(others)
    problem(await propose(world, children[1], receiver.id, siblings=[children[0]["id"]]), 409, "siblings-together")
    standing = [each["id"] for each in children if each is not children[1]]
    problem(await propose(world, children[1], receiver.id, siblings=standing), 409, "transfer-open")
    await world.add_request(receiver.headers, siblingGroup="gezin-31")
    own = [{"requestId": children[1]["id"], "childReference": "N-2"}]
    await world.ok(decide(world, transfer, "accept", receiver.headers, childReference="N-1", siblings=own))
    got = [await world.ok(get(world, f"/requests/{each['id']}", receiver.headers)) for each in children]
    assert [each["childReference"] for each in got] == ["N-1", "N-2", children[2]["childReference"]]
    assert len({each["siblingGroup"] for each in got}) == 1
    assert got[0]["siblingGroup"] != "gezin-31", "that is another family there"
    shown = await get_referral(world, together, receiver.headers)
    assert {each["requestId"] for each in shown["children"]} == {each["id"] for each in children}
    problem(await get(world, f"/referrals/{together['id']}", world.gi), 404, "not-found")


async def test_a_child_that_was_taken_out_goes_alone(world: World) -> None:
    receiver, children = await add_institution(world), await _siblings(world)
    third, extra = children[2]["id"], await world.add_request()
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=4, placesOccupied=0, placesFree=4)
    together = await brought_to(world, await refer(world, offer, children[0]), "accepted")
    for gone in (children[0]["id"], third):
        await world.ok(decide_referral(world, together, "withdraw", only=[gone]))
    await handed_over(world, children[0], receiver)
    stays = await get_referral(world, together)
    assert stays["requestId"] == children[1]["id"], "it is for the child that stays"
    by_request = {each["requestId"]: each["isIn"] for each in stays["children"]}
    assert by_request == {children[1]["id"]: True, third: False, None: False}
    assert children[0]["id"] not in str(stays)
    problem(await get(world, f"/referrals/{together['id']}", receiver.headers), 404, "not-found")
    moved = await world.ok(get(world, f"/requests/{children[0]['id']}", receiver.headers))
    assert (moved["siblingGroup"], moved["status"]) == (None, "open")
    assert codes(await propose(world, extra, receiver.id, siblings=[children[1]["id"]])) == {
        "#/with/0": "unknown-request"
    }


async def test_a_referral_follows_the_child_that_it_is_still_for(world: World) -> None:
    receiver, first = await add_institution(world), await world.add_request(siblingGroup="gezin-31")
    second = await world.add_request(siblingGroup="gezin-31")
    together = await refer(world, await world.contracted_offer(), first)
    await world.ok(decide_referral(world, together, "withdraw", only=[first["id"]]))
    await handed_over(world, second, receiver)
    moved = await get_referral(world, together, receiver.headers)
    assert (moved["requestId"], moved["childReference"]) == (second["id"], second["childReference"])
    assert first["id"] not in str(moved)


async def test_what_is_over_for_a_child_that_left_stays_over(world: World) -> None:
    receiver, offer = await add_institution(world), await world.contracted_offer()
    stays, goes = [await world.add_request(siblingGroup="gezin-31") for _ in range(2)]
    await world.report(offer, placesTotal=4, placesOccupied=0, placesFree=4)
    together = await brought_to(world, await refer(world, offer, stays), "ended")
    await handed_over(world, goes, receiver)
    body = {"what": "end", "value": None, "why": "Te vroeg beëindigd."}
    back = await world.ok(world.http.post(f"/v1/referrals/{together['id']}/corrections", json=body, headers=world.gi))
    assert back["referral"]["status"] == "started"
    by_request = {each["requestId"]: each["endedOn"] for each in back["referral"]["children"]}
    assert by_request == {stays["id"]: None, None: "2026-11-22"}
