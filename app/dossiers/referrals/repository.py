"""Statements on referrals: those that answer start from what the caller may see, and so does every decision.

What a decision brings along is held and read without asking whose it is (`lock_family`, `list_of_requests`): a
provider that accepts changes a request that it never sees.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.domain.language import Text
from app.dossiers.rankings.tables import RankingRow
from app.dossiers.referrals.states import UNANSWERED, Status
from app.dossiers.referrals.tables import FullReferral, ReferralEventRow, ReferralRow
from app.dossiers.requests.tables import RequestRow
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller, Role
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import ProviderRow

WHAT = Text(nl="Deze aanmelding", en="This referral")


def _own(caller: Caller) -> ColumnElement[bool]:
    """A provider sees those to its offers, an institution or local team those that it sent."""
    if caller.role is Role.PROVIDER:
        return ReferralRow.provider_id == caller.provider_id
    return ReferralRow.organisation_id == caller.organisation_id


def _full() -> Select[ReferralRow, OfferRow | None, ProviderRow | None, str]:
    return (
        select(ReferralRow, OfferRow, ProviderRow, RequestRow.child_reference)
        .join(RequestRow, RequestRow.id == ReferralRow.request_id)
        .outerjoin(OfferRow, OfferRow.id == ReferralRow.offer_id)
        .outerjoin(ProviderRow, ProviderRow.id == ReferralRow.provider_id)
    )


def _visible(caller: Caller) -> Select[ReferralRow, OfferRow | None, ProviderRow | None, str]:
    return _full().where(_own(caller))


async def get_referral(session: ReadSession | WriteSession, caller: Caller, referral_id: UUID) -> FullReferral:
    """The referral; `NotFoundError` where there is none that the caller may see."""
    statement = _visible(caller).where(ReferralRow.id == referral_id).execution_options(populate_existing=True)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFoundError(WHAT)
    return FullReferral(*row)


def _overdue(today: date) -> ColumnElement[bool]:
    """As `views.is_overdue`."""
    return and_(ReferralRow.status.in_(UNANSWERED), ReferralRow.answer_due_on < today)


async def list_referrals(
    session: ReadSession,
    caller: Caller,
    *,
    today: date,
    status: Status | None,
    overdue: bool | None,
    request_id: UUID | None,
    offer_id: UUID | None,
    limit: int,
    key: list[Any] | None,
) -> list[FullReferral]:
    """At most `limit` referrals by the time they were sent, after the one with `key` (sent_at, id)."""
    order = [ReferralRow.sent_at, ReferralRow.id]
    statement = _visible(caller).order_by(*order).limit(limit)
    if status is not None:
        statement = statement.where(ReferralRow.status == status)
    if overdue is not None:
        statement = statement.where(_overdue(today) if overdue else ~_overdue(today))
    if request_id is not None:
        statement = statement.where(ReferralRow.request_id == request_id)
    if offer_id is not None:
        statement = statement.where(ReferralRow.offer_id == offer_id)
    if key is not None:
        statement = statement.where(after(order, key))
    return [FullReferral(*row) for row in await session.execute(statement)]


def request_of(caller: Caller, referral_id: UUID) -> ScalarSelect[UUID]:
    """The id of the request of a referral that the caller may see, for `lock_family`; none where there is no such."""
    return select(ReferralRow.request_id).where(_own(caller), ReferralRow.id == referral_id).scalar_subquery()


async def lock_family(session: WriteSession, request_id: UUID | ScalarSelect[UUID]) -> list[RequestRow]:
    """A request and those of its sibling group, by id, held until the transaction ends."""
    own = select(RequestRow.organisation_id, RequestRow.sibling_group).where(RequestRow.id == request_id)
    siblings = tuple_(RequestRow.organisation_id, RequestRow.sibling_group).in_(own)
    statement = (
        select(RequestRow)
        .where(or_(RequestRow.id == request_id, siblings))
        .order_by(RequestRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list((await session.scalars(statement)).all())


async def list_of_requests(session: WriteSession, request_ids: Collection[UUID]) -> list[FullReferral]:
    """Every referral of these requests by id."""
    statement = _full().where(ReferralRow.request_id.in_(request_ids)).order_by(ReferralRow.id)
    rows = await session.execute(statement.execution_options(populate_existing=True))
    return [FullReferral(*row) for row in rows]


async def find_last_ranking(session: WriteSession, request_id: UUID) -> UUID | None:
    """The ranking that was shown last for a request."""
    last = select(RankingRow.id).where(RankingRow.request_id == request_id)
    return await session.scalar(last.order_by(RankingRow.shown_at.desc(), RankingRow.id.desc()).limit(1))


async def add_referral(session: WriteSession, values: Mapping[str, Any]) -> ReferralRow:
    """A new referral."""
    row = ReferralRow(**values)
    session.add(row)
    await session.flush()
    return row


async def save(session: WriteSession) -> None:
    """Writes what was changed of rows."""
    await session.flush()


async def add_event(session: WriteSession, values: Mapping[str, Any]) -> None:
    """Adds to the history of a referral."""
    await session.execute(insert(ReferralEventRow).values(values))


async def list_events(
    session: ReadSession, referral_id: UUID, *, limit: int, key: list[Any] | None
) -> list[ReferralEventRow]:
    """At most `limit` events of a referral in their order, after the one with `key` (id)."""
    statement = select(ReferralEventRow).where(ReferralEventRow.referral_id == referral_id)
    if key is not None:
        statement = statement.where(ReferralEventRow.id > key[0])
    return list((await session.scalars(statement.order_by(ReferralEventRow.id).limit(limit))).all())


async def list_notices(
    session: ReadSession, caller: Caller, *, since: datetime | None, limit: int, key: list[Any] | None
) -> list[ReferralEventRow]:
    """At most `limit` events of the caller's referrals that were not its own doing, after the one with `key` (id)."""
    own_side = "provider" if caller.role is Role.PROVIDER else "institution"
    statement = (
        select(ReferralEventRow)
        .join(ReferralRow, ReferralRow.id == ReferralEventRow.referral_id)
        .where(_own(caller), ReferralEventRow.actor != own_side)
    )
    if since is not None:
        statement = statement.where(ReferralEventRow.at >= since)
    if key is not None:
        statement = statement.where(ReferralEventRow.id > key[0])
    return list((await session.scalars(statement.order_by(ReferralEventRow.id).limit(limit))).all())


