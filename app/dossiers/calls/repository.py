"""Statements on calls; all that answer start from what the caller may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from app.domain.dates import dutch_day
from app.domain.language import Text
from app.dossiers.calls.states import ClosedBecause, Status
from app.dossiers.calls.tables import CallAddresseeRow, CallAnswerRow, CallRow
from app.dossiers.requests.repository import shared_with
from app.dossiers.requests.tables import RequestRow
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller, Role
from app.notifying.contacts.tables import ContactRow
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import ProviderRow


@dataclass(frozen=True, slots=True)
class FullAnswer:
    """An answer with who gave it, the contract that it was asked by, and the offer that it names."""

    answer: CallAnswerRow
    addressee: CallAddresseeRow
    provider: ProviderRow
    offer_name: str | None

    @property
    def stands(self) -> bool:
        """Whether it is the provider's last word."""
        return self.answer.number == self.addressee.answers


@dataclass(frozen=True, slots=True)
class FullCall:
    """A call with the institution's own reference of the child and how the institution is reached.

    To a provider also how it was addressed itself.
    """

    call: CallRow
    addressee: CallAddresseeRow | None
    child_reference: str
    sender: ContactRow | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many providers a call was put to, and what those that answered say."""

    addressed: int = 0
    can: int = 0
    declined: int = 0


_ADDRESSED = and_(
    CallAnswerRow.call_id == CallAddresseeRow.call_id, CallAnswerRow.provider_id == CallAddresseeRow.provider_id
)
_STANDS = CallAnswerRow.number == CallAddresseeRow.answers


def _visible(caller: Caller, *, shared: bool) -> Select[CallRow, CallAddresseeRow | None, str, ContactRow | None]:
    """A provider sees those that were put to it, an institution or local team its own.

    With `shared` those besides of requests that another shares with the caller.
    """
    statement = (
        select(CallRow, CallAddresseeRow, RequestRow.child_reference, ContactRow)
        .join(RequestRow, RequestRow.id == CallRow.request_id)
        .outerjoin(ContactRow, ContactRow.organisation_id == CallRow.organisation_id)
    )
    if caller.role is Role.PROVIDER:
        return statement.join(CallAddresseeRow, CallAddresseeRow.call_id == CallRow.id).where(
            CallAddresseeRow.provider_id == caller.provider_id
        )
    own = CallRow.organisation_id == caller.organisation_id
    if shared and caller.role is Role.LOCAL_TEAM:
        own = or_(own, CallRow.request_id.in_(shared_with(caller)))
    return statement.outerjoin(CallAddresseeRow, false()).where(own)


async def get_call(
    session: ReadSession | WriteSession,
    caller: Caller,
    call_id: UUID,
    *,
    lock: Literal["answer", "close"] | None = None,
) -> FullCall:
    """The call; `NotFoundError` where there is none that the caller may see.

    With a `lock` it is held until the transaction ends: those who answer do not wait for each other, and whoever closes
    it waits for them.
    """
    statement = (
        _visible(caller, shared=lock is None).where(CallRow.id == call_id).execution_options(populate_existing=True)
    )
    if lock is not None:
        statement = statement.with_for_update(of=CallRow, read=lock == "answer")
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFoundError(Text(nl="Deze oproep", en="This call"))
    return FullCall(*row)


async def lock_addressee(session: WriteSession, caller: Caller, call_id: UUID) -> CallAddresseeRow:
    """How the provider that asks was addressed, held until the transaction ends, so that its answers come in turn."""
    own = (CallAddresseeRow.call_id == call_id, CallAddresseeRow.provider_id == caller.provider_id)
    statement = select(CallAddresseeRow).where(*own).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one()


def _has_status(status: Status, today: date) -> ColumnElement[bool]:
    """As `states.status_of`."""
    unclosed = CallRow.closed_because.is_(None)
    conditions = {
        "open": and_(unclosed, CallRow.respond_by >= today),
        "expired": and_(unclosed, CallRow.respond_by < today),
        "closed": ~unclosed,
    }
    return conditions[status]


def _is_answered(caller: Caller) -> ColumnElement[bool]:
    if caller.role is Role.PROVIDER:
        return CallAddresseeRow.answers > 0
    somebody = select(true()).where(CallAnswerRow.call_id == CallRow.id)
    return somebody.exists()


async def list_calls(
    session: ReadSession,
    caller: Caller,
    *,
    today: date,
    status: Status | None,
    answered: bool | None,
    request_id: UUID | None,
    limit: int,
    key: list[Any] | None,
) -> list[FullCall]:
    """At most `limit` calls by the time they were published, after the one with `key` (published_at, id)."""
    order = [CallRow.published_at, CallRow.id]
    if caller.role is Role.PROVIDER:  # the same values, where an index has them by provider
        order = [CallAddresseeRow.published_at, CallAddresseeRow.call_id]
    statement = _visible(caller, shared=request_id is not None).order_by(*order).limit(limit)
    if status is not None:
        statement = statement.where(_has_status(status, today))
    if answered is not None:
        statement = statement.where(_is_answered(caller) if answered else ~_is_answered(caller))
    if request_id is not None:
        statement = statement.where(CallRow.request_id == request_id)
    if key is not None:
        statement = statement.where(after(order, key))
    return [FullCall(*row) for row in await session.execute(statement)]


async def list_of_request(session: WriteSession, caller: Caller, request_id: UUID, *, limit: int) -> list[FullCall]:
    """The last calls of a request that were not withdrawn, the first of them first."""
    counts = CallRow.closed_because.is_distinct_from("withdrawn")
    statement = _visible(caller, shared=True).where(CallRow.request_id == request_id, counts)
    last = statement.order_by(CallRow.published_at.desc(), CallRow.id.desc()).limit(limit)
    return [FullCall(*row) for row in reversed((await session.execute(last)).all())]


async def find_open(session: WriteSession, request_id: UUID, care_types: Sequence[str], today: date) -> UUID | None:
    """An open call of a request that asks for one of these care types."""
    same = CallRow.care_types.overlap(list(care_types))
    statement = select(CallRow.id).where(CallRow.request_id == request_id, same, _has_status("open", today))
    return await session.scalar(statement.limit(1))


async def add_call(
    session: WriteSession, values: Mapping[str, Any], addressees: Sequence[Mapping[str, Any]]
) -> CallRow:
    """A new call, put to these providers."""
    row = CallRow(**values)
    session.add(row)
    await session.flush()
    common = {"call_id": row.id, "published_at": row.published_at}
    await session.execute(insert(CallAddresseeRow).values([{**common, **each} for each in addressees]))
    return row


async def close_calls(
    session: WriteSession, request_ids: Collection[UUID], because: ClosedBecause, now: datetime
) -> list[tuple[UUID, UUID]]:
    """Closes every open call of these requests; the ids of each that it closed and of its request."""
    statement = (
        update(CallRow)
        .where(CallRow.request_id.in_(request_ids), _has_status("open", dutch_day(now)))
        .values(closed_at=now, closed_because=because, version=CallRow.version + 1, updated_at=now)
        .returning(CallRow.id, CallRow.request_id)
    )
    rows = await session.execute(statement.execution_options(synchronize_session=False))
    return [(row[0], row[1]) for row in rows]


async def list_closed_at(session: WriteSession, request_ids: Collection[UUID], at: datetime) -> list[CallRow]:
    """The calls of these requests, which are held, that were closed at this moment because help started; held too."""
    row = CallRow
    statement = select(row).where(
        row.request_id.in_(request_ids), row.closed_because == "help-started", row.closed_at == at
    )
    statement = statement.order_by(row.published_at, row.id).with_for_update()
    return list((await session.scalars(statement.execution_options(populate_existing=True))).all())


async def add_answer(session: WriteSession, addressee: CallAddresseeRow, values: Mapping[str, Any]) -> None:
    """A provider's next answer, which stands from now on; `addressee` is held."""
    addressee.answers += 1
    await session.flush()
    key = {"call_id": addressee.call_id, "provider_id": addressee.provider_id, "number": addressee.answers}
    await session.execute(insert(CallAnswerRow).values({**key, **values}))


