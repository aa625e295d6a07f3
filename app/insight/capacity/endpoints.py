"""The figures of places over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.insight.answers.endpoints import TABLES, send
from app.insight.answers.schemas import answer_schema
from app.insight.capacity import service
from app.insight.capacity.definition import CAPACITY
from app.insight.capacity.schemas import CapacityQuery
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.http.language import InLanguage
from app.kit.http.rights import OverseerOrProvider
from app.kit.http.routing import router as make_router

router = make_router("Insight")


@router.get("/insight/capacity", response_model=answer_schema(CAPACITY), responses=raises(NotFoundError) | TABLES)
async def get_capacity_over_time(
    request: Request,
    query: Annotated[CapacityQuery, Query()],
    caller: OverseerOrProvider,
    replica: ReplicaReadingAcross,
    now: Now,
    language: InLanguage,
) -> Response:
    """Places in total, free, occupied and reserved over time, by region, care type, provider or supraregion.

    Each as on the last day of the period, and on an average day of it. Places are no children, so that no small number
    is hidden. A provider sees its own; an institution sees all. Beside them stands the target line of the area, care
    type and provider that is asked, where there is one; `target` asks for what one of them counts.
    """
    answered = await replica(lambda session: service.get_capacity(session, caller, query, now))
    return send(request, answered, language)
