"""Target lines: the list, and the form of each to whoever keeps it."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Form, Query, Request, Response

from app.insight.keeping.areas import Area
from app.insight.keeping.service import entry_out
from app.insight.targets import service
from app.insight.targets.schemas import TargetIn, TargetPatch, TargetQuery
from app.kit.database.sessions import ReadSession
from app.kit.http.dependencies import Reading
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.reference.lists import reference
from app.web.overview import providers
from app.web.overview.areas import Option
from app.web.overview.dependencies import Overseer, Planner
from app.web.overview.keeping.endpoints import Keeping, Kept
from app.web.overview.keeping.form import Filled, Sent, WithdrawalForm, filled
from app.web.overview.sections import TARGETS, sections_of
from app.web.overview.targets.question import MOST_POINTS, PointLine, TargetForm
from app.web.overview.targets.views import BOUNDS, FIELDS, line_of
from app.web.shell.forms import check_form
from app.web.shell.paging import split
from app.web.shell.rendering import render
from app.web.shell.routing import router as make_router

router = make_router()

PATH: Final = TARGETS.path
_ON_PAGE: Final = 50
_MOST: Final = 200
_EMPTY_LINES: Final = 2
"""For points, below those that a line has."""


@router.get(PATH)
async def show_targets(
    request: Request, caller: Overseer, session: Reading, na: Annotated[str, Query(max_length=1000)] = ""
) -> Response:
    """The target lines that hold and that the caller reads, the oldest first."""
    query = check_form(TargetQuery, {"limit": _ON_PAGE, "cursor": na or None})
    rows = await service.list_targets(session, caller, query, query.key(PATH, datetime, UUID))
    shown, following = split(query, PATH, rows, lambda row: [row.created_at, row.id])
    names = await providers.named(session, [row.provider_id for row in shown if row.provider_id])
    own = Area.of(caller)
    return render(
        request,
        "overview/targets/page.html",
        sections=sections_of(caller),
        lines=[line_of(service.target_out(row), names, caller) for row in shown],
        may_add=bool(own.region or own.supraregion),
        following=f"{PATH}?na={following}" if following else None,
    )


@router.get(f"{PATH}/nieuw")
async def show_new_target(kept: Kept, caller: Planner) -> Response:
    """The form of a target line that is new."""
    return await _form(kept, caller, Filled(TargetForm()))


@router.post(f"{PATH}/nieuw")
async def add_target(kept: Kept, form: Annotated[TargetForm, Form()], caller: Planner) -> Response:
    """Adds a target line to the caller's own plan."""
    errors = await kept.attempt(
        TargetIn, form.sent(), lambda writing, body: service.add_target(writing, caller, body, kept.now)
    )
    return await _form(kept, caller, Filled(form, errors)) if errors else kept.go_to(PATH)


@router.get(f"{PATH}/{{target_id}}")
async def show_target(kept: Kept, target_id: UUID, caller: Overseer) -> Response:
    """A target line with its history, and to whoever keeps it the form to change it."""
    return await _one(kept, caller, target_id, None)


@router.post(f"{PATH}/{{target_id}}")
async def change_target(kept: Kept, target_id: UUID, form: Annotated[TargetForm, Form()], caller: Planner) -> Response:
    """Changes a target line of the caller's own plan."""
    errors = await kept.attempt(
        TargetPatch,
        form.sent(),
        lambda writing, body: service.change_target(writing, caller, target_id, body, form.if_match, kept.now),
    )
    if errors:
        return await _one(kept, caller, target_id, Sent(errors, form))
    return kept.go_to(f"{PATH}/{target_id}")


@router.post(f"{PATH}/{{target_id}}/intrekken")
async def withdraw(kept: Kept, target_id: UUID, form: Annotated[WithdrawalForm, Form()], caller: Planner) -> Response:
    """Withdraws a target line: it is kept, and nothing is held against it any more."""
    wrong = await kept.withdraw(
        form, lambda writing, why: service.withdraw_target(writing, caller, target_id, why, form.if_match, kept.now)
    )
    return await _one(kept, caller, target_id, wrong) if wrong else kept.go_to(PATH)


async def _one(kept: Keeping, caller: Caller, target_id: UUID, sent: Sent[TargetForm] | None) -> Response:
    row = await service.get_target(kept.session, caller, target_id)
    out = service.target_out(row)
    versions = await service.list_history(kept.session, caller, row.id, PageQuery(limit=_MOST), None)
    names = await providers.named(kept.session, [row.provider_id] if row.provider_id else [])
    line = line_of(out, names, caller)
    return await _form(
        kept,
        caller,
        filled(TargetForm.of(out, row.version), sent, {each.code: each.name for each in BOUNDS}),
        heading=line.title,
        kept_id=line.id,
        line=line,
        may_change=line.is_own and line.withdrawn is None,
        history=FIELDS.history(entry_out(each) for each in versions),
    )


async def _form(kept: Keeping, caller: Caller, shown: Filled[TargetForm], **about: Any) -> Response:
    values = {"heading": "Streeflijn toevoegen", "kept_id": None, "line": None, "may_change": True, **about}
    return kept.show(
        "overview/targets/target.html",
        caller,
        shown,
        section=TARGETS,
        bounds=BOUNDS,
        points=[*shown.form.points, *[PointLine("", "")] * _EMPTY_LINES][:MOST_POINTS],
        care_types=reference().care_types.values(),
        providers=await _choosable(kept.session, caller, shown.form),
        **values,
    )


async def _choosable(session: ReadSession, caller: Caller, form: TargetForm) -> list[Option]:
    """The providers that a line can be of: those of the caller's area, and the one that it is of already."""
    own = Area.of(caller)
    above = reference().supraregions.get(own.supraregion or "")
    listed = await providers.in_regions(session, [own.region] if own.region else above.regions if above else [])
    if not form.aanbieder or any(each.code == form.aanbieder for each in listed):
        return listed
    name = await providers.name_of(session, form.aanbieder)
    return [*listed, Option(form.aanbieder, name)] if name else listed
