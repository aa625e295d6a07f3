"""Statements on freshness: how old the figures of offers were at the end of a period."""

from collections.abc import Iterable

from app.insight.answers.questions import Cell, Question
from app.insight.freshness.definition import STANDING
from app.insight.supply_cells.repository import as_written, sum_standing
from app.kit.database.sessions import ReadSession


async def gather(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about freshness."""
    return await sum_standing(session, await as_written(session, question), STANDING)
