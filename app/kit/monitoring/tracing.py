"""Traces by OpenTelemetry: a span for each request, and in it one for each statement, sent by OTLP over HTTP.

Only where OTLP_ENDPOINT says where to: this module is not imported otherwise. As with logs, nothing about a
child can be in one: a route is its template, a statement has placeholders for its values, and an error is its class
alone, since its message may quote input. (The ready-made instrumentations record paths and messages.)

What else is to be configured, such as a sampler or the headers that a collector asks, is read by OpenTelemetry from
its own environment variables (OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS and so on).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import time_ns
from typing import Any, Final, Self

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext

from app import VERSION

_BILLION: Final = 1_000_000_000


class Tracing:
    """Makes spans and sends them, some at a time, from a thread of its own."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("beschikbaarheidswijzer", VERSION)
        self._propagator = TraceContextTextMapPropagator()

    @classmethod
    def to(cls, endpoint: str) -> Self:
        """Traces that go to the collector at `endpoint`, such as http://collector:4318."""
        resource = Resource.create({"service.name": "beschikbaarheidswijzer", "service.version": VERSION})
        provider = TracerProvider(resource=resource)
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))
        return cls(provider)

    @contextmanager
    def request(self, method: str, headers: Mapping[str, str]) -> Iterator["RequestSpan"]:
        """A span around a request; a `traceparent` in its headers says of which trace it is part."""
        parent = self._propagator.extract(headers)
        span = self._tracer.start_span(method, parent, kind=SpanKind.SERVER, attributes={"http.request.method": method})
        with trace.use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            yield RequestSpan(span)

    def watch(self, engine: Engine) -> None:
        """Has each statement on the engine's connections leave a span, in whatever span it is executed."""
        event.listen(engine, "before_cursor_execute", self._begin_statement)
        event.listen(engine, "after_cursor_execute", self._end_statement)
        event.listen(engine, "handle_error", self._fail_statement)
        event.listen(engine, "connect", self._watch_driver)

    def close(self) -> None:
        """Sends what is still here."""
        self._provider.shutdown()

    def _begin_statement(self, connection: Connection, _: Any, statement: str, *__: Any) -> None:
        connection.info["span"] = self._statement(statement)

    def _end_statement(self, connection: Connection, *_: Any) -> None:
        connection.info.pop("span").end()

    def _fail_statement(self, context: ExceptionContext) -> None:
        span = context.connection.info.pop("span", None) if context.connection else None
        if span is not None:
            self._fail(span, context.original_exception)
            span.end()

    def _watch_driver(self, connection: DBAPIConnection, _: Any) -> None:
        """What is said to the driver itself, past SQLAlchemy."""
        connection.driver_connection.add_query_logger(self._log_query)

    def _log_query(self, query: Any) -> None:
        """A statement that the driver is through with: `elapsed` is in seconds."""
        span = self._statement(query.query, seconds_ago=query.elapsed)
        if query.exception is not None:
            self._fail(span, query.exception)
        span.end()

    def _statement(self, statement: str, *, seconds_ago: float = 0) -> Span:
        verb = statement.split(maxsplit=1)[0].upper() if statement.strip() else "STATEMENT"
        return self._tracer.start_span(
            verb,
            kind=SpanKind.CLIENT,
            start_time=time_ns() - int(seconds_ago * _BILLION),
            attributes={"db.system.name": "postgresql", "db.query.text": statement},
        )

    def _fail(self, span: Span, error: BaseException) -> None:
        span.set_attribute("error.type", f"{type(error).__module__}.{type(error).__qualname__}")
        span.set_status(StatusCode.ERROR)


class RequestSpan:
    """The span of a request that is being answered."""

    def __init__(self, span: Span) -> None:
        self._span = span

    @property
    def traceparent(self) -> str:
        """The span as the W3C writes it, for the answer: `00-<trace>-<span>-<flags>`."""
        context = self._span.get_span_context()
        return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"

    def answered(self, method: str, route: str, status: int) -> None:
        """Says which route answered, and how; a 5xx is an error of ours."""
        self._span.update_name(f"{method} {route}")
        self._span.set_attribute("http.route", route)
        self._span.set_attribute("http.response.status_code", status)
        if status >= 500:
            self._span.set_attribute("error.type", str(status))
            self._span.set_status(StatusCode.ERROR)
