"""Statements on placement stops; all start from those that the caller may see."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from app.domain.language import Text
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller, Role
from app.supply.placement_stops.tables import PlacementStopRow
from app.supply.providers.tables import LocationRow


def _visible(caller: Caller) -> Select[PlacementStopRow, str | None]:
    """With the key of its location. A provider sees its own, a region those that bind its children, an admin all."""
    statement = select(PlacementStopRow, LocationRow.key).outerjoin(
        LocationRow, LocationRow.id == PlacementStopRow.location_id
    )
    if caller.role is Role.PROVIDER:
        return statement.where(PlacementStopRow.provider_id == caller.provider_id)
    if caller.role is Role.REGION:
        own = PlacementStopRow.region_code == caller.region
        return statement.where(or_(PlacementStopRow.region_code.is_(None), own))
    return statement


async def get_stop(
    session: ReadSession | WriteSession, caller: Caller, stop_id: UUID, *, lock: bool = False
) -> tuple[PlacementStopRow, str | None]:
    """The stop and the key of its location; `NotFoundError` where there is none that the caller may see."""
    statement = _visible(caller).where(PlacementStopRow.id == stop_id)
    if lock:
        statement = statement.with_for_update(of=PlacementStopRow)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFoundError(Text(nl="Deze plaatsingsstop", en="This placement stop"))
    return row[0], row[1]


async def list_stops(
    session: ReadSession,
    caller: Caller,
    *,
    provider_id: UUID | None,
    on: date | None,
    limit: int,
    key: list[Any] | None,
) -> list[tuple[PlacementStopRow, str | None]]:
    """At most `limit` stops by first day, after the one with `key` (starts_on, id)."""
    order = [PlacementStopRow.starts_on, PlacementStopRow.id]
    statement = _visible(caller).order_by(*order).limit(limit)
    if provider_id is not None:
        statement = statement.where(PlacementStopRow.provider_id == provider_id)
    if on is not None:
        unended = or_(PlacementStopRow.ends_on.is_(None), PlacementStopRow.ends_on >= on)
        statement = statement.where(PlacementStopRow.starts_on <= on, unended)
    if key is not None:
        statement = statement.where(after(order, key))
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def add_stop(session: WriteSession, values: Mapping[str, Any]) -> PlacementStopRow:
    """A new stop."""
    row = PlacementStopRow(**values)
    session.add(row)
    await session.flush()
    return row
