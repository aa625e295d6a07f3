"""Arrangements that were put to a region: the list, with a form at each to decide."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Form, Query, Request, Response
from pydantic import ConfigDict, Field

from app.domain.dates import dutch_day
from app.dossiers.arrangements import service, views
from app.dossiers.arrangements.schemas import ArrangementDecisionIn, ArrangementQuery
from app.kit.database.sessions import ReadSession
from app.kit.http.dependencies import Now, Reading
from app.kit.schemas import Schema
from app.kit.security.callers import Caller
from app.web.overview.arrangements.views import STATUS_OPTIONS, arrangement_of
from app.web.overview.dependencies import Attempting
from app.web.overview.sections import ARRANGEMENTS, sections_of
from app.web.shell.forms import Errors, check_form
from app.web.shell.paging import split
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router
from app.web.sign_in.dependencies import Region

router = make_router()

PATH: Final = ARRANGEMENTS.path
_ON_PAGE: Final = 20


class ListForm(Schema):
    """The filters of the list, by their names in the address."""

    model_config = ConfigDict(extra="ignore")

    stand: str = Field(default="asked", max_length=20)
    na: str = Field(default="", max_length=1000)


class DecisionForm(Schema):
    """The fields of the form at an arrangement; `besluit` is the button that was pressed."""

    model_config = ConfigDict(extra="ignore")

    besluit: str = Field(default="", max_length=20)
    toelichting: str = Field(default="", max_length=3000)
    tot: str = Field(default="", max_length=20)


@router.get(PATH)
async def show_arrangements(
    request: Request, form: Annotated[ListForm, Query()], caller: Region, session: Reading, now: Now
) -> Response:
    """What was put to the region, the oldest first: what is to be decided unless said."""
    return await _page(request, session, caller, form, dutch_day(now))


@router.post(f"{PATH}/{{arrangement_id}}")
async def decide(
    request: Request,
    arrangement_id: UUID,
    form: Annotated[DecisionForm, Form()],
    caller: Region,
    session: Reading,
    attempt: Attempting,
    now: Now,
) -> Response:
    """Grants or refuses what was asked; what is wrong is shown at its row, with what was typed."""
    values = {"decision": form.besluit, "why": form.toelichting.strip() or None, "validTo": form.tot or None}
    errors = await attempt(
        ArrangementDecisionIn,
        values,
        lambda writing, body: service.decide(writing, caller, arrangement_id, body, None, now),
    )
    if not errors:
        return go_to(request, PATH)
    return await _page(request, session, caller, ListForm(), dutch_day(now), (str(arrangement_id), form, errors))


async def _page(
    request: Request,
    session: ReadSession,
    caller: Caller,
    form: ListForm,
    today: date,
    wrong: tuple[str, DecisionForm, Errors] | None = None,
) -> Response:
    query = check_form(ArrangementQuery, {"status": form.stand, "limit": _ON_PAGE, "cursor": form.na or None})
    rows = await views.list_arrangements(session, caller, query, query.key(PATH, datetime, UUID))
    shown, following = split(query, PATH, rows, lambda full: [full.arrangement.asked_at, full.arrangement.id])
    wrong_id, typed, errors = wrong or ("", DecisionForm(), {})
    return render(
        request,
        "overview/arrangements/page.html",
        status=400 if errors else 200,
        sections=sections_of(caller),
        form=form,
        statuses=STATUS_OPTIONS,
        items=[arrangement_of(views.arrangement_out(full, caller, today)) for full in shown],
        following=f"{PATH}?stand={form.stand}&na={following}" if following else None,
        wrong_id=wrong_id,
        typed=typed,
        empty=DecisionForm(),
        errors=errors,
    )
