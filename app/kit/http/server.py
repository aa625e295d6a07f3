"""The HTTP server: how it stops, and what it lets an answer do with its connection.

An answer can end its connection at once, and hear that the service stops. uvicorn waits with stopping for every answer
under way, and closes a connection only when the client has taken all that was sent. A stream has no end of its own, and
a client that does not read would never let go of it.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

import uvicorn
from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.kit.stopping import STOPPING

EXTENSION: Final = "wijzer.connection"
MARGIN: Final = 10.0
"""Seconds beyond the time for draining and for answers, for what the application does at its end."""


class Server(uvicorn.Server):
    """A server that on SIGTERM first says that it is not ready, and closes `drain_seconds` later.

    Whoever balances the load hears of it meanwhile, and sends no more. It ends `graceful_timeout` and MARGIN after
    that at the latest, whatever a client, a stream or the database does. `started_up` is called when it serves.
    """

    def __init__(
        self, config: uvicorn.Config, drain_seconds: float, started_up: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__(config)
        self._drain_seconds = drain_seconds
        self._started_up = started_up
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: Any = None) -> None:
        """As uvicorn has it."""
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        if self.started:
            self._started_up()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM drains; a second one, and SIGINT, close at once."""
        if sig != signal.SIGTERM or STOPPING.has_begun or self._loop is None:
            super().handle_exit(sig, frame)
            return
        STOPPING.has_begun = True
        self._captured_signals.append(sig)
        most = self._drain_seconds + (self.config.timeout_graceful_shutdown or 0) + MARGIN
        last = threading.Timer(most, os._exit, [1])
        last.daemon = True
        last.start()
        self._loop.call_soon_threadsafe(self._loop.call_later, self._drain_seconds, self._close)

    def _close(self) -> None:
        self.should_exit = True


class Connection(HttpToolsProtocol):
    """A connection that answers can find in their scope, under `extensions`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.when_stopping: Callable[[], object] | None = None

    def on_message_begin(self) -> None:
        """A request begins, perhaps while the answer to the one before is under way."""
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: self}  # type: ignore[dict-item]  # an extension of our own

    def on_headers_complete(self) -> None:
        """A request is whole but for its body; one that comes while the service stops is the last on its connection."""
        super().on_headers_complete()
        if STOPPING.has_begun and self.cycle is not None:
            self.cycle.keep_alive = False

    def abort(self) -> None:
        """Closes the connection at once; what was sent and not taken is lost."""
        self.transport.abort()

    def shutdown(self) -> None:
        """The service stops: whatever answer is under way had better end."""
        super().shutdown()
        if self.when_stopping is not None:
            self.when_stopping()


def connection_of(scope: Scope) -> Connection | None:
    """The connection of a request; None where another server brought it."""
    found: Connection | None = scope.get("extensions", {}).get(EXTENSION)
    return found
