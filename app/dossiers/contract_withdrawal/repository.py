"""The statement on what rests on a contract, asked without whose it is: only how many there are is told."""

from datetime import date

from sqlalchemy import ColumnElement, SQLColumnExpression, any_, case, distinct, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.dossiers.referrals.states import OPEN
from app.dossiers.referrals.tables import ReferralChildRow, ReferralRow
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import WriteSession
from app.supply.contracts.repository import in_force
from app.supply.contracts.tables import ContractRow
from app.supply.offers.tables import OfferRow


async def count_resting(session: WriteSession, contract: ContractRow, today: date) -> int:
    """How many referrals rest on a contract: open or started, and covered by no other for one of their children.

    On the day on which the help started or, where it has not, is expected to start (today where that is not known):
    of two contracts that are the same neither is rested on, of two that follow each other one is.
    """
    child, day = ReferralChildRow, _day(today)
    this, other = aliased(ContractRow), ContractRow
    covered = exists().where(
        other.provider_id == contract.provider_id,
        other.id != contract.id,
        _covers(other),
        in_force(day, OfferRow.care_type),
    )
    statement = (
        select(func.count(distinct(ReferralRow.id)))
        .select_from(ReferralRow)
        .join(OfferRow, OfferRow.id == ReferralRow.offer_id)
        .join(child, child.referral_id == ReferralRow.id)
        .join(RequestRow, RequestRow.id == child.request_id)
        .where(
            ReferralRow.provider_id == contract.provider_id,
            ReferralRow.status.in_([*OPEN, "started"]),
            child.released_at.is_(None),
            child.ended_on.is_(None),
            exists().where(this.id == contract.id, _covers(this), in_force(day, OfferRow.care_type, this)),
            ~covered,
        )
    )
    return (await session.execute(statement)).scalar_one()


def _day(today: date) -> SQLColumnExpression[date]:
    """The day on which a child needs a contract, as the match has its reference date."""
    expected = func.greatest(func.coalesce(ReferralRow.expected_start, today), today)
    return case((ReferralChildRow.started_on.is_not(None), ReferralChildRow.started_on), else_=expected)


def _covers(contract: type[ContractRow]) -> ColumnElement[bool]:
    """That a contract covers the children of the municipality or the region of the request."""
    return or_(
        RequestRow.region_code == any_(contract.regions), RequestRow.municipality_code == any_(contract.municipalities)
    )
