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
from app.insight.plans.tables import PlanActionRow
from app.kit.http.dependencies import Now, Reading, ReplicaReading
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.supply.contracts.schemas import WithdrawalQuery
from app.web.overview.dependencies import Attempting, Overseer, Planner, if_match
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
from app.web.overview.sections import sections_of
from app.web.overview.stored import stored_otherwise
from app.web.shell.forms import Errors
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router

router = make_router()

PATH: Final = "/overzicht/plan"
_MOST: Final = 200
_EMPTY_LINES: Final = 2
"""For figures, below those that an action has."""
_MONTHS: Final = 12


@router.get(PATH)
async def show_plan(
    request: Request, form: Annotated[PlanForm, Query()], caller: Overseer, replica: ReplicaReading, now: Now
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
async def show_new_action(request: Request, caller: Planner) -> Response:
    """The form of an action that is new."""
    return _form(request, caller, ActionForm(), {})


@router.post(f"{PATH}/nieuw")
async def add_action(
    request: Request, form: Annotated[ActionForm, Form()], caller: Planner, attempt: Attempting, now: Now
) -> Response:
    """Adds an action to the caller's own plan."""
    errors = await attempt(ActionIn, form.sent(), lambda session, body: service.add_action(session, caller, body, now))
    return _form(request, caller, form, errors) if errors else go_to(request, PATH)


@router.get(f"{PATH}/{{action_id}}")
async def show_action(request: Request, action_id: UUID, caller: Overseer, session: Reading) -> Response:
    """An action with its history, and to whoever keeps it the form to change it."""
    row = await service.get_action(session, caller, action_id)
    form = ActionForm.of(service.action_out(row), row.version)
    return _form(request, caller, form, {}, **await _about(session, caller, row))


@router.post(f"{PATH}/{{action_id}}")
async def change_action(
    request: Request,
    action_id: UUID,
    form: Annotated[ActionForm, Form()],
    caller: Planner,
    session: Reading,
    attempt: Attempting,
    now: Now,
) -> Response:
    """Changes an action of the caller's own plan; where somebody else did meanwhile, what was typed is kept."""
    errors = await attempt(
        ActionPatch,
        form.sent(),
        lambda writing, body: service.change_action(writing, caller, action_id, body, if_match(form.versie), now),
    )
    if not errors:
        return go_to(request, f"{PATH}/{action_id}")
    row = await service.get_action(session, caller, action_id)
    again = form.model_copy(update={"versie": str(row.version)})
    stored = stored_otherwise(ActionForm.of(service.action_out(row), row.version), form, NAMES)
    return _form(request, caller, again, errors, stored=stored, **await _about(session, caller, row))


@router.post(f"{PATH}/{{action_id}}/intrekken")
async def withdraw(
    request: Request,
    action_id: UUID,
    caller: Planner,
    session: Reading,
    attempt: Attempting,
    now: Now,
    waarom: Annotated[str, Form(max_length=300)] = "",
    versie: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Withdraws an action that was entered in error: it is kept, and stands in no report of a later month."""
    errors = await attempt(
        WithdrawalQuery,
        {"why": waarom},
        lambda writing, body: service.withdraw_action(writing, caller, action_id, body.why, if_match(versie), now),
    )
    if not errors:
        return go_to(request, PATH)
    row = await service.get_action(session, caller, action_id)
    form = ActionForm.of(service.action_out(row), row.version)
    return _form(request, caller, form, errors, why=waarom, **await _about(session, caller, row))


async def _about(session: Reading, caller: Caller, row: PlanActionRow) -> dict[str, Any]:
    """What the page of an action that is kept shows beside its form."""
    versions = await service.list_history(session, caller, row.id, PageQuery(limit=_MOST), None)
    own, action = Area.of(caller), service.action_out(row)
    return {
        "action": action,
        "may_change": Area(row.region_code, row.supraregion) == own and row.withdrawn_at is None,
        "history": history_of(entry_out(each) for each in versions),
    }


def _form(request: Request, caller: Caller, form: ActionForm, errors: Errors, **about: Any) -> Response:
    shown: dict[str, Any] = {"action": None, "may_change": True, "history": [], "stored": [], "why": "", **about}
    lines = [*form.figures, *[FigureLine("", "")] * _EMPTY_LINES][:MOST_FIGURES]
    return render(
        request,
        "overview/plan/action.html",
        status=400 if errors else 200,
        sections=sections_of(caller),
        form=form,
        errors=errors,
        lights=LIGHTS,
        statuses=STATUSES,
        lines=lines,
        figures=figures_to_choose(form.cijfer),
        care_types=care_types_to_choose(),
        moved=[figure_in_words(*each) for each in form.figures],
        **shown,
    )
