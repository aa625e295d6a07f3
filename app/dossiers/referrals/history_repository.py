"""Statements on what was decided on referrals: their histories, notices, refusals and counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert

from app.dossiers.referrals.repository import overdue_at, own_to
from app.dossiers.referrals.states import DecisionCode, Status
from app.dossiers.referrals.tables import (
    ReferralChildRow,
    ReferralEventRow,
    ReferralRow,
)
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.security.callers import Caller, Role
from app.supply.providers.tables import ProviderRow


async def add_event(session: WriteSession, values: Mapping[str, Any]) -> None:
    """Adds to the history of a referral."""
    await session.execute(insert(ReferralEventRow).values(values))


async def find_decided_at(session: WriteSession, referral_id: UUID, decision: DecisionCode) -> datetime | None:
    """When this was last decided on a referral; None where it never was."""
    row = ReferralEventRow
    return await session.scalar(
        select(func.max(row.at)).where(row.referral_id == referral_id, row.decision == decision)
    )


async def get_status_before(session: WriteSession, referral_id: UUID, decision: DecisionCode) -> Status:
    """How a referral stood before this was last decided on it."""
    row = ReferralEventRow
    last = select(func.max(row.id)).where(row.referral_id == referral_id, row.decision == decision)
    statement = select(row.status).where(row.referral_id == referral_id, row.id < last.scalar_subquery())
    return (await session.scalars(statement.order_by(row.id.desc()).limit(1))).one()


async def list_events(
    session: ReadSession, referral_id: UUID, *, limit: int, key: list[Any] | None
) -> list[ReferralEventRow]:
    """At most `limit` events of a referral in their order, after the one with `key` (id)."""
    statement = select(ReferralEventRow).where(ReferralEventRow.referral_id == referral_id)
    if key is not None:
        statement = statement.where(ReferralEventRow.id > key[0])
    return list((await session.scalars(statement.order_by(ReferralEventRow.id).limit(limit))).all())


async def list_notices(
    session: ReadSession, caller: Caller, *, since: datetime | None, limit: int, key: list[Any] | None
) -> list[ReferralEventRow]:
    """At most `limit` events of the caller's referrals that were not its own doing, after the one with `key` (id)."""
    statement = _told(caller)
    if since is not None:
        statement = statement.where(ReferralEventRow.at >= since)
    if key is not None:
        statement = statement.where(ReferralEventRow.id > key[0])
    # The referrals too: of which dossiers something is told goes into the audit log by their rows.
    told = statement.add_columns(ReferralRow).order_by(ReferralEventRow.id).limit(limit)
    return [event for event, _ in (await session.execute(told)).all()]


async def list_last_notices(
    session: ReadSession, caller: Caller, *, since: datetime, limit: int
) -> list[ReferralEventRow]:
    """As `list_notices`, the last of them, the last first; without that a provider has seen it."""
    said = ReferralEventRow.at >= since, ReferralEventRow.decision != "see"
    statement = _told(caller).where(*said).order_by(ReferralEventRow.id.desc())
    return list((await session.scalars(statement.limit(limit))).all())


def _told(caller: Caller) -> Select[ReferralEventRow]:
    """The events of the caller's referrals that were not its own doing."""
    own_side = "provider" if caller.role is Role.PROVIDER else "institution"
    return (
        select(ReferralEventRow)
        .join(ReferralRow, ReferralRow.id == ReferralEventRow.referral_id)
        .where(own_to(caller), ReferralEventRow.actor != own_side)
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """How many referrals of one municipality, provider, institution and status there are."""

    status: Status
    municipality: str
    provider_id: UUID | None
    provider: str | None
    institution_id: UUID
    institution: str | None
    total: int
    overdue: int


async def count_received(session: ReadSession, caller: Caller, since: datetime) -> dict[UUID, int]:
    """How many of the caller's referrals were sent since a moment, by offer; without those outside the contracts."""
    row = ReferralRow
    statement = (
        select(row.offer_id, func.count())
        .where(own_to(caller), row.offer_id.is_not(None), row.sent_at >= since)
        .group_by(row.offer_id)
    )
    return {each[0]: each[1] for each in await session.execute(statement) if each[0] is not None}


async def count_referrals(session: ReadSession, region: str, now: datetime) -> list[Counted]:
    """The referrals of a region's own children, counted."""
    keys = [ReferralRow.municipality_code, ReferralRow.provider_id, ProviderRow.name, ReferralRow.organisation_id]
    counts = [func.max(ReferralRow.institution), func.count(), func.count().filter(overdue_at(now))]
    statement = (
        select(ReferralRow.status, *keys, *counts)
        .outerjoin(ProviderRow, ProviderRow.id == ReferralRow.provider_id)
        .where(ReferralRow.region_code == region)
        .group_by(ReferralRow.status, *keys)
    )
    rows: Sequence[Any] = (await session.execute(statement)).all()
    return [Counted(*row) for row in rows]


async def list_refusals(
    session: ReadSession | WriteSession, request_ids: Collection[UUID]
) -> list[tuple[UUID, ReferralRow, str | None, datetime]]:
    """Each of these requests with a referral of it that was declined, the first first.

    With the name of the provider, and when it declined.
    """
    events = ReferralEventRow.referral_id == ReferralRow.id, ReferralEventRow.decision == "decline"
    declined_at = select(func.max(ReferralEventRow.at)).where(*events).scalar_subquery()
    name = func.coalesce(ProviderRow.name, ReferralRow.outside_provider)
    statement = (
        select(ReferralChildRow.request_id, ReferralRow, name, declined_at)
        .join(ReferralRow, ReferralRow.id == ReferralChildRow.referral_id)
        .outerjoin(ProviderRow, ProviderRow.id == ReferralRow.provider_id)
        .where(ReferralChildRow.request_id.in_(request_ids), ReferralRow.status == "declined")
        .order_by(declined_at, ReferralRow.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in await session.execute(statement)]
