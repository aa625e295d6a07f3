"""Matching: the ranked list for a child."""

from typing import Annotated

from fastapi import Query, Response

from app.finding.catalogue.dependencies import AskedWith
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
    asked: AskedWith,
) -> Response:
    """Ranks the offers that fit a child against the choices of its jeugdbeschermer; stores nothing.

    It advises; a person decides. Excluded offers are counted by reason, and alternatives say what would have to be
    arranged, and with whom.
    """
    service.check_choices(asked.follower.catalogue, body)
    content = service.match(asked.follower.catalogue, body, asked.now, asked.language, explain_all=query.explain)
    headers = {"Cache-Control": "no-store", "Content-Language": asked.language, **asked.follower.headers}
    return Response(to_json(content), media_type="application/json", headers=headers)
