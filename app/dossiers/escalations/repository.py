"""Statements on escalations. Whose they are is asked of the request first."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.language import Text
from app.dossiers.escalations.tables import EscalationRow
from app.dossiers.requests.repository import visible
from app.dossiers.requests.tables import RequestRow
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller


async def list_escalations(
    session: ReadSession | WriteSession,
    request_ids: Collection[UUID],
    *,
    limit: int | None = None,
    key: list[Any] | None = None,
) -> list[EscalationRow]:
    """The escalations of these requests as they were opened, after the one with `key` (opened_at, id)."""
    order = [EscalationRow.opened_at, EscalationRow.id]
    statement = select(EscalationRow).where(EscalationRow.request_id.in_(request_ids)).order_by(*order).limit(limit)
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement)).all())


async def get_escalation(session: ReadSession | WriteSession, request_id: UUID, escalation_id: UUID) -> EscalationRow:
    """An escalation of this request; `NotFoundError` where it has no such."""
    statement = select(EscalationRow).where(EscalationRow.id == escalation_id, EscalationRow.request_id == request_id)
    row = await session.scalar(statement)
    if row is None:
        raise NotFoundError(Text(nl="Deze escalatie", en="This escalation"))
    return row


async def add_escalation(session: WriteSession, values: Mapping[str, Any]) -> EscalationRow:
    """A new escalation."""
    row = EscalationRow(**values)
    session.add(row)
    await session.flush()
    return row


async def list_escalated(
    session: ReadSession, caller: Caller, *, limit: int, key: list[Any] | None
) -> list[RequestRow]:
    """At most `limit` requests put before the caller's expert team, after the one with `key` (expert_team_on, id)."""
    order = [RequestRow.expert_team_on, RequestRow.id]
    statement = visible(caller).order_by(*order).limit(limit)
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement)).all())
