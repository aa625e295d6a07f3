"""Statements on capacity: a report goes into the history and, where it is the newest, stands from then on.

One statement does both, so that they cannot come apart; the row lock of the upsert puts concurrent reports of one
offer in line, and its condition makes them end with the newest `observed_at`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Insert,
    Row,
    Select,
    Table,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    not_,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql

from app.kit.database.sessions import DirectConnection, ReadSession, WriteSession
from app.supply.capacity.figures import PLACES, has_half
from app.supply.capacity.place_movements import Places
from app.supply.capacity.tables import CapacityReportRow, CurrentCapacityRow, Figures
from app.supply.offers.tables import OfferRow, Unit

_HISTORY = cast("Table", CapacityReportRow.__table__)
_OFFERS = cast("Table", OfferRow.__table__)
_CURRENT = cast("Table", CurrentCapacityRow.__table__)

FIGURES = [name for name, value in vars(Figures).items() if not name.startswith("_")]


HOURS: Final[Unit] = "hours-per-week"
"""The unit of an offer of which the figures may have halves."""

STANDS_SINCE = func.coalesce(CurrentCapacityRow.counted_at, CurrentCapacityRow.observed_at)
"""What a report must have been observed at, or after, to take the place of the one that stands."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Whose offer it is, whether it is still given, and what its capacity counts."""

    offer_id: UUID
    provider_id: UUID
    ended_at: datetime | None
    unit: Unit

    @property
    def in_hours(self) -> bool:
        """Whether its figures are hours a week, which may be halves."""
        return self.unit == HOURS


REPORTER = (_OFFERS.c.id, _OFFERS.c.provider_id, _OFFERS.c.ended_at, _OFFERS.c.unit)
"""The columns of a `Reporter`."""


@cache
def _reporter() -> Select[Any]:
    """The statement for who may report on an offer, made once."""
    return select(*REPORTER).where(_OFFERS.c.id == bindparam("offer"))


async def find_reporter(session: WriteSession | DirectConnection, offer_id: UUID) -> Reporter | None:
    """Who may report on this offer."""
    row = (await session.execute(_reporter(), {"offer": offer_id})).one_or_none()
    return Reporter(*row) if row else None


async def find_current(
    session: ReadSession | WriteSession, offer_id: UUID, *, lock: bool = False
) -> CurrentCapacityRow | None:
    """The report that stands, read afresh. `lock` holds it until the transaction ends."""
    statement = select(CurrentCapacityRow).where(CurrentCapacityRow.offer_id == offer_id)
    if lock:
        statement = statement.with_for_update()
    return await session.scalar(statement.execution_options(populate_existing=True))


async def list_current(session: ReadSession, offer_ids: Collection[UUID]) -> list[CurrentCapacityRow]:
    """The reports that stand of these offers; of those that were never reported none."""
    statement = select(CurrentCapacityRow).where(CurrentCapacityRow.offer_id.in_(offer_ids))
    return list((await session.scalars(statement)).all())


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
    names = ["offer_id", *FIGURES]
    given: dict[str, Any] = {name: bindparam(name, type_=_HISTORY.c[name].type) for name in names}
    owner = bindparam("owner", type_=Uuid())
    halves = bindparam("halves", type_=Boolean())
    since = select(STANDS_SINCE).where(_CURRENT.c.offer_id == given["offer_id"], bindparam("is_now", type_=Boolean()))
    given["observed_at"] = func.greatest(given["observed_at"], since.scalar_subquery())
    reporter = select(*REPORTER).where(_OFFERS.c.id == given["offer_id"]).cte("reporter")
    allowed = [
        reporter.c.ended_at.is_(None),
        or_(owner.is_(None), reporter.c.provider_id == owner),
        or_(not_(halves), reporter.c.unit == HOURS),
    ]
    before, loses = _before(given, exists(select(reporter.c.id).where(*allowed)))
    report = select(*given.values()).select_from(reporter).where(*allowed, ~loses)
    standing = record(insert(_HISTORY).from_select(names, report)).returning(*_CURRENT.c).cte("standing")
    with_report = reporter.outerjoin(before, true()).outerjoin(standing, true())
    return select(reporter, before.c.closed, before.c.waiting, *standing.c).select_from(with_report)


