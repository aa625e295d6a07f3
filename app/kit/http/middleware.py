"""What every answer has, whatever made it: API-Version, security headers, a request id, a log line, a metric.

Security headers: NL API Design Rules 2.2, /core/transport/security-headers. Trace context: W3C `traceparent`.
"""

import re
import secrets
import time
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final

from fastapi import Request
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import VERSION
from app.domain.bsn import find_bsn
from app.domain.own_keys import find_in_key
from app.kit.http import problem
from app.kit.http.body_limits import BodyLimits
from app.kit.http.late_routes import path_of
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.rate_limit import Standing
from app.kit.monitoring import metrics
from app.kit.monitoring.log_events import (
    METHODS,
    REQUEST_DONE,
    REQUEST_FAILED,
    frames_of,
    log,
)
from app.kit.security.callers import Caller

if TYPE_CHECKING:
    from app.kit.monitoring.tracing import RequestSpan, Tracing

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,128}", re.ASCII)

SECURITY_HEADERS = {
    "API-Version": VERSION,
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_FIXED = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
CLIENT_GONE: Final = 499
"""What logs and metrics have for a request whose body never came in whole: no status of HTTP, but nginx's for this."""
_NO_STORE = (b"cache-control", b"no-store")


def _is_request_id(given: str) -> bool:
    """Whether a caller's own id of a request may stand in the log: it has the form of one, and holds nothing else."""
    return _REQUEST_ID.fullmatch(given) is not None and not find_bsn(given) and find_in_key(given) is None


class BodyLimit:
    """ASGI middleware that reads no more of a body than `limits` allow."""

    def __init__(self, app: ASGIApp, limits: BodyLimits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = self.limits.of(scope) if scope["type"] == "http" else self.limits.default
        await RequestBodyLimitMiddleware(self.app, limit)(scope, receive, send)


class Frame:
    """ASGI middleware around the whole application; with `tracing` each request is a span of a trace."""

    def __init__(self, app: ASGIApp, tracing: "Tracing | None" = None) -> None:
        self.app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "HEAD":  # RFC 9110 section 9.3.2: as GET, and the server sends no content
            scope = {**scope, "method": "GET", "state": {**scope.get("state", {}), "is_head": True}}
        with self._span(scope) as span:
            await _Exchange(scope, send, span).run(self.app, receive)

    def _span(self, scope: Scope) -> "AbstractContextManager[RequestSpan | None]":
        if self._tracing is None:
            return nullcontext()
        return self._tracing.request(_method(scope), {"traceparent": _header(scope, b"traceparent")})


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for each, value in scope["headers"] if each == name), "")


def _method(scope: Scope) -> str:
    """The method, as logs, metrics and traces name it."""
    given = str(scope["method"])
    return given if given in METHODS else "other"


def _new_span(traceparent: str) -> str:
    """A span of the trace that a caller is in; of a new one where it says nothing that is one."""
    trace, drawn = _TRACEPARENT.fullmatch(traceparent), secrets.token_hex(24)
    return f"00-{trace.group(1) if trace else drawn[:32]}-{drawn[32:]}-01"


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, send: Send, span: "RequestSpan | None") -> None:
        self.scope = scope
        self._send = send
        self.span = span
        self.status = 0
        self._is_whole = False
        self.started = time.perf_counter()
        self.method = _method(scope)
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.traceparent = (
            span.traceparent if span else _new_span(self.headers.get(b"traceparent", b"").decode("latin-1"))
        )
        _, self.trace_id, span_id, _ = self.traceparent.split("-")
        given = self.headers.get(b"x-request-id", b"").decode("latin-1")
        self.request_id = given if given and _is_request_id(given) else self.trace_id
        state = scope.setdefault("state", {})
        state["request_id"], state["trace_id"], state["span_id"] = self.request_id, self.trace_id, span_id

    async def run(self, app: ASGIApp, receive: Receive) -> None:
        try:
            if self._is_too_large():
                await problem.render_status(Request(self.scope), 413)(self.scope, receive, self.send)
            else:
                await app(self.scope, self._receiving(receive), self.send)
        except Exception as error:  # noqa: BLE001 - the last resort: any error becomes a logged 500, never a bare one
            if self.status == CLIENT_GONE:
                return
            self._log_failure(error)
            if not self.status:
                answer = problem.render_status(Request(self.scope), 500)
                await answer(self.scope, receive, self.send)
        finally:
            self._account()

    def _receiving(self, receive: Receive) -> Receive:
        """`receive`, which notes that the client went away before all of its body was here.

        Whatever the application makes of that, nobody gets to see it, and it is nobody's failure.
        """

        async def received() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                self._is_whole = not message.get("more_body", False)
            elif not self._is_whole and not self.status:
                self.status = CLIENT_GONE
            return message

        return received

    def _is_too_large(self) -> bool:
        """By its Content-Length; a body without one is counted while it is read."""
        given = self.headers.get(b"content-length", b"0")
        limits = parts_of(self.scope["app"], KitParts).body_limits
        return given.isdigit() and int(given) > limits.of(self.scope)

    async def send(self, message: Message) -> None:
        """Adds the fixed headers to the start of the answer."""
        if self.status == CLIENT_GONE:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", ()))
            if not any(name == b"cache-control" for name, _ in headers):
                headers.append(_NO_STORE)
            own = [(b"x-request-id", self.request_id.encode()), (b"traceparent", self.traceparent.encode())]
            standing: Standing | None = self.scope["state"].get("rate_limit")
            limits = standing.headers() if standing else ()
            message = {**message, "headers": [*headers, *_FIXED, *own, *limits]}
        await self._send(message)

    @property
    def route(self) -> str:
        """The template of the path; a path that is no route could hold anything, so it is not named."""
        return path_of(self.scope) or "unknown"

    def _log_failure(self, error: Exception) -> None:
        log(
            REQUEST_FAILED,
            method=self.method,
            route=self.route,
            error=f"{type(error).__module__}.{type(error).__qualname__}",
            frames=frames_of(error),
            request_id=self.request_id,
            trace_id=self.trace_id,
        )

    def _account(self) -> None:
        method, route, seconds = self.method, self.route, time.perf_counter() - self.started
        metrics.count_request(method, route, self.status, seconds)
        if self.span:
            self.span.answered(method, route, self.status)
        caller: Caller | None = self.scope["state"].get("caller")
        log(
            REQUEST_DONE,
            method=method,
            route=route,
            status=self.status,
            duration_ms=round(seconds * 1000, 2),
            client=caller.client_id if caller else None,
            role=caller.role.value if caller else None,
            request_id=self.request_id,
            trace_id=self.trace_id,
        )
