"""Statements on what is given as FHIR: offers, providers and locations, with the time of their last change.

A location is shown through the offers that are given there; one without any is its provider's own business.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Select, cast, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, defer

from app.kit.database.sessions import ReadSession
from app.standards.fhir.conditions import holds
from app.standards.fhir.parameters import Condition, Type
from app.supply.capacity.tables import CurrentCapacityRow
from app.supply.offers.tables import OfferRow
from app.supply.placement_stops.tables import PlacementStopRow
from app.supply.providers.tables import LocationRow, ProviderRow


@dataclass(frozen=True, slots=True)
class Service:
    """An offer, whose and where it is, the remark on its capacity, and when any of it last changed."""

    offer: OfferRow
    provider: ProviderRow
    location: LocationRow | None
    note: str | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A location with whose it is, and when either last changed or an offer came there."""

    location: LocationRow
    provider: ProviderRow
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Owner:
    """A provider, and when it last changed."""

    provider: ProviderRow
    changed_at: datetime


Found = Service | Place | Owner

_STOPPED_AT: Final = (
    select(func.max(PlacementStopRow.updated_at))
    .where(
        PlacementStopRow.provider_id == OfferRow.provider_id,
        or_(PlacementStopRow.location_id.is_(None), PlacementStopRow.location_id == OfferRow.location_id),
        or_(PlacementStopRow.offer_id.is_(None), PlacementStopRow.offer_id == OfferRow.id),
    )
    .correlate(OfferRow)
    .scalar_subquery()
)
_OFFERED_AT: Final = (
    select(func.max(OfferRow.updated_at))
    .where(OfferRow.location_id == LocationRow.id)
    .correlate(LocationRow)
    .scalar_subquery()
)
_UNREAD: Final = (defer(OfferRow.search, raiseload=True), defer(ProviderRow.search, raiseload=True))


def service_changed_at(day_began: datetime) -> ColumnElement[datetime]:
    """When an offer last changed, its availability included, which is another by the day: never before today."""
    return func.greatest(
        OfferRow.updated_at,
        ProviderRow.updated_at,
        LocationRow.updated_at,
        CurrentCapacityRow.received_at,
        _STOPPED_AT,
        cast(literal(day_began), DateTime(timezone=True)),
    )


PLACE_CHANGED_AT: Final[ColumnElement[datetime]] = func.greatest(
    LocationRow.updated_at, ProviderRow.updated_at, _OFFERED_AT
)


_CHANGED_AT: Final[dict[Type, Callable[[datetime], ColumnElement[datetime]]]] = {
    "HealthcareService": service_changed_at,
    "Location": lambda _: PLACE_CHANGED_AT,
    "Organization": lambda _: ProviderRow.updated_at.expression,
}


def services(day_began: datetime) -> Select[*tuple[Any, ...]]:
    """Every offer, as `Service`."""
    return (
        select(OfferRow, ProviderRow, LocationRow, CurrentCapacityRow.note, service_changed_at(day_began))
        .join(ProviderRow, ProviderRow.id == OfferRow.provider_id)
        .outerjoin(LocationRow, LocationRow.id == OfferRow.location_id)
        .outerjoin(CurrentCapacityRow, CurrentCapacityRow.offer_id == OfferRow.id)
        .options(*_UNREAD)
    )


def places() -> Select[*tuple[Any, ...]]:
    """Every location where an offer is given or was, as `Place`."""
    return (
        select(LocationRow, ProviderRow, PLACE_CHANGED_AT)
        .join(ProviderRow, ProviderRow.id == LocationRow.provider_id)
        .where(_OFFERED_AT.is_not(None))
        .options(_UNREAD[1])
    )


def _owners() -> Select[*tuple[Any, ...]]:
    return select(ProviderRow, ProviderRow.updated_at).options(_UNREAD[1])


def _base(type_: Type, day_began: datetime) -> tuple[Select[*tuple[Any, ...]], InstrumentedAttribute[UUID], type[Any]]:
    """All that there is of a type, its id, and what its rows are read as."""
    if type_ == "HealthcareService":
        return services(day_began), OfferRow.id, Service
    if type_ == "Location":
        return places(), LocationRow.id, Place
    return _owners(), ProviderRow.id, Owner


async def find(session: ReadSession, type_: Type, id_: UUID, day_began: datetime) -> Found | None:
    """What has this id, as the type's own kind of row."""
    found = await list_by_id(session, type_, [id_], day_began)
    return found[0] if found else None


async def list_by_id(session: ReadSession, type_: Type, ids: Sequence[UUID], day_began: datetime) -> list[Found]:
    """Those with these ids, in the order of the ids."""
    statement, key, kind = _base(type_, day_began)
    rows = await session.execute(statement.where(key.in_(ids)).order_by(key))
    return [kind(*row) for row in rows]


async def search(
    session: ReadSession,
    type_: Type,
    conditions: Sequence[Condition],
    day_began: datetime,
    *,
    limit: int,
    after: UUID | None,
) -> tuple[int, list[Found]]:
    """How many there are that all conditions hold for, and at most `limit` of them, in the order of their ids."""
    statement, key, kind = _base(type_, day_began)
    for condition in conditions:
        statement = statement.where(holds(type_, condition, _CHANGED_AT[type_](day_began)))
    counting = statement.with_only_columns(func.count(), maintain_column_froms=True)
    total = (await session.scalar(counting)) or 0
    if limit == 0:
        return total, []
    if after is not None:
        statement = statement.where(key > after)
    rows = await session.execute(statement.order_by(key).limit(limit))
    return total, [kind(*row) for row in rows]
