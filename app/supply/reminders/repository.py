"""Statements on reminders: one finds and records all that fall due; the lists start from what the caller may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import aliased

from app.domain.dates import dutch_day, dutch_midnight
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.security.callers import Caller, Role
from app.notifying.mails.tables import MailRow, MailStatus
from app.ranking.rules import STALE_AFTER_DAYS
from app.supply.capacity.tables import CapacityReportRow, CurrentCapacityRow
from app.supply.contracts.repository import in_force, touches
from app.supply.contracts.tables import ContractRow
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import ProviderRow
from app.supply.reminders.tables import AT_ONCE, Reason, ReminderMuteRow, ReminderRow

STEPS: Final[dict[int, Reason]] = {
    STALE_AFTER_DAYS: "older-than-30-days",
    14: "older-than-14-days",
    7: "older-than-7-days",
}
"""The age in days (Dutch days) above which each reminder falls due, the oldest first."""

_SINCE: Final = func.coalesce(CurrentCapacityRow.observed_at, OfferRow.created_at)
_NEVER: Final = CurrentCapacityRow.offer_id.is_(None)


@dataclass(frozen=True, slots=True)
class Stale:
    """An offer whose provider is reminded, with whose it is."""

    reminder_id: int
    reason: Reason
    since: datetime
    reminded_at: datetime
    offer_id: UUID
    offer_name: str
    care_type: str
    provider_id: UUID
    provider_name: str
    email: str | None
    was_reported: bool
    doubts: int
    muted: bool


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder that stands, and what became of its mail; None where that is no longer known."""

    stale: Stale
    mail_key: str | None
    mail: MailStatus | None


def _older_than(days: int, today: date) -> ColumnElement[bool]:
    """That the Dutch day of the figures lies more than `days` before today."""
    bound = dutch_midnight(today - timedelta(days=days))
    return literal(bound) > _SINCE


def _offers() -> Select[*tuple[Any, ...]]:
    """Every offer that is given, with what stands of it."""
    joined = select().select_from(OfferRow).outerjoin(CurrentCapacityRow, CurrentCapacityRow.offer_id == OfferRow.id)
    return joined.where(OfferRow.ended_at.is_(None))


async def add_due(session: WriteSession, now: datetime) -> list[Stale]:
    """Records each reminder that is due and was not given yet, and gives them, by provider and offer.

    Of an offer that passed several steps unnoticed only the last one. Two that do this at once record each reminder
    once: the second waits for the first. The order keeps them from waiting for each other.
    """
    today = dutch_day(now)
    steps = [(_older_than(days, today), reason) for days, reason in STEPS.items()]
    reason = case((_NEVER, "never-reported"), *steps)
    given = exists().where(
        ReminderRow.offer_id == OfferRow.id, ReminderRow.since == _SINCE, ReminderRow.reason == reason
    )
    due = (
        _offers()
        .add_columns(OfferRow.id, _SINCE, func.cast(reason, Text), literal(now))
        .where(_older_than(min(STEPS), today), ~given)
        .order_by(OfferRow.id)
    )
    added = insert(ReminderRow).from_select(["offer_id", "since", "reason", "reminded_at"], due)
    ids = (await session.scalars(added.on_conflict_do_nothing().returning(ReminderRow.id))).all()
    statement = _stale().where(ReminderRow.id == any_(bindparam("ids"))).order_by(OfferRow.provider_id, OfferRow.name)
    return [Stale(*row) for row in await session.execute(statement, {"ids": list(ids)})]


async def add_refused(session: WriteSession, offer_id: UUID, now: datetime) -> list[Stale]:
    """Records that an offer refused a child for want of room; none where it did so before, by the same figures."""
    refused: Reason = "refused-for-want-of-room"
    one = _offers().add_columns(OfferRow.id, _SINCE, literal(refused), literal(now)).where(OfferRow.id == offer_id)
    added = insert(ReminderRow).from_select(["offer_id", "since", "reason", "reminded_at"], one)
    ids = (await session.scalars(added.on_conflict_do_nothing().returning(ReminderRow.id))).all()
    return [Stale(*row) for row in await session.execute(_stale().where(ReminderRow.id.in_(ids)))]


async def add_doubt(session: WriteSession, offer_id: UUID, organisation_id: UUID, now: datetime) -> list[Stale]:
    """Records that an organisation doubts the figures of an offer; none where another did, or it did so before."""
    doubted: Reason = "doubted-by-referrers"
    by = cast([organisation_id], ARRAY(Uuid))
    one = _offers().add_columns(OfferRow.id, _SINCE, literal(doubted), literal(now), by).where(OfferRow.id == offer_id)
    names = ["offer_id", "since", "reason", "reminded_at", "doubted_by"]
    insertion = insert(ReminderRow).from_select(names, one)
    added = insertion.on_conflict_do_update(
        index_elements=["offer_id", "since", "reason"],
        set_={"doubted_by": ReminderRow.doubted_by + insertion.excluded.doubted_by},
        where=~ReminderRow.doubted_by.contains(insertion.excluded.doubted_by),
    ).returning(ReminderRow.id, func.cardinality(ReminderRow.doubted_by))
    ids = [row[0] for row in await session.execute(added) if row[1] == 1]
    return [Stale(*row) for row in await session.execute(_stale().where(ReminderRow.id.in_(ids)))]


