"""The audit log: who saw a dossier and why; nothing is taken out of it unseen; writers never wait for each other."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from app.dossiers.audit.service import AuditLog, purge, seal, verify
from app.dossiers.audit.tables import AuditEntryRow
from app.kit.database.sessions import Database
from tests.conftest import NOW, OWNER, SavepointDatabase
from tests.test_dossier_rights import Scene, scene
from tests.world import World, problem

__all__ = ["scene"]


async def log_of(world: World, request_id: str) -> list[dict[str, Any]]:
    path = f"/v1/requests/{request_id}/audit-entries?limit=200"
    items: list[dict[str, Any]] = (await world.ok(world.http.get(path, headers=world.gi)))["items"]
    return items


async def test_the_institution_reads_who_saw_its_dossier_and_why(world: World, scene: Scene) -> None:
    for caller, path in (
        ("provider", f"/v1/referrals/{scene.ids['referralId']}"),
        ("reading team", f"/v1/requests/{scene.ids['requestId']}"),
        ("expert team", f"/v1/escalated-requests/{scene.ids['requestId']}"),
        ("receiver", f"/v1/transfers/{scene.ids['transferId']}"),
    ):
        await world.ok(world.http.get(path, headers=scene.callers[caller]))
    log = await log_of(world, scene.ids["requestId"])
    assert [each["ground"] for each in log[-4:]] == ["addressed", "shared", "asked", "transfer"]
    assert (log[0]["action"], log[0]["operation"]) == ("C", "POST /requests")
    assert log[-3]["organisation"] == "Wijkteam"


async def test_what_is_not_logged_is_not_answered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    request = await world.add_request()

    async def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(AuditLog, "record", fail)
    path = f"/v1/requests/{request['id']}"
    for answer in (
        await world.http.get(path, headers=world.gi),
        await world.http.patch(path, json={"places": 2}, headers=world.gi | {"If-Match": "*"}),
    ):
        assert answer.status_code >= 500
        assert request["childReference"] not in answer.text
    monkeypatch.undo()
    assert (await world.ok(world.http.get(path, headers=world.gi)))["places"] == 1


async def seal_all(database: Database) -> None:
    async with database.write() as session:
        while await seal(session, NOW):
            pass


async def wrong(database: Database) -> list[str]:
    async with database.read() as session:
        return (await verify(session, NOW)).wrong


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        ("UPDATE audit_entries SET client_id = 'another' WHERE id = (SELECT min(id) FROM audit_entries)", "seal 1 was"),
        ("DELETE FROM audit_entries WHERE id = (SELECT max(id) FROM audit_entries WHERE seal = 2)", "seal 2 was"),
        ("UPDATE audit_entries SET at = at - interval '1 day' WHERE seal = 2", "seal 2 was"),
        ("DELETE FROM audit_seals WHERE number = 2", "seals 2 to 2 are gone"),
        ("DELETE FROM audit_seals WHERE number = 3", "under seals after seal 2"),
        ("UPDATE audit_seals SET hash = sha256('x') WHERE number = 1", "seal 2 does not follow"),
    ],
)
async def test_what_is_changed_or_gone_shows(world: World, tamper: str, said: str) -> None:
    database = world.parts.database
    for _ in range(3):
        await world.add_request()
        await seal_all(database)
    assert await wrong(database) == []
    async with database.write(OWNER) as session:
        with pytest.raises(DBAPIError, match="is the audit log"):
            async with session.begin_nested():
                await session.execute(text(tamper))
        for name in ("audit_entries", "audit_seals"):
            await session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER append_only"))
        await session.execute(text(tamper))
    assert any(said in each for each in await wrong(database)), await wrong(database)


async def test_writers_at_once_are_all_sealed_and_none_waits_for_another(committing_world: World) -> None:
    world, database = committing_world, committing_world.parts.database
    request = await world.add_request()
    async with database.write() as slow:
        first = await world.http.get(f"/v1/requests/{request['id']}", headers=world.gi)
        await slow.execute(text("INSERT INTO audit_seals SELECT 0, now(), 0, '', '' WHERE false"))
        asked = [world.http.get(f"/v1/requests/{request['id']}", headers=world.gi) for _ in range(20)]
        answers, _ = await asyncio.gather(
            asyncio.gather(*asked), asyncio.gather(*(seal_all(database) for _ in range(3)))
        )
    assert {each.status_code for each in [first, *answers]} == {200}
    await seal_all(database)
    async with database.read() as session:
        verdict = await verify(session, NOW)
    assert (verdict.wrong, verdict.entries, verdict.unsealed) == ([], 22, 0)


async def test_an_entry_is_kept_for_five_years(world: World) -> None:
    database = world.parts.database
    await world.add_request()
    for years in (0, 4, 6):
        async with database.write(OWNER) as session:
            await session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER append_only"))
            await session.execute(
                update(AuditEntryRow).where(AuditEntryRow.seal.is_(None)).values(at=NOW - timedelta(days=366 * years))
            )
            await session.execute(text("ALTER TABLE audit_entries ENABLE TRIGGER append_only"))
            await seal(session, NOW - timedelta(days=366 * years))
        await world.add_request()
    async with database.write() as session:
        assert await purge(session, NOW) == 1
    assert await wrong(database) == []


async def test_the_log_is_of_whose_dossier_it_is(world: World) -> None:
    request = await world.add_request()
    path = f"/v1/requests/{request['id']}/audit-entries"
    problem(await world.http.get(path), 401, "unauthenticated")
    problem(await world.http.get(path, headers=world.admin), 403, "forbidden")
    problem(await world.http.get(path.replace(request["id"], str(UUID(int=5))), headers=world.gi), 404, "not-found")


async def test_the_owner_has_no_right_to_change_the_log(database: SavepointDatabase) -> None:
    """But to put entries under a seal, and delete those whose term is over; asked as an owner that is no superuser."""
    async with database.write(OWNER) as session:
        connection = await session.connection()
        for statement in (
            "ALTER TABLE audit_entries OWNER TO wijzer_caller",
            "ALTER TABLE audit_seals OWNER TO wijzer_caller",
            "SET LOCAL ROLE wijzer_caller",
        ):
            await connection.execute(text(statement))
        for statement in (
            "UPDATE audit_entries SET client_id = 'x'",
            "UPDATE audit_seals SET hash = ''",
            "DELETE FROM audit_seals",
            "TRUNCATE audit_entries",
            "TRUNCATE audit_seals",
        ):
            with pytest.raises(DBAPIError, match="permission denied"):
                async with connection.begin_nested():
                    await connection.execute(text(statement))
        await connection.execute(text("UPDATE audit_entries SET seal = 1 WHERE id = 0"))
        await connection.execute(text("DELETE FROM audit_entries WHERE id = 0"))
        await session.rollback()
