"""The children of an institution or local team: the list by next deadline, the dossier of each, and its forms."""

from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import Form, Query, Request, Response

from app.domain.dates import dutch_day
from app.dossiers.rankings import service as rankings
from app.dossiers.requests import views as requests
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.dependencies import CatalogueContext, Context
from app.kit.database.sessions import ReadSession
from app.kit.errors import ApiError, NotFoundError
from app.kit.http.dependencies import Now, Reading, database_of
from app.kit.http.idempotency import Once
from app.kit.pages import encode_cursor
from app.kit.security.callers import Caller
from app.web.children import service
from app.web.children.actions import (
    ACTIONS,
    MENDED,
    Sent,
    Shown,
    action_of,
    errors_in,
    gone,
    lacking,
    returned,
    sent_of,
    shown_of,
)
from app.web.children.form import Action, Work
from app.web.children.form import Form as ActionForm
from app.web.children.kept_ranking import kept_ranking
from app.web.children.question import PATH, SHOWN, ChildrenForm, key_of, read
from app.web.children.rows import name_of, row_of
from app.web.children.views import sections
from app.web.shell.forms import read_form
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router
from app.web.sign_in.dependencies import Referrer

router = make_router()

_ON_A_PAGE = 25


@router.get(PATH)
async def show_children(
    request: Request, form: Annotated[ChildrenForm, Query()], caller: Referrer, session: Reading, now: Now
) -> Response:
    """The caller's children, by next deadline."""
    return await _list(request, ChildrenForm(toon=form.toon, na=form.na), caller, session, now)


@router.post(PATH)
async def find_children(
    request: Request, form: Annotated[ChildrenForm, Form()], caller: Referrer, session: Reading, now: Now
) -> Response:
    """As the list, of those that are searched for by a reference, which stands in no address; it changes nothing."""
    return await _list(request, form, caller, session, now)


async def _list(request: Request, form: ChildrenForm, caller: Caller, session: ReadSession, now: Now) -> Response:
    query, errors = read(form, _ON_A_PAGE)
    today = dutch_day(now)
    following, rows = None, []
    if query is not None:
        found, last = await service.list_by_deadline(session, caller, query, key_of(query), today)
        rows = [row_of(each, today) for each in found]
        following = None if last is None else encode_cursor(query.question(PATH), last)
    return render(
        request,
        "children/page.html",
        part="children/_results.html",
        status=200 if query else 400,
        form=form,
        shown=SHOWN,
        errors=errors,
        rows=rows,
        following=following,
        was_sent=request.method == "POST",
        follows=query is not None and not (form.na and request.method == "POST"),
    )


