"""The figures of places, for whoever asks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, answer
from app.insight.capacity import repository
from app.insight.capacity.definition import CAPACITY, TARGET
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller


async def get_capacity(
    session: ReadSession,
    caller: Caller,
    query: InsightQuery,
    now: datetime,
    targets: Mapping[str, float] | None = None,
) -> Answered:
    """What a caller may see of places; see `answers.scopes` for what is refused.

    `targets` says by the name of a period how many places are aimed at; they stand beside the totals.
    """
    answered = await answer(session, caller, CAPACITY, repository.gather, query, now)
    return answered if targets is None else _beside(answered, targets)


def _beside(answered: Answered, targets: Mapping[str, float]) -> Answered:
    totals = [replace(row, figures=row.figures | {TARGET: targets.get(row.period.name)}) for row in answered.totals]
    return replace(answered, totals=totals)
