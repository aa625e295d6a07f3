"""Statements on places: how many there were at the end of a period, and on an average day of it."""

from collections.abc import Iterable

from app.insight.answers.questions import Cell, Question
from app.insight.capacity.definition import AVERAGES, STANDING
from app.insight.supply_cells.repository import as_written, average_days, sum_standing
from app.kit.database.sessions import ReadSession


async def gather(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about places."""
    asked = await as_written(session, question)
    return [*await sum_standing(session, asked, STANDING), *await average_days(session, asked, AVERAGES)]
