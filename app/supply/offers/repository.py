"""Statements on offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select

from app.domain.language import Text
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.text_search import mentions
from app.kit.database.upserts import create_or_replace
from app.kit.errors import NotFoundError
from app.supply.contracts.repository import in_force
from app.supply.contracts.tables import ContractRow
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import LocationRow, ProviderRow

_OFFER = Text(nl="Dit aanbod", en="This offer")


@dataclass(frozen=True, slots=True)
class FullOffer:
    """An offer with whose it is and where it is given."""

    offer: OfferRow
    provider: ProviderRow
    location: LocationRow | None


def given_in(municipalities: Sequence[str]) -> ColumnElement[bool]:
    """That help is given in one of these: at a location there, or at home within a service area that names one."""
    at_home = and_(OfferRow.at_home, OfferRow.service_area.overlap(list(municipalities)))
    return or_(LocationRow.municipality_code.in_(municipalities), at_home)


@dataclass(frozen=True, slots=True)
class Contracted:
    """Whose contracts count, on a day: those of a region, and of one of its municipalities where it is named."""

    region: str
    municipality: str | None
    on: date


def _covered(by: Contracted) -> ColumnElement[bool]:
    """That a contract which stands on that day covers the offer for the children of the area."""
    row = ContractRow
    area = [row.regions.contains([by.region])]
    if by.municipality is not None:
        area.append(row.municipalities.contains([by.municipality]))
    return exists().where(
        row.provider_id == OfferRow.provider_id,
        in_force(by.on, OfferRow.care_type),
        or_(*area),
    )


def _full() -> Select[OfferRow, ProviderRow, LocationRow | None]:
    return (
        select(OfferRow, ProviderRow, LocationRow)
        .join(ProviderRow, ProviderRow.id == OfferRow.provider_id)
        .outerjoin(LocationRow, LocationRow.id == OfferRow.location_id)
    )


def _read(row: Row[OfferRow, ProviderRow, LocationRow | None]) -> FullOffer:
    return FullOffer(*row)


async def get_offer(session: ReadSession | WriteSession, offer_id: UUID) -> FullOffer:
    """The offer, ended or not; `NotFoundError` where there is none."""
    row = (await session.execute(_full().where(OfferRow.id == offer_id))).one_or_none()
    if row is None:
        raise NotFoundError(_OFFER)
    return _read(row)


async def find_offer(session: WriteSession, offer_id: UUID) -> OfferRow | None:
    """The offer alone, ended or not."""
    return await session.get(OfferRow, offer_id)


async def lock_offer(session: WriteSession, offer_id: UUID) -> OfferRow:
    """The offer, held until the transaction ends; `NotFoundError` where there is none."""
    row = await session.get(OfferRow, offer_id, with_for_update=True)
    if row is None:
        raise NotFoundError(_OFFER)
    return row


async def list_offers(
    session: ReadSession,
    *,
    limit: int,
    key: list[Any] | None,
    provider_id: UUID | None = None,
    ended: bool = False,
    q: str | None = None,
    care_types: Sequence[str] = (),
    municipalities: Sequence[str] | None = None,
    contracted: Contracted | None = None,
) -> list[FullOffer]:
    """At most `limit` offers by name, after the one with `key` (name, id); all conditions hold at once."""
    statement = _full().order_by(OfferRow.name, OfferRow.id).limit(limit)
    if not ended:
        statement = statement.where(OfferRow.ended_at.is_(None))
    if provider_id is not None:
        statement = statement.where(OfferRow.provider_id == provider_id)
    if q is not None:
        statement = statement.where(mentions(OfferRow.search, q))
    if care_types:
        statement = statement.where(OfferRow.care_type.in_(care_types))
    if municipalities is not None:
        statement = statement.where(given_in(municipalities))
    if contracted is not None:
        statement = statement.where(_covered(contracted))
    if key is not None:
        statement = statement.where(after([OfferRow.name, OfferRow.id], key))
    return [_read(row) for row in await session.execute(statement)]


async def put_offer(
    session: WriteSession,
    provider_id: UUID,
    key: str,
    values: Mapping[str, Any],
    if_match: str | None,
    now: datetime,
) -> tuple[OfferRow, bool]:
    """The provider's offer with this key, created or replaced, and whether it is new."""
    own_key = {OfferRow.provider_id: provider_id, OfferRow.key: key}
    return await create_or_replace(session, OfferRow, own_key, values, if_match, now, composite=True)
