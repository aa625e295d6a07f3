"""The figures of declines over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.insight.answers.endpoints import TABLES, send
from app.insight.answers.schemas import InsightQuery, answer_schema
from app.insight.declines import service
from app.insight.declines.definition import DECLINES
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.http.language import InLanguage
from app.kit.http.rights import OverseerOrProvider
from app.kit.http.routing import router as make_router

router = make_router("Insight")


@router.get("/insight/declines", response_model=answer_schema(DECLINES), responses=TABLES)
async def get_decline_figures(
    request: Request,
    query: Annotated[InsightQuery, Query()],
    caller: OverseerOrProvider,
    replica: ReplicaReadingAcross,
    now: Now,
    language: InLanguage,
) -> Response:
    """What providers accept and decline, why, and how soon they answer (the analysis of admission policy), and what is
    referred to them despite an obstacle.

    By provider, care type, region, decline reason or exclusion criterion. A provider sees its own.
    """
    answered = await replica(lambda session: service.get_declines(session, caller, query, now))
    return send(request, answered, language)
