"""The proposals that were asked for, the form that asks for another, and each with its lines and what it comes to."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Form, Query, Request, Response

from app.dossiers.proposals import line_views, service, views
from app.dossiers.proposals.schemas import ProposalIn
from app.finding.catalogue.dependencies import CatalogueContext, Context
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.http.dependencies import Now, Reading
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.web.overview.dependencies import Attempting, Table
from app.web.overview.proposals.question import CHILDREN_OPTIONS, METHOD_OPTIONS, PLACES_OPTIONS, ProposalForm
from app.web.overview.proposals.views import (
    FAILURES,
    GROUPS,
    PRICES,
    asked_of,
    effect_in_words,
    groups_of,
    line_of,
    prices_of,
)
from app.web.overview.sections import PROPOSALS, sections_of
from app.web.shell.forms import Errors, check_form
from app.web.shell.paging import split
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router

router = make_router()

PATH: Final = PROPOSALS.path
_ON_PAGE: Final = 20
_LINES: Final = 50

After = Annotated[str, Query(alias="na", max_length=1000)]


@router.get(PATH)
async def show_proposals(request: Request, caller: Table, session: Reading, na: After = "") -> Response:
    """The proposals of the own region or supraregion, the last first, and the form that asks for another."""
    return await _list(request, session, caller, ProposalForm.empty(), {}, na)


@router.post(PATH)
async def ask(
    request: Request,
    form: Annotated[ProposalForm, Form()],
    caller: Table,
    session: Reading,
    attempt: Attempting,
    now: Now,
) -> Response:
    """Asks for a proposal, and leads to it."""
    asked: list[UUID] = []

    async def make(writing: WriteSession, body: ProposalIn) -> None:
        asked.append((await service.ask(writing, caller, body, now)).id)

    errors = await attempt(ProposalIn, form.sent(), make)
    return await _list(request, session, caller, form, errors) if errors else go_to(request, f"{PATH}/{asked[0]}")


async def _list(
    request: Request, session: ReadSession, caller: Caller, form: ProposalForm, errors: Errors, na: str = ""
) -> Response:
    query = check_form(PageQuery, {"limit": _ON_PAGE, "cursor": na or None})
    rows = await service.list_proposals(session, caller, query, query.key(PATH, datetime, UUID))
    shown, following = split(query, PATH, rows, lambda row: [row.asked_at, row.id])
    return render(
        request,
        "overview/proposals/page.html",
        status=400 if errors else 200,
        sections=sections_of(caller),
        form=form,
        errors=errors,
        children=CHILDREN_OPTIONS,
        places=PLACES_OPTIONS,
        methods=METHOD_OPTIONS,
        proposals=[asked_of(views.proposal_out(row)) for row in shown],
        following=f"{PATH}?na={following}" if following else None,
    )


@router.get(f"{PATH}/{{proposal_id}}")
async def show_proposal(
    request: Request, proposal_id: UUID, caller: Table, session: Reading, context: Context, na: After = ""
) -> Response:
    """A proposal: while it is made how far that is, and then its lines, its price, and what would do most."""
    row = await service.get_proposal(session, caller, proposal_id)
    proposal = await views.proposal_in_full(session, row)
    made = await _made(session, caller, proposal_id, na, context) if proposal.result else {}
    return render(
        request,
        "overview/proposals/proposal.html",
        part="overview/proposals/_proposal.html",
        sections=sections_of(caller),
        proposal=proposal,
        asked=asked_of(proposal),
        failure=FAILURES[proposal.failure] if proposal.failure else None,
        prices=prices_of(proposal),
        price_names=PRICES,
        effects=[effect_in_words(each) for each in proposal.result.effects] if proposal.result else [],
        **made,
    )


async def _made(
    session: ReadSession, caller: Caller, proposal_id: UUID, na: str, context: CatalogueContext
) -> dict[str, Any]:
    """The lines and the report of one that is made."""
    row, path = await service.get_made(session, caller, proposal_id), f"{PATH}/{proposal_id}"
    query = check_form(PageQuery, {"limit": _LINES, "cursor": na or None})
    lines = await service.list_lines(session, row, query, query.key(path, int))
    shown, following = split(query, path, lines, lambda line: [line[0].number])
    found = await line_views.show_lines(session, row, shown, "nl", context.follower.catalogue, context.today)
    return {
        "lines": [line_of(found[request.id]) for _, request in shown],
        "following": f"{path}?na={following}" if following else None,
        "groups": groups_of(await views.report_out(session, caller, row)),
        "group_names": GROUPS,
    }
