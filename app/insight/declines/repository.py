"""Statements on declines: what providers answered in a period, and what was referred to them despite an obstacle."""

from collections.abc import Iterable

from sqlalchemy import SQLColumnExpression, and_, func, or_

from app.insight.answers.definitions import Dimension
from app.insight.answers.questions import Cell, Question
from app.insight.cells.repository import REFERRAL_CODES, Condition, Counting, PeriodColumns, count_referrals
from app.insight.declines.definition import DESPITE
from app.insight.history.tables import KnownReferralRow
from app.kit.database.sessions import ReadSession


async def gather(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about declines."""
    return await count_referrals(session, question, _counting, _codes)


def _codes(_: PeriodColumns) -> dict[Dimension, SQLColumnExpression[str]]:
    """The codes of referrals; a decline stands under each criterion that it names."""
    return {**REFERRAL_CODES, "criterion": func.unnest(KnownReferralRow.decline_criteria)}


def _counting(period: PeriodColumns) -> Counting:
    row = KnownReferralRow
    sent, answered, decided = (period.has(day) for day in (row.sent_on, row.answered_on, row.decided_on))
    despite = and_(sent, func.cardinality(row.despite) > 0)
    counts: dict[str, Condition] = {
        "sent": sent,
        "answered": answered,
        "decided": decided,
        "accepted": and_(decided, row.answer == "accepted"),
        "declined": and_(decided, row.answer == "declined"),
        "despite": despite,
        "despiteAccepted": and_(despite, row.answer == "accepted"),
        "despiteDeclined": and_(despite, row.answer == "declined"),
    }
    counts |= {name: and_(sent, row.despite.contains([code])) for name, code in DESPITE.items()}
    among = and_(row.provider_id.is_not(None), or_(sent, answered, decided))
    return Counting(among, counts, {"answered": row.answered_on - row.sent_on})
