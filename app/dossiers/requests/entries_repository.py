"""Statements on what is added to a request and never changed: its history, choices, explanations, judgements and such.

Whoever asks has found the request among those that it may see (`repository`).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from app.dossiers.requests.tables import (
    ChoiceVersionRow,
    ExplanationRow,
    JudgementRow,
    ProposalRow,
    ReopeningRow,
    RequestEventRow,
    RequestRow,
)
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession


async def add_event(
    session: WriteSession,
    request_id: UUID,
    at: datetime,
    client_id: str,
    what: str,
    changes: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Adds to the history of a request; `changes` are {field, old, new} in JSON's own types."""
    values = {"request_id": request_id, "at": at, "client_id": client_id, "what": what, "changes": list(changes)}
    await add_events(session, [values])


async def add_events(session: WriteSession, events: Sequence[Mapping[str, Any]]) -> None:
    """Adds to the histories of requests, in this order; each has all columns but the id."""
    if events:
        await session.execute(insert(RequestEventRow), [dict(each) for each in events])


async def list_events(
    session: ReadSession, request_id: UUID, *, limit: int, key: list[Any] | None
) -> list[RequestEventRow]:
    """At most `limit` events of a request in their order, after the one with `key` (id)."""
    statement = select(RequestEventRow).where(RequestEventRow.request_id == request_id)
    if key is not None:
        statement = statement.where(RequestEventRow.id > key[0])
    return list((await session.scalars(statement.order_by(RequestEventRow.id).limit(limit))).all())


async def list_last_events(session: ReadSession, request_id: UUID, *, limit: int) -> list[RequestEventRow]:
    """The last events of a request, at most `limit`, the last first."""
    statement = select(RequestEventRow).where(RequestEventRow.request_id == request_id)
    return list((await session.scalars(statement.order_by(RequestEventRow.id.desc()).limit(limit))).all())


async def add_choice_version(session: WriteSession, row: RequestRow, at: datetime, client_id: str) -> None:
    """Keeps the choices of a request as they are now."""
    await add_choice_versions(session, [row], at, client_id)


async def add_choice_versions(session: WriteSession, rows: Sequence[RequestRow], at: datetime, client_id: str) -> None:
    """Keeps the choices of requests as they are now."""
    versions = [
        {"request_id": row.id, "number": row.choices_version, "choices": row.choices, "stated_at": at} for row in rows
    ]
    if versions:
        await session.execute(insert(ChoiceVersionRow), [each | {"client_id": client_id} for each in versions])


async def list_choice_versions(
    session: ReadSession, request_id: UUID, *, limit: int, key: list[Any] | None
) -> list[ChoiceVersionRow]:
    """At most `limit` versions of the choices from the first, after the one with `key` (number)."""
    statement = select(ChoiceVersionRow).where(ChoiceVersionRow.request_id == request_id)
    if key is not None:
        statement = statement.where(ChoiceVersionRow.number > key[0])
    return list((await session.scalars(statement.order_by(ChoiceVersionRow.number).limit(limit))).all())


async def add_explanations(session: WriteSession, values: Sequence[Mapping[str, Any]]) -> list[ExplanationRow]:
    """New explanations, in this order."""
    statement = insert(ExplanationRow).returning(ExplanationRow, sort_by_parameter_order=True)
    return list((await session.scalars(statement, [dict(each) for each in values])).all())


async def list_explanations(session: ReadSession | WriteSession, request_ids: Collection[UUID]) -> list[ExplanationRow]:
    """The explanations of these requests, oldest first."""
    statement = select(ExplanationRow).where(ExplanationRow.request_id.in_(request_ids)).order_by(ExplanationRow.id)
    return list((await session.scalars(statement)).all())


async def add_reopening(session: WriteSession, values: Mapping[str, Any]) -> None:
    """Adds to the reopenings of a request that is held."""
    row = ReopeningRow
    number = select(func.count() + 1).where(row.request_id == values["request_id"]).scalar_subquery()
    await session.execute(insert(row).values(number=number, **values))


async def list_reopenings(session: ReadSession | WriteSession, request_ids: Collection[UUID]) -> list[ReopeningRow]:
    """The reopenings of these requests, the first first."""
    statement = select(ReopeningRow).where(ReopeningRow.request_id.in_(request_ids))
    return list((await session.scalars(statement.order_by(ReopeningRow.request_id, ReopeningRow.number))).all())


async def add_judgement(session: WriteSession, values: Mapping[str, Any]) -> JudgementRow:
    """A new judgement."""
    statement = insert(JudgementRow).values(values).returning(JudgementRow)
    return (await session.execute(statement)).scalar_one()


async def list_last_judgements(
    session: ReadSession | WriteSession, request_ids: Collection[UUID]
) -> list[JudgementRow]:
    """Of each of these requests the last judgement of each who judged."""
    row = JudgementRow
    statement = (
        select(row)
        .where(row.request_id.in_(request_ids))
        .ext(distinct_on(row.request_id, row.by))
        .order_by(row.request_id, row.by.desc(), row.on.desc(), row.id.desc())
    )
    return list((await session.scalars(statement)).all())


async def list_judgements(
    session: ReadSession, request_id: UUID, *, limit: int, key: list[Any] | None
) -> list[JudgementRow]:
    """At most `limit` judgements of a request by their day, after the one with `key` (on, id)."""
    order = [JudgementRow.on, JudgementRow.id]
    statement = select(JudgementRow).where(JudgementRow.request_id == request_id).order_by(*order).limit(limit)
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement)).all())


async def add_proposals(session: WriteSession, values: Sequence[Mapping[str, Any]]) -> None:
    """Proposes characteristics of requests."""
    if values:
        await session.execute(insert(ProposalRow), list(values))


async def list_proposals(session: ReadSession | WriteSession, request_ids: Collection[UUID]) -> list[ProposalRow]:
    """The proposals of these requests that stand, the first first."""
    statement = select(ProposalRow).where(ProposalRow.request_id.in_(request_ids), ProposalRow.gone_at.is_(None))
    return list((await session.scalars(statement.order_by(ProposalRow.id))).all())


async def end_proposals(session: WriteSession, request_id: UUID, code: str, now: datetime, client_id: str) -> bool:
    """Dismisses what is proposed of a request by that code; whether there was anything."""
    row = ProposalRow
    standing = update(row).where(row.request_id == request_id, row.code == code, row.gone_at.is_(None))
    values = {"gone_at": now, "gone_because": "dismissed", "client_id": client_id}
    return bool((await session.scalars(standing.values(values).returning(row.id))).all())


async def end_proposals_of(session: WriteSession, referral_id: UUID, now: datetime) -> None:
    """Takes back what a decline proposed, because it was itself taken back."""
    standing = update(ProposalRow).where(ProposalRow.referral_id == referral_id, ProposalRow.gone_at.is_(None))
    await session.execute(standing.values(gone_at=now, gone_because="decline-taken-back"))
