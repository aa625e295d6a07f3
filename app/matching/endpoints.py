"""Matching: the ranked list for a child."""

from typing import Annotated

from fastapi import Query, Response

from app.catalogue.following import Following
from app.kit.auth import Referrer
from app.kit.clock import Now
from app.kit.language import InLanguage
from app.kit.respond import to_json
from app.kit.routing import router as make_router
from app.matching import service
from app.matching.schemas import MatchAnswer, MatchQuery, MatchRequest

router = make_router("Matching")


@router.post("/matches", response_model=MatchAnswer)
async def match(
    body: MatchRequest,
    query: Annotated[MatchQuery, Query()],
    _: Referrer,
    follower: Following,
    now: Now,
    language: InLanguage,
) -> Response:
    """Ranks the offers that fit a child against the choices of its jeugdbeschermer; stores nothing.

    It advises; a person decides. Excluded offers are counted by reason, and alternatives say what would have to be
    arranged, and with whom.
    """
    content = service.match(follower.catalogue, body, now, language, explain_all=query.explain)
    headers = {"Cache-Control": "no-store", "Content-Language": language, **follower.headers}
    return Response(to_json(content), media_type="application/json", headers=headers)
