"""The monthly statement: who waits for fitting help on a day, and which institutions have not delivered."""

from datetime import date, datetime
from typing import Annotated, Final

from fastapi import Query, Request, Response

from app.domain.dates import dutch_day
from app.dossiers.deliveries.month_schemas import DeliveryQuery
from app.dossiers.deliveries.months import institution_out, list_institutions
from app.insight.answers.service import Answered
from app.insight.waiting_children.service import get_statement
from app.kit.database.sessions import ReadSession
from app.kit.errors import InvalidInputError
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.security.callers import Caller, Role
from app.web.overview.areas import choices_of, name_of_area, region_asked
from app.web.overview.dependencies import Overseer
from app.web.overview.sections import sections_of
from app.web.overview.statement.question import StatementForm, question
from app.web.overview.statement.views import Institution, institutions_of, month_ends, statement_of
from app.web.shell.forms import Errors, errors_of
from app.web.shell.rendering import render
from app.web.shell.routing import router as make_router

router = make_router()

_MOST: Final = 200


@router.get("/overzicht/wachtlijst")
async def show_statement(
    request: Request, form: Annotated[StatementForm, Query()], caller: Overseer, replica: ReplicaReadingAcross, now: Now
) -> Response:
    """The statement of a day: today, or one that has passed."""
    region, today = region_asked(form, caller), dutch_day(now)
    answered, errors = await _answer(form, caller, region, replica, now)
    day = date.fromisoformat(answered.totals[0].period.name) if answered else today
    institutions = await replica(lambda session: _institutions(session, caller, day, today))
    return render(
        request,
        "overview/statement/page.html",
        part="overview/statement/_statement.html",
        sections=sections_of(caller),
        form=form,
        errors=errors,
        area=name_of_area(caller, region),
        choices=choices_of(caller, region),
        day=day,
        by_region=region is None,
        statement=statement_of(answered) if answered else None,
        institutions=institutions,
        csv=form.address("/overzicht/wachtlijst.csv"),
        month_ends=[
            (each, form.address("/overzicht/wachtlijst", peildatum=each.isoformat())) for each in month_ends(today)
        ],
    )


async def _answer(
    form: StatementForm, caller: Caller, region: str | None, replica: ReplicaReadingAcross, now: datetime
) -> tuple[Answered | None, Errors]:
    try:
        query = question(form, region)
        answered, _ = await replica(lambda session: get_statement(session, caller, query, now))
    except InvalidInputError as error:
        return None, errors_of(error)
    return answered, {}


async def _institutions(session: ReadSession, caller: Caller, day: date, today: date) -> list[Institution] | None:
    """Who delivered for the month of a day; None for whoever does not see that in the API."""
    if caller.role is Role.NATIONAL:
        return None
    query = DeliveryQuery.model_validate({"month": f"{day:%Y-%m}", "limit": _MOST})
    rows = await list_institutions(session, caller, query, None, today)
    return institutions_of([institution_out(each) for each in rows])
