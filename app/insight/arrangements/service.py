"""The figures of arrangements, for whoever asks."""

from datetime import datetime

from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, answer
from app.insight.arrangements import repository
from app.insight.arrangements.definition import ARRANGEMENTS
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller


async def get_arrangements(session: ReadSession, caller: Caller, query: InsightQuery, now: datetime) -> Answered:
    """What a caller may see of arrangements; see `answers.scopes` for what is refused."""
    return await answer(session, caller, ARRANGEMENTS, repository.gather, query, now)
