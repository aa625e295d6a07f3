"""Statements on providers and locations."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select

from app.domain.language import Text
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.text_search import mentions
from app.kit.database.upserts import create_or_replace
from app.kit.errors import InputError, InvalidInputError, NotFoundError
from app.supply.providers.tables import LocationRow, ProviderRow

_PROVIDER = Text(nl="Deze aanbieder", en="This provider")


async def check_named_provider(session: WriteSession, provider_id: UUID) -> None:
    """`InvalidInputError` where a body names a provider that does not exist."""
    if await session.scalar(select(ProviderRow.id).where(ProviderRow.id == provider_id)) is None:
        text = Text(nl="Deze aanbieder bestaat niet.", en="There is no such provider.")
        raise InvalidInputError(InputError("#/providerId", "unknown-provider", text))


async def find_provider(session: ReadSession, provider_id: UUID) -> ProviderRow | None:
    """The provider; None where there is none."""
    return await session.get(ProviderRow, provider_id)


async def get_provider(session: ReadSession | WriteSession, provider_id: UUID, *, lock: bool = False) -> ProviderRow:
    """The provider; `NotFoundError` where there is none. `lock` holds it until the transaction ends."""
    row = await session.get(ProviderRow, provider_id, with_for_update=lock or None)
    if row is None:
        raise NotFoundError(_PROVIDER)
    return row


async def list_providers(
    session: ReadSession, *, q: str | None, municipalities: Sequence[str] | None, limit: int, key: list[Any] | None
) -> list[ProviderRow]:
    """At most `limit` providers by name, after the one with `key` (name, id); with a location in one of these."""
    statement = select(ProviderRow).order_by(ProviderRow.name, ProviderRow.id).limit(limit)
    if q is not None:
        statement = statement.where(mentions(ProviderRow.search, q))
    if municipalities is not None:
        located = exists().where(
            LocationRow.provider_id == ProviderRow.id, LocationRow.municipality_code.in_(municipalities)
        )
        statement = statement.where(located)
    if key is not None:
        statement = statement.where(after([ProviderRow.name, ProviderRow.id], key))
    return list((await session.scalars(statement)).all())


async def find_by_agb_code(session: WriteSession, agb_code: str) -> UUID | None:
    """The provider that has this AGB code; until the transaction ends nobody else can take it."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"agb-code {agb_code}", 0))))
    return await session.scalar(select(ProviderRow.id).where(ProviderRow.agb_code == agb_code))


async def add_provider(session: WriteSession, values: Mapping[str, Any]) -> ProviderRow:
    """A new provider."""
    row = ProviderRow(**values)
    session.add(row)
    await session.flush()
    await session.refresh(row)
    return row


async def put_location(
    session: WriteSession,
    provider_id: UUID,
    key: str,
    values: Mapping[str, Any],
    if_match: str | None,
    now: datetime,
) -> tuple[LocationRow, bool]:
    """The provider's location with this key, created or replaced, and whether it is new."""
    own_key = {LocationRow.provider_id: provider_id, LocationRow.key: key}
    return await create_or_replace(session, LocationRow, own_key, values, if_match, now)


async def find_location(session: WriteSession, provider_id: UUID, key: str) -> LocationRow | None:
    """The provider's location with this key."""
    return await session.scalar(
        select(LocationRow).where(LocationRow.provider_id == provider_id, LocationRow.key == key)
    )


async def list_locations(
    session: ReadSession, provider_id: UUID, *, limit: int, key: list[Any] | None
) -> list[LocationRow]:
    """At most `limit` of the provider's locations by their keys, after the one with the key."""
    statement = select(LocationRow).where(LocationRow.provider_id == provider_id).order_by(LocationRow.key).limit(limit)
    if key is not None:
        statement = statement.where(after([LocationRow.key], key))
    return list((await session.scalars(statement)).all())
