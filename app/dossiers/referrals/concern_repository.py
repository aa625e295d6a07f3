"""Statements on what stands in the way of referrals, and on why they go on all the same."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from app.dossiers.referrals.obstacle_codes import Obstacle
from app.dossiers.referrals.repository import full_referrals, with_children
from app.dossiers.referrals.states import OPEN
from app.dossiers.referrals.tables import (
    ConcernProgressRow,
    ConcernRow,
    DespiteRow,
    FullReferral,
    JudgedReferralRow,
    ReferralChildRow,
    ReferralRow,
)
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import ReadSession, WriteSession


async def add_despite(session: WriteSession, values: Mapping[str, Any]) -> DespiteRow:
    """Keeps why a referral goes on although the match would leave its offer out."""
    return (await session.execute(insert(DespiteRow).values(values).returning(DespiteRow))).scalar_one()


async def count_despite(session: ReadSession, region: str) -> list[tuple[Obstacle, int]]:
    """How many referrals of a region's own children were made, accepted or started for all each reason."""
    row = DespiteRow
    statement = (
        select(row.reason, func.count(row.referral_id.distinct()))
        .join(ReferralRow, ReferralRow.id == row.referral_id)
        .where(ReferralRow.region_code == region)
        .group_by(row.reason)
    )
    return [(each[0], each[1]) for each in await session.execute(statement)]


async def put_concerns(
    session: WriteSession, referral_id: UUID, found: Collection[Obstacle], now: datetime
) -> list[Obstacle]:
    """Notes what stands in the way of a referral, and that all else is over; those that are new."""
    row = ConcernRow
    over = update(row).where(row.referral_id == referral_id, row.gone_at.is_(None), row.reason.not_in(found))
    await session.execute(over.values(gone_at=now).execution_options(synchronize_session=False))
    if not found:
        return []
    values = [{"referral_id": referral_id, "reason": each, "found_at": now} for each in found]
    added = insert(row).on_conflict_do_nothing().returning(row.reason)
    return list((await session.scalars(added.values(values))).all())


async def claim_progress(session: WriteSession) -> ConcernProgressRow | None:
    """How far the referrals have been judged, to go on from; None where another process does."""
    return await session.scalar(select(ConcernProgressRow).with_for_update(skip_locked=True))


async def save_progress(session: WriteSession, position: str) -> None:
    """Notes how far that is now; the caller has claimed it."""
    await session.execute(update(ConcernProgressRow).values(position=position))


async def judge_anew(session: WriteSession, offer_ids: Sequence[UUID] | None) -> None:
    """Has the referrals to these offers judged again; all where None."""
    if offer_ids is not None and not offer_ids:
        return
    row = JudgedReferralRow
    statement = update(row).where(row.judged_on.is_not(None)).values(judged_on=None)
    if offer_ids is not None:
        theirs = select(ReferralRow.id).where(ReferralRow.offer_id == any_(bindparam("offers", type_=ARRAY(Uuid))))
        statement = statement.where(row.referral_id.in_(theirs))
    options = {"synchronize_session": False}
    parameters = {} if offer_ids is None else {"offers": list(offer_ids)}
    await session.execute(statement.execution_options(**options), parameters)


async def list_to_judge(session: WriteSession, today: date, limit: int) -> list[FullReferral]:
    """At most `limit` open referrals that were not judged yet, or not today."""
    judged = JudgedReferralRow
    still_open: ColumnElement[Any] = bindparam("open", OPEN, expanding=True, literal_execute=True)  # as the index says
    statement = (
        full_referrals()
        .outerjoin(judged, judged.referral_id == ReferralRow.id)
        .where(
            ReferralRow.status.in_(still_open),
            ReferralRow.offer_id.is_not(None),
            or_(judged.judged_on.is_(None), judged.judged_on < today),
        )
        .order_by(ReferralRow.id)
        .limit(limit)
    )
    return await with_children(session, (await session.execute(statement)).all())


async def hold_if_free(session: WriteSession, referral_id: UUID) -> FullReferral | None:
    """A referral as it is now, the requests of its children held; None where somebody else holds one of them."""
    theirs = select(ReferralChildRow.request_id).where(ReferralChildRow.referral_id == referral_id)
    ids = set((await session.scalars(theirs)).all())
    free = select(RequestRow).where(RequestRow.id.in_(ids)).order_by(RequestRow.id).with_for_update(skip_locked=True)
    held = (await session.scalars(free.execution_options(populate_existing=True))).all()
    if len(held) < len(ids):
        return None
    statement = full_referrals().where(ReferralRow.id == referral_id).execution_options(populate_existing=True)
    return (await with_children(session, (await session.execute(statement)).all()))[0]


async def note_judged(session: WriteSession, referral_ids: Sequence[UUID], today: date) -> None:
    """Notes that these referrals have been judged for that day."""
    if referral_ids:
        values = [{"referral_id": each, "judged_on": today} for each in referral_ids]
        statement = insert(JudgedReferralRow).values(values)
        same = [JudgedReferralRow.referral_id]
        await session.execute(statement.on_conflict_do_update(index_elements=same, set_={"judged_on": today}))
