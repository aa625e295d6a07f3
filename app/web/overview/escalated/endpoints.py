"""What stands before the own step of the ladder: the list, and each request with the form to decide on it."""

from datetime import date, datetime
from typing import Annotated, Final, NamedTuple
from uuid import UUID

from fastapi import Form, Query, Request, Response

from app.domain.dates import dutch_day
from app.domain.language import Text
from app.dossiers.escalations import service, views
from app.dossiers.escalations.schemas import EscalatedRequest, EscalationPatch
from app.kit.database.sessions import WriteSession
from app.kit.errors import NotFoundError
from app.kit.http.dependencies import Now, Reading
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.reference.lists import reference
from app.web.overview.dependencies import Attempting, PartyToSteps
from app.web.overview.escalated.question import KIND_OPTIONS, DecisionForm
from app.web.overview.escalated.views import escalated_of
from app.web.overview.keeping.form import if_match
from app.web.overview.sections import BREAKTHROUGH, ESCALATED, sections_of
from app.web.shell.forms import Errors, check_form
from app.web.shell.paging import split
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router

router = make_router()

PATH: Final = ESCALATED.path
_ON_PAGE: Final = 20
_NOTHING_SAID: Final = "Vul in wat eruit komt, of welk team het opneemt."
_MOST: Final = 200
_ANSWERED: Final = Text(nl="Deze vraag aan uw trede", en="This question to your step")


class OpenStep(NamedTuple):
    """The own step that a request stands before."""

    id: UUID
    version: int
    taken_by: str | None


@router.get(PATH)
async def show_escalated(
    request: Request,
    caller: PartyToSteps,
    session: Reading,
    now: Now,
    na: Annotated[str, Query(max_length=1000)] = "",
) -> Response:
    """The requests that stand before the own step, the first asked first."""
    query = check_form(PageQuery, {"limit": _ON_PAGE, "cursor": na or None})
    rows = await views.list_standing(session, caller, query, query.key(PATH, datetime, UUID))
    shown, following = split(query, PATH, rows, lambda row: [row.opened_at, row.request.id])
    today = dutch_day(now)
    found = await views.show_escalated(session, caller, [row.request for row in shown], today, "nl")
    return render(
        request,
        "overview/escalated/page.html",
        sections=sections_of(caller),
        items=[escalated_of(found[row.request.id], today) for row in shown],
        following=f"{PATH}?na={following}" if following else None,
    )


@router.get(f"{PATH}/{{request_id}}")
async def show_request(
    request: Request,
    request_id: UUID,
    caller: PartyToSteps,
    session: Reading,
    now: Now,
    terug: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """A request with the form to decide on it; to htmx the form alone."""
    escalation, today = await _open_step(session, caller, request_id), dutch_day(now)
    asked = await _asked(session, caller, request_id, today)
    step = {"stap": str(escalation.id), "versie": str(escalation.version)}
    form = DecisionForm.about(asked, team=escalation.taken_by or "", terug=terug, **step)
    return _page(request, caller, asked, form, {}, today)


@router.post(f"{PATH}/{{request_id}}")
async def decide(
    request: Request,
    request_id: UUID,
    form: Annotated[DecisionForm, Form()],
    caller: PartyToSteps,
    session: Reading,
    attempt: Attempting,
    now: Now,
) -> Response:
    """Says which team took it, what came out, or what is offered outside the contracts."""

    async def change(writing: WriteSession, body: EscalationPatch) -> None:
        step = form.step
        if step is None:
            raise NotFoundError(_ANSWERED)
        await service.change_escalation(writing, caller, request_id, step, body, if_match(form.versie), now)

    errors = await attempt(EscalationPatch, form.sent(), change) if form.sent() else {"": _NOTHING_SAID}
    if not errors:
        return go_to(request, BREAKTHROUGH.path if form.terug == "doorbraak" else PATH)
    escalation, today = await _open_step(session, caller, request_id), dutch_day(now)
    again = form.model_copy(update={"stap": str(escalation.id), "versie": str(escalation.version)})
    return _page(request, caller, await _asked(session, caller, request_id, today), again, errors, today)


async def _open_step(session: Reading, caller: Caller, request_id: UUID) -> OpenStep:
    """The own step that a request stands before; `NotFoundError` where there is none."""
    await views.get_standing(session, caller, request_id)
    rows = await views.list_escalations(session, caller, request_id, PageQuery(limit=_MOST), None)
    found = [row for row in rows if row.outcome is None]
    if not found:
        raise NotFoundError(_ANSWERED)
    last = found[-1]
    return OpenStep(last.id, last.version, last.taken_by)


async def _asked(session: Reading, caller: Caller, request_id: UUID, today: date) -> EscalatedRequest:
    row = await views.get_standing(session, caller, request_id)
    return (await views.show_escalated(session, caller, [row], today, "nl"))[row.id]


def _page(
    request: Request, caller: Caller, asked: EscalatedRequest, form: DecisionForm, errors: Errors, today: date
) -> Response:
    lists = reference()
    return render(
        request,
        "overview/escalated/request.html",
        part="overview/escalated/_decision.html",
        status=400 if errors else 200,
        sections=sections_of(caller),
        item=escalated_of(asked, today),
        kinds=KIND_OPTIONS,
        care_types=list(lists.care_types.values()),
        characteristics=list(lists.exclusion_criteria.values()),
        causes=list(lists.waiting_causes.values()),
        form=form,
        errors=errors,
    )
