"""Free places."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.catalogue.following import Following
from app.kit.auth import AnyReader
from app.kit.clock import Now
from app.kit.pagination import Page, answer_page
from app.kit.routing import router as make_router
from app.search import service
from app.search.schemas import AvailabilityItem, AvailabilityQuery

router = make_router("Free places")


@router.get("/availability", response_model=Page[AvailabilityItem])
async def list_availability(
    request: Request, query: Annotated[AvailabilityQuery, Query()], caller: AnyReader, follower: Following, now: Now
) -> Response:
    """Where help is free, or when it will be. `municipality` and `region` say where the help is given,
    `contractedFor` whose contracts count: then only what is contracted for them is shown."""
    key = query.key(request, *service.KEY)
    items, following = await service.find(follower, query, key, now.date(), public=caller is None)
    return answer_page(request, items, following, headers=follower.headers)
