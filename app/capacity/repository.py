"""Statements on capacity: a report goes into the history and, where it is the newest, stands from then on.

One statement does both, so that they cannot come apart; the row lock of the upsert puts concurrent reports of one
offer in line, and its condition makes them end with the newest `observed_at`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, Select, case, func, insert, literal, null, select, update
from sqlalchemy.dialects import postgresql

from app.capacity.places import Places
from app.capacity.tables import CapacityReportRow, CurrentCapacityRow, Figures
from app.kit.db import ReadSession, WriteSession
from app.kit.pagination import after
from app.offers.tables import OfferRow

FIGURES = [name for name, value in vars(Figures).items() if not name.startswith("_")]


STANDS_SINCE = func.coalesce(CurrentCapacityRow.counted_at, CurrentCapacityRow.observed_at)
"""What a report must have been observed at, or after, to take the place of the one that stands."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Whose offer it is, and whether it is still given."""

    offer_id: UUID
    provider_id: UUID
    ended_at: datetime | None


async def find_reporter(session: WriteSession, offer_id: UUID) -> Reporter | None:
    """Who may report on this offer."""
    row = (
        await session.execute(select(OfferRow.provider_id, OfferRow.ended_at).where(OfferRow.id == offer_id))
    ).one_or_none()
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
    report = history.returning(CapacityReportRow).cte("report")
    columns = ["offer_id", "report_id", *FIGURES]
    values = (
        select(report.c.offer_id, report.c.id, *(report.c[name] for name in FIGURES))
        .ext(postgresql.distinct_on(report.c.offer_id))
        .order_by(report.c.offer_id, report.c.observed_at.desc(), report.c.id.desc())
    )
    upsert = postgresql.insert(CurrentCapacityRow).from_select(columns, values)
    was_counted = CurrentCapacityRow.counted_at.is_not(None)
    difference = case((was_counted, upsert.excluded.places_free - CurrentCapacityRow.places_free))
    return upsert.on_conflict_do_update(
        index_elements=[CurrentCapacityRow.offer_id],
        set_={name: upsert.excluded[name] for name in columns[1:]} | {"difference": difference},
        where=upsert.excluded.observed_at >= STANDS_SINCE,
    )


async def add_report(session: WriteSession, values: Mapping[str, Any]) -> CurrentCapacityRow | None:
    """Adds a report; the one that stands now, or None where the new one is older than that."""
    statement = record(insert(CapacityReportRow).values(values)).returning(CurrentCapacityRow)
    return await session.scalar(statement.execution_options(populate_existing=True))


def _repeated(offer_id: UUID, now: datetime, client_id: str) -> Select[Any]:
    fresh = {
        "observed_at": literal(now),
        "client_id": literal(client_id),
        "confirmation": literal(True),
        "counted_at": null(),
    }
    kept = [fresh.get(name, getattr(CurrentCapacityRow, name)) for name in FIGURES if name != "received_at"]
    return select(CurrentCapacityRow.offer_id, *kept).where(CurrentCapacityRow.offer_id == offer_id)


async def add_confirmation(
    session: WriteSession, offer_id: UUID, now: datetime, client_id: str
) -> CurrentCapacityRow | None:
    """Repeats the report that stands as observed now; None where a newer one was there already."""
    columns = ["offer_id", *(name for name in FIGURES if name != "received_at")]
    history = insert(CapacityReportRow).from_select(columns, _repeated(offer_id, now, client_id))
    statement = record(history).returning(CurrentCapacityRow)
    return await session.scalar(statement.execution_options(populate_existing=True))


async def add_counted(
    session: WriteSession, standing: CurrentCapacityRow, places: Places, now: datetime, client_id: str
) -> None:
    """Adds the report that stands, which the caller holds, with `places` counted; it stands from then on."""
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
    counted = {name: report.c[name] for name in FIGURES} | {"report_id": report.c.id, "difference": null()}
    statement = update(CurrentCapacityRow).where(CurrentCapacityRow.offer_id == report.c.offer_id).values(counted)
    await session.execute(statement.execution_options(synchronize_session=False))


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
