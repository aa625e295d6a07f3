"""A worker takes as many requests as it can answer in time, and refuses the others at once.

What is taken keeps its pace; what is refused gets a 503 of its own kind with Retry-After, in well under a millisecond,
where waiting in line would take seconds for all. Whether the service lives, and what costs next to nothing, is
answered up to twice the bound: a reference list, and "not changed" (If-None-Match).
"""

from typing import Final

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.errors import OverloadedError
from app.kit.http import problem
from app.kit.http.connection import connection_of
from app.kit.monitoring import metrics

_ALWAYS: Final = ("/v1/health/", "/metrics")
_STREAM: Final = b"text/event-stream"


class Admission:
    """ASGI middleware with `most` requests under way; at paths of `cheap`, and with If-None-Match, twice as many.

    A request is not under way while it waits for its client: for more of its body, or to take more of the answer. An
    event stream is not from its start on.
    """

    def __init__(self, app: ASGIApp, most: int, cheap: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.under_way = 0
        self._most = most
        self._cheap = cheap

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_ALWAYS):
            await self.app(scope, receive, send)
        elif self.under_way >= self._bound(scope) or not _has_room(scope):
            metrics.OVERLOADED.inc()
            await problem.render(Request(scope), OverloadedError())(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    def _bound(self, scope: Scope) -> int:
        is_cheap = scope["path"] in self._cheap or any(name == b"if-none-match" for name, _ in scope["headers"])
        return 2 * self._most if is_cheap and scope["method"] == "GET" else self._most

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_stream = False

        async def receive_aside() -> Message:
            if is_stream:
                return await receive()
            self.under_way -= 1
            try:
                return await receive()
            finally:
                self.under_way += 1

        async def send_aside(message: Message) -> None:
            nonlocal is_stream
            if message["type"] == "http.response.start" and not is_stream and _is_stream(message):
                is_stream = True
                self.under_way -= 1
            if is_stream:
                await send(message)
                return
            self.under_way -= 1
            try:
                await send(message)
            finally:
                self.under_way += 1

        self.under_way += 1
        try:
            await self.app(scope, receive_aside, send_aside)
        finally:
            if not is_stream:
                self.under_way -= 1


def _has_room(scope: Scope) -> bool:
    """Whether the request came over a connection for which there was room."""
    connection = connection_of(scope)
    return connection is None or connection.has_room


def _is_stream(message: Message) -> bool:
    return any(name == b"content-type" and value.startswith(_STREAM) for name, value in message.get("headers", ()))
