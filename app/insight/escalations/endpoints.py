"""The figures of escalations over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.insight.answers.endpoints import TABLES, send
from app.insight.answers.schemas import InsightQuery, answer_schema
from app.insight.escalations import service
from app.insight.escalations.definition import ESCALATIONS
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.http.language import InLanguage
from app.kit.http.rights import Overseer
from app.kit.http.routing import router as make_router

router = make_router("Insight")


@router.get("/insight/escalations", response_model=answer_schema(ESCALATIONS), responses=TABLES)
async def get_escalation_figures(
    request: Request,
    query: Annotated[InsightQuery, Query()],
    caller: Overseer,
    replica: ReplicaReadingAcross,
    now: Now,
    language: InLanguage,
) -> Response:
    """How often children are put before each step of the ladder, how long that takes, and what comes out.

    By step, region or care type of the first choice.
    """
    answered = await replica(lambda session: service.get_escalations(session, caller, query, now))
    return send(request, answered, language)
