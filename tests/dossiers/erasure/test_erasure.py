"""Everything that is kept of one child is found, wherever it stands: given out whole, and erased whole."""

import json
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.dossiers.audit.tables import AuditEntryRow, AuditSealRow
from app.dossiers.erasure.service import purge
from app.kit.database.tables import Table
from app.kit.security.callers import Role
from tests.conftest import NOW
from tests.dossiers.referrals.scene import refer
from tests.test_dossier_rights import REFERENCES, Scene, scene
from tests.world import World, problem

__all__ = ["scene"]

CLOSING = {"status": "closed", "closedReason": "help-not-needed"}
KEEPS_IDS = {AuditEntryRow.__tablename__, AuditSealRow.__tablename__}
"""The audit log: that the dossier was erased, and who had seen it."""


async def close(world: World, path: str) -> None:
    await world.ok(world.http.patch(path, json=CLOSING, headers=world.gi | {"If-Match": "*"}))


async def naming(world: World, words: list[str]) -> dict[str, list[str]]:
    """The tables in which any of these words stands in any column, and which; every table that there is."""
    found: dict[str, list[str]] = {}
    async with world.parts.database.read() as session:
        for name in Table.metadata.tables:
            for word in words:
                statement = text(f"SELECT count(*) FROM {name} AS t WHERE t::text LIKE :word")  # noqa: S608
                if await session.scalar(statement, {"word": f"%{word}%"}):
                    found.setdefault(name, []).append(word)
    return found


async def test_an_erased_dossier_is_nowhere(world: World, scene: Scene) -> None:
    path = f"/v1/requests/{scene.ids['requestId']}"
    words = [
        scene.ids[name]
        for name in ("requestId", "referralId", "callId", "watchId", "escalationId", "transferId", "arrangementId")
    ] + [scene.ids["rankingId"], *REFERENCES.values()]
    problem(await world.http.delete(path), 401, "unauthenticated")
    other = world.as_(Role.GI, organisation_id=UUID(int=77))
    problem(await world.http.delete(path, headers=other), 404, "not-found")
    problem(await world.http.delete(path, headers=world.gi), 409, "conflict")
    await world.ok(world.http.get(path, headers=scene.callers["reading team"]))
    await close(world, path)
    before = await naming(world, words)
    assert len(before) > 20, "a dossier of many parts"
    exported = await world.ok(world.http.get(f"{path}/export", headers=world.gi))
    assert exported["childReference"] == REFERENCES["childReference"]
    assert (await world.http.delete(path, headers=world.gi)).status_code == 204
    assert await naming(world, words) == {"audit_entries": [scene.ids["requestId"]]}
    for caller in ("gi", "reading team"):
        problem(await world.http.get(path, headers=scene.callers[caller]), 404, "not-found")
    log = (await world.ok(world.http.get(f"{path}/audit-entries?limit=200", headers=world.gi)))["items"]
    assert (log[-1]["action"], log[-1]["operation"]) == ("D", "DELETE /requests/{requestId}")
    assert "Wijkteam" in {each["organisation"] for each in log}
    problem(await world.http.get(f"{path}/audit-entries", headers=other), 404, "not-found")


async def test_an_export_has_all_that_erasure_would_erase(world: World, scene: Scene) -> None:
    path = f"/v1/requests/{scene.ids['requestId']}"
    exported = await world.ok(world.http.get(f"{path}/export", headers=world.gi))
    assert scene.ids["requestId"] in json.dumps(exported["kept"]["requests"])
    told = {"outbox_events", "mails", "stored_answers", "webhook_deliveries", *KEEPS_IDS}
    names = await naming(world, [scene.ids["requestId"]])
    assert names.keys() - told <= exported["kept"].keys()


async def test_what_was_for_a_sibling_too_stays_with_the_sibling(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesFree=2)
    first, second = [await world.add_request(siblingGroup="gezin-1", childReference=f"kind-{n}") for n in (1, 2)]
    referral = await refer(world, offer, first)
    path = f"/v1/requests/{first['id']}"
    await close(world, path)
    assert (await world.http.delete(path, headers=world.gi)).status_code == 204
    assert await naming(world, [first["id"], "kind-1"]) == {"audit_entries": [first["id"]]}
    kept = await world.ok(world.http.get(f"/v1/referrals/{referral['id']}", headers=world.gi))
    assert kept["requestId"] == second["id"]


async def test_an_amendment_goes_on_without_an_erased_child(world: World) -> None:
    first = await world.add_request(siblingGroup="gezin-1")
    referral = await refer(world, await world.contracted_offer(), first)
    joins, erased = [await world.add_request(siblingGroup="gezin-1") for _ in range(2)]
    path = f"/v1/referrals/{referral['id']}/amendments"
    body = {"children": [first["id"], joins["id"], erased["id"]], "why": "Ook de broers."}
    amendment = await world.ok(world.http.post(path, json=body, headers=world.gi))
    await close(world, f"/v1/requests/{erased['id']}")
    assert (await world.http.delete(f"/v1/requests/{erased['id']}", headers=world.gi)).status_code == 204
    provider = world.provider(referral["providerId"])
    for headers in (world.gi, provider):
        [shown] = (await world.ok(world.http.get(path, headers=headers)))["items"]
        assert len(shown["adds"]) == 1
    body = {"decision": "agree", "why": "Akkoord."}
    decided = f"{path}/{amendment['number']}/decisions"
    problem(await world.http.post(decided, json=body, headers=provider), 409, "amendment-outdated")
    await world.ok(world.http.post(decided, json=body | {"decision": "refuse"}, headers=provider))


@pytest.mark.parametrize(("days", "left"), [(1, 1), (-1, 0)])
async def test_what_was_closed_long_ago_is_erased(world: World, days: int, left: int) -> None:
    request = await world.add_request()
    await close(world, f"/v1/requests/{request['id']}")
    before: date = NOW.date() - timedelta(days=days)
    async with world.parts.database.write() as session:
        assert await purge(session, before) == 1 - left
    assert bool(await naming(world, [request["childReference"]])) == bool(left)


async def test_no_history_is_deleted_but_by_erasure(world: World) -> None:
    await world.add_request()
    async with world.parts.database.write() as session:
        with pytest.raises(DBAPIError, match="request_events is a history"):
            async with session.begin_nested():
                await session.execute(text("DELETE FROM request_events"))
