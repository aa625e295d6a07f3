"""Statements on what is told by mail: the settings, the events that have yet to be mailed, and whom they concern."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.dossiers.notifications.tables import NotificationSettingsRow
from app.dossiers.referrals.tables import ReferralRow
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.security.callers import Caller
from app.notifying.contacts.tables import ContactRow
from app.notifying.outbox.tables import OutboxEventRow
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import ProviderRow

MOST: Final = 1000
"""Events of which the mails are queued in one transaction."""


def _owned_by(caller: Caller) -> dict[str, Any]:
    return {
        "organisation_id": caller.organisation_id,
        "role": caller.role.value,
        "provider_id": caller.provider_id,
    }


def _own(caller: Caller) -> Select[NotificationSettingsRow]:
    row = NotificationSettingsRow
    return select(row).where(
        *(getattr(row, name).is_not_distinct_from(value) for name, value in _owned_by(caller).items())
    )


async def find_settings(session: ReadSession, caller: Caller) -> NotificationSettingsRow | None:
    """The caller's settings; None where it has set nothing."""
    return await session.scalar(_own(caller))


async def hold_settings(session: WriteSession, caller: Caller) -> NotificationSettingsRow:
    """The caller's row, made where there was none (version 0), and held until the transaction ends."""
    fresh = {**_owned_by(caller), "version": 0}
    await session.execute(insert(NotificationSettingsRow).values(fresh).on_conflict_do_nothing())
    return (await session.scalars(_own(caller).with_for_update().execution_options(populate_existing=True))).one()


async def find_provider(session: WriteSession, provider_id: UUID) -> ProviderRow | None:
    """A provider, for the address of its intake desk."""
    return await session.get(ProviderRow, provider_id)


async def take_events(session: WriteSession, now: datetime) -> Sequence[OutboxEventRow]:
    """The events that have yet to be mailed, the first first, marked as mailed; none that others are at work on."""
    row = OutboxEventRow
    first = (
        select(row.id)
        .where(row.mailed_at.is_(None), row.type != "capacity.changed")
        .order_by(row.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    taken = update(row).where(row.id.in_(first)).values(mailed_at=now).returning(row)
    events = (await session.scalars(taken.execution_options(populate_existing=True))).all()
    return sorted(events, key=lambda each: each.id)


async def list_settings(
    session: WriteSession, organisation_ids: Collection[UUID], provider_ids: Collection[UUID]
) -> list[tuple[NotificationSettingsRow, ContactRow | None, str | None]]:
    """The settings of these organisations and providers' organisations, with the contact and the provider's address."""
    row = NotificationSettingsRow
    statement = (
        select(row, ContactRow, ProviderRow.email)
        .outerjoin(ContactRow, ContactRow.organisation_id == row.organisation_id)
        .outerjoin(ProviderRow, ProviderRow.id == row.provider_id)
        .where(
            or_(
                row.provider_id.is_(None) & row.organisation_id.in_(organisation_ids), row.provider_id.in_(provider_ids)
            )
        )
        .order_by(row.created_at, row.id)
    )
    return [(each[0], each[1], each[2]) for each in await session.execute(statement)]


async def teams_of(session: WriteSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """The team of each of these referrals and requests that names one."""
    teams: dict[UUID, str] = {}
    for row in (ReferralRow, RequestRow):
        found = await session.execute(select(row.id, row.team).where(row.id.in_(ids)))
        teams |= {each[0]: each[1] for each in found if each[1] is not None}
    return teams


async def names_of(session: WriteSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """What these offers and providers are called."""
    names: dict[UUID, str] = {}
    for row in (OfferRow, ProviderRow):
        found = await session.execute(select(row.id, row.name).where(row.id.in_(ids)))
        names |= {each[0]: each[1] for each in found}
    return names
