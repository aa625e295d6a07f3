"""Server-sent events (WHATWG HTML, section 9.2): streams that stay open, each with what it has yet to send.

A slow reader costs itself alone: of each subject only the newest event waits for it, in bytes that it shares with all
who are told the same, and a reader for whom too much waits, or who takes nothing for too long, is dropped.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, Header, Request, Response
from fastapi.sse import format_sse_event
from pydantic import Field
from starlette.types import Receive, Scope, Send

from app.domain.language import Text
from app.kit.errors import InputError, UnavailableError
from app.kit.http.server import Connection, connection_of
from app.kit.monitoring import metrics
from app.kit.monitoring.log_events import STREAM_DROPPED, log
from app.kit.security.auth import seconds_left

EndReason = Literal["left", "slow", "token-expired", "stopping"]
"""Why a stream ended: the reader went away, or took too little; its token expired; the service stops."""

MOST_WAITING: Final = 10_000
"""Events that may wait for one reader."""
PATIENCE: Final = 30.0
"""Seconds that a reader may take nothing of what was sent."""
CHUNK: Final = 32_768
"""Bytes that are sent before a reader must have taken some of them; one event may be more."""
MEDIA_TYPE: Final = "text/event-stream"
HEARTBEAT: Final = format_sse_event(comment="heartbeat")
"""A comment and nothing else: readers that are simple take an id without an event for an empty event."""
RETRY_MS: Final = (2000, 5000)
"""Between how many milliseconds a reader waits before it comes back."""


LastEventId = Annotated[
    Annotated[str, Field(max_length=1000)] | None,
    Header(
        alias="Last-Event-ID",
        description="The `id` of the last event that the reader has had, of whichever worker.",
        examples=["MjAyNi0xMS0yMiA3NDE6NzQxOg"],
    ),
]


def stream_responses(example: str) -> dict[int | str, dict[str, Any]]:
    """What an operation answers with a stream such as the example, for the OpenAPI document."""
    schema = {
        "type": "string",
        "description": "Events (WHATWG HTML, server-sent events), each with JSON as its data.",
        "examples": [example],
    }
    return {200: {"description": "The stream.", "content": {MEDIA_TYPE: {"schema": schema}}}}


def invalid_event_id() -> InputError:
    """The error for a Last-Event-ID that no event of the stream has."""
    text = Text(
        nl="Dit is geen id van een gebeurtenis van deze stroom; laat Last-Event-ID weg.",
        en="This is no id of an event of this stream; leave Last-Event-ID out.",
    )
    return InputError("#/header/Last-Event-ID", "invalid-event-id", text)


def event(name: str, data: bytes) -> bytes:
    """An event with its JSON, without an id."""
    return format_sse_event(event=name, data_str=data.decode())


class Stream:
    """What one reader has yet to be sent: of each subject the newest event, and the id that stands after all of them.

    The same bytes may be put in any number of streams.
    """

    def __init__(self, event_id: str = "", most_waiting: int = MOST_WAITING) -> None:
        self._most = most_waiting
        self._waiting: dict[str, bytes] = {}
        self._id = event_id
        self._sent_id = ""
        self._wake = asyncio.Event()
        self.end_reason: EndReason | None = None
        self.when_ended: Callable[[], object] | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is sent."""
        return self.end_reason is not None

    def put(self, events: Mapping[str, bytes], event_id: str) -> None:
        """Has events sent, by subject; who resumes after `event_id` has had all of them."""
        if self.has_ended:
            return
        for subject, content in events.items():
            self._waiting.pop(subject, None)  # what is new stands last
            self._waiting[subject] = content
        self._id = event_id
        if len(self._waiting) > self._most:
            self.end("slow")
        elif events:
            self._wake.set()

    def end(self, reason: EndReason) -> None:
        """Has nothing more sent; the first reason counts."""
        if not self.has_ended:
            self.end_reason = reason
            self._waiting.clear()
            self._wake.set()
            if self.when_ended is not None:
                self.when_ended()

    def greeting(self) -> bytes:
        """What a reader gets first: how long to wait before it comes back, and from where it would go on then.

        They do not all come back at one time, where a worker that ends had many.
        """
        low, high = RETRY_MS
        event_id = None if self._waiting else self._moved()
        return format_sse_event(id=event_id, retry=low + secrets.randbelow(high - low))

    async def next(self, seconds: float) -> bytes:
        """What is to be sent now, or after so many seconds without anything a heartbeat; b"" where the stream ended."""
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return HEARTBEAT
        return b"" if self.has_ended else self._take()

    def _take(self) -> bytes:
        """At most a CHUNK of what waits, with the id before its last event where nothing is left."""
        taken: list[bytes] = []
        size = 0
        while self._waiting and (size < CHUNK or not taken):
            content = self._waiting.pop(next(iter(self._waiting)))
            taken.append(content)
            size += len(content)
        if not self._waiting:
            self._wake.clear()
            moved = self._moved()
            taken.insert(-1, b"" if moved is None else f"id: {moved}\n".encode())
        return b"".join(taken)

    def _moved(self) -> str | None:
        """The id that the reader has yet to be sent."""
        if self._id == self._sent_id:
            return None
        self._sent_id = self._id
        return self._id


