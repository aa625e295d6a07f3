"""Calls that were put to a provider: the list, and each with its answer."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Request, Response

from app.domain.dates import dutch_day
from app.dossiers.calls import views
from app.dossiers.calls.answers import answer
from app.dossiers.calls.schemas import CallOut, CallQuery
from app.kit.database.sessions import ReadSession
from app.kit.errors import ConflictError, InvalidInputError
from app.kit.http.dependencies import Now, Reading, database_of
from app.kit.security.callers import Caller
from app.supply.offers import service as offers
from app.supply.offers.schemas import OwnOfferQuery
from app.web.received.calls.answer_form import read_answer
from app.web.received.calls.views import TABS, facts_of, row_of
from app.web.received.declining import declining_of
from app.web.shell.forms import Errors, Fields, errors_of, sent_fields
from app.web.shell.paging import split
from app.web.shell.problems import NO_MORE, said_of
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router
from app.web.sign_in.dependencies import Provider

router = make_router()

PATH: Final = "/oproepen"
_NOTHING: Final[Fields] = {}


@router.get(PATH)
async def show_calls(
    request: Request,
    caller: Provider,
    session: Reading,
    now: Now,
    stand: Annotated[str, Query(max_length=20)] = "",
    na: Annotated[str | None, Query(max_length=1000)] = None,
) -> Response:
    """Those that were put to the provider, the oldest first."""
    tab, today = stand if stand in TABS else "", dutch_day(now)
    query = CallQuery.model_validate({**TABS[tab][1], "cursor": na})
    found = await views.list_calls(session, caller, query, query.key(PATH, datetime, UUID), today)
    shown, following = split(query, PATH, found, lambda full: [full.call.published_at, full.call.id])
    answered = await views.answered_of(session, caller, shown)
    rows = [row_of(views.call_out(full, answered, caller, today)) for full in shown]
    more = f"{PATH}?stand={tab}&na={following}" if following else None
    return render(request, "received/calls/page.html", rows=rows, tab=tab, tabs=TABS, following=more)


@router.get(f"{PATH}/{{call_id}}")
async def show_call(request: Request, call_id: UUID, caller: Provider, session: Reading, now: Now) -> Response:
    """A call with all that the provider gets to know, and its answer."""
    return await _show(request, session, caller, await _find(session, caller, call_id, dutch_day(now)))


@router.post(f"{PATH}/{{call_id}}/antwoord")
async def answer_call(request: Request, call_id: UUID, caller: Provider, now: Now) -> Response:
    """Answers a call; another answer takes the place of the one before."""
    fields = await sent_fields(request)
    body, errors = read_answer(fields)
    trouble, status = None, 400
    if body is not None:
        try:
            async with database_of(request).write() as session:
                await answer(session, caller, call_id, body, now)
            return go_to(request, f"{PATH}/{call_id}")
        except InvalidInputError as error:
            errors = errors_of(error)
        except ConflictError as error:
            trouble, status = said_of(error), 409
    async with database_of(request).read() as reading:
        call = await _find(reading, caller, call_id, dutch_day(now))
        if errors and call.status != "open":
            trouble, status = NO_MORE, 409
        return await _show(request, reading, caller, call, status, said=fields, errors=errors, trouble=trouble)


async def _find(session: ReadSession, caller: Caller, call_id: UUID, today: date) -> CallOut:
    full = await views.get_call(session, caller, call_id)
    return views.call_out(full, await views.answered_of(session, caller, [full]), caller, today)


async def _show(
    request: Request,
    session: ReadSession,
    caller: Caller,
    call: CallOut,
    status: int = 200,
    *,
    said: Fields = _NOTHING,
    errors: Errors | None = None,
    trouble: str | None = None,
) -> Response:
    """The page; `said` is what was filled in, of an answer that could not be taken."""
    return render(
        request,
        "received/calls/call.html",
        status=status,
        call=call,
        row=row_of(call),
        facts=facts_of(call),
        own_offers=await _fitting_offers(session, caller, call),
        declining=declining_of(call.characteristics, [*call.needs, *call.wishes]),
        said=said,
        errors=errors or {},
        trouble=trouble,
    )


async def _fitting_offers(session: ReadSession, caller: Caller, call: CallOut) -> list[tuple[str, str]]:
    """The own offers that can be named in an answer, by id: those of a care type that is asked for."""
    query = OwnOfferQuery(limit=200)
    found = await offers.list_provider_offers(session, caller.own_provider, query, None)
    return [(str(full.offer.id), full.offer.name) for full in found if full.offer.care_type in call.care_types]
