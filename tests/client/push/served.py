"""The service, served over HTTP by a server of its own, behind something that fails when a test says so."""

import asyncio
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ANSWERS: Final[dict[str, list[tuple[bytes, bytes]]]] = {
    "429": [(b"retry-after", b"7")],
    "503": [],
    "500": [],
    "502 html": [],
    "401": [],
}


class BrokenError(Exception):
    """Ends a connection in the midst of an answer."""


@dataclass
class Flaky:
    """Before the service: what comes of each request under `path`, in turn; once there is no more, all goes well.

    `429`, `503`, …: it answers so itself. `lost before`: the connection breaks, and the service saw nothing. `lost
    after`: the service did its work, and the connection breaks. A function is called once the service did its work,
    and there is no answer.
    """

    app: ASGIApp
    path: str = ""
    script: deque[str | Callable[[], None]] = field(default_factory=deque)
    keys: list[str | None] = field(default_factory=list)
    tokens: int = 0

    def forget(self, path: str = "/v1/capacity-reports") -> None:
        """All goes well, under `path` as elsewhere, and nothing was asked yet."""
        self.path, self.tokens = path, 0
        self.script.clear()
        self.keys.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        self.tokens += scope["path"] == "/v1/oauth/token"
        if scope["path"] != self.path:
            await self.app(scope, receive, send)
            return
        self.keys.append(dict(scope["headers"]).get(b"idempotency-key", b"").decode() or None)
        what = self.script.popleft() if self.script else "well"
        await self._answer(what, scope, receive, send)

    async def _answer(self, what: Any, scope: Scope, receive: Receive, send: Send) -> None:
        if what == "well":
            await self.app(scope, receive, send)
        elif what in ANSWERS:
            await send({"type": "http.response.start", "status": int(what[:3]), "headers": ANSWERS[what]})
            await send({"type": "http.response.body", "body": b"<html>later</html>"})
        elif what == "lost before":
            await self._break(send)
        else:
            await self.app(scope, receive, _nowhere)
            if callable(what):
                what()
            await self._break(send)

    async def _break(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise BrokenError


async def _nowhere(_: Message) -> None:
    pass


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The URL at which a real server answers for `app`, for as long as the block lasts."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # a request that comes before the service has started waits
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="on"))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
