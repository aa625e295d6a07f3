"""The figures of demand and supply over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.insight.answers.endpoints import TABLES, send
from app.insight.answers.schemas import InsightQuery, answer_schema
from app.insight.supply import service
from app.insight.supply.definition import SUPPLY
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.http.language import InLanguage
from app.kit.http.rights import OverseerOrProvider
from app.kit.http.routing import router as make_router

router = make_router("Insight")


@router.get("/insight/supply", response_model=answer_schema(SUPPLY), responses=TABLES)
async def get_supply(
    request: Request,
    query: Annotated[InsightQuery, Query()],
    caller: OverseerOrProvider,
    replica: ReplicaReadingAcross,
    now: Now,
    language: InLanguage,
) -> Response:
    """Whether there is enough help for the children that wait, by care type, region or supraregion: who waits, what is
    free, the shortage, what is free in the regions around, and what began and ended.

    In each period the largest shortage comes first: the list that purchasing asks for. An institution sees its own
    children beside all supply; a provider its own places and children, and no demand.
    """
    answered = await replica(lambda session: service.get_supply(session, caller, query, now))
    return send(request, answered, language)
