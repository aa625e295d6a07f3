"""The figures of waiting times over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.insight.answers.endpoints import TABLES, send
from app.insight.answers.schemas import InsightQuery, answer_schema
from app.insight.waiting_times import service
from app.insight.waiting_times.definition import WAITING_TIMES
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.http.language import InLanguage
from app.kit.http.rights import OverseerOrProvider
from app.kit.http.routing import router as make_router

router = make_router("Insight")


@router.get("/insight/waiting-times", response_model=answer_schema(WAITING_TIMES), responses=TABLES)
async def get_waiting_times(
    request: Request,
    query: Annotated[InsightQuery, Query()],
    caller: OverseerOrProvider,
    replica: ReplicaReadingAcross,
    now: Now,
    language: InLanguage,
) -> Response:
    """The wait that offers report, and the wait of children whose help began: never mixed, each with its median and
    ninetieth percentile and of how many; by care type, provider or region.

    A provider sees its own; an institution sees what all offers report, and the wait of its own children.
    """
    answered = await replica(lambda session: service.get_waiting_times(session, caller, query, now))
    return send(request, answered, language)
