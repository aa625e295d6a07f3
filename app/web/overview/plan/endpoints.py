"""The plan: the report of a month, and the form of each action."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Form, Query, Request, Response

from app.domain.dates import dutch_day
from app.insight.keeping.areas import Area
from app.insight.keeping.service import entry_out
from app.insight.plans import service
from app.insight.plans.reports import get_report
from app.insight.plans.schemas import ActionIn, ActionPatch
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.web.overview.dependencies import Overseer, Planner
from app.web.overview.keeping.endpoints import Keeping, Kept
from app.web.overview.keeping.form import Filled, Sent, WithdrawalForm, filled
from app.web.overview.months import months_back
from app.web.overview.plan.question import (
    MOST_FIGURES,
    ActionForm,
    FigureLine,
    PlanForm,
    area_asked,
    month_asked,
    plans_of,
    question,
)
from app.web.overview.plan.views import (
    LIGHTS,
    NAMES,
    STATUSES,
    care_types_to_choose,
    directions_of,
    figure_in_words,
    figures_to_choose,
    history_of,
)
from app.web.overview.sections import PLAN, sections_of
from app.web.shell.rendering import render
from app.web.shell.routing import router as make_router

router = make_router()

PATH: Final = PLAN.path
_MOST: Final = 200
_EMPTY_LINES: Final = 2
"""For figures, below those that an action has."""
_MONTHS: Final = 12


@router.get(PATH)
async def show_plan(
    request: Request, form: Annotated[PlanForm, Query()], caller: Overseer, replica: ReplicaReadingAcross, now: Now
) -> Response:
    """The actions of a plan as they stood in a month, and what changed in it."""
    today, area = dutch_day(now), area_asked(form, caller)
    own = Area.of(caller)
    report = None
    if area is not None:
        month, asked = month_asked(form, today), question(form, caller)
        report = await replica(lambda session: get_report(session, caller, month, asked, now, "nl"))
    return render(
        request,
        "overview/plan/page.html",
        sections=sections_of(caller),
        form=form,
        plans=plans_of(caller),
        area=area,
        is_own=area is not None and area in {own.region, own.supraregion},
        month=form.maand or f"{today:%Y-%m}",
        months=months_back(today, _MONTHS),
        report=report,
        directions=directions_of(report, caller) if report else [],
        csv=form.address("/overzicht/maandbericht.csv"),
    )


@router.get(f"{PATH}/nieuw")
async def show_new_action(kept: Kept, caller: Planner) -> Response:
    """The form of an action that is new."""
    return _form(kept, caller, Filled(ActionForm()))


@router.post(f"{PATH}/nieuw")
async def add_action(kept: Kept, form: Annotated[ActionForm, Form()], caller: Planner) -> Response:
    """Adds an action to the caller's own plan."""
    errors = await kept.attempt(
        ActionIn, form.sent(), lambda writing, body: service.add_action(writing, caller, body, kept.now)
    )
    return _form(kept, caller, Filled(form, errors)) if errors else kept.go_to(PATH)


@router.get(f"{PATH}/{{action_id}}")
async def show_action(kept: Kept, action_id: UUID, caller: Overseer) -> Response:
    """An action with its history, and to whoever keeps it the form to change it."""
    return await _one(kept, caller, action_id, None)


@router.post(f"{PATH}/{{action_id}}")
async def change_action(kept: Kept, action_id: UUID, form: Annotated[ActionForm, Form()], caller: Planner) -> Response:
    """Changes an action of the caller's own plan; where somebody else did meanwhile, what was typed is kept."""
    errors = await kept.attempt(
        ActionPatch,
        form.sent(),
        lambda writing, body: service.change_action(writing, caller, action_id, body, form.if_match, kept.now),
    )
    if errors:
        return await _one(kept, caller, action_id, Sent(errors, form))
    return kept.go_to(f"{PATH}/{action_id}")


@router.post(f"{PATH}/{{action_id}}/intrekken")
async def withdraw(kept: Kept, action_id: UUID, form: Annotated[WithdrawalForm, Form()], caller: Planner) -> Response:
    """Withdraws an action that was entered in error: it is kept, and stands in no report of a later month."""
    wrong = await kept.withdraw(
        form, lambda writing, why: service.withdraw_action(writing, caller, action_id, why, form.if_match, kept.now)
    )
    return await _one(kept, caller, action_id, wrong) if wrong else kept.go_to(PATH)


async def _one(kept: Keeping, caller: Caller, action_id: UUID, sent: Sent[ActionForm] | None) -> Response:
    row = await service.get_action(kept.session, caller, action_id)
    action = service.action_out(row)
    versions = await service.list_history(kept.session, caller, row.id, PageQuery(limit=_MOST), None)
    return _form(
        kept,
        caller,
        filled(ActionForm.of(action, row.version), sent, NAMES),
        heading=action.title,
        kept_id=str(action.id),
        action=action,
        may_change=Area(row.region_code, row.supraregion) == Area.of(caller) and row.withdrawn_at is None,
        history=history_of(entry_out(each) for each in versions),
    )


def _form(kept: Keeping, caller: Caller, shown: Filled[ActionForm], **about: Any) -> Response:
    values = {"heading": "Actie toevoegen", "kept_id": None, "action": None, "may_change": True, **about}
    return kept.show(
        "overview/plan/action.html",
        caller,
        shown,
        section=PLAN,
        lights=LIGHTS,
        statuses=STATUSES,
        lines=[*shown.form.figures, *[FigureLine("", "")] * _EMPTY_LINES][:MOST_FIGURES],
        figures=figures_to_choose(shown.form.cijfer),
        care_types=care_types_to_choose(),
        moved=[figure_in_words(*each) for each in shown.form.figures],
        **values,
    )
