"""The figures of waiting times, for whoever asks."""

from datetime import datetime

from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, answer
from app.insight.waiting_times import repository
from app.insight.waiting_times.definition import WAITING_TIMES
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller


async def get_waiting_times(session: ReadSession, caller: Caller, query: InsightQuery, now: datetime) -> Answered:
    """What a caller may see of waiting times; see `answers.scopes` for what is refused."""
    return await answer(session, caller, WAITING_TIMES, repository.gather, query, now)
