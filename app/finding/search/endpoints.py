"""Free places."""

from typing import Annotated, Final

from fastapi import Query, Request, Response
from pydantic import ValidationError

from app.finding.catalogue.dependencies import CatalogueContext, Context, context_of
from app.finding.catalogue.schemas import AGE
from app.finding.search import service
from app.finding.search.schemas import AvailabilityPage, AvailabilityQuery
from app.kit.http.dependencies import database_of
from app.kit.http.pagination import answer_page
from app.kit.http.raw_routes import plain_keys, raw
from app.kit.http.rights import AnyReader, caller_of
from app.kit.http.routing import lists
from app.kit.http.routing import router as make_router
from app.kit.security.callers import REFERRING, Caller

router = make_router("Free places")


@router.get("/availability", response_model=AvailabilityPage, responses=AGE)
async def list_availability(
    request: Request, query: Annotated[AvailabilityQuery, Query()], caller: AnyReader, context: Context
) -> Response:
    """Where help is free, or when it will be. `municipality` and `region` say where the help is given,
    `contractedFor` whose contracts count: then only what is contracted for them is shown."""
    return await _answer(request, query, caller, context)


_LISTS: Final = lists(AvailabilityQuery)


@raw(list_availability)
async def list_plain(request: Request, _: bytes) -> Response | None:
    """As `list_availability`, of query keys that are plainly good."""
    keys = plain_keys(request.scope["query_string"], _LISTS)
    try:
        query = None if keys is None else AvailabilityQuery.model_validate(keys)
    except ValidationError:
        return None
    return None if query is None else await _answer(request, query, caller_of(request), context_of(request))


async def _answer(
    request: Request, query: AvailabilityQuery, caller: Caller | None, context: CatalogueContext
) -> Response:
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
