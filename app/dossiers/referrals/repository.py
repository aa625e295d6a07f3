"""Statements on referrals: those that answer start from what the caller may see, and so does every decision.

What a decision brings along is held and read without asking whose it is (`family_repository`, `list_of_requests`,
`list_stays`): a provider that accepts changes a request that it never sees.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    or_,
    select,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY

from app.domain.dates import dutch_day
from app.domain.language import Text
from app.dossiers.arrangements.repository import list_exceptions
from app.dossiers.rankings.tables import RankingRow
from app.dossiers.referrals.states import UNANSWERED, UNDECIDED, Status
from app.dossiers.referrals.tables import (
    ConcernRow,
    DespiteRow,
    FullReferral,
    ReferralChildRow,
    ReferralRow,
)
from app.dossiers.requests.repository import shared_with
from app.dossiers.requests.tables import RequestRow
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller, Role
from app.notifying.contacts.tables import ContactRow
from app.supply.capacity.place_movements import Stay
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import ProviderRow

_STAYS: Final = sql("SELECT * FROM stays_at(:offer, :since, :day, :without)").bindparams(
    bindparam("without", type_=ARRAY(Uuid))
)
OfReferral = TypeVar("OfReferral", ReferralChildRow, DespiteRow, ConcernRow)

WHAT = Text(nl="Deze aanmelding", en="This referral")


def own_to(caller: Caller) -> ColumnElement[bool]:
    """A provider sees those to its offers, an institution or local team those that it sent.

    The expert team of a region reaches those of its children where it corrects one, and nowhere else.
    """
    if caller.role is Role.PROVIDER:
        return ReferralRow.provider_id == caller.provider_id
    if caller.role is Role.REGION:
        return ReferralRow.region_code == caller.region
    return ReferralRow.organisation_id == caller.organisation_id


def is_party(caller: Caller, row: ReferralRow) -> bool:
    """As `own_to`, of a row read before it was held: its dossier may have gone to another institution since."""
    if caller.role is Role.PROVIDER:
        return row.provider_id == caller.provider_id
    if caller.role is Role.REGION:
        return row.region_code == caller.region
    return row.organisation_id == caller.organisation_id


def full_referrals() -> Select[ReferralRow, OfferRow | None, ProviderRow | None, str, ContactRow | None]:
    return (
        select(ReferralRow, OfferRow, ProviderRow, RequestRow.child_reference, ContactRow)
        .join(RequestRow, RequestRow.id == ReferralRow.request_id)
        .outerjoin(OfferRow, OfferRow.id == ReferralRow.offer_id)
        .outerjoin(ProviderRow, ProviderRow.id == ReferralRow.provider_id)
        .outerjoin(ContactRow, ContactRow.organisation_id == ReferralRow.organisation_id)
    )


def _readable(caller: Caller) -> ColumnElement[bool]:
    """Its own, and those for a child whose request is shared with the caller, which it never decides on."""
    if caller.role is not Role.LOCAL_TEAM:
        return own_to(caller)
    shared = ReferralChildRow.request_id.in_(shared_with(caller))
    return or_(own_to(caller), ReferralRow.id.in_(select(ReferralChildRow.referral_id).where(shared)))


async def get_referral(session: ReadSession | WriteSession, caller: Caller, referral_id: UUID) -> FullReferral:
    """The referral; `NotFoundError` where there is none that the caller may see."""
    found = full_referrals().where(_readable(caller), ReferralRow.id == referral_id)
    statement = found.execution_options(populate_existing=True)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFoundError(WHAT)
    return (await with_children(session, [row]))[0]


async def with_children(session: ReadSession | WriteSession, rows: Sequence[Any]) -> list[FullReferral]:
    """Rows of `full_referrals`, each with what belongs to it.

    That is its children and their requests, what was said for it, what was found to stand in its way, and what was
    granted (for any of these children).
    """
    ids = [row[0].id for row in rows]
    order = [ReferralChildRow.referral_id, ReferralChildRow.request_id]
    theirs = select(ReferralChildRow).where(ReferralChildRow.referral_id.in_(ids)).order_by(*order)
    said = select(DespiteRow).where(DespiteRow.referral_id.in_(ids)).order_by(DespiteRow.id)
    found = select(ConcernRow).where(ConcernRow.referral_id.in_(ids), ConcernRow.gone_at.is_(None))
    anew = {"populate_existing": True}
    children = _by_referral(await session.scalars(theirs.execution_options(**anew)))
    despite = _by_referral(await session.scalars(said))
    concerns = _by_referral(await session.scalars(found.execution_options(**anew)))
    asked = {child.request_id for each in children.values() for child in each}
    requests = {row.id: row for row in await session.scalars(select(RequestRow).where(RequestRow.id.in_(asked)))}
    exceptions = await list_exceptions(session, asked)
    return [
        FullReferral(
            *(row[0], row[1], row[2], row[3]),
            sender=row[4],
            children=children[row[0].id],
            despite=despite[row[0].id],
            concerns=concerns[row[0].id],
            requests={child.request_id: requests[child.request_id] for child in children[row[0].id]},
            exceptions=exceptions,
            elsewhere={
                child.request_id
                for child in children[row[0].id]
                if requests[child.request_id].organisation_id != row[0].organisation_id
            },
        )
        for row in rows
    ]


def _by_referral(rows: Iterable[OfReferral]) -> dict[UUID, list[OfReferral]]:
    """Rows by the referral that they are of."""
    found = defaultdict[UUID, list[OfReferral]](list)
    for row in rows:
        found[row.referral_id].append(row)
    return found


def overdue_at(now: datetime) -> ColumnElement[bool]:
    """As `views.is_overdue`."""
    return and_(ReferralRow.status.in_(UNANSWERED), ReferralRow.answer_due_at <= now)


IS_PRESSING: Final = case((and_(ReferralRow.urgency == "crisis", ReferralRow.status.in_(UNDECIDED)), 0), else_=1)
"""0 for a referral in a crisis that waits for an answer, which comes before all others; 1 for the rest."""


async def list_referrals(
    session: ReadSession,
    caller: Caller,
    *,
    now: datetime,
    statuses: Sequence[Status],
    overdue: bool | None,
    request_id: UUID | None,
    offer_id: UUID | None,
    limit: int,
    key: list[Any] | None,
) -> list[FullReferral]:
    """At most `limit` referrals, after the one with `key` (IS_PRESSING, sent_at, id).

    Those in a crisis that wait come first; then by the time they were sent. Those of a request that another shares
    with the caller are among them where that request is asked for.
    """
    order = [IS_PRESSING, ReferralRow.sent_at, ReferralRow.id]
    among = own_to(caller) if request_id is None else _readable(caller)
    statement = full_referrals().where(among).order_by(*order).limit(limit)
    if statuses:
        statement = statement.where(ReferralRow.status.in_(statuses))
    if overdue is not None:
        statement = statement.where(overdue_at(now) if overdue else ~overdue_at(now))
    if request_id is not None:
        theirs = select(ReferralChildRow.referral_id).where(ReferralChildRow.request_id == request_id)
        statement = statement.where(ReferralRow.id.in_(theirs))
    if offer_id is not None:
        statement = statement.where(ReferralRow.offer_id == offer_id)
    if key is not None:
        statement = statement.where(after(order, key))
    return await with_children(session, (await session.execute(statement)).all())


async def list_by_ids(session: ReadSession, caller: Caller, referral_ids: Collection[UUID]) -> list[FullReferral]:
    """Those of these referrals that are the caller's own."""
    statement = full_referrals().where(own_to(caller), ReferralRow.id.in_(referral_ids))
    return await with_children(session, (await session.execute(statement)).all())