def _before(given: Mapping[str, Any], may: ColumnElement[bool]) -> tuple[CTE, ColumnElement[bool]]:
    """What stands of a closed intake and a waiting list where a report leaves one out, and whether it would lose it.

    The row is held, so that what another report says meanwhile is not lost either. Of a closed intake with 12 waiting:
    a report that says 0 waiting and nothing of the intake would lose the first alone, one of before it neither.
    """
    closed_unsaid, waiting_unsaid = (bindparam(name, type_=Boolean()) for name in ("closed_unsaid", "waiting_unsaid"))
    before = (
        select(
            and_(closed_unsaid, not_(_CURRENT.c.accepts_referrals)).label("closed"),
            case((waiting_unsaid, _CURRENT.c.waiting_count), else_=0).label("waiting"),
        )
        .where(_CURRENT.c.offer_id == given["offer_id"], given["observed_at"] >= STANDS_SINCE)
        .where(or_(closed_unsaid, waiting_unsaid), may)
        .with_for_update()
        .cte("before")
    )
    return before, exists(select(before).where(or_(before.c.closed, before.c.waiting > 0)))


class Added(NamedTuple):
    """What came of adding a report: who may report on the offer, and the report that stands now, None: it is another.

    `closed` and `waiting` are what it would have lost unsaid, and was not added for.
    """

    reporter: Reporter
    closed: bool
    waiting: int
    standing: Row[Any] | None


async def add_report(
    connection: DirectConnection,
    values: Mapping[str, Any],
    owner: UUID | None,
    *,
    unsaid: Collection[str] = (),
    is_now: bool = False,
) -> Added | None:
    """Adds a report where the offer is given and is the owner's (None: of anyone), all in one statement.

    One that is of now (`is_now`) is never older than what stands, whose reporter's clock may have been ahead.
    One with halves is added only where the offer counts hours, and one that leaves `unsaid` whether referrals are
    taken, or how many wait, only where that loses no closed intake and no waiting list. None where there is no offer.
    """
    halves = any(has_half(values, name) for name in PLACES)
    given = {"counted_at": None, "confirmation": False, "owner": owner, "halves": halves, **values}
    given["is_now"] = is_now
    given |= {"closed_unsaid": "accepts_referrals" in unsaid, "waiting_unsaid": "waiting_count" in unsaid}
    row = (await connection.execute(_reporting(), given)).one_or_none()
    if row is None:
        return None
    return Added(Reporter(*row[:4]), bool(row.closed), row.waiting or 0, row if row.report_id is not None else None)


async def find_standing(connection: DirectConnection, offer_id: UUID) -> Row[Any] | None:
    """The report that stands."""
    result = await connection.execute(select(_CURRENT).where(_CURRENT.c.offer_id == offer_id))
    standing: Row[Any] | None = result.one_or_none()
    return standing


@cache
def _holding() -> tuple[Select[Any], Select[Any]]:
    """The statements that hold an offer and then what stands of it, made once."""
    offer = bindparam("offer", type_=Uuid())
    held = select(_OFFERS.c.id).where(_OFFERS.c.id == offer).with_for_update(key_share=True)
    standing = select(_CURRENT, STANDS_SINCE.label("since")).where(_CURRENT.c.offer_id == offer)
    return held, standing.with_for_update()


async def hold_standing(connection: DirectConnection, offer_id: UUID) -> Row[Any] | None:
    """The report that stands, with `since` when, held until the transaction ends.

    So is the offer itself, because where nothing stands yet there is no other row to hold.
    """
    held, standing = _holding()
    await connection.execute(held, {"offer": offer_id})
    row: Row[Any] | None = (await connection.execute(standing, {"offer": offer_id})).one_or_none()
    return row


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
    values = {name: getattr(standing, name) for name in FIGURES} | {
        "places_occupied": places.occupied,
        "places_reserved": places.reserved,
        "places_free": places.free,
        "client_id": client_id,
        "confirmation": False,
        "counted_at": now,
        "received_at": now,
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
