"""Statements that hold a family: requests, their siblings, and whoever shares a referral with one of them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import CTE, ScalarSelect, select, true, union_all
from sqlalchemy.orm import aliased

from app.dossiers.referrals.repository import own_to
from app.dossiers.referrals.tables import ReferralChildRow, ReferralRow
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import WriteSession
from app.kit.security.callers import Caller


def request_of(caller: Caller, referral_id: UUID) -> ScalarSelect[UUID]:
    """The id of the request of a referral that the caller may see, for `lock_family`; none where there is no such."""
    return select(ReferralRow.request_id).where(own_to(caller), ReferralRow.id == referral_id).scalar_subquery()


def _family(request_ids: Collection[UUID | ScalarSelect[UUID]]) -> CTE:
    """The ids of requests, their sibling groups, and whoever shares a referral with one of these, and so on."""
    columns = [RequestRow.id, RequestRow.organisation_id, RequestRow.sibling_group]
    family = select(*columns).where(RequestRow.id.in_(request_ids)).cte("family", recursive=True)
    siblings = select(*columns).where(
        RequestRow.organisation_id == family.c.organisation_id, RequestRow.sibling_group == family.c.sibling_group
    )
    ours, theirs = aliased(ReferralChildRow), aliased(ReferralChildRow)
    together = (
        select(*columns)
        .join(theirs, theirs.request_id == RequestRow.id)
        .join(ours, ours.referral_id == theirs.referral_id)
        .where(ours.request_id == family.c.id)
    )
    others = union_all(siblings.correlate(family), together.correlate(family)).lateral("others")
    return family.union(select(*others.c).select_from(family.join(others, true())))


async def lock_family(session: WriteSession, *request_ids: UUID | ScalarSelect[UUID]) -> list[RequestRow]:
    """Requests, those of their sibling groups and those that share a referral, by id, held until the transaction ends.

    Whose they are may change while they are waited for, so it is asked of what comes out.
    """
    statement = (
        select(RequestRow)
        .where(RequestRow.id.in_(select(_family(request_ids).c.id)))
        .order_by(RequestRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list((await session.scalars(statement)).all())