def _answers() -> Select[CallAnswerRow, CallAddresseeRow, ProviderRow, str | None]:
    return (
        select(CallAnswerRow, CallAddresseeRow, ProviderRow, OfferRow.name)
        .join(CallAddresseeRow, _ADDRESSED)
        .join(ProviderRow, ProviderRow.id == CallAnswerRow.provider_id)
        .outerjoin(OfferRow, OfferRow.id == CallAnswerRow.offer_id)
    )


async def list_answers(
    session: ReadSession, caller: Caller, call_id: UUID, *, stands: bool | None, limit: int, key: list[Any] | None
) -> list[FullAnswer]:
    """At most `limit` answers to a call that the caller may see, in their order, after the one with `key` (id).

    A provider sees its own alone.
    """
    statement = _answers().where(CallAnswerRow.call_id == call_id)
    if caller.role is Role.PROVIDER:
        statement = statement.where(CallAnswerRow.provider_id == caller.provider_id)
    if stands is not None:
        statement = statement.where(_STANDS if stands else ~_STANDS)
    if key is not None:
        statement = statement.where(CallAnswerRow.id > key[0])
    rows = await session.execute(statement.order_by(CallAnswerRow.id).limit(limit))
    return [FullAnswer(*row) for row in rows]


async def list_own_answers(
    session: ReadSession | WriteSession, caller: Caller, call_ids: Collection[UUID]
) -> dict[UUID, FullAnswer]:
    """The answers of the provider that asks that stand, by call."""
    own = CallAnswerRow.provider_id == caller.provider_id
    rows = await session.execute(_answers().where(CallAnswerRow.call_id.in_(call_ids), own, _STANDS))
    return {row[0].call_id: FullAnswer(*row) for row in rows}


async def list_standing(session: WriteSession, call_ids: Collection[UUID], *, limit: int) -> list[FullAnswer]:
    """At most `limit` answers to these calls that stand: those that can first, the soonest first of them."""
    order = [CallAnswerRow.answer, CallAnswerRow.start_on, CallAnswerRow.id]
    statement = _answers().where(CallAnswerRow.call_id.in_(call_ids), _STANDS).order_by(*order).limit(limit)
    return [FullAnswer(*row) for row in await session.execute(statement)]


async def count_answers(session: ReadSession | WriteSession, call_ids: Collection[UUID]) -> dict[UUID, Counted]:
    """How these calls have been answered so far, by call."""
    counts = [func.count().filter(CallAnswerRow.answer == answer) for answer in ("can", "decline")]
    statement = (
        select(CallAddresseeRow.call_id, func.count(), *counts)
        .outerjoin(CallAnswerRow, and_(_ADDRESSED, _STANDS))
        .where(CallAddresseeRow.call_id.in_(call_ids))
        .group_by(CallAddresseeRow.call_id)
    )
    return {row[0]: Counted(row[1], row[2], row[3]) for row in await session.execute(statement)}
