"""The stream of events of the pages that are somebody's own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import Request, Response

from app.kit.http.dependencies import Now
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.streams import OpenStreams, answer_stream
from app.kit.streams import Stream, Streams, event
from app.web.live.audiences import Audiences, audiences_of
from app.web.shell.routing import router as make_router
from app.web.shell.visitors import visitor_of
from app.web.sign_in.dependencies import SignedIn

router = make_router()

_LONGEST_STREAM: Final = 900.0
"""Seconds; then the page opens another, and has to be signed in still."""
_BEAT: Final = 1.5
"""Seconds of silence after which a page is told that the line is there: it waits little longer (static/live.js)."""
_ALIVE: Final = event("alive", b"{}")
"""An event, because a browser tells its page of no comment."""


@dataclass(frozen=True, kw_only=True)
class LiveParts(KitParts):
    """With the streams of this worker's pages."""

    audiences: Audiences


@router.get("/live")
async def follow_own_pages(request: Request, caller: SignedIn, streams: OpenStreams, now: Now) -> Response:
    """Tells that something changed on the pages of who has signed in; nothing about what."""
    stream = parts_of(request.app, LiveParts).audiences.open(audiences_of(caller))
    return answer_page_stream(request, stream, streams, now)


def answer_page_stream(request: Request, stream: Stream, streams: Streams, now: datetime) -> Response:
    """The answer that is the stream of a page: it ends with the session of who looks, and in a quarter of an hour."""
    visitor = visitor_of(request)
    left = (visitor.until - now).total_seconds() if visitor else _LONGEST_STREAM
    return answer_stream(request, stream, streams, ends_in=min(left, _LONGEST_STREAM), heartbeat=_BEAT, beat=_ALIVE)
