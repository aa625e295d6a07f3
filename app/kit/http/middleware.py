"""What every answer has, whatever made it: API-Version, security headers, a request id, a log line, a metric.

Security headers: NL API Design Rules 2.2, /core/transport/security-headers. Trace context: W3C `traceparent`.
"""

import re
import secrets
import time

from fastapi import Request
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import VERSION
from app.domain.bsn import find_bsn
from app.domain.own_keys import find_in_key
from app.kit.http import problem
from app.kit.http.body_limits import BodyLimits
from app.kit.http.parts import KitParts, parts_of
from app.kit.monitoring import metrics
from app.kit.monitoring.log_events import (
    METHODS,
    REQUEST_DONE,
    REQUEST_FAILED,
    frames_of,
    log,
)
from app.kit.security.callers import Caller

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
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "HEAD":  # RFC 9110 section 9.3.2: as GET, and the server sends no content
            scope = {**scope, "method": "GET", "state": {**scope.get("state", {}), "is_head": True}}
        await _Exchange(scope, send).run(self.app, receive)


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope = scope
        self._send = send
        self.status = 0
        self.started = time.perf_counter()
        headers = dict(scope["headers"])
        trace = _TRACEPARENT.fullmatch(headers.get(b"traceparent", b"").decode("latin-1"))
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        self.trace_id = trace.group(1) if trace else secrets.token_hex(16)
        self.request_id = given if _is_request_id(given) else self.trace_id
        span_id = secrets.token_hex(8)
        self.traceparent = f"00-{self.trace_id}-{span_id}-01"
        state = scope.setdefault("state", {})
        state["request_id"], state["trace_id"], state["span_id"] = self.request_id, self.trace_id, span_id

    async def run(self, app: ASGIApp, receive: Receive) -> None:
        try:
            if self._is_too_large():
                await problem.render_status(Request(self.scope), 413)(self.scope, receive, self.send)
            else:
                await app(self.scope, receive, self.send)
        except Exception as error:  # noqa: BLE001 - the last resort: any error becomes a logged 500, never a bare one
            self._log_failure(error)
            if not self.status:
                answer = problem.render_status(Request(self.scope), 500)
                await answer(self.scope, receive, self.send)
        finally:
            self._account()

    def _is_too_large(self) -> bool:
        """By its Content-Length; a body without one is counted while it is read."""
        given = dict(self.scope["headers"]).get(b"content-length", b"0")
        limits = parts_of(self.scope["app"], KitParts).body_limits
        return given.isdigit() and int(given) > limits.of(self.scope)

    async def send(self, message: Message) -> None:
        """Adds the fixed headers to the start of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", ()))
            if not any(name == b"cache-control" for name, _ in headers):
                headers.append(_NO_STORE)
            own = [(b"x-request-id", self.request_id.encode()), (b"traceparent", self.traceparent.encode())]
            message = {**message, "headers": [*headers, *_FIXED, *own]}
        await self._send(message)

    @property
    def route(self) -> str:
        """The template of the path; a path that is no route could hold anything, so it is not named."""
        route = self.scope.get("route")
        return str(getattr(route, "path", "unknown"))

    @property
    def method(self) -> str:
        """The method, as logs and metrics name it."""
        given = str(self.scope["method"])
        return given if given in METHODS else "other"

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
