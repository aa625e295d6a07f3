"""The figures of arrangements over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.insight.answers.endpoints import TABLES, send
from app.insight.answers.schemas import InsightQuery, answer_schema
from app.insight.arrangements import service
from app.insight.arrangements.definition import ARRANGEMENTS
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.http.language import InLanguage
from app.kit.http.rights import Overseer
from app.kit.http.routing import router as make_router

router = make_router("Insight")


@router.get("/insight/arrangements", response_model=answer_schema(ARRANGEMENTS), responses=TABLES)
async def get_arrangement_figures(
    request: Request,
    query: Annotated[InsightQuery, Query()],
    caller: Overseer,
    replica: ReplicaReadingAcross,
    now: Now,
    language: InLanguage,
) -> Response:
    """What is asked to make an alternative possible (a light contract, an exception to a budget ceiling, a longer
    distance, a provider's consent), what comes of it, and how long that takes.

    By region, municipality, kind of arrangement or care type.
    """
    answered = await replica(lambda session: service.get_arrangements(session, caller, query, now))
    return send(request, answered, language)
