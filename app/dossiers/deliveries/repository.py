"""Statements on deliveries: as many for one child as for thousands; all start from those of the caller."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, any_, exists, func, literal, or_, select
from sqlalchemy import Date as SqlDate
from sqlalchemy import Text as SqlText
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.dialects.postgresql import ARRAY, insert

from app.access.tables import OrganisationRow
from app.domain.dates import YearMonth
from app.dossiers.deliveries.tables import DeliveredRequestRow, DeliveryReminderRow, DeliveryRow
from app.dossiers.requests.tables import RequestEventRow, RequestRow
from app.dossiers.transfers.tables import TransferRequestRow, TransferRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.security.callers import Caller, Role

INSTITUTIONS: Final = (Role.GI.value, Role.LOCAL_TEAM.value)


async def take_turn(session: WriteSession, caller: Caller) -> None:
    """Keeps other deliveries of the caller's organisation waiting until the transaction ends."""
    name = f"deliveries of {caller.organisation_id}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _among(column: ColumnElement[Any] | Any, values: Collection[str]) -> ColumnElement[bool]:
    """That a text is one of these, as one parameter however many there are."""
    return column == any_(literal(list(values), ARRAY(SqlText())))


async def list_by_reference(
    session: WriteSession, caller: Caller, references: Collection[str]
) -> dict[str, RequestRow]:
    """The caller's own requests with these child references, by these."""
    row = RequestRow
    statement = select(row).where(
        row.organisation_id == caller.organisation_id, _among(row.child_reference, references)
    )
    found = await session.scalars(statement.execution_options(populate_existing=True))
    return {each.child_reference: each for each in found}


async def list_handed_over(session: WriteSession, caller: Caller) -> list[tuple[TransferRow, UUID, str]]:
    """The accepted transfers by which dossiers went from the caller to another, the first first.

    Each with the dossier, and what its institution calls the child now.
    """
    statement = (
        select(TransferRow, RequestRow.id, RequestRow.child_reference)
        .join(TransferRequestRow, TransferRequestRow.transfer_id == TransferRow.id)
        .join(RequestRow, RequestRow.id == TransferRequestRow.request_id)
        .where(TransferRow.sender_id == caller.organisation_id, TransferRow.status == "accepted")
        .order_by(TransferRow.decided_at, RequestRow.id)
    )
    return [(row[0], row[1], row[2]) for row in await session.execute(statement)]


async def list_handovers(session: WriteSession, request_ids: Collection[UUID]) -> list[RequestEventRow]:
    """The events by which these requests went to another institution, the first first."""
    row = RequestEventRow
    statement = select(row).where(row.request_id.in_(request_ids), row.what == "transferred").order_by(row.id)
    return list((await session.scalars(statement)).all())


async def list_missing(session: WriteSession, caller: Caller, references: Collection[str]) -> list[RequestRow]:
    """The caller's requests that it has delivered before, that wait, and that have none of these references."""
    row, delivered = RequestRow, DeliveredRequestRow
    statement = (
        select(row)
        .join(delivered, delivered.request_id == row.id)
        .where(
            delivered.organisation_id == caller.organisation_id,
            row.organisation_id == caller.organisation_id,
            row.status.in_(["open", "placed"]),
            ~_among(row.child_reference, references),
        )
        .order_by(row.child_reference)
    )
    return list((await session.scalars(statement.execution_options(populate_existing=True))).all())


async def mark_delivered(session: WriteSession, caller: Caller, request_ids: Collection[UUID]) -> None:
    """Notes that the caller has delivered these requests, where that is not known yet."""
    if not request_ids:
        return
    given = func.unnest(literal(list(request_ids), ARRAY(SqlUuid()))).table_valued("id", name="given").render_derived()
    rows = select(literal(caller.organisation_id), given.c.id).order_by(given.c.id)
    added = insert(DeliveredRequestRow).from_select(["organisation_id", "request_id"], rows)
    await session.execute(added.on_conflict_do_nothing())


async def add_delivery(session: WriteSession, values: Mapping[str, Any]) -> DeliveryRow:
    """A new delivery or confirmation."""
    statement = insert(DeliveryRow).values(values).returning(DeliveryRow)
    return (await session.execute(statement)).scalar_one()


# --- who has delivered a month


def _waited(first: date | ColumnElement[date], last: date | ColumnElement[date]) -> list[ColumnElement[bool]]:
    """That a child waited on one of these days."""
    row = RequestRow
    return [
        row.requested_on <= last,
        or_(row.closed_on.is_(None), row.closed_on >= first),
        or_(row.help_on.is_(None), row.help_on >= first),
    ]


