"""Matching: the ranked list for a child."""

from typing import Annotated

from fastapi import Query, Response

from app.finding.catalogue.dependencies import Context
from app.finding.catalogue.schemas import AGE
from app.finding.matching import service
from app.finding.matching.schemas import MatchAnswer, MatchQuery, MatchRequest
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
) -> Response:
    """Ranks the offers that fit a child against the choices of its jeugdbeschermer; stores nothing.

    It advises; a person decides. Excluded offers are counted by reason, and alternatives say what would have to be
    arranged, and with whom.
    """
    service.check(context.follower.catalogue, body, context.now)
    content = service.match(context.follower.catalogue, body, context.now, context.language, explain_all=query.explain)
    headers = {"Cache-Control": "no-store", "Content-Language": context.language, **context.follower.headers}
    return Response(to_json(content), media_type="application/json", headers=headers)