@router.get(PATH + "/{request_id}")
async def show_child(
    request: Request,
    request_id: UUID,
    caller: Referrer,
    session: Reading,
    context: Context,
    gedaan: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The dossier of a child: its clocks, and all that was done and can be done; `gedaan` says what was done last."""
    dossier = await service.read_dossier(session, caller, context.follower.catalogue, request_id, context.now)
    done = ACTIONS[gedaan].done if gedaan in ACTIONS else None
    name = name_of(dossier.request)
    return render(request, "children/dossier.html", dossier=dossier, name=name, view=sections(dossier), done=done)


@router.get(PATH + "/{request_id}/zoekresultaat/{ranking_id}")
async def show_ranking(
    request: Request, request_id: UUID, ranking_id: UUID, caller: Referrer, session: Reading, context: Context
) -> Response:
    """A ranking that was shown for a child, as it was kept."""
    row = await requests.get_request(session, caller, request_id)
    child = requests.request_out(row, await requests.context_of(session, [row], caller), context.today, "nl")
    case = await rankings.get_case_file(session, caller, request_id, ranking_id)
    kept = kept_ranking(case, lambda offer_id: _names_of(context.follower.catalogue, offer_id))
    return render(request, "children/ranking.html", child=child, name=name_of(child), kept=kept)


def _names_of(catalogue: Catalogue, offer_id: str) -> tuple[str, str] | None:
    """The names of an offer and its provider; None where it is given no more."""
    slot = catalogue.find_slot(offer_id)
    if slot is None:
        return None
    entry = catalogue.entry(slot)
    return entry.name, entry.provider.name


@router.get(PATH + "/{request_id}/{what}")
@router.get(PATH + "/{request_id}/{what}/{item}")
async def show_form(
    request: Request,
    request_id: UUID,
    what: str,
    caller: Referrer,
    session: Reading,
    context: Context,
    item: str = "",
) -> Response:
    """The form of something that can be done in a dossier, to an `item` of it."""
    action, catalogue = action_of(what), context.follower.catalogue
    dossier = await service.read_dossier(session, caller, catalogue, request_id, context.now)
    shown = shown_of(action.form(dossier, item), request.query_params)
    return _form(request, catalogue, dossier, f"{what}/{item}" if item else what, shown)


@router.post(PATH + "/{request_id}/{what}")
@router.post(PATH + "/{request_id}/{what}/{item}")
async def do_action(
    request: Request, request_id: UUID, what: str, caller: Referrer, context: Context, item: str = ""
) -> Response:
    """Does it, once however often it is sent; the form comes back with what is wrong."""
    action, sent = (
        action_of(what),
        sent_of([(name, str(value)) for name, value in (await request.form()).multi_items()]),
    )
    body, errors = read_form(action.schema, action.values(sent.values, item))
    doing = Doing(request_id, what, item, caller, context)
    error: ApiError | None = None
    _, form = await _standing(request, action, doing)
    if form is not None:
        errors = lacking(form, sent) | errors
    if body is not None and not errors:
        await context.follower.catch_up()
        try:
            return await _perform(request, action, body, sent, doing)
        except ApiError as found:
            if found.status not in MENDED:
                raise
            error, errors = found, errors_in(found)
    dossier, form = await _standing(request, action, doing)
    if form is None:
        raise gone(error) from error
    shown, where = returned(form, sent, errors, error), f"{what}/{item}" if item else what
    return _form(request, context.follower.catalogue, dossier, where, shown, error.status if error else 400)


class Doing(NamedTuple):
    """Who does what, where."""

    request_id: UUID
    what: str
    item: str
    caller: Caller
    context: CatalogueContext


async def _standing(request: Request, action: Action[Any], doing: Doing) -> tuple[service.Dossier, ActionForm | None]:
    """The dossier as it stands, and the form of the action; None where it cannot be done there."""
    context = doing.context
    async with database_of(request).read() as session:
        dossier = await service.read_dossier(
            session, doing.caller, context.follower.catalogue, doing.request_id, context.now
        )
    try:
        return dossier, action.form(dossier, doing.item)
    except NotFoundError:
        return dossier, None


async def _perform(request: Request, action: Action[Any], body: Any, sent: Sent, doing: Doing) -> Response:
    """Does it in a transaction of its own, which an error undoes whole; leads back to the dossier."""
    async with database_of(request).write() as session:
        context = doing.context
        work = Work(
            session=session,
            catalogue=context.follower.catalogue,
            caller=doing.caller,
            request_id=doing.request_id,
            item=doing.item,
            version=sent.version,
            now=context.now,
        )

        async def create() -> Response:
            await action.perform(work, body)
            return go_to(request, f"{PATH}/{doing.request_id}?gedaan={doing.what}")

        return await Once(request, session, sent.once)(doing.caller, create, content=repr(sent.values).encode())


def _form(
    request: Request, catalogue: Catalogue, dossier: service.Dossier, where: str, shown: Shown, status: int = 200
) -> Response:
    offer = _names_of(catalogue, str(shown.form.offer_id)) if shown.form.offer_id else None
    values: dict[str, Any] = {
        "dossier": dossier,
        "name": name_of(dossier.request),
        "where": where,
        "shown": shown,
        "offer": offer,
    }
    return render(request, "children/form.html", status=status, **values)