class Streams:
    """The open streams of this worker, as many as it may have; `patience` is how many seconds a reader may take."""

    def __init__(self, most: int, patience: float = PATIENCE) -> None:
        self._most = most
        self.patience = patience
        self.count = 0

    def check_room(self) -> None:
        """`UnavailableError` where there is no room for one more."""
        if self.count >= self._most:
            raise UnavailableError(
                Text(
                    nl="Er staan te veel stromen open; probeer het zo opnieuw, of vraag de lijst.",
                    en="Too many streams are open; try again shortly, or ask for the list.",
                )
            )

    @contextmanager
    def opened(self, stream: Stream) -> Iterator[None]:
        """Counts a stream for as long as the block lasts, and then why it ended."""
        self.count += 1
        metrics.STREAMS.inc()
        try:
            yield
        finally:
            stream.end("left")
            self.count -= 1
            metrics.STREAMS.dec()
            metrics.STREAMS_ENDED.labels(stream.end_reason).inc()


class EventStream(Response):
    """An answer that sends what its stream is given, until either side ends it.

    `heartbeat` is the number of seconds after which a silent stream shows that it lives, `ends_in` that until the
    caller's token expires, None where there is none.
    """

    media_type = MEDIA_TYPE

    def __init__(
        self,
        stream: Stream,
        streams: Streams,
        *,
        heartbeat: float,
        ends_in: float | None,
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._stream = stream
        self._streams = streams
        self._heartbeat = heartbeat
        self._ends_in = ends_in
        self._connection: Connection | None = None
        self._is_sending = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        stream, self._connection = self._stream, connection_of(scope)
        stream.when_ended = self._let_go
        if self._connection is not None:
            self._connection.when_stopping = lambda: stream.end("stopping")
        loop = asyncio.get_running_loop()
        expiry = None if self._ends_in is None else loop.call_later(self._ends_in, stream.end, "token-expired")
        listening = asyncio.create_task(self._listen(receive))
        try:
            with self._streams.opened(stream):
                await self._send_all(send)
        finally:
            listening.cancel()
            if expiry is not None:
                expiry.cancel()
            if self._connection is not None:
                self._connection.when_stopping = None

    async def _send_all(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        chunk = b"" if self._stream.has_ended else self._stream.greeting()
        while chunk:
            await self._send(send, chunk)
            chunk = await self._stream.next(self._heartbeat)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, send: Send, chunk: bytes) -> None:
        """Sends; a reader that has not taken what went before gets some time for that."""
        timer = asyncio.get_running_loop().call_later(self._streams.patience, self._stream.end, "slow")
        self._is_sending = True
        try:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        finally:
            self._is_sending = False
            timer.cancel()

    def _let_go(self) -> None:
        """Closes the connection of a stream that ended before its reader took what was sent."""
        if self._is_sending and self._connection is not None:
            log(STREAM_DROPPED, reason=self._stream.end_reason)
            self._connection.abort()

    async def _listen(self, receive: Receive) -> None:
        """Ends the stream when the reader goes away."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self._stream.end("left")


async def _with_room(request: Request) -> Streams:
    streams: Streams = request.app.state.streams
    streams.check_room()
    return streams


OpenStreams = Annotated[Streams, Depends(_with_room)]
"""This worker's open streams, among which there is room for one more."""


def answer_stream(request: Request, stream: Stream, streams: Streams) -> Response:
    """The answer that is this stream; for a HEAD its headers alone."""
    if getattr(request.state, "is_head", False):
        stream.end("left")
    heartbeat = request.app.state.settings.heartbeat_seconds
    return EventStream(stream, streams, heartbeat=heartbeat, ends_in=seconds_left(request))
