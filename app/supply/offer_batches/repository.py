"""Statements on all locations and offers of a provider at once: as many for one of them as for thousands.

The provider's row is held first, so that batches of one provider come one after another; then its locations and its
offers in the order of their ids, as capacity reports hold offers. A single PUT goes on meanwhile, where its own row
lets it: KEY SHARE, which its foreign keys take, is not kept from anybody.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Select, Table, select

from app.kit.database.sessions import WriteSession
from app.kit.database.upserts import create_all, replace_all
from app.supply.offer_batches.plan import Plan
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import LocationRow, ProviderRow

_LOCATIONS: Final = cast("Table", LocationRow.__table__)
_OFFERS: Final = cast("Table", OfferRow.__table__)


async def hold_provider(session: WriteSession, provider_id: UUID) -> None:
    """Keeps other batches of the provider waiting until the transaction ends."""
    await session.execute(select(ProviderRow.id).where(ProviderRow.id == provider_id).with_for_update(key_share=True))


async def find_locations(session: WriteSession, provider_id: UUID, *, lock: bool) -> dict[str, Any]:
    """The provider's locations by key. `lock` holds them until the transaction ends."""
    return await _find(session, _of(_LOCATIONS, provider_id), lock=lock)


async def find_offers(session: WriteSession, provider_id: UUID, *, lock: bool) -> dict[str, Any]:
    """The provider's offers by key, those that have ended too. `lock` holds them until the transaction ends."""
    return await _find(session, _of(_OFFERS, provider_id), lock=lock)


def _of(table: Table, provider_id: UUID) -> Select[Any]:
    columns = [column for column in table.c if column.name != "search"]
    return select(*columns).where(table.c.provider_id == provider_id).order_by(table.c.id)


async def _find(session: WriteSession, rows: Select[Any], *, lock: bool) -> dict[str, Any]:
    connection = await session.connection()
    statement = rows.with_for_update(key_share=True) if lock else rows
    return {row.key: row for row in await connection.execute(statement)}


async def write_locations(session: WriteSession, provider_id: UUID, plan: Plan, now: datetime) -> dict[str, UUID]:
    """Writes what is planned; the ids of those that are new, by key."""
    return await _write(session, _LOCATIONS, provider_id, plan, now)


async def write_offers(session: WriteSession, provider_id: UUID, plan: Plan, now: datetime) -> dict[str, UUID]:
    """Writes what is planned; the ids of those that are new, by key."""
    return await _write(session, _OFFERS, provider_id, plan, now)


async def _write(session: WriteSession, table: Table, provider_id: UUID, plan: Plan, now: datetime) -> dict[str, UUID]:
    await replace_all(session, table, plan.replaced, now)
    created: Sequence[Any] = await create_all(
        session, table, [each | {"provider_id": provider_id} for each in plan.created], ["provider_id", "key"], now
    )
    return {row.key: row.id for row in created}
