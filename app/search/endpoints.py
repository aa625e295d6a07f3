"""Free places."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.catalogue.following import AskedWith
from app.catalogue.schemas import AGE
from app.kit.auth import AnyReader
from app.kit.pagination import Page, answer_page
from app.kit.routing import router as make_router
from app.search import service
from app.search.schemas import AvailabilityItem, AvailabilityQuery

router = make_router("Free places")


@router.get("/availability", response_model=Page[AvailabilityItem], responses=AGE)
async def list_availability(
    request: Request, query: Annotated[AvailabilityQuery, Query()], caller: AnyReader, asked: AskedWith
) -> Response:
    """Where help is free, or when it will be. `municipality` and `region` say where the help is given,
    `contractedFor` whose contracts count: then only what is contracted for them is shown."""
    key = query.key(request, *service.KEY)
    items, following = await service.find(asked.follower, query, key, asked.now.date(), public=caller is None)
    return answer_page(request, items, following, headers=asked.follower.headers)