async def list_of_requests(session: ReadSession | WriteSession, request_ids: Collection[UUID]) -> list[FullReferral]:
    """Every referral that was sent for one of these requests, by id."""
    theirs = select(ReferralChildRow.referral_id).where(ReferralChildRow.request_id.in_(request_ids))
    statement = full_referrals().where(ReferralRow.id.in_(theirs)).order_by(ReferralRow.id)
    rows = await session.execute(statement.execution_options(populate_existing=True))
    return await with_children(session, rows.all())


async def list_stays(
    session: WriteSession, offer_id: UUID, since: datetime, *, without: Collection[UUID] = ()
) -> list[Stay]:
    """What children take of an offer's places, as far as that may have changed since a report of that moment.

    What was over before the day of the report is in the report, and is left out; so are the referrals in `without`. Of
    children of others too, which is why a function of migration 0050 tells, and not of whom.
    """
    given = {"offer": offer_id, "since": since, "day": dutch_day(since), "without": list(without)}
    return [
        Stay(
            places=row.places,
            reserved_at=row.reserved_at,
            released_at=row.given_back_at or row.released_at,
            started_on=row.started_on,
            started_at=row.started_at,
            ended_on=row.ended_on,
            ended_at=row.ended_at,
        )
        for row in await session.execute(_STAYS, given)
    ]


async def care_types_of(session: WriteSession, offer_ids: Collection[UUID]) -> dict[UUID, str]:
    """The care type of each of these offers."""
    if not offer_ids:
        return {}
    rows = await session.execute(select(OfferRow.id, OfferRow.care_type).where(OfferRow.id.in_(offer_ids)))
    return {row[0]: row[1] for row in rows}


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


async def add_children(session: WriteSession, referral_id: UUID, places: Mapping[UUID, int]) -> None:
    """Says for whom a referral is: the requests, and how many places each of them takes."""
    session.add_all(
        ReferralChildRow(referral_id=referral_id, request_id=request_id, places=count)
        for request_id, count in places.items()
    )
    await session.flush()


async def save(session: WriteSession) -> None:
    """Writes what was changed of rows."""
    await session.flush()
