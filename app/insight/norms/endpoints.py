"""The figures of norms over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.insight.answers.endpoints import TABLES, send
from app.insight.answers.schemas import InsightQuery, answer_schema
from app.insight.norms import service
from app.insight.norms.definition import NORMS
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.http.language import InLanguage
from app.kit.http.rights import Overseer
from app.kit.http.routing import router as make_router

router = make_router("Insight")


@router.get("/insight/norms", response_model=answer_schema(NORMS), responses=TABLES)
async def get_norms(
    request: Request,
    query: Annotated[InsightQuery, Query()],
    caller: Overseer,
    replica: ReplicaReadingAcross,
    now: Now,
    language: InLanguage,
) -> Response:
    """Whether children get a protection worker, a course and fitting help in time (the norms of the inspectorates).

    By region, municipality, institution, kind of measure or care type of the first choice; by month under supervision,
    by quarter after.
    """
    answered = await replica(lambda session: service.get_norms(session, caller, query, now))
    return send(request, answered, language)
