"""What was answered to the calls of a request, beside its ranking, which knows nothing of it."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from app.dossiers.calls import repository
from app.dossiers.calls.repository import FullAnswer
from app.dossiers.calls.schemas import RankedCallAnswer
from app.dossiers.calls.views import answer_fields, answered_of, call_out
from app.kit.database.sessions import WriteSession
from app.kit.security.callers import Caller
from app.ranking.derived_dates import Norm

MOST_CALLS: Final = 10
"""The last calls of a request; older ones are in the list of calls."""
MOST_ANSWERS: Final = 200
"""Enough to call about; all of them are in the list of a call's answers."""


async def answers_for_ranking(session: WriteSession, caller: Caller, request_id: UUID, norm: Norm) -> dict[str, Any]:
    """The calls of a request and the answers that stand, in the shape of `rankings.schemas.RequestMatchAnswer`.

    In three statements, or in one where it has none. What was withdrawn counts no more.
    """
    calls = await repository.list_of_request(session, caller, request_id, limit=MOST_CALLS)
    if not calls:
        return {"calls": [], "callAnswers": []}
    answered = await answered_of(session, caller, calls)
    answers = await repository.list_standing(session, [full.call.id for full in calls], limit=MOST_ANSWERS)
    return {
        "calls": [call_out(full, answered, caller, norm.today).model_dump(mode="json") for full in calls],
        "callAnswers": [_answer(full, norm).model_dump(mode="json") for full in answers],
    }


def _answer(full: FullAnswer, norm: Norm) -> RankedCallAnswer:
    return RankedCallAnswer.model_construct(**answer_fields(full), within_norm=_within(full.answer.start_on, norm))


def _within(start_on: date | None, norm: Norm) -> bool:
    """As the ranking says it of an offer: a start that has passed would now be today."""
    return start_on is not None and max(start_on, norm.today) <= norm.limit
