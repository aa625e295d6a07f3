"""Reading the history of reports: those of an offer in order, and the one that stood at a moment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Row,
    Select,
    Table,
    Uuid,
    func,
    literal,
    select,
    true,
    union_all,
)

from app.kit.database.keyset import after
from app.kit.database.sessions import DirectConnection, ReadSession, WriteSession
from app.supply.capacity.tables import CapacityReportRow
from app.supply.offers.tables import OfferRow

_HISTORY = cast("Table", CapacityReportRow.__table__)


def stood_at(offer_id: Any, moment: Any) -> Select[Any]:
    """The report of an offer that stood at that moment, as far as is known now: the newest that is not younger.

    The last that the provider observed and the last that was counted are each the first of an index, whatever number of
    reports there is; the newest of these two is it.
    """
    row = _HISTORY.c
    observed = _last(row.observed_at, offer_id, row.counted_at.is_(None), row.observed_at <= moment)
    counted = _last(row.counted_at, offer_id, row.counted_at <= moment, row.observed_at <= moment)
    both = union_all(observed, counted).lateral("told")
    return select(both).order_by(both.c.since.desc(), both.c.id.desc()).limit(1)


def _last(since: ColumnElement[Any], offer_id: Any, *among: ColumnElement[bool]) -> Select[Any]:
    """The last of an offer's reports by that time."""
    told = select(_HISTORY, since.label("since")).where(_HISTORY.c.offer_id == offer_id, *among)
    return told.correlate_except(_HISTORY).order_by(since.desc(), _HISTORY.c.id.desc()).limit(1)


async def find_stood(connection: DirectConnection, offer_id: UUID, moment: datetime) -> Row[Any] | None:
    """The report that stood at that moment; None where there was none yet."""
    row: Row[Any] | None = (await connection.execute(stood_at(offer_id, moment))).one_or_none()
    return row


async def list_stood(
    session: ReadSession | WriteSession, offer_ids: Sequence[UUID], moments: Sequence[datetime]
) -> list[Row[Any]]:
    """The reports of these offers that stood at these moments, those of an offer together and the oldest first, each
    with its `moment`; none where there was none yet.
    """
    offers = func.unnest(literal(offer_ids, ARRAY(Uuid))).table_valued("id", name="asked").render_derived()
    given = func.unnest(literal(moments, ARRAY(DateTime(timezone=True)))).table_valued("moment").render_derived()
    stood = stood_at(offers.c.id, given.c.moment).lateral("stood")
    asked = offers.join(given, true()).join(stood, true())
    statement = select(given.c.moment, *stood.c).select_from(asked).order_by(offers.c.id, given.c.moment)
    return list((await session.execute(statement)).all())


async def list_counted_offers(session: ReadSession) -> list[UUID]:
    """All offers whose capacity is a number of children, and no hours, by id; those that ended too."""
    statement = select(OfferRow.id).where(OfferRow.unit != "hours-per-week").order_by(OfferRow.id)
    return list((await session.scalars(statement)).all())


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
