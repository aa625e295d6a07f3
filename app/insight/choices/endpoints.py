"""The figures of choices over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.insight.answers.endpoints import TABLES, send
from app.insight.answers.schemas import InsightQuery, answer_schema
from app.insight.choices import service
from app.insight.choices.definition import CHOICES
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.http.language import InLanguage
from app.kit.http.rights import Overseer
from app.kit.http.routing import router as make_router

router = make_router("Insight")


@router.get("/insight/choices", response_model=answer_schema(CHOICES), responses=TABLES)
async def get_choices(
    request: Request,
    query: Annotated[InsightQuery, Query()],
    caller: Overseer,
    replica: ReplicaReadingAcross,
    now: Now,
    language: InLanguage,
) -> Response:
    """Which share of children got the first, second or third choice, an alternative, help outside the contracts, or
    nothing; how long it took, and whether it was judged fitting.
    """
    answered = await replica(lambda session: service.get_choices(session, caller, query, now))
    return send(request, answered, language)
