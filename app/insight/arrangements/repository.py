"""Statements on arrangements, from the dossiers themselves: what was asked and decided stays as it is.

What was known of a period is what had been asked and decided when it ended, so that is the same then and now.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Date, SQLColumnExpression, and_, cast, func, or_

from app.domain.dates import AMSTERDAM
from app.dossiers.arrangements.tables import ArrangementRow
from app.insight.answers.definitions import Dimension
from app.insight.answers.questions import Cell, Question
from app.insight.cells.repository import Condition, Counting, PeriodColumns, count_rows
from app.kit.database.sessions import ReadSession

_CODES: Final[dict[Dimension, SQLColumnExpression[Any]]] = {
    "region": ArrangementRow.region_code,
    "municipality": ArrangementRow.municipality_code,
    "kind": ArrangementRow.kind,
    "care-type": ArrangementRow.care_type,
}


async def gather(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about arrangements."""
    return await count_rows(
        session,
        question,
        ArrangementRow,
        _counting,
        lambda _: _CODES,
        lambda period: _day(ArrangementRow.asked_at) <= period.last,
    )


def _day(moment: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    """The Dutch day of a moment."""
    return cast(func.timezone(AMSTERDAM.key, moment), Date)


def _counting(period: PeriodColumns) -> Counting:
    row = ArrangementRow
    asked_on, decided_on = _day(row.asked_at), _day(row.decided_at)
    decided = period.has(decided_on)
    answered = and_(decided, row.status.in_(["granted", "refused"]))
    is_open = and_(asked_on <= period.last, or_(decided_on.is_(None), decided_on > period.last))
    counts: dict[str, Condition] = {
        "asked": period.has(asked_on),
        "answered": answered,
        **{status: and_(decided, row.status == status) for status in ("granted", "refused", "withdrawn", "ended")},
        "answeredLate": and_(answered, decided_on > row.due_on),
        "open": is_open,
        "openOverdue": and_(is_open, row.due_on < period.last),
    }
    return Counting(or_(counts["asked"], decided, is_open), counts, {"answered": row.days_taken})
