"""Statements on escalations: those that began and ended in a period, and those that ran at its end."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import SQLColumnExpression, and_, or_

from app.insight.answers.definitions import Dimension
from app.insight.answers.questions import Cell, Question
from app.insight.cells.repository import Condition, Counting, PeriodColumns, count_rows
from app.insight.escalations.definition import OUTCOMES
from app.insight.history.tables import KnownEscalationRow
from app.kit.database.sessions import ReadSession

_CODES: Final[dict[Dimension, SQLColumnExpression[Any]]] = {
    "region": KnownEscalationRow.region_code,
    "care-type": KnownEscalationRow.care_type,
    "step": KnownEscalationRow.step,
}


async def gather(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about escalations."""
    return await count_rows(session, question, KnownEscalationRow, _counting, lambda _: _CODES)


def _counting(period: PeriodColumns) -> Counting:
    row = KnownEscalationRow
    opened, ended, raised = (period.has(day) for day in (row.opened_on, row.over_on, row.raised_on))
    is_open = and_(row.opened_on <= period.last, or_(row.over_on.is_(None), row.over_on > period.last))
    counts: dict[str, Condition] = {
        "opened": opened,
        "ended": ended,
        **{name: and_(ended, row.outcome == code) for name, (code, _, _) in OUTCOMES.items()},
        "lessons": and_(ended, row.is_lesson),
        "raised": raised,
        "open": is_open,
    }
    return Counting(or_(opened, ended, raised, is_open), counts, {"ended": row.over_on - row.opened_on})
