"""Statements on waiting times: those that offers report when a period ends, and those of help that began in it."""

from collections.abc import Iterable

from sqlalchemy import and_

from app.insight.answers.questions import Cell, Question
from app.insight.cells.repository import Counting, PeriodColumns, count_referrals, is_help
from app.insight.history.tables import KnownReferralRow
from app.insight.supply_cells.repository import as_written, list_waits
from app.insight.waiting_times.definition import REALISED, REPORTED
from app.kit.database.sessions import ReadSession


async def gather(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about waiting times."""
    reported = await list_waits(session, await as_written(session, question), REPORTED)
    return [*reported, *await count_referrals(session, question, _counting)]


def _counting(period: PeriodColumns) -> Counting:
    row = KnownReferralRow
    began = and_(is_help(), period.has(row.started_on))
    return Counting(began, {REALISED: began}, {REALISED: row.started_on - row.sent_on})
