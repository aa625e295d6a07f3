"""Matching: the ranked list for a child."""

from typing import Annotated, Any

from fastapi import Query, Request, Response

from app.finding.catalogue.dependencies import CatalogueContext, Context, context_of
from app.finding.catalogue.schemas import AGE
from app.finding.matching import plain_requests, service
from app.finding.matching.answer_schemas import MatchAnswer
from app.finding.matching.schemas import MatchQuery, MatchRequest
from app.kit.http.dependencies import ReplicaReading
from app.kit.http.raw_routes import is_json, raw
from app.kit.http.rights import Matcher
from app.kit.http.routing import router as make_router
from app.kit.json_bytes import to_json

router = make_router("Matching")


@router.post("/matches", response_model=MatchAnswer, responses=AGE)
async def match(
    body: MatchRequest,
    query: Annotated[MatchQuery, Query()],
    _: Matcher,
    context: Context,
    replica: ReplicaReading,
) -> Response:
    """Ranks the offers that fit a child against the choices of its jeugdbeschermer; stores nothing.

    It advises; a person decides. Excluded offers are counted by reason, and alternatives say what would have to be
    arranged, and with whom. With `waitSource` `expected` our estimate of the wait takes the place of the one to intake
    that the provider states, where there is an estimate; each is shown.
    """
    catalogue = context.follower.catalogue
    service.check(catalogue, body, context.now)
    if body.wait_source == "stated":
        content = service.match(catalogue, body, context.now, context.language, explain_all=query.explain)
    else:
        content = await replica(
            lambda session: service.match_by_expected(
                session, catalogue, body, context.now, context.language, explain_all=query.explain
            )
        )
    return _answer(context, content)


@raw(match)
async def match_plain(request: Request, body: bytes) -> Response | None:
    """As `match`, of a body that is plainly good and without query keys."""
    if request.scope["query_string"] or not is_json(request):
        return None
    context = context_of(request)
    asked = plain_requests.read(body, context.today)
    if asked is None:
        return None
    catalogue = context.follower.catalogue
    content = service.match_request(
        catalogue, asked.request, asked.policy, context.now, context.language, limit=asked.limit, explain_all=False
    )
    return _answer(context, content)


def _answer(context: CatalogueContext, content: dict[str, Any]) -> Response:
    headers = {"Cache-Control": "no-store", "Content-Language": context.language, **context.follower.headers}
    return Response(to_json(content), media_type="application/json", headers=headers)
