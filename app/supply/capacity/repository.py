"""Statements on capacity: a report goes into the history and, where it is the newest, stands from then on.

One statement does both, so that they cannot come apart; the row lock of the upsert puts concurrent reports of one
offer in line, and its condition makes them end with the newest `observed_at`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Insert,
    Row,
    Select,
    Table,
    Text,
    Uuid,
    bindparam,
    case,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.dml import ReturningInsert

from app.kit.database.sessions import DirectConnection, ReadSession, WriteSession
from app.kit.http.pagination import after
from app.supply.capacity.place_movements import Places
from app.supply.capacity.tables import CapacityReportRow, CurrentCapacityRow, Figures
from app.supply.offers.tables import OfferRow

Standing: TypeAlias = CurrentCapacityRow | Row[Any]
"""The report that stands: its row, or the columns of it as a statement gave them back."""

_HISTORY = cast("Table", CapacityReportRow.__table__)
_OFFERS = cast("Table", OfferRow.__table__)
_CURRENT = cast("Table", CurrentCapacityRow.__table__)

FIGURES = [name for name, value in vars(Figures).items() if not name.startswith("_")]


STANDS_SINCE = func.coalesce(CurrentCapacityRow.counted_at, CurrentCapacityRow.observed_at)
"""What a report must have been observed at, or after, to take the place of the one that stands."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Whose offer it is, and whether it is still given."""

    offer_id: UUID
    provider_id: UUID
    ended_at: datetime | None


@cache
def _reporter() -> Select[Any]:
    """The statement for who may report on an offer, made once."""
    return select(_OFFERS.c.provider_id, _OFFERS.c.ended_at).where(_OFFERS.c.id == bindparam("offer"))


async def find_reporter(session: WriteSession | DirectConnection, offer_id: UUID) -> Reporter | None:
    """Who may report on this offer."""
    row = (await session.execute(_reporter(), {"offer": offer_id})).one_or_none()
    return Reporter(offer_id, *row) if row else None


async def find_current(
    session: ReadSession | WriteSession, offer_id: UUID, *, lock: bool = False
) -> CurrentCapacityRow | None:
    """The report that stands, read afresh. `lock` holds it until the transaction ends."""
    statement = select(CurrentCapacityRow).where(CurrentCapacityRow.offer_id == offer_id)
    if lock:
        statement = statement.with_for_update()
    return await session.scalar(statement.execution_options(populate_existing=True))


def record(history: Insert) -> Insert:
    """Adds `history` to the reports, and lets the newest of each offer stand where it is not older than what does."""
    report = history.returning(_HISTORY).cte("report")
    columns = ["offer_id", "report_id", *FIGURES]
    values = (
        select(report.c.offer_id, report.c.id, *(report.c[name] for name in FIGURES))
        .ext(postgresql.distinct_on(report.c.offer_id))
        .order_by(report.c.offer_id, report.c.observed_at.desc(), report.c.id.desc())
    )
    upsert = postgresql.insert(_CURRENT).from_select(columns, values)
    was_counted = CurrentCapacityRow.counted_at.is_not(None)
    difference = case((was_counted, upsert.excluded.places_free - CurrentCapacityRow.places_free))
    return upsert.on_conflict_do_update(
        index_elements=[CurrentCapacityRow.offer_id],
        set_={name: upsert.excluded[name] for name in columns[1:]} | {"difference": difference, "counted_from": None},
        where=upsert.excluded.observed_at >= STANDS_SINCE,
    )


