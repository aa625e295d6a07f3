"""A dossier that was taken over: all of it is the receiver's, and the sender keeps what it has to account for."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.kit.database.tables import Table
from app.kit.security.callers import Role
from tests.access.clients import add_organisation
from tests.conftest import SavepointDatabase, SettableClock
from tests.dossiers.calls.scene import answer as answer_call
from tests.dossiers.calls.scene import contracted, publish
from tests.dossiers.referrals.scene import brought_to, items, places, refer
from tests.dossiers.referrals.scene import decide as decide_referral
from tests.dossiers.referrals.scene import get as get_referral
from tests.dossiers.transfers.scene import add_institution, decide, get, handed_over, propose
from tests.dossiers.watches.scene import add_watch, look
from tests.world import World, problem

Json = dict[str, Any]
SENDER = UUID(int=2)
"""The organisation of `World.gi`."""
PRIVATE = {"requests", "referrals", "calls", "arrangements", "watches", "watch_matches"}
"""The tables of dossiers that say whose a row is; a new one has to go along too (transfers/handover.py)."""


def test_no_table_is_left_behind() -> None:
    owned = {
        each.class_.__tablename__
        for each in Table.registry.mappers
        if "organisation_id" in each.columns and each.class_.__module__.startswith("app.dossiers.")
    }
    of_others = {"request_shares", "notification_settings", "proposals"}  # with whom, whose settings, who asked
    accounts = {"deliveries", "delivered_requests", "delivery_reminders"}  # what the sender itself delivered and when
    log = {"audit_entries"}  # who it was that saw a dossier then
    assert owned - of_others - accounts - log == PRIVATE


@pytest.fixture
async def dossier(world: World) -> Json:
    """A dossier with one of everything: a place, a refusal, a call with an answer, a watch with a match, a step."""
    request = await world.add_request(needs=[], careWorker="w-12")
    path = f"/v1/requests/{request['id']}"
    ranking = await world.ok(world.http.get(f"{path}/matches", headers=world.gi))
    offer = await contracted(world)
    await world.report(offer, placesTotal=4, placesOccupied=1, placesReserved=0, placesFree=2)
    declined = await brought_to(world, await refer(world, await world.contracted_offer(), request), "declined")
    call = await publish(world, request)
    await answer_call(world, call, offer)
    watch = await add_watch(world, requestId=request["id"])
    await world.report(await contracted(world))
    await look(world)
    explained = {"clock": "protection-worker", "cause": "staff-shortage", "text": "Niemand vrij."}
    await world.ok(world.http.post(f"{path}/explanations", json=explained, headers=world.gi))
    step = {"step": "expert-team", "reason": "no-suitable-offer", "asked": "Wie?", "skipReason": "Al betrokken."}
    escalation = await world.ok(world.http.post(f"{path}/escalations", json=step, headers=world.gi))
    full = await world.add_offer()
    await world.add_contract(full["providerId"], ceiling={"reached": True})
    asking = {"offerId": full["id"], "kind": "ceiling-exception", "why": "Enige plek."}
    arrangement = await world.ok(world.http.post(f"{path}/arrangements", json=asking, headers=world.gi))
    accepted = await brought_to(world, await refer(world, offer, request), "accepted")
    return {
        "request": request,
        "offer": offer,
        "accepted": accepted,
        "paths": [
            path.removeprefix("/v1"),
            *(f"/requests/{request['id']}/{each}" for each in ("matches", "history", "choices", "rankings")),
            *(f"/requests/{request['id']}/{each}" for each in ("judgements", "escalations")),
            f"/requests/{request['id']}/rankings/{ranking['rankingId']}",
            f"/requests/{request['id']}/escalations/{escalation['id']}",
            *(f"/referrals/{each['id']}" for each in (accepted, declined)),
            f"/referrals/{accepted['id']}/history",
            f"/arrangements/{arrangement['id']}",
            f"/calls/{call['id']}",
            f"/calls/{call['id']}/answers",
            f"/watches/{watch['id']}",
            f"/watches/{watch['id']}/matches",
        ],
    }


LISTS = ("/requests", "/referrals", "/calls", "/arrangements", "/watches", "/notices", "/breakthrough-list")


async def test_all_of_it_goes_along_and_the_old_one_has_nothing(
    world: World, database: SavepointDatabase, dossier: Json
) -> None:
    receiver, request = await add_institution(world), dossier["request"]
    before = {path: await world.ok(get(world, path, world.gi)) for path in dossier["paths"]}
    lists = {path: await items(world, f"/v1{path}", world.gi) for path in LISTS}
    transfer = await world.ok(propose(world, request, receiver.id))
    held = await places(world, dossier["offer"])

    await world.ok(decide(world, transfer, "accept", receiver.headers, childReference="N-31"))

    for path in dossier["paths"]:
        problem(await get(world, path, world.gi), 404, "not-found")
    for path in LISTS:
        assert await items(world, f"/v1{path}", world.gi) == [], path
        assert len(await items(world, f"/v1{path}", receiver.headers)) >= len(lists[path]), path
    for path, shown in before.items():
        now = await world.ok(get(world, path, receiver.headers))
        if "items" in shown:
            assert len(now["items"]) >= len(shown["items"]), path
    for table in PRIVATE:
        owners = await database.connection.execute(text(f"SELECT DISTINCT organisation_id FROM {table}"))  # noqa: S608
        assert [row[0] for row in owners] == [UUID(receiver.id)], table
    moved = await world.ok(get(world, f"/requests/{request['id']}", receiver.headers))
    was = before[f"/requests/{request['id']}"]
    assert (moved["childReference"], moved["careWorker"]) == ("N-31", None)
    assert {name: moved[name] for name in ("clocks", "status", "child", "choices", "escalatedTo")} == {
        name: was[name] for name in ("clocks", "status", "child", "choices", "escalatedTo")
    }
    assert await places(world, dossier["offer"]) == held
    history = await items(world, f"/v1/requests/{request['id']}/history", receiver.headers)
    [changes] = [each["changes"] for each in history if each["what"] == "transferred"]
    assert {each["field"]: (each["old"], each["new"]) for each in changes} == {
        "institution": ("De Jeugd- en Gezinsbeschermers", "GI De Overkant"),
        "childReference": (request["childReference"], "N-31"),
        "careWorker": ("w-12", None),
    }
    started = await world.ok(decide_referral(world, dossier["accepted"], "start", receiver.headers))
    assert started["status"] == "started"
    assert await places(world, dossier["offer"]) == (2, 0, 1)


async def test_providers_are_told_whose_it_is_now(world: World, dossier: Json) -> None:
    receiver, offer = await add_institution(world), dossier["offer"]
    own = world.provider(offer["providerId"])
    await handed_over(world, dossier["request"], receiver)
    last = (await items(world, "/v1/notices", own))[-1]
    assert (last["referralId"], last["decision"], last["status"]) == (dossier["accepted"]["id"], "transfer", "accepted")
    assert (last["details"], last["clientId"]) == ({"institution": "GI De Overkant"}, None)
    shown = await get_referral(world, dossier["accepted"], own)
    assert (shown["institution"], shown["requestId"], shown["childReference"]) == ("GI De Overkant", None, None)
    [call] = await items(world, "/v1/calls", own)
    assert call["institution"] == "GI De Overkant"


async def test_the_other_side_and_providers_get_an_event(world: World, database: SavepointDatabase) -> None:
    request, receiver, offer = await world.add_request(), await add_institution(world), await world.contracted_offer()
    await refer(world, offer, request)
    await handed_over(world, request, receiver)
    events = "SELECT type, organisation_id, provider_id, data FROM outbox_events ORDER BY id"
    rows = await database.connection.execute(text(events))
    told = [(row.type, row.organisation_id or row.provider_id, row.data.get("status")) for row in rows]
    assert told == [
        ("referral.sent", UUID(offer["providerId"]), "sent"),
        ("transfer.changed", UUID(receiver.id), "open"),
        ("referral.decided", UUID(offer["providerId"]), "sent"),
        ("transfer.changed", SENDER, "accepted"),
    ]


async def test_the_sender_accounts_for_the_time_that_it_had_it(world: World, clock: SettableClock) -> None:
    receiver, made_at = await add_institution(world), clock.now
    request = await world.add_request()
    path = f"/v1/requests/{request['id']}/milestones/course"
    await world.ok(world.http.put(path, json={"date": "2026-11-20"}, headers=world.gi | {"If-Match": "*"}))
    for status in ("accepted", "declined", "declined"):
        await brought_to(world, await refer(world, await world.contracted_offer(), request), status)
    clock.now += timedelta(days=1)
    handed_at = clock.now
    transfer = await handed_over(world, request, receiver)
    clock.now += timedelta(days=90)
    [account] = (await world.ok(get(world, f"/transfers/{transfer['id']}", world.gi)))["accounts"]
    lights = {each["clock"]: (each["light"], each["onTime"]) for each in account["clocks"]}
    assert lights == {"protection-worker": ("red", None), "course": ("done", True), "help": ("green", None)}
    assert account["clocks"][2]["dueOn"] == "2027-01-12"
    assert account["referrals"] == [{"status": "accepted", "count": 1}, {"status": "declined", "count": 2}]
    assert account["requestId"] == request["id"]
    times = [account[name].replace("Z", "+00:00") for name in ("heldFrom", "heldUntil")]
    assert times == [made_at.isoformat(), handed_at.isoformat()]
    assert account.keys() == {"requestId", "heldFrom", "heldUntil", "clocks", "referrals"}
    text_of = str(await world.ok(get(world, "/transfers", world.gi)))
    assert not any(own in text_of for own in (request["childReference"], "2014-05", "gezinshuis", "female"))
    assert transfer["accounts"] == [], "the receiver has the dossier itself"


async def test_a_wrong_institution_sends_it_back(world: World, clock: SettableClock) -> None:
    receiver, request = await add_institution(world), await world.add_request()
    sender = await add_institution(world, name="GI De Eerste")
    first = await handed_over(world, request, sender)
    clock.now += timedelta(days=2)
    received_at = clock.now
    transfer = await world.ok(propose(world, request, receiver.id, sender.headers, why="Verkeerde instelling."))
    await world.ok(decide(world, transfer, "accept", receiver.headers))
    problem(await get(world, f"/requests/{request['id']}", sender.headers), 404, "not-found")
    clock.now += timedelta(days=3)
    back = await world.ok(propose(world, request, sender.id, receiver.headers, why="Hoort niet bij ons."))
    await world.ok(decide(world, back, "accept", sender.headers))
    assert (await get(world, f"/requests/{request['id']}", sender.headers)).status_code == 200
    [account] = (await world.ok(get(world, f"/transfers/{back['id']}", receiver.headers)))["accounts"]
    assert account["heldFrom"] == received_at.isoformat().replace("+00:00", "Z")
    shown = {each["id"]: each for each in await items(world, "/v1/transfers", sender.headers)}
    assert [shown[each["id"]]["direction"] for each in (first, transfer, back)] == ["incoming", "outgoing", "incoming"]
    assert shown[transfer["id"]]["accounts"][0]["heldFrom"] == (received_at - timedelta(days=2)).isoformat().replace(
        "+00:00", "Z"
    )


async def test_a_reference_that_the_receiver_has_is_no_place_to_lose_a_dossier(world: World) -> None:
    receiver, request = await add_institution(world), await world.add_request()
    await world.add_request(receiver.headers, childReference=request["childReference"])
    transfer = await world.ok(propose(world, request, receiver.id))
    taken = problem(await decide(world, transfer, "accept", receiver.headers), 409, "reference-taken")
    assert taken["requestId"] == request["id"]
    assert (await get(world, f"/requests/{request['id']}", world.gi)).status_code == 200, "nothing has moved"
    await world.ok(decide(world, transfer, "accept", receiver.headers, childReference="N-31"))
    assert (await get(world, f"/requests/{request['id']}", receiver.headers)).json()["childReference"] == "N-31"


async def test_a_mail_address_of_the_old_one_is_told_nothing_more(world: World, database: SavepointDatabase) -> None:
    receiver, request = await add_institution(world), await world.add_request()
    both = await add_watch(world, requestId=request["id"], channels=["sse", "webhook"])
    mailed = await add_watch(world, requestId=request["id"])
    address = "UPDATE watches SET channels = '{email}', email = 'w@example.org' WHERE id = :id"
    await database.connection.execute(text(address), {"id": mailed["id"]})
    await handed_over(world, request, receiver)
    shown = {each["id"]: each for each in await items(world, "/v1/watches", receiver.headers)}
    assert (shown[both["id"]]["channels"], shown[mailed["id"]]["channels"]) == (["sse", "webhook"], ["sse"])
    assert shown[mailed["id"]]["email"] is None


async def test_a_closed_dossier_goes_to_the_archive_of_another(world: World) -> None:
    receiver, request = await add_institution(world, Role.LOCAL_TEAM, "Wijkteam Oost"), await world.add_request()
    closing = {"status": "closed", "closedReason": "help-not-needed"}
    path = f"/v1/requests/{request['id']}"
    await world.ok(world.http.patch(path, json=closing, headers=world.gi | {"If-Match": "*"}))
    await handed_over(world, request, receiver)
    assert (await get(world, f"/requests/{request['id']}", receiver.headers)).json()["status"] == "closed"


async def test_the_expert_team_keeps_seeing_what_was_put_before_it(world: World, dossier: Json) -> None:
    receiver, experts = await add_institution(world), world.expert_team()
    await handed_over(world, dossier["request"], receiver)
    [seen] = await items(world, "/v1/escalated-requests", experts)
    assert (seen["organisationId"], seen["organisation"]) == (receiver.id, "GI De Overkant")
    assert date.fromisoformat(seen["requestedOn"]) <= date(2026, 11, 22)


async def test_whom_the_old_institution_let_in_is_out(world: World, dossier: Json) -> None:
    receiver, path = await add_institution(world), f"/requests/{dossier['request']['id']}"
    team = await add_organisation(world, name="Wijkteam", role="local-team")
    reading = world.as_(Role.LOCAL_TEAM, organisation_id=UUID(team["id"]))
    headers = world.gi | {"If-Match": "*"}
    await world.ok(world.http.put(f"/v1{path}/shares/{team['id']}", json={"may": "read"}, headers=headers))
    await world.ok(get(world, path, reading))
    await handed_over(world, dossier["request"], receiver)
    problem(await get(world, path, reading), 404, "not-found")
    assert await items(world, f"/v1{path}/shares", receiver.headers) == []
    changes = [each["what"] for each in await items(world, f"/v1{path}/history", receiver.headers)]
    assert changes.index("shared") < changes.index("share-ended") < changes.index("transferred")
