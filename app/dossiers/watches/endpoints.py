"""Watches: an institution or local team is told when a fitting place comes free."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from app.domain.dates import dutch_day
from app.dossiers.requests.errors import ClosedError
from app.dossiers.watches import service
from app.dossiers.watches.errors import TooManyWatchesError, WatchClosedError
from app.dossiers.watches.publisher import WatchPublisher, parse_id
from app.dossiers.watches.schemas import (
    WatchIn,
    WatchMatchOut,
    WatchOut,
    WatchPatch,
)
from app.dossiers.watches.tables import WatchRow
from app.finding.catalogue.dependencies import Context
from app.kit.errors import ConflictError, InvalidInputError, NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import listed
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.respond import IfMatch, respond
from app.kit.http.rights import Referrer
from app.kit.http.routing import router as make_router
from app.kit.http.streams import EventStream, LastEventId, OpenStreams, answer_stream, stream_responses
from app.kit.pages import Page, PageQuery
from app.kit.streams import invalid_event_id

router = make_router("Watches")

WatchId = Annotated[
    UUID, Path(alias="watchId", description="The watch.", examples=["5b8f0c52-6c1e-4e5c-9b37-0a5d8f1c2e44"])
]


_EVENTS = stream_responses(
    'retry: 3204\nid: 8120\n\nevent: watch.matched\nid: 8121\ndata: {"id":8121,"offerName":"Gezinshuis De Duinen"}\n\n'
    ": heartbeat\n\n"
)


async def _sends_mail(request: Request) -> bool:
    settings = parts_of(request.app, KitParts).settings
    return settings.smtp_dsn is not None and settings.mail_from is not None


SendsMail = Annotated[bool, Depends(_sends_mail)]


def _answer(request: Request, row: WatchRow, now: datetime, **options: Any) -> Response:
    """The answer with a watch. It ends by the day alone, so the ETag says so after the version."""
    content = service.watch_out(row, dutch_day(now))
    return respond(request, content, version=[row.version, int(content.status == "ended")], **options)


@dataclass(frozen=True, kw_only=True)
class WatchParts(KitParts):
    """With the publisher of this worker's streams of what watches found."""

    watch_publisher: WatchPublisher


async def _publisher(request: Request) -> WatchPublisher:
    return parts_of(request.app, WatchParts).watch_publisher


@router.post(
    "/watches",
    response_model=WatchOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, ClosedError, ConflictError, TooManyWatchesError),
)
async def add_watch(
    request: Request,
    body: WatchIn,
    caller: Referrer,
    session: Writing,
    context: Context,
    once: Idempotent,
    sends_mail: SendsMail,
) -> Response:
    """Keeps a watch on a search or on a request's match. The organisation is told when a fitting place comes free, once
    for each place; what fits now is among the watch's matches (`told` false), and no news."""

    async def create() -> Response:
        catalogue = context.follower.catalogue
        row = await service.add_watch(session, catalogue, caller, body, context.now, sends_mail=sends_mail)
        return _answer(request, row, context.now, status=201, headers={"Location": f"/v1/watches/{row.id}"})

    return await once(caller, create)


@router.get("/watches", response_model=Page[WatchOut])
async def list_watches(
    request: Request, query: Annotated[PageQuery, Query()], caller: Referrer, session: Reading, now: Now
) -> Response:
    """The organisation's watches, in the order in which they were made; those that ended are kept for 30 days."""
    key = query.key(request.url.path, datetime, UUID)
    rows = await service.list_watches(session, caller, query, key)
    return listed(
        request,
        query,
        rows,
        key=lambda row: [row.created_at, row.id],
        show=lambda row: service.watch_out(row, dutch_day(now)),
    )


@router.get("/watches/events", response_class=EventStream, status_code=200, responses=_EVENTS)
async def follow_watches(
    request: Request,
    caller: Referrer,
    streams: OpenStreams,
    publisher: Annotated[WatchPublisher, Depends(_publisher)],
    last_event_id: LastEventId = None,
) -> Response:
    """What the organisation's watches with the channel `sse` find, as server-sent events: `watch.matched` with a match.

    After a break `Last-Event-ID` has everything told that was found since, at most once; the event `reset` says: too
    much, read the lists. A stream ends with its token.
    """
    try:
        since = parse_id(last_event_id) if last_event_id else None
    except ValueError as error:
        raise InvalidInputError(invalid_event_id()) from error
    stream = await publisher.open(caller.organisation_id, since)
    return answer_stream(request, stream, streams)


@router.get("/watches/{watchId}", response_model=WatchOut, responses=raises(NotFoundError))
async def get_watch(request: Request, watch_id: WatchId, caller: Referrer, session: Reading, now: Now) -> Response:
    """One watch."""
    return _answer(request, await service.get_watch(session, caller, watch_id), now)


@router.patch("/watches/{watchId}", response_model=WatchOut, responses=raises(NotFoundError, WatchClosedError))
async def change_watch(
    request: Request,
    watch_id: WatchId,
    body: WatchPatch,
    caller: Referrer,
    session: Writing,
    now: Now,
    sends_mail: SendsMail,
    if_match: IfMatch = None,
) -> Response:
    """Changes how the organisation is told, and pauses the watch or has it go on."""
    row = await service.change_watch(session, caller, watch_id, body, if_match, now, sends_mail=sends_mail)
    return _answer(request, row, now)


@router.delete("/watches/{watchId}", status_code=204, responses=raises(NotFoundError))
async def delete_watch(watch_id: WatchId, caller: Referrer, session: Writing, if_match: IfMatch = None) -> Response:
    """Deletes a watch, with what it found."""
    await service.delete_watch(session, caller, watch_id, if_match)
    return Response(status_code=204)


@router.get("/watches/{watchId}/matches", response_model=Page[WatchMatchOut], responses=raises(NotFoundError))
async def list_watch_matches(
    request: Request, watch_id: WatchId, query: Annotated[PageQuery, Query()], caller: Referrer, session: Reading
) -> Response:
    """The places that a watch found, the last first."""
    rows = await service.list_matches(session, caller, watch_id, query, query.key(request.url.path, int))
    return listed(request, query, rows, key=lambda row: [row.id], show=service.match_out)