@cache
def _reporting() -> Select[Any]:
    """The statement for one report, made once: who may report, and what stands when they do and when they may."""
    names = ["offer_id", *(name for name in FIGURES if name != "received_at")]
    given = {name: bindparam(name, type_=_HISTORY.c[name].type) for name in names}
    owner = bindparam("owner", type_=Uuid())
    reporter = (
        select(_OFFERS.c.id, _OFFERS.c.provider_id, _OFFERS.c.ended_at)
        .where(_OFFERS.c.id == given["offer_id"])
        .cte("reporter")
    )
    allowed = [reporter.c.ended_at.is_(None), or_(owner.is_(None), reporter.c.provider_id == owner)]
    history = insert(_HISTORY).from_select(names, select(*given.values()).select_from(reporter).where(*allowed))
    standing = record(history).returning(*_CURRENT.c).cte("standing")
    return select(reporter, *standing.c).select_from(reporter.outerjoin(standing, true()))


async def add_report(
    connection: DirectConnection, values: Mapping[str, Any], owner: UUID | None
) -> tuple[Reporter | None, Row[Any] | None]:
    """Adds a report where the offer is given and is the owner's (None: of anyone), all in one statement.

    Who may report on the offer, None where there is none; and the report that stands now, None where it is another.
    """
    given = {"counted_at": None, "confirmation": False, "owner": owner, **values}
    row = (await connection.execute(_reporting(), given)).one_or_none()
    if row is None:
        return None, None
    return Reporter(row[0], row[1], row[2]), row if row.report_id is not None else None


async def find_standing(connection: DirectConnection, offer_id: UUID, *, lock: bool = False) -> Row[Any] | None:
    """The report that stands. `lock` holds it until the transaction ends."""
    statement = select(_CURRENT).where(_CURRENT.c.offer_id == offer_id)
    result = await connection.execute(statement.with_for_update() if lock else statement)
    standing: Row[Any] | None = result.one_or_none()
    return standing


def _confirmation(condition: ColumnElement[bool]) -> ReturningInsert[Any]:
    """The statement that repeats the reports that stand where `condition` holds; it holds them in one order."""
    columns = ["offer_id", *(name for name in FIGURES if name != "received_at")]
    fresh: dict[str, Any] = {
        "observed_at": bindparam("observed_at", type_=DateTime(timezone=True)),
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


async def add_counted(
    session: WriteSession,
    standing: CurrentCapacityRow,
    places: Places,
    *,
    counted_from: int,
    now: datetime,
    client_id: str,
) -> None:
    """Adds the report that stands, which the caller holds, with `places` counted; it stands from then on.

    `counted_from` is the id of the provider's own report that they were counted from.
    """
    values = {name: getattr(standing, name) for name in FIGURES if name != "received_at"} | {
        "places_occupied": places.occupied,
        "places_reserved": places.reserved,
        "places_free": places.free,
        "client_id": client_id,
        "confirmation": False,
        "counted_at": now,
    }
    history = insert(CapacityReportRow).values(values | {"offer_id": standing.offer_id})
    report = history.returning(CapacityReportRow).cte("report")
    counted = {name: report.c[name] for name in FIGURES} | {
        "report_id": report.c.id,
        "difference": null(),
        "counted_from": counted_from,
    }
    statement = update(CurrentCapacityRow).where(CurrentCapacityRow.offer_id == report.c.offer_id).values(counted)
    await session.execute(statement.execution_options(synchronize_session=False))


async def get_report(session: WriteSession, report_id: int) -> CapacityReportRow:
    """A report that is known to be in the history."""
    return (await session.scalars(select(CapacityReportRow).where(CapacityReportRow.id == report_id))).one()


async def list_reports(
    session: ReadSession,
    offer_id: UUID,
    *,
    limit: int,
    key: list[Any] | None,
    start: datetime | None,
    end: datetime | None,
) -> list[CapacityReportRow]:
    """At most `limit` reports by time observed, after the one with `key` (observed_at, id); `end` is not in it."""
    order = [CapacityReportRow.observed_at, CapacityReportRow.id]
    statement = select(CapacityReportRow).where(CapacityReportRow.offer_id == offer_id).order_by(*order).limit(limit)
    if start is not None:
        statement = statement.where(CapacityReportRow.observed_at >= start)
    if end is not None:
        statement = statement.where(CapacityReportRow.observed_at < end)
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement)).all())
