"""What the pages show as CSV, under the session of the page: written by what writes the API's."""

from typing import Annotated

from fastapi import Query, Response

from app.domain.dates import dutch_day
from app.insight.answers.service import Answered
from app.insight.answers.sheets import Sheet, write_csv
from app.insight.answers.views import sheet_about, sheet_of
from app.insight.dashboard.schemas import DashboardQuery
from app.insight.dashboard.service import get_dashboard
from app.insight.dashboard.sheet import sheet_of as dashboard_sheet
from app.insight.plans import report_sheet
from app.insight.plans.reports import get_report
from app.insight.waiting_children.service import get_statement
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.media_types import CSV
from app.web.overview.areas import AreaForm, region_asked
from app.web.overview.dependencies import Overseer
from app.web.overview.figures.endpoints import figure_of
from app.web.overview.figures.figures import FigureForm, question
from app.web.overview.plan.question import PlanForm, month_asked
from app.web.overview.plan.question import question as plan_question
from app.web.overview.statement.question import StatementForm
from app.web.overview.statement.question import question as statement_question
from app.web.shell.forms import check_form
from app.web.shell.routing import router as make_router

router = make_router()


@router.get("/overzicht/dashboard.csv")
async def download_dashboard(
    form: Annotated[AreaForm, Query()], caller: Overseer, replica: ReplicaReadingAcross, now: Now
) -> Response:
    """The tiles, of the region and of each municipality and provider."""
    query = check_form(DashboardQuery, {"region": region_asked(form, caller)})
    dashboard = await replica(lambda session: get_dashboard(session, caller, query, now, "nl"))
    return _csv(dashboard_sheet(dashboard, "nl"))


@router.get("/overzicht/wachtlijst.csv")
async def download_statement(
    form: Annotated[StatementForm, Query()], caller: Overseer, replica: ReplicaReadingAcross, now: Now
) -> Response:
    """The statement of a day."""
    query = statement_question(form, region_asked(form, caller))
    answered, _ = await replica(lambda session: get_statement(session, caller, query, now))
    return _csv_of(answered)


@router.get("/overzicht/maandbericht.csv")
async def download_report(
    form: Annotated[PlanForm, Query()], caller: Overseer, replica: ReplicaReadingAcross, now: Now
) -> Response:
    """The report of the plan in a month."""
    month, query = month_asked(form, dutch_day(now)), plan_question(form, caller)
    report = await replica(lambda session: get_report(session, caller, month, query, now, "nl"))
    heading, rows = report_sheet.sheet_of(report, "nl")
    title, notes = report_sheet.TITLE.nl, report_sheet.notes_of(report, "nl")
    return _csv(Sheet(f"action-report-{month}", title, heading, rows, notes))


@router.get("/overzicht/{slug}.csv")
async def download_figure(
    slug: str, form: Annotated[FigureForm, Query()], caller: Overseer, replica: ReplicaReadingAcross, now: Now
) -> Response:
    """A figure over time, and by municipality or provider: what its page draws, and the rest of its resource."""
    figure = figure_of(slug)
    query = question(figure, form, region_asked(form, caller), dutch_day(now))
    return _csv_of(await replica(lambda session: figure.ask(session, caller, query, now)))


def _csv_of(answered: Answered) -> Response:
    return _csv(sheet_about(answered.resource, *sheet_of(answered, "nl"), "nl"))


def _csv(sheet: Sheet) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{sheet.name}.csv"',
        "Content-Language": "nl",
        "Cache-Control": "no-store",
    }
    return Response(write_csv(sheet, "nl"), media_type=f"{CSV}; charset=utf-8", headers=headers)
