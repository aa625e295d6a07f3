"""Statements on the flow in residential care: stays that began and ended in a period, and those that ran at its end."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Date, SQLColumnExpression, and_, cast, func, not_, or_

from app.dossiers.requests.secure_care import STAY_MONTHS
from app.insight.answers.questions import Cell, Question
from app.insight.cells.repository import Condition, Counting, PeriodColumns, count_referrals
from app.insight.history.tables import KnownReferralRow
from app.insight.residential_flow.definition import THROUGH_DAYS
from app.kit.database.sessions import ReadSession
from app.reference.lists import reference


async def gather(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about the flow in residential care."""
    return await count_referrals(session, question, _counting)


def _counting(period: PeriodColumns) -> Counting:
    row = KnownReferralRow
    inflow, outflow, day = period.has(row.started_on), period.has(row.stayed_until), period.last
    present = and_(row.started_on <= day, or_(row.stayed_until.is_(None), row.stayed_until > day))
    secure = and_(present, row.secure_since.is_not(None))
    through = func.coalesce(row.next_stay_on <= row.stayed_until + THROUGH_DAYS, False)
    blocked: dict[str, Condition] = {
        "blockedSaid": row.blocked_since <= day,
        "blockedSought": row.sought.contains(cast(day, Date)),
        "blockedSecure": and_(row.next_place_due < day, or_(row.next_place_on.is_(None), row.next_place_on > day)),
    }
    counts: dict[str, Condition] = {
        "inflow": inflow,
        "outflow": outflow,
        "throughflow": and_(outflow, through),
        "exit": and_(outflow, not_(through)),
        "present": present,
        "outsideProvince": and_(present, row.offer_province_code != row.province_code),
        "secure": secure,
        "secureOverSixMonths": and_(secure, _months_after(row.secure_since, STAY_MONTHS) < day),
        "blocked": and_(present, or_(*blocked.values())),
        **{name: and_(present, condition) for name, condition in blocked.items()},
    }
    known = reference().care_types.values()
    among = and_(row.care_type.in_([each.code for each in known if each.residential]), or_(inflow, outflow, present))
    return Counting(among, counts, {"outflow": row.stayed_until - row.started_on})


def _months_after(day: SQLColumnExpression[Any], months: int) -> SQLColumnExpression[Any]:
    return cast(day + func.make_interval(0, months), Date)
