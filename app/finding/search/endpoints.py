"""Free places."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.finding.catalogue.dependencies import Context
from app.finding.catalogue.schemas import AGE
from app.finding.search import service
from app.finding.search.schemas import AvailabilityPage, AvailabilityQuery
from app.kit.http.dependencies import database_of
from app.kit.http.pagination import answer_page
from app.kit.http.rights import AnyReader
from app.kit.http.routing import router as make_router
from app.kit.security.callers import REFERRING

router = make_router("Free places")


@router.get("/availability", response_model=AvailabilityPage, responses=AGE)
async def list_availability(
    request: Request, query: Annotated[AvailabilityQuery, Query()], caller: AnyReader, context: Context
) -> Response:
    """Where help is free, or when it will be. `municipality` and `region` say where the help is given,
    `contractedFor` whose contracts count: then only what is contracted for them is shown."""
    key = query.key(request.url.path, *service.KEY)
    found = await service.find(
        context.follower,
        query,
        await service.find_words(database_of(request), query),
        key,
        context.today,
        context.language,
        public=caller is None,
        counts=caller is not None and caller.role in REFERRING,
    )
    members = {} if found.facets is None else {"facets": found.facets}
    return answer_page(request, query, found.items, found.following, headers=context.follower.headers, members=members)
