"""The breakthrough list."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import Query, Request, Response

from app.dossiers.breakthrough import service
from app.dossiers.breakthrough.schemas import BreakthroughQuery
from app.finding.catalogue.dependencies import Context
from app.kit.http.dependencies import Reading
from app.web.overview.breakthrough.views import child_of
from app.web.overview.dependencies import ExpertTeam
from app.web.overview.sections import BREAKTHROUGH, sections_of
from app.web.shell.forms import check_form
from app.web.shell.paging import split
from app.web.shell.rendering import render
from app.web.shell.routing import router as make_router

router = make_router()

PATH: Final = BREAKTHROUGH.path
_ON_PAGE: Final = 20


@router.get(PATH)
async def show_breakthroughs(
    request: Request,
    caller: ExpertTeam,
    session: Reading,
    context: Context,
    na: Annotated[str, Query(max_length=1000)] = "",
) -> Response:
    """The children of the region over a norm without help, the longest first."""
    query = check_form(BreakthroughQuery, {"limit": _ON_PAGE, "cursor": na or None})
    rows = await service.list_over(
        session,
        caller,
        today=context.today,
        region=None,
        limit=query.window,
        key=query.key(PATH, date, UUID),
    )
    shown, following = split(query, PATH, rows, lambda row: [row.norm_red_from, row.id])
    found = await service.show(session, context.follower.catalogue, caller, shown, context.now, "nl")
    items: list[Any] = [orjson.loads(orjson.dumps(found[row.id])) for row in shown]
    return render(
        request,
        "overview/breakthrough/page.html",
        sections=sections_of(caller),
        children=[child_of(each) for each in items],
        following=f"{PATH}?na={following}" if following else None,
    )
