"""Statements that write the demo data set: only what differs, and nothing that a user has changed since."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Insert, Table, and_, exists, func, or_, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import DeclarativeBase

from app.access.tables import ClientRow
from app.demo.capacity_reports import SENDER
from app.demo.rows import Report
from app.domain.dates import dutch_day
from app.supply.capacity.tables import CapacityReportRow, CurrentCapacityRow, Figures
from app.supply.providers.tables import ProviderRow

_SEED_LOCK = 7_201_848
_FIGURES = [name for name in vars(Figures) if not name.startswith("_")]


@dataclass(frozen=True, slots=True)
class Reported:
    """The day of an offer's last demo report, and whether somebody else has reported on it too."""

    last: date | None
    by_others: bool


async def wait_for_turn(connection: AsyncConnection) -> None:
    """Lets one seeding at a time through, until the transaction ends."""
    await connection.execute(select(func.pg_advisory_xact_lock(_SEED_LOCK)))


async def is_of_others(connection: AsyncConnection) -> bool:
    """Whether there are providers or clients, and no demo clients."""
    anything = or_(exists().where(ProviderRow.id.is_not(None)), exists().where(ClientRow.id.is_not(None)))
    return bool(await connection.scalar(select(and_(anything, ~exists().where(ClientRow.demo)))))


async def is_new(connection: AsyncConnection) -> bool:
    """Whether the demo data set has yet to be put there."""
    return not await connection.scalar(select(exists().where(ClientRow.demo)))


async def upsert(connection: AsyncConnection, row_class: type[DeclarativeBase], rows: Sequence[dict[str, Any]]) -> None:
    """Adds rows, and brings those in line that differ, save where a user has changed them.

    A user's change moves `updated_at` (and makes a client no demo client); this does not, so that it still
    knows which rows are its own.
    """
    table = cast("Table", row_class.__table__)
    statement = postgresql.insert(table)
    key = [column.name for column in table.primary_key]
    ours = {name: statement.excluded[name] for name in rows[0] if name not in key}
    change: dict[str, Any] = dict(ours)
    condition: ColumnElement[bool] = or_(*(table.c[name].is_distinct_from(new) for name, new in ours.items()))
    if "version" in table.c:
        change["version"] = table.c.version + 1
        condition = and_(table.c.updated_at == table.c.created_at, condition)
    if "demo" in table.c:
        condition = and_(table.c.demo, condition)
    await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=change, where=condition), rows)


async def find_reported(connection: AsyncConnection) -> dict[UUID, Reported]:
    """What has been reported so far, by offer."""
    by_demo = CapacityReportRow.client_id == SENDER
    statement = select(
        CapacityReportRow.offer_id,
        func.max(CapacityReportRow.observed_at).filter(by_demo),
        func.bool_or(~by_demo),
    ).group_by(CapacityReportRow.offer_id)
    return {
        offer: Reported(dutch_day(last) if last else None, others)
        for offer, last, others in await connection.execute(statement)
    }


async def add_reports(connection: AsyncConnection, reports: Sequence[Report]) -> None:
    """Adds reports to the history; each offer's newest stands from now on, unless a newer one does."""
    columns = [field.name for field in fields(Report)]
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    await driver.copy_records_to_table(
        CapacityReportRow.__tablename__, columns=columns, records=map(attrgetter(*columns), reports)
    )
    await connection.execute(_stand({report.offer_id for report in reports}))


def _stand(offers: Set[UUID]) -> Insert:
    """Lets the newest demo report of each offer stand where it is newer than the one that does."""
    row = CapacityReportRow
    newest = (
        select(row.offer_id, row.id, *(getattr(row, name) for name in _FIGURES))
        .ext(postgresql.distinct_on(row.offer_id))
        .where(row.client_id == SENDER, row.offer_id.in_(offers))
        .order_by(row.offer_id, row.observed_at.desc(), row.id.desc())
    )
    columns = ["offer_id", "report_id", *_FIGURES]
    statement = postgresql.insert(CurrentCapacityRow).from_select(columns, newest)
    return statement.on_conflict_do_update(
        index_elements=["offer_id"],
        set_={name: statement.excluded[name] for name in columns[1:]},
        where=statement.excluded.observed_at > CurrentCapacityRow.observed_at,
    )
