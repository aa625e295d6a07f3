"""Statements on arrangements; all that answer start from what the caller may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.domain.language import Text
from app.dossiers.arrangements.states import PUT_TO, Kind, Status
from app.dossiers.arrangements.tables import ArrangementRow, FullArrangement
from app.dossiers.requests.tables import RequestRow
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller, Role
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import ProviderRow

_WHAT = Text(nl="Deze regeling", en="This arrangement")


def _own(caller: Caller) -> ColumnElement[bool]:
    """An institution or local team sees what it asked, a region and a provider what was put to them."""
    row = ArrangementRow
    put_to = {party: [kind for kind in PUT_TO if PUT_TO[kind] == party] for party in ("region", "provider")}
    if caller.role is Role.REGION:
        return and_(row.region_code == caller.region, row.kind.in_(put_to["region"]))
    if caller.role is Role.PROVIDER:
        return and_(row.provider_id == caller.provider_id, row.kind.in_(put_to["provider"]))
    return row.organisation_id == caller.organisation_id


def _visible(caller: Caller) -> Select[ArrangementRow, str, str, str]:
    return (
        select(ArrangementRow, OfferRow.name, ProviderRow.name, RequestRow.child_reference)
        .join(OfferRow, OfferRow.id == ArrangementRow.offer_id)
        .join(ProviderRow, ProviderRow.id == ArrangementRow.provider_id)
        .join(RequestRow, RequestRow.id == ArrangementRow.request_id)
        .where(_own(caller))
    )


async def get_arrangement(session: ReadSession | WriteSession, caller: Caller, arrangement_id: UUID) -> FullArrangement:
    """The arrangement; `NotFoundError` where there is none that the caller may see."""
    statement = _visible(caller).where(ArrangementRow.id == arrangement_id)
    row = (await session.execute(statement.execution_options(populate_existing=True))).one_or_none()
    if row is None:
        raise NotFoundError(_WHAT)
    return FullArrangement(*row)


async def hold_request(session: WriteSession, caller: Caller, arrangement_id: UUID) -> RequestRow:
    """The request of an arrangement that the caller may see, held until the transaction ends.

    All that happens to a request's arrangements happens in turn. `NotFoundError` where there is no such arrangement.
    """
    request_id = select(ArrangementRow.request_id).where(_own(caller), ArrangementRow.id == arrangement_id)
    statement = select(RequestRow).where(RequestRow.id == request_id.scalar_subquery()).with_for_update()
    row = await session.scalar(statement.execution_options(populate_existing=True))
    if row is None:
        raise NotFoundError(_WHAT)
    return row


async def list_arrangements(
    session: ReadSession,
    caller: Caller,
    *,
    status: Status | None,
    kind: Kind | None,
    request_id: UUID | None,
    limit: int,
    key: list[Any] | None,
) -> list[FullArrangement]:
    """At most `limit` arrangements by the time they were asked, after the one with `key` (asked_at, id)."""
    order = [ArrangementRow.asked_at, ArrangementRow.id]
    statement = _visible(caller).order_by(*order).limit(limit)
    if status is not None:
        statement = statement.where(ArrangementRow.status == status)
    if kind is not None:
        statement = statement.where(ArrangementRow.kind == kind)
    if request_id is not None:
        statement = statement.where(ArrangementRow.request_id == request_id)
    if key is not None:
        statement = statement.where(after(order, key))
    return [FullArrangement(*row) for row in await session.execute(statement)]


async def list_last(
    session: ReadSession | WriteSession, caller: Caller, request_id: UUID, *, limit: int
) -> list[FullArrangement]:
    """The last arrangements of a request, the last first."""
    statement = _visible(caller).where(ArrangementRow.request_id == request_id)
    last = statement.order_by(ArrangementRow.asked_at.desc(), ArrangementRow.id.desc()).limit(limit)
    return [FullArrangement(*row) for row in await session.execute(last)]


async def find_open(session: WriteSession, request_id: UUID, offer_id: UUID, kind: Kind) -> ArrangementRow | None:
    """What was asked of this kind for this request and offer, and is not answered; there is one at most."""
    same = (ArrangementRow.request_id == request_id, ArrangementRow.offer_id == offer_id, ArrangementRow.kind == kind)
    return await session.scalar(select(ArrangementRow).where(*same, ArrangementRow.status == "asked"))


async def add_arrangement(session: WriteSession, values: Mapping[str, Any]) -> ArrangementRow:
    """A new arrangement."""
    row = ArrangementRow(**values)
    session.add(row)
    await session.flush()
    return row


async def list_open(session: WriteSession, request_ids: Collection[UUID]) -> list[ArrangementRow]:
    """The arrangements of these requests, which are held, that are not answered, by id."""
    row = ArrangementRow
    statement = select(row).where(row.request_id.in_(request_ids), row.status == "asked").order_by(row.id)
    return list((await session.scalars(statement.execution_options(populate_existing=True))).all())


async def list_exceptions(session: ReadSession | WriteSession, request_ids: Collection[UUID]) -> list[ArrangementRow]:
    """What was granted for these requests as an exception, whether it still stands or not; the first that was asked
    first."""
    row = ArrangementRow
    granted = and_(row.request_id.in_(request_ids), row.status == "granted", row.contract_id.is_(None))
    return list((await session.scalars(select(row).where(granted).order_by(row.asked_at, row.id))).all())


@dataclass(frozen=True, slots=True)
class Counted:
    """How many arrangements of one kind and care type there are."""

    kind: Kind
    care_type: str
    asked: int
    overdue: int
    granted: int
    refused: int
    withdrawn: int
    ended: int
    median_days_taken: int | None
    most_days_taken: int | None


async def count_arrangements(session: ReadSession, region: str, today: date) -> list[Counted]:
    """The arrangements for a region's own children, counted by kind and care type."""
    row = ArrangementRow
    answered = row.status.in_(["granted", "refused"])

    def number(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(*conditions)

    statement = (
        select(
            row.kind,
            row.care_type,
            number(row.status == "asked"),
            number(row.status == "asked", row.due_on < today),
            *(number(row.status == status) for status in ("granted", "refused", "withdrawn", "ended")),
            func.percentile_disc(0.5).within_group(row.days_taken).filter(answered),
            func.max(row.days_taken).filter(answered),
        )
        .where(row.region_code == region)
        .group_by(row.kind, row.care_type)
        .order_by(row.kind, row.care_type)
    )
    rows: Sequence[Any] = (await session.execute(statement)).all()
    return [Counted(*each) for each in rows]
