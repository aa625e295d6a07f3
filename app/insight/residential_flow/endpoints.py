"""The figures of the flow in residential care over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.insight.answers.endpoints import TABLES, send
from app.insight.answers.schemas import InsightQuery, answer_schema
from app.insight.residential_flow import service
from app.insight.residential_flow.definition import RESIDENTIAL_FLOW
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.http.language import InLanguage
from app.kit.http.rights import OverseerOrProvider
from app.kit.http.routing import router as make_router

router = make_router("Insight")


@router.get("/insight/residential-flow", response_model=answer_schema(RESIDENTIAL_FLOW), responses=TABLES)
async def get_residential_flow(
    request: Request,
    query: Annotated[InsightQuery, Query()],
    caller: OverseerOrProvider,
    replica: ReplicaReadingAcross,
    now: Now,
    language: InLanguage,
) -> Response:
    """How children flow in, through and out of residential care (zorglogistiek): how long they stay, whose way out is
    blocked and by what, who is in secure care, and who stays outside its province.

    By region, care type or provider. A provider sees its own.
    """
    answered = await replica(lambda session: service.get_residential_flow(session, caller, query, now))
    return send(request, answered, language)
