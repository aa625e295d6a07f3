"""Server-sent events (WHATWG HTML, section 9.2): answers that stay open, as many as a worker may have.

A reader who takes nothing for too long is dropped.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request, Response
from pydantic import Field
from starlette.types import Receive, Scope, Send

from app.kit.errors import UnavailableError
from app.kit.http.addresses import address_of
from app.kit.http.connection import Connection, connection_of
from app.kit.http.declared_errors import raises
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.rights import seconds_left
from app.kit.monitoring.log_events import STREAM_DROPPED, log
from app.kit.security.callers import Caller
from app.kit.streams import HEARTBEAT, Stream, Streams, TooManyStreamsError

MEDIA_TYPE: Final = "text/event-stream"

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
    stream: dict[str, Any] = {"description": "The stream.", "content": {MEDIA_TYPE: {"schema": schema}}}
    return {200: stream, **raises(TooManyStreamsError, UnavailableError)}


UntilRevoked = Callable[[Callable[[], None]], AbstractContextManager[None]]
"""Has a function called when a token is revoked, for as long as a block lasts."""


class EventStream(Response):
    """An answer that sends what its stream is given, until either side ends it.

    `heartbeat` is the number of seconds after which a silent stream shows that it lives, and `beat` how; `ends_in` is
    that until the caller's token expires, None where there is none. `client` is whose it is. `until_revoked` has a
    function called when that token is revoked.
    """

    media_type = MEDIA_TYPE

    def __init__(
        self,
        stream: Stream,
        streams: Streams,
        *,
        client: str,
        heartbeat: float,
        beat: bytes = HEARTBEAT,
        ends_in: float | None,
        until_revoked: UntilRevoked = lambda _: nullcontext(),
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._stream = stream
        self._streams = streams
        self._client = client
        self._heartbeat = heartbeat
        self._beat = beat
        self._ends_in = ends_in
        self._until_revoked = until_revoked
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
            with self._streams.opened(stream, self._client), self._until_revoked(self._revoke):
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
            chunk = await self._stream.next(self._heartbeat, self._beat)
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

    def _revoke(self) -> None:
        self._stream.end("token-expired")

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


def _client_of(request: Request) -> str:
    """Whose stream it is: the client's that a token was given to, or who signed in; of others the address."""
    caller: Caller | None = request.scope["state"].get("caller")
    return f"client {caller.client_id}" if caller else f"address {address_of(request)}"


async def _with_room(request: Request) -> Streams:
    streams = parts_of(request.app, KitParts).streams
    streams.check_room(_client_of(request))
    return streams


OpenStreams = Annotated[Streams, Depends(_with_room)]
"""This worker's open streams, among which there is room for one more."""


def answer_stream(
    request: Request,
    stream: Stream,
    streams: Streams,
    *,
    ends_in: float | None = None,
    heartbeat: float | None = None,
    beat: bytes = HEARTBEAT,
) -> Response:
    """The answer that is this stream; for a HEAD its headers alone. It ends with the token, or in so many seconds.

    Its `beat` comes after so many seconds of silence, or those of the settings.
    """
    if getattr(request.state, "is_head", False):
        stream.end("left")
    parts = parts_of(request.app, KitParts)
    return EventStream(
        stream,
        streams,
        client=_client_of(request),
        heartbeat=parts.settings.heartbeat_seconds if heartbeat is None else heartbeat,
        beat=beat,
        ends_in=seconds_left(request) if ends_in is None else ends_in,
        until_revoked=partial(parts.callers.ending, request.headers.get("authorization")),
    )
