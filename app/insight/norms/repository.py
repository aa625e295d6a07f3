"""Statements on the norms: which terms ended in a period, and how the child stood when that ended."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_

from app.insight.answers.questions import Cell, Question
from app.insight.cells.repository import Condition, Counting, PeriodColumns, count_needs, waits_on
from app.insight.history.tables import NeedRow
from app.kit.database.sessions import ReadSession

_NOT_FITTING: Final = ("partly", "no")
_CLOCKS: Final = {"worker": "protection-worker", "course": "course", "help": "help"}


async def gather(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about the norms."""
    return await count_needs(session, question, _counting)


def _counting(period: PeriodColumns) -> Counting:
    """A term counts in the period that its last day is in; whoever was closed by then, without it, has no term."""
    counts: dict[str, Condition] = {}
    for name, clock in _CLOCKS.items():
        due, done = _days(name)
        ended = and_(period.has(due), or_(NeedRow.closed_on.is_(None), NeedRow.closed_on > due, done <= due))
        in_time, late = done <= due, or_(done.is_(None), done > due)
        counts |= {
            f"{name}Due": ended,
            f"{name}InTime": and_(ended, in_time),
            f"{name}Late": and_(ended, late),
            f"{name}Explained": and_(ended, late, NeedRow.explained.contains([clock])),
        }
    counts["waitingOverNorm"] = and_(waits_on(period.last), NeedRow.help_due < period.last)
    counts["notFitting"] = and_(
        NeedRow.help_on <= period.last,
        or_(NeedRow.help_ended_on.is_(None), NeedRow.help_ended_on > period.last),
        or_(NeedRow.closed_on.is_(None), NeedRow.closed_on > period.last),
        or_(NeedRow.judged_professional.in_(_NOT_FITTING), NeedRow.judged_family.in_(_NOT_FITTING)),
    )
    return Counting(and_(NeedRow.help_due.is_not(None), NeedRow.since <= period.last, _matters(period)), counts)


def _matters(period: PeriodColumns) -> Condition:
    """Whether a child can count in a period: not where all was over before it, save where help may not fit."""
    is_open = or_(NeedRow.help_on.is_(None), NeedRow.help_on >= period.first, NeedRow.help_due >= period.first)
    is_judged = or_(NeedRow.judged_professional.is_not(None), NeedRow.judged_family.is_not(None))
    return and_(
        or_(NeedRow.closed_on.is_(None), NeedRow.closed_on >= period.first, NeedRow.help_due >= period.first),
        or_(is_open, is_judged),
    )


def _days(name: str) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return getattr(NeedRow, f"{name}_due"), getattr(NeedRow, f"{name}_on")
