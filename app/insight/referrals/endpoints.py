"""The figures of referrals over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.insight.answers.endpoints import TABLES, send
from app.insight.answers.schemas import InsightQuery, answer_schema
from app.insight.referrals import service
from app.insight.referrals.definition import REFERRALS
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.http.language import InLanguage
from app.kit.http.rights import OverseerOrProvider
from app.kit.http.routing import router as make_router

router = make_router("Insight")


@router.get("/insight/referrals", response_model=answer_schema(REFERRALS), responses=TABLES)
async def get_referral_figures(
    request: Request,
    query: Annotated[InsightQuery, Query()],
    caller: OverseerOrProvider,
    replica: ReplicaReadingAcross,
    now: Now,
    language: InLanguage,
) -> Response:
    """Who refers children where, what comes of it, and which way they go between regions.

    By region, provider, municipality, institution, referrer or care type; by `to-region` where the region's own
    children are referred to, and by `from-region` whence children are referred to offers in the region. A provider sees
    its own.
    """
    answered = await replica(lambda session: service.get_referrals(session, caller, query, now))
    return send(request, answered, language)