async def list_keepers(session: ReadSession, first: date, last: date, regions: Collection[str] | None) -> set[UUID]:
    """The organisations that kept a request of a child that waited on one of these days, in these regions."""
    statement = select(RequestRow.organisation_id).distinct().where(*_waited(first, last))
    if regions is not None:
        statement = statement.where(RequestRow.region_code.in_(regions))
    return set((await session.scalars(statement)).all())


async def list_months_kept(
    session: ReadSession, months: Sequence[YearMonth], regions: Collection[str] | None
) -> set[tuple[str, UUID]]:
    """Of these months (YYYY-MM), who kept a request of a child that waited then, in these regions."""
    days = {str(each): (each.first_day, each.last_day) for each in months}
    given = [
        literal(list(days), ARRAY(SqlText())),
        literal([first for first, _ in days.values()], ARRAY(SqlDate())),
        literal([last for _, last in days.values()], ARRAY(SqlDate())),
    ]
    month = func.unnest(*given).table_valued("name", "first", "last", name="given").render_derived()
    kept = select(month.c.name, RequestRow.organisation_id).distinct().where(*_waited(month.c.first, month.c.last))
    if regions is not None:
        kept = kept.where(RequestRow.region_code.in_(regions))
    return {(row[0], row[1]) for row in await session.execute(kept)}


async def list_months_accounted(session: ReadSession, first: YearMonth, last: YearMonth) -> set[tuple[str, UUID]]:
    """The months (YYYY-MM) from `first` to `last`, with each organisation that delivered or confirmed one."""
    row = DeliveryRow
    statement = select(row.month, row.organisation_id).distinct()
    statement = statement.where(row.month.between(str(first), str(last)), _accounts())
    return {(found[0], found[1]) for found in await session.execute(statement)}


async def last_delivery(session: ReadSession) -> int | None:
    """The number of the newest delivery or confirmation; None where there is none."""
    return await session.scalar(select(func.max(DeliveryRow.id)))


def _accounts() -> ColumnElement[bool]:
    """That a month is accounted for by it: as `DeliveryRow.counts`."""
    return or_(DeliveryRow.kind == "confirmed", DeliveryRow.rejected < DeliveryRow.lines)


async def list_organisations(
    session: ReadSession, ids: Collection[UUID], institutions: Collection[str]
) -> list[OrganisationRow]:
    """The institutions and local teams that are registered here with one of these ids, or as one of these names."""
    row = OrganisationRow
    named = row.institution.in_(institutions) | row.name.in_(institutions)
    statement = select(row).where(or_(row.id.in_(ids), (row.role == Role.GI.value) & named))
    return list((await session.scalars(statement)).all())


async def list_deliveries(session: ReadSession, month: str, organisation_ids: Collection[UUID]) -> list[DeliveryRow]:
    """What these organisations delivered and confirmed for a month, the last one first."""
    row = DeliveryRow
    statement = select(row).where(row.month == month, row.organisation_id.in_(organisation_ids))
    return list((await session.scalars(statement.order_by(row.id.desc()))).all())


async def list_reminded(session: ReadSession, month: str, organisation_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When those of these organisations that were reminded of a month were."""
    row = DeliveryReminderRow
    statement = select(row).where(row.month == month, row.organisation_id.in_(organisation_ids))
    return {each.organisation_id: each.reminded_at for each in await session.scalars(statement)}


async def add_reminders(
    session: WriteSession, month: str, last: date, before: datetime, now: datetime
) -> Sequence[UUID]:
    """Records that every institution is reminded that kept a waiting child on the last day of a month, made `before`.

    Not those that have delivered or confirmed it, nor those that were reminded before; the organisations. Two that do
    this at once remind each of them once: the second waits for the first.
    """
    keepers: Select[UUID] = (
        select(RequestRow.organisation_id).distinct().where(*_waited(last, last), RequestRow.created_at < before)
    )
    keeper = keepers.subquery("keeper")
    accounted = exists().where(
        DeliveryRow.month == month,
        DeliveryRow.organisation_id == keeper.c.organisation_id,
        _accounts(),
    )
    due = select(keeper.c.organisation_id, literal(month), literal(now)).where(~accounted)
    added = insert(DeliveryReminderRow).from_select(
        ["organisation_id", "month", "reminded_at"], due.order_by(keeper.c.organisation_id)
    )
    returning = added.on_conflict_do_nothing().returning(DeliveryReminderRow.organisation_id)
    return (await session.scalars(returning)).all()
