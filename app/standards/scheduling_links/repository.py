"""Statements on what is published: how far the data is, and what is in each file, a stretch at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select, true

from app.kit.database.sessions import ReadSession
from app.standards.fhir.repository import (
    PLACE_CHANGED_AT,
    Place,
    Service,
    places,
    service_changed_at,
    services,
)
from app.supply.capacity.tables import CurrentCapacityRow
from app.supply.offers.tables import OfferRow
from app.supply.placement_stops.tables import PlacementStopRow
from app.supply.providers.tables import LocationRow, ProviderRow

_VERSIONED: Final = (OfferRow, ProviderRow, LocationRow, PlacementStopRow)
_NOWHERE: Final = LocationRow.postcode.is_(None)
"""That an offer is given at no address that can be published."""


@dataclass(frozen=True, slots=True)
class Marks:
    """How far the data is: `counts` differ after every change, whenever that is committed."""

    counts: tuple[int, ...]
    changed_at: datetime | None


def _counted(number: ColumnElement[Any], changed_at: ColumnElement[Any]) -> Subquery:
    """How many rows there are, the sum of a number that grows with each change, and the last change."""
    return select(
        func.count().label("rows"), func.sum(number).label("sum"), func.max(changed_at).label("at")
    ).subquery()


async def get_marks(session: ReadSession) -> Marks:
    """How far the data is, in one statement. Rows are never deleted, and their numbers only grow."""
    parts = [_counted(table.version.expression, table.updated_at.expression) for table in _VERSIONED]
    parts.append(_counted(CurrentCapacityRow.report_id.expression, CurrentCapacityRow.received_at.expression))
    numbers = [column for part in parts for column in (part.c.rows, func.coalesce(part.c.sum, 0))]
    last = func.greatest(*(part.c["at"] for part in parts))
    statement = select(*numbers, last).select_from(parts[0])
    for part in parts[1:]:
        statement = statement.join(part, true())
    *counts, changed_at = (await session.execute(statement)).one()
    return Marks(tuple(map(int, counts)), changed_at)


async def list_municipalities(session: ReadSession) -> list[str]:
    """The municipalities where something is to be published."""
    given = select(OfferRow.id).where(OfferRow.location_id == LocationRow.id).exists()
    statement = select(LocationRow.municipality_code).where(given, ~_NOWHERE).distinct()
    return list(await session.scalars(statement))


async def list_places(
    session: ReadSession, municipalities: Sequence[str], since: datetime | None, *, after: UUID | None, limit: int
) -> list[Place]:
    """At most `limit` locations in these municipalities, after the one with that id; those changed since, or all."""
    statement = places().where(LocationRow.municipality_code.in_(municipalities), ~_NOWHERE)
    if since is not None:
        statement = statement.where(since <= PLACE_CHANGED_AT)
    return [Place(*row) for row in await session.execute(_page(statement, LocationRow.id, after, limit))]


async def list_services(
    session: ReadSession,
    municipalities: Sequence[str],
    since: datetime | None,
    day_began: datetime,
    *,
    after: UUID | None,
    limit: int,
) -> list[Service]:
    """The same of offers: those that are given, or those changed since, the ones that ended included."""
    statement = services(day_began).where(LocationRow.municipality_code.in_(municipalities), ~_NOWHERE)
    if since is None:
        statement = statement.where(OfferRow.ended_at.is_(None))
    else:
        statement = statement.where(service_changed_at(day_began) >= since)
    return [Service(*row) for row in await session.execute(_page(statement, OfferRow.id, after, limit))]


def _unpublished(statement: Select[Any]) -> Select[Any]:
    return statement.outerjoin(LocationRow, LocationRow.id == OfferRow.location_id).where(
        OfferRow.ended_at.is_(None), or_(OfferRow.location_id.is_(None), _NOWHERE)
    )


async def has_unpublished(session: ReadSession) -> bool:
    """Whether there are offers that cannot be published, as they are given at no address."""
    found = await session.scalar(_unpublished(select(OfferRow.id)).limit(1))
    return found is not None


async def list_unpublished(session: ReadSession, *, after: UUID | None, limit: int) -> list[UUID]:
    """At most `limit` of them, after the one with that id."""
    return list(await session.scalars(_page(_unpublished(select(OfferRow.id)), OfferRow.id, after, limit)))


def _page(statement: Select[Any], id_: Any, after: UUID | None, limit: int) -> Select[Any]:
    if after is not None:
        statement = statement.where(id_ > after)
    return statement.order_by(id_).limit(limit)
