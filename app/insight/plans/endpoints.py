"""The actions of plans, what they were, and the report of a month."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.domain.dates import YearMonth
from app.finding.matching.schemas import Month
from app.insight.answers.endpoints import TABLES, VARY, send_sheet
from app.insight.answers.sheets import Sheet
from app.insight.keeping.errors import WithdrawnError
from app.insight.keeping.schemas import HistoryEntryOut
from app.insight.keeping.service import entry_out
from app.insight.plans import report_sheet, reports, service
from app.insight.plans.report_schemas import ActionReportOut, ActionReportQuery
from app.insight.plans.schemas import ActionIn, ActionOut, ActionPatch, ActionQuery
from app.kit.errors import NotFoundError
from app.kit.http.accept import preferred
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, ReplicaReadingAcross, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.language import InLanguage
from app.kit.http.pagination import listed
from app.kit.http.respond import IfMatch, respond
from app.kit.http.rights import Overseer, Planner
from app.kit.http.routing import router as make_router
from app.kit.media_types import CSV, JSON, XLSX
from app.kit.pages import Page, PageQuery
from app.supply.contracts.schemas import WithdrawalQuery

router = make_router("Plans")

ActionId = Annotated[
    UUID, Path(alias="actionId", description="The action.", examples=["7c2e9a14-6b3d-4f58-8e01-9d5a7b3c2f10"])
]
ReportMonth = Annotated[Month, Path(alias="month", description="The month.", examples=["2026-10"])]


@router.post("/insight/actions", response_model=ActionOut, status_code=201, responses=LOCATION)
async def add_action(
    request: Request, body: ActionIn, caller: Planner, session: Writing, now: Now, once: Idempotent
) -> Response:
    """Adds an action to the plan of the caller's own region or supraregion."""

    async def create() -> Response:
        row = await service.add_action(session, caller, body, now)
        location = {"Location": f"/v1/insight/actions/{row.id}"}
        return respond(request, service.action_out(row), status=201, version=row.version, headers=location)

    return await once(caller, create)


@router.get("/insight/actions", response_model=Page[ActionOut])
async def list_actions(
    request: Request, query: Annotated[ActionQuery, Query()], caller: Overseer, session: Reading
) -> Response:
    """Actions that the caller may read, by their due day; those that were withdrawn only where that is asked.

    A region reads its own and those of the supraregions that it is in; a supraregion its own and its regions'; an
    institution or local team those of the regions that it works for, and of the supraregions that these are in.
    """
    rows = await service.list_actions(session, caller, query, query.key(request.url.path, date, UUID))
    return listed(request, query, rows, key=lambda row: [row.due_on, row.id], show=service.action_out)


@router.get("/insight/actions/{actionId}", response_model=ActionOut, responses=raises(NotFoundError))
async def get_action(request: Request, action_id: ActionId, caller: Overseer, session: Reading) -> Response:
    """One action, also after it was withdrawn."""
    row = await service.get_action(session, caller, action_id)
    return respond(request, service.action_out(row), version=row.version)


@router.patch("/insight/actions/{actionId}", response_model=ActionOut, responses=raises(NotFoundError, WithdrawnError))
async def change_action(
    request: Request,
    action_id: ActionId,
    body: ActionPatch,
    caller: Planner,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Changes what the body names, such as the light and the word on it; the history keeps what it was."""
    row = await service.change_action(session, caller, action_id, body, if_match, now)
    return respond(request, service.action_out(row), version=row.version)


@router.delete("/insight/actions/{actionId}", status_code=204, responses=raises(NotFoundError))
async def withdraw_action(
    action_id: ActionId,
    query: Annotated[WithdrawalQuery, Query()],
    caller: Planner,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Withdraws an action, such as one that was entered twice; one that is given up has the status stopped instead.

    It is kept with its history, and stands in no report of a later month. Withdrawing it again changes nothing.
    """
    await service.withdraw_action(session, caller, action_id, query.why, if_match, now)
    return Response(status_code=204)


@router.get(
    "/insight/actions/{actionId}/history", response_model=Page[HistoryEntryOut], responses=raises(NotFoundError)
)
async def list_action_history(
    request: Request, action_id: ActionId, query: Annotated[PageQuery, Query()], caller: Overseer, session: Reading
) -> Response:
    """Who changed what of an action when, from the first on."""
    rows = await service.list_history(session, caller, action_id, query, query.key(request.url.path, int))
    return listed(request, query, rows, key=lambda row: [row[0].version], show=entry_out)


@router.get("/insight/action-reports/{month}", response_model=ActionReportOut, responses=raises(NotFoundError) | TABLES)
async def get_action_report(
    request: Request,
    month: ReportMonth,
    query: Annotated[ActionReportQuery, Query()],
    caller: Overseer,
    replica: ReplicaReadingAcross,
    now: Now,
    language: InLanguage,
) -> Response:
    """The actions of one plan as they stood on the last day of a month, what changed in that month, and beside each
    the figures that it should move.

    The month that is not over is as of now, and provisional; one that has yet to begin is a 404.
    """
    of = YearMonth.parse(month)
    report = await replica(lambda session: reports.get_report(session, caller, of, query, now, language))
    if preferred(request, JSON, CSV, XLSX) == JSON:
        return respond(request, report, headers=VARY)
    name, title = f"action-report-{month}", report_sheet.TITLE.in_(language)
    notes = report_sheet.notes_of(report, language)
    return send_sheet(request, Sheet(name, title, *report_sheet.sheet_of(report, language), notes), language)
