"""The figures of the norms, for whoever asks."""

from datetime import datetime

from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, answer
from app.insight.norms import repository
from app.insight.norms.definition import NORMS
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller


async def get_norms(session: ReadSession, caller: Caller, query: InsightQuery, now: datetime) -> Answered:
    """What a caller may see of the norms; see `answers.scopes` for what is refused."""
    return await answer(session, caller, NORMS, repository.gather, query, now)
