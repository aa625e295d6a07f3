"""The dashboard of a region over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.insight.answers.endpoints import TABLES, VARY, send_sheet
from app.insight.dashboard.schemas import Dashboard, DashboardQuery
from app.insight.dashboard.service import get_dashboard
from app.insight.dashboard.sheet import sheet_of
from app.kit.http.accept import preferred
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.http.language import InLanguage
from app.kit.http.respond import respond
from app.kit.http.rights import Overseer
from app.kit.http.routing import router as make_router
from app.kit.media_types import CSV, JSON, XLSX

router = make_router("Insight")


@router.get("/insight/dashboard", response_model=Dashboard, responses=TABLES)
async def get_insight_dashboard(
    request: Request,
    query: Annotated[DashboardQuery, Query()],
    caller: Overseer,
    replica: ReplicaReadingAcross,
    now: Now,
    language: InLanguage,
) -> Response:
    """A region on one page, as lights: help too late, waiting over the norm, first choices, figures out of date and
    referrals declined, of all together, by municipality and by provider, and the actions of its plan.

    The figures are those of the resources that each tile names, with the same rules for who sees what: an institution
    sees its own children, and small counts are hidden from others than the region.
    """
    dashboard = await replica(lambda session: get_dashboard(session, caller, query, now, language))
    if preferred(request, JSON, CSV, XLSX) == JSON:
        return respond(request, dashboard, headers=VARY)
    return send_sheet(request, sheet_of(dashboard, language), language)
