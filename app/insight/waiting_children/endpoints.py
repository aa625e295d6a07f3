"""The statement of waiting children over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.insight.answers.endpoints import TABLES, VARY, send, send_sheet
from app.insight.answers.views import sheet_about, shown
from app.insight.waiting_children.definition import WAITING_CHILDREN
from app.insight.waiting_children.schemas import WaitingChildrenAnswer, WaitingQuery
from app.insight.waiting_children.service import get_statement, sheet_of
from app.kit.http.accept import preferred
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.http.language import InLanguage
from app.kit.http.respond import respond
from app.kit.http.rights import Overseer
from app.kit.http.routing import router as make_router
from app.kit.media_types import CSV, JSON, XLSX

router = make_router("Insight")


@router.get("/insight/waiting-children", response_model=WaitingChildrenAnswer, responses=TABLES)
async def get_waiting_children(
    request: Request,
    query: Annotated[WaitingQuery, Query()],
    caller: Overseer,
    replica: ReplicaReadingAcross,
    now: Now,
    language: InLanguage,
) -> Response:
    """Who waits for fitting help on a day (the uniform monthly statement): counts, and of its own children an
    institution gets a line each.

    Any day, also one that has passed: as it was known then, or as it is known now. Institutions get the table
    (`text/csv`, xlsx) with a row for each child.
    """
    answered, children = await replica(lambda session: get_statement(session, caller, query, now))
    if preferred(request, JSON, CSV, XLSX) == JSON:
        content = {**shown(answered, language), "children": children}
        return respond(request, WaitingChildrenAnswer.model_validate(content, by_name=True), headers=VARY)
    if children is None:
        return send(request, answered, language)
    return send_sheet(request, sheet_about(WAITING_CHILDREN, *sheet_of(children, language), language), language)