_REPORTED: Final = exists().where(
    CapacityReportRow.offer_id == ReminderRow.offer_id, CapacityReportRow.observed_at == ReminderRow.since
)
"""Whether a reminder is of figures that were reported, and not of an offer without any."""


def _stale() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ReminderRow.id,
            ReminderRow.reason,
            ReminderRow.since,
            ReminderRow.reminded_at,
            OfferRow.id,
            OfferRow.name,
            OfferRow.care_type,
            ProviderRow.id,
            ProviderRow.name,
            ProviderRow.email,
            _REPORTED,
            func.cardinality(ReminderRow.doubted_by),
            ReminderRow.muted,
        )
        .join(OfferRow, OfferRow.id == ReminderRow.offer_id)
        .join(ProviderRow, ProviderRow.id == OfferRow.provider_id)
    )


async def set_mails(session: WriteSession, keys: Mapping[int, str]) -> None:
    """Notes which mail says each reminder."""
    ids, names = literal(list(keys), ARRAY(BigInteger)), literal(list(keys.values()), ARRAY(Text))
    given = func.unnest(ids, names)
    named = given.table_valued("id", "key").render_derived()
    statement = update(ReminderRow).where(ReminderRow.id == named.c.id).values(mail_key=named.c.key)
    await session.execute(statement.execution_options(synchronize_session=False))


async def find_muted(session: WriteSession, provider_ids: Collection[UUID], today: date) -> set[UUID]:
    """Those of the providers that want no reminders by mail today."""
    row = ReminderMuteRow
    statement = select(row.provider_id).where(row.provider_id.in_(provider_ids), row.until >= today)
    return set((await session.scalars(statement)).all())


async def note_muted(session: WriteSession, reminder_ids: Collection[int]) -> None:
    """Notes that these reminders were not mailed, because their provider wanted none."""
    statement = update(ReminderRow).where(ReminderRow.id.in_(reminder_ids)).values(muted=True)
    await session.execute(statement.execution_options(synchronize_session=False))


async def find_mute(session: ReadSession | WriteSession, provider_id: UUID) -> ReminderMuteRow | None:
    """Until when a provider wants no reminders by mail, which may be over; None where it never said so."""
    return await session.get(ReminderMuteRow, provider_id)


async def put_mute(session: WriteSession, values: Mapping[str, Any]) -> None:
    """Keeps until when a provider wants no reminders by mail, in the place of what it said before."""
    statement = insert(ReminderMuteRow).values(**values)
    same = [ReminderMuteRow.provider_id]
    await session.execute(statement.on_conflict_do_update(index_elements=same, set_=dict(values)))


async def remove_mute(session: WriteSession, provider_id: UUID) -> None:
    """A provider wants its reminders by mail again."""
    await session.execute(delete(ReminderMuteRow).where(ReminderMuteRow.provider_id == provider_id))


def _standing(caller: Caller, today: date) -> Select[*tuple[Any, ...]]:
    """The last reminder of each offer whose figures are still those; for a provider its own, for a region see below."""
    later = aliased(ReminderRow)
    followed = exists().where(
        later.offer_id == ReminderRow.offer_id,
        later.since == ReminderRow.since,
        later.id > ReminderRow.id,
        *([later.reason.not_in(AT_ONCE)] if caller.role is Role.REGION else []),
    )
    statement = (
        _stale()
        .add_columns(ReminderRow.mail_key, MailRow.status)
        .outerjoin(CurrentCapacityRow, CurrentCapacityRow.offer_id == OfferRow.id)
        .outerjoin(MailRow, MailRow.key == ReminderRow.mail_key)
        .where(OfferRow.ended_at.is_(None), ReminderRow.since == _SINCE, ~followed)
    )
    if caller.role is Role.PROVIDER:
        return statement.where(OfferRow.provider_id == caller.provider_id)
    if caller.role is Role.REGION:
        return statement.where(_shown_to(str(caller.region), today))
    return statement


def _shown_to(region: str, today: date) -> ColumnElement[bool]:
    """That a region sees it: from the second reminder on, of care that it has under contract today."""
    contracted = exists().where(
        ContractRow.provider_id == OfferRow.provider_id,
        touches(region),
        in_force(today, OfferRow.care_type),
    )
    return and_(ReminderRow.reason.not_in(["older-than-7-days", *AT_ONCE]), contracted)


async def list_reminders(
    session: ReadSession,
    caller: Caller,
    *,
    today: date,
    provider_id: UUID | None,
    reasons: Sequence[Reason],
    limit: int,
    key: list[Any] | None,
) -> list[Reminded]:
    """At most `limit` reminders that stand, the oldest figures first, after the one with `key` (since, id)."""
    order = [ReminderRow.since, ReminderRow.id]
    statement = _standing(caller, today).order_by(*order).limit(limit)
    if provider_id is not None:
        statement = statement.where(OfferRow.provider_id == provider_id)
    if reasons:
        statement = statement.where(ReminderRow.reason.in_(reasons))
    if key is not None:
        statement = statement.where(after(order, key))
    return [Reminded(Stale(*row[:-2]), *row[-2:]) for row in await session.execute(statement)]
