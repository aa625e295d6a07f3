"""The figures of referrals, for whoever asks."""

from datetime import datetime

from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, answer
from app.insight.referrals import repository
from app.insight.referrals.definition import REFERRALS
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller


async def get_referrals(session: ReadSession, caller: Caller, query: InsightQuery, now: datetime) -> Answered:
    """What a caller may see of referrals; see `answers.scopes` for what is refused."""
    return await answer(session, caller, REFERRALS, repository.gather, query, now)
