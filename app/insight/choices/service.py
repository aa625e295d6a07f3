"""The figures of choices, for whoever asks."""

from datetime import datetime

from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, answer
from app.insight.choices import repository
from app.insight.choices.definition import CHOICES
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller


async def get_choices(session: ReadSession, caller: Caller, query: InsightQuery, now: datetime) -> Answered:
    """What a caller may see of choices; see `answers.scopes` for what is refused."""
    return await answer(session, caller, CHOICES, repository.gather, query, now)
