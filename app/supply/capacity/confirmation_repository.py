"""Statements on confirmations: what stands is repeated as observed now, of one offer or of all of a provider."""

from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Row, Table, Text, Uuid, bindparam, func, insert, literal, or_, select
from sqlalchemy.sql.dml import ReturningInsert

from app.kit.database.sessions import WriteSession
from app.supply.capacity.repository import FIGURES, STANDS_SINCE, record
from app.supply.capacity.tables import CapacityReportRow, CurrentCapacityRow
from app.supply.offers.tables import OfferRow

_HISTORY = cast("Table", CapacityReportRow.__table__)
_OFFERS = cast("Table", OfferRow.__table__)
_CURRENT = cast("Table", CurrentCapacityRow.__table__)


def _confirmation(condition: ColumnElement[bool]) -> ReturningInsert[Any]:
    """The statement that repeats the reports that stand where `condition` holds; it holds them in one order."""
    columns = ["offer_id", *FIGURES]
    fresh: dict[str, Any] = {
        # never older than what stands, whose clock may have been ahead
        "observed_at": func.greatest(bindparam("observed_at", type_=DateTime(timezone=True)), STANDS_SINCE),
        "received_at": bindparam("observed_at", type_=DateTime(timezone=True)),
        "client_id": bindparam("client_id", type_=Text()),
        "confirmation": literal(True),
        "counted_at": literal(None, DateTime(timezone=True)),
    }
    kept = [fresh.get(name, _CURRENT.c[name]).label(name) for name in columns]
    standing = select(*kept).where(condition).order_by(_CURRENT.c.offer_id).with_for_update(of=_CURRENT)
    history = insert(_HISTORY).from_select(columns, select(*standing.cte("standing").c))
    return record(history).returning(_CURRENT)


@cache
def _confirming() -> ReturningInsert[Any]:
    """The statement for one confirmation, made once."""
    return _confirmation(_CURRENT.c.offer_id == bindparam("offer"))


@cache
def _confirming_all() -> ReturningInsert[Any]:
    """The statement for all offers of a provider, or all at a location, made once."""
    return _confirmation(_CURRENT.c.offer_id.in_(select(_OFFERS.c.id).where(*_given())))


def _given() -> list[ColumnElement[bool]]:
    """That an offer is given now, by `provider`, at `location` (None: anywhere)."""
    location = bindparam("location", type_=Uuid())
    place = or_(location.is_(None), _OFFERS.c.location_id == location)
    return [_OFFERS.c.provider_id == bindparam("provider"), _OFFERS.c.ended_at.is_(None), place]


async def add_confirmation(session: WriteSession, offer_id: UUID, now: datetime, client_id: str) -> Row[Any] | None:
    """Repeats the report that stands as observed now; None where there is none, or a newer one was there already."""
    connection = await session.connection()
    given = {"offer": offer_id, "observed_at": now, "client_id": client_id}
    result = await connection.execute(_confirming(), given)
    standing: Row[Any] | None = result.one_or_none()
    return standing


async def add_confirmations(
    session: WriteSession, provider_id: UUID, location_id: UUID | None, now: datetime, client_id: str
) -> None:
    """Repeats all reports that stand of the offers that a provider gives now, at a location or anywhere."""
    connection = await session.connection()
    given = {"provider": provider_id, "location": location_id, "observed_at": now, "client_id": client_id}
    await connection.execute(_confirming_all(), given)


async def list_standing(session: WriteSession, provider_id: UUID, location_id: UUID | None) -> list[Row[Any]]:
    """The offers that a provider gives now, at a location or anywhere: id, key, and when what stands was observed."""
    statement = (
        select(_OFFERS.c.id, _OFFERS.c.key, _CURRENT.c.observed_at)
        .select_from(_OFFERS.outerjoin(_CURRENT, _CURRENT.c.offer_id == _OFFERS.c.id))
        .where(*_given())
        .order_by(_OFFERS.c.key)
    )
    connection = await session.connection()
    return [*await connection.execute(statement, {"provider": provider_id, "location": location_id})]
