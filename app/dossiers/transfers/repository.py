"""Statements on transfers, and on all that goes with a dossier to another institution."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select, update
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.exc import IntegrityError

from app.access.tables import OrganisationRow
from app.domain.language import Text
from app.dossiers.arrangements.tables import ArrangementRow
from app.dossiers.calls.tables import CallRow
from app.dossiers.requests.tables import RequestRow
from app.dossiers.transfers.errors import OwnReferenceNeededError, TransferOpenError
from app.dossiers.transfers.states import TransferStatus
from app.dossiers.transfers.tables import TransferRequestRow, TransferRow
from app.dossiers.watches.tables import WatchMatchRow, WatchRow
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller, Role

_INSTITUTIONS = [Role.GI.value, Role.LOCAL_TEAM.value]


def _own(caller: Caller) -> ColumnElement[bool]:
    """Those that the caller's organisation proposed, and those that were proposed to it."""
    return or_(TransferRow.sender_id == caller.organisation_id, TransferRow.receiver_id == caller.organisation_id)


async def get_transfer(
    session: ReadSession | WriteSession, caller: Caller, transfer_id: UUID, *, lock: bool = False
) -> TransferRow:
    """The transfer; `NotFoundError` where the caller is no side of such."""
    statement: Select[TransferRow] = select(TransferRow).where(_own(caller), TransferRow.id == transfer_id)
    statement = statement.execution_options(populate_existing=True)
    row = await session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFoundError(Text(nl="Deze overdracht", en="This transfer"))
    return row


async def list_transfers(
    session: ReadSession,
    caller: Caller,
    *,
    is_incoming: bool | None,
    status: TransferStatus | None,
    limit: int,
    key: list[Any] | None,
) -> list[TransferRow]:
    """At most `limit` transfers as they were proposed, after the one with `key` (proposed_at, id)."""
    order = [TransferRow.proposed_at, TransferRow.id]
    statement = select(TransferRow).where(_own(caller)).order_by(*order).limit(limit)
    if is_incoming is not None:
        side = TransferRow.receiver_id if is_incoming else TransferRow.sender_id
        statement = statement.where(side == caller.organisation_id)
    if status is not None:
        statement = statement.where(TransferRow.status == status)
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement)).all())


async def list_dossiers(
    session: ReadSession | WriteSession, transfer_ids: Collection[UUID]
) -> list[TransferRequestRow]:
    """The dossiers that these transfers are for, by id."""
    row = TransferRequestRow
    statement = select(row).where(row.transfer_id.in_(transfer_ids)).order_by(row.transfer_id, row.request_id)
    return list((await session.scalars(statement.execution_options(populate_existing=True))).all())


async def list_requests(session: ReadSession | WriteSession, request_ids: Collection[UUID]) -> list[RequestRow]:
    """These requests, whosoever they are: a receiver sees something of them before they are its own."""
    return list((await session.scalars(select(RequestRow).where(RequestRow.id.in_(request_ids)))).all())


async def find_institution(session: WriteSession, organisation_id: UUID) -> OrganisationRow | None:
    """The institution or local team with this id that is registered here."""
    row = OrganisationRow
    return await session.scalar(select(row).where(row.id == organisation_id, row.role.in_(_INSTITUTIONS)))


async def find_open(session: WriteSession, request_ids: Collection[UUID]) -> UUID | None:
    """An open transfer of one of these requests."""
    row = TransferRequestRow
    statement = select(row.transfer_id).where(row.request_id.in_(request_ids), row.is_open)
    return await session.scalar(statement.order_by(row.transfer_id).limit(1))


async def find_received_at(session: WriteSession, request_id: UUID, organisation_id: UUID) -> datetime | None:
    """When this organisation was last handed a request over; None where it made it itself."""
    statement = (
        select(func.max(TransferRow.decided_at))
        .join(TransferRequestRow, TransferRequestRow.transfer_id == TransferRow.id)
        .where(
            TransferRequestRow.request_id == request_id,
            TransferRow.receiver_id == organisation_id,
            TransferRow.status == "accepted",
        )
    )
    return await session.scalar(statement)


async def add_transfer(session: WriteSession, values: Mapping[str, Any], request_ids: Sequence[UUID]) -> TransferRow:
    """A new transfer of these requests, which are held; `TransferOpenError` where one of them is in an open one."""
    standing = await find_open(session, request_ids)
    if standing is not None:
        raise TransferOpenError(standing)
    row = TransferRow(**values)
    session.add(row)
    await session.flush()
    session.add_all(
        TransferRequestRow(transfer_id=row.id, request_id=request_id, is_open=True) for request_id in request_ids
    )
    await session.flush()
    return row


async def save(session: WriteSession) -> None:
    """Writes what was changed of rows."""
    await session.flush()


async def move_request(session: WriteSession, row: RequestRow, values: Mapping[str, Any], now: datetime) -> None:
    """Makes a request another organisation's; `OwnReferenceNeededError` where that has one with its reference."""
    for name, value in {**values, "version": row.version + 1, "updated_at": now}.items():
        setattr(row, name, value)
    request_id = row.id
    try:
        await session.flush()
    except IntegrityError as error:
        raise OwnReferenceNeededError(request_id) from error


async def move_questions(
    session: WriteSession, request_ids: Collection[UUID], values: Mapping[str, Any], now: datetime
) -> None:
    """Makes the calls and arrangements of these requests another organisation's; who is answering one now is waited
    for."""
    for table in (CallRow, ArrangementRow):
        statement = update(table).where(table.request_id.in_(request_ids))
        await session.execute(
            statement.values(**values, version=table.version + 1, updated_at=now),
            execution_options={"synchronize_session": False},
        )


async def move_watches(
    session: WriteSession, request_ids: Collection[UUID], organisation_id: UUID, now: datetime
) -> None:
    """Makes the watches of these requests, with what they found, another organisation's.

    The mail address is a person's at the old one, so it stays behind: what had only that is followed as events.
    """
    left = func.array_remove(WatchRow.channels, "email")
    values: dict[str, Any] = {
        "organisation_id": organisation_id,
        "email": None,
        "channels": case((func.cardinality(left) > 0, left), else_=array(["sse"])),
        "version": WatchRow.version + 1,
        "updated_at": now,
    }
    unsynchronised = {"synchronize_session": False}
    watches = WatchRow.request_id.in_(request_ids)
    await session.execute(update(WatchRow).where(watches).values(values), execution_options=unsynchronised)
    found = WatchMatchRow.watch_id.in_(select(WatchRow.id).where(watches))
    moved = update(WatchMatchRow).where(found).values(organisation_id=organisation_id)
    await session.execute(moved, execution_options=unsynchronised)
