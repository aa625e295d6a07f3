"""Statements on referrals: what happened to them in a period, how they stand when it ends, and where they go."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import SQLColumnExpression, and_, not_, or_

from app.insight.answers.definitions import Dimension
from app.insight.answers.questions import Cell, Question
from app.insight.cells.repository import REFERRAL_CODES, Condition, Counting, PeriodColumns, count_referrals
from app.insight.history.tables import KnownReferralRow
from app.kit.database.sessions import ReadSession


async def gather(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about referrals; by `from-region` those of the region that the offer is in."""
    if question.by == "from-region":
        return await count_referrals(session, question, _counting_placed, lambda _: _BY_OFFER)
    return await count_referrals(session, question, _counting)


_BY_OFFER: dict[Dimension, SQLColumnExpression[Any]] = {
    **REFERRAL_CODES,
    "region": KnownReferralRow.offer_region_code,
    "from-region": KnownReferralRow.region_code,
}


def _counting_placed(period: PeriodColumns) -> Counting:
    counting = _counting(period)
    return Counting(and_(counting.among, KnownReferralRow.offer_region_code.is_not(None)), counting.counts)


def _counting(period: PeriodColumns) -> Counting:
    row = KnownReferralRow
    sent, started, decided = (period.has(day) for day in (row.sent_on, row.started_on, row.decided_on))
    answered = and_(period.has(row.answered_on), row.provider_id.is_not(None))
    over, waits = period.has(row.over_on), _is_open_on(period)
    unanswered = or_(row.answered_on.is_(None), row.answered_on > period.last)
    counts: dict[str, Condition] = {
        "sent": sent,
        **_placed("sent", sent),
        "sentCrisis": and_(sent, row.urgency == "crisis"),
        "answered": answered,
        "answeredInTime": and_(answered, not_(row.is_answered_late)),
        "answeredLate": and_(answered, row.is_answered_late),
        "accepted": and_(decided, row.answer == "accepted"),
        "declined": and_(decided, row.answer == "declined"),
        "withdrawn": and_(over, row.is_withdrawn),
        "started": started,
        **_placed("started", started),
        "open": waits,
        "openCrisis": and_(waits, row.urgency == "crisis"),
        "openOverdue": and_(waits, row.provider_id.is_not(None), unanswered, row.overdue_on <= period.last),
    }
    return Counting(or_(sent, answered, decided, over, started, waits), counts)


def _is_open_on(period: PeriodColumns) -> Condition:
    row = KnownReferralRow
    return and_(
        row.sent_on <= period.last,
        *(or_(day.is_(None), day > period.last) for day in (row.over_on, row.started_on)),
    )


def _placed(name: str, what: Condition) -> dict[str, Condition]:
    row = KnownReferralRow
    return {
        f"{name}OwnRegion": and_(what, row.offer_region_code == row.region_code),
        f"{name}OtherRegion": and_(what, row.offer_region_code != row.region_code),
        f"{name}PlaceUnknown": and_(what, row.offer_region_code.is_(None)),
        f"{name}OutsideProvince": and_(what, row.offer_province_code != row.province_code),
    }
