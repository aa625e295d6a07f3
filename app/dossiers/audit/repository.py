"""Statements on the audit log: adding entries, reading those of a dossier, sealing."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.access.tables import OrganisationRow
from app.dossiers.audit.tables import AuditEntryRow, AuditSealRow
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.trail import Action
from app.kit.security.callers import Caller

KEPT_AT_LEAST: Final = timedelta(days=5 * 366)
"""How long an entry is kept: five years (NEN 7513), which the trigger on the table guards too."""
_LOCK: Final = "audit seals"
_GROUND: Final = """
    CASE WHEN CAST(:organisation_id AS uuid) IS NULL THEN 'service'
         WHEN kept.by = :organisation_id THEN 'own'
         WHEN :role = 'provider' THEN 'addressed'
         WHEN :role = 'local-team' THEN 'shared'
         WHEN :role = 'gi' THEN 'transfer'
         ELSE 'asked' END
"""
_ADD: Final = sql(
    f"""
    INSERT INTO audit_entries (at, dossier_id, keeper_id, organisation_id, role, client_id, action, operation, ground,
                               trace_id, span_id)
    SELECT :at, done.dossier_id, kept.by, :organisation_id, :role, :client_id, done.action, :operation,
           {_GROUND}, :trace_id, :span_id
    FROM unnest(:dossiers, :actions) AS done (dossier_id, action)
    CROSS JOIN LATERAL (SELECT coalesce(dossier_keeper(done.dossier_id), :organisation_id) AS by) AS kept
    """  # noqa: S608 - our own words
).bindparams(
    bindparam("dossiers", type_=ARRAY(Uuid)), bindparam("actions", type_=ARRAY(Text)),
    bindparam("organisation_id", type_=Uuid), bindparam("role", type_=Text),
)  # fmt: skip


async def add_entries(
    writing: AsyncSession | AsyncConnection, values: Mapping[str, Any], actions: Mapping[UUID, Action]
) -> None:
    """Adds an entry for each dossier, all that they have in common in `values`; one statement, however many."""
    await writing.execute(_ADD, {**values, "dossiers": list(actions), "actions": list(actions.values())})


async def may_read(session: ReadSession, caller: Caller, dossier_id: UUID) -> bool:
    """Whether the dossier is the caller's own, or was when it was erased."""
    row = AuditEntryRow
    own = exists().where(RequestRow.id == dossier_id, RequestRow.organisation_id == caller.organisation_id)
    erased = exists().where(row.dossier_id == dossier_id, row.action == "D", row.keeper_id == caller.organisation_id)
    return bool(await session.scalar(select(or_(own, erased))))


async def list_entries(
    session: ReadSession, dossier_id: UUID, *, limit: int | None, after: int | None
) -> list[tuple[AuditEntryRow, str | None]]:
    """At most `limit` entries of a dossier, the first first, each with what its organisation is called."""
    row = AuditEntryRow
    statement = (
        select(row, OrganisationRow.name)
        .outerjoin(OrganisationRow, OrganisationRow.id == row.organisation_id)
        .where(row.dossier_id == dossier_id)
        .order_by(row.id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(row.id > after)
    return [(each[0], each[1]) for each in await session.execute(statement)]


async def list_all(session: ReadSession, dossier_id: UUID | None, *, limit: int, after: int) -> Sequence[AuditEntryRow]:
    """At most `limit` entries of a dossier, or of all, after the one with that id."""
    statement = select(AuditEntryRow).where(AuditEntryRow.id > after).order_by(AuditEntryRow.id).limit(limit)
    if dossier_id is not None:
        statement = statement.where(AuditEntryRow.dossier_id == dossier_id)
    return (await session.scalars(statement)).all()


async def hold_last_seal(session: WriteSession) -> AuditSealRow | None:
    """The newest seal, held until the transaction ends so that no other is made; None where there is none."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(_LOCK, 0))))
    return await session.scalar(select(AuditSealRow).order_by(AuditSealRow.number.desc()).limit(1))


async def list_unsealed(session: WriteSession, limit: int) -> Sequence[AuditEntryRow]:
    """At most `limit` entries that are under no seal, by id."""
    row = AuditEntryRow
    return (await session.scalars(select(row).where(row.seal.is_(None)).order_by(row.id).limit(limit))).all()


async def add_seal(session: WriteSession, values: Mapping[str, Any], entry_ids: Sequence[int]) -> None:
    """Adds a seal, and puts these entries under it."""
    await session.execute(insert(AuditSealRow).values(**values))
    row = AuditEntryRow
    await session.execute(update(row).where(row.id.in_(entry_ids)).values(seal=values["number"]))


async def list_seals(session: ReadSession, after: int, limit: int) -> Sequence[AuditSealRow]:
    """At most `limit` seals after that number, in order."""
    row = AuditSealRow
    return (await session.scalars(select(row).where(row.number > after).order_by(row.number).limit(limit))).all()


async def list_sealed(session: ReadSession, number: int) -> Sequence[AuditEntryRow]:
    """The entries under a seal, by id."""
    row = AuditEntryRow
    return (await session.scalars(select(row).where(row.seal == number).order_by(row.id))).all()


async def count_beyond(session: ReadSession, number: int) -> tuple[int, int]:
    """How many entries are under no seal yet, and how many under a seal that there is not."""
    row = AuditEntryRow
    counts = func.count().filter(row.seal.is_(None)), func.count().filter(row.seal > number)
    found = (await session.execute(select(*counts).where(or_(row.seal.is_(None), row.seal > number)))).one()
    return found[0], found[1]


async def delete_before(session: WriteSession, before: datetime) -> int:
    """Deletes the entries of before that moment that are sealed; the seals stay. How many there were."""
    row = AuditEntryRow
    old = select(AuditSealRow.number).where(AuditSealRow.sealed_at < before)
    deleted = await session.execute(delete(row).where(row.seal.in_(old)))
    return int(deleted.rowcount)  # type: ignore[attr-defined]
