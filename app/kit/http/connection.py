"""A connection: what its client may ask of it, and what it lets an answer do.

A client gets some seconds for the first byte and for a whole head, and has to send a body and take an answer at a least
rate. Who does not is told so with a 408 where a request had begun, and is cut. A head is limited in bytes and in
headers; no more of it is kept. Event streams have a patience of their own (`kit.streams`).

An answer can end its connection at once, and hear that the service stops. uvicorn waits with stopping for every answer
under way, and closes a connection only when the client has taken all that was sent. A stream has no end of its own, and
a client that does not read would never let go of it.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.kit.errors import ApiError
from app.kit.http.addresses import plain
from app.kit.http.connection_errors import LargeHeadError, LongUrlError, MalformedRequestError, SlowRequestError
from app.kit.http.open_connections import OpenConnections
from app.kit.http.patience import Patience, Taking
from app.kit.http.refusals import refusal
from app.kit.monitoring import metrics
from app.kit.stopping import STOPPING

EXTENSION: Final = "wijzer.connection"
LINGER: Final = 2.0
"""Seconds in which what a refused client still sends is thrown away, so that it gets to read why (RFC 9112, 9.6)."""
MOST_PIPELINED: Final = 100
"""Requests that may wait behind the one that is answered."""


class _RefusedError(Exception):
    """Ends the reading of a request that is refused; uvicorn then asks for its answer (`send_400_response`)."""


class Connection(HttpToolsProtocol):
    """A connection that answers can find in their scope, under `extensions`; one of those that are open."""

    def __init__(self, *args: Any, connections: OpenConnections | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.when_stopping: Callable[[], object] | None = None
        self.has_room = True
        self._open = OpenConnections() if connections is None else connections
        self._limits = limits = self._open.limits
        self._patience = Patience(self.loop, limits.seconds)
        self._taking = Taking(self.loop, self, limits.seconds, limits.least_rate * limits.seconds)
        self._refusal: ApiError | None = None
        self._is_refused = False
        self._is_lost = False
        self._is_in_body = False
        self._head_size = 0
        self._body_size = 0
        self._unused = 0
        self._was_used = False
        self._was_paused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """It is open; where there are too many, another is closed for it, or it has no room."""
        super().connection_made(transport)
        if self.client is not None:  # a socket of both kinds has IPv4 as `::ffff:192.0.2.7`, which nobody writes
            self.client = (plain(self.client[0]), self.client[1])
        self._patience.begin(self._end_silent)
        self.has_room = self._open.enter(self, self.client[0] if self.client else None)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed, by whichever side."""
        self._is_lost = True
        self._patience.close()
        self._taking.close()
        self._open.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """The client said something. What the parser keeps of it without having any use for it is limited."""
        if self._is_refused:
            return
        self._was_used = False
        super().data_received(data)
        self._unused = 0 if self._was_used else self._unused + len(data)
        if self._is_refused or self.transport.is_closing():
            return
        if self._unused > self._limits.head_bytes:
            self._refuse(self._large_head())
        elif self.is_answered and not self._patience.has_begun:
            self._patience.begin(self._end_silent)

    # What the parser comes upon.

    def on_message_begin(self) -> None:
        """A request begins, perhaps while the answer to the one before is under way."""
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: self}  # type: ignore[dict-item]  # an extension of our own
        self._head_size = 0
        self._patience.begin(self._end_slow_head)

    def on_url(self, url: bytes) -> None:
        """A part of the URL."""
        self._head_size += len(url)
        if self._head_size > self._limits.url_bytes:
            self._stop_reading(LongUrlError(self._limits.url_bytes))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer behind a body in chunks."""
        self._head_size += len(name) + len(value)
        if self._head_size > self._limits.head_bytes or len(self.headers) >= self._limits.headers:
            self._stop_reading(self._large_head())
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """A request is whole but for its body.

        One that comes while the service stops, or for which there is no room, is the last on its connection.
        """
        if len(self.pipeline) >= MOST_PIPELINED:
            self._stop_reading(self._large_head())
        self._was_used = self._is_in_body = True
        self._open.begin(self)
        super().on_headers_complete()
        if self.cycle is not None and (STOPPING.has_begun or not self.has_room):
            self.cycle.keep_alive = False
        self._await_body()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._was_used = True
        self._body_size += len(body)
        super().on_body(body)
        self._was_paused = self._was_paused or self.flow.read_paused

    def on_message_complete(self) -> None:
        """A request is whole."""
        super().on_message_complete()
        self._was_used, self._is_in_body = True, False
        self._patience.stop()

    def on_response_complete(self) -> None:
        """An answer is written; it may be that the client has yet to take it."""
        super().on_response_complete()
        self._taking.begin()
        if self.is_answered:
            self._open.end(self)

    # What the client takes.

    def pause_writing(self) -> None:
        """The client has much to take."""
        super().pause_writing()
        self._taking.begin()

    def resume_writing(self) -> None:
        """It took most of that."""
        super().resume_writing()
        self._taking.note()

    @property
    def unsent(self) -> int:
        """Bytes that were written and not taken yet."""
        return self.transport.get_write_buffer_size()

    @property
    def is_full(self) -> bool:
        """Whether nothing is written until some of that is taken."""
        return self.flow.write_paused

    @property
    def is_answered(self) -> bool:
        """Whether no answer is under way."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def is_patient(self) -> bool:
        """Whether a stream is under way, which has a patience of its own."""
        return self.when_stopping is not None

    def drop(self) -> None:
        """The client takes too little of its answer."""
        metrics.CONNECTIONS_CUT.labels("slow-reader").inc()
        self.abort()

    # How it ends.

    def send_400_response(self, msg: str) -> None:
        """Tells why nothing more is read: uvicorn's text would be no problem of RFC 9457."""
        del msg
        self._refuse(self._refusal or MalformedRequestError())

    def abort(self) -> None:
        """Closes the connection at once; what was sent and not taken is lost."""
        if not self._is_lost:
            self.transport.abort()

    def shutdown(self) -> None:
        """The service stops: whatever answer is under way had better end."""
        super().shutdown()
        if self.when_stopping is not None:
            self.when_stopping()

    def _end_silent(self) -> None:
        """Nothing came that a request begins with."""
        metrics.CONNECTIONS_CUT.labels("silent").inc()
        self.transport.close()

    def _end_slow_head(self) -> None:
        if self.flow.read_paused:  # we read nothing
            self._patience.begin(self._end_slow_head)
        else:
            self._refuse(SlowRequestError())

    def _await_body(self) -> None:
        self._body_size = 0
        self._was_paused = self.flow.read_paused
        self._patience.begin(self._look_at_body)

    def _look_at_body(self) -> None:
        """Whether enough of it came, unless the client was kept from sending it, or was not yet asked to."""
        least = self._limits.least_rate * self._limits.seconds
        is_ours = self._was_paused or self.flow.read_paused or self.cycle.waiting_for_100_continue
        if is_ours or self._body_size >= least:
            self._await_body()
        else:
            self._refuse(SlowRequestError())

    def _large_head(self) -> ApiError:
        return LargeHeadError(self._limits.head_bytes, self._limits.headers)

    def _stop_reading(self, error: ApiError) -> None:
        self._refusal = error
        raise _RefusedError

    def _refuse(self, error: ApiError) -> None:
        """Tells of the error where no answer is under way, reads no more, and closes."""
        metrics.CONNECTIONS_CUT.labels(error.slug).inc()
        self._is_refused = True
        if self.transport.is_closing() or self.pipeline or not self._can_tell():
            self.abort()
            return
        if self.cycle is not None:  # whatever is made of what came so far, nobody gets to see it
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(refusal(error, self.scope.get("path", "/") if self.scope else "/"))
        self.transport.write_eof()
        self._open.end(self)
        self.flow.resume_reading()
        self._patience.begin(self.abort, LINGER)

    def _can_tell(self) -> bool:
        """Whether nothing was said of an answer yet, to a request that can be answered."""
        return self.is_answered or (self._is_in_body and not self.cycle.response_started)


def connection_of(scope: Scope) -> Connection | None:
    """The connection of a request; None where another server brought it."""
    found: Connection | None = scope.get("extensions", {}).get(EXTENSION)
    return found
