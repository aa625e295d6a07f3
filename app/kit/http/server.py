"""The HTTP server, and how it stops."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

import uvicorn

from app.kit.stopping import STOPPING

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
