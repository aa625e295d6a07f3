"""Target lines: the list, and the form of each to whoever keeps it."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Form, Query, Request, Response

from app.insight.keeping.areas import Area
from app.insight.keeping.service import entry_out
from app.insight.targets import service
from app.insight.targets.schemas import TargetIn, TargetPatch, TargetQuery
from app.insight.targets.tables import TargetLineRow
from app.kit.database.sessions import ReadSession
from app.kit.http.dependencies import Now, Reading
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.reference.lists import reference
from app.supply.contracts.schemas import WithdrawalQuery
from app.web.overview import providers
from app.web.overview.areas import Option
from app.web.overview.dependencies import Attempting, Overseer, Planner, if_match
from app.web.overview.sections import TARGETS, sections_of
from app.web.overview.stored import stored_otherwise
from app.web.overview.targets.question import MOST_POINTS, PointLine, TargetForm
from app.web.overview.targets.views import BOUNDS, FIELDS, line_of
from app.web.shell.forms import Errors, check_form
from app.web.shell.paging import split
from app.web.shell.rendering import go_to, render
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
        lines=[line_of(service.target_out(row), names, own) for row in shown],
        may_add=bool(own.region or own.supraregion),
        following=f"{PATH}?na={following}" if following else None,
    )


@router.get(f"{PATH}/nieuw")
async def show_new_target(request: Request, caller: Planner, session: Reading) -> Response:
    """The form of a target line that is new."""
    return await _form(request, session, caller, TargetForm(), {})


@router.post(f"{PATH}/nieuw")
async def add_target(
    request: Request,
    form: Annotated[TargetForm, Form()],
    caller: Planner,
    session: Reading,
    attempt: Attempting,
    now: Now,
) -> Response:
    """Adds a target line to the caller's own plan."""
    errors = await attempt(TargetIn, form.sent(), lambda writing, body: service.add_target(writing, caller, body, now))
    return await _form(request, session, caller, form, errors) if errors else go_to(request, PATH)


@router.get(f"{PATH}/{{target_id}}")
async def show_target(request: Request, target_id: UUID, caller: Overseer, session: Reading) -> Response:
    """A target line with its history, and to whoever keeps it the form to change it."""
    return await _one(request, session, caller, target_id, None, {})


@router.post(f"{PATH}/{{target_id}}")
async def change_target(
    request: Request,
    target_id: UUID,
    form: Annotated[TargetForm, Form()],
    caller: Planner,
    session: Reading,
    attempt: Attempting,
    now: Now,
) -> Response:
    """Changes a target line of the caller's own plan."""
    errors = await attempt(
        TargetPatch,
        form.sent(),
        lambda writing, body: service.change_target(writing, caller, target_id, body, if_match(form.versie), now),
    )
    if not errors:
        return go_to(request, f"{PATH}/{target_id}")
    return await _one(request, session, caller, target_id, form, errors)


@router.post(f"{PATH}/{{target_id}}/intrekken")
async def withdraw(
    request: Request,
    target_id: UUID,
    caller: Planner,
    session: Reading,
    attempt: Attempting,
    now: Now,
    waarom: Annotated[str, Form(max_length=300)] = "",
    versie: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Withdraws a target line: it is kept, and nothing is held against it any more."""
    errors = await attempt(
        WithdrawalQuery,
        {"why": waarom},
        lambda writing, body: service.withdraw_target(writing, caller, target_id, body.why, if_match(versie), now),
    )
    if not errors:
        return go_to(request, PATH)
    return await _one(request, session, caller, target_id, None, errors, why=waarom)


async def _one(
    request: Request,
    session: ReadSession,
    caller: Caller,
    target_id: UUID,
    form: TargetForm | None,
    errors: Errors,
    why: str = "",
) -> Response:
    row = await service.get_target(session, caller, target_id)
    stands = TargetForm.of(service.target_out(row), row.version)
    filled = stands if form is None else form.model_copy(update={"versie": stands.versie})
    about = await _about(session, caller, row)
    return await _form(
        request, session, caller, filled, errors, why=why, stored=stored_otherwise(stands, filled), **about
    )


async def _about(session: ReadSession, caller: Caller, row: TargetLineRow) -> dict[str, Any]:
    """What the page of a line that is kept shows beside its form."""
    versions = await service.list_history(session, caller, row.id, PageQuery(limit=_MOST), None)
    names = await providers.named(session, [row.provider_id] if row.provider_id else [])
    line = line_of(service.target_out(row), names, Area.of(caller))
    return {
        "line": line,
        "may_change": line.is_own and line.withdrawn is None,
        "history": FIELDS.history(entry_out(each) for each in versions),
    }


async def _form(
    request: Request, session: ReadSession, caller: Caller, form: TargetForm, errors: Errors, **about: Any
) -> Response:
    return render(
        request,
        "overview/targets/target.html",
        status=400 if errors else 200,
        sections=sections_of(caller),
        form=form,
        errors=errors,
        bounds=BOUNDS,
        points=[*form.points, *[PointLine("", "")] * _EMPTY_LINES][:MOST_POINTS],
        care_types=reference().care_types.values(),
        providers=await _choosable(session, caller, form),
        **{"line": None, "may_change": True, "history": [], "stored": [], "why": "", **about},
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
