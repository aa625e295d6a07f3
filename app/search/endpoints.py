"""Free places."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response

from app.kit.auth import AnyReader
from app.kit.clock import Now
from app.kit.db import Reading
from app.kit.pagination import Page, answer_page
from app.kit.routing import router as make_router
from app.search import service
from app.search.schemas import AvailabilityItem, AvailabilityQuery

router = make_router("Free places")


@router.get("/availability", response_model=Page[AvailabilityItem])
async def list_availability(
    request: Request, query: Annotated[AvailabilityQuery, Query()], caller: AnyReader, session: Reading, now: Now
) -> Response:
    """Where help is free, or when it will be. `municipality` and `region` say where the help is given,
    `contractedFor` whose contracts count: then only what is contracted for them is shown."""
    found, following = await service.find(session, query, query.key(request, date, float, float, str), now.date())
    return answer_page(request, [service.item(each, public=caller is None) for each in found], following)
