"""The figures of freshness over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.insight.answers.endpoints import TABLES, send
from app.insight.answers.schemas import InsightQuery, answer_schema
from app.insight.freshness import service
from app.insight.freshness.definition import FRESHNESS
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.http.language import InLanguage
from app.kit.http.rights import OverseerOrProvider
from app.kit.http.routing import router as make_router

router = make_router("Insight")


@router.get("/insight/freshness", response_model=answer_schema(FRESHNESS), responses=TABLES)
async def get_freshness(
    request: Request,
    query: Annotated[InsightQuery, Query()],
    caller: OverseerOrProvider,
    replica: ReplicaReadingAcross,
    now: Now,
    language: InLanguage,
) -> Response:
    """How old the figures of offers are that providers report: fresh, ageing, stale, or missing; by provider, region or
    care type.

    By institution: which months it was to deliver or confirm its waiting children of, and whether it did (see
    `GET /deliveries`). A provider sees its own offers; an institution sees all offers, and its own months.
    """
    answered = await replica(lambda session: service.get_freshness(session, caller, query, now))
    return send(request, answered, language)
