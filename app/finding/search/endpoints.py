"""Free places."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.domain.dates import dutch_day
from app.finding.catalogue.follower import AskedWith
from app.finding.catalogue.schemas import AGE
from app.finding.search import service
from app.finding.search.schemas import AvailabilityItem, AvailabilityQuery
from app.kit.http.pagination import Page, answer_page
from app.kit.http.routing import router as make_router
from app.kit.security.auth import AnyReader

router = make_router("Free places")


@router.get("/availability", response_model=Page[AvailabilityItem], responses=AGE)
async def list_availability(
    request: Request, query: Annotated[AvailabilityQuery, Query()], caller: AnyReader, asked: AskedWith
) -> Response:
    """Where help is free, or when it will be. `municipality` and `region` say where the help is given,
    `contractedFor` whose contracts count: then only what is contracted for them is shown."""
    key = query.key(request, *service.KEY)
    items, following = await service.find(
        asked.follower, query, key, dutch_day(asked.now), public=caller is None, language=asked.language
    )
    return answer_page(request, items, following, headers=asked.follower.headers)
