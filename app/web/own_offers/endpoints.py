"""The provider's own offers: their figures in one table, of which each row saves itself."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Form, Query, Request, Response

from app.domain.dates import dutch_day
from app.finding.availability_events.endpoints import AvailabilityEventParts
from app.finding.availability_events.service import open_stream
from app.finding.catalogue.dependencies import Context
from app.finding.search.schemas import AvailabilityFilter
from app.kit.database.sessions import ReadSession
from app.kit.errors import ConflictError, InvalidInputError, PreconditionFailedError
from app.kit.http.dependencies import Direct, Now, Reading, Writing, database_of
from app.kit.http.parts import parts_of
from app.kit.http.streams import OpenStreams
from app.kit.pages import encode_cursor
from app.kit.security.callers import Caller
from app.supply.capacity import confirmations
from app.supply.capacity import service as capacity
from app.supply.offers.schemas import OwnOfferQuery
from app.supply.reminders import service as reminders
from app.supply.reminders.schemas import MuteIn
from app.web.live.endpoints import answer_page_stream
from app.web.own_offers import service
from app.web.own_offers.figures_form import read_figures
from app.web.own_offers.rows import COLUMNS, Row, groups_of
from app.web.shell.forms import errors_of, read_form, sent_fields, text_of
from app.web.shell.problems import FILL_IN, said_of
from app.web.shell.rendering import go_to, render, wants_part
from app.web.shell.routing import router as make_router
from app.web.sign_in.dependencies import Provider

router = make_router()

PATH: Final = "/mijn-aanbod"
_MOST: Final = 200
"""Offers on a page."""


@router.get(PATH)
async def show_own_offers(
    request: Request,
    caller: Provider,
    session: Reading,
    now: Now,
    na: Annotated[str | None, Query(max_length=1000)] = None,
    bevestigd: Annotated[int | None, Query(ge=0)] = None,
    nooit: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """The figures of all own offers; `bevestigd` and `nooit` are how many were just confirmed, and how many not."""
    return await _page(request, session, caller, now, na=na, confirmed=bevestigd, never=nooit)


async def _page(
    request: Request,
    session: ReadSession,
    caller: Caller,
    now: datetime,
    status: int = 200,
    *,
    na: str | None = None,
    confirmed: int | None = None,
    never: int = 0,
    refused: Row | None = None,
    mute_error: str | None = None,
    mute_sent: str = "",
) -> Response:
    """The page; `refused` is a row that could not be saved, as it was filled in."""
    query = OwnOfferQuery(limit=_MOST, cursor=na)
    found = await service.list_rows(session, caller, query, query.key(PATH, str, UUID), now)
    rows = [refused if refused and each.id == refused.id else each for each in found.rows]
    following = None if found.last is None else f"{PATH}?na={encode_cursor(query.question(PATH), found.last)}"
    return render(
        request,
        "own_offers/page.html",
        status=status,
        groups=groups_of(rows),
        columns=COLUMNS,
        following=following,
        confirmed=confirmed,
        never=never,
        mute=await reminders.get_mute(session, caller, caller.own_provider, dutch_day(now)),
        mute_error=mute_error,
        mute_sent=mute_sent,
    )


@router.get(f"{PATH}/live")
async def follow_own_offers(request: Request, caller: Provider, streams: OpenStreams, context: Context) -> Response:
    """The events of the own offers, as `GET /availability/events` has them."""
    publisher = parts_of(request.app, AvailabilityEventParts).publisher
    own = AvailabilityFilter(provider=caller.own_provider)
    stream = await open_stream(publisher, context.follower, own, None, public=False)
    return answer_page_stream(request, stream, streams, context.now)


@router.post(f"{PATH}/ongewijzigd")
async def confirm(
    request: Request,
    caller: Provider,
    session: Writing,
    now: Now,
    locatie: Annotated[str | None, Form(max_length=100)] = None,
) -> Response:
    """Says "unchanged" of all own offers, or of those at one location (its key)."""
    done = await confirmations.confirm_all(session, caller, caller.own_provider, locatie or None, now)
    return go_to(request, f"{PATH}?bevestigd={done.confirmed}&nooit={done.never_reported}")


@router.post(f"{PATH}/herinneringen")
async def mute_reminders(request: Request, caller: Provider, now: Now) -> Response:
    """Sends no reminders by mail up to and with a day; without one, sends them again."""
    fields = await sent_fields(request)
    until = text_of(fields, "until")
    body, errors = read_form(MuteIn, {"until": until or None})
    if "until" in fields and not until:
        errors = {"/until": FILL_IN}
    elif body is not None:
        try:
            async with database_of(request).write() as session:
                await reminders.mute(session, caller, caller.own_provider, body.until, now)
            return go_to(request, f"{PATH}#herinneringen")
        except InvalidInputError as error:
            errors = errors_of(error)
    async with database_of(request).read() as reading:
        return await _page(request, reading, caller, now, 400, mute_error=" ".join(errors.values()), mute_sent=until)


@router.post(f"{PATH}/{{offer_id}}")
async def save_row(request: Request, offer_id: UUID, caller: Provider, changing: Direct, now: Now) -> Response:
    """Saves the figures of an offer, where nobody changed them since they were shown."""
    fields = await sent_fields(request)
    texts = {column.name: text_of(fields, column.name) for column in COLUMNS if column.name in fields}
    version = text_of(fields, "versie")
    before = await _row(request, caller, offer_id, now)
    patch, errors = read_figures(texts)
    if patch is None:
        return await _refused(request, caller, now, before.refused(texts, version, errors), 400)
    try:
        async with changing(alone=False) as connection:
            await capacity.change(connection, caller, offer_id, patch, version or None, now)
    except InvalidInputError as error:
        return await _refused(request, caller, now, before.refused(texts, version, errors_of(error)), 400)
    except PreconditionFailedError:
        current = await _row(request, caller, offer_id, now)
        return await _refused(request, caller, now, current.overtaken(texts), 409)
    except ConflictError as error:
        return await _refused(request, caller, now, before.refused(texts, version, {"": said_of(error)}), 409)
    if not wants_part(request):
        return go_to(request, f"{PATH}#aanbod-{offer_id}")
    after = await _row(request, caller, offer_id, now)
    return render(request, "own_offers/_saved.html", row=after, before=before, columns=COLUMNS)


async def _row(request: Request, caller: Caller, offer_id: UUID, now: datetime) -> Row:
    """The row as it stands now, apart from what changes it."""
    async with database_of(request).read() as session:
        return await service.get_row(session, caller, offer_id, now)


async def _refused(request: Request, caller: Caller, now: datetime, row: Row, status: int) -> Response:
    """What was filled in, with what is wrong at its field: the row where htmx asks, else the page with this status."""
    if wants_part(request):
        return render(request, "own_offers/_refused.html", row=row, columns=COLUMNS)
    async with database_of(request).read() as session:
        return await _page(request, session, caller, now, status, refused=row)