@dataclass(frozen=True, slots=True)
class Counted:
    """How many referrals of one municipality, provider, institution and status there are."""

    status: Status
    municipality: str
    provider_id: UUID | None
    provider: str | None
    institution_id: UUID
    institution: str | None
    total: int
    overdue: int


async def count_referrals(session: ReadSession, region: str, today: date) -> list[Counted]:
    """The referrals of a region's own children, counted."""
    keys = [ReferralRow.municipality_code, ReferralRow.provider_id, ProviderRow.name, ReferralRow.organisation_id]
    counts = [func.max(ReferralRow.institution), func.count(), func.count().filter(_overdue(today))]
    statement = (
        select(ReferralRow.status, *keys, *counts)
        .outerjoin(ProviderRow, ProviderRow.id == ReferralRow.provider_id)
        .where(ReferralRow.region_code == region)
        .group_by(ReferralRow.status, *keys)
    )
    rows: Sequence[Any] = (await session.execute(statement)).all()
    return [Counted(*row) for row in rows]


async def list_refusals(
    session: ReadSession | WriteSession, request_ids: Collection[UUID]
) -> list[tuple[ReferralRow, str | None, datetime]]:
    """The referrals of these requests that were declined, the first first.

    With the name of the provider, and when it declined.
    """
    events = ReferralEventRow.referral_id == ReferralRow.id, ReferralEventRow.decision == "decline"
    declined_at = select(func.max(ReferralEventRow.at)).where(*events).scalar_subquery()
    statement = (
        select(ReferralRow, func.coalesce(ProviderRow.name, ReferralRow.outside_provider), declined_at)
        .outerjoin(ProviderRow, ProviderRow.id == ReferralRow.provider_id)
        .where(ReferralRow.request_id.in_(request_ids), ReferralRow.status == "declined")
        .order_by(declined_at, ReferralRow.id)
    )
    return [(row[0], row[1], row[2]) for row in await session.execute(statement)]
