"""The figures of the flow in residential care, for whoever asks."""

from datetime import datetime

from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, answer
from app.insight.residential_flow import repository
from app.insight.residential_flow.definition import RESIDENTIAL_FLOW
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller


async def get_residential_flow(session: ReadSession, caller: Caller, query: InsightQuery, now: datetime) -> Answered:
    """What a caller may see of the flow in residential care; see `answers.scopes` for what is refused."""
    return await answer(session, caller, RESIDENTIAL_FLOW, repository.gather, query, now)
