"""The figures of declines, for whoever asks."""

from datetime import datetime

from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, answer
from app.insight.declines import repository
from app.insight.declines.definition import DECLINES
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller


async def get_declines(session: ReadSession, caller: Caller, query: InsightQuery, now: datetime) -> Answered:
    """What a caller may see of declines; see `answers.scopes` for what is refused."""
    return await answer(session, caller, DECLINES, repository.gather, query, now)
