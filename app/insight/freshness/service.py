"""The figures of freshness, for whoever asks."""

from datetime import datetime

from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, answer
from app.insight.freshness import repository
from app.insight.freshness.definition import FRESHNESS
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller


async def get_freshness(session: ReadSession, caller: Caller, query: InsightQuery, now: datetime) -> Answered:
    """What a caller may see of freshness; see `answers.scopes` for what is refused."""
    return await answer(session, caller, FRESHNESS, repository.gather, query, now)
