"""Free places as they change."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from app.finding.availability_events import service
from app.finding.availability_events.publisher import Publisher
from app.finding.catalogue.dependencies import Context
from app.finding.search.schemas import AvailabilityFilter
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.rights import AnyReader
from app.kit.http.routing import router as make_router
from app.kit.http.streams import (
    EventStream,
    LastEventId,
    OpenStreams,
    answer_stream,
    stream_responses,
)

router = make_router("Free places")

_EVENTS = stream_responses(
    "retry: 3204\nid: MjAyNi0xMS0yMiA3NDE6NzQxOg\n\n"
    'event: availability.changed\nid: MjAyNi0xMS0yMiA3NDI6NzQyOg\ndata: {"offer":{"id":"…"},"provider":{}}\n\n'
    'event: availability.gone\ndata: {"offerId":"0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"}\n\n: heartbeat\n\n'
)


@dataclass(frozen=True, kw_only=True)
class AvailabilityEventParts(KitParts):
    """With the publisher of this worker's streams of free places."""

    publisher: Publisher


async def _publisher(request: Request) -> Publisher:
    return parts_of(request.app, AvailabilityEventParts).publisher


@router.get("/availability/events", response_class=EventStream, status_code=200, responses=_EVENTS)
async def follow_availability(
    request: Request,
    query: Annotated[AvailabilityFilter, Query()],
    caller: AnyReader,
    streams: OpenStreams,
    context: Context,
    publisher: Annotated[Publisher, Depends(_publisher)],
    last_event_id: LastEventId = None,
) -> Response:
    """What changes in the free places, as server-sent events; the question is that of `GET /availability`.

    `availability.changed` has an offer that fits, as the list shows it now; `availability.gone` the `offerId` of one
    that no longer fits or is no longer given. Open the stream first and then read the list: an event may tell what the
    list says already. After a break, `Last-Event-ID` has everything told that changed since, as it is now; some of it
    twice, nothing not at all. Where that cannot be done (a break of an hour) the event `reset` says: read the list
    again. A silent stream sends a comment, without an id, every 15 seconds. It ends with the token, and for a
    reader that does not keep up.
    """
    stream = await service.open_stream(publisher, context.follower, query, last_event_id, public=caller is None)
    return answer_stream(request, stream, streams)
