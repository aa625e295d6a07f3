"""Statements on escalations: of those who keep a request, and of each party for the step that is its own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.domain.language import Text
from app.dossiers.agreements.steps import Step
from app.dossiers.escalations.states import OutcomeKind
from app.dossiers.escalations.tables import EscalationRow
from app.dossiers.requests import repository as requests
from app.dossiers.requests.repository import Access
from app.dossiers.requests.tables import RequestRow
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller, Role

_WAITS = RequestRow.status.in_(["open", "placed"])
"""Once help has begun, or the request is closed, no party has anything to do with it any more."""

KEEPERS = (Role.GI, Role.LOCAL_TEAM)
"""Those who keep requests; all others see of them what stands before their own step, and no more."""


def _is_of(caller: Caller) -> ColumnElement[bool]:
    """Whether a step is the caller's to answer, on escalations joined with their requests."""
    row = EscalationRow
    of_role: dict[Role, ColumnElement[bool]] = {
        Role.LOCAL_TEAM: and_(row.step == "local-team", row.local_team_id == caller.organisation_id),
        Role.REGION: and_(row.step == "expert-team", RequestRow.region_code == caller.region),
        Role.SUPRAREGION: and_(row.step == "supraregional-network", row.supraregion == caller.supraregion),
        Role.NATIONAL: row.step == "national",
    }
    return of_role[caller.role]


async def get_request(
    session: ReadSession | WriteSession, caller: Caller, request_id: UUID, access: Access, *, lock: bool = False
) -> RequestRow:
    """A request that the caller keeps or shares, or whose step it is asked to answer; else `NotFoundError`.

    A party that has answered still comes to its own answer, to put that right, for as long as the child waits.
    """
    if caller.role in KEEPERS:
        return await requests.get_request(session, caller, request_id, lock=lock, access=access)
    own = select(EscalationRow.id).where(EscalationRow.request_id == RequestRow.id, _is_of(caller))
    statement = select(RequestRow).where(RequestRow.id == request_id, _WAITS, own.exists())
    statement = statement.execution_options(populate_existing=True)
    row = await session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFoundError(requests.WHAT)
    return row


def _of_request(caller: Caller, request_id: UUID) -> Select[EscalationRow]:
    """The escalations of a request that the caller may see: all of them, or those of its own step."""
    statement = select(EscalationRow).where(EscalationRow.request_id == request_id)
    if caller.role in KEEPERS:
        return statement
    return statement.join(RequestRow, RequestRow.id == EscalationRow.request_id).where(_is_of(caller))


async def list_of_request(
    session: ReadSession, caller: Caller, request_id: UUID, *, limit: int, key: list[Any] | None
) -> list[EscalationRow]:
    """At most `limit` escalations of a request as they were opened, after the one with `key` (opened_at, id)."""
    order = [EscalationRow.opened_at, EscalationRow.id]
    statement = _of_request(caller, request_id).order_by(*order).limit(limit)
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement)).all())


async def list_escalations(session: ReadSession | WriteSession, request_ids: Collection[UUID]) -> list[EscalationRow]:
    """All escalations of these requests, as they were opened."""
    order = [EscalationRow.opened_at, EscalationRow.id]
    statement = select(EscalationRow).where(EscalationRow.request_id.in_(request_ids)).order_by(*order)
    return list((await session.scalars(statement)).all())


async def get_escalation(
    session: ReadSession | WriteSession, caller: Caller, request_id: UUID, escalation_id: UUID
) -> EscalationRow:
    """An escalation of this request that the caller may see; `NotFoundError` where it has no such."""
    statement = _of_request(caller, request_id).where(EscalationRow.id == escalation_id)
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


@dataclass(frozen=True, slots=True)
class Standing:
    """A request, and since when it stands before the step of whoever asks."""

    request: RequestRow
    opened_at: datetime


def _standing(caller: Caller) -> Select[RequestRow, datetime]:
    """The requests that stand before the caller's own step now; of a local team those that it was let into."""
    statement = (
        select(RequestRow, EscalationRow.opened_at)
        .join(EscalationRow, EscalationRow.request_id == RequestRow.id)
        .where(EscalationRow.outcome.is_(None), _WAITS, _is_of(caller))
    )
    if caller.role is Role.LOCAL_TEAM:
        statement = statement.where(requests.may(caller, "escalate"))
    return statement


async def list_standing(session: ReadSession, caller: Caller, *, limit: int, key: list[Any] | None) -> list[Standing]:
    """At most `limit` requests before the caller's step, the first asked first; after `key` (opened_at, id)."""
    order = [EscalationRow.opened_at, RequestRow.id]
    statement = _standing(caller).order_by(*order).limit(limit)
    if key is not None:
        statement = statement.where(after(order, key))
    return [Standing(row[0], row[1]) for row in await session.execute(statement)]


async def get_standing(session: ReadSession, caller: Caller, request_id: UUID) -> RequestRow:
    """A request that stands before the caller's step; `NotFoundError` where it does not, or does no more."""
    row = (await session.execute(_standing(caller).where(RequestRow.id == request_id))).one_or_none()
    if row is None:
        raise NotFoundError(requests.WHAT)
    return row[0]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many escalations of one step have come to this; `is_open`: nothing came out yet."""

    step: Step
    is_open: bool
    kind: OutcomeKind | None
    total: int


async def count_escalations(session: ReadSession, region: str) -> list[Counted]:
    """The escalations of a region's own children, counted."""
    is_open = EscalationRow.outcome.is_(None)
    keys = [EscalationRow.step, is_open, EscalationRow.outcome_kind]
    statement = (
        select(*keys, func.count())
        .join(RequestRow, RequestRow.id == EscalationRow.request_id)
        .where(RequestRow.region_code == region)
        .group_by(*keys)
    )
    rows: Sequence[Any] = (await session.execute(statement)).all()
    return [Counted(*row) for row in rows]
