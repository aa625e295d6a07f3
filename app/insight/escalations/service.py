"""The figures of escalations, for whoever asks."""

from datetime import datetime

from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, answer
from app.insight.escalations import repository
from app.insight.escalations.definition import ESCALATIONS
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller


async def get_escalations(session: ReadSession, caller: Caller, query: InsightQuery, now: datetime) -> Answered:
    """What a caller may see of escalations; see `answers.scopes` for what is refused."""
    return await answer(session, caller, ESCALATIONS, repository.gather, query, now)
